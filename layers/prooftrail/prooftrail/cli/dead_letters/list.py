"""`prooftrail dead-letters list`."""

from collections.abc import Sequence
from typing import Final

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
from prooftrail.cli.terminal import echo_json, get_terminal_width, json_option
from prooftrail.event.times import describe_duration, now_ms
from prooftrail.intake.dead_letters import DeadLetterFilter, ReceivedDeadLetter

MIN_ID_LENGTH: Final = 8


@click.command("list")
@filter_options
@json_option
@installation_options
@handle_errors
def list_dead_letters(
    installation: Installation, filters: DeadLetterFilter, limit: int, as_json: bool
) -> None:
    """List dead letters: message id, age, number of events, reason.

    A terminal shows the start of each message id, which the other commands take for the whole one.
    With --json each is a JSON object on a line of its own, with all its fields except the body.

    Example: prooftrail dead-letters list --older-than 1d --error InvalidEventError
    """
    now = now_ms()
    found: list[ReceivedDeadLetter] = []
    with open_scan(installation, filters, limit, has_bar=not as_json) as scan:
        for batch in scan.receive_batches():
            for dead_letter in batch:
                if as_json:
                    content = {**dead_letter.to_json(), "events": dead_letter.event_count}
                    echo_json(content, is_ascii=True)
                else:
                    found.append(dead_letter)
        hidden = count_hidden(scan)
    if found:
        _print(found, now)
    elif not as_json and not hidden:
        click.echo("no dead letters" + (" that match" if scan.scanned_count else ""))
    if hidden:
        click.echo(describe_hidden(hidden), err=as_json or bool(found))
    check_complete(scan)


def shorten_ids(ids: Sequence[str]) -> list[str]:
    """Return the start of each id: 8 characters, or as many more as tell all of them apart.

    >>> shorten_ids(["3ea1b6a5-4e2b", "20e603ea-cd7f"])
    ['3ea1b6a5', '20e603ea']
    >>> shorten_ids(["3ea1b6a5-4e2b", "3ea1b6a5-4f11"])
    ['3ea1b6a5-4e', '3ea1b6a5-4f']
    """
    length = MIN_ID_LENGTH
    while len({message_id[:length] for message_id in ids}) < len(set(ids)):
        length += 1
    return [message_id[:length] for message_id in ids]


def _print(dead_letters: Sequence[ReceivedDeadLetter], now: int) -> None:
    """Print a table, on a terminal with the starts of the ids, to leave room for the reasons."""
    from prooftrail.cli.tables import print_table

    ids = [dead_letter.id for dead_letter in dead_letters]
    shown = ids if get_terminal_width() is None else shorten_ids(ids)
    print_table(
        ("message", "age", "events", "reason"),
        [
            (start, *_make_cells(dead_letter, now))
            for start, dead_letter in zip(shown, dead_letters, strict=True)
        ],
        numbers=(1, 2),
        identifiers=(0,),
        texts=(3,),
    )


def _make_cells(dead_letter: ReceivedDeadLetter, now: int) -> Sequence[object]:
    count = dead_letter.event_count
    return (
        describe_duration(now - dead_letter.sent_at),
        "-" if count is None else count,
        describe_reason(dead_letter),
    )
