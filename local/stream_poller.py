"""Feeds a function from a DynamoDB stream, as the event source mapping of Lambda does.

See https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html.
"""

import base64
import json
import time
import uuid
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from local.runtime import FunctionError, Invoke, make_function_arn
from local.template import REGION, StreamSource

if TYPE_CHECKING:
    from types_boto3_dynamodbstreams import DynamoDBStreamsClient
    from types_boto3_sqs import SQSClient

Record = Mapping[str, Any]

MAX_BATCH_BYTES = 6 * 1024 * 1024
MAX_BACKOFF_SECONDS = 8.0
POLL_SECONDS = 0.2


@dataclass(slots=True)
class _Shard:
    id: str
    iterator: str | None
    unread: deque[Record] = field(default_factory=deque)
    failing: Sequence[Record] = ()
    attempts: int = 0
    not_before: float = 0.0


class StreamPoller:
    """Reads each shard in order, one batch at a time.

    If the function raises, the poller delivers the same records again after `backoff_seconds`,
    doubled each time. After the last retry it sends the position of the batch in the stream to the
    on-failure queue and continues with the next batch.
    """

    def __init__(
        self,
        source: StreamSource,
        invoke: Invoke,
        streams: "DynamoDBStreamsClient",
        queues: "SQSClient",
        *,
        backoff_seconds: float = 0.5,
    ) -> None:
        self._source = source
        self._invoke = invoke
        self._streams = streams
        self._queues = queues
        self._backoff_seconds = backoff_seconds
        self._shards: dict[str, _Shard] = {}

    def poll(self) -> int:
        """Invoke the function once for each shard that has records. Return the number of records.

        It waits at most the batching window, counted from the first record.
        """
        self._discover()
        return sum(self._poll_shard(shard) for shard in self._shards.values())

    def is_waiting(self) -> bool:
        """Return whether a batch has failed and must be tried again."""
        return any(shard.failing for shard in self._shards.values())

    def _discover(self) -> None:
        stream = self._streams.describe_stream(StreamArn=self._source.stream_arn)
        for described in stream["StreamDescription"]["Shards"]:
            shard_id = described["ShardId"]
            if shard_id not in self._shards:
                iterator = self._streams.get_shard_iterator(
                    StreamArn=self._source.stream_arn,
                    ShardId=shard_id,
                    ShardIteratorType="TRIM_HORIZON",
                )["ShardIterator"]
                self._shards[shard_id] = _Shard(shard_id, iterator)

    def _poll_shard(self, shard: _Shard) -> int:
        if time.monotonic() < shard.not_before:
            return 0
        batch = shard.failing or self._read_batch(shard)
        if not batch:
            return 0
        shard.attempts += 1
        try:
            self._invoke(self._source.function, {"Records": batch})
        except FunctionError:
            if shard.attempts <= self._source.max_retries or self._source.max_retries < 0:
                shard.failing = batch
                wait = self._backoff_seconds * 2 ** (shard.attempts - 1)
                shard.not_before = time.monotonic() + min(wait, MAX_BACKOFF_SECONDS)
                return len(batch)
            self._report_failure(shard, batch)
        shard.failing, shard.attempts = (), 0
        return len(batch)

    def _read_batch(self, shard: _Shard) -> Sequence[Record]:
        deadline: float | None = None
        while len(shard.unread) < self._source.batch_size and shard.iterator:
            response = self._streams.get_records(
                ShardIterator=shard.iterator, Limit=self._source.batch_size
            )
            shard.iterator = response.get("NextShardIterator")
            shard.unread.extend(
                make_lambda_record(record, self._source.stream_arn)
                for record in response["Records"]
            )
            if not shard.unread:
                return ()
            deadline = deadline or time.monotonic() + self._source.window_seconds
            if not response["Records"]:
                if time.monotonic() >= deadline:
                    break
                time.sleep(POLL_SECONDS)
        return self._take_batch(shard)

    def _take_batch(self, shard: _Shard) -> Sequence[Record]:
        batch: list[Record] = []
        size = 0
        while shard.unread and len(batch) < self._source.batch_size:
            size += len(json.dumps(shard.unread[0]))
            if batch and size > MAX_BATCH_BYTES:
                break
            batch.append(shard.unread.popleft())
        return batch

    def _report_failure(self, shard: _Shard, batch: Sequence[Record]) -> None:
        if self._source.failure_queue_arn is None:
            return
        queue_name = self._source.failure_queue_arn.rpartition(":")[2]
        self._queues.send_message(
            QueueUrl=self._queues.get_queue_url(QueueName=queue_name)["QueueUrl"],
            MessageBody=json.dumps(self._describe_failure(shard, batch)),
        )

    def _describe_failure(self, shard: _Shard, batch: Sequence[Record]) -> dict[str, Any]:
        first, last = batch[0]["dynamodb"], batch[-1]["dynamodb"]
        return {
            "requestContext": {
                "requestId": str(uuid.uuid4()),
                "functionArn": make_function_arn(self._source.function),
                "condition": "RetryAttemptsExhausted",
                "approximateInvokeCount": shard.attempts,
            },
            "responseContext": {
                "statusCode": 200,
                "executedVersion": "$LATEST",
                "functionError": "Unhandled",
            },
            "version": "1.0",
            "timestamp": _format_time(time.time()),
            "DDBStreamBatchInfo": {
                "shardId": shard.id,
                "startSequenceNumber": first["SequenceNumber"],
                "endSequenceNumber": last["SequenceNumber"],
                "approximateArrivalOfFirstRecord": _format_time(
                    first["ApproximateCreationDateTime"]
                ),
                "approximateArrivalOfLastRecord": _format_time(last["ApproximateCreationDateTime"]),
                "batchSize": len(batch),
                "streamArn": self._source.stream_arn,
            },
        }


def make_lambda_record(record: Mapping[str, Any], stream_arn: str) -> Record:
    """Return a record of GetRecords as a function gets it: JSON, binary values in base64."""
    change = dict(record["dynamodb"])
    created = change.get("ApproximateCreationDateTime")
    if isinstance(created, datetime):
        change["ApproximateCreationDateTime"] = created.timestamp()
    for image in ("Keys", "NewImage", "OldImage"):
        if image in change:
            change[image] = {
                name: _encode_attribute(value) for name, value in change[image].items()
            }
    result = {
        "eventID": record["eventID"],
        "eventName": record["eventName"],
        "eventVersion": record.get("eventVersion", "1.1"),
        "eventSource": "aws:dynamodb",
        "awsRegion": record.get("awsRegion", REGION),
        "dynamodb": change,
        "eventSourceARN": stream_arn,
    }
    if identity := record.get("userIdentity"):
        result["userIdentity"] = {
            "type": identity["Type"],
            "principalId": identity["PrincipalId"],
        }
    return result


def _encode_attribute(value: Mapping[str, Any]) -> dict[str, Any]:
    [(kind, content)] = value.items()
    match kind:
        case "B":
            return {kind: base64.b64encode(content).decode()}
        case "BS":
            return {kind: [base64.b64encode(item).decode() for item in content]}
        case "L":
            return {kind: [_encode_attribute(item) for item in content]}
        case "M":
            return {kind: {name: _encode_attribute(item) for name, item in content.items()}}
        case _:
            return {kind: content}


def _format_time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")[:-6] + "Z"
