"""The file formats: every event is found in its file, and the file is valid by its own rules."""

import csv
import json
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_http_event
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

from prooftrail.errors import ConfigurationError, MalformedExportError
from prooftrail.event.canonical import canonicalize, compute_digest
from prooftrail.event.times import format_timestamp, parse_timestamp
from prooftrail.export import parquet
from prooftrail.export.csv import guard_formula, unguard_formula
from prooftrail.export.formats import FORMATS
from prooftrail.export.ocsf import AUTHENTICATION, ENTITY_MANAGEMENT, VERSION
from prooftrail.export.ports import ExportedEvent
from prooftrail.export.table import COLUMNS, JSON_COLUMNS
from prooftrail.ledger.receipt import Receipt
from prooftrail.query.ports import StoredEvent
from tests.support.export_samples import (
    SAMPLES,
    TEXT,
    events,
    make_exported_event,
    parse_json_lines,
)
from tests.support.samples import NOW_MS

ORIGIN = "example.com/log"
ANY_EVENTS = st.lists(events(), max_size=3)
LINE_FORMATS = ("ndjson", "ocsf", "ecs", "cloudevents")
NEW_FIELDS = ("actorType", "onBehalfOf", "targets", "traceId")


def write_file(name: str, *many: ExportedEvent) -> bytes:
    """Return the file of these events."""
    file = BytesIO()
    writer = FORMATS[name].make_writer(file, ORIGIN)
    for event in many:
        writer.write(event)
    writer.finish()
    return file.getvalue()


@pytest.mark.parametrize("name", FORMATS)
@given(ANY_EVENTS)
def test_every_event_is_found_in_its_file(name: str, many: list[ExportedEvent]) -> None:
    claims = list(FORMATS[name].read_claims(BytesIO(write_file(name, *many))))
    receipts = [claim.receipt for claim in claims]
    assert receipts == [
        who and Receipt.from_submitter(one.event.received_at, who)
        for one in many
        for who in [one.event.submitted_by]
    ]
    assert [(claim.position, claim.id, claim.digest) for claim in claims] == [
        (exported_event.position, exported_event.event.id, exported_event.event.digest)
        for exported_event in many
    ]
    if name in {"ndjson", "cloudevents"}:
        assert [claim.canonical for claim in claims] == [
            exported_event.event.canonical for exported_event in many
        ]
        assert all(compute_digest(claim.canonical or b"") == claim.digest for claim in claims)


@pytest.mark.parametrize("name", FORMATS)
@given(st.binary(max_size=60), st.data())
def test_a_changed_file_is_refused_or_read(name: str, content: bytes, data: st.DataObject) -> None:
    whole = write_file(name, make_exported_event(1), make_exported_event(2))
    at = data.draw(st.integers(0, len(whole)))
    cut = data.draw(st.integers(0, 40))
    for changed in (content, whole[:at] + content + whole[at + cut :]):
        try:
            list(FORMATS[name].read_claims(BytesIO(changed)))
        except MalformedExportError:
            continue


@pytest.mark.parametrize("name", LINE_FORMATS)
@given(ANY_EVENTS)
def test_a_line_is_one_json_object(name: str, many: list[ExportedEvent]) -> None:
    content = write_file(name, *many)
    assert content.count(b"\n") == len(many)
    assert all(isinstance(line, dict) for line in parse_json_lines(content))


@given(events())
def test_ndjson_has_the_event_of_the_api_with_its_position(exported_event: ExportedEvent) -> None:
    [line] = parse_json_lines(write_file("ndjson", exported_event))
    assert line == {
        "position": exported_event.position,
        "id": exported_event.event.id,
        "digest": exported_event.event.digest.hex(),
        "receivedAt": format_timestamp(exported_event.event.received_at),
        **({"submittedBy": who} if (who := exported_event.event.submitted_by) else {}),
        **json.loads(exported_event.event.canonical),
    }


# CSV


def read_cells(content: bytes) -> list[dict[str, str]]:
    """Return the records as a spreadsheet reads them."""
    return list(csv.DictReader(StringIO(content.decode(), newline="")))


