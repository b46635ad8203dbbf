"""The result of verifying a log or a whole trail."""

from dataclasses import dataclass, field

from prooftrail.tlog.checkpoint import Checkpoint
from prooftrail.verify.findings import Finding


@dataclass(slots=True)
class TrailResult:
    """What was verified, and what was found. `checkpoint` is None if none could be trusted.

    `entries` are published, `unpublished` are only committed. `stored` events are in the table.
    `removed` events are named by a removal order, `expired` ones ended by their retention, and
    `pending` ones are not in the ledger yet.
    """

    checkpoint: Checkpoint | None = None
    entries: int = 0
    unpublished: int = 0
    stored: int = 0
    removed: int = 0
    expired: int = 0
    pending: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_verified(self) -> bool:
        """Whether a trusted checkpoint covers the trail and nothing contradicts it."""
        return self.checkpoint is not None and not self.findings

    def to_json(self) -> dict[str, object]:
        """Return the result for scripts."""
        return {
            "verified": self.is_verified,
            "checkpoint": str(self.checkpoint) if self.checkpoint else None,
            "entries": self.entries,
            "unpublished": self.unpublished,
            "stored": self.stored,
            "removed": self.removed,
            "expired": self.expired,
            "pending": self.pending,
            "findings": [finding.to_json() for finding in self.findings],
        }
