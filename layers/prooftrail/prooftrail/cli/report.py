"""`prooftrail report`: who did what how often in a time, and what failed."""

from typing import cast

import click

from prooftrail.cli.filters import Moment, tenant_option
from prooftrail.cli.installation import Installation, on_installation
from prooftrail.cli.lines import share, table
from prooftrail.cli.terminal import answering, escaped_json, json_option, progress
from prooftrail.errors import AuditLogError
from prooftrail.event.times import format_timestamp, now_ms
from prooftrail.query.report import ActivityReport, Ranking, ReportKind, make_report
from prooftrail.query.stats import StatsQuery, count_events


@click.command()
@click.option(
    "--from",
    "--since",
    "start_ms",
    type=Moment(is_end=False),
    required=True,
    help="Earliest time, inclusive: RFC 3339, a date (UTC), or how long ago: 2h, 7d.",
)
@click.option(
    "--to",
    "--until",
    "end_ms",
    type=Moment(is_end=True),
    help="Latest time, inclusive; a date means its end. Default: now.",
)
@tenant_option
@click.option(
    "--type",
    "kind",
    type=click.Choice(["summary", "full"]),
    default="full",
    show_default=True,
    help="Totals alone, or rankings and failures too.",
)
@json_option
@on_installation
@answering
def report(
    installation: Installation,
    start_ms: int,
    end_ms: int | None,
    tenant_id: str,
    kind: str,
    as_json: bool,
) -> None:
    """Report who did what how often in a time, and what failed.

    Every event of the time is read, so that cost and time grow with their number: a million of 1 KB
    are 250,000 read units and some minutes. `prooftrail stats` counts without reading any.

    Exit codes: 0 reported, 2 wrong usage, 3 AWS cannot be reached or refuses.
    """
    end_ms = now_ms() if end_ms is None else end_ms
    if start_ms > end_ms:
        raise click.UsageError("--from (--since) must not be after --to (--until)")
    with progress(as_json=as_json) as shown:
        if shown:
            shown.step("reading", _expected(installation, tenant_id, start_ms, end_ms))
        made = make_report(
            installation.reader,
            tenant_id,
            start_ms=start_ms,
            end_ms=end_ms,
            shard_count=installation.shard_count,
            kind=cast("ReportKind", kind),
            progress=shown,
        )
    click.echo(escaped_json(made.to_json()) if as_json else "\n".join(_described(made)))


def _expected(installation: Installation, tenant_id: str, start_ms: int, end_ms: int) -> int | None:
    """How many events the ledger has counted there, for the bar; it may know of none."""
    try:
        question = StatsQuery.from_dates(tenant_id, now_ms=end_ms, start_ms=start_ms, end_ms=end_ms)
        counted = count_events(
            question,
            installation.counters,
            installation.reader,
            shard_count=installation.shard_count,
        )
    except AuditLogError:
        return None
    return counted.successful + counted.failed or None


def _described(made: ActivityReport) -> list[str]:
    lines = [
        f"tenant {made.tenant_id}, {format_timestamp(made.start_ms)} to "
        f"{format_timestamp(made.end_ms)}",
        "",
        *table(
            [
                ("events", f"{made.total:,}"),
                ("successful", f"{made.successful:,}"),
                ("failed", f"{made.failed:,}"),
                ("success rate", share(made.successful, made.total)),
                ("users", _distinct(made.users)),
                ("actions", _distinct(made.actions)),
                ("resources", _distinct(made.resources)),
                *([("unreadable", f"{made.unreadable:,}")] if made.unreadable else []),
            ],
            ["summary", ""],
            numbers=[1],
        ),
    ]
    if made.kind == "full":
        for title, ranking in (
            ("user", made.users),
            ("action", made.actions),
            ("resource", made.resources),
        ):
            lines += _ranked(title, ranking, made.total, "events")
        for title, ranking in (
            ("failed action", made.failed_actions),
            ("user with failures", made.failed_users),
            ("error", made.errors),
        ):
            lines += _ranked(title, ranking, made.failed, "failures")
    return lines


def _distinct(ranking: Ranking) -> str:
    return f"{ranking.distinct:,}" if ranking.is_exact else f"at least {ranking.distinct:,}"


def _ranked(title: str, ranking: Ranking, total: int, of: str) -> list[str]:
    rows = [(name, f"{count:,}", share(count, total)) for name, count in ranking.top()]
    if not rows:
        return []
    lines = ["", *table(rows, [title, of, "share"], numbers=[1, 2])]
    if not ranking.is_exact:
        lines.append(
            f"there are too many to count all; these are at most {ranking.shortfall:,} low"
        )
    return lines
