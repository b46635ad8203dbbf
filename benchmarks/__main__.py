"""`python -m benchmarks [--check] [NAME …]`."""

import argparse
import importlib
import sys

from benchmarks.report import Report

BENCHMARKS = ("processor_cpu", "processor_memory", "initialisation", "write_units", "page_reads")


def main() -> int:
    """Run the benchmarks; answers 1 if `--check` is given and a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*BENCHMARKS, []], metavar="NAME")
    parser.add_argument("--check", action="store_true", help="fail if a target is missed")
    arguments = parser.parse_args()
    missed = 0
    for name in arguments.names or BENCHMARKS:
        report: Report = importlib.import_module(f"benchmarks.{name}").run()
        print(report, flush=True)
        missed += sum(finding.is_met is False for finding in report.findings)
    print(f"{missed} targets are missed" if missed else "every target is met")
    return 1 if missed and arguments.check else 0


if __name__ == "__main__":
    sys.path.insert(0, "functions")
    sys.exit(main())
