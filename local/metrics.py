"""Puts the embedded metrics in a function's output into CloudWatch.

See https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types_boto3_cloudwatch import CloudWatchClient
    from types_boto3_cloudwatch.type_defs import MetricDatumTypeDef


class MetricSink:
    """Puts the metrics of lines in the embedded metric format into CloudWatch."""

    def __init__(self, client: "CloudWatchClient") -> None:
        self._client = client

    def put(self, record: Mapping[str, Any]) -> None:
        """Put the metrics of one decoded line. A line without `_aws` has no metrics."""
        for directive in record.get("_aws", {}).get("CloudWatchMetrics", ()):
            data = list(_read_metrics(record, directive))
            if data:
                self._client.put_metric_data(Namespace=directive["Namespace"], MetricData=data)


def decode_line(line: str) -> dict[str, Any]:
    """Return the JSON object in a line of output. Any other line becomes an INFO message."""
    try:
        value = json.loads(line)
    except ValueError:
        value = None
    return value if isinstance(value, dict) else {"level": "INFO", "message": line}


def _read_metrics(
    record: Mapping[str, Any], directive: Mapping[str, Any]
) -> "Iterator[MetricDatumTypeDef]":
    timestamp = datetime.fromtimestamp(record["_aws"]["Timestamp"] / 1000, UTC)
    for names in directive.get("Dimensions") or [[]]:
        for metric in directive["Metrics"]:
            value = record[metric["Name"]]
            yield {
                "MetricName": metric["Name"],
                "Dimensions": [{"Name": name, "Value": str(record[name])} for name in names],
                "Timestamp": timestamp,
                "Values": value if isinstance(value, list) else [value],
                "Unit": metric.get("Unit", "None"),
            }
