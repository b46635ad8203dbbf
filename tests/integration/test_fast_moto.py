"""moto with its shortcuts: a transaction is whole or not, values are kept, stacks are apart."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.session import Session

from local.template import Stack, add_output
from prooftrail.aws.clients import client
from tests.support.prepared import prepare
from tests.support.stack import deployed, make_client
from tests.support.trail import read_items, stream_records

ITEM: dict[str, Any] = {"pk": {"S": "acme#0"}, "id": {"S": "1"}, "n": {"N": "1"}}
OTHER: dict[str, Any] = {**ITEM, "id": {"S": "2"}}
KEY = {name: ITEM[name] for name in ("pk", "id")}


def put(table: str, item: dict[str, Any]) -> None:
    client("dynamodb").put_item(TableName=table, Item=item)


def test_a_cancelled_transaction_changes_no_item_and_no_stream(aws: Stack) -> None:
    table = aws.resources["AuditEventsTable"]
    put(table, ITEM)
    before = stream_records(aws)
    update = {
        "Key": KEY,
        "UpdateExpression": "ADD n :one",
        "ExpressionAttributeValues": {":one": {"N": "1"}},
    }
    writes: list[Any] = [
        {"Update": {"TableName": table, **update}},
        {"Put": {"TableName": table, "Item": OTHER}},
        {"Delete": {"TableName": table, "Key": {**KEY, "id": {"S": "3"}}}},
    ]
    fails = {"TableName": table, "Key": {**KEY, "id": {"S": "4"}}}
    condition: Any = {"ConditionCheck": {**fails, "ConditionExpression": "attribute_exists(pk)"}}
    with pytest.raises(ClientError, match="TransactionCanceled"):
        client("dynamodb").transact_write_items(TransactItems=[*writes, condition])
    assert read_items(aws, "AuditEventsTable") == [ITEM]
    assert stream_records(aws) == before
    client("dynamodb").transact_write_items(TransactItems=writes)
    assert read_items(aws, "AuditEventsTable") == [{**ITEM, "n": {"N": "2"}}, OTHER]
    assert len(stream_records(aws)) == len(before) + 2


def test_a_value_of_every_type_is_what_was_put(aws: Stack) -> None:
    inner: dict[str, Any] = {
        "S": "text",
        "N": "1.5",
        "B": b"\x00\xff",
        "BOOL": False,
        "NULL": True,
        "SS": ["a", "b"],
        "NS": ["1", "2"],
        "BS": [b"a", b"b"],
    }
    values = [{kind: content} for kind, content in inner.items()]
    item = {**ITEM, "list": {"L": values}, "map": {"M": dict(zip(inner, values, strict=True))}}
    whole, table = {**item, **item["map"]["M"]}, aws.resources["AuditEventsTable"]
    put(table, whole)
    assert client("dynamodb").scan(TableName=table)["Items"] == [whole]
    assert read_items(aws, "AuditEventsTable") == [whole]


def test_each_stack_is_empty_and_has_the_account_to_itself(aws: Stack) -> None:
    put(aws.resources["AuditEventsTable"], ITEM)
    bucket = aws.resources["LogBucket"]
    client("s3").put_object(Bucket=bucket, Key="k", Body=b"content")
    client("sqs").send_message(QueueUrl=aws.resources["AuditQueue"], MessageBody="body")
    with deployed() as other:
        assert read_items(other, "AuditEventsTable") == []
        assert "Contents" not in client("s3").list_objects_v2(Bucket=other.resources["LogBucket"])
        assert "Messages" not in client("sqs").receive_message(
            QueueUrl=other.resources["AuditQueue"]
        )
        put(other.resources["AuditEventsTable"], OTHER)
    assert read_items(aws, "AuditEventsTable") == [ITEM]
    assert client("s3").get_object(Bucket=bucket, Key="k")["Body"].read() == b"content"
    assert "Messages" in client("sqs").receive_message(QueueUrl=aws.resources["AuditQueue"])


def test_an_item_without_the_attribute_that_is_asked_for_has_no_attributes(aws: Stack) -> None:
    table = aws.resources["AuditEventsTable"]
    put(table, ITEM)
    read: dict[str, Any] = {"TableName": table, "ProjectionExpression": "digest"}
    assert client("dynamodb").get_item(Key=KEY, **read)["Item"] == {}
    response = client("dynamodb").get_item(Key={**KEY, "id": {"S": "2"}}, **read)
    assert set(response) == {"ResponseMetadata"}


def test_requests_without_signatures_name_who_sends_them(aws: Stack) -> None:
    sent: list[Any] = []
    events: Any = client("dynamodb").meta.events
    events.register("before-send.dynamodb", lambda request, **_: sent.append(request.headers))
    put(aws.resources["AuditEventsTable"], ITEM)
    [headers] = sent
    credentials: Any = Session().get_credentials()
    assert f"Credential={credentials.access_key}/" in str(dict(headers)["Authorization"])


def test_a_stack_is_described_anew_when_it_changed(aws: Stack) -> None:
    del aws
    client: Any = make_client("cloudformation")

    def describe() -> Any:
        return client.describe_stacks(StackName="another")["Stacks"][0]

    template = {
        "Parameters": {"Name": {"Type": "String"}},
        "Resources": {"Queue": {"Type": "AWS::SQS::Queue"}},
        "Outputs": {"Name": {"Value": {"Ref": "Name"}}},
    }
    change = {"StackName": "another", "TemplateBody": json.dumps(template)}
    for operation, name in ((client.create_stack, "first"), (client.update_stack, "second")):
        operation(**change, Parameters=[{"ParameterKey": "Name", "ParameterValue": name}])
        assert describe() == describe()
        assert describe()["Outputs"] == [{"OutputKey": "Name", "OutputValue": name}]
    add_output("another", "Other", "third")
    assert {"OutputKey": "Other", "OutputValue": "third"} in describe()["Outputs"]
    client.delete_stack(StackName="another")
    with pytest.raises(ClientError, match="does not exist"):
        describe()


def put_in_each_store(stack: Stack) -> str:
    put(stack.resources["AuditEventsTable"], ITEM)
    client("s3").put_object(Bucket=stack.resources["LogBucket"], Key="k", Body=b"content")
    client("sqs").send_message(QueueUrl=stack.resources["AuditQueue"], MessageBody="body")
    return "made"


@pytest.mark.parametrize("_", range(2))
def test_a_prepared_state_is_the_same_for_each_test(aws: Stack, _: int) -> None:
    assert prepare(aws, put_in_each_store) == "made"
    table, bucket = aws.resources["AuditEventsTable"], aws.resources["LogBucket"]
    queue = aws.resources["AuditQueue"]
    assert read_items(aws, "AuditEventsTable") == [ITEM]
    assert len(stream_records(aws)) == 1
    assert client("s3").get_object(Bucket=bucket, Key="k")["Body"].read() == b"content"
    [message] = client("sqs").receive_message(QueueUrl=queue)["Messages"]
    client("sqs").delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    client("s3").delete_object(Bucket=bucket, Key="k")
    put(table, {**ITEM, "n": {"N": "2"}})
    put(table, OTHER)