@given(ANY_EVENTS)
def test_csv_has_every_field(many: list[ExportedEvent]) -> None:
    for exported_event, row in zip(many, read_cells(write_file("csv", *many)), strict=True):
        assert tuple(row) == COLUMNS
        texts = {name: unguard_formula(cell) for name, cell in row.items()}
        assert (texts["position"], texts["id"]) == (
            str(exported_event.position),
            exported_event.event.id,
        )
        assert texts["digest"] == exported_event.event.digest.hex()
        assert parse_timestamp(texts["receivedAt"]) == exported_event.event.received_at
        assert texts["submittedBy"] == (exported_event.event.submitted_by or "")
        for name in COLUMNS[5:]:
            value = exported_event.fields.get(name)
            if name == "success":
                assert texts[name] == str(value).lower()
            elif name in JSON_COLUMNS and value is not None:
                assert texts[name] == canonicalize(value).decode()
            else:
                assert texts[name] == (value or "")


@given(ANY_EVENTS)
def test_no_spreadsheet_takes_a_cell_for_a_formula(many: list[ExportedEvent]) -> None:
    for row in read_cells(write_file("csv", *many)):
        assert not [cell for cell in row.values() if _is_formula(cell)]


def _is_formula(cell: str) -> bool:
    """Apply OWASP's list to the first visible character, in any width."""
    if cell[:1] in {"\t", "\r", "\n"}:
        return True
    visible = [character for character in cell if unicodedata.category(character)[0] not in "CZ"]
    return bool(visible) and unicodedata.normalize("NFKC", visible[0])[0] in "=+-@"


# The tests of the web console's CSV read the same cases.
CASES = json.loads(Path(__file__).with_name("csv_cases.json").read_text())


@pytest.mark.parametrize("text", CASES["guarded"])
def test_a_possible_formula_is_marked(text: str) -> None:
    assert guard_formula(text) == f"'{text}"


@pytest.mark.parametrize("text", CASES["unchanged"])
def test_other_cells_stay_as_they_are(text: str) -> None:
    assert guard_formula(text) == text


@pytest.mark.parametrize("case", CASES["records"], ids=lambda case: case["name"])
def test_csv_of_the_web_console_lacks_the_position_only(case: dict[str, Any]) -> None:
    receipt = ("id", "digest", "receivedAt", "submittedBy")
    fields = {name: value for name, value in case["event"].items() if name not in receipt}
    stored = StoredEvent(
        case["event"]["id"],
        bytes.fromhex(case["event"]["digest"]),
        parse_timestamp(case["event"]["receivedAt"]),
        canonicalize(fields),
        case["event"].get("submittedBy"),
    )
    content = write_file("csv", ExportedEvent(7, stored, fields)).decode()
    assert content == f'{CASES["header"]}"7"{case["record"]}'


@given(TEXT | st.text(st.sampled_from("'=+-@\t\r\n \uff1d\u200ba")))
def test_the_mark_can_be_removed(text: str) -> None:
    assert unguard_formula(guard_formula(text)) == text
    assert guard_formula(text) != guard_formula(f"'{text}")
    assert not _is_formula(guard_formula(text))


