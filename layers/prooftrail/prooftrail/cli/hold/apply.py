"""`prooftrail hold apply`: lift the expiries of events that came after a hold was set."""

import click

from prooftrail.cli.errors import handle_errors
from prooftrail.cli.filters import tenant_option
from prooftrail.cli.hold.keeper import open_keeper, report
from prooftrail.cli.installation import Installation, installation_options
from prooftrail.cli.order_options import timeout_option
from prooftrail.cli.terminal import json_option
from prooftrail.operate.hold import HoldResult
from prooftrail.operate.holds import ActiveHolds


@click.command("apply")
@tenant_option
@timeout_option
@json_option
@installation_options
@handle_errors
def apply_holds(
    installation: Installation, tenant_id: str, timeout_seconds: float, as_json: bool
) -> None:
    """Lift the expiry of events that came, or came again, after the tenant's holds were set.

    Run it more often than the retention is long. It continues a `hold set` that ended early.

    Example: prooftrail hold apply --tenant acme
    """
    total = HoldResult()
    with open_keeper(installation, tenant_id, timeout_seconds, as_json=as_json) as keeper:
        for hold in ActiveHolds.read(installation.ledger, tenant_id).by_id.values():
            result = keeper.apply(hold)
            total.found += result.found
            total.expiring += result.expiring
            total.changed += result.changed
            total.skipped += result.skipped
    report(None, total, lambda changed: f"the expiry of {changed} was lifted", as_json=as_json)
