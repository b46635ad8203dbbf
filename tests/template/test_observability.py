"""Log groups, alarms, dashboard, outputs."""

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest

from prooftrail.runtime.telemetry import NAMESPACE
from tests.template.conftest import SelectType

SERVICE: Any = {"Fn::Sub": "audit-log-${Stage}"}
SIGNALS: dict[str, tuple[str, str, Any]] = {
    "DeadLettersAlarm": (
        "AWS/SQS",
        "ApproximateNumberOfMessagesVisible",
        {"QueueName": {"Fn::GetAtt": ["AuditDeadLetterQueue", "QueueName"]}},
    ),
    "OldestMessageAlarm": (
        "AWS/SQS",
        "ApproximateAgeOfOldestMessage",
        {"QueueName": {"Fn::GetAtt": ["AuditQueue", "QueueName"]}},
    ),
    "LedgerIteratorAgeAlarm": (
        "AWS/Lambda",
        "IteratorAge",
        {"FunctionName": {"Ref": "LedgerFunction"}},
    ),
    "LedgerFailureAlarm": (
        "AWS/SQS",
        "ApproximateNumberOfMessagesVisible",
        {"QueueName": {"Fn::GetAtt": ["LedgerFailureQueue", "QueueName"]}},
    ),
    "TamperAlarm": (NAMESPACE, "AuditTamperDetected", {"service": SERVICE}),
    "ApiServerErrorsAlarm": (
        "AWS/ApiGateway",
        "5XXError",
        {"ApiName": SERVICE, "Stage": {"Ref": "Stage"}},
    ),
} | {
    f"{name}ErrorsAlarm": ("AWS/Lambda", "Errors", {"FunctionName": {"Ref": f"{name}Function"}})
    for name in ("Processor", "Ledger", "Checkpoint", "Query", "Stats", "Proof", "Submit")
}
STOPPED = "CheckpointStoppedAlarm"


def test_log_groups_have_a_retention(select_type: SelectType) -> None:
    groups = select_type("AWS::Logs::LogGroup")
    assert set(groups) == {
        *(f"{name}LogGroup" for name in select_type("AWS::Lambda::Function")),
        "AuditApiLogGroup",
    }
    assert all(group["RetentionInDays"] == 90 for group in groups.values())


def test_every_signal_has_an_alarm(select_type: SelectType) -> None:
    assert set(select_type("AWS::CloudWatch::Alarm")) == {*SIGNALS, STOPPED}


@pytest.mark.parametrize("name", sorted(SIGNALS))
def test_alarms_watch_their_signal_and_notify_the_topic(select_type: SelectType, name: str) -> None:
    alarm = select_type("AWS::CloudWatch::Alarm")[name]
    dimensions = {dimension["Name"]: dimension["Value"] for dimension in alarm["Dimensions"]}
    assert (alarm["Namespace"], alarm["MetricName"], dimensions) == SIGNALS[name]
    assert alarm["ComparisonOperator"] == "GreaterThanThreshold"
    assert alarm["TreatMissingData"] == "notBreaching"
    assert alarm["AlarmActions"] == {
        "Fn::If": ["HasAlarmTopic", [{"Ref": "AlarmTopicArn"}], {"Ref": "AWS::NoValue"}]
    }


def test_an_alarm_fires_when_no_checkpoint_is_made(select_type: SelectType) -> None:
    alarm = select_type("AWS::CloudWatch::Alarm")[STOPPED]
    assert (alarm["Namespace"], alarm["MetricName"]) == (NAMESPACE, "AuditEventsPublished")
    assert alarm["Dimensions"] == [{"Name": "service", "Value": SERVICE}]
    assert (alarm["Statistic"], alarm["Threshold"]) == ("SampleCount", 1)
    assert alarm["ComparisonOperator"] == "LessThanThreshold"
    assert alarm["TreatMissingData"] == "breaching"


def test_the_functions_emit_the_service_dimension_of_the_alarms(select_type: SelectType) -> None:
    for function in select_type("AWS::Lambda::Function").values():
        variables = function["Environment"]["Variables"]
        assert variables["POWERTOOLS_SERVICE_NAME"] == SERVICE
        assert variables["POWERTOOLS_METRICS_NAMESPACE"] == NAMESPACE


def test_the_dashboard_has_the_widgets_of_the_design(select_type: SelectType) -> None:
    (dashboard,) = select_type("AWS::CloudWatch::Dashboard").values()
    text, variables = dashboard["DashboardBody"]["Fn::Sub"]
    assert set(re.findall(r"\$\{(\w+)\}", text)) == {*variables, "LedgerFunction"}
    widgets = json.loads(re.sub(r"\$\{[\w:]+\}", "x", text))["widgets"]
    assert {widget["properties"]["title"] for widget in widgets} == {
        "Events",
        "Success rate of logging (%)",
        "Ingest lag",
        "Batch duration",
        "Queue depth",
        "Dead letters",
        "Ledger iterator age and tampering",
    }
    assert "100 * FILL(logged, 0) / (FILL(logged, 0) + FILL(failed, 0))" in text


def test_the_stack_has_the_outputs_that_its_users_need(template: Mapping[str, Any]) -> None:
    assert set(template["Outputs"]) == {
        "AuditQueueUrl",
        "AuditQueueArn",
        "AuditDeadLetterQueueUrl",
        "ApiUrl",
        "AuditEventsTableName",
        "AuditLedgerTableName",
        "OverflowBucketName",
        "LogBucketName",
        "VerifierKey",
        "MaskSecrets",
        "ShardCount",
    }
