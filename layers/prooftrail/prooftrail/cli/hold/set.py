"""`prooftrail hold set`: set a hold, and lift the expiries of what it covers."""

import uuid

import click

from prooftrail.cli.errors import handle_errors
from prooftrail.cli.filters import IDENTIFIER, NAME, tenant_option
from prooftrail.cli.hold.keeper import (
    check_reason,
    confirm,
    open_keeper,
    reason_option,
    report,
)
from prooftrail.cli.installation import Installation, installation_options
from prooftrail.cli.order_options import hold_dry_run_option, timeout_option, yes_option
from prooftrail.cli.terminal import echo_json, escape, json_option
from prooftrail.cli.text import format_count
from prooftrail.event.hold import HoldScope


@click.command("set")
@tenant_option
@click.option(
    "--user",
    "user_id",
    type=IDENTIFIER,
    help="Hold what this user did, or what was done on its behalf.",
)
@click.option(
    "--resource",
    type=(NAME, IDENTIFIER),
    metavar="TYPE ID",
    help="Hold what is about this resource, or has it as a target.",
)
@click.option("--whole-tenant", is_flag=True, help="Hold every event of the tenant.")
@reason_option
@hold_dry_run_option
@yes_option
@timeout_option
@json_option
@installation_options
@handle_errors
def set_hold(
    installation: Installation,
    tenant_id: str,
    user_id: str | None,
    resource: tuple[str, str] | None,
    whole_tenant: bool,
    reason: str,
    is_dry: bool,
    is_confirmed: bool,
    timeout_seconds: float,
    as_json: bool,
) -> None:
    """Set a legal hold, and lift the expiry of every event that it covers.

    The hold is in force as soon as the ledger has committed its record. Events that come later are
    under it too: run `prooftrail hold apply` to lift their expiry.

    Example: prooftrail hold set --tenant acme --user ada --reason "case 4711" --dry-run
    """
    if sum((user_id is not None, resource is not None, whole_tenant)) != 1:
        raise click.UsageError("give exactly one of --user, --resource and --whole-tenant")
    check_reason(reason)
    scope = HoldScope(user_id, resource)
    with open_keeper(installation, tenant_id, timeout_seconds, as_json=as_json) as keeper:
        if is_dry or not as_json:
            found = keeper.count(scope)
    if is_dry and as_json:
        echo_json({"hold": None, "found": found.found, "expiring": found.expiring})
        return
    if not as_json:
        events = f"{format_count(found.found, 'event')} of {escape(str(scope))} in {tenant_id}"
        click.echo(f"{events}, {found.expiring:,} of them with an expiry", err=is_dry is False)
    if is_dry:
        return
    confirm("Hold them?", is_confirmed=is_confirmed, as_json=as_json)
    hold_id = str(uuid.uuid4())
    with open_keeper(installation, tenant_id, timeout_seconds, as_json=as_json) as keeper:
        result = keeper.apply(keeper.set(hold_id, scope, reason))
    report(
        hold_id,
        result,
        lambda changed: f"hold {hold_id} is in force; the expiry of {changed} was lifted",
        as_json=as_json,
    )
