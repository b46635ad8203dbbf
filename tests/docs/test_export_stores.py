"""docs/export.md: its commands load every event of every format into DuckDB and pandas."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from prooftrail.event.record import EventRecord
from prooftrail.event.times import parse_timestamp
from prooftrail.export.csv import unguard_formula
from prooftrail.export.formats import FORMATS
from prooftrail.export.parquet import make_schema
from prooftrail.export.table import COLUMNS
from tests.support.export_samples import FREE_OBJECTS, SAMPLES, as_exported, make_awkward_records
from tests.support.exported_trail import ExportedTrail
from tests.support.samples import make_event_record

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

DOCUMENT = (Path(__file__).parents[2] / "docs" / "export.md").read_text(encoding="utf-8")
FREE = ("details", "metadata", "changes")
PLAIN = ("eventId", "tenantId", "userId", "action", "resourceType", "resourceId", "errorMessage")
NESTED = ("ocsf", "ecs", "cloudevents")  # formats whose lines have the event in other objects
BIG: dict[str, Any] = {"details": {"text": '"\\' * 240_000}}  # the canonical event has nearly 1 MiB
Row = Mapping[str, Any]


def section(title: str) -> str:
    """Return the subsection with this title."""
    return re.split(r"\n##+ ", DOCUMENT.split(f"\n### {title}\n")[1])[0]


VIEWS = {
    match[1]: match[0]
    for match in re.finditer(
        r"^CREATE VIEW (\w+) AS .*?;$", section("DuckDB"), re.DOTALL | re.MULTILINE
    )
}
IMPORTS, *PANDAS = re.findall(r"```python\n(.*?)```", section("pandas"), re.DOTALL)


@pytest.fixture
def trail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ExportedTrail:
    """Return a trail with an export's folder that is the working directory."""
    folder = tmp_path / "export"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return ExportedTrail(folder)


def connect() -> "DuckDBPyConnection":
    """Return a new database in memory."""
    import duckdb  # takes long, and most processes that collect the tests run none of these

    return duckdb.connect()


def export(trail: ExportedTrail, name: str, records: list[EventRecord]) -> None:
    """Export these events, in parts of 40."""
    trail.grow(records)
    trail.export(name, part_entries=40)


def load_duckdb(name: str) -> list[Row]:
    """Return the rows of the view that the document makes for this format."""
    with connect() as database:
        database.execute(VIEWS[name])
        found = database.execute(f'SELECT * FROM "{name}"')  # noqa: S608  # a format
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def load_pandas(name: str) -> list[Row]:
    """Return the rows of the frame that the document makes for this format."""
    import pandas as pd

    variable = name if name in {"csv", "parquet"} else "ndjson"
    [code] = [code for code in PANDAS if f"{variable} = " in code]
    values: dict[str, Any] = {}
    exec(f"{IMPORTS}\n{code}", values)  # noqa: S102  # the document's own code
    frame = values[variable]
    assert isinstance(frame, pd.DataFrame)
    rows: list[Row] = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return rows


def get_fields(name: str, row: Row) -> dict[str, Any]:
    """Return the event's fields in a row: ids and texts, and the free objects."""
    match name:
        case "csv":
            texts = {key: unguard_formula(value or "") or None for key, value in row.items()}
            return {key: texts[key] for key in (*PLAIN, *FREE)}
        case "parquet" | "ndjson":
            return {key: row.get(key) for key in (*PLAIN, *FREE)}
        case "cloudevents":
            data = decode(row["data"])
            return {key: data.get(key) for key in (*PLAIN, *FREE)}
        case "ecs":
            return _get_ecs_fields(row)
        case _:
            return _get_ocsf_fields(row)


def _get_ecs_fields(row: Row) -> dict[str, Any]:
    own = row["auditlog"]
    found = {key: own.get(key) for key in (*PLAIN, *FREE)} | {
        "tenantId": row["organization"]["id"],
        "action": row["event"]["action"],
        "userId": (row.get("user") or {}).get("id"),
        "errorMessage": (row.get("error") or {}).get("message"),
    }
    for key in FREE:
        value = decode(found[key])
        if isinstance(value, dict) and value.keys() == {"json"}:
            found[key] = value["json"]
    return found


def _get_ocsf_fields(row: Row) -> dict[str, Any]:
    unmapped, entity = row["unmapped"], row.get("entity") or {}
    user = row.get("user") or (row.get("actor") or {}).get("user") or {}
    changes = decode(unmapped.get("changes"))
    if unmapped.get("changedFields") is not None:
        parts = {"before": entity, "after": row.get("entity_result") or {}}
        changes = {key: decode(part["data"]) for key, part in parts.items() if part.get("data")}
        changes["fields"] = unmapped["changedFields"]
    return {
        **{key: unmapped.get(key) for key in ("eventId", "details", "metadata")},
        "tenantId": row["metadata"]["tenant_uid"],
        "userId": user.get("uid"),
        "action": row["activity_name"],
        "resourceType": unmapped.get("resourceType") or entity.get("type"),
        "resourceId": unmapped.get("resourceId") or entity.get("uid"),
        "errorMessage": row.get("status_detail"),
        "changes": changes,
    }


