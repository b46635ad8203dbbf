"""`prooftrail doctor`: whether every part of a stack works, and what to do if not."""

import sys
from collections import Counter
from functools import cache
from typing import Any, Final

import click

from prooftrail.cli.errors import Exit, handle_errors
from prooftrail.cli.installation import FEW_ATTEMPTS, Installation, installation_options
from prooftrail.cli.terminal import echo_json, json_option
from prooftrail.operate.health import Check, CheckStatus

_COLOURS: Final = {
    CheckStatus.OK: "green",
    CheckStatus.WARN: "yellow",
    CheckStatus.FAIL: "red",
    CheckStatus.SKIPPED: "bright_black",
}
_WIDTHS: Final = (7, 16)  # of status and name


@click.command()
@json_option
@installation_options
@handle_errors
def doctor(installation: Installation, as_json: bool) -> None:
    """Check the parts of a stack: queues, tables, buckets, ledger, log, functions, alarms.

    Nothing is changed. A part that you may not read is skipped.

    Example: prooftrail doctor --stack audit-log-dev

    Exit codes: 0 nothing fails; 1 something fails; 2 wrong usage; 3 AWS is not reachable or
    refuses.
    """
    from prooftrail.aws.doctor import Doctor

    @cache
    def make_client(service: str) -> Any:
        return installation.aws.make_client(service, FEW_ATTEMPTS)

    make_client("cloudformation")  # a missing region is reported here: STS works without one
    checks: list[Check] = []
    for check in Doctor(make_client, installation.stack).run_checks():
        checks.append(check)
        if not as_json:
            _print_check(check)
    counts = Counter(check.status for check in checks)
    if as_json:
        content = {
            "healthy": not counts[CheckStatus.FAIL],
            "checks": [check.to_json() for check in checks],
        }
        echo_json(content, is_ascii=True)
    else:
        click.echo(", ".join(f"{counts[status]} {status}" for status in CheckStatus))
    if counts[CheckStatus.FAIL]:
        sys.exit(Exit.FAILED)


def _print_check(check: Check) -> None:
    from prooftrail.cli.tables import print_row

    print_row((check.status, check.name, check.finding), _WIDTHS, _COLOURS[check.status])
    if check.advice:
        print_row(("", "", check.advice), _WIDTHS)