def test_csv_distinguishes_empty_from_absent() -> None:
    event = make_exported_event()
    empty = replace(event, fields={**event.fields, "userAgent": ""})  # as versions up to 0.2 wrote
    content = write_file("csv", empty, event)
    assert [row.split(b",")[15] for row in content.split(b"\r\n")[1:3]] == [b'""', b""]
    assert content.endswith(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_csv_of_the_version_before_targets_is_read_as_it_would_be_written_now() -> None:
    content = write_file("csv", make_exported_event(3, userAgent="a\r\nb"))
    old = content.replace(b',"actorType","traceId","onBehalfOf","targets"', b"")
    old = old.removesuffix(b",,,,\r\n") + b"\r\n"
    assert list(FORMATS["csv"].read_claims(BytesIO(old))) == list(
        FORMATS["csv"].read_claims(BytesIO(content))
    )
    with pytest.raises(MalformedExportError, match="does not name the columns"):
        list(FORMATS["csv"].read_claims(BytesIO(old.replace(b',"changes"', b""))))


# Parquet


@given(ANY_EVENTS)
def test_parquet_has_typed_columns(many: list[ExportedEvent]) -> None:
    table = pyarrow.parquet.read_table(BytesIO(write_file("parquet", *many)))
    kinds = {field.name: str(field.type) for field in table.schema}
    assert tuple(kinds) == COLUMNS
    assert (kinds["position"], kinds["success"]) == ("int64", "bool")
    assert kinds["digest"] == "fixed_size_binary[32]"
    assert kinds["timestamp"] == kinds["receivedAt"] == "timestamp[ms, tz=UTC]"
    for exported_event, row in zip(many, table.to_pylist(), strict=True):
        assert (row["position"], row["id"]) == (exported_event.position, exported_event.event.id)
        assert row["digest"] == exported_event.event.digest
        assert row["success"] is exported_event.fields["success"]
        assert row["receivedAt"].timestamp() == pytest.approx(
            exported_event.event.received_at / 1000
        )
        assert row["timestamp"].timestamp() == pytest.approx(NOW_MS / 1000)
        for name in ("tenantId", "userId", "userAgent", "errorMessage", "ipAddress"):
            assert row[name] == exported_event.fields.get(name)
        for name in JSON_COLUMNS:
            value = exported_event.fields.get(name)
            assert row[name] == (None if value is None else canonicalize(value).decode())


def test_row_groups_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "ROWS", 10)
    monkeypatch.setattr(parquet, "MAX_GROUP_BYTES", 3_000)
    many = [make_exported_event(n) for n in range(25)] + [
        make_exported_event(25, details={"text": "x" * 3_000})
    ] * 2
    read = pyarrow.parquet.ParquetFile(BytesIO(write_file("parquet", *many)))
    sizes = [read.metadata.row_group(at).num_rows for at in range(read.num_row_groups)]
    assert sizes == [10, 10, 6, 1]


def test_without_pyarrow_an_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(ConfigurationError, match=r"prooftrail\[parquet\]"):
        FORMATS["parquet"].check_available()
    for name in FORMATS.keys() - {"parquet"}:
        FORMATS[name].check_available()


# OCSF


@cache
def make_ocsf_validator(class_uid: int) -> Draft202012Validator:
    """Return a validator with the schema of a class that OCSF publishes."""
    schema = OcsfJsonSchemaEmbedded(get_ocsf_schema(version=VERSION))
    name = schema.lookup_class_name_from_uid(class_uid)
    return Draft202012Validator(schema.get_class_schema(name, []))


def make_ocsf(exported_event: ExportedEvent) -> dict[str, Any]:
    """Return the event in OCSF, checked against the schema."""
    [event] = parse_json_lines(write_file("ocsf", exported_event))
    errors = [error.message for error in make_ocsf_validator(event["class_uid"]).iter_errors(event)]
    assert not errors
    return event


@pytest.mark.parametrize("fields", SAMPLES, ids=lambda fields: fields["action"])
def test_every_sample_is_valid_ocsf(fields: Mapping[str, Any]) -> None:
    assert make_ocsf(make_exported_event(7, **fields))["metadata"]["version"] == "1.8.0"


@given(events())
def test_every_event_is_valid_ocsf(exported_event: ExportedEvent) -> None:
    make_ocsf(exported_event)


def test_the_schema_refuses_other_fields_and_values() -> None:
    event = make_ocsf(make_exported_event())
    wrongs: list[dict[str, Any]] = [
        {"more": 1},
        {"activity_id": 77},
        {"time": "now"},
        {"metadata": {}},
    ]
    for wrong in wrongs:
        assert list(make_ocsf_validator(ENTITY_MANAGEMENT).iter_errors({**event, **wrong}))


