"""`AuditLogger`: what an application logs with."""

import json
import logging
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from socket import gethostname
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Literal, Self, Unpack

from prooftrail.aws.queue import SqsJobQueue
from prooftrail.client.connection import connect, find_queue_url
from prooftrail.client.context import in_context
from prooftrail.client.delivery import Delivery
from prooftrail.client.drops import Dropped
from prooftrail.client.fields import EventFields
from prooftrail.client.limits import Limits
from prooftrail.client.masking import Masking
from prooftrail.client.processes import ProcessLocal
from prooftrail.client.sender import Sender
from prooftrail.client.spool import Spool, default_folder
from prooftrail.errors import AuditLogError, ConfigurationError, InvalidEventError, Problem
from prooftrail.event.canonical import canonicalize, compute_digest
from prooftrail.event.ids import make_id
from prooftrail.event.model import DEFAULT_TENANT, AuditEvent
from prooftrail.event.times import format_timestamp, now_ms, parse_timestamp
from prooftrail.intake.packing import check_size
from prooftrail.intake.ports import JobQueue

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

OnOutage = Literal["spool", "block", "drop"]
DROPPED_ACTION: Final = "audit.events.dropped"
DROPPED_RESOURCE: Final = "audit-log"

_FREE: Final = frozenset({"details", "metadata", "changes", "user_agent", "error_message"})
_SHOWN_LENGTH: Final = 500

_log = logging.getLogger("prooftrail.client")
_encode = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode
_JSON_NAMES: Final = {
    "user_id": "userId",
    "username": "username",
    "tenant_id": "tenantId",
    "details": "details",
    "metadata": "metadata",
    "changes": "changes",
    "ip_address": "ipAddress",
    "user_agent": "userAgent",
    "session_id": "sessionId",
    "request_id": "requestId",
    "success": "success",
    "error_message": "errorMessage",
    "event_id": "eventId",
    "timestamp": "timestamp",
    "action": "action",
    "resource_type": "resourceType",
    "resource_id": "resourceId",
}


