"""The command line, of the extra `cli`."""

import sys


def run() -> None:
    """The command `auditlog`, or what it lacks where the package was installed without it."""
    try:
        import click  # noqa: F401  # is it there?
        import cryptography  # noqa: F401
    except ModuleNotFoundError as error:
        sys.exit(f"error: {error.name} is missing, which the package's extra `cli` brings")
    from auditlog.cli.main import main

    main()
