"""All errors of the project, under one root.

An error has a stable `code` for machines, says whether a retry can help (`retryable`), and keeps
what it is about in fields. `str(error)` is the text for people.
"""

import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Self

MAX_SHOWN_PROBLEMS: Final = 20
MAX_SHOWN_PATH_LENGTH: Final = 100


class AuditLogError(Exception):
    """The root of the project's errors."""

    code: ClassVar[str] = "internal_error"
    retryable: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class Problem:
    """A broken rule: the path to the value (`details.a`), the rule, and its type or length."""

    path: str
    rule: str
    got: str = ""

    def __str__(self) -> str:
        """Return one line of printable text. A producer chooses the keys in the path."""
        path = "".join(
            char if char.isprintable() else char.encode("unicode_escape").decode()
            for char in self.path
        )
        text = f"{path}: {self.rule}" if path else self.rule
        return f"{text} (got {self.got})" if self.got else text


def shorten_path(path: str) -> str:
    """Return the path, with `…` in place of what is beyond `MAX_SHOWN_PATH_LENGTH`."""
    return path if len(path) <= MAX_SHOWN_PATH_LENGTH else f"{path[:MAX_SHOWN_PATH_LENGTH]}…"


def describe_type(value: object) -> str:
    """Return a JSON value's type and size, to show in place of the value."""
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


MISSING: Final = "required"


def _describe_problems(problems: Sequence[Problem], unlisted_count: int) -> str:
    missing = [problem.path for problem in problems if problem.rule == MISSING]
    texts = [str(problem) for problem in problems if problem.rule != MISSING]
    if missing:
        texts.insert(0, f"Missing required audit fields: {', '.join(missing)}")
    more = len(texts) - MAX_SHOWN_PROBLEMS + unlisted_count
    if more > 0:
        texts = [*texts[:MAX_SHOWN_PROBLEMS], f"and {more} more"]
    return "; ".join(texts)


class InvalidEventError(AuditLogError):
    """An event breaks rules of the model.

    `problems` has the broken rules, except for `unlisted_count` names that are not fields.
    """

    code = "invalid_event"

    def __init__(self, problems: Sequence[Problem], unlisted_count: int = 0) -> None:
        self.problems = tuple(problems)
        self.unlisted_count = unlisted_count
        super().__init__(_describe_problems(self.problems, unlisted_count))


class InvalidTimestampError(AuditLogError):
    """A text is not an RFC 3339 date and time with an offset, from 1970 on."""

    code = "invalid_timestamp"


class InvalidAddressError(AuditLogError):
    """A text is not an IPv4 or IPv6 address."""

    code = "invalid_address"


class InvalidTraceIdError(AuditLogError):
    """A text is not a trace id of W3C Trace Context."""

    code = "invalid_trace_id"


class CanonicalizationError(AuditLogError):
    """A value has no RFC 8785 form. `problem` names the first part without one.

    These have none: an integer beyond ±(2^53-1) without the digits of a double, NaN or infinity, a
    lone surrogate, a key that is not text, a value that is not JSON, more than 100 levels of
    nesting.
    """

    code = "not_canonicalizable"

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


class MalformedJobError(AuditLogError):
    """The body of a queue message is not a job."""

    code = "malformed_job"


class ProcessingFailedError(AuditLogError):
    """The processor failed at a message, by a fault of its own. It does not fail at the others.

    `trace` has the lines of the fault's traceback, without its text, which can hold values. The
    fault itself is not kept, because its frames keep the message's values in memory.
    """

    code = "processing_failed"

    def __init__(self, fault: Exception) -> None:
        self.fault_type = type(fault).__name__
        self.trace = traceback.format_tb(fault.__traceback__)
        super().__init__(f"the processor failed at this message ({self.fault_type})")


class UnknownJobTypeError(AuditLogError):
    """The processor does not know this job type."""

    code = "unknown_job_type"


class EventTooLargeError(AuditLogError):
    """An event does not fit into a message of the queue."""

    code = "event_too_large"

    def __init__(self, size: int, limit: int) -> None:
        self.size = size
        self.limit = limit
        super().__init__(
            f"the event is too large: a message has at most {limit} bytes (got {size})"
        )


