"""`prooftrail tenants`: the tenants of a trail, with their numbers of events."""

from typing import Final

import click

from prooftrail.cli.errors import handle_errors
from prooftrail.cli.filters import since_option, until_option
from prooftrail.cli.installation import Installation, installation_options
from prooftrail.cli.terminal import echo_json, json_option
from prooftrail.cli.text import format_count
from prooftrail.event.times import MAX_TIMESTAMP_MS
from prooftrail.query.tenants import count_tenants

NONE_RECORDED: Final = (
    "no tenant is recorded yet: the first checkpoint after an event does it, or for the events "
    "before an upgrade `prooftrail reconcile --apply`"
)


@click.command()
@since_option
@until_option
@json_option
@installation_options
@handle_errors
def tenants(
    installation: Installation, start_ms: int | None, end_ms: int | None, as_json: bool
) -> None:
    """List the tenants, and how many events each has, in whole hours (UTC).

    The counts are the ledger's, by default of all time. Removed events still count. A tenant is
    listed a minute after its first event.

    Example: prooftrail tenants --since 30d

    Exit codes: 0 listed; 2 wrong usage; 3 AWS is not reachable or refuses.
    """
    start = 0 if start_ms is None else start_ms
    end = MAX_TIMESTAMP_MS if end_ms is None else end_ms
    if start > end:
        raise click.UsageError("--since must not be after --until")
    counted = count_tenants(
        installation.log.list_tenants(),
        installation.counters,
        installation.reader,
        start_ms=start,
        end_ms=end,
    )
    counts = sorted(counted, key=lambda count: (-count.total, count.tenant_id))
    if as_json:
        echo_json({"tenants": [count.to_json() for count in counts]})
    elif counts:
        from prooftrail.cli.tables import print_table

        print_table(
            ("tenant", "events", "successful", "failed"),
            [
                (each.tenant_id, f"{each.total:,}", f"{each.successful:,}", f"{each.failed:,}")
                for each in counts
            ],
            numbers=(1, 2, 3),
        )
        click.echo(format_count(len(counts), "tenant"), err=True)
    else:
        click.echo(NONE_RECORDED, err=True)
