"""`python -m benchmarks [--check] [NAME …]`: each benchmark in a process of its own."""

import argparse
import importlib
import os
import subprocess
import sys

from benchmarks.report import Report
from benchmarks.stub import ROOT

BENCHMARKS = (
    "processor_cpu",
    "processor_memory",
    "ledger_cpu",
    "initialisation",
    "write_units",
    "checkpoint_writes",
    "page_reads",
    "proofs",
    "verification",
    "producer_latency",
    "producer_delivery",
    "export",
)


def main() -> int:
    """Run the benchmarks; answers 1 if one fails, or `--check` is given and a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}")
    parser.add_argument("--check", action="store_true", help="fail if a target is missed")
    arguments = parser.parse_args()
    names = arguments.names or BENCHMARKS
    if unknown := set(names) - set(BENCHMARKS):
        parser.error(f"no benchmark is named {', '.join(sorted(unknown))}")
    if len(names) == 1:
        return _run(names[0], has_to_meet=arguments.check)
    check = ["--check"] if arguments.check else []
    environment = os.environ | {"PYTHONPATH": "functions", "AWS_DEFAULT_REGION": "us-east-1"}
    return max(
        subprocess.run(
            [sys.executable, "-m", "benchmarks", *check, name], cwd=ROOT, env=environment
        ).returncode
        for name in names
    )


def _run(name: str, *, has_to_meet: bool) -> int:
    os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
    sys.path.insert(0, str(ROOT / "functions"))
    report: Report = importlib.import_module(f"benchmarks.{name}").run()
    print(report, flush=True)
    return int(has_to_meet and any(finding.is_met is False for finding in report.findings))


if __name__ == "__main__":
    sys.exit(main())
