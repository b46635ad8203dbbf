"""The producer library with its dependencies only."""

import subprocess
import sys
import tomllib
from importlib.metadata import distribution
from pathlib import Path

import pytest

import prooftrail

PROJECT = Path(prooftrail.__file__).parent.parent / "pyproject.toml"
_MISSING = """
import sys
from importlib.abc import MetaPathFinder

class Missing(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name.partition(".")[0] in sys.argv[1:]:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Missing())
"""
_LIBRARY = """
import prooftrail.client, prooftrail.client.middleware.asgi, prooftrail.client.middleware.wsgi
print(len([name for name in prooftrail.client.__all__ if getattr(prooftrail.client, name)]))
"""


def run(script: str, *missing: str) -> "subprocess.CompletedProcess[str]":
    """Run a script as if these packages were not installed."""
    return subprocess.run(
        [sys.executable, "-c", _MISSING + script, *missing],
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_has_three_dependencies() -> None:
    dependencies = tomllib.loads(PROJECT.read_text())["project"]["dependencies"]
    assert [name.partition(">")[0] for name in dependencies] == ["boto3", "pydantic", "rfc8785"]


@pytest.mark.usefixtures("socket_enabled")
def test_it_needs_no_others() -> None:
    extras = ["aws_lambda_powertools", "aws_xray_sdk", "click", "cryptography", "pyarrow"]
    extras += ["django", "flask", "fastapi", "opentelemetry", "starlette"]
    done = run(_LIBRARY, *extras)
    assert (done.returncode, done.stderr) == (0, "")
    assert int(done.stdout) > 10


def test_it_is_typed() -> None:
    assert (PROJECT.parent / "prooftrail" / "py.typed").exists()
    classifiers = distribution("prooftrail").metadata.get_all("Classifier") or []
    assert "Typing :: Typed" in classifiers


@pytest.mark.parametrize("missing", ["click", "cryptography"])
def test_the_command_names_the_missing_package(missing: str) -> None:
    done = run("from prooftrail.cli.entry import run; run()", missing)
    text = f"error: run `pip install 'prooftrail[cli]'`: {missing} is missing\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", text)