@pytest.mark.parametrize(
    ("fields", "type_uid"),
    [
        ({"action": "user.login", "userId": "u"}, 300201),
        ({"action": "user.logout", "username": "n"}, 300202),
        ({"action": "user.login"}, 300499),
        ({"action": "guild.create"}, 300401),
        ({"action": "admin.access"}, 300402),
        ({"action": "member.role.update"}, 300403),
        ({"action": "code.delete"}, 300404),
        ({"action": "order.approve"}, 300499),
        ({"action": "ConsoleLogin", "userId": "u"}, 300201),
        ({"action": "ConsoleLogin"}, 300499),
        ({"action": "CreateBucket"}, 300401),
        ({"action": "Microsoft.Compute/virtualMachines/write"}, 300403),
        ({"action": "io.k8s.core.v1.pods.delete"}, 300404),
        ({"action": "org.rename"}, 300405),
    ],
)
def test_ocsf_classes(fields: Mapping[str, Any], type_uid: int) -> None:
    assert make_ocsf(make_exported_event(**fields))["type_uid"] == type_uid


def test_nothing_is_lost_in_ocsf() -> None:
    [sample] = [
        each for each in SAMPLES if each["action"] == "guild.settings.update" and len(each) > 3
    ]
    fields = {**sample, "userId": "u", "sessionId": "s", "requestId": "r", "success": False}
    event = make_ocsf(make_exported_event(7, **fields, errorMessage="no"))
    assert event["actor"] == {"user": {"uid": "u"}, "session": {"uid": "s"}}
    assert (event["entity"]["data"], event["entity_result"]["data"]) == ('{"a":1}', '{"a":2}')
    assert (event["status_id"], event["status_detail"]) == (2, "no")
    assert event["src_endpoint"] == {"ip": "2001:db8::1"}
    assert event["http_request"] == {"user_agent": "curl/8", "uid": "r"}
    assert event["metadata"]["sequence"] == 7
    assert json.loads(event["unmapped"]["details"]) == fields["details"]
    assert json.loads(event["unmapped"]["metadata"]) == fields["metadata"]
    assert event["unmapped"]["changedFields"] == ["a"]


def test_actors_and_targets_in_ocsf() -> None:
    event = make_ocsf(make_exported_event(**SAMPLES[-1]))
    assert event["actor"]["user"] == {"uid": "u-1", "type": "agent", "type_id": 99}
    assert {name: event["unmapped"].get(name) for name in NEW_FIELDS} == {
        name: SAMPLES[-1].get(name) for name in NEW_FIELDS
    }
    login = make_ocsf(make_exported_event(**SAMPLES[-2]))
    assert login["user"] == {"uid": "u-1", "type": "system", "type_id": 3}
    assert login["unmapped"]["onBehalfOf"] == {"userId": "u"}
    nobody = make_ocsf(make_exported_event(actorType="service"))
    assert (nobody.get("actor"), nobody["unmapped"]["actorType"]) == (None, "service")


@given(events())
def test_ocsf_has_free_objects_as_canonical_text(exported_event: ExportedEvent) -> None:
    event, fields = make_ocsf(exported_event), exported_event.fields
    for name in ("details", "metadata"):
        expected = canonicalize(fields[name]).decode() if name in fields else None
        assert event["unmapped"].get(name) == expected
    changes = fields.get("changes", {})
    if event["class_uid"] == AUTHENTICATION:
        found = json.loads(event["unmapped"].get("changes", "{}"))
        assert canonicalize(found) == canonicalize(changes)
    else:
        assert event["unmapped"].get("changedFields") == changes.get("fields")
        for part, name in (("entity", "before"), ("entity_result", "after")):
            expected = canonicalize(changes[name]).decode() if name in changes else None
            assert event.get(part, {}).get("data") == expected


# ECS

# Source: https://www.elastic.co/docs/reference/ecs/ecs-allowed-values-event-category
ECS_TYPES: Mapping[str | None, Sequence[str]] = {
    "authentication": ("start", "end", "info"),
    "configuration": ("access", "change", "creation", "deletion", "info"),
    "iam": ("admin", "change", "creation", "deletion", "group", "info", "user"),
    None: ("access", "change", "creation", "deletion", "info"),
}
ECS_FIELDS = {
    "@timestamp": str,
    "ecs": {"version": str},
    "event": {
        **dict.fromkeys(("id", "kind", "action", "outcome", "created", "hash"), str),
        **dict.fromkeys(("module", "dataset"), str),
        "category": list,
        "type": list,
        "sequence": int,
    },
    "organization": {"id": str},
    "user": {
        **dict.fromkeys(("id", "name"), str),
        "effective": {"id": str, "name": str},
        "target": {"id": str, "name": str},
    },
    "trace": {"id": str},
    "source": {"ip": str, "address": str},
    "user_agent": {"original": str},
    "http": {"request": {"id": str}},
    "error": {"message": str},
    "related": {"ip": list, "user": list},
    "auditlog": dict,
}


