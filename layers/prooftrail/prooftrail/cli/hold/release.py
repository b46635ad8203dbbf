"""`prooftrail hold release`: release a hold, and give expiries back."""

import click

from prooftrail.cli.errors import handle_errors
from prooftrail.cli.filters import tenant_option
from prooftrail.cli.hold.keeper import (
    check_reason,
    confirm,
    hold_argument,
    open_keeper,
    reason_option,
    report,
)
from prooftrail.cli.installation import Installation, installation_options
from prooftrail.cli.order_options import hold_dry_run_option, timeout_option, yes_option
from prooftrail.cli.terminal import echo_json, escape, json_option
from prooftrail.cli.text import format_count


@click.command("release")
@hold_argument
@tenant_option
@reason_option
@hold_dry_run_option
@yes_option
@timeout_option
@json_option
@installation_options
@handle_errors
def release_hold(
    installation: Installation,
    hold_id: str,
    tenant_id: str,
    reason: str,
    is_dry: bool,
    is_confirmed: bool,
    timeout_seconds: float,
    as_json: bool,
) -> None:
    """Release a legal hold, and give its events their expiry back.

    An event whose expiry has passed ends a day later. What another hold covers stays as it is.
    Run it again for a hold that is released if it ended early: it continues.

    Example: prooftrail hold release 3f0c8a52-6d1e-4b7a-9c55-1e2d3c4b5a69 --reason "case closed"
    """
    check_reason(reason)
    with open_keeper(installation, tenant_id, timeout_seconds, as_json=as_json) as keeper:
        hold, is_active = keeper.find(hold_id)
        if is_dry and hold.scope:
            found = keeper.count(hold.scope).found
    if is_dry:
        if as_json:
            echo_json({"hold": hold_id, "found": found})
        else:
            click.echo(f"{format_count(found, 'event')} of {escape(str(hold.scope))}")
        return
    confirm(
        f"Release the hold of {escape(str(hold.scope))}?",
        is_confirmed=is_confirmed or not is_active,
        as_json=as_json,
    )
    with open_keeper(installation, tenant_id, timeout_seconds, as_json=as_json) as keeper:
        if is_active:
            keeper.release(hold, reason)
        result = keeper.give_back(hold)
    report(
        hold_id,
        result,
        lambda changed: f"hold {escape(hold_id)} is released; {changed} got the expiry back",
        as_json=as_json,
    )
