"""The options that select events, and their types. All commands that read events share them."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

import click

from prooftrail.errors import (
    InvalidAddressError,
    InvalidQueryError,
    InvalidTimestampError,
    InvalidTraceIdError,
)
from prooftrail.event.addresses import normalize_address
from prooftrail.event.keys import DEFAULT_TENANT, NAME_PATTERN, TENANT_PATTERN
from prooftrail.event.times import now_ms, parse_duration, parse_end, parse_start
from prooftrail.event.traces import normalize_trace_id
from prooftrail.query.filters import ACTION_PATTERN, Filters

Command = Callable[..., None]


class PatternType(click.ParamType[str]):
    """A text that matches a pattern. `rule` tells the user what the pattern allows."""

    def __init__(self, name: str, pattern: str, rule: str) -> None:
        self.name = name
        self._pattern = re.compile(pattern)
        self._rule = rule

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """See click."""
        text = str(value)
        if not self._pattern.fullmatch(text):
            self.fail(self._rule, param, ctx)
        return text


class IdentifierType(click.ParamType[str]):
    """A text of 1 to 256 characters, as in events."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """See click."""
        text = str(value)
        if not 1 <= len(text) <= 256:
            self.fail("must have 1 to 256 characters", param, ctx)
        return text


class NormalizedType(click.ParamType[str]):
    """A text that `normalize` brings into the form that events have."""

    def __init__(self, name: str, normalize: Callable[[str], str]) -> None:
        self.name = name
        self.normalize = normalize

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """See click."""
        try:
            return self.normalize(str(value))
        except (InvalidAddressError, InvalidTraceIdError) as error:
            self.fail(str(error), param, ctx)


class TimeType(click.ParamType[int]):
    """A time. The value is in milliseconds since 1970.

    A date (UTC) means its first millisecond, or its last one if `is_end`.
    """

    name = "time"

    def __init__(self, *, is_end: bool) -> None:
        self._parse = parse_end if is_end else parse_start

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """See click."""
        if isinstance(value, int):
            return value
        ago_ms = parse_duration(str(value))
        if ago_ms is not None:
            return max(now_ms() - ago_ms, 0)
        try:
            return self._parse(str(value))
        except InvalidTimestampError as error:
            self.fail(f"{error}, or a date (2026-11-24), or how long ago (15m, 2h, 7d)", param, ctx)


class DurationType(click.ParamType[int]):
    """A duration. The value is in milliseconds."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """See click."""
        if isinstance(value, int):
            return value
        duration_ms = parse_duration(str(value))
        if duration_ms is None:
            self.fail("must be a number and a unit: 30s, 15m, 2h, 7d, 4w", param, ctx)
        return duration_ms


TENANT: Final = PatternType("tenant", TENANT_PATTERN, "must be 1 to 64 of A-Z a-z 0-9 . _ -")
ACTION: Final = PatternType(
    "action", ACTION_PATTERN, "must be an action (user.login) or a prefix and a star ('user.*')"
)
NAME: Final = PatternType("name", NAME_PATTERN, "must be 1 to 128 of A-Z a-z 0-9 . _ : / -")
IDENTIFIER: Final = IdentifierType()
ADDRESS: Final = NormalizedType("address", normalize_address)
TRACE_ID: Final = NormalizedType("trace", normalize_trace_id)

tenant_option = click.option(
    "--tenant",
    "tenant_id",
    type=TENANT,
    default=DEFAULT_TENANT,
    show_default=True,
    help="The events' tenant.",
)
user_option = click.option("--user", "user_id", type=IDENTIFIER, help="The user's id.")
action_option = click.option(
    "--action", type=ACTION, help="An action, or a prefix and a star: 'user.*'."
)
resource_type_option = click.option("--resource-type", type=NAME, help="The type of the resource.")
since_option = click.option(
    "--since",
    "start_ms",
    type=TimeType(is_end=False),
    help="Earliest time, inclusive: RFC 3339, a date (UTC), or how long ago: 15m, 2h, 7d.",
)
until_option = click.option(
    "--until",
    "end_ms",
    type=TimeType(is_end=True),
    help="Latest time, inclusive. A date means the end of that day.",
)


def filter_options(*, has_end: bool = True) -> Callable[[Command], Command]:
    """Add the options that filter as `GET /audit-logs` does. The command gets `filters`.

    Without `has_end` there is no `--until`.
    """

    def decorate(command: Command) -> Command:
        @wraps(command)
        def run(**options: Any) -> None:
            names = [name for name in Filters.__dataclass_fields__ if name in options]
            fields = {name: options.pop(name) for name in names}
            try:
                filters = Filters(**fields)
            except InvalidQueryError as error:
                raise click.UsageError("--since must not be after --until") from error
            command(filters=filters, **options)

        decorators: list[Callable[[Any], Any]] = [
            tenant_option,
            user_option,
            action_option,
            resource_type_option,
            click.option("--resource-id", type=IDENTIFIER, help="The resource's id."),
            click.option(
                "--success/--failure", default=None, help="Whether the action succeeded or failed."
            ),
            since_option,
            *([until_option] if has_end else []),
            click.option("--request-id", type=IDENTIFIER, help="The id of the audited request."),
            click.option("--session-id", type=IDENTIFIER, help="The session's id."),
            click.option("--ip-address", type=ADDRESS, help="The client's IP address."),
            click.option("--actor-type", type=NAME, help="What acted: user, service, agent, …"),
            click.option("--trace-id", type=TRACE_ID, help="The W3C trace, 32 hexadecimal digits."),
        ]
        for add_option in reversed(decorators):
            run = add_option(run)
        return run

    return decorate
