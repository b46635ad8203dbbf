"""Audited reads of the command line: who read what, sent to the queue once it is shown."""

import time
from collections.abc import Callable, Mapping
from threading import Lock, Thread
from typing import Final
from uuid import uuid4

import click
from click.core import ParameterSource

from prooftrail.cli.errors import describe_error
from prooftrail.cli.installation import Caller, Installation
from prooftrail.cli.terminal import escape
from prooftrail.errors import AuditLogError
from prooftrail.event.times import format_timestamp, now_ms
from prooftrail.query.filters import Filters

WAIT_SECONDS: Final = 2.0  # at the end of a command
RECORD_SECONDS: Final = 60.0
THREAD_NAME: Final = "audited-read"
_NAMES: Final = {"start_ms": "startDate", "end_ms": "endDate"}
# Which trail and how it is shown are not filters.
_NOT_FILTERS: Final = frozenset({"stack", "profile", "region", "tenant_id", "tenants"})


def audit_read(
    installation: Installation,
    tenant_id: str,
    *,
    event_id: str | None = None,
    is_masked: bool = False,
    clock: Callable[[], float] = time.monotonic,
) -> "CommandRead":
    """Return the present command's read of a tenant. It is recorded when the command ends.

    A command that fails before it notes anything leaves no event, and so does every command if the
    stack has AuditReads=false.
    """
    context = click.get_current_context()
    sender = _Sender(installation, tenant_id, context, event_id=event_id, is_masked=is_masked)
    read = CommandRead(sender, clock)
    context.call_on_close(read.close)
    return read


class CommandRead:
    """A read that a command goes on with: one event a minute, and one at its end."""

    def __init__(self, sender: "_Sender", clock: Callable[[], float]) -> None:
        self._sender = sender
        self._clock = clock
        self._count: int | None = None
        self._recorded_at = clock()

    def note(self, event_count: int) -> None:
        """Count events that are shown. Record them if the last record is a minute old."""
        self._count = (self._count or 0) + event_count
        if self._clock() - self._recorded_at >= RECORD_SECONDS:
            self._record()

    def close(self) -> None:
        """Record what was noted. Wait for `WAIT_SECONDS` at most. A fault is a warning."""
        self._record()
        self._sender.wait()

    def _record(self) -> None:
        if self._count is not None:
            self._sender.start(self._count)
        self._count, self._recorded_at = None, self._clock()


class _Sender:
    """Sends the records of one command, each in a thread, because STS and SQS may not respond."""

    def __init__(
        self,
        installation: Installation,
        tenant_id: str,
        context: click.Context,
        *,
        event_id: str | None,
        is_masked: bool,
    ) -> None:
        self._installation = installation
        self._tenant_id = tenant_id
        self._route = " ".join(("prooftrail", *context.command_path.split(" ")[1:]))
        self._filters = list_filters(context)
        self._event_id = event_id
        self._is_masked = is_masked
        self._caller: Caller | None = None
        self._lock = Lock()  # held while a record is sent, so that STS is asked once
        self._threads: list[Thread] = []

    def start(self, event_count: int) -> None:
        """Begin to send a record of this many events."""
        thread = Thread(target=self._send, args=(event_count,), name=THREAD_NAME, daemon=True)
        self._threads.append(thread)
        thread.start()

    def wait(self) -> None:
        """Wait for the records that are being sent, for `WAIT_SECONDS` at most."""
        deadline = time.monotonic() + WAIT_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        if any(thread.is_alive() for thread in self._threads):
            _warn(f"AWS did not respond within {WAIT_SECONDS:g} s")

    def _send(self, event_count: int) -> None:
        try:
            with self._lock:
                if self._installation.audits_reads:
                    self._send_now(event_count)
        except AuditLogError as error:
            _warn(describe_error(error))
        except Exception as error:  # noqa: BLE001  # the command has done its work
            _warn(type(error).__name__)

    def _send_now(self, event_count: int) -> None:
        from prooftrail.intake.reads import TrailRead, send_reads  # once the events are shown

        self._caller = self._caller or self._installation.aws.get_caller()
        read = TrailRead(
            id=str(uuid4()),
            time_ms=now_ms(),
            tenant_id=self._tenant_id,
            reader=self._caller.user_id,
            route=self._route,
            filters=self._filters,
            event_count=event_count,
            is_masked=self._is_masked,
            event_id=self._event_id,
            sender_id=self._caller.submitted_by,
        )
        _, fault = send_reads([read], self._installation.jobs)
        if fault:
            raise fault


def list_filters(context: click.Context) -> Mapping[str, str]:
    """Return the options that the user gave, by the names that the API has for them.

    `--since` and `--until` are times in milliseconds here, and become `startDate` and `endDate`.
    """
    filters: dict[str, str] = {}
    for parameter in context.command.params:
        name = parameter.name or ""
        value = context.params.get(name)
        is_given = context.get_parameter_source(name) is not ParameterSource.DEFAULT
        if not isinstance(parameter, click.Option) or not is_given or value is None:
            continue
        if name in _NOT_FILTERS or name.startswith("as_"):
            continue
        if name in _NAMES and isinstance(value, int):
            filters[_NAMES[name]] = format_timestamp(value)
            continue
        is_filter = name in Filters.__dataclass_fields__
        shown = name if is_filter else max(parameter.opts, key=len).lstrip("-").replace("-", "_")
        filters[_to_camel(shown)] = str(value).lower() if isinstance(value, bool) else str(value)
    return filters


def _to_camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(other.capitalize() for other in others)


def _warn(reason: str) -> None:
    text = f"warning: this read is not recorded in the trail: {escape(reason)}"
    click.secho(text, fg="yellow", err=True)