def assert_shape(value: Any, shape: Any, path: str = "") -> None:
    """Check that every field is in the schema and has its type."""
    if isinstance(shape, dict):
        assert isinstance(value, dict), path
        for name, inner in value.items():
            assert name in shape, f"{path}.{name}"
            assert_shape(inner, shape[name], f"{path}.{name}")
    else:
        assert isinstance(value, shape), path


def make_ecs(exported_event: ExportedEvent) -> dict[str, Any]:
    """Return the event in ECS, checked against the schema's fields and values."""
    [event] = parse_json_lines(write_file("ecs", exported_event))
    assert_shape(event, ECS_FIELDS)
    [kind], category = event["event"]["type"], event["event"].get("category", [None])[0]
    assert kind in ECS_TYPES[category]
    assert event["event"]["kind"] == "event"
    assert event["event"]["outcome"] in {"success", "failure"}
    assert (event["event"]["module"], event["event"]["dataset"]) == ("auditlog", "auditlog.event")
    return event


@given(events())
def test_every_event_is_valid_ecs(exported_event: ExportedEvent) -> None:
    event = make_ecs(exported_event)
    own = ("resourceType", "resourceId", "sessionId", "details", "metadata", "changes", "eventId")
    for name in own:
        found, expected = event["auditlog"].get(name), exported_event.fields.get(name)
        if found != expected:
            assert "\\u0000" in found["json"]
            assert json.loads(found["json"]) == expected
    assert event.get("user", {}).get("id") == exported_event.fields.get("userId")
    assert event.get("source", {}).get("ip") == exported_event.fields.get("ipAddress")


@pytest.mark.parametrize(
    ("action", "category", "kind"),
    [
        ("user.login", "authentication", "start"),
        ("user.logout", "authentication", "end"),
        ("user.preferences.update", "configuration", "change"),
        ("admin.config.update", "configuration", "change"),
        ("guild.settings.view", "configuration", "access"),
        ("member.add", "iam", "creation"),
        ("member.role.view", "iam", "info"),
        ("code.delete", None, "deletion"),
        ("admin.access", None, "access"),
        ("order.approve", None, "info"),
        ("ConsoleLogin", "authentication", "start"),
        ("CreateUser", "iam", "creation"),
        ("AttachRolePolicy", "iam", "change"),
        ("ListUsers", "iam", "info"),
        ("GetObject", None, "access"),
        ("google.cloud.resourcemanager.v3.Projects.SetIamPolicy", "iam", "change"),
        ("Microsoft.Compute/virtualMachines/delete", None, "deletion"),
        ("org.rename", None, "change"),
    ],
)
def test_ecs_categories(action: str, category: str | None, kind: str) -> None:
    event = make_ecs(make_exported_event(action=action))["event"]
    assert (event.get("category", [None]), event["type"]) == ([category], [kind])


@pytest.mark.parametrize(
    ("details", "is_text"),
    [
        ({"a": {"b": "x" * 20_000}}, False),
        ({"a": ["\0", {"b": "\0"}]}, False),
        ({"a": [{"b\0": 1}]}, True),
        ({"k" * 4_095: {"é" * 2_047: 1}}, False),
        ({"k" * 4_096: {"é" * 2_048: 1}}, True),
        ({"k" * 8_191: [{"": {}}]}, True),
    ],
)
def test_ecs_has_as_text_what_elasticsearch_cannot_flatten(
    details: dict[str, Any], is_text: bool
) -> None:
    found = make_ecs(make_exported_event(details=details))["auditlog"]["details"]
    assert found == ({"json": canonicalize(details).decode()} if is_text else details)


# CloudEvents


