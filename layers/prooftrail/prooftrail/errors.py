"""Everything that can go wrong, under one root.

An error carries fields rather than prose, says whether trying again can help (`retryable`)
and has a stable `code` for machines; `str(error)` is the text for people.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

MAX_SHOWN_PROBLEMS = 20


class AuditLogError(Exception):
    """The root of the project's errors."""

    code: ClassVar[str] = "internal_error"
    retryable: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class Problem:
    """One broken rule: where (`details.a`), which rule, and the value's type or length."""

    path: str
    rule: str
    got: str = ""

    def __str__(self) -> str:
        """One line: keys are the producer's, and may hold anything."""
        path = "".join(
            one if one.isprintable() else one.encode("unicode_escape").decode() for one in self.path
        )
        text = f"{path}: {self.rule}" if path else self.rule
        return f"{text} (got {self.got})" if self.got else text


def describe_type(value: object) -> str:
    """A JSON value's type and size, in place of the value."""
    match value:
        case bool():
            return "boolean"
        case str():
            return f"string of length {len(value)}"
        case int() | float():
            return "number"
        case list():
            return f"list of length {len(value)}"
        case dict():
            return f"object of {len(value)} keys"
        case None:
            return "null"
        case _:
            return type(value).__name__


MISSING = "required"


def _describe(problems: Sequence[Problem]) -> str:
    missing = [problem.path for problem in problems if problem.rule == MISSING]
    texts = [str(problem) for problem in problems if problem.rule != MISSING]
    if missing:
        texts.insert(0, f"Missing required audit fields: {', '.join(missing)}")
    if len(texts) > MAX_SHOWN_PROBLEMS:
        texts = [*texts[:MAX_SHOWN_PROBLEMS], f"and {len(texts) - MAX_SHOWN_PROBLEMS} more"]
    return "; ".join(texts)


class InvalidEventError(AuditLogError):
    """An event breaks the rules of the model; `problems` names every one."""

    code = "invalid_event"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(_describe(self.problems))


class InvalidTimestampError(AuditLogError):
    """A text is not an RFC 3339 date and time with an offset, from 1970 on."""

    code = "invalid_timestamp"


class InvalidAddressError(AuditLogError):
    """A text is not an IPv4 or IPv6 address."""

    code = "invalid_address"


class CanonicalizationError(AuditLogError):
    """A value has no RFC 8785 form: an integer of 2^53 or more, NaN, a lone surrogate, too deep."""

    code = "not_canonicalizable"

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


class MalformedJobError(AuditLogError):
    """A message's body is not a job envelope."""

    code = "malformed_job"


class UnknownJobTypeError(AuditLogError):
    """A job's type is none that the processor knows."""

    code = "unknown_job_type"


class EventTooLargeError(AuditLogError):
    """An event that no message of the queue can carry."""

    code = "event_too_large"

    def __init__(self, size: int, limit: int) -> None:
        self.size = size
        self.limit = limit
        super().__init__(f"an event's message must have at most {limit} bytes (got {size})")


class InvalidDeadLetterError(AuditLogError):
    """A dead letter that the processor would quarantine again."""

    code = "invalid_letter"


class DeadLettersNotFoundError(AuditLogError):
    """The dead-letter queue did not show letters with these ids."""

    code = "letters_not_found"

    def __init__(self, ids: Sequence[str], looked_at: int) -> None:
        self.ids = tuple(ids)
        super().__init__(f"not among what was looked at, {looked_at} in all: {', '.join(ids)}")


class IdCollisionError(AuditLogError):
    """Two different events claim one id: only a producer that searched for it can do that."""

    code = "id_collision"

    def __init__(self, event_id: str) -> None:
        self.event_id = event_id
        super().__init__(f"another event of this batch has the id {event_id}")


class InvalidBodyError(AuditLogError):
    """A request's body is not what its route takes; an event's own faults are other errors."""

    code = "invalid_body"


class InaccessibleError(AuditLogError):
    """AWS, a published log or a local file cannot be read or written now.

    It is not reachable, not configured, or it refuses. The command line's exit code is 3.
    """


class StoreUnavailableError(InaccessibleError):
    """The store throttled, timed out or left the item unprocessed."""

    code = "store_unavailable"
    retryable = True


class StoreRejectedError(InaccessibleError):
    """The store refused the request: permissions, a missing table, an item against its rules."""

    code = "store_rejected"


class QueueUnavailableError(InaccessibleError):
    """A queue did not take a message."""

    code = "queue_unavailable"
    retryable = True


class QueueThrottledError(QueueUnavailableError):
    """A queue takes fewer messages now than it is sent."""

    code = "queue_throttled"


class QueueRejectedError(InaccessibleError):
    """A queue refused a message for good: permissions, a missing queue, what it does not carry."""

    code = "queue_rejected"


class LocalFileError(InaccessibleError):
    """A file on this machine cannot be read or written: permissions, a full disk."""

    code = "local_file_failed"

    @classmethod
    def from_os_error(cls, error: OSError, name: object) -> Self:
        """Return the error for the file `name`, or for the file that `error` names."""
        reason = error.strerror or str(error)
        return cls(f"{error.filename or name}: {reason}")


