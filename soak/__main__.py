"""`python -m soak`: send many events under faults, and report whether the promises held."""

import argparse
import os
import sys

from tests.support.aws_environment import NO_ACCOUNT


def main() -> int:
    """Run a soak. Return 0 if every promise held, else 1."""
    parser = argparse.ArgumentParser(prog="python -m soak", description=__doc__)
    parser.add_argument("--events", type=int, default=100_000, help="events to send (100000)")
    parser.add_argument("--seed", type=int, default=1, help="decides all chances (1)")
    arguments = parser.parse_args()
    os.environ.update(NO_ACCOUNT)
    from soak.run import run  # slow imports: --help does not wait for them

    return run(arguments.events, arguments.seed)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
