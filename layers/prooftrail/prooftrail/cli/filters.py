"""The options that say which events: one place for all commands that read them."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

import click

from prooftrail.errors import InvalidAddressError, InvalidQueryError, InvalidTimestampError
from prooftrail.event import times as moments
from prooftrail.event.addresses import normalize_address
from prooftrail.event.keys import NAME_PATTERN, TENANT_PATTERN
from prooftrail.query.filters import ACTION_PATTERN, Filters

DEFAULT_TENANT: Final = "default"  # event.DEFAULT_TENANT, whose module takes a while to import

Command = Callable[..., None]


class _Pattern(click.ParamType[str]):
    """A text that matches a pattern."""

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


class _Identifier(click.ParamType[str]):
    """1 to 256 characters, as the events have them."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """See click."""
        text = str(value)
        if not 1 <= len(text) <= 256:
            self.fail("must have 1 to 256 characters", param, ctx)
        return text


class _Address(click.ParamType[str]):
    """An IP address, in the form that events have."""

    name = "address"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """See click."""
        try:
            return normalize_address(str(value))
        except InvalidAddressError as error:
            self.fail(str(error), param, ctx)


class Moment(click.ParamType[int]):
    """A moment in milliseconds since 1970; of a date its first one, or its last."""

    name = "time"

    def __init__(self, *, is_end: bool) -> None:
        self._read = moments.parse_end if is_end else moments.parse_start

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """See click."""
        if isinstance(value, int):
            return value
        ago = moments.parse_duration(str(value))
        if ago is not None:
            return max(moments.now_ms() - ago, 0)
        try:
            return self._read(str(value))
        except InvalidTimestampError as error:
            self.fail(f"{error}; or a date (2026-11-24), or how long ago (15m, 2h, 7d)", param, ctx)


class Duration(click.ParamType[int]):
    """A duration in milliseconds."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """See click."""
        if isinstance(value, int):
            return value
        duration = moments.parse_duration(str(value))
        if duration is None:
            self.fail("must be a number and a unit: 30s, 15m, 2h, 7d, 4w", param, ctx)
        return duration


Tenant: Final = _Pattern("tenant", TENANT_PATTERN, "must be 1 to 64 of A-Z a-z 0-9 . _ -")
Action: Final = _Pattern(
    "action", ACTION_PATTERN, "must be such as user.login, or the start of several: 'user.*'"
)
Name: Final = _Pattern("name", NAME_PATTERN, "must be 1 to 128 of A-Z a-z 0-9 . _ : -")
Identifier: Final = _Identifier()
Address: Final = _Address()

tenant_option = click.option(
    "--tenant",
    "tenant_id",
    type=Tenant,
    default=DEFAULT_TENANT,
    show_default=True,
    help="Whose events.",
)
user_option = click.option("--user", "user_id", type=Identifier, help="Who did it.")
action_option = click.option(
    "--action", type=Action, help="An action, or the start of several: 'user.*'."
)
resource_type_option = click.option("--resource-type", type=Name, help="The kind of resource.")
since_option = click.option(
    "--since",
    "start_ms",
    type=Moment(is_end=False),
    help="Earliest time, inclusive: RFC 3339, a date (UTC), or how long ago: 15m, 2h, 7d.",
)
until_option = click.option(
    "--until",
    "end_ms",
    type=Moment(is_end=True),
    help="Latest time, inclusive; a date means its end.",
)


def filtered(*, has_range: bool = True) -> Callable[[Command], Command]:
    """The options of `GET /audit-logs`; the command gets `filters`."""

    def decorated(command: Command) -> Command:
        @wraps(command)
        def run(**options: Any) -> None:
            names = [name for name in Filters.__dataclass_fields__ if name in options]
            fields = {name: options.pop(name) for name in names}
            try:
                filters = Filters(**fields)
            except InvalidQueryError as error:
                raise click.UsageError("--since must not be after --until") from error
            command(filters=filters, **options)

        described: list[Callable[[Any], Any]] = [
            tenant_option,
            user_option,
            action_option,
            resource_type_option,
            click.option("--resource-id", type=Identifier, help="The resource."),
            click.option("--success/--failure", default=None, help="The outcome of the operation."),
            *([since_option, until_option] if has_range else []),
            click.option("--request-id", type=Identifier, help="The audited request."),
            click.option("--session-id", type=Identifier, help="The session."),
            click.option("--ip-address", type=Address, help="Where it came from."),
        ]
        for option in reversed(described):
            run = option(run)
        return run

    return decorated