def decode(value: Any) -> Any:
    """Return the object in JSON text, or the object itself."""
    return json.loads(value, parse_int=_parse_number) if isinstance(value, str) else value


def _parse_number(text: str) -> int | float:
    return int(text) if len(text) < 16 else float(text)


def assert_same(name: str, rows: list[Row], records: list[EventRecord]) -> None:
    """Check that the rows have the events' values, in order."""
    assert len(rows) == len(records)
    for row, record in zip(rows, records, strict=True):
        fields, found = json.loads(record.canonical), get_fields(name, row)
        for key in PLAIN:
            assert found[key] == fields.get(key), key
        for key in FREE:
            assert simplify(decode(found[key])) == simplify(fields.get(key)), key


def simplify(value: Any) -> Any:
    """Return the value with every number as a float: readers differ in which they make."""
    match value:
        case dict():
            return {key: simplify(inner) for key, inner in value.items()}
        case list():
            return [simplify(inner) for inner in value]
        case int() if not isinstance(value, bool):
            return float(value)
    return value


@pytest.mark.parametrize("name", FORMATS)
def test_duckdb_reads_every_event(trail: ExportedTrail, name: str) -> None:
    records = [*make_awkward_records(), make_event_record(**BIG)]
    export(trail, name, records)
    assert_same(name, load_duckdb(name), records)


@pytest.mark.parametrize("name", FORMATS)
def test_duckdb_reads_actors_targets_and_traces(trail: ExportedTrail, name: str) -> None:
    export(trail, name, [make_event_record(**SAMPLES[-1]), make_event_record()])
    event, other = load_duckdb(name)
    texts = ("agent", "u-2", "u-3", SAMPLES[-1]["traceId"])
    assert [text in str(event) for text in texts] == [True] * len(texts)
    assert SAMPLES[-1]["traceId"] not in str(other)


@pytest.mark.parametrize("name", FORMATS)
def test_pandas_reads_every_event(trail: ExportedTrail, name: str) -> None:
    records = [*make_awkward_records(), make_event_record(**BIG)]
    export(trail, name, records)
    assert_same(name, load_pandas(name), records)


@pytest.mark.parametrize(
    "name",
    ["ndjson", *(pytest.param(name, marks=pytest.mark.slow) for name in NESTED)],
)
@pytest.mark.parametrize("free", FREE_OBJECTS, ids=lambda free: next(iter(free), "")[:10])
def test_duckdb_reads_each_free_object_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, free: dict[str, Any]
) -> None:
    monkeypatch.chdir(tmp_path)
    records = [make_event_record(details=free), make_event_record(changes={"after": free})]
    with (tmp_path / f"part.{FORMATS[name].extension}").open("wb") as file:
        writer = FORMATS[name].make_writer(file, "example.com/log")
        for record in records:
            writer.write(as_exported(record))
        writer.finish()
    assert_same(name, load_duckdb(name), records)


def test_duckdb_derives_the_types_of_ocsf(trail: ExportedTrail) -> None:
    export(trail, "ocsf", make_awkward_records())
    with connect() as database:
        found = database.execute("SELECT unmapped.details FROM read_json('*.ocsf.ndjson')")
        assert len(found.fetchall()) == len(make_awkward_records())


def test_duckdb_reads_ocsf_of_version_0_2(trail: ExportedTrail) -> None:
    free = FREE_OBJECTS[0]
    export(trail, "ocsf", [make_event_record(details=free)])
    [path] = trail.folder.glob("*.ocsf.ndjson")
    event = json.loads(path.read_bytes())
    event["unmapped"]["details"] = json.loads(event["unmapped"]["details"])
    path.write_text(f"{path.read_text()}{json.dumps(event)}\n")
    rows = load_duckdb("ocsf")
    assert [json.loads(row["unmapped"]["details"]) for row in rows] == [free, free]


def test_the_columns_have_types(trail: ExportedTrail) -> None:
    [record] = records = [make_event_record(details={"role": "admin"})]
    export(trail, "ndjson", records)
    [row] = load_duckdb("ndjson")
    assert (row["position"], row["success"]) == (0, True)
    fields = json.loads(record.canonical)
    assert row["timestamp"].timestamp() * 1000 == parse_timestamp(fields["timestamp"])
    with connect() as database:
        database.execute(VIEWS["ndjson"])
        assert database.execute("SELECT details->>'$.role' FROM ndjson").fetchall() == [("admin",)]


def test_athena_s_columns_are_those_of_parquet() -> None:
    text = section("Athena").split("audit_events (")[1].split(")\nSTORED")[0].replace("`", "")
    columns = [column.split() for column in text.replace("\n", " ").split(",")]
    assert [name for name, _ in columns] == [name.lower() for name in COLUMNS]
    types = {
        "int64": "bigint",
        "bool": "boolean",
        "string": "string",
        "timestamp[ms, tz=UTC]": "timestamp",
        "fixed_size_binary[32]": "binary",
    }
    assert [kind for _, kind in columns] == [types[str(field.type)] for field in make_schema()]


def test_every_format_has_a_row() -> None:
    text = DOCUMENT.split("\n## Load an export into a store\n")[1].split("\n### ")[0]
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|$", text, re.MULTILINE))
    assert set(rows) == set(FORMATS) == set(VIEWS)
