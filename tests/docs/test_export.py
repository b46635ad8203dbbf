"""docs/export.md: its names exist, and its sample line is real output."""

import json
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from prooftrail.cli.main import main
from prooftrail.export.ecs import TYPES
from prooftrail.export.entries import AbsenceReason
from prooftrail.export.filters import EventFilters
from prooftrail.export.formats import FORMATS
from prooftrail.export.manifest import Manifest
from prooftrail.export.ndjson import NDJSON
from prooftrail.export.ocsf import ACTIVITIES
from prooftrail.export.table import COLUMNS
from prooftrail.export.verbs import find_operation
from tests.support.export_samples import (
    SAMPLES,
    make_exported_event,
    make_records,
    parse_json_lines,
)
from tests.support.exported_trail import ExportedTrail

DOCUMENT = (Path(__file__).parents[2] / "docs" / "export.md").read_text(encoding="utf-8")
LINE_FIELDS: dict[str, Any] = {
    "action": "guild.update",
    "eventId": "e-1",
    "userId": "u-1",
    "resourceType": "guild",
    "resourceId": "g-1",
    "changes": {"before": {"a": 1}, "after": {"a": 2}},
}


def section(title: str) -> str:
    """Return the section with this title."""
    return DOCUMENT.split(f"\n## {title}\n")[1].split("\n## ")[0]


def rows(text: str) -> list[list[str]]:
    """Return the names in a table's cells, row by row."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [re.findall(r"`([^`]+)`", line) for line in lines]


def first_cells(text: str) -> set[str]:
    """Return the names in a table's first column."""
    lines = [line.split(" | ")[0] for line in text.splitlines() if line.startswith("| ")]
    return {name for line in lines for name in re.findall(r"`([^`]+)`", line)}


def test_every_format_is_listed() -> None:
    table = DOCUMENT.split("\n## ")[0]
    assert first_cells(table) == {*FORMATS, "--format"}
    proved = {
        row[0]: "content" in line
        for line in table.splitlines()
        if line.startswith("| `") and (row := re.findall(r"`([^`]+)`", line))[0] in FORMATS
    }
    for name, has_content in proved.items():
        file = BytesIO()
        writer = FORMATS[name].make_writer(file, "example.com/log")
        writer.write(make_exported_event())
        writer.finish()
        [claim] = FORMATS[name].read_claims(BytesIO(file.getvalue()))
        assert (claim.canonical is not None) is has_content, name


def test_the_commands_exist() -> None:
    commands = re.search(r"```\n(.*?)```", DOCUMENT, re.DOTALL)
    assert commands
    for line in commands[1].splitlines():
        words = line.split()[1:]
        options = {word for word in words if word.startswith("--")}
        names = words[: 2 if words[0] == "verify" else 1]
        help_text = CliRunner().invoke(main, [*names, "--help"]).output
        assert all(option in help_text for option in options), line
    help_text = CliRunner().invoke(main, ["export", "--help"]).output
    for option in re.findall(r"`(--[a-z-]+)`", DOCUMENT.split("\n## ")[0]):
        assert option in help_text


def test_the_table_of_verbs_is_right() -> None:
    lines = [line for line in section("The verbs of actions").splitlines() if line[:2] == "| "]
    for line in [line for line in lines if re.search(r"\| \d+ \w+ \|", line)]:
        verbs, activity, kind = line.strip("| ").split(" | ")
        for verb in re.findall(r"`([^`]+)`", verbs):
            operation = find_operation(f"thing.{verb}")
            assert str(ACTIVITIES.get(operation, 99)) == activity.split()[0], verb
            assert f"`{TYPES.get(operation, 'info')}`" == kind, verb


def test_the_sample_line_is_real_output() -> None:
    [line] = re.findall(r"```json\n(.*?)\n```", DOCUMENT)
    assert NDJSON.encode(make_exported_event(7, **LINE_FIELDS), "") == line


def test_every_column_is_named_in_order() -> None:
    text = section("CSV and Parquet").split(".\n`details`")[0]
    assert tuple(re.findall(r"`(\w+)`", text)) == COLUMNS


def test_every_reason_for_a_missing_event_is_named() -> None:
    assert first_cells(section("What is not in a file")) == {
        reason.value for reason in AbsenceReason
    }


def test_every_field_of_the_manifest_is_named(tmp_path: Path) -> None:
    trail = ExportedTrail(tmp_path)
    trail.grow(make_records(3))
    trail.export(filters=EventFilters(action="user.*"))
    text = (tmp_path / "manifest.json").read_text(encoding="utf-8")
    assert first_cells(section("The folder")) == set(json.loads(text))
    assert Manifest.from_json(text)


def list_paths(value: Any, prefix: str = "") -> set[str]:
    """Return the paths of a JSON object's fields."""
    found: set[str] = set()
    for name, inner in value.items():
        found.add(f"{prefix}{name}")
        if isinstance(inner, dict):
            found |= list_paths(inner, f"{prefix}{name}.")
    return found


@pytest.mark.parametrize(
    ("title", "name"), [("OCSF", "ocsf"), ("ECS", "ecs"), ("CloudEvents", "cloudevents")]
)
def test_every_mapped_field_is_in_a_sample(title: str, name: str) -> None:
    file = BytesIO()
    writer = FORMATS[name].make_writer(file, "example.com/log")
    more = {"sessionId": "s", "requestId": "r", "userId": "u", "username": "n", "errorMessage": "e"}
    for fields in SAMPLES:
        writer.write(make_exported_event(**{**fields, **more}))
    writer.write(make_exported_event(action="x", sessionId="s"))
    known = {path for line in parse_json_lines(file.getvalue()) for path in list_paths(line)}
    last = ""
    for cell in [line.split(" | ")[0] for line in section(title).splitlines() if line[:3] == "| `"]:
        for mapped in re.findall(r"`([^`]+)`", cell):
            if mapped.startswith("."):
                mapped = last.rpartition(".")[0] + mapped
            assert mapped in known, mapped
            last = mapped
