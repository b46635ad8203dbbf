"""`ActivitySource` on CloudWatch and `QueueDepthSource` on SQS. Clients are made on first use."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from prooftrail.aws.errors import translate_aws_errors
from prooftrail.operate.snapshot import Activity, QueueDepths

if TYPE_CHECKING:
    from types_boto3_cloudwatch import CloudWatchClient
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


class CloudWatchActivity:
    """`ActivitySource` on the metrics of one service."""

    def __init__(
        self, client: "Callable[[], CloudWatchClient]", namespace: str, service: str
    ) -> None:
        self._client = client
        self._namespace = namespace
        self._service = service

    def read_activity(self, start_ms: int, end_ms: int) -> Activity:
        """See `ActivitySource.read_activity`."""
        sums = dict.fromkeys(_STATISTICS, 0.0)
        request: dict[str, Any] = {
            "StartTime": datetime.fromtimestamp(start_ms / 1000, UTC),
            "EndTime": datetime.fromtimestamp(end_ms / 1000, UTC),
            "MetricDataQueries": [
                self._make_query(name, metric, statistic)
                for name, (metric, statistic) in _STATISTICS.items()
            ],
        }
        with translate_aws_errors():
            pages = self._client().get_paginator("get_metric_data")
            for page in pages.paginate(**request):
                for result in page["MetricDataResults"]:
                    sums[result["Id"]] += sum(result["Values"])
        batches = sums["batches"]
        return Activity(
            events_logged=round(sums["logged"]),
            events_failed=round(sums["failed"]),
            average_batch_ms=sums["milliseconds"] / batches if batches else 0.0,
        )

    def _make_query(self, name: str, metric: str, statistic: str) -> Mapping[str, Any]:
        return {
            "Id": name,
            "MetricStat": {
                "Metric": {
                    "Namespace": self._namespace,
                    "MetricName": metric,
                    "Dimensions": [{"Name": "service", "Value": self._service}],
                },
                "Period": 300,
                "Stat": statistic,
            },
        }


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
