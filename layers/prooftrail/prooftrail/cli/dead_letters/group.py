"""The group `prooftrail dead-letters`."""

from collections.abc import Mapping
from typing import Final

import click

from prooftrail.cli.lazy import LazyCommand, LazyGroup

COMMANDS: Final[Mapping[str, LazyCommand]] = {
    "list": LazyCommand(
        "prooftrail.cli.dead_letters.list:list_dead_letters", "List them with their reasons."
    ),
    "show": LazyCommand("prooftrail.cli.dead_letters.show:show", "Show one with its body."),
    "redrive": LazyCommand(
        "prooftrail.cli.dead_letters.redrive:redrive_dead_letters", "Send them to the queue again."
    ),
    "discard": LazyCommand(
        "prooftrail.cli.dead_letters.discard:discard", "Remove them for good, on record."
    ),
}


@click.group("dead-letters", cls=LazyGroup, lazy_commands=COMMANDS)
def dead_letters() -> None:
    """List, show, redrive or discard messages that could not be stored.

    SQS cannot show a message in place. These commands receive the dead letters, which hides them
    from every other receiver, and release those that they did not remove when they end. So run one
    command at a time: a dead letter that another command holds is counted, but not seen. A command
    that is killed leaves dead letters hidden: list and show for half a minute, redrive and discard
    for five minutes.

    ID is a message id, or the start of one that only one dead letter has.

    Exit codes: 0 done; 1 a dead letter was not found, refused or kept; 2 wrong usage; 3 AWS or a
    local file cannot be read or written.
    """
