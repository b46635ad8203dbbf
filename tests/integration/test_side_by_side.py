"""The wheel beside django-auditlog, whose import name the package had once."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tools import dist

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("socket_enabled")]

DJANGO_AUDITLOG = "django-auditlog==3.4.1"
_MANAGE = """
import os, sys
from django.core.management import execute_from_command_line
from django.core.wsgi import get_wsgi_application
os.environ["DJANGO_SETTINGS_MODULE"] = "project_settings"
execute_from_command_line(sys.argv)
get_wsgi_application()  # loads the middleware, which `check` does not
"""
_SETTINGS = """
SECRET_KEY = "of a test"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", {apps}]
MIDDLEWARE = [{middleware}]
DATABASES = {{"default": {{"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}}}
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
"""
THEIRS = {"apps": '"auditlog"', "middleware": '"auditlog.middleware.AuditlogMiddleware"'}
OURS = {
    "apps": "",
    "middleware": '"prooftrail.client.middleware.django.AuditContextMiddleware"',
}
BOTH = {
    "apps": THEIRS["apps"],
    "middleware": f"{THEIRS['middleware']}, {OURS['middleware']}",
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package's wheel, built from this tree."""
    return dist.build(tmp_path_factory.mktemp("dist"))[0]


def check_project(environment: Path, settings: dict[str, str]) -> str:
    """Run `manage.py check` and load the middleware. Return what the check prints."""
    project = environment.parent / "project"
    project.mkdir(exist_ok=True)
    (project / "manage.py").write_text(_MANAGE)
    (project / "project_settings.py").write_text(_SETTINGS.format(**settings))
    return dist.run(environment, "python", "manage.py", "check", folder=project)


def install_in_order(folder: Path, packages: Sequence[str | Path]) -> Path:
    """Create an environment and install the packages one after the other."""
    environment = dist.create_environment(folder, packages[0])
    for package in packages[1:]:
        dist.install(environment, package)
    return environment


@pytest.mark.parametrize("first", ["theirs", "ours"])
@pytest.mark.parametrize("removed", ["theirs", "ours"])
def test_both_work_side_by_side_and_each_without_the_other(
    wheel: Path, tmp_path: Path, first: str, removed: str
) -> None:
    packages: list[str | Path] = [DJANGO_AUDITLOG, wheel]
    if first == "ours":
        packages.reverse()
    environment = install_in_order(tmp_path / "env", packages)
    assert "no issues" in check_project(environment, BOTH)

    name = "django-auditlog" if removed == "theirs" else "prooftrail"
    dist.run_uv("pip", "uninstall", "--python", environment / "python", name)

    left = OURS if removed == "theirs" else THEIRS
    assert "no issues" in check_project(environment, left)
    with pytest.raises(subprocess.CalledProcessError) as failed:
        check_project(environment, BOTH)
    gone = "auditlog" if removed == "theirs" else "prooftrail"
    assert f"No module named '{gone}" in failed.value.stderr
    assert sys.prefix not in failed.value.stderr  # the environment is not this one
