"""Events that are on the queue, as `send` and `dead-letters redrive` print them."""

import click

from prooftrail.cli.terminal import escape
from prooftrail.intake.submit import AcceptedEvent


def print_accepted(event: AcceptedEvent) -> None:
    """Print id, timestamp, tenant and eventId on a line."""
    names = (event.id, event.timestamp, event.tenant_id, event.event_id)
    click.echo("  ".join(map(escape, names)))
