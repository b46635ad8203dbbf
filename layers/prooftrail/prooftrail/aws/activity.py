"""The snapshot's sources on CloudWatch and SQS; their clients are made on first use."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from prooftrail.aws.clients import to_store_error
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
    """`ActivitySource` on the embedded metrics of one service."""

    def __init__(
        self, client: "Callable[[], CloudWatchClient]", namespace: str, service: str
    ) -> None:
        self._client = client
        self._namespace = namespace
        self._service = service

    def activity(self, start_ms: int, end_ms: int) -> Activity:
        """See `ActivitySource.activity`."""
        sums = dict.fromkeys(_STATISTICS, 0.0)
        request: dict[str, Any] = {
            "StartTime": datetime.fromtimestamp(start_ms / 1000, UTC),
            "EndTime": datetime.fromtimestamp(end_ms / 1000, UTC),
            "MetricDataQueries": [
                self._query(name, metric, statistic)
                for name, (metric, statistic) in _STATISTICS.items()
            ],
        }
        while True:
            try:
                answer = self._client().get_metric_data(**request)
            except (ClientError, BotoCoreError) as error:
                raise to_store_error(error) from error
            for result in answer["MetricDataResults"]:
                sums[result["Id"]] += sum(result["Values"])
            if not answer.get("NextToken"):
                break
            request["NextToken"] = answer["NextToken"]
        batches = sums["batches"]
        return Activity(
            events_logged=round(sums["logged"]),
            events_failed=round(sums["failed"]),
            average_batch_ms=sums["milliseconds"] / batches if batches else 0.0,
        )

    def _query(self, name: str, metric: str, statistic: str) -> Mapping[str, Any]:
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
    """`DepthSource` on the queue and its dead-letter queue."""

    def __init__(
        self, client: "Callable[[], SQSClient]", queue_url: str, dead_letter_queue_url: str
    ) -> None:
        self._client = client
        self._queue_url = queue_url
        self._dead_letter_queue_url = dead_letter_queue_url

    def depths(self) -> QueueDepths:
        """See `DepthSource.depths`."""
        queue = self._counts(self._queue_url)
        dead = self._counts(self._dead_letter_queue_url)
        return QueueDepths(
            queued=queue[_WAITING] + queue[_DELAYED],
            active=queue[_IN_FLIGHT],
            dead_lettered=sum(dead.values()),
        )

    def _counts(self, url: str) -> Mapping[str, int]:
        try:
            answer = self._client().get_queue_attributes(
                QueueUrl=url, AttributeNames=[_WAITING, _DELAYED, _IN_FLIGHT]
            )
        except (ClientError, BotoCoreError) as error:
            raise to_store_error(error) from error
        return {name: int(count) for name, count in answer["Attributes"].items()}