class InvalidDeadLetterError(AuditLogError):
    """A dead letter cannot be sent again: the processor would refuse it."""

    code = "invalid_letter"


class DeadLettersNotFoundError(AuditLogError):
    """The dead-letter queue did not return dead letters with these ids."""

    code = "letters_not_found"

    def __init__(self, ids: Sequence[str], scanned: int) -> None:
        self.ids = tuple(ids)
        super().__init__(f"not found in the {scanned} dead letters scanned: {', '.join(ids)}")


class AmbiguousIdError(AuditLogError):
    """An id that was given is the beginning of the ids of several dead letters."""

    code = "ambiguous_id"

    def __init__(self, given: str, ids: Sequence[str]) -> None:
        self.ids = tuple(ids)
        shown = ", ".join(ids[:MAX_SHOWN_PROBLEMS])
        more = f" and {len(ids) - MAX_SHOWN_PROBLEMS} more" if len(ids) > MAX_SHOWN_PROBLEMS else ""
        super().__init__(
            f"{given}: several dead letters have an id that begins like this, give more of it: "
            f"{shown}{more}"
        )


class IdCollisionError(AuditLogError):
    """Two different events have one id. Only a producer that searched for it can cause that."""

    code = "id_collision"

    def __init__(self, event_id: str) -> None:
        self.event_id = event_id
        super().__init__(f"the event's id {event_id} belongs to another event of this batch too")


class InvalidBodyError(AuditLogError):
    """A request's body is not what its route takes. An invalid event in it is another error."""

    code = "invalid_body"


class InaccessibleError(AuditLogError):
    """AWS, a published log or a local file cannot be read or written now.

    It is not reachable, not configured, or it refuses. The command line's exit code is 3.
    """


class StoreUnavailableError(InaccessibleError):
    """The store throttles, does not respond in time, or left an item unprocessed."""

    code = "store_unavailable"
    retryable = True


class StoreThrottledError(StoreUnavailableError):
    """The store throttles a request, or left an item unprocessed. It responds quickly."""


class OutOfTimeError(StoreUnavailableError):
    """An invocation has no time left for a call that may take long."""

    def __init__(self) -> None:
        super().__init__("the time of the invocation was used up")


class StoreRejectedError(InaccessibleError):
    """The store refuses the request: no permission, no such table, a disabled key."""

    code = "store_rejected"


class ContentRejectedError(StoreRejectedError):
    """The store refuses what a request contains: an item or a payload against its rules."""

    code = "content_rejected"


class QueueUnavailableError(InaccessibleError):
    """A queue does not take a message now."""

    code = "queue_unavailable"
    retryable = True


class QueueThrottledError(QueueUnavailableError):
    """A queue throttles: it is sent more messages than it takes."""

    code = "queue_throttled"


class RateExceededError(AuditLogError):
    """A tenant sends more events than its rate allows."""

    code = "rate_exceeded"
    retryable = True

    def __init__(self, retry_after_seconds: int) -> None:
        self.retry_after_seconds = retry_after_seconds
        super().__init__(
            "the tenant sends more events than its rate allows: try again in "
            f"{retry_after_seconds} s, or raise the stack's parameter TenantEventsPerSecond"
        )


class QueueRejectedError(InaccessibleError):
    """A queue refuses a message for good: no permission, no such queue, content it cannot carry."""

    code = "queue_rejected"


class LocalFileError(InaccessibleError):
    """A file on this machine cannot be read or written: no permission, a full disk."""

    code = "local_file_failed"

    @classmethod
    def from_os_error(cls, error: OSError, name: object) -> Self:
        """Return the error for the file `name`, or for the file that `error` names."""
        reason = error.strerror or str(error)
        return cls(f"{error.filename or name}: {reason}")


class ExportBusyError(InaccessibleError):
    """Another export is being written into this folder, or has taken it over."""

    code = "export_busy"

    def __init__(self, folder: str) -> None:
        self.folder = folder
        super().__init__(f"{folder}: another export is being written there")


class CorruptRecordError(AuditLogError):
    """A stored item does not have the content that its key requires."""

    code = "corrupt_record"


