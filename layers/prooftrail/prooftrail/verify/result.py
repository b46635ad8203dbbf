"""The result of verifying a log or a whole trail."""

from dataclasses import dataclass, field
from enum import StrEnum

from prooftrail.tlog.checkpoint import Checkpoint
from prooftrail.verify.findings import Finding


class Outcome(StrEnum):
    """The outcome of a verification.

    `refuted`: there is evidence that nothing honest explains. `unproved`: nothing contradicts, but
    something that was asked for is not proved. `empty`: the log is new; there is nothing to verify.
    """

    VERIFIED = "verified"
    REFUTED = "refuted"
    UNPROVED = "unproved"
    EMPTY = "empty"


@dataclass(slots=True)
class TrailResult:
    """What was verified, and what was found. `checkpoint` is None if none could be trusted.

    `entries` are published, `unpublished` are only committed. `stored` events are in the table.
    These are explained, and so are no findings: `removed` events are named by a removal order,
    `expired` ones ended by their retention, `pending` ones were stored just now and are not in the
    ledger yet, `resent` entries are of events that were sent again after they had expired or been
    removed, `redelivered` items have the receipt of a later delivery, `held` items do not expire
    because a legal hold has lifted their expiry, and `dangling` references have no stored event: it
    was given up after they were written, or it is gone.
    `references` are those in the table (`event.references`).
    `publication_lags`: the published checkpoint is an earlier one than the ledger's.
    `findings` are evidence; `unproved` says what could not be proved.
    """

    checkpoint: Checkpoint | None = None
    entries: int = 0
    unpublished: int = 0
    stored: int = 0
    removed: int = 0
    expired: int = 0
    pending: int = 0
    resent: int = 0
    redelivered: int = 0
    held: int = 0
    references: int = 0
    dangling: int = 0
    publication_lags: bool = False
    findings: list[Finding] = field(default_factory=list)
    unproved: list[Finding] = field(default_factory=list)

    @property
    def outcome(self) -> Outcome:
        """The outcome, by the findings and by what is unproved."""
        if self.findings:
            return Outcome.REFUTED
        if self.unproved:
            return Outcome.UNPROVED
        return Outcome.EMPTY if self.checkpoint is None else Outcome.VERIFIED

    @property
    def is_verified(self) -> bool:
        """Whether a trusted checkpoint covers the trail and nothing contradicts it."""
        return self.outcome is Outcome.VERIFIED

    def to_json(self) -> dict[str, object]:
        """Return the result for scripts."""
        return {
            "outcome": self.outcome.value,
            "verified": self.is_verified,
            "checkpoint": str(self.checkpoint) if self.checkpoint else None,
            "entries": self.entries,
            "unpublished": self.unpublished,
            "stored": self.stored,
            "removed": self.removed,
            "expired": self.expired,
            "pending": self.pending,
            "resent": self.resent,
            "redelivered": self.redelivered,
            "held": self.held,
            "references": self.references,
            "dangling": self.dangling,
            "findings": [finding.to_json() for finding in self.findings],
            "unproved": [finding.to_json() for finding in self.unproved],
        }
