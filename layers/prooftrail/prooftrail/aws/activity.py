"""The sources of a snapshot: CloudWatch, SQS, and the ledger's head.

Clients are made on first use.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from prooftrail.aws.errors import translate_aws_errors
from prooftrail.aws.head import read_head
from prooftrail.errors import StoreUnavailableError
from prooftrail.intake.reasons import REASONS
from prooftrail.operate.snapshot import Activity, Alarm, QueueDepths

if TYPE_CHECKING:
    from types_boto3_cloudwatch import CloudWatchClient
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_sqs import SQSClient

_WAITING: Final = "ApproximateNumberOfMessages"
_DELAYED: Final = "ApproximateNumberOfMessagesDelayed"
_IN_FLIGHT: Final = "ApproximateNumberOfMessagesNotVisible"
_STATISTICS: Final = {
    "logged": ("AuditEventsLogged", "Sum"),
    "failed": ("AuditEventsFailed", "Sum"),
    "milliseconds": ("BatchDuration", "Sum"),
    "batches": ("BatchDuration", "SampleCount"),
}


_OLDEST: Final = "oldest"
_REASONS_BY_ID: Final = {f"reason{number}": reason for number, reason in enumerate(REASONS)}
_MAX_AGE_MS: Final = 15 * 60_000  # SQS measures a queue every minute while it is in use
_NOT_READ: Final = ("InternalError", "Forbidden")
_MAX_ALARMS: Final = 100  # of one response


class CloudWatchActivity:
    """`ActivitySource` on the metrics of one service and of its queue."""

    def __init__(
        self,
        client: "Callable[[], CloudWatchClient]",
        namespace: str,
        service: str,
        queue_name: str,
    ) -> None:
        self._client = client
        self._namespace = namespace
        self._service = service
        self._queue_name = queue_name

    def read_activity(self, start_ms: int, end_ms: int) -> Activity:
        """See `ActivitySource.read_activity`. One request, and another if events failed."""
        queries = [self._make_query(name, *each) for name, each in _STATISTICS.items()]
        found = self._read_metrics([*queries, self._make_oldest_query()], start_ms, end_ms)
        sums = {name: sum(value for _, value in found[name]) for name in _STATISTICS}
        latest_at, latest = max(found[_OLDEST], default=(0.0, None))
        return Activity(
            events_logged=round(sums["logged"]),
            events_failed=round(sums["failed"]),
            average_batch_ms=sums["milliseconds"] / (sums["batches"] or 1),
            oldest_message_seconds=latest if latest_at >= end_ms - _MAX_AGE_MS else None,
            dead_letters=self._read_reasons(start_ms, end_ms) if sums["failed"] else {},
        )

    def _read_reasons(self, start_ms: int, end_ms: int) -> Mapping[str, int]:
        """Return the number of dead letters by reason. CloudWatch bills each reason asked for."""
        queries = [
            self._make_query(name, "AuditDeadLetters", "Sum", reason=reason)
            for name, reason in _REASONS_BY_ID.items()
        ]
        found = self._read_metrics(queries, start_ms, end_ms)
        counts = {name: round(sum(value for _, value in each)) for name, each in found.items()}
        return {_REASONS_BY_ID[name]: count for name, count in counts.items() if count}

    def _read_metrics(
        self, queries: Sequence[Mapping[str, Any]], start_ms: int, end_ms: int
    ) -> Mapping[str, Sequence[tuple[float, float]]]:
        """Return the measures, times in milliseconds and values, by the ids of the queries.

        Raises:
            StoreUnavailableError: CloudWatch could not read a metric. Its values are empty then.
        """
        found: dict[str, list[tuple[float, float]]] = defaultdict(list)
        request: dict[str, Any] = {
            "StartTime": datetime.fromtimestamp(start_ms / 1000, UTC),
            "EndTime": datetime.fromtimestamp(end_ms / 1000, UTC),
            "MetricDataQueries": queries,
        }
        with translate_aws_errors():
            pages = self._client().get_paginator("get_metric_data")
            for page in pages.paginate(**request):
                for result in page["MetricDataResults"]:
                    if result["StatusCode"] in _NOT_READ:
                        raise StoreUnavailableError(f"GetMetricData: {result['StatusCode']}")
                    times = (at.timestamp() * 1000 for at in result["Timestamps"])
                    found[result["Id"]] += zip(times, result["Values"], strict=True)
        return found

    def _make_query(
        self, name: str, metric: str, statistic: str, **dimensions: str
    ) -> Mapping[str, Any]:
        dimensions = {"service": self._service, **dimensions}
        return {
            "Id": name,
            "MetricStat": {
                "Metric": {
                    "Namespace": self._namespace,
                    "MetricName": metric,
                    "Dimensions": [
                        {"Name": each, "Value": value} for each, value in dimensions.items()
                    ],
                },
                "Period": 300,
                "Stat": statistic,
            },
        }

    def _make_oldest_query(self) -> Mapping[str, Any]:
        return {
            "Id": _OLDEST,
            "MetricStat": {
                "Metric": {
                    "Namespace": "AWS/SQS",
                    "MetricName": "ApproximateAgeOfOldestMessage",
                    "Dimensions": [{"Name": "QueueName", "Value": self._queue_name}],
                },
                "Period": 300,
                "Stat": "Maximum",
            },
        }


class CloudWatchAlarms:
    """`AlarmSource` on the alarms whose names CloudFormation makes: `STACK-NAME-RANDOM`.

    A stack whose name begins with this one's, such as `audit-log-dev`, has alarms of its own.
    """

    def __init__(self, client: "Callable[[], CloudWatchClient]", stack_name: str) -> None:
        self._client = client
        self._prefix = f"{stack_name}-"

    def read_alarms(self) -> Sequence[Alarm]:
        """See `AlarmSource.read_alarms`. One request for each hundred alarms with the prefix."""
        with translate_aws_errors():
            pages = (
                self._client()
                .get_paginator("describe_alarms")
                .paginate(
                    AlarmNamePrefix=self._prefix,
                    AlarmTypes=["MetricAlarm"],
                    PaginationConfig={"PageSize": _MAX_ALARMS},
                )
            )
            found = [each for page in pages for each in page["MetricAlarms"]]
        alarms = [
            Alarm(
                each["AlarmName"],
                each["StateValue"],
                int(each["StateUpdatedTimestamp"].timestamp() * 1000),
            )
            for each in found
            if each["AlarmName"].removeprefix(self._prefix).count("-") <= 1
        ]
        return sorted(alarms, key=lambda alarm: alarm.name)


class DynamoLedgerSize:
    """`LedgerSizeSource` on AuditLedger."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def read_size(self) -> int:
        """See `LedgerSizeSource.read_size`. One request."""
        head = read_head(self._client, self._table)
        return head.size if head else 0


class SqsQueueDepths:
    """`QueueDepthSource` on the queue and its dead-letter queue."""

    def __init__(
        self, client: "Callable[[], SQSClient]", queue_url: str, dead_letter_queue_url: str
    ) -> None:
        self._client = client
        self._queue_url = queue_url
        self._dead_letter_queue_url = dead_letter_queue_url

    def read_depths(self) -> QueueDepths:
        """See `QueueDepthSource.read_depths`."""
        queue = self._count_messages(self._queue_url)
        dead_letters = self._count_messages(self._dead_letter_queue_url)
        return QueueDepths(
            queued=queue[_WAITING] + queue[_DELAYED],
            active=queue[_IN_FLIGHT],
            dead_lettered=sum(dead_letters.values()),
        )

    def _count_messages(self, url: str) -> Mapping[str, int]:
        with translate_aws_errors():
            response = self._client().get_queue_attributes(
                QueueUrl=url, AttributeNames=[_WAITING, _DELAYED, _IN_FLIGHT]
            )
        return {name: int(count) for name, count in response["Attributes"].items()}
