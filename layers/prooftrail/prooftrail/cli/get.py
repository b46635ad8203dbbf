"""`prooftrail get`: one event by its id."""

import json

import click

from prooftrail.cli.filters import tenant_option
from prooftrail.cli.installation import Installation, on_installation
from prooftrail.cli.terminal import answering, escaped_json
from prooftrail.query.pages import get_event


@click.command()
@click.argument("event_id", metavar="ID")
@tenant_option
@click.option("--json", "as_json", is_flag=True, help="On one line, as it is stored.")
@on_installation
@answering
def get(installation: Installation, event_id: str, tenant_id: str, as_json: bool) -> None:
    """Show the event with this id, as JSON.

    Exit codes: 0 shown, 1 not found or damaged, 2 wrong usage, 3 AWS cannot be reached or refuses.
    """
    text = get_event(installation.reader, tenant_id, event_id).to_json()
    if not as_json:
        text = json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    click.echo(escaped_json(text))
