"""What functions leave out when they start."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SLOW = {"boto3", "botocore.docs.service", "html.parser"}


@pytest.mark.parametrize(
    "name", ["processor", "ledger", "checkpoint", "query", "stats", "proof", "submit", "verifier"]
)
def test_a_start_imports_neither_boto3_nor_botocore_s_documentation(name: str) -> None:
    code = f"import sys, {name}.app; print('\\n'.join(sys.modules))"
    paths = (str(ROOT / "functions"), str(ROOT / "layers" / "prooftrail"))
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": ":".join(paths), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    imported = set(done.stdout.split())
    assert "botocore.client" in imported
    assert not imported & SLOW
