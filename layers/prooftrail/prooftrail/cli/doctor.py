"""`prooftrail doctor`: an installation's parts, and what to do about them."""

import json
import sys
from collections import Counter
from functools import cache
from typing import Any

import click

from prooftrail.cli.installation import FEW_ATTEMPTS, Installation, on_installation
from prooftrail.cli.lines import padded_to
from prooftrail.cli.terminal import Exit, answering, escaped, escaped_json, json_option
from prooftrail.operate.health import Check, CheckStatus

_COLOURS = {
    CheckStatus.OK: "green",
    CheckStatus.WARN: "yellow",
    CheckStatus.FAIL: "red",
    CheckStatus.SKIPPED: "bright_black",
}
_NAME_WIDTH = 16


@click.command()
@json_option
@on_installation
@answering
def doctor(installation: Installation, as_json: bool) -> None:
    """Check an installation's parts: queues, tables, buckets, ledger, log, functions, alarms.

    It changes nothing. What you may not look at is skipped.

    Exit codes: 0 nothing fails, 1 something does, 2 wrong usage, 3 AWS cannot be reached or
    refuses.
    """
    from prooftrail.aws.doctor import Doctor

    @cache
    def client(service: str) -> Any:
        return installation.aws.client(service, FEW_ATTEMPTS)

    client("cloudformation")  # STS alone needs no region
    checks: list[Check] = []
    for check in Doctor(client, installation.stack).run_checks():
        checks.append(check)
        if not as_json:
            _show(check)
    counts = Counter(check.status for check in checks)
    if as_json:
        content = {
            "healthy": not counts[CheckStatus.FAIL],
            "checks": [check.to_json() for check in checks],
        }
        click.echo(escaped_json(json.dumps(content)))
    else:
        click.echo(", ".join(f"{counts[status]} {status}" for status in CheckStatus))
    if counts[CheckStatus.FAIL]:
        sys.exit(Exit.REFUTED)


def _show(check: Check) -> None:
    status = click.style(f"{check.status:7}", fg=_COLOURS[check.status])
    click.echo(f"{status}  {padded_to(check.name, _NAME_WIDTH)}  {escaped(check.finding)}")
    if check.advice:
        click.echo(f"{'':7}  {'':{_NAME_WIDTH}}  {escaped(check.advice)}")
