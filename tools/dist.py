"""Build the package's wheel and sdist into dist/, and test the wheel in new environments."""

import os
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
PROJECT: Final = ROOT / "layers" / "prooftrail"
DIST: Final = ROOT / "dist"


# No extra installs Django; the extra `console` has its own probe.
NOT_IMPORTED: Final = (
    "prooftrail.client.middleware.django",
    "prooftrail.cli.console.app",
    "prooftrail.cli.console.server",
)


def import_all(*packages: str) -> str:
    """Return code that imports every module of these packages of ours, but `NOT_IMPORTED`."""
    return f"""
import importlib, pkgutil
for name in {packages}:
    package = importlib.import_module("prooftrail." + name)
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if module.name not in {NOT_IMPORTED}:
            importlib.import_module(module.name)
"""


# Serves the console, and reads its page and the assets that the page names.
SERVE_CONSOLE: Final = """
import re, threading, urllib.request
from prooftrail.cli.console import access, app, server

with server.open_socket(0) as listener:
    entry = access.Access(listener.getsockname()[1])
    console = server.make_server(app.make_app(None, entry, {"api": "", "stack": "x"}))
    thread = threading.Thread(target=console.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    base = f"http://127.0.0.1:{entry.port}/"
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    page = opener.open(f"{base}?token={entry.token}").read().decode()
    assets = re.findall(r'"[./]*(hashed/[^"]+)"', page)
    assert {name.rpartition(".")[2] for name in assets} == {"js"}, page  # it brings its styles
    for name in assets:
        assert opener.open(base + name).read(), name
    console.should_exit = True
    thread.join()
"""


# The code that must run with each extra. The empty extra is the wheel alone.
PROBES: Final = {
    "": import_all("client", "event", "query", "intake"),
    "signatures": import_all("tlog", "ledger", "aws"),
    "server": import_all("runtime"),
    "cli": import_all("cli", "export", "operate", "verify"),
    "console": SERVE_CONSOLE,
    "parquet": "from prooftrail.export.parquet import make_schema; make_schema()",
}
COMMAND_EXTRAS: Final = ("cli", "console", "parquet")


def run_uv(*arguments: str | Path) -> None:
    """Run uv quietly.

    Raises:
        CalledProcessError: uv failed. Its output is on standard error.
    """
    executable = os.environ.get("UV", ROOT / ".venv-uv" / "bin" / "uv")
    subprocess.run([executable, *arguments, "--quiet"], check=True, cwd=ROOT)


def build(folder: Path) -> tuple[Path, Path]:
    """Build into an empty folder. Return the wheel and the sdist."""
    run_uv("build", PROJECT, "--out-dir", folder, "--clear")
    [wheel], [sdist] = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return wheel, sdist


def create_environment(folder: Path, *packages: str | Path) -> Path:
    """Create an environment with only these packages. Return its `bin` folder."""
    run_uv("venv", "--python", sys.executable, folder)
    install(folder / "bin", *packages)
    return folder / "bin"


def install(bin_folder: Path, *packages: str | Path) -> None:
    """Install packages into an environment, in one resolution."""
    run_uv("pip", "install", "--python", bin_folder / "python", *packages)


def run(bin_folder: Path, *command: str, folder: Path | None = None) -> str:
    """Run a command of an environment, without the variables of this process. Return its output.

    Raises:
        CalledProcessError: the command failed. `stderr` has the reason, and a note shows it.
    """
    done = subprocess.run(
        [bin_folder / command[0], *command[1:]],
        capture_output=True,
        text=True,
        cwd=folder or bin_folder,
        env={"PATH": os.defpath, "HOME": os.fspath(bin_folder.parent)},
    )
    try:
        done.check_returncode()
    except subprocess.CalledProcessError as error:
        error.add_note(done.stderr)
        raise
    return done.stdout


def check(files: Sequence[Path]) -> None:
    """Check the metadata with the rules of the package index."""
    subprocess.run([sys.executable, "-m", "twine", "check", "--strict", *files], check=True)


def check_console(wheel: Path, sdist: Path) -> None:
    """Check that wheel and sdist have each file of the built console, once."""
    package = PROJECT / "prooftrail"
    built = (package / "console" / "assets").rglob("*")
    expected = sorted(path.relative_to(PROJECT).as_posix() for path in built if path.is_file())
    with zipfile.ZipFile(wheel) as archive:
        in_wheel = archive.namelist()
    with tarfile.open(sdist) as files:
        in_sdist = [name.partition("/")[2] for name in files.getnames()]
    for file, names in ((wheel, in_wheel), (sdist, in_sdist)):
        found = sorted(name for name in names if "/assets/" in name)
        if not expected or found != expected:
            sys.exit(f"{file.name} has {found} of the console, not {expected}")


def main() -> None:
    """Build and check the wheel. Install and test it once for each extra."""
    version = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["version"]
    wheel, sdist = build(DIST)
    check([wheel, sdist])
    check_console(wheel, sdist)
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
