"""`prooftrail stats`: counts, as the API's statistics."""

from collections.abc import Mapping
from typing import Final, cast

import click

from prooftrail.cli.filters import (
    action_option,
    resource_type_option,
    since_option,
    tenant_option,
    until_option,
    user_option,
)
from prooftrail.cli.installation import Installation, on_installation
from prooftrail.cli.lines import counted, share, table
from prooftrail.cli.terminal import answering, escaped_json, json_option
from prooftrail.errors import InvalidQueryError, Problem, RangeTooLargeError
from prooftrail.event.times import format_timestamp, now_ms
from prooftrail.query.stats import (
    MAX_DAYS,
    MAX_HOURS,
    MAX_USER_ROWS,
    Interval,
    Statistics,
    StatsQuery,
    count_events,
)

_MOST: Final[Mapping[str | None, str]] = {"hour": f"{MAX_HOURS} hours", "day": f"{MAX_DAYS} days"}


@click.command()
@tenant_option
@user_option
@action_option
@resource_type_option
@since_option
@until_option
@click.option(
    "--interval",
    type=click.Choice(["hour", "day"]),
    help=f"A series too, of at most {_MOST['hour']} or {_MOST['day']} (UTC).",
)
@json_option
@on_installation
@answering
def stats(
    installation: Installation,
    tenant_id: str,
    user_id: str | None,
    action: str | None,
    resource_type: str | None,
    start_ms: int | None,
    end_ms: int | None,
    interval: str | None,
    as_json: bool,
) -> None:
    """Count events, of the last 30 days unless told otherwise, in whole hours (UTC).

    With --user the user's events are counted one by one, 50,000 at most; else the counts are the
    ledger's, some seconds behind.

    Exit codes: 0 counted, 1 the user has more events, 2 wrong usage, 3 AWS cannot be reached or
    refuses.
    """
    try:
        question = StatsQuery.from_dates(
            tenant_id,
            now_ms=now_ms(),
            start_ms=start_ms,
            end_ms=end_ms,
            user_id=user_id,
            action=action,
            resource_type=resource_type,
            interval=cast("Interval | None", interval),
        )
    except RangeTooLargeError as error:
        text = (
            f"--interval {interval} goes with at most {_MOST[interval]} between --since and --until"
        )
        hint = "; --interval day with more" if interval == "hour" else ""
        raise click.UsageError(text + hint) from error
    except InvalidQueryError as error:
        raise click.UsageError("--since must not be after --until") from error
    try:
        found = count_events(
            question,
            installation.counters,
            installation.reader,
            shard_count=installation.shard_count,
        )
    except RangeTooLargeError as error:
        rule = f"must leave at most {MAX_USER_ROWS:,} events of the user"
        raise RangeTooLargeError([Problem("--since", rule, "more")]) from error
    click.echo(escaped_json(found.to_json()) if as_json else "\n".join(_described(found)))


def _described(found: Statistics) -> list[str]:
    total = found.successful + found.failed
    lines = [
        f"{format_timestamp(found.start_ms)} to {format_timestamp(found.end_ms)}",
        f"{counted(total, 'event')}, {found.successful:,} successful, {found.failed:,} failed"
        + (f", {share(found.successful, total)} successful" if total else ""),
    ]
    for head, counts in (
        ("action", found.by_action),
        ("resource type", found.by_resource_type),
    ):
        if counts:
            rows = [(name, f"{count:,}") for name, count in counts]
            lines += ["", *table(rows, [head, "events"], numbers=[1])]
    if found.series is not None:
        series = [
            (format_timestamp(one.start_ms)[:16] + "Z", f"{one.successful:,}", f"{one.failed:,}")
            for one in found.series
        ]
        lines += ["", *table(series, ["from", "successful", "failed"], numbers=[1, 2])]
    return lines