class AuditLogger:
    """Logs audit events to the queue of an audit log, in the background.

    `log` validates, masks and answers the event's id at once; it never waits for the queue and
    never raises, unless `strict` or `on_outage="block"` asks for it. Made once for a process, used
    by all of its threads; after a fork each process goes on with its own.

    What the queue does not take now is tried again, for ever. What then does not fit into
    `limits.buffer_bytes` of memory goes, by `on_outage`,

    - `spool`: to a folder on disk, `spool_folder`. There every event is written before `log`
      returns, so that a process which dies loses none; the next one that starts, or already runs,
      with the same folder sends them. When the machine itself fails, what was logged in the last
      seconds can be lost. Needs POSIX.
    - `block`: nowhere: `log` waits up to `limits.block_seconds` for room, then drops.
    - `drop`: nowhere: it is dropped at once.

    How many were dropped, and why, is logged as an audit event of the action
    `audit.events.dropped` once the queue takes messages again.

    Without `queue_url` the environment variable `PROOFTRAIL_QUEUE_URL` is read. `tenant_id` is that
    of events which name none. `masking` says which keys are secrets and what
    becomes of addresses. `make_client` makes the SQS client, once in each process that sends.
    `is_packing` lets several events share a message.

    Raises:
        ConfigurationError: The URL is missing or not valid, or `on_outage` is not known.
    """

    def __init__(
        self,
        queue_url: str | None = None,
        *,
        tenant_id: str | None = None,
        strict: bool = False,
        masking: Masking | None = None,
        on_outage: OnOutage = "spool",
        spool_folder: Path | str | None = None,
        limits: Limits | None = None,
        is_packing: bool = True,
        make_client: "Callable[[], SQSClient] | None" = None,
        clock_ms: Callable[[], int] = now_ms,
        make_event_id: Callable[[], str] = lambda: secrets.token_hex(16),
    ) -> None:
        queue_url = find_queue_url(queue_url)
        if on_outage not in {"spool", "block", "drop"}:
            raise ConfigurationError(f"on_outage must be spool, block or drop (got {on_outage!r})")
        self._tenant_id = tenant_id or DEFAULT_TENANT
        self._strict = strict
        self._masking = masking or Masking()
        self._clock_ms = clock_ms
        self._make_event_id = make_event_id
        self._invalid = 0
        limits = limits or Limits()
        make_spool = None
        if on_outage == "spool":
            make_spool = partial(_spool, queue_url, spool_folder, limits)
        self._sender = ProcessLocal(
            partial(
                Sender,
                partial(_queue, queue_url, make_client or partial(connect, queue_url)),
                make_spool,
                limits,
                report=self._report_of,
                name=queue_url,
                is_blocking=on_outage == "block",
                is_packing=is_packing,
            )
        )

    def log(
        self, *, action: str, resource_type: str, resource_id: str, **fields: Unpack[EventFields]
    ) -> str:
        """Log one operation, and answer the id that its event will be stored with.

        What the fields leave open comes from the context (`audit_context`, a middleware). An event
        that breaks the model's rules is told in the log and counted in `invalid`. Where the fault
        is in what is free to hold anything (details, metadata, changes, user agent, error message:
        often somebody else's input), the event is logged without these, and says so in its
        metadata. Otherwise it is refused: the answer is an empty text, as for one that is dropped.

        Raises:
            InvalidEventError: with `strict`, the event breaks a rule; it says which.
        """
        named = {"action": action, "resource_type": resource_type, "resource_id": resource_id}
        encoded: tuple[str, str] | None
        try:
            encoded = self._encoded({**fields, **named})
        except Exception as error:
            if self._strict:
                raise
            encoded = self._reduced({**fields, **named}, error)
            self._tell_invalid(action, error, is_refused=encoded is None)
        if encoded is None:
            return ""
        event_id, text = encoded
        return event_id if self._sender.get().accept(text) else ""

    def log_success(
        self, *, action: str, resource_type: str, resource_id: str, **fields: Unpack[EventFields]
    ) -> str:
        """Log an operation that succeeded; see `log`."""
        fields["success"] = True
        return self.log(
            action=action, resource_type=resource_type, resource_id=resource_id, **fields
        )

    def log_failure(
        self,
        *,
        action: str,
        resource_type: str,
        resource_id: str,
        error: BaseException | str | None = None,
        **fields: Unpack[EventFields],
    ) -> str:
        """Log an operation that failed, and why; see `log`."""
        return self.log(
            action=action,
            resource_type=resource_type,
            resource_id=resource_id,
            **failed(fields, error),
        )

    def _encoded(self, fields: Mapping[str, Any]) -> tuple[str, str]:
        """The event's id, and its JSON in ASCII with time, tenant and event id fixed."""
        return self._encoded_alone(in_context(fields))

    def _encoded_alone(self, fields: Mapping[str, Any]) -> tuple[str, str]:
        now_ms = self._clock_ms()
        raw = {_JSON_NAMES.get(name, name): value for name, value in fields.items()}
        raw.setdefault("tenantId", self._tenant_id)
        timestamp = raw.get("timestamp")
        if isinstance(timestamp, datetime):
            raw["timestamp"] = _in_utc(timestamp)
        event = AuditEvent.from_json(
            self._masking.event(raw),
            default_event_id=self._make_event_id(),
            default_timestamp_ms=now_ms,
            now_ms=now_ms,
        )
        return encode(event)

    def _reduced(self, fields: Mapping[str, Any], error: Exception) -> tuple[str, str] | None:
        """The event without its free fields, or None where the fault is in another."""
        why = str(error) if isinstance(error, AuditLogError) else type(error).__name__
        try:
            merged = in_context(fields)
            names = sorted(_FREE & merged.keys())
            kept = {name: value for name, value in merged.items() if name not in _FREE}
            left_out = {"leftOut": names, "because": why[:_SHOWN_LENGTH]}
            return self._encoded_alone({**kept, "metadata": {"auditlog": left_out}})
        except Exception:  # noqa: BLE001  # the first error is told
            return None

    def _tell_invalid(self, action: object, error: Exception, *, is_refused: bool) -> None:
        self._invalid += 1
        is_expected = isinstance(error, AuditLogError)
        shown = action[:128] if isinstance(action, str) else type(action).__name__
        what = "refused" if is_refused else "logged without its free fields"
        with suppress(Exception):  # a log handler of the application that fails
            _log.error("event %s: %r: %s", what, shown, error, exc_info=not is_expected)

    def _report_of(self, dropped: Dropped) -> str:
        now_ms = self._clock_ms()
        event = AuditEvent(
            event_id=self._make_event_id(),
            timestamp=format_timestamp(now_ms),
            tenant_id=self._tenant_id,
            action=DROPPED_ACTION,
            resource_type=DROPPED_RESOURCE,
            resource_id=gethostname()[:256] or "unknown",
            success=False,
            error_message=f"{dropped.count} events were dropped before they reached the queue",
            details={
                "count": dropped.count,
                "reasons": dict(dropped.reasons),
                "first": format_timestamp(dropped.first_ms),
                "last": format_timestamp(dropped.last_ms),
            },
        )
        return encode(event)[1]

    @property
    def invalid(self) -> int:
        """How many events broke the model's rules: refused, or logged without their free fields."""
        return self._invalid

    @property
    def delivery(self) -> Delivery:
        """What became of the events so far."""
        return self._sender.get().delivery

    def flush(self, timeout: float | None = None) -> bool:
        """Wait until the queue has what was logged before; answers whether it has.

        Waits for `timeout` seconds at most, without one for as long as it takes.
        """
        return self._sender.get().flush(timeout)

    def close(self, timeout: float | None = None) -> bool:
        """Flush, and log no more; answers whether the queue has everything.

        What it has not after `timeout` seconds (`limits.exit_seconds` unless given) stays in the
        spool, or is lost where there is none. Called at the end of the process by itself.
        """
        return self._sender.close(timeout)

    def must_wait(self, size: int) -> bool:
        """Return whether `log` has to wait for room for an event of this many bytes."""
        return self._sender.get().must_wait(size)

    @contextmanager
    def flushing(self, timeout: float | None = None) -> Iterator[Self]:
        """Flush at the end, however it ends; as a context manager or as a decorator.

        For Lambda, which stops a process between invocations: put it around the handler. A
        handler that comes near its own timeout has the events it logged before in the spool of
        `/tmp`, which the next invocation of the same environment sends.
        """
        try:
            yield self
        finally:
            if not self.flush(timeout):
                _log.warning("the queue has not taken all events within %s s", timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def encode(event: AuditEvent) -> tuple[str, str]:
    """The event's id, and its JSON in ASCII as a message carries it.

    Raises:
        CanonicalizationError: it holds a value that has no RFC 8785 form.
        EventTooLargeError: no message can carry it.
    """
    fields = event.to_json()
    canonical = canonicalize(fields)
    event_id = make_id(parse_timestamp(event.timestamp), compute_digest(canonical))
    text = canonical.decode()
    if not text.isascii():
        text = _encode(fields)
    check_size(text)
    return event_id, text


def failed(fields: EventFields, error: BaseException | str | None) -> EventFields:
    """The fields with the outcome of an operation that failed, and why."""
    outcome = EventFields(success=False)
    if error is not None:
        outcome["error_message"] = error if isinstance(error, str) else describe_exception(error)
    return {**fields, **outcome}


def describe_exception(error: BaseException) -> str:
    """An exception as an event tells it: its type and its text.

    >>> describe_exception(ValueError("no such order"))
    'ValueError: no such order'
    """
    try:
        text = str(error)
    except Exception as broken:  # noqa: BLE001  # the application's own code
        text = f"({type(broken).__name__} in its text)"
    name = type(error).__name__
    return f"{name}: {text}" if text else name


def _in_utc(moment: datetime) -> str:
    if moment.tzinfo is None:
        rule = "must have a time zone"
        raise InvalidEventError([Problem("timestamp", rule, "naive datetime")])
    return moment.astimezone(UTC).isoformat()


def _queue(queue_url: str, make_client: "Callable[[], SQSClient]") -> JobQueue:
    client = make_client()
    return SqsJobQueue(lambda: client, queue_url)


def _spool(queue_url: str, folder: Path | str | None, limits: Limits) -> Spool:
    place = Path(folder) if folder is not None else default_folder(queue_url)
    return Spool(place, max_bytes=limits.spool_bytes, segment_bytes=limits.segment_bytes)