@given(events())
def test_every_event_is_a_cloudevent(exported_event: ExportedEvent) -> None:
    message = HTTPMessage(
        {"content-type": "application/cloudevents+json"}, write_file("cloudevents", exported_event)
    )
    event = from_http_event(message)
    assert event.get_id() == exported_event.event.id
    assert event.get_source() == f"urn:auditlog:example.com/log:{exported_event.fields['tenantId']}"
    assert event.get_type() == f"auditlog.{exported_event.fields['action']}"
    assert event.get_extension("sequence") == f"{exported_event.position:020d}"
    assert event.get_data() == json.loads(exported_event.event.canonical)


OLD_LINES = {
    "ocsf": '{"activity_id":3,"activity_name":"guild.update","category_uid":3,"class_uid":3004,'
    '"type_uid":300403,"time":1764000000000,"severity_id":1,"status_id":1,"metadata":{"version":'
    '"1.5.0","product":{"name":"auditlog"},"uid":"01KAV9FT00RYDHCDYEXYWPCKZZ","sequence":7,'
    '"event_code":"guild.update","tenant_uid":"default","original_time":"2025-11-24T16:00:00.000Z",'
    '"logged_time":1764000000001},"entity":{"uid":"g-1","type":"guild","type_id":99,"data":{"a":1}}'
    ',"unmapped":{"digest":"@","eventId":"e-1","v":1,"details":{"a":"x"}}}',
    "ecs": '{"@timestamp":"2025-11-24T16:00:00.000Z","ecs":{"version":"9.0.0"},"event":{"id":'
    '"01KAV9FT00RYDHCDYEXYWPCKZZ","kind":"event","type":["change"],"action":"guild.update",'
    '"outcome":"success","created":"2025-11-24T16:00:00.001Z","sequence":7,"hash":"@"},'
    '"auditlog":{"eventId":"e-1","details":{"a":"x"},"v":1}}',
}


@pytest.mark.parametrize("name", OLD_LINES)
def test_a_line_of_version_0_2_is_still_read(name: str) -> None:
    line = OLD_LINES[name].replace("@", "ab" * 32).encode()
    [claim] = FORMATS[name].read_claims(BytesIO(line + b"\n"))
    assert (claim.position, claim.id) == (7, "01KAV9FT00RYDHCDYEXYWPCKZZ")
    assert claim.digest == bytes.fromhex("ab" * 32)


def test_parquet_that_is_large_when_uncompressed_is_refused() -> None:
    file = BytesIO()
    digests = pyarrow.array([bytes(32)], pyarrow.binary(32))
    long = {"position": [0], "id": ["A" * 3_000_000], "digest": digests}
    pyarrow.parquet.write_table(pyarrow.table(long), file, compression="zstd")
    assert len(file.getvalue()) < 10_000
    with pytest.raises(MalformedExportError, match="larger than any of an export"):
        list(parquet.PARQUET.read_claims(file))


def test_a_full_row_group_is_far_below_the_limit() -> None:
    many = [make_exported_event(n, eventId=f"e-{n}") for n in range(parquet.ROWS)]
    file = BytesIO(write_file("parquet", *many))
    sizes = list(parquet._list_column_sizes(pyarrow.parquet.ParquetFile(file).metadata))
    assert len(sizes) == 5
    assert max(sizes) < parquet.MAX_COLUMN_BYTES / 4
    assert len(list(parquet.PARQUET.read_claims(file))) == parquet.ROWS


def test_actors_and_targets_in_ecs() -> None:
    [line] = parse_json_lines(write_file("ecs", make_exported_event(**SAMPLES[-1])))
    assert line["user"] == {
        "id": "u-1",
        "effective": {"id": "u-2", "name": "Ada"},
        "target": {"id": "u-3", "name": "Bo"},
    }
    assert line["related"]["user"] == ["u-1", "u-2", "Ada", "u-3", "Bo"]
    assert line["trace"] == {"id": SAMPLES[-1]["traceId"]}
    assert (line["auditlog"]["actorType"], line["auditlog"]["targets"]) == (
        "agent",
        SAMPLES[-1]["targets"],
    )


def test_the_trace_in_cloudevents() -> None:
    [line] = parse_json_lines(write_file("cloudevents", make_exported_event(**SAMPLES[-1])))
    assert line["traceid"] == SAMPLES[-1]["traceId"]
