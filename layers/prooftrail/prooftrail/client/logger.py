"""`AuditLogger`: logs audit events from an application."""

import logging
import os
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from socket import gethostname
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Literal, Self, Unpack

from prooftrail.aws.queue import SqsJobQueue
from prooftrail.client.context import add_context
from prooftrail.client.fields import EventFields, Identifier
from prooftrail.client.flushing import Flushing
from prooftrail.client.sending.connection import connect, find_queue_url
from prooftrail.client.sending.delivery import Delivery
from prooftrail.client.sending.drops import Dropped
from prooftrail.client.sending.limits import Limits
from prooftrail.client.sending.notices import Notices
from prooftrail.client.sending.processes import ProcessLocal
from prooftrail.client.sending.sender import Sender
from prooftrail.client.sending.spool import Spool, make_default_folder
from prooftrail.client.tracing import add_trace_id
from prooftrail.client.values.encoding import EncodedEvent, EventEncoder, encode_event
from prooftrail.client.values.exact import exact_text, is_text, name_type
from prooftrail.client.values.masking import Masking
from prooftrail.client.values.report import FittingReport
from prooftrail.client.values.salting import find_salt_key
from prooftrail.client.values.texts import describe_exception, describe_origin
from prooftrail.errors import AuditLogError, ConfigurationError
from prooftrail.event.keys import DEFAULT_TENANT
from prooftrail.event.masking import FITTED
from prooftrail.event.model import AuditEvent
from prooftrail.event.times import format_timestamp, now_ms
from prooftrail.intake.ports import JobQueue

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

OnOutage = Literal["spool", "block", "drop"]
DROPPED_ACTION: Final = "audit.events.dropped"
DROPPED_RESOURCE: Final = "audit-log"

_log = logging.getLogger("prooftrail.client")


