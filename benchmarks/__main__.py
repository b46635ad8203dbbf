"""`python -m benchmarks [--check] [NAME …]`: run benchmarks, each in its own process."""

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
    "targets",
    "page_reads",
    "audited_reads",
    "masking",
    "proofs",
    "verification",
    "producer_latency",
    "producer_delivery",
    "export",
    "capacity",
    "console",
)


def main() -> int:
    """Run the benchmarks. Return 1 if one fails, or misses a target and `--check` is given."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help=f"one of {', '.join(BENCHMARKS)}; all without a name",
    )
    parser.add_argument("--check", action="store_true", help="exit with 1 if a target is missed")
    arguments = parser.parse_args()
    names = arguments.names or BENCHMARKS
    if unknown := set(names) - set(BENCHMARKS):
        parser.error(f"NAME: unknown benchmark {', '.join(sorted(unknown))}")
    if len(names) == 1:
        return _run(names[0], is_checked=arguments.check)
    check = ["--check"] if arguments.check else []
    environment = os.environ | {"PYTHONPATH": "functions", "AWS_DEFAULT_REGION": "us-east-1"}
    return max(
        subprocess.run(
            [sys.executable, "-m", "benchmarks", *check, name], cwd=ROOT, env=environment
        ).returncode
        for name in names
    )


def _run(name: str, *, is_checked: bool) -> int:
    os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
    sys.path.insert(0, str(ROOT / "functions"))
    report: Report = importlib.import_module(f"benchmarks.{name}").run()
    print(report, flush=True)
    return int(is_checked and any(finding.is_met is False for finding in report.findings))


if __name__ == "__main__":
    sys.exit(main())
