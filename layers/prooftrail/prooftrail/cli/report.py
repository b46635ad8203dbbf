"""`prooftrail report`: who did what, how often, in a period, and what failed."""

from collections.abc import Callable
from typing import cast

import click

from prooftrail.cli.errors import handle_errors
from prooftrail.cli.filters import TimeType, tenant_option
from prooftrail.cli.installation import Installation, installation_options
from prooftrail.cli.progress import show_progress
from prooftrail.cli.reads import audit_read
from prooftrail.cli.terminal import escape, escape_json, json_option
from prooftrail.cli.text import format_share
from prooftrail.errors import AuditLogError
from prooftrail.event.times import format_timestamp, now_ms
from prooftrail.query.report import (
    ActivityReport,
    Ranking,
    ReportKind,
    make_report,
    split_resource_name,
)
from prooftrail.query.stats import StatsQuery, count_events


@click.command()
@click.option(
    "--from",
    "--since",
    "start_ms",
    type=TimeType(is_end=False),
    required=True,
    help="Earliest time, inclusive: RFC 3339, a date (UTC), or how long ago: 2h, 7d.",
)
@click.option(
    "--to",
    "--until",
    "end_ms",
    type=TimeType(is_end=True),
    help="Latest time, inclusive. A date means the end of that day. Default: now.",
)
@tenant_option
@click.option(
    "--type",
    "kind",
    type=click.Choice(["summary", "full"]),
    default="full",
    show_default=True,
    help="Totals only, or rankings and failures too.",
)
@json_option
@installation_options
@handle_errors
def report(
    installation: Installation,
    start_ms: int,
    end_ms: int | None,
    tenant_id: str,
    kind: str,
    as_json: bool,
) -> None:
    """Report who did what, how often, in a period, and what failed.

    Every event of the period is read, so time and cost grow with their number: a million events of
    1 KB take 250,000 read units and some minutes. `prooftrail stats` counts without reading events.

    Example: prooftrail report --from 2026-11-01 --to 2026-11-30

    Exit codes: 0 reported; 2 wrong usage; 3 AWS is not reachable or refuses.
    """
    end_ms = now_ms() if end_ms is None else end_ms
    if start_ms > end_ms:
        raise click.UsageError("--from (--since) must not be after --to (--until)")
    with show_progress(as_json=as_json) as bars:
        if bars:
            bars.step("reading", _estimate_events(installation, tenant_id, start_ms, end_ms))
        result = make_report(
            installation.reader,
            tenant_id,
            start_ms=start_ms,
            end_ms=end_ms,
            shard_count=installation.shard_count,
            kind=cast("ReportKind", kind),
            progress=bars,
        )
    audit_read(installation, tenant_id).note(result.total)
    if as_json:
        click.echo(escape_json(result.to_json()))
    else:
        _print(result)


def _estimate_events(
    installation: Installation, tenant_id: str, start_ms: int, end_ms: int
) -> int | None:
    """Return how many events the ledger has counted, for the progress bar, or None."""
    try:
        query = StatsQuery.from_dates(tenant_id, now_ms=end_ms, start_ms=start_ms, end_ms=end_ms)
        statistics = count_events(
            query,
            installation.counters,
            installation.reader,
            shard_count=installation.shard_count,
        )
    except AuditLogError:
        return None
    return statistics.total or None


def _print(result: ActivityReport) -> None:
    from prooftrail.cli.tables import print_table

    start, end = format_timestamp(result.start_ms), format_timestamp(result.end_ms)
    click.echo(f"tenant {escape(result.tenant_id)}, {start} to {end}\n")
    rows = [
        ("events", f"{result.total:,}"),
        ("successful", f"{result.successful:,}"),
        ("failed", f"{result.failed:,}"),
        ("success rate", format_share(result.successful, result.total)),
        ("users", _describe_distinct(result.users)),
        ("actions", _describe_distinct(result.actions)),
        ("resources", _describe_distinct(result.resources)),
    ]
    if result.unreadable:
        rows.append(("unreadable", f"{result.unreadable:,}"))
    print_table(("summary", ""), rows, numbers=(1,))
    if result.kind != "full":
        return
    for heading, ranking in (("user", result.users), ("action", result.actions)):
        _print_ranking(heading, ranking, result.total, "events")
    _print_ranking("resource", result.resources, result.total, "events", _format_resource)
    for heading, ranking in (
        ("failed action", result.failed_actions),
        ("user with failures", result.failed_users),
        ("error", result.errors),
    ):
        _print_ranking(heading, ranking, result.failed, "failures")


def _describe_distinct(ranking: Ranking) -> str:
    return f"{ranking.distinct:,}" if ranking.is_exact else f"at least {ranking.distinct:,}"


def _format_resource(name: str) -> str:
    return "/".join(split_resource_name(name))


def _print_ranking(
    heading: str,
    ranking: Ranking,
    total: int,
    unit: str,
    format_name: Callable[[str], str] = str,
) -> None:
    from prooftrail.cli.tables import print_table

    rows = [
        (format_name(name), f"{count:,}", format_share(count, total))
        for name, count in ranking.top()
    ]
    if not rows:
        return
    click.echo()
    print_table((heading, unit, "share"), rows, numbers=(1, 2))
    if not ranking.is_exact:
        click.echo(
            f"too many names to count all exactly: each number is at most {ranking.shortfall:,} "
            "too low"
        )
