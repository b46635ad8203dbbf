"""`prooftrail stats`: the counts that the API's statistics return."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

import click

from prooftrail.cli.errors import handle_errors
from prooftrail.cli.filters import (
    action_option,
    resource_type_option,
    since_option,
    tenant_option,
    until_option,
    user_option,
)
from prooftrail.cli.installation import Installation, installation_options
from prooftrail.cli.reads import audit_read
from prooftrail.cli.terminal import escape_json, json_option
from prooftrail.cli.text import format_count, format_share
from prooftrail.errors import InvalidQueryError, Problem, RangeTooLargeError
from prooftrail.event.times import format_timestamp, now_ms
from prooftrail.query.stats import (
    MAX_DAYS,
    MAX_HOURS,
    MAX_USER_ROWS,
    Interval,
    IntervalCount,
    Statistics,
    StatsQuery,
    count_events,
)

_LONGEST: Final[Mapping[str | None, str]] = {
    "hour": f"{MAX_HOURS} hours",
    "day": f"{MAX_DAYS} days",
}
BAR_LENGTH: Final = 30
_TIME_LENGTHS: Final = {"hour": len("2026-11-24 08:00"), "day": len("2026-11-24")}


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
    help=f"Print a series too, with bars, of at most {_LONGEST['hour']} or {_LONGEST['day']} "
    "(UTC). Those without events are left out.",
)
@json_option
@installation_options
@handle_errors
def stats(
    installation: Installation,
    tenant_id: str,
    interval: str | None,
    as_json: bool,
    **conditions: Any,
) -> None:
    """Count events in whole hours (UTC), by default of the last 30 days.

    The counts are the ledger's, some seconds old. With --user the user's events are read and
    counted, at most 50,000.

    Example: prooftrail stats --since 7d --interval day

    Exit codes: 0 counted; 1 the user has more events; 2 wrong usage; 3 AWS is not reachable or
    refuses.
    """
    question = _make_query(tenant_id, interval, **conditions)
    try:
        statistics = count_events(
            question,
            installation.counters,
            installation.reader,
            shard_count=installation.shard_count,
        )
    except RangeTooLargeError as error:
        rule = f"must leave at most {MAX_USER_ROWS:,} events of the user"
        raise RangeTooLargeError([Problem("--since", rule, "more")]) from error
    audit_read(installation, tenant_id).note(statistics.total)
    if as_json:
        click.echo(escape_json(statistics.to_json()))
    else:
        _print(statistics, tenant_id, interval)


def _make_query(tenant_id: str, interval: str | None, **conditions: Any) -> StatsQuery:
    """Return the query that the options describe.

    Raises:
        click.UsageError: the range ends before it starts, or has too many intervals.
    """
    try:
        return StatsQuery.from_dates(
            tenant_id,
            now_ms=now_ms(),
            interval=cast("Interval | None", interval),
            **conditions,
        )
    except RangeTooLargeError as error:
        text = (
            f"--interval {interval} takes at most {_LONGEST[interval]} between --since and --until"
        )
        hint = "; use --interval day for more" if interval == "hour" else ""
        raise click.UsageError(text + hint) from error
    except InvalidQueryError as error:
        raise click.UsageError("--since must not be after --until") from error


def _print(statistics: Statistics, tenant_id: str, interval: str | None) -> None:
    from prooftrail.cli.tables import print_table

    total, successful = statistics.total, statistics.successful
    share = f", {format_share(successful, total)} successful" if total else ""
    start, end = format_timestamp(statistics.start_ms), format_timestamp(statistics.end_ms)
    click.echo(f"tenant {tenant_id}, {start} to {end}")
    click.echo(
        f"{format_count(total, 'event')}, {successful:,} successful, {statistics.failed:,} failed"
        + share
    )
    for heading, counts in (
        ("action", statistics.by_action),
        ("resource type", statistics.by_resource_type),
    ):
        if counts:
            click.echo()
            rows = [(each.name, f"{each.count:,}") for each in counts]
            print_table((heading, "events"), rows, numbers=(1,))
    if statistics.series is not None and interval is not None:
        _print_series(statistics.series, interval)


def _print_series(series: Sequence[IntervalCount], interval: str) -> None:
    """Print the intervals with events, and the number of the others."""
    from prooftrail.cli.tables import print_table

    shown = [count for count in series if count.successful or count.failed]
    if not shown:
        return
    most = max(count.successful + count.failed for count in shown)
    click.echo()
    print_table(
        (f"{interval} (UTC)", "successful", "failed", ""),
        [
            (
                format_timestamp(count.start_ms)[: _TIME_LENGTHS[interval]].replace("T", " "),
                f"{count.successful:,}",
                f"{count.failed:,}",
                draw_bar(count.successful, count.failed, most),
            )
            for count in shown
        ],
        numbers=(1, 2),
        identifiers=(0,),
    )
    if hidden := len(series) - len(shown):
        click.echo(f"and {format_count(hidden, interval)} without events")


def draw_bar(successful: int, failed: int, most: int) -> str:
    """Return a bar for these events, the failed ones lighter; `most` of them fill it.

    A single success and a single failure are seen too, however many there are of the other.

    >>> draw_bar(20, 10, 30), draw_bar(1, 0, 3_000), draw_bar(2_999, 1, 3_000)
    ('████████████████████░░░░░░░░░░', '█', '█████████████████████████████░')
    """
    total = successful + failed
    length = max(math.ceil(BAR_LENGTH * total / most), bool(successful) + bool(failed))
    light = round(length * failed / total)
    light = min(max(light, bool(failed)), length - bool(successful))
    return "█" * (length - light) + "░" * light
