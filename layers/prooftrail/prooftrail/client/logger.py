"""`AuditLogger`: logs audit events from an application."""

import json
import logging
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from socket import gethostname
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Literal, Self, Unpack

from prooftrail.aws.queue import SqsJobQueue
from prooftrail.client.connection import connect, find_queue_url
from prooftrail.client.context import add_context
from prooftrail.client.delivery import Delivery
from prooftrail.client.drops import Dropped
from prooftrail.client.fields import EventFields
from prooftrail.client.flushing import Flushing
from prooftrail.client.limits import Limits
from prooftrail.client.masking import Masking
from prooftrail.client.processes import ProcessLocal
from prooftrail.client.sender import Sender
from prooftrail.client.spool import Spool, make_default_folder
from prooftrail.errors import AuditLogError, ConfigurationError, InvalidEventError, Problem
from prooftrail.event.canonical import canonicalize, compute_digest
from prooftrail.event.ids import make_id
from prooftrail.event.keys import DEFAULT_TENANT
from prooftrail.event.model import AuditEvent, is_absent
from prooftrail.event.times import format_timestamp, now_ms, parse_timestamp
from prooftrail.intake.packing import check_size
from prooftrail.intake.ports import JobQueue

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

OnOutage = Literal["spool", "block", "drop"]
DROPPED_ACTION: Final = "audit.events.dropped"
DROPPED_RESOURCE: Final = "audit-log"

_FREE_FIELDS: Final = frozenset({"details", "metadata", "changes", "user_agent", "error_message"})
_FREE_NAMES: Final = ", ".join(sorted(_FREE_FIELDS))
_SHOWN_LENGTH: Final = 500