class AuditLogger:
    """Logs audit events to an SQS queue in the background.

    `log` validates and masks an event and returns its id at once. It waits for the queue only with
    `on_outage="block"`, and raises only with `strict`. Make one logger for a process: all threads
    can use it, and a forked process continues on its own.

    Events that the queue does not take are sent again until it does. `on_outage` decides about
    events for which `limits.buffer_bytes` of memory have no room:

    - `spool`: they wait in a folder on disk, `spool_folder`. Every event is written there before
      `log` returns, so a process that dies loses none: another process that logs with the same
      folder sends them. A crash of the machine can lose the last seconds. Needs POSIX.
    - `block`: `log` waits for room, for at most `limits.block_seconds`. Then the event is dropped.
    - `drop`: they are dropped.

    When the queue takes messages again, the number of dropped events and the reasons are logged as
    an audit event with the action `audit.events.dropped`.

    Without `queue_url`, the environment variable `PROOFTRAIL_QUEUE_URL` is read. `tenant_id` is for
    events without a tenant. `masking` defines which keys are secrets and what happens to addresses.
    `make_client` makes the SQS client, once in each process. With `is_packing`, several events can
    share a message. With `salt_key`, or the environment variable `PROOFTRAIL_SALT_KEY`, an event
    whose `event_id` the application gives gets a salt in its metadata (`client.values.salting`).

    Raises:
        ConfigurationError: The URL is missing or not valid, `on_outage` is not known, or the key
            is too short.
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
        make_event_id: Callable[[], str] = lambda: os.urandom(16).hex(),
        salt_key: str | None = None,
    ) -> None:
        queue_url = find_queue_url(queue_url)
        if on_outage not in {"spool", "block", "drop"}:
            raise ConfigurationError(f"on_outage must be spool, block or drop (got {on_outage!r})")
        self._tenant_id = tenant_id or DEFAULT_TENANT
        self._strict = strict
        self._encoder = EventEncoder(
            self._tenant_id,
            masking or Masking(),
            clock_ms,
            make_event_id,
            find_salt_key(salt_key),
        )
        self._clock_ms = clock_ms
        self._make_event_id = make_event_id
        self._invalid = 0
        self._fitted = 0
        self._notices = Notices(time.monotonic)
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
        self,
        *,
        action: str,
        resource_type: str,
        resource_id: Identifier,
        **fields: Unpack[EventFields],
    ) -> str:
        """Log one operation, and return the id that its event will be stored with.

        Fields that are not given come from the context (`audit_context`, a middleware), and
        `trace_id` also from OpenTelemetry's current span. A value that breaks a rule of the model
        is fitted: converted, cut, described or left out. The event's `metadata.fitted` says what
        was fitted, and `fitted` counts such events. Only a wrong action, resource type or tenant is
        refused, counted in `invalid` and reported in the log. The id of a refused or dropped event
        is an empty text.

        Raises:
            AuditLogError: With `strict`, the event is refused, or fitting it would lose something.
        """
        named = {"action": action, "resource_type": resource_type, "resource_id": resource_id}
        try:
            encoded = self._encode({**fields, **named})
            if encoded is None:
                return ""
            sender = self._sender.get()
            return encoded.id if sender.accept(encoded.text, encoded.tenant_id) else ""
        except Exception as error:
            if self._strict:
                raise
            self._report_refused(action, error)  # a fault of ours, which nobody's request pays for
            return ""

    def log_success(
        self,
        *,
        action: str,
        resource_type: str,
        resource_id: Identifier,
        **fields: Unpack[EventFields],
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
        resource_id: Identifier,
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

    def _encode(self, fields: Mapping[str, Any]) -> EncodedEvent | None:
        """Return the event, fitted if it has to be; None if it is refused."""
        try:
            return self._encoder.encode(self._complete(fields), is_strict=self._strict)
        except Exception as error:
            report = FittingReport()
            refusal: Exception = error
            encoded = None
            try:
                encoded = self._encoder.encode_fitted(self._complete(fields), report)
            except Exception as caught:  # noqa: BLE001  # reported below
                refusal = caught
            if self._strict and (report or encoded is None):
                raise
        if encoded is None:
            self._report_refused(fields["action"], refusal)
        elif report:
            self._report_fitted(fields["action"], report)
        return encoded

    def _complete(self, fields: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return an event's fields with those of the context, and with the current trace."""
        return add_trace_id(add_context(fields))

    def _report_refused(self, action: object, error: Exception) -> None:
        self._invalid += 1
        with suppress(Exception):  # a log handler of the application can fail
            if issubclass(type(error), AuditLogError):
                _log.error("event %r is refused: %s", _show(action), error)
            else:  # without its text, which can hold secrets
                name, origin = name_type(error), describe_origin(error)
                _log.error("event %r is refused: %s\n%s", _show(action), name, origin)

    def _report_fitted(self, action: object, report: FittingReport) -> None:
        self._fitted += 1
        for field, reason in report.kinds:
            self._notices.add(
                f"{field} {reason}",
                f"event {_show(action)!r}: {field} was fitted: {reason} "
                f"(metadata.{FITTED} of the event says where; logged once a minute)",
            )
        self._notices.log()

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
        return encode_event(event).text

    @property
    def invalid(self) -> int:
        """The number of events that were refused; see `log`."""
        return self._invalid

    @property
    def fitted(self) -> int:
        """The number of events of which something was fitted; see `log`."""
        return self._fitted

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
        coroutine functions and generators, and works with `async with` too.
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


def add_failure(fields: EventFields, error: BaseException | str | None) -> EventFields:
    """Return the fields of an operation that failed, with its error."""
    outcome = EventFields(success=False)
    if error is not None:
        is_own = is_text(error)  # not a proxy, nor an object that only says that it is a text
        outcome["error_message"] = exact_text(error) if is_own else describe_exception(error)
    return {**fields, **outcome}


def _show(action: object) -> str:
    return exact_text(action)[:128] if is_text(action) else name_type(action)


def _make_queue(queue_url: str, make_client: "Callable[[], SQSClient]") -> JobQueue:
    client = make_client()
    return SqsJobQueue(lambda: client, queue_url)


def _make_spool(queue_url: str, folder: Path | str | None, limits: Limits) -> Spool:
    path = Path(folder) if folder is not None else make_default_folder(queue_url)
    return Spool(path, max_bytes=limits.spool_bytes, segment_bytes=limits.segment_bytes)
