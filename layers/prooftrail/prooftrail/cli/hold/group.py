"""The group `prooftrail hold`."""

from collections.abc import Mapping
from typing import Final

import click

from prooftrail.cli.lazy import LazyCommand, LazyGroup

COMMANDS: Final[Mapping[str, LazyCommand]] = {
    "set": LazyCommand("prooftrail.cli.hold.set:set_hold", "Set a hold, and lift expiries."),
    "list": LazyCommand("prooftrail.cli.hold.list:list_holds", "List the active holds."),
    "apply": LazyCommand(
        "prooftrail.cli.hold.apply:apply_holds", "Lift the expiries of events that came since."
    ),
    "release": LazyCommand(
        "prooftrail.cli.hold.release:release_hold", "Release a hold, and give expiries back."
    ),
}


@click.group("hold", cls=LazyGroup, lazy_commands=COMMANDS)
def hold() -> None:
    """Keep the events of a tenant, a user or a resource until the hold is released.

    While a hold is active, the clean-up leaves out what it covers, an erasure refuses it, and
    nothing of it expires. Who set and released a hold, when and why, are events of the tenant that
    are kept for good: the actions audit.hold.*.

    Run `prooftrail hold apply` more often than the retention is long, once a week for example:
    events that arrive after a hold is set expire until then.

    Exit codes: 0 done; 1 refused, not found, stalled, or something changed meanwhile; 2 wrong
    usage; 3 AWS cannot be read or written.
    """
