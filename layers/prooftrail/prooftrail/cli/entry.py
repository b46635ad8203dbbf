"""Where the command `prooftrail` starts: this module works without the extra `cli`."""

import os
import sys
from pathlib import Path


def run() -> None:
    """Run the command, or say which library is missing and how to install it."""
    try:
        import click  # noqa: F401  # is it installed?
        import cryptography  # noqa: F401
    except ModuleNotFoundError as error:
        sys.exit(f"error: run `pip install 'prooftrail[cli]'`: {error.name} is missing")
    from prooftrail.cli.errors import end_without_output
    from prooftrail.cli.main import main

    _replace_closed_streams()
    try:
        main()
    except OSError as error:  # `--help` and `--version`; commands handle their own errors
        end_without_output(error)


def _replace_closed_streams() -> None:
    """Read nothing from a closed standard input, and write nothing to a closed standard error.

    With a closed standard output (`>&-`) the command ends: it could not print its result. Python
    sets a closed stream to None, and the next file that is opened would get its descriptor.
    """
    if sys.stdin is None:
        sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115  # until the end
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  # until the end
    if sys.stdout is None:
        sys.stderr.write("error: standard output is closed\n")
        sys.exit(3)
