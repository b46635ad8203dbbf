"""`prooftrail dead-letters list`."""

from collections.abc import Sequence

import click

from prooftrail.cli.dead_letters.selection import (
    check_complete,
    count_hidden,
    describe_hidden,
    describe_reason,
    filter_options,
    open_scan,
)
from prooftrail.cli.errors import handle_errors
from prooftrail.cli.installation import Installation, installation_options
from prooftrail.cli.terminal import echo_json, json_option
from prooftrail.event.times import describe_duration, now_ms
from prooftrail.intake.dead_letters import DeadLetterFilter, ReceivedDeadLetter


@click.command("list")
@filter_options
@json_option
@installation_options
@handle_errors
def list_dead_letters(
    installation: Installation, filters: DeadLetterFilter, limit: int, as_json: bool
) -> None:
    """List dead letters: message id, age, number of events, reason.

    With --json each is a JSON object on a line of its own, with all its fields except the body.

    Example: prooftrail dead-letters list --older-than 1d --error InvalidEventError
    """
    now = now_ms()
    rows: list[Sequence[object]] = []
    with open_scan(installation, filters, limit, has_bar=not as_json) as scan:
        for batch in scan.receive_batches():
            for dead_letter in batch:
                if as_json:
                    content = {**dead_letter.to_json(), "events": dead_letter.event_count}
                    echo_json(content, is_ascii=True)
                else:
                    rows.append(_make_row(dead_letter, now))
        hidden = count_hidden(scan)
    if rows:
        from prooftrail.cli.tables import print_table

        headings = ("message", "age", "events", "reason")
        print_table(headings, rows, numbers=(1, 2), identifiers=(0,))
    elif not as_json and not hidden:
        click.echo("no dead letters" + (" that match" if scan.scanned_count else ""))
    if hidden:
        click.echo(describe_hidden(hidden), err=as_json or bool(rows))
    check_complete(scan)


def _make_row(dead_letter: ReceivedDeadLetter, now: int) -> Sequence[object]:
    count = dead_letter.event_count
    return (
        dead_letter.id,
        describe_duration(now - dead_letter.sent_at),
        "-" if count is None else count,
        describe_reason(dead_letter),
    )
