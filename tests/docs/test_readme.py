"""The README keeps its word: commands, files, parameters, routes and the event it shows."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from local.dev import ENV_FILE, FROM_A_CONTAINER
from local.sqs_poller import SqsPoller
from local.template import Stack, transform_template
from prooftrail.aws.clients import client
from prooftrail.cli.main import COMMANDS
from prooftrail.event.model import AuditEvent
from tests.support.api import Api

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
OPENAPI = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))


def blocks(language: str) -> list[str]:
    """The fenced blocks in this language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, flags=re.DOTALL | re.MULTILINE)


def table(heading: str) -> dict[str, str]:
    """The first two columns of the first table after a text, by what stands in backticks."""
    rows = re.findall(
        r"^\| (`.+?`) \| (.*?) \|",
        README.split(heading, 1)[1].split("\n\n", 1)[0],
        flags=re.MULTILINE,
    )
    cells: dict[str, str] = {}
    for names, value in rows:
        cells |= dict.fromkeys(re.findall(r"`([^`]+)`", names), value)
    return cells


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_make_target_that_a_page_names_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in set(re.findall(r"(?:^|`)make ([a-z0-9]+)", text, flags=re.MULTILINE)):
        assert re.search(rf"^{target}:", MAKEFILE, flags=re.MULTILINE), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    for target, anchor in re.findall(r"\]\(([^)#:]*)(?:#([^)]*))?\)", page.read_text("utf-8")):
        file = (page.parent / target) if target else page
        assert file.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.*)$", file.read_text("utf-8"), flags=re.MULTILINE)
            assert anchor in {
                re.sub(r"[^\w -]", "", one).lower().replace(" ", "-") for one in headings
            }


def test_the_readme_names_a_function_for_each_sample() -> None:
    functions = table("| `events/` | for |")
    assert set(functions) == {path.name for path in (ROOT / "events").iterdir()}
    known = transform_template()["Resources"]
    assert {known[name.strip("`")]["Type"] for name in functions.values()} == {
        "AWS::Lambda::Function"
    }


def test_what_the_readme_sends_is_what_it_asks_for(
    aws: Stack, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))  # where the library's spool is
    api = Api(aws)
    [source] = aws.queue_sources
    queue_url = aws.resources["AuditQueue"]
    names: dict[str, Any] = {"queue_url": queue_url}
    for snippet in blocks("python"):
        exec(compile(snippet, "README.md", "exec"), names)  # noqa: S102  # ours
    assert names["audit"].close(30)
    for body in re.findall(r"--message-body '(.*)'", README):
        client("sqs").send_message(QueueUrl=queue_url, MessageBody=body)
    assert SqsPoller(source, api.runtime.invoke, client("sqs")).poll() == 3
    assert api.get(f"/audit-logs/{names['event_id']}", tenantId="acme")[0] == 200

    targets = re.findall(r"(?:\$API_URL|http://127.0.0.1:3000)(/[^\"']+)[\"']", README)
    assert len(targets) >= 6
    for target in targets:
        path, _, query = target.partition("?")
        status, body = api.get(path, **dict(parse_qsl(query)))
        assert status == 200, (target, body)
    assert [item["userId"] for item in api.listed(userId="u-1")] == ["u-1"]


def test_sam_local_finds_its_settings() -> None:
    settings = tomllib.loads((ROOT / "samconfig.toml").read_text(encoding="utf-8"))["default"]
    for command in ("local_invoke", "local_start_api"):
        parameters = settings[command]["parameters"]
        assert ROOT / parameters["env_vars"] == ENV_FILE
        assert parameters["add_host"].partition(":")[0] == FROM_A_CONTAINER


def test_the_fields_are_the_models() -> None:
    aliases = {field.alias for field in AuditEvent.model_fields.values()} - {"v"}
    assert set(table("| field | rule |")) >= aliases


def test_the_parameters_are_the_templates() -> None:
    described = table("| parameter | default | |")
    parameters: dict[str, Any] = transform_template()["Parameters"]
    assert set(parameters) <= set(described)
    for name in ("Stage", "RetentionDays", "ShardCount", "DetailedMetrics"):
        assert described[name].strip("`") == str(parameters[name]["Default"])


def test_the_routes_and_their_parameters_are_the_apis() -> None:
    described = {
        route: set(re.findall(r"`([\w-]+)`", parameters))
        for route, parameters in re.findall(
            r"^\| `((?:GET|POST) [^`]+)` \|(.*)\|$", README, flags=re.MULTILINE
        )
    }
    offered = {
        f"{method.upper()} {path}": {one["name"] for one in operation.get("parameters", [])}
        for path, operations in OPENAPI["paths"].items()
        for method, operation in operations.items()
    }
    assert set(described) == set(offered)
    for route, names in offered.items():
        assert described[route] - names == set(), route
        assert names - described[route] <= {"tenantId", "id"}, route


def test_the_commands_are_the_command_lines() -> None:
    named = set(re.findall(r"^\| .*?`prooftrail ([a-z-]+)", README, flags=re.MULTILINE))
    named |= set(re.findall(r"`prooftrail ([a-z-]+)[` ]", README))
    assert named == set(COMMANDS)


def test_the_changelog_and_the_decisions_are_complete() -> None:
    listed = (ROOT / "docs" / "adr" / "README.md").read_text(encoding="utf-8")
    for decision in (ROOT / "docs" / "adr").glob("[0-9]*.md"):
        assert decision.name in listed
