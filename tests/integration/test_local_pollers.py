"""The pollers deliver as the event source mappings of Lambda do."""

import base64
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from botocore.session import Session

from local import stream_poller
from local.runtime import FunctionError
from local.sqs_poller import SqsPoller
from local.stream_poller import StreamPoller
from local.template import QueueSource, Stack, StreamSource

MAX_RECEIVES = 3


@cache
def client(service: str) -> Any:
    return Session().create_client(service)


class Function:
    """Records its batches, and runs the next behaviour of the test at each invocation."""

    def __init__(self, *behaviours: Callable[[Mapping[str, Any]], Any]) -> None:
        self.batches: list[list[Mapping[str, Any]]] = []
        self._behaviours = list(behaviours)

    def __call__(self, _: str, event: Mapping[str, Any]) -> Any:
        self.batches.append(event["Records"])
        return self._behaviours.pop(0)(event) if self._behaviours else None


def fail(_: Mapping[str, Any]) -> Any:
    raise FunctionError("on purpose")


def make_behaviour(result: Any) -> Callable[[Mapping[str, Any]], Any]:
    return lambda _: result


class TestQueue:
    @pytest.fixture
    def source(self, aws: Stack) -> QueueSource:
        [source] = aws.queue_sources
        return replace(source, window_seconds=0)

    @pytest.fixture
    def queue(self, aws: Stack) -> str:
        return aws.resources["AuditQueue"]

    def send(self, queue: str, *bodies: str) -> None:
        for body in bodies:
            client("sqs").send_message(QueueUrl=queue, MessageBody=body)

    def make_visible(self, queue: str, batch: list[Mapping[str, Any]]) -> None:
        """End the messages' visibility timeout now."""
        for record in batch:
            client("sqs").change_message_visibility(
                QueueUrl=queue, ReceiptHandle=record["receiptHandle"], VisibilityTimeout=0
            )
        time.sleep(0.01)  # moto's clock has milliseconds

    def test_delivers_the_records_of_lambda(self, source: QueueSource, queue: str) -> None:
        client("sqs").send_message(
            QueueUrl=queue,
            MessageBody="{}",
            MessageAttributes={
                "text": {"DataType": "String", "StringValue": "é"},
                "bytes": {"DataType": "Binary", "BinaryValue": b"\x00\xff"},
            },
        )
        function = Function()
        assert SqsPoller(source, function, client("sqs")).poll() == 1
        [[record]] = function.batches
        assert record["body"] == "{}"
        assert record["eventSource"] == "aws:sqs"
        assert record["eventSourceARN"] == source.queue_arn
        assert record["attributes"]["ApproximateReceiveCount"] == "1"
        assert abs(int(record["attributes"]["SentTimestamp"]) - time.time() * 1000) < 60_000
        assert record["messageAttributes"]["text"]["stringValue"] == "é"
        assert base64.b64decode(record["messageAttributes"]["bytes"]["binaryValue"]) == b"\x00\xff"
        assert json.loads(json.dumps(record)) == record

    def test_deletes_processed_messages(self, source: QueueSource, queue: str) -> None:
        self.send(queue, "a", "b")
        poller = SqsPoller(source, Function(), client("sqs"))
        assert poller.poll() == 2
        assert poller.is_empty()

    def test_batches_are_no_larger_than_the_mapping_says(
        self, source: QueueSource, queue: str
    ) -> None:
        self.send(queue, *(str(number) for number in range(25)))
        function = Function()
        poller = SqsPoller(replace(source, batch_size=11), function, client("sqs"))
        while poller.poll():
            pass
        assert [len(batch) for batch in function.batches] == [11, 11, 3]
        assert len({record["body"] for batch in function.batches for record in batch}) == 25

    def test_a_batch_stays_below_the_payload_limit(self, source: QueueSource, queue: str) -> None:
        self.send(queue, *("x" * 1_000_000 for _ in range(9)))
        function = Function()
        poller = SqsPoller(source, function, client("sqs"))
        while poller.poll():
            pass
        assert [len(batch) for batch in function.batches] == [6, 3]

    def test_waits_for_the_window_to_fill(self, source: QueueSource, queue: str) -> None:
        self.send(queue, "a")
        started = time.monotonic()
        SqsPoller(replace(source, window_seconds=0.3), Function(), client("sqs")).poll()
        assert time.monotonic() - started >= 0.3

    def test_an_empty_queue_does_not_wait(self, source: QueueSource) -> None:
        function = Function()
        assert SqsPoller(replace(source, window_seconds=60), function, client("sqs")).poll() == 0
        assert function.batches == []

    def test_a_partial_failure_keeps_only_the_failed_messages(
        self, source: QueueSource, queue: str
    ) -> None:
        self.send(queue, "good", "bad", "good")

        def refuse_bad(event: Mapping[str, Any]) -> Any:
            bad = [record for record in event["Records"] if record["body"] == "bad"]
            return {
                "batchItemFailures": [{"itemIdentifier": record["messageId"]} for record in bad]
            }

        function = Function(refuse_bad)
        poller = SqsPoller(source, function, client("sqs"))
        poller.poll()
        assert poller.returned == 1
        assert poller.poll() == 0, "the message is in flight until its visibility timeout ends"
        bad = [record for record in function.batches[0] if record["body"] == "bad"]
        self.make_visible(queue, bad)
        assert poller.poll() == 1
        [again] = function.batches[1]
        assert again["body"] == "bad"
        assert again["attributes"]["ApproximateReceiveCount"] == "2"
        assert poller.is_empty()

    @pytest.mark.parametrize(
        "behaviour",
        [
            fail,
            make_behaviour({"batchItemFailures": [{"itemIdentifier": "unknown"}]}),
            make_behaviour({"batchItemFailures": [{"itemIdentifier": ""}]}),
            make_behaviour({"batchItemFailures": [{"itemIdentifier": None}]}),
            make_behaviour({"batchItemFailures": [{"messageId": "wrong key"}]}),
        ],
        ids=["raises", "unknown", "empty", "null", "wrong key"],
    )
    def test_a_whole_failure_keeps_every_message(
        self, source: QueueSource, queue: str, behaviour: Callable[[Mapping[str, Any]], Any]
    ) -> None:
        self.send(queue, "a", "b")
        function = Function(behaviour)
        poller = SqsPoller(source, function, client("sqs"))
        assert poller.poll() == 2
        self.make_visible(queue, function.batches[0])
        assert poller.poll() == 2
        assert poller.is_empty()

    @pytest.mark.parametrize(
        "result", [None, {}, {"batchItemFailures": []}, {"batchItemFailures": None}]
    )
    def test_no_failures_is_success(self, source: QueueSource, queue: str, result: Any) -> None:
        self.send(queue, "a")
        poller = SqsPoller(source, Function(make_behaviour(result)), client("sqs"))
        poller.poll()
        assert poller.is_empty()

    def test_the_queue_redrives_after_its_last_receive(
        self, source: QueueSource, queue: str, aws: Stack
    ) -> None:
        policy = json.loads(
            client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["RedrivePolicy"])[
                "Attributes"
            ]["RedrivePolicy"]
        )
        client("sqs").set_queue_attributes(
            QueueUrl=queue,
            Attributes={"RedrivePolicy": json.dumps({**policy, "maxReceiveCount": 3})},
        )
        self.send(queue, "poison")
        function = Function(*[fail] * 10)
        poller = SqsPoller(source, function, client("sqs"))
        for _ in range(5):
            poller.poll()
            self.make_visible(queue, function.batches[-1] if not poller.is_empty() else [])
        receives = [
            record["attributes"]["ApproximateReceiveCount"] for [record] in function.batches
        ]
        assert receives == ["1", "2", "3"]
        [dead_letter] = client("sqs").receive_message(
            QueueUrl=aws.resources["AuditDeadLetterQueue"]
        )["Messages"]
        assert dead_letter["Body"] == "poison"


