"""The command `auditlog`."""

import click

from auditlog.cli.reconcile import reconcile
from auditlog.cli.verify import verify


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="auditlog")
def main() -> None:
    """Work with an audit log, and check it."""


main.add_command(verify)
main.add_command(reconcile)