class PayloadMissingError(CorruptRecordError):
    """The payload of a stored event is not in the bucket."""


class TooManyNodesError(CorruptRecordError):
    """A stored event has more values than its reader takes."""


class ConfigurationError(AuditLogError):
    """The configuration of a function, a command or the producer is missing or not valid."""

    code = "configuration_error"


class UnconfiguredAwsError(ConfigurationError, InaccessibleError):
    """AWS cannot be called: there is no region, or no such profile."""


class StackNotFoundError(ConfigurationError, InaccessibleError):
    """The operator named no CloudFormation stack, or one that does not exist."""


class CredentialsError(InaccessibleError):
    """The operator's AWS credentials are missing, have expired, or AWS refuses them."""

    code = "credentials_refused"


class ShardCountMismatchError(AuditLogError):
    """The trail was created with another shard count, so its events would not be found."""

    code = "shard_count_mismatch"

    def __init__(self, configured: int, recorded: int) -> None:
        self.configured = configured
        self.recorded = recorded
        super().__init__(
            f"SHARD_COUNT is {configured}, but the trail was created with {recorded}: set it to "
            f"{recorded}; the count is part of every event's address and cannot change"
        )


class AlreadyCommittedError(AuditLogError):
    """The ledger has a commit with this first sequence number already. `last` is its last one."""

    code = "already_committed"

    def __init__(self, last: str) -> None:
        self.last = last
        super().__init__(f"the commit exists already, up to sequence number {last}")


class HeadMovedError(AuditLogError):
    """The ledger's head moved: another stream shard committed first."""

    code = "head_moved"
    retryable = True


class InvalidQueryError(AuditLogError):
    """A request's parameters break rules of the API. `problems` has every broken rule."""

    code = "invalid_query"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(str(problem) for problem in self.problems[:MAX_SHOWN_PROBLEMS]))


class RangeTooLargeError(InvalidQueryError):
    """The response would cost more than one request may cost."""

    code = "range_too_large"


class InvalidCursorError(InvalidQueryError):
    """The API did not return this cursor for this tenant, these filters and this order."""

    code = "invalid_cursor"

    def __init__(self, rule: str) -> None:
        super().__init__([Problem("cursor", rule)])


class TenantForbiddenError(AuditLogError):
    """The caller may neither read nor send events of this tenant."""

    code = "tenant_forbidden"


class GroupMissingError(AuditLogError):
    """The caller's token does not name the group that the route takes."""

    code = "group_missing"

    def __init__(self, group: str) -> None:
        self.group = group
        super().__init__(f"the token does not name the group {group}, which this route takes")


class EventNotFoundError(AuditLogError):
    """The tenant has no event with this id."""

    code = "event_not_found"

    def __init__(self, event_id: str) -> None:
        self.event_id = event_id
        super().__init__(f"event {event_id} does not exist")


class EventNotInTenantError(AuditLogError):
    """An operator looked for an event in a tenant that does not have it.

    `found_in` is the tenant that has it, or None if none of those that were looked in has it.
    """

    code = EventNotFoundError.code

    def __init__(self, event_id: str, tenant_id: str, found_in: str | None = None) -> None:
        self.event_id = event_id
        self.tenant_id = tenant_id
        self.found_in = found_in
        advice = f"give --tenant {found_in}" if found_in else "check --tenant"
        super().__init__(f"{advice}: tenant {tenant_id} has no event {event_id}")


class NotPublishedError(AuditLogError):
    """An event or the log is stored, but no checkpoint covers it yet."""

    code = "not_published"

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what} is not published yet: a checkpoint is made every minute, try again then"
        )


class UnprovedError(AuditLogError):
    """Something cannot be proved, and nothing contradicts it. The command line's exit code is 4."""

    code = "unproved"


class InvalidProofError(AuditLogError):
    """A Merkle proof does not prove what it must prove."""

    code = "invalid_proof"


class MalformedNoteError(AuditLogError):
    """A text is not a signed note, a checkpoint or a verifier key."""

    code = "malformed_note"


class UntrustedNoteError(AuditLogError):
    """A note has no signature of a trusted key, or a trusted key's signature is not valid."""

    code = "untrusted_note"


