"""The command line, of the extra `cli`."""

import os
import sys
from pathlib import Path


def run() -> None:
    """The command `prooftrail`, or what it lacks where the package was installed without it."""
    try:
        import click  # noqa: F401  # is it there?
        import cryptography  # noqa: F401
    except ModuleNotFoundError as error:
        sys.exit(f"error: {error.name} is missing, which the package's extra `cli` brings")
    from prooftrail.cli.main import main

    _mend_streams()
    main()


def _mend_streams() -> None:
    """End where standard output is closed (`>&-`); of the others nothing is read or shown then.

    Python has None for a stream that was closed, and the next file opened would take its number.
    """
    if sys.stdin is None:
        sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115  # till the end
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  # till the end
    if sys.stdout is None:
        sys.stderr.write("error: standard output is closed\n")
        sys.exit(3)
