"""The commands in docs/verification.md work on a bundle of a real log."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.test_verify_cli import BUNDLE_2, KEY, PUBLISHED_LOG, TEXT

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "verification.md").read_text(encoding="utf-8")


def snippet(language: str) -> str:
    """Return the document's only block in this language."""
    [found] = re.findall(rf"^```{language}\n(.*?)^```$", DOCUMENT, flags=re.MULTILINE | re.DOTALL)
    return str(found)


@pytest.mark.parametrize(
    ("bundle", "is_forged"),
    [
        (TEXT, False),
        (TEXT.replace("u-1", "u-2"), True),
        (BUNDLE_2.to_json(), False),
        (BUNDLE_2.to_json().replace("AROAEXAMPLEID", "AROAVICTIM"), True),
    ],
    ids=["version 1", "version 1, forged", "version 2", "version 2, forged"],
)
def test_the_inclusion_check_by_hand(tmp_path: Path, bundle: str, is_forged: bool) -> None:
    (tmp_path / "bundle.json").write_text(bundle, encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", snippet("python")],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == ("NOT included\n" if is_forged else "included\n")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="this machine has no OpenSSL command")
@pytest.mark.parametrize("is_forged", [False, True])
def test_the_signature_check_by_hand(tmp_path: Path, is_forged: bool) -> None:
    checkpoint = PUBLISHED_LOG.checkpoints[-1]
    (tmp_path / "checkpoint").write_text(
        checkpoint.replace("400", "401") if is_forged else checkpoint, encoding="utf-8"
    )
    run = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", snippet("sh")],
        cwd=tmp_path,
        env={"KEY": KEY, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    assert (run.returncode == 0) is not is_forged, run.stderr
    assert ("Signature Verified Successfully" in run.stdout) is not is_forged


def test_every_verify_command_is_named() -> None:
    from prooftrail.cli.verify import verify

    assert set(re.findall(r"^prooftrail verify (\w+)", DOCUMENT, flags=re.MULTILINE)) == set(
        verify.commands
    )
