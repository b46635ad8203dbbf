"""Build the package's wheel and sdist into dist/, and try the wheel in fresh environments."""

import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
PROJECT: Final = ROOT / "layers" / "prooftrail"
DIST: Final = ROOT / "dist"

# What each extra has to make possible; the empty one is the wheel alone.
PROBES: Final = {
    "": "import prooftrail.client, prooftrail.client.middleware.asgi",
    "signatures": "import prooftrail.tlog.signatures, prooftrail.tlog.witness",
    "server": "import prooftrail.runtime.telemetry, prooftrail.aws.events",
    "cli": "import prooftrail.cli.main, prooftrail.cli.verify",
    "parquet": "from prooftrail.export.parquet import make_schema; make_schema()",
}
COMMAND_EXTRAS: Final = ("cli", "parquet")


def uv(*arguments: str | Path) -> None:
    """Run uv quietly.

    Raises:
        CalledProcessError: uv failed; its output is on standard error.
    """
    executable = os.environ.get("UV", ROOT / ".venv-uv" / "bin" / "uv")
    subprocess.run([executable, *arguments, "--quiet"], check=True, cwd=ROOT)


def build(folder: Path) -> tuple[Path, Path]:
    """Build into an empty folder. Return the wheel and the sdist."""
    uv("build", PROJECT, "--out-dir", folder, "--clear")
    [wheel], [sdist] = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return wheel, sdist


def create_environment(folder: Path, *packages: str | Path) -> Path:
    """Create an environment with these packages alone. Return its `bin` folder."""
    uv("venv", "--python", sys.executable, folder)
    install(folder / "bin", *packages)
    return folder / "bin"


def install(bin_folder: Path, *packages: str | Path) -> None:
    """Install packages into an environment, in one resolution."""
    uv("pip", "install", "--python", bin_folder / "python", *packages)


def run(bin_folder: Path, *command: str, folder: Path | None = None) -> str:
    """Run a command of an environment, with none of this one's variables. Return its output.

    Raises:
        CalledProcessError: the command failed; `stderr` says why.
    """
    done = subprocess.run(
        [bin_folder / command[0], *command[1:]],
        check=True,
        capture_output=True,
        text=True,
        cwd=folder or bin_folder,
        env={"PATH": os.defpath, "HOME": os.fspath(bin_folder.parent)},
    )
    return done.stdout


def check(files: Sequence[Path]) -> None:
    """Check the metadata as the package index does."""
    subprocess.run([sys.executable, "-m", "twine", "check", "--strict", *files], check=True)


def main() -> None:
    """Build, check, and install the wheel once for each extra."""
    version = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["version"]
    wheel, sdist = build(DIST)
    check([wheel, sdist])
    for extra, probe in PROBES.items():
        name = f"prooftrail[{extra}]" if extra else "prooftrail"
        with tempfile.TemporaryDirectory() as folder:
            environment = create_environment(Path(folder) / "env", f"{name} @ {wheel.as_uri()}")
            run(environment, "python", "-c", probe)
            if extra in COMMAND_EXTRAS:
                output = run(environment, "prooftrail", "--version")
                if version not in output:
                    sys.exit(f"prooftrail --version prints {output!r}, not {version}")
        print(f"✓ {name} {version} installs and works in a fresh environment")


if __name__ == "__main__":
    main()