class TestStream:
    @pytest.fixture
    def source(self, aws: Stack) -> StreamSource:
        [source] = aws.stream_sources
        return replace(source, window_seconds=0, max_retries=2)

    @pytest.fixture
    def put(self, aws: Stack) -> Callable[..., None]:
        def put(*ids: str, **attributes: Any) -> None:
            for event_id in ids:
                client("dynamodb").put_item(
                    TableName=aws.resources["AuditEventsTable"],
                    Item={"pk": {"S": "t#0"}, "id": {"S": event_id}, **attributes},
                )

        return put

    def make_poller(self, source: StreamSource, function: Function) -> StreamPoller:
        return StreamPoller(
            source, function, client("dynamodbstreams"), client("sqs"), backoff_seconds=0
        )

    def list_ids(self, function: Function) -> list[list[str]]:
        return [
            [record["dynamodb"]["Keys"]["id"]["S"] for record in batch]
            for batch in function.batches
        ]

    def test_delivers_the_records_of_lambda(
        self, source: StreamSource, put: Callable[..., None]
    ) -> None:
        put("a", digest={"B": b"\x00\xff"}, n={"N": "1"})
        function = Function()
        assert self.make_poller(source, function).poll() == 1
        [[record]] = function.batches
        assert record["eventName"] == "INSERT"
        assert record["eventSource"] == "aws:dynamodb"
        assert record["eventSourceARN"] == source.stream_arn
        change = record["dynamodb"]
        assert change["Keys"] == {"pk": {"S": "t#0"}, "id": {"S": "a"}}
        assert change["NewImage"]["digest"] == {"B": "AP8="}
        assert change["NewImage"]["n"] == {"N": "1"}
        assert change["StreamViewType"] == "NEW_AND_OLD_IMAGES"
        assert change["SequenceNumber"].isdigit()
        assert json.loads(json.dumps(record)) == record

    def test_keeps_the_order_and_delivers_once(
        self, source: StreamSource, put: Callable[..., None]
    ) -> None:
        put("a", "b", "c")
        function = Function()
        poller = self.make_poller(replace(source, batch_size=2), function)
        poller.poll()
        put("d")
        poller.poll()
        poller.poll()
        assert self.list_ids(function) == [["a", "b"], ["c", "d"]]
        numbers = [
            int(record["dynamodb"]["SequenceNumber"])
            for batch in function.batches
            for record in batch
        ]
        assert numbers == sorted(set(numbers))

    def test_a_failed_batch_is_redelivered_unchanged_and_blocks_its_shard(
        self, source: StreamSource, put: Callable[..., None]
    ) -> None:
        put("a", "b")
        function = Function(fail, fail)
        poller = self.make_poller(source, function)
        poller.poll()
        assert poller.is_waiting()
        put("c")
        poller.poll()
        poller.poll()
        assert not poller.is_waiting()
        poller.poll()
        assert self.list_ids(function) == [["a", "b"], ["a", "b"], ["a", "b"], ["c"]]
        assert function.batches[0] == function.batches[1] == function.batches[2]

    def test_waits_before_it_tries_again(
        self, source: StreamSource, put: Callable[..., None]
    ) -> None:
        put("a")
        function = Function(fail)
        poller = StreamPoller(
            source, function, client("dynamodbstreams"), client("sqs"), backoff_seconds=0.2
        )
        assert poller.poll() == 1
        assert poller.poll() == 0
        time.sleep(0.25)
        assert poller.poll() == 1

    def test_a_batch_that_never_succeeds_goes_to_the_failure_queue(
        self, source: StreamSource, put: Callable[..., None], aws: Stack
    ) -> None:
        put("a", "b")
        function = Function(*[fail] * 3)
        poller = self.make_poller(source, function)
        for _ in range(3):
            poller.poll()
        assert not poller.is_waiting()
        put("c")
        poller.poll()
        assert self.list_ids(function)[-1] == ["c"]

        [message] = client("sqs").receive_message(QueueUrl=aws.resources["LedgerFailureQueue"])[
            "Messages"
        ]
        failure = json.loads(message["Body"])
        batch = function.batches[0]
        assert failure["requestContext"]["condition"] == "RetryAttemptsExhausted"
        assert failure["requestContext"]["approximateInvokeCount"] == 3
        assert failure["DDBStreamBatchInfo"]["batchSize"] == 2
        assert failure["DDBStreamBatchInfo"]["streamArn"] == source.stream_arn
        for field, record in (("startSequenceNumber", batch[0]), ("endSequenceNumber", batch[1])):
            assert failure["DDBStreamBatchInfo"][field] == record["dynamodb"]["SequenceNumber"]

    def test_a_removal_by_time_to_live_has_its_user_identity(self) -> None:
        record = stream_poller.make_lambda_record(
            {
                "eventID": "1",
                "eventName": "REMOVE",
                "dynamodb": {
                    "Keys": {"id": {"S": "a"}},
                    "OldImage": {"m": {"M": {"l": {"L": [{"B": b"\xff"}, {"BOOL": True}]}}}},
                    "SequenceNumber": "1",
                },
                "userIdentity": {"PrincipalId": "dynamodb.amazonaws.com", "Type": "Service"},
            },
            "arn",
        )
        assert record["userIdentity"] == {
            "principalId": "dynamodb.amazonaws.com",
            "type": "Service",
        }
        image = record["dynamodb"]["OldImage"]
        assert image == {"m": {"M": {"l": {"L": [{"B": "/w=="}, {"BOOL": True}]}}}}
