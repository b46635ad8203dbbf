"""The processor's peak memory with the largest batches that Lambda delivers."""

import json
import os
import random
import resource
import subprocess
import sys
from contextlib import redirect_stdout

from benchmarks.processor_cpu import make_processor_handler
from benchmarks.report import Finding, Report
from benchmarks.stub import ROOT, run_stub
from benchmarks.workload import make_events
from tests.support.samples import job, message, queue_event

BATCH_BYTES = 6_000_000
MEBIBYTE = 1024 * 1024
LIMIT_MB = 200
SHAPES = {"6 messages of 1 MB": 6, "1,000 messages of 6 KB": 1_000}


def run() -> Report:
    """Measure each shape in its own process."""
    with run_stub():
        peaks = {shape: _measure_peak_mb(count) for shape, count in SHAPES.items()}
        before = _measure_peak_mb(0)
    return Report(
        "Processor: peak memory",
        f"batches of {BATCH_BYTES / 1e6:.0f} MB of text that hardly compresses",
        [
            Finding("before the first batch", f"{before:.0f} MB"),
            *(
                Finding(shape, f"{peak:.0f} MB", f"at most {LIMIT_MB}", peak <= LIMIT_MB)
                for shape, peak in peaks.items()
            ),
        ],
    )


def _measure_peak_mb(count: int) -> float:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.processor_memory", str(count)],
        capture_output=True,
        check=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": "functions"},
    )
    return float(done.stdout)


def _measure(count: int) -> float:
    """Return the peak resident size after a batch of `count` messages, in MiB."""
    rng = random.Random(7)
    size = BATCH_BYTES // max(count, 1) - 700
    some = make_events(count, padding=0)
    for event in some:
        event["details"] = {"text": rng.randbytes(size // 2).hex()}
    text = json.dumps(queue_event(*(message(job(event), f"m-{n}") for n, event in enumerate(some))))
    del some
    with redirect_stdout(sys.stderr):
        # Parsed from text, as Lambda's runtime does. The stub responds for the bucket too.
        make_processor_handler(json.loads(text))()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEBIBYTE


if __name__ == "__main__":
    print(_measure(int(sys.argv[1])))
