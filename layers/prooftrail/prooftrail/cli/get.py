"""`prooftrail get`: one event by its id."""

import json

import click

from prooftrail.cli.errors import handle_errors
from prooftrail.cli.filters import tenant_option
from prooftrail.cli.installation import Installation, installation_options
from prooftrail.cli.lookup import explain_missing_event
from prooftrail.cli.reads import audit_read
from prooftrail.cli.terminal import escape_json
from prooftrail.query.pages import get_event


@click.command()
@click.argument("event_id", metavar="ID")
@tenant_option
@click.option("--json", "as_json", is_flag=True, help="Print it on one line, as it is stored.")
@installation_options
@handle_errors
def get(installation: Installation, event_id: str, tenant_id: str, as_json: bool) -> None:
    """Show the event with this id, as JSON.

    Example: prooftrail get 01KAV9MRNF5Y0G8V7C3QJXW2ZT --tenant acme

    Exit codes: 0 shown; 1 not found, or damaged; 2 wrong usage; 3 AWS is not reachable or refuses.
    """
    with explain_missing_event(installation, tenant_id):
        text = get_event(installation.reader, tenant_id, event_id).to_json()
    audit_read(installation, tenant_id, event_id=event_id).note(1)
    if not as_json:
        text = json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    click.echo(escape_json(text))
