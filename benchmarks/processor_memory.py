"""The processor's peak memory with the worst batches that anyone can send."""

import json
import os
import resource
import subprocess
import sys
import time
from contextlib import redirect_stdout
from dataclasses import dataclass, field

from benchmarks.processor_cpu import invoke_processor
from benchmarks.report import Finding, Report
from benchmarks.stub import ROOT, run_stub
from benchmarks.worst_batches import BATCH_BYTES, SHAPES, make_batch
from tests.support.samples import message, queue_event

MEBIBYTE = 1024 * 1024
LIMIT_MB = 300
SECONDS = 90  # of which 30 are for messages
NOTHING = ""


def run() -> Report:
    """Measure each shape in its own process."""
    with run_stub():
        peaks = {shape: _measure_in_process(shape) for shape in (NOTHING, *SHAPES)}
    before = peaks.pop(NOTHING)
    shown = sorted(peaks.items(), key=lambda each: -each[1])
    return Report(
        "Processor: peak memory",
        f"batches of {BATCH_BYTES / 1e6:.0f} MB, each in a process of its own, the worst first",
        [
            Finding("before the first batch", f"{before:.0f} MB"),
            *(
                Finding(shape, f"{peak:.0f} MB", f"at most {LIMIT_MB}", peak <= LIMIT_MB)
                for shape, peak in shown
            ),
        ],
    )


def _measure_in_process(shape: str) -> float:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.processor_memory", shape],
        stdout=subprocess.PIPE,
        check=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": "functions"},
    )
    return float(done.stdout)


def _measure(shape: str) -> float:
    """Return the peak resident size after the batch of this shape, in MiB.

    The batch is made in a process of its own, and parsed from text, as Lambda's runtime does. The
    stub responds for the bucket and the dead-letter queue too.
    """
    text = subprocess.run(
        [sys.executable, "-m", "benchmarks.processor_memory", "--make", shape],
        stdout=subprocess.PIPE,
        check=True,
        cwd=ROOT,
    ).stdout
    event = json.loads(text)
    del text
    with open(os.devnull, "w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):  # noqa: PTH123
        invoke_processor(event, _Context())
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEBIBYTE


@dataclass(frozen=True)
class _Context:
    """Lambda's context: after half a minute the processor stops, and reports the rest."""

    started: float = field(default_factory=time.monotonic)

    def get_remaining_time_in_millis(self) -> int:
        return int((self.started + SECONDS - time.monotonic()) * 1000)


def _make(shape: str) -> str:
    bodies = make_batch(shape) if shape else []
    return json.dumps(queue_event(*(message(body, f"m-{n}") for n, body in enumerate(bodies))))


if __name__ == "__main__":
    if sys.argv[1] == "--make":
        sys.stdout.write(_make(sys.argv[2]))
    else:
        print(_measure(sys.argv[1]))
