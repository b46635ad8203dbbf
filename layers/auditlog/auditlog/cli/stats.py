"""`auditlog stats`: counts, as the API's statistics."""

import time
from typing import cast

import click

from auditlog.cli.filters import (
    action_option,
    resource_type_option,
    since_option,
    tenant_option,
    until_option,
    user_option,
)
from auditlog.cli.lines import table
from auditlog.cli.places import Installation, on_installation
from auditlog.cli.terminal import answering, escaped_json, json_option
from auditlog.errors import InvalidQueryError, RangeTooLargeError
from auditlog.identity import format_timestamp
from auditlog.stats import Interval, Question, Statistics, count_events, success_rate


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
    help="A series too, of at most 744 hours or 3660 days (UTC).",
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

    Exit codes: 0 counted, 1 the range is too large, 2 wrong usage, 3 AWS cannot be reached or
    refuses.
    """
    try:
        question = Question.of(
            tenant_id,
            now_ms=time.time_ns() // 1_000_000,
            start_ms=start_ms,
            end_ms=end_ms,
            user_id=user_id,
            action=action,
            resource_type=resource_type,
            interval=cast("Interval | None", interval),
        )
    except RangeTooLargeError:
        raise
    except InvalidQueryError as error:
        raise click.UsageError("--since must not be after --until") from error
    counted = count_events(
        question, installation.counters, installation.reader, shard_count=installation.shard_count
    )
    click.echo(escaped_json(counted.to_json()) if as_json else "\n".join(_described(counted)))


def _described(counted: Statistics) -> list[str]:
    total = counted.successful + counted.failed
    rate = success_rate(counted.successful, counted.failed)
    lines = [
        f"{format_timestamp(counted.start_ms)} to {format_timestamp(counted.end_ms)}",
        f"{total:,} events, {counted.successful:,} successful, {counted.failed:,} failed"
        + (f", {rate} % successful" if total else ""),
    ]
    for head, counts in (
        ("action", counted.by_action),
        ("resource type", counted.by_resource_type),
    ):
        if counts:
            rows = [(name, f"{count:,}") for name, count in counts]
            lines += ["", *table(rows, [head, "events"], numbers=[1])]
    if counted.series is not None:
        series = [
            (format_timestamp(one.start_ms)[:16] + "Z", f"{one.successful:,}", f"{one.failed:,}")
            for one in counted.series
        ]
        lines += ["", *table(series, ["from", "successful", "failed"], numbers=[1, 2])]
    return lines
