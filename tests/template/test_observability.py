"""Log groups, alarms, dashboard, outputs."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from prooftrail.event import keys
from prooftrail.runtime.telemetry import NAMESPACE
from tests.template.conftest import SelectType

NOTIFY = {"Fn::If": ["HasAlarmTopic", [{"Ref": "AlarmTopicArn"}], {"Ref": "AWS::NoValue"}]}
SERVICE: Any = {"Fn::Sub": "audit-log-${Stage}"}
SIGNALS: dict[str, tuple[str, str, Any]] = {
    "DeadLettersAlarm": (
        "AWS/SQS",
        "ApproximateNumberOfMessagesVisible",
        {"QueueName": {"Fn::GetAtt": ["AuditDeadLetterQueue", "QueueName"]}},
    ),
    "DeadLettersAgeAlarm": (
        "AWS/SQS",
        "ApproximateAgeOfOldestMessage",
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
    "ReadsUnrecordedAlarm": (NAMESPACE, "AuditReadsUnrecorded", {"service": SERVICE}),
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
NOT_COMMITTED = "NotCommittedAlarm"
FUNCTIONS = ("Processor", "Ledger", "Checkpoint", "Query", "Stats", "Proof", "Submit")
THROTTLES: dict[str, list[tuple[str, str, Any]]] = {
    "FunctionThrottlesAlarm": [
        ("AWS/Lambda", "Throttles", {"FunctionName": {"Ref": f"{name}Function"}})
        for name in FUNCTIONS
    ],
    "TableThrottlesAlarm": [
        ("AWS/DynamoDB", f"{kind}ThrottleEvents", {"TableName": {"Ref": table}})
        for table in ("AuditEventsTable", "AuditLedgerTable")
        for kind in ("Read", "Write")
    ],
    "IndexThrottlesAlarm": [
        (
            "AWS/DynamoDB",
            "WriteThrottleEvents",
            {"TableName": {"Ref": "AuditEventsTable"}, "GlobalSecondaryIndexName": index.value},
        )
        for index in keys.Index
        if index.value and index is not keys.Index.REFERENCES  # those are items of the table
    ],
}
MAX_METRICS = 10  # in one alarm


def test_log_groups_have_a_retention(select_type: SelectType) -> None:
    groups = select_type("AWS::Logs::LogGroup")
    assert set(groups) == {
        *(f"{name}LogGroup" for name in select_type("AWS::Lambda::Function")),
        "AuditApiLogGroup",
    }
    for group in groups.values():
        assert group["RetentionInDays"] == 90
        assert group["KmsKeyId"] == {
            "Fn::If": ["HasCmk", {"Ref": "CmkArn"}, {"Ref": "AWS::NoValue"}]
        }


def test_every_signal_has_an_alarm(select_type: SelectType) -> None:
    assert set(select_type("AWS::CloudWatch::Alarm")) == {
        *SIGNALS,
        *THROTTLES,
        STOPPED,
        NOT_COMMITTED,
    }


@pytest.mark.parametrize("name", sorted(SIGNALS))
def test_alarms_watch_their_signal_and_notify_the_topic(select_type: SelectType, name: str) -> None:
    alarm = select_type("AWS::CloudWatch::Alarm")[name]
    dimensions = {dimension["Name"]: dimension["Value"] for dimension in alarm["Dimensions"]}
    assert (alarm["Namespace"], alarm["MetricName"], dimensions) == SIGNALS[name]
    assert alarm["ComparisonOperator"] == "GreaterThanThreshold"
    assert alarm["TreatMissingData"] == "notBreaching"
    assert alarm["AlarmActions"] == NOTIFY


def test_an_alarm_fires_when_no_checkpoint_is_made(select_type: SelectType) -> None:
    alarm = select_type("AWS::CloudWatch::Alarm")[STOPPED]
    assert (alarm["Namespace"], alarm["MetricName"]) == (NAMESPACE, "AuditEventsPublished")
    assert alarm["Dimensions"] == [{"Name": "service", "Value": SERVICE}]
    assert (alarm["Statistic"], alarm["Threshold"]) == ("SampleCount", 1)
    assert alarm["ComparisonOperator"] == "LessThanThreshold"
    assert alarm["TreatMissingData"] == "breaching"


def list_watched(alarm: Mapping[str, Any]) -> list[tuple[str, str, Any]]:
    """Return namespace, name and dimensions of each metric that an alarm with an expression has."""
    stats = [metric["MetricStat"] for metric in alarm["Metrics"] if "MetricStat" in metric]
    assert len(stats) == len(alarm["Metrics"]) - 1 <= MAX_METRICS - 1
    assert [metric.get("ReturnData", True) for metric in alarm["Metrics"]] == [
        "Expression" in metric for metric in alarm["Metrics"]
    ]
    return [
        (
            stat["Metric"]["Namespace"],
            stat["Metric"]["MetricName"],
            {one["Name"]: one["Value"] for one in stat["Metric"]["Dimensions"]},
        )
        for stat in stats
    ]


@pytest.mark.parametrize("name", sorted(THROTTLES))
def test_throttles_ring_when_they_last(select_type: SelectType, name: str) -> None:
    alarm = select_type("AWS::CloudWatch::Alarm")[name]
    assert list_watched(alarm) == THROTTLES[name]
    assert alarm["Metrics"][0]["Expression"] == "SUM(FILL(METRICS(), 0))"
    assert {metric["MetricStat"]["Stat"] for metric in alarm["Metrics"][1:]} == {"Sum"}
    assert {metric["MetricStat"]["Period"] for metric in alarm["Metrics"][1:]} == {300}
    assert (alarm["DatapointsToAlarm"], alarm["EvaluationPeriods"]) == (2, 3)
    assert alarm["AlarmActions"] == NOTIFY


def test_dead_letters_ring_again_long_before_they_expire(select_type: SelectType) -> None:
    """What SQS moves keeps its age, and the queue can deliver it for ten days before."""
    seconds = select_type("AWS::CloudWatch::Alarm")["DeadLettersAgeAlarm"]["Threshold"]
    kept = select_type("AWS::SQS::Queue")["AuditDeadLetterQueue"]["MessageRetentionPeriod"]
    assert seconds + 1_000 * 900 <= kept - 86_400 / 2


class Series:
    """A time series of CloudWatch's metric math; None where a value is missing.

    Where a value is missing in one of two series, it is missing in their combination.
    """

    def __init__(self, values: Sequence[float | None]) -> None:
        self.values = values

    def __gt__(self, other: float) -> "Series":
        return Series([None if value is None else float(value > other) for value in self.values])


def fill(series: Series, value: object) -> Series:
    """Return the series with missing values replaced: by a number, or REPEAT."""
    filled: list[float | None] = []
    for found in series.values:
        missing = filled[-1] if filled and value == "REPEAT" else None
        filled.append(found if found is not None else missing if value == "REPEAT" else value)  # type: ignore[arg-type]  # then it is a number
    return Series(filled)


def choose(condition: Series, then: float, otherwise: Series) -> Series:
    """Return `IF`: a number where the condition holds, else the value of the series."""
    pairs = zip(condition.values, otherwise.values, strict=True)
    return Series([None if c is None else then if c else value for c, value in pairs])


def rings(
    alarm: Mapping[str, Any],
    logged: Sequence[float | None],
    runs: Sequence[float | None],
    history: int,
) -> list[int]:
    """Return the periods after which the alarm rings.

    CloudWatch takes the periods to evaluate and may take `history` earlier ones.
    """
    periods = alarm["EvaluationPeriods"]
    found = []
    for end in range(periods, len(logged) + 1):
        window = slice(max(0, end - periods - history), end)
        names = {
            "logged": Series(logged[window]),
            "runs": Series(runs[window]),
            "FILL": fill,
            "IF": choose,
            "REPEAT": "REPEAT",
        }
        expression = alarm["Metrics"][0]["Expression"]
        state = eval(expression, {"__builtins__": {}}, names)  # noqa: S307  # our own template's text
        if all((value or 0) > alarm["Threshold"] for value in state.values[-periods:]):
            found.append(end)
    return found


@pytest.mark.parametrize("history", [0, 1, 5])
@pytest.mark.parametrize(
    ("logged", "runs", "expected"),
    [
        pytest.param([9, 9, 9, 9], [3, 3, 3, 3], [], id="healthy"),
        pytest.param([None] * 6, [None] * 6, [], id="nothing happens"),
        pytest.param([9, 9, 9, 9], [3, None, None, None], [3, 4], id="trigger switched off"),
        pytest.param([None, 1, None, None], [None] * 4, [3], id="one event, and no ledger"),
        pytest.param([1, None, None, None], [None, 1, None, None], [], id="end of a period"),
        pytest.param([1, 1, 1, 1], [None, 1, 1, 1], [], id="end of a period, busy"),
        pytest.param([5, None, None], [5, None, None], [], id="committed, then quiet"),
        pytest.param([5, 5, 5], [1, 1, 1], [], id="duplicates: the ledger runs, commits none"),
        pytest.param([None, None, None], [2, None, 2], [], id="removals only"),
    ],
)
def test_an_alarm_rings_when_events_are_stored_and_the_ledger_does_not_run(
    select_type: SelectType,
    logged: Sequence[float | None],
    runs: Sequence[float | None],
    expected: list[int],
    history: int,
) -> None:
    alarm = select_type("AWS::CloudWatch::Alarm")[NOT_COMMITTED]
    assert list_watched(alarm) == [
        (NAMESPACE, "AuditEventsLogged", {"service": SERVICE}),
        (NAMESPACE, "AuditEventsCommitted", {"service": SERVICE}),
    ]
    stats = {metric["Id"]: metric["MetricStat"]["Stat"] for metric in alarm["Metrics"][1:]}
    assert stats == {"logged": "Sum", "runs": "SampleCount"}
    assert alarm["TreatMissingData"] == "notBreaching"
    assert alarm["AlarmActions"] == NOTIFY
    found = rings(alarm, logged, runs, history)
    assert set(expected) <= set(found)
    assert bool(found) == bool(expected)


def test_the_functions_emit_the_service_dimension_of_the_alarms(select_type: SelectType) -> None:
    for function in select_type("AWS::Lambda::Function").values():
        variables = function["Environment"]["Variables"]
        assert variables["POWERTOOLS_SERVICE_NAME"] == SERVICE
        assert variables["POWERTOOLS_METRICS_NAMESPACE"] == NAMESPACE


def test_the_dashboard_has_the_widgets_of_the_design(select_type: SelectType) -> None:
    (dashboard,) = select_type("AWS::CloudWatch::Dashboard").values()
    text, variables = dashboard["DashboardBody"]["Fn::Sub"]
    assert set(re.findall(r"\$\{(\w+)\}", text)) == {
        *variables,
        "ProcessorFunction",
        "LedgerFunction",
        "CheckpointFunction",
        "AuditEventsTable",
        "AuditLedgerTable",
    }
    widgets = json.loads(re.sub(r"\$\{[\w:]+\}", "x", text))["widgets"]
    assert {widget["properties"]["title"] for widget in widgets} == {
        "Events",
        "Success rate of logging (%)",
        "Ingest lag",
        "Batch duration",
        "Queue depth",
        "Dead letters",
        "Ledger iterator age and tampering",
        "Age of the oldest message (s)",
        "Throttles",
        "Stored and committed",
    }
    assert "100 * FILL(logged, 0) / (FILL(logged, 0) + FILL(failed, 0))" in text


def test_the_stack_has_the_outputs_that_its_users_need(template: Mapping[str, Any]) -> None:
    assert set(template["Outputs"]) == {
        "AuditQueueUrl",
        "AuditQueueArn",
        "AuditDeadLetterQueueUrl",
        "ApiUrl",
        "ConsoleUrl",
        "AuditEventsTableName",
        "AuditLedgerTableName",
        "OverflowBucketName",
        "LogBucketName",
        "VerifierKey",
        "MaskSecrets",
        "AuditReads",
        "ProducerPolicyArn",
        "ReaderPolicyArn",
        "PersonalDataReaderPolicyArn",
        "AuditorPolicyArn",
        "OperatorPolicyArn",
        "ShardCount",
    }
