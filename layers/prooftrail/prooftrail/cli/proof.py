"""`prooftrail proof` and `prooftrail checkpoint`: what the API returns for offline verification."""

from pathlib import Path

import click

from prooftrail.cli.errors import handle_errors
from prooftrail.cli.filters import tenant_option
from prooftrail.cli.installation import Installation, installation_options
from prooftrail.cli.lookup import explain_missing_event
from prooftrail.cli.output import output_option, write_output
from prooftrail.cli.reads import audit_read
from prooftrail.ledger.prove import read_latest_publication


@click.command()
@click.argument("event_id", metavar="ID")
@tenant_option
@click.option(
    "--format",
    "file_format",
    type=click.Choice(["json", "tlog-proof"]),
    default="json",
    show_default=True,
    help="A bundle of the event and its proof, or the proof alone (C2SP tlog-proof).",
)
@output_option
@installation_options
@handle_errors
def proof(
    installation: Installation,
    event_id: str,
    tenant_id: str,
    file_format: str,
    output: Path | None,
) -> None:
    """Write the proof that the log recorded the event with this id.

    It is what the API returns for /audit-logs/ID/proof, or for a bundle with /unmasked. The bundle
    holds the event in clear, and with the log's key all that `prooftrail verify bundle` needs.

    Example: prooftrail proof 01KAV9MRNF5Y0G8V7C3QJXW2ZT --output bundle.json

    Exit codes: 0 written; 1 not found, not published yet, or damaged; 2 wrong usage; 3 AWS or the
    file cannot be read or written.
    """
    with explain_missing_event(installation, tenant_id):
        bundle = installation.prover.prove(tenant_id, event_id)
    is_masked = file_format != "json"
    audit_read(installation, tenant_id, event_id=event_id, is_masked=is_masked).note(1)
    write_output(bundle.to_json() if file_format == "json" else str(bundle.proof), output)


@click.command()
@output_option
@installation_options
@handle_errors
def checkpoint(installation: Installation, output: Path | None) -> None:
    """Write the log's latest checkpoint: its size and root hash, signed (C2SP tlog-checkpoint).

    It is what the API returns for /audit-logs/checkpoint. Keep it, and later
    `prooftrail verify consistency` shows that the log has only grown since.

    Example: prooftrail checkpoint --output checkpoint.old

    Exit codes: 0 written; 1 nothing is published yet; 2 wrong usage; 3 AWS or the file cannot be
    read or written.
    """
    write_output(str(read_latest_publication(installation.log).note), output)