class InvalidPolicyError(AuditLogError):
    """A text is not a policy: logs, witnesses, groups and a quorum."""

    code = "invalid_policy"


class MalformedProofError(AuditLogError):
    """A text is neither a tlog-proof nor a bundle of an event and its proof."""

    code = "malformed_proof"


class MalformedExportError(AuditLogError):
    """An export's manifest or one of its files does not have the form that an export has."""

    code = "malformed_export"


class MalformedTileError(AuditLogError):
    """A tile or an entry bundle does not have the content that its path requires."""

    code = "malformed_tile"


class TileMissingError(AuditLogError):
    """A tile that a checkpoint covers is missing."""

    code = "tile_missing"

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(f"{path} is missing")


class TileNotFoundError(AuditLogError):
    """The log has no tile at this path."""

    code = "tile_not_found"

    def __init__(self, path: str) -> None:
        super().__init__(f"tile {path[:100]} does not exist")


class CheckpointNotInLogError(AuditLogError):
    """The log never had the state of a given checkpoint."""

    code = "checkpoint_not_in_log"


class InconsistentLogError(AuditLogError):
    """The ledger contradicts what the log has published: somebody changed its past."""

    code = "inconsistent_log"


class CounterMovedError(AuditLogError):
    """A counter moved: the ledger has changed it meanwhile."""

    code = "counter_moved"
    retryable = True


class CleanupStalledError(AuditLogError):
    """The ledger did not commit the removal orders of a clean-up in time."""

    code = "cleanup_stalled"
    retryable = True

    def __init__(self, run_id: str, removed: int, waited_seconds: float) -> None:
        self.run_id = run_id
        self.removed = removed
        super().__init__(
            f"the ledger did not commit the next removal orders of run {run_id} within "
            f"{waited_seconds:g} s. {removed} events were removed before; those that these orders "
            "name are still stored. Check the ledger function, then run the command again: that is "
            "safe"
        )


class ErasureRefusedError(AuditLogError):
    """The erasure of a person would leave a record that names them, or is not possible here."""

    code = "erasure_refused"


class HoldStalledError(AuditLogError):
    """The ledger did not commit the orders of a legal hold in time."""

    code = "hold_stalled"
    retryable = True

    def __init__(self, hold_id: str, waited_seconds: float) -> None:
        self.hold_id = hold_id
        super().__init__(
            f"the ledger did not commit the next orders of the hold {hold_id} within "
            f"{waited_seconds:g} s. Check the ledger function. Then see `prooftrail hold list`, "
            "and run `prooftrail hold apply` or `prooftrail hold release`: that is safe"
        )


class HoldMissingError(AuditLogError):
    """The tenant has no such hold."""

    code = "hold_missing"

    def __init__(self, tenant_id: str, hold_id: str) -> None:
        super().__init__(f"{tenant_id} has no hold {hold_id}: see `prooftrail hold list`")


class HeldError(AuditLogError):
    """A legal hold covers events that were to be removed."""

    code = "held"

    def __init__(self, hold_ids: Sequence[str], removed: int = 0) -> None:
        self.hold_ids = hold_ids
        self.removed = removed
        super().__init__(
            f"refused for the legal hold {', '.join(hold_ids)}: see `prooftrail hold list`. "
            f"{removed} events were removed before"
        )


class CheckpointMovedError(AuditLogError):
    """The checkpoint moved: another run published first."""

    code = "checkpoint_moved"
    retryable = True


class WitnessError(AuditLogError):
    """A witness did not return a cosignature."""

    code = "witness_failed"


class SigningError(AuditLogError):
    """The signer did not sign, or its signature does not match the verifier key."""

    code = "signing_failed"


class SpoolError(AuditLogError):
    """The producer's spool cannot be used, because of its folder, its disk or one of its files."""

    code = "spool_unusable"


class SpoolBusyError(SpoolError):
    """The producer's spool cannot be read now: the system lacks file descriptors or memory."""

    code = "spool_busy"
    retryable = True


class SpoolFullError(SpoolError):
    """The producer's spool has reached its size limit."""

    code = "spool_full"
