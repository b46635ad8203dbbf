"""The limits of a sender."""

from dataclasses import dataclass

from prooftrail.client.sending.buffer import MAX_CALL_BYTES
from prooftrail.client.sending.spool import SEGMENT_BYTES


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a sender. Sizes are bytes of the events' JSON.

    A call to SQS starts at `flush_bytes`, `flush_count` or `flush_seconds`, whichever is reached
    first. `buffer_bytes` limits the memory and `spool_bytes` the disk. `block_seconds` limits the
    wait for room with `on_outage="block"`, `exit_seconds` the wait at the end of the process.
    """

    buffer_bytes: int = 8 * 1024 * 1024
    spool_bytes: int = 256 * 1024 * 1024
    flush_bytes: int = MAX_CALL_BYTES * 7 // 8
    flush_count: int = 2_000
    flush_seconds: float = 1.0
    block_seconds: float = 1.0
    exit_seconds: float = 5.0

    @property
    def segment_bytes(self) -> int:
        """The size at which a spool file is closed. The buffer has room for several."""
        return min(SEGMENT_BYTES, self.buffer_bytes // 4)
