"""How long each function takes to start, as built for Lambda, against boto3 with one client."""

import compileall
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from py_compile import PycInvalidationMode

import boto3

from benchmarks.report import Finding, Report
from benchmarks.stub import ROOT
from local.template import transform_template

RUNS = 21
BOTO3 = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "urllib3", "six.py")
LIMITS = {"processor": 1.3, "ledger": 1.3, "query": 1.6, "stats": 1.6, "submit": 1.6}
SERVICES = {"submit": "sqs"}
# What Lambda's init phase does: import the handler's module and make its first client.
_FUNCTION = "import {name}.app; from prooftrail.aws.clients import client; client('{service}')"
_BASELINE = "import boto3; boto3.client('dynamodb')"
_TIMED = "import time; t = time.perf_counter(); {code}; print(time.perf_counter() - t)"


def run() -> Report:
    """Build the layer. Then run each function and the baseline in turn, each in a new process."""
    with tempfile.TemporaryDirectory() as folder:
        path = _build_path(Path(folder))
        codes = {"baseline": _BASELINE} | {
            name: _FUNCTION.format(name=name, service=SERVICES.get(name, "dynamodb"))
            for name in LIMITS
        }
        times: dict[str, list[float]] = {name: [] for name in codes}
        for _ in range(RUNS):
            for name, code in codes.items():
                times[name].append(_measure_seconds(code, path))
    milliseconds = {name: statistics.median(each) * 1000 for name, each in times.items()}
    findings = [
        Finding("import boto3; boto3.client('dynamodb')", f"{milliseconds['baseline']:.0f} ms")
    ]
    for name, limit in LIMITS.items():
        pairs = zip(times[name], times["baseline"], strict=True)
        ratio = statistics.median(own / base for own, base in pairs)
        value = f"{milliseconds[name]:.0f} ms = {ratio:.2f} times"
        findings.append(Finding(name, value, f"at most {limit} times", ratio <= limit))
    return Report(
        "Functions: initialisation",
        f"the layer as built, byte code included, Python {platform.python_version()}, "
        f"each in a new process, median of {RUNS}; ratios within a round, which share its noise",
        findings,
    )


def _build_path(folder: Path) -> list[Path]:
    """Build the layer and copy boto3, as Lambda has them. Return the module path."""
    machine = platform.machine()
    subprocess.run(
        [
            *("make", "--silent", "--file", "layers/prooftrail/Makefile", "build-AuditLogLayer"),
            f"ARTIFACTS_DIR={folder / 'layer'}",
            f"PROOFTRAIL_RUNTIME=python{sys.version_info.major}.{sys.version_info.minor}",
            f"PROOFTRAIL_ARCHITECTURE={ {'aarch64': 'arm64'}.get(machine, machine) }",
        ],
        check=True,
        cwd=ROOT,
    )
    runtime = folder / "runtime"
    runtime.mkdir()
    installed = Path(boto3.__file__).parent.parent
    for name in BOTO3:
        source = installed / name
        if source.is_dir():
            shutil.copytree(source, runtime / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, runtime / name)
    shutil.copytree(ROOT / "functions", folder / "functions")
    for part in ("runtime", "functions"):
        compileall.compile_dir(
            folder / part, quiet=1, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH
        )
    return [folder / "layer" / "python", runtime, folder / "functions"]


@cache
def _read_literal_variables() -> dict[str, str]:
    """Return the template's variables for every function, except references."""
    function = transform_template()["Resources"]["ProcessorFunction"]["Properties"]
    variables = function["Environment"]["Variables"]
    return {name: value for name, value in variables.items() if isinstance(value, str)}


def _measure_seconds(code: str, path: list[Path]) -> float:
    environment = {
        "PYTHONPATH": os.pathsep.join(map(str, path)),
        "PYTHONDONTWRITEBYTECODE": "1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "benchmark",
        "AWS_SECRET_ACCESS_KEY": "benchmark",
    } | _read_literal_variables()
    command = [sys.executable, "-S", "-c", _TIMED.format(code=code)]
    done = subprocess.run(command, env=environment, capture_output=True, check=True, text=True)
    return float(done.stdout)
