"""Activity: a metric that could not be read does not count as zero."""

from datetime import UTC, datetime

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.stub import ANY, Stubber

from prooftrail.aws.activity import CloudWatchActivity
from prooftrail.errors import StoreUnavailableError

HOUR_MS = 3_600_000


@pytest.mark.parametrize("status", ["InternalError", "Forbidden"])
def test_a_metric_that_could_not_be_read_is_an_error(status: str) -> None:
    cloudwatch = boto3.client("cloudwatch", "eu-west-1", config=Config(signature_version=UNSIGNED))
    results = [
        {
            "Id": "logged",
            "StatusCode": "Complete",
            "Timestamps": [datetime.now(UTC)],
            "Values": [7.0],
        },
        {"Id": "failed", "StatusCode": status, "Timestamps": [], "Values": []},
    ]
    activity = CloudWatchActivity(lambda: cloudwatch, "namespace", "service", "queue")
    asked = {"StartTime": ANY, "EndTime": ANY, "MetricDataQueries": ANY}
    with Stubber(cloudwatch) as stub:
        stub.add_response("get_metric_data", {"MetricDataResults": results}, asked)
        with pytest.raises(StoreUnavailableError, match=status):
            activity.read_activity(0, HOUR_MS)
