"""`prooftrail hold list`: the active holds of a tenant."""

import json
from collections.abc import Mapping
from typing import Any

import click

from prooftrail.cli.errors import handle_errors
from prooftrail.cli.filters import tenant_option
from prooftrail.cli.installation import Installation, installation_options
from prooftrail.cli.terminal import echo_json, json_option
from prooftrail.operate.holds import ActiveHolds
from prooftrail.query.ports import StoredEvent


@click.command("list")
@tenant_option
@json_option
@installation_options
@handle_errors
def list_holds(installation: Installation, tenant_id: str, as_json: bool) -> None:
    """List the active legal holds of a tenant: what, since when, by whom and why.

    Example: prooftrail hold list --tenant acme
    """
    holds = list(ActiveHolds.read(installation.ledger, tenant_id).by_id.values())
    events = installation.reader.get_many([(tenant_id, hold.id) for hold in holds]) if holds else []
    shown = [
        {
            "hold": hold.hold_id,
            "scope": hold.scope.to_json() if hold.scope else {},
            "eventId": hold.id,
            **_describe_event(event),
        }
        for hold, event in zip(holds, events, strict=True)
    ]
    if as_json:
        echo_json({"tenantId": tenant_id, "holds": shown})
        return
    if not shown:
        click.echo(f"{tenant_id} has no legal hold")
        return
    from prooftrail.cli.tables import print_table

    rows = [
        (
            each["hold"],
            str(hold.scope),
            each["since"] or "?",
            each["by"] or "?",
            each["reason"] or "its event is missing: run `prooftrail verify trail`",
        )
        for hold, each in zip(holds, shown, strict=True)
    ]
    print_table(("hold", "of", "since", "by", "reason"), rows, identifiers=(0,), texts=(4,))


def _describe_event(event: object) -> Mapping[str, Any]:
    """Return when, by whom and why a hold was set, by its event; None for what it does not say."""
    fields = json.loads(event.canonical) if isinstance(event, StoredEvent) else {}
    return {
        "since": fields.get("timestamp"),
        "by": fields.get("userId"),
        "reason": fields.get("details", {}).get("reason"),
    }
