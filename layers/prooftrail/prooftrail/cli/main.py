"""The command `prooftrail`."""

import os
from collections.abc import Mapping
from typing import Final

import click

from prooftrail.cli.lazy import LazyCommand, LazyGroup

COMMANDS: Final[Mapping[str, LazyCommand]] = {
    "checkpoint": LazyCommand(
        "prooftrail.cli.proof:checkpoint", "Write the log's latest checkpoint."
    ),
    "cleanup": LazyCommand(
        "prooftrail.cli.cleanup:cleanup",
        "Remove a tenant's old events. The log keeps a record.",
    ),
    "completion": LazyCommand(
        "prooftrail.cli.completion:completion", "Print a shell's completion script."
    ),
    "console": LazyCommand(
        "prooftrail.cli.console.command:console", "Show the trail in a browser."
    ),
    "dead-letters": LazyCommand(
        "prooftrail.cli.dead_letters.group:dead_letters",
        "List, show, redrive or discard messages that could not be stored.",
    ),
    "doctor": LazyCommand(
        "prooftrail.cli.doctor:doctor", "Check whether every part of a stack works."
    ),
    "erase": LazyCommand("prooftrail.cli.erase:erase", "Remove every event that names a person."),
    "export": LazyCommand(
        "prooftrail.cli.export:export",
        "Write the trail to files: NDJSON, CSV, Parquet, OCSF, ECS or CloudEvents.",
    ),
    "get": LazyCommand("prooftrail.cli.get:get", "Show one event."),
    "hold": LazyCommand(
        "prooftrail.cli.hold.group:hold",
        "Set, list, apply or release legal holds, which keep events.",
    ),
    "proof": LazyCommand(
        "prooftrail.cli.proof:proof", "Write the proof that the log recorded an event."
    ),
    "query": LazyCommand("prooftrail.cli.query:query", "List events."),
    "reconcile": LazyCommand(
        "prooftrail.cli.reconcile:reconcile",
        "Compare stored events with ledger, counters and published log, and repair.",
    ),
    "report": LazyCommand(
        "prooftrail.cli.report:report", "Report who did what, how often, and what failed."
    ),
    "send": LazyCommand("prooftrail.cli.send:send", "Send events."),
    "stats": LazyCommand("prooftrail.cli.stats:stats", "Count events."),
    "tail": LazyCommand("prooftrail.cli.tail:tail", "Show the newest events, and follow new ones."),
    "tenants": LazyCommand(
        "prooftrail.cli.tenants:tenants", "List the tenants, and how many events each has."
    ),
    "verify": LazyCommand(
        "prooftrail.cli.verify:verify", "Verify proofs, the published log, a trail or an export."
    ),
}


@click.group(
    cls=LazyGroup,
    lazy_commands=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="prooftrail")
@click.pass_context
def main(context: click.Context) -> None:
    """Read, check and operate an audit log.

    Output is coloured only on a terminal, and never if NO_COLOR is set.

    Exit codes: 0 done; 1 refuted, refused or not found; 2 wrong usage; 3 AWS, a published log or a
    local file cannot be read or written, or the stack, profile or region is missing; 4 something is
    not proved, and nothing contradicts it; 130 interrupted; 141 the reader of the output has
    ended.
    """
    if os.environ.get("NO_COLOR"):  # https://no-color.org
        context.color = False
