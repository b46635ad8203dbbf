"""A log that was stopped shows: its last word grows old."""

import pytest

from prooftrail.tlog.checkpoint import Checkpoint
from prooftrail.verify.silence import describe_silence
from tests.support.samples import NOW_MS

HOUR_MS = 3_600_000


@pytest.mark.parametrize(
    ("age_ms", "warning"),
    [
        (0, None),
        (55 * 60_000, None),
        (2 * HOUR_MS, None),
        (2 * HOUR_MS + 1, "the log has been silent since 20"),
        (365 * 24 * HOUR_MS, "the log has been silent since 20"),
        (-5 * 60_000, None),
        (-5 * 60_000 - 1, "ahead of this machine's clock"),
    ],
)
def test_a_log_is_silent_when_its_last_time_is_over_two_hours_ago(
    age_ms: int, warning: str | None
) -> None:
    found = describe_silence(Checkpoint("log", 1, bytes(32), NOW_MS - age_ms), NOW_MS)
    assert found is None if warning is None else warning in str(found)


def test_a_checkpoint_without_a_time_proves_nothing_about_silence() -> None:
    assert "does not say when" in str(describe_silence(Checkpoint("log", 1, bytes(32)), NOW_MS))
