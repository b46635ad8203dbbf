"""`python -m local demo` and `python -m local dev`."""

import argparse
import sys


def main() -> int:
    """Run the command. Return the exit status."""
    from local import demo, dev  # slow imports: Ctrl-C during them is handled below

    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    demo.add_arguments(commands.add_parser("demo", help="run the whole system once, and check it"))
    dev.add_arguments(commands.add_parser("dev", help="keep the system up until Ctrl-C"))
    arguments = parser.parse_args()
    return demo.run(arguments) if arguments.command == "demo" else dev.run(arguments)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
