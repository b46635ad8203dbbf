"""What functions leave out when they start."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SLOW = {"boto3", "botocore.docs.service", "html.parser"}
WITHOUT_MODELS = {"ledger", "checkpoint", "verifier"}


@pytest.mark.parametrize(
    "name", ["processor", "ledger", "checkpoint", "query", "stats", "proof", "submit", "verifier"]
)
def test_a_start_imports_only_what_the_function_needs(name: str) -> None:
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
    assert ("pydantic_core" in imported) == (name not in WITHOUT_MODELS)
