"""A local AWS does not keep items, messages and iterators in memory after each request."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from typing import Any

import boto3
import pytest
from moto.core.model_instances import model_data
from moto.dynamodbstreams.models import dynamodbstreams_backends
from moto.sqs.models import Queue

from local import patches
from local.endpoint import Faults, serve_aws
from local.runtime import ACCOUNT_ID
from local.template import REGION

MakeClient = Callable[[str], Any]


@pytest.fixture
def make_client() -> Iterator[MakeClient]:
    """Return a function that makes clients of a local AWS."""
    with serve_aws("127.0.0.1", 0, Faults()) as port, ExitStack() as clients:
        session: Any = boto3.Session()
        url = f"http://127.0.0.1:{port}"
        yield lambda name: clients.enter_context(closing(session.client(name, endpoint_url=url)))


def make_table(dynamodb: Any) -> str:
    """Make a table with a stream. Return the ARN of the stream."""
    arn: str = dynamodb.create_table(
        TableName="t",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )["TableDescription"]["LatestStreamArn"]
    return arn


def count_tracked() -> int:
    """Count the instances that moto keeps, of all services."""
    models: list[Any] = [model for service in model_data.values() for model in service.values()]
    return sum(len(model.instances_tracked) for model in models)


def test_the_patches_end_with_the_endpoint() -> None:
    """Otherwise a long poll of moto in this process would release the lock of an old endpoint."""
    unpatched = dict(vars(Queue))
    with serve_aws("127.0.0.1", 0, Faults()):
        assert dict(vars(Queue)) != unpatched
    assert dict(vars(Queue)) == unpatched


def test_items_that_are_only_read_are_not_kept(make_client: MakeClient) -> None:
    dynamodb = make_client("dynamodb")
    make_table(dynamodb)
    for number in range(20):
        dynamodb.put_item(TableName="t", Item={"id": {"S": str(number)}})
    before = count_tracked()
    for _ in range(30):
        assert dynamodb.scan(TableName="t")["Count"] == 20
    assert count_tracked() == before


def test_deleted_messages_are_not_kept(make_client: MakeClient) -> None:
    sqs = make_client("sqs")
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    before = count_tracked()
    for _ in range(20):
        sqs.send_message(QueueUrl=url, MessageBody="m")
        [message] = sqs.receive_message(QueueUrl=url)["Messages"]
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    assert count_tracked() == before


def test_the_messages_of_a_queue_are_not_counted_for_each_that_is_sent(
    make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    sqs = make_client("sqs")
    url = sqs.create_queue(QueueName="q", Attributes={"DelaySeconds": "1"})["QueueUrl"]
    counts: list[int] = []

    def count(queue: Any) -> int:
        counts.append(len(queue._messages))
        return counts[-1]

    monkeypatch.setattr(Queue, "approximate_number_of_messages_delayed", property(count))
    for _ in range(20):
        sqs.send_message(QueueUrl=url, MessageBody="m")
    assert not counts
    every = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert every["ApproximateNumberOfMessagesDelayed"] == "20"
    assert every["ApproximateNumberOfMessages"] == "0"
    chosen = ["ApproximateNumberOfMessagesDelayed", "DelaySeconds"]
    some = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=chosen)["Attributes"]
    assert some == {"ApproximateNumberOfMessagesDelayed": "20", "DelaySeconds": "1"}


def test_objects_are_kept_so_that_their_files_can_be_closed(make_client: MakeClient) -> None:
    s3 = make_client("s3")
    s3.create_bucket(Bucket="bucket")
    before = count_tracked()
    s3.put_object(Bucket="bucket", Key="k", Body=b"1")
    assert count_tracked() > before


def test_a_poller_at_the_end_of_a_stream_keeps_one_iterator(make_client: MakeClient) -> None:
    dynamodb, streams = make_client("dynamodb"), make_client("dynamodbstreams")
    stream = make_table(dynamodb)
    [shard] = streams.describe_stream(StreamArn=stream)["StreamDescription"]["Shards"]
    iterator = streams.get_shard_iterator(
        StreamArn=stream, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    kept = dynamodbstreams_backends[ACCOUNT_ID][REGION].shard_iterators
    read = []
    for number in range(60):
        if number % 20 == 10:
            dynamodb.put_item(TableName="t", Item={"id": {"S": str(number)}})
        response = streams.get_records(ShardIterator=iterator)
        read += [record["dynamodb"]["Keys"]["id"]["S"] for record in response["Records"]]
        iterator = response["NextShardIterator"]
    assert read == ["10", "30", "50"]
    assert len(kept) == 1 + len(read)


def test_a_patch_of_a_method_that_moto_no_longer_has_fails() -> None:
    class Changed:
        pass

    with pytest.raises(AttributeError, match=r"moto has no Changed\.get any more"):
        patches._patch(ExitStack(), Changed, "get", lambda _: None)
