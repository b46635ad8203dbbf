"""How long a log is silent: it signs at least once an hour which checkpoint is its latest."""

from typing import Final

from prooftrail.event.times import HOUR_MS, format_timestamp
from prooftrail.tlog.checkpoint import Checkpoint

MAX_SILENCE_MS: Final = 2 * HOUR_MS
MAX_AHEAD_MS: Final = HOUR_MS // 12


def describe_silence(checkpoint: Checkpoint, now_ms: int) -> str | None:
    """Return what is wrong with the time of a log's latest checkpoint, or None.

    Silence refutes nothing: the log may have been stopped, or the checkpoint may be an old copy.
    """
    if checkpoint.signed_ms is None:
        return (
            "the checkpoint does not say when it was the latest: an older version published it, "
            "so a log that was stopped cannot be told from one without new events"
        )
    time = format_timestamp(checkpoint.signed_ms)
    if now_ms - checkpoint.signed_ms > MAX_SILENCE_MS:
        return (
            f"the log has been silent since {time}: it should say at least once an hour which "
            "checkpoint is its latest. Newer events may be missing here"
        )
    if checkpoint.signed_ms - now_ms > MAX_AHEAD_MS:
        return f"the log signed at {time}, which is ahead of this machine's clock"
    return None
