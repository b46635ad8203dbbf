"""The settings from the environment: defaults, strict values, one read."""

import pytest

from prooftrail.errors import ConfigurationError
from prooftrail.runtime.config import Settings, get_settings


def test_an_empty_environment_has_defaults() -> None:
    assert Settings.from_environ({}) == Settings()
    assert Settings().masks_secrets
    assert Settings.from_environ({"SHARD_COUNT": "", "DETAILED_METRICS": ""}) == Settings()


def test_every_variable_is_read() -> None:
    environ = {
        "EVENTS_TABLE": "events",
        "LEDGER_TABLE": "ledger",
        "OVERFLOW_BUCKET": "bucket",
        "QUEUE_URL": "queue",
        "DEAD_LETTER_QUEUE_URL": "dead",
        "LOG_BUCKET": "log",
        "LOG_ORIGIN": "example.com/log",
        "SIGNING_KEY": "key.pem",
        "WITNESSES": "one two",
        "SHARD_COUNT": "16",
        "RETENTION_DAYS": "365",
        "DETAILED_METRICS": "true",
        "MASK_SECRETS": "false",
        "POWERTOOLS_SERVICE_NAME": "audit-log-prod",
        "AWS_SAM_LOCAL": "true",
    }
    assert Settings.from_environ(environ) == Settings(
        events_table="events",
        ledger_table="ledger",
        overflow_bucket="bucket",
        queue_url="queue",
        dead_letter_queue_url="dead",
        log_bucket="log",
        log_origin="example.com/log",
        signing_key="key.pem",
        witnesses="one two",
        shard_count=16,
        retention_days=365,
        has_detailed_metrics=True,
        masks_secrets=False,
        service="audit-log-prod",
        is_sam_local=True,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("SHARD_COUNT", text) for text in ("0", "3", "-4", "512", "four", "4.0")),
        ("RETENTION_DAYS", "-1"),
        ("RETENTION_DAYS", "x"),
        ("DETAILED_METRICS", "yes"),
        ("DETAILED_METRICS", "True"),
        ("MASK_SECRETS", "no"),
    ],
)
def test_a_wrong_value_names_its_variable(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        Settings.from_environ({name: value})


@pytest.mark.parametrize("count", [1, 2, 4, 8, 16, 32, 64, 128, 256])
def test_a_shard_count_is_a_power_of_two(count: int) -> None:
    assert Settings.from_environ({"SHARD_COUNT": str(count)}).shard_count == count


def test_the_process_reads_its_environment_only_on_first_use(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("EVENTS_TABLE", "one")
    assert get_settings().events_table == "one"
    monkeypatch.setenv("EVENTS_TABLE", "two")
    assert get_settings().events_table == "one"