_log = logging.getLogger("prooftrail.client")
_dump_json = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode
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
    """Logs audit events to an SQS queue in the background.

    `log` validates and masks an event and returns its id at once. It waits for the queue only with
    `on_outage="block"`, and raises only with `strict`. Make one logger for a process: all threads
    can use it, and a forked process continues on its own.

    Events that the queue does not take are sent again until it does. `on_outage` decides about
    events for which `limits.buffer_bytes` of memory have no room:

    - `spool`: they wait in a folder on disk, `spool_folder`. Every event is written there before
      `log` returns, so a process that dies loses none: the next process that starts or already
      runs with the same folder sends them. A crash of the machine can lose the last seconds. Needs
      POSIX.
    - `block`: `log` waits for room, for at most `limits.block_seconds`. Then the event is dropped.
    - `drop`: they are dropped.

    When the queue takes messages again, the number of dropped events and the reasons are logged as
    an audit event with the action `audit.events.dropped`.

    Without `queue_url`, the environment variable `PROOFTRAIL_QUEUE_URL` is read. `tenant_id` is for
    events without a tenant. `masking` defines which keys are secrets and what happens to addresses.
    `make_client` makes the SQS client, once in each process. With `is_packing`, several events can
    share a message.

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
            make_spool = partial(_make_spool, queue_url, spool_folder, limits)
        self._sender = ProcessLocal(
            partial(
                Sender,
                partial(_make_queue, queue_url, make_client or partial(connect, queue_url)),
                make_spool,
                limits,
                report=self._make_drop_report,
                name=queue_url,
                is_blocking=on_outage == "block",
                is_packing=is_packing,
            )
        )

    def log(
        self, *, action: str, resource_type: str, resource_id: str, **fields: Unpack[EventFields]
    ) -> str:
        """Log one operation, and return the id that its event will be stored with.

        Fields that are not given come from the context (`audit_context`, a middleware). An event
        that breaks a rule of the model is counted in `invalid` and reported in the log. If the
        fault is in a field that can contain anybody's input (details, metadata, changes, user
        agent, error message), the event is logged without these fields and its metadata says so.
        Otherwise it is refused. The id of a refused or dropped event is an empty text.

        Raises:
            InvalidEventError: With `strict`, the event breaks a rule.
        """
        named = {"action": action, "resource_type": resource_type, "resource_id": resource_id}
        encoded: tuple[str, str] | None
        try:
            encoded = self._encode(add_context({**fields, **named}))
        except Exception as error:
            if self._strict:
                raise
            encoded = self._encode_reduced({**fields, **named}, error)
            self._report_invalid(action, error, is_refused=encoded is None)
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
        """Log an operation that failed, with its error; see `log`."""
        return self.log(
            action=action,
            resource_type=resource_type,
            resource_id=resource_id,
            **add_failure(fields, error),
        )

    def _encode(self, fields: Mapping[str, Any]) -> tuple[str, str]:
        """Return an event's id, and its JSON in ASCII with time, tenant and event id filled in."""
        now_ms = self._clock_ms()
        raw = {_JSON_NAMES.get(name, name): value for name, value in fields.items()}
        if is_absent(raw.get("tenantId")):
            raw["tenantId"] = self._tenant_id
        timestamp = raw.get("timestamp")
        if isinstance(timestamp, datetime):
            raw["timestamp"] = _format_in_utc(timestamp)
        event = AuditEvent.from_json(
            self._masking.mask_event(raw),
            default_event_id=self._make_event_id(),
            default_timestamp_ms=now_ms,
            now_ms=now_ms,
        )
        return encode_event(event)

    def _encode_reduced(
        self, fields: Mapping[str, Any], error: Exception
    ) -> tuple[str, str] | None:
        """Encode the event without its free fields; None if the fault is in another field."""
        reason = str(error) if isinstance(error, AuditLogError) else type(error).__name__
        try:
            merged = add_context(fields)
            names = sorted(_FREE_FIELDS & merged.keys())
            kept = {name: value for name, value in merged.items() if name not in _FREE_FIELDS}
            left_out = {"leftOut": names, "because": reason[:_SHOWN_LENGTH]}
            return self._encode({**kept, "metadata": {"auditlog": left_out}})
        except Exception:  # noqa: BLE001  # `log` reports the first error
            return None

    def _report_invalid(self, action: object, error: Exception, *, is_refused: bool) -> None:
        self._invalid += 1
        is_expected = isinstance(error, AuditLogError)
        shown = action[:128] if isinstance(action, str) else type(action).__name__
        result = "is refused" if is_refused else f"is logged without {_FREE_NAMES}"
        with suppress(Exception):  # a log handler of the application can fail
            _log.error("event %r %s: %s", shown, result, error, exc_info=not is_expected)

    def _make_drop_report(self, dropped: Dropped) -> str:
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
        return encode_event(event)[1]

    @property
    def invalid(self) -> int:
        """The number of events that broke a rule and were refused or reduced; see `log`."""
        return self._invalid

    @property
    def delivery(self) -> Delivery:
        """The counts of the events so far."""
        return self._sender.get().delivery

    def flush(self, timeout: float | None = None) -> bool:
        """Send the events logged before; return whether all of them are in the queue.

        Wait for at most `timeout` seconds, or without it until they are.
        """
        return self._sender.get().flush(timeout)

    def close(self, timeout: float | None = None) -> bool:
        """Send all events and stop; return whether all of them are in the queue.

        After `timeout` seconds (`limits.exit_seconds` by default) the rest stays in the spool, or
        is lost without one. The end of the process calls this method too.
        """
        return self._sender.close(timeout)

    def must_wait(self, size: int) -> bool:
        """Return whether `log` has to wait for room for an event of this many bytes."""
        return self._sender.get().must_wait(size)

    def flushing(self, timeout: float | None = None) -> Flushing[Self]:
        """Return a context manager, also usable as a decorator, that flushes at its end.

        Put it around the handler of a Lambda function, because Lambda stops the process between
        invocations. If the handler reaches its timeout, its events stay in the spool in `/tmp`,
        and the next invocation in the same environment sends them. It decorates functions,
        coroutine functions and generators, and is for `async with` too.
        """
        return Flushing(self, self.flush, timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def encode_event(event: AuditEvent) -> tuple[str, str]:
    """Return an event's id, and its JSON in ASCII for a message.

    Raises:
        CanonicalizationError: A value has no RFC 8785 form.
        EventTooLargeError: The event does not fit in a message.
    """
    fields = event.to_json()
    canonical = canonicalize(fields)
    event_id = make_id(parse_timestamp(event.timestamp), compute_digest(canonical))
    text = canonical.decode()
    if not text.isascii():
        text = _dump_json(fields)
    check_size(text)
    return event_id, text


def add_failure(fields: EventFields, error: BaseException | str | None) -> EventFields:
    """Return the fields of an operation that failed, with its error."""
    outcome = EventFields(success=False)
    if error is not None:
        outcome["error_message"] = error if isinstance(error, str) else describe_exception(error)
    return {**fields, **outcome}


def describe_exception(error: BaseException) -> str:
    """Return the type and the text of an exception.

    >>> describe_exception(ValueError("order not found"))
    'ValueError: order not found'
    """
    try:
        text = str(error)
    except Exception as failure:  # noqa: BLE001  # code of the application
        text = f"(its text raised {type(failure).__name__})"
    name = type(error).__name__
    return f"{name}: {text}" if text else name


def _format_in_utc(moment: datetime) -> str:
    if moment.tzinfo is None:
        rule = "must have a time zone"
        raise InvalidEventError([Problem("timestamp", rule, "naive datetime")])
    return moment.astimezone(UTC).isoformat()


def _make_queue(queue_url: str, make_client: "Callable[[], SQSClient]") -> JobQueue:
    client = make_client()
    return SqsJobQueue(lambda: client, queue_url)


def _make_spool(queue_url: str, folder: Path | str | None, limits: Limits) -> Spool:
    path = Path(folder) if folder is not None else make_default_folder(queue_url)
    return Spool(path, max_bytes=limits.spool_bytes, segment_bytes=limits.segment_bytes)
