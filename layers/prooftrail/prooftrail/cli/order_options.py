"""The options of commands that write orders into the log: look first, confirm, wait."""

import click

removal_dry_run_option = click.option(
    "--dry-run", "is_dry", is_flag=True, help="Show what would be removed, and change nothing."
)
hold_dry_run_option = click.option(
    "--dry-run", "is_dry", is_flag=True, help="Count the events, and change nothing."
)
yes_option = click.option("--yes", "is_confirmed", is_flag=True, help="Do not ask.")
timeout_option = click.option(
    "--timeout",
    "timeout_seconds",
    type=click.FloatRange(min=0),
    default=120,
    show_default=True,
    help="How many seconds to wait for the ledger to commit an order.",
)