class CorruptRecordError(AuditLogError):
    """A stored item does not hold what its key promises."""

    code = "corrupt_record"


class ConfigurationError(AuditLogError):
    """The environment does not configure the function."""

    code = "configuration_error"


class UnconfiguredAwsError(ConfigurationError, InaccessibleError):
    """AWS cannot even be asked: no region, no such profile."""


class ShardCountMismatchError(AuditLogError):
    """The table was made with another shard count: events would be looked for in wrong places."""

    code = "shard_count_mismatch"

    def __init__(self, configured: int, recorded: int) -> None:
        self.configured = configured
        self.recorded = recorded
        super().__init__(
            f"SHARD_COUNT is {configured}, but the trail was begun with {recorded}; "
            "the count is part of every event's address and cannot change"
        )


class AlreadyCommittedError(AuditLogError):
    """The ledger holds a commit with this first sequence number; `last` is where it ends."""

    code = "already_committed"

    def __init__(self, last: str) -> None:
        self.last = last
        super().__init__(f"committed up to {last}")


class HeadMovedError(AuditLogError):
    """Another stream shard committed first."""

    code = "head_moved"
    retryable = True


class InvalidQueryError(AuditLogError):
    """A request's parameters break the rules of the API; `problems` names every one."""

    code = "invalid_query"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(str(problem) for problem in self.problems[:MAX_SHOWN_PROBLEMS]))


class RangeTooLargeError(InvalidQueryError):
    """The answer would cost more than one request may."""

    code = "range_too_large"


class InvalidCursorError(InvalidQueryError):
    """A cursor that this API did not give out for this tenant, these filters and this order."""

    code = "invalid_cursor"

    def __init__(self, rule: str) -> None:
        super().__init__([Problem("cursor", rule)])


class TenantForbiddenError(AuditLogError):
    """The caller may neither read this tenant's events nor send some."""

    code = "tenant_forbidden"


class EventNotFoundError(AuditLogError):
    """The tenant has no event with this id."""

    code = "event_not_found"

    def __init__(self, event_id: str) -> None:
        self.event_id = event_id
        super().__init__(f"no event {event_id}")


class NotPublishedError(AuditLogError):
    """What was asked for is stored, but no checkpoint covers it yet."""

    code = "not_published"

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is not published yet; a checkpoint is made every minute")


class InvalidProofError(AuditLogError):
    """A Merkle proof that does not show what it should."""

    code = "invalid_proof"


class MalformedNoteError(AuditLogError):
    """A text is not a signed note, a checkpoint, or a verifier key."""

    code = "malformed_note"


class UntrustedNoteError(AuditLogError):
    """A note is not signed by a key that is trusted, or a signature of such a key is wrong."""

    code = "untrusted_note"


class InvalidPolicyError(AuditLogError):
    """A text is not a policy of logs, witnesses and a quorum."""

    code = "invalid_policy"


class MalformedProofError(AuditLogError):
    """A text is not a tlog-proof, or a bundle of an event and its proof."""

    code = "malformed_proof"


class MalformedExportError(AuditLogError):
    """An export's manifest or one of its files is not what an export writes."""

    code = "malformed_export"


class MalformedTileError(AuditLogError):
    """A tile or an entry bundle does not hold what its path promises."""

    code = "malformed_tile"


class TileMissingError(AuditLogError):
    """A tile that a checkpoint covers is not where it must be."""

    code = "tile_missing"

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(f"{path} is missing")


class TileNotFoundError(AuditLogError):
    """The log has no tile at this path."""

    code = "tile_not_found"

    def __init__(self, path: str) -> None:
        super().__init__(f"no tile {path[:100]}")


class InconsistentLogError(AuditLogError):
    """The log would contradict what it has published: somebody changed its past."""

    code = "inconsistent_log"


class CounterMovedError(AuditLogError):
    """A counter was counted up meanwhile."""

    code = "counter_moved"
    retryable = True


class CleanupStalledError(AuditLogError):
    """The ledger did not commit a clean-up's orders in time."""

    code = "cleanup_stalled"
    retryable = True

    def __init__(self, run_id: str, removed: int, waited_seconds: float) -> None:
        self.run_id = run_id
        self.removed = removed
        super().__init__(
            f"the ledger has not committed the next orders of the run {run_id} within "
            f"{waited_seconds:g} s: does its function work? {removed} events were removed before, "
            "none of these; to run again is safe"
        )


class CheckpointMovedError(AuditLogError):
    """Another run published first."""

    code = "checkpoint_moved"
    retryable = True


class WitnessError(AuditLogError):
    """A witness gave no cosignature."""

    code = "witness_failed"


class SigningError(AuditLogError):
    """The key's keeper did not sign, or not as the verifier key says."""

    code = "signing_failed"


class SpoolError(AuditLogError):
    """The producer's spool cannot be used: the folder, the disk, a file of it."""

    code = "spool_unusable"


class SpoolBusyError(SpoolError):
    """The system lacks what it takes to read the producer's spool now: descriptors, memory."""

    code = "spool_busy"
    retryable = True


class SpoolFullError(SpoolError):
    """The producer's spool holds as much as it may."""

    code = "spool_full"
