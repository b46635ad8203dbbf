"""The reference pages in docs/: fields, routes, parameters and samples match the system."""

import json
import re
import tomllib
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from local.dev import CONTAINER_HOST, ENV_FILE
from local.template import Stack, transform_template
from prooftrail.cli.main import COMMANDS
from prooftrail.errors import InvalidEventError
from prooftrail.event.canonical import MAX_DEPTH
from prooftrail.event.model import AuditEvent
from prooftrail.event.nodes import MAX_EVENT_NODES, MAX_JOB_NODES
from prooftrail.event.reserved import CLEANUP_ACTION, RESERVED_PREFIXES
from prooftrail.event.submitter import MAX_SUBMITTER_LENGTH
from prooftrail.intake.jobs import MAX_BULK_EVENTS, parse_job
from prooftrail.intake.packing import MAX_MESSAGE_BYTES
from prooftrail.query.personal import PersonalKeys, mask_fields
from tests.support.api import Api

ROOT = Path(__file__).parents[2]
OPENAPI = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))
NOW_MS = 1_795_507_200_000  # 2026-11-24T08:00:00Z


def page(name: str) -> str:
    """Return the text of a page in docs/."""
    return (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")


def blocks(name: str, language: str) -> list[str]:
    """Return the fenced blocks of a page in this language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page(name), flags=re.DOTALL | re.MULTILINE)


def table(name: str, heading: str) -> dict[str, str]:
    """Return the second column of a table by each name in the first."""
    rows = re.findall(
        r"^\| (`.+?`) \| (.*?) ?\|",
        page(name).split(heading, 1)[1].split("\n\n", 1)[0],
        flags=re.MULTILINE,
    )
    cells: dict[str, str] = {}
    for names, value in rows:
        cells |= dict.fromkeys(re.findall(r"`([^`]+)`", names), value)
    return cells


def validate(raw: object) -> AuditEvent:
    """Validate an event as the processor does."""
    return AuditEvent.from_json(
        raw, default_event_id="m-1", default_timestamp_ms=NOW_MS, now_ms=NOW_MS
    )


def test_the_fields_are_those_of_the_model() -> None:
    aliases = {field.alias for field in AuditEvent.model_fields.values()} - {"v"}
    assert set(table("event", "| field | rule |")) == aliases


def test_the_events_and_jobs_are_valid() -> None:
    event, *jobs, _ = blocks("event", "json")
    assert validate(json.loads(event)).to_json() == {
        **json.loads(event),
        "changes": {**json.loads(event)["changes"], "fields": ["state"]},
        "v": 1,
    }
    assert [parse_job(job).is_bulk for job in jobs] == [False, True]
    for job in jobs:
        assert validate(parse_job(job).events[0]).event_id == "m-1"


def test_the_sample_reason_is_that_of_the_processor() -> None:
    with pytest.raises(InvalidEventError) as refused:
        validate({"resourceType": "user"})
    assert f"`{refused.value}`" in page("event")


def test_the_limits_of_an_event_and_a_message_are_those_of_the_code() -> None:
    text = page("event")
    assert f"Nothing nests deeper than {MAX_DEPTH} levels." in text
    assert f"An event has at most {MAX_EVENT_NODES:,} values" in text
    assert f"`bulk_log_events` up to {MAX_BULK_EVENTS:,}" in text
    assert (
        f"A message has at most {MAX_MESSAGE_BYTES >> 20} MiB and {MAX_JOB_NODES:,} values." in text
    )
    assert f"It has at most {MAX_SUBMITTER_LENGTH} characters" in text
    reserved = {f"{prefix}*" for prefix in RESERVED_PREFIXES} | {CLEANUP_ACTION}
    assert reserved <= set(re.findall(r"`(audit\.[^`]*)`", text))


def test_the_parameters_are_those_of_the_template() -> None:
    described = table("deploy", "| parameter | default | meaning |")
    parameters: dict[str, Any] = transform_template()["Parameters"]
    assert set(parameters) == set(described)
    for name, value in described.items():
        defaults = re.findall(r"`([^`]+)`|(\d+)", value)
        shown = {one or other for one, other in defaults} or {""}
        assert str(parameters[name]["Default"]) in shown, name


def test_the_requests_are_answered(aws: Stack) -> None:
    api = Api(aws)
    targets = [
        target
        for target in re.findall(r"\"\$API_URL(/[^\"]+)\"", page("api"))
        if "POST" not in target and "01M8" not in target
    ]
    assert len(targets) >= 3
    for target in targets:
        path, _, query = target.partition("?")
        status, body = api.get(path, **dict(parse_qsl(query)))
        assert status == 200, (target, body)


def test_the_routes_and_their_parameters_are_those_of_the_api() -> None:
    [filters] = re.findall(r"^The filters are (.*?);", page("api"), flags=re.MULTILINE | re.DOTALL)
    described = {
        route: set(re.findall(r"`([\w-]+)`", parameters.replace("the filters below", filters)))
        for route, parameters in re.findall(
            r"^\| `((?:GET|POST) [^`]+)` \|(.*)\|$", page("api"), flags=re.MULTILINE
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


def test_the_paths_to_grant_to_iam_callers_are_those_of_the_groups_routes() -> None:
    """In IAM `*` and `?` stand for slashes too, as in fnmatch."""
    row = r"^\| (readers|readers of personal data|auditors|writers) \|(.*)\|$"
    rows = re.findall(row, page("api"), flags=re.MULTILINE)
    granted = {caller: re.findall(r"`([^`]+)`", patterns) for caller, patterns in rows}
    granted["readers of personal data"] += granted["readers"]
    groups: dict[str, set[str | None]] = {
        "readers": {"audit-readers"},
        "readers of personal data": {"audit-readers", "audit-pii"},
        "auditors": {"audit-auditors", None},  # tiles, which no group has
        "writers": {"audit-writers"},
    }
    assert granted.keys() == groups.keys()
    for path, operations in OPENAPI["paths"].items():
        asked = path.replace("{id}", "01M8693800S4JW22X9C2F49PPP").replace("{path}", "0/000.p/3")
        for method, operation in operations.items():
            found = re.search("needs the group `(.*?)`", operation["description"])
            group = found[1] if found else None
            for caller, patterns in granted.items():
                is_granted = any(
                    fnmatchcase(f"{method.upper()}{asked}", pattern) for pattern in patterns
                )
                assert is_granted == (group in groups[caller]), (caller, method, path)


def test_the_masked_event_of_the_api_s_page_is_what_the_api_shows() -> None:
    [masked] = [found for text in blocks("api", "json") if "masked" in (found := json.loads(text))]
    fields = {name: value for name, value in masked.items() if name != "masked"}
    fields["ipAddress"] = "203.0.113.77"
    fields["details"] = {**fields["details"], "customer": {"email": "ada@example.com"}}
    default = transform_template()["Parameters"]["PersonalKeys"]["Default"]
    shown, pointers = mask_fields(fields, PersonalKeys(frozenset(default.split(","))))
    assert {**shown, "masked": sorted(pointers)} == masked


def test_every_sample_has_a_function() -> None:
    functions = table("sam-local", "| `events/` | function |")
    assert set(functions) == {path.name for path in (ROOT / "events").iterdir()}
    known = transform_template()["Resources"]
    assert {known[name.strip("`")]["Type"] for name in functions.values()} == {
        "AWS::Lambda::Function"
    }


def test_sam_local_finds_its_settings() -> None:
    settings = tomllib.loads((ROOT / "samconfig.toml").read_text(encoding="utf-8"))["default"]
    for command in ("local_invoke", "local_start_api"):
        parameters = settings[command]["parameters"]
        assert ROOT / parameters["env_vars"] == ENV_FILE
        assert parameters["add_host"].partition(":")[0] == CONTAINER_HOST


def test_the_commands_that_pages_name_exist() -> None:
    for path in sorted((ROOT / "docs").rglob("*.md")):
        text = path.read_text(encoding="utf-8")
        named = set(re.findall(r"(?:`|^)prooftrail ([a-z-]+)", text, flags=re.MULTILINE))
        assert named <= set(COMMANDS), path.name
