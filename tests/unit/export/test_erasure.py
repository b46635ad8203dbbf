"""The erasure of a person from exports: in every format, after a crash, and of forged folders."""

import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from prooftrail.errors import MalformedExportError
from prooftrail.event.model import AuditEvent
from prooftrail.event.person import Person
from prooftrail.event.record import EventRecord
from prooftrail.export.erasure import Erasures, ExportEraser
from prooftrail.export.folder import DiskFolder
from prooftrail.export.formats import FORMATS
from prooftrail.verify.result import Outcome
from tests.support.export_samples import make_records
from tests.support.exported_trail import ExportedTrail
from tests.support.samples import NOW_MS, event_json

ME = "=ada\"s, 'id'"
PERSON = Person("acme", frozenset({ME}), frozenset({("user", ME)}))
NAMING: list[dict[str, Any]] = [
    {"userId": ME},
    {"userId": ME, "action": "widget.paint"},
    {"userId": "u-9", "onBehalfOf": {"userId": ME}},
    {"resourceType": "user", "resourceId": ME},
    {"resourceType": "user", "resourceId": ME, "action": "widget.paint"},
    {"targets": [{"type": "team", "id": "7"}, {"type": "user", "id": ME}]},
    {"userId": "u-9", "action": "audit.trail.read", "details": {"filters": {"userId": ME}}},
]
ORDER = "01ARYZ6S410000000000000000"


def make(**fields: Any) -> EventRecord:
    """Return the record of an event of the person's tenant, which may be one of the system."""
    event = AuditEvent.from_json(
        event_json(**{"tenantId": "acme", **fields}),
        default_event_id="m-1",
        default_timestamp_ms=NOW_MS,
        now_ms=NOW_MS,
        is_of_system=True,
    )
    return EventRecord.from_event(event, received_at=NOW_MS, retention_days=0)


def export(tmp_path: Path, name: str, part_entries: int = 10) -> tuple[ExportedTrail, list[str]]:
    """Export a trail. Return it with the ids of the person's events."""
    trail = ExportedTrail(tmp_path / "export")
    naming = [make(eventId=f"p-{n}", **fields) for n, fields in enumerate(NAMING)]
    strange = [make(**{**NAMING[0], "tenantId": "other"})]
    trail.grow([*naming[:4], *make_records(15), *naming[4:], *strange])
    trail.export(name, part_entries=part_entries)
    return trail, [record.id for record in naming]


def eraser(trail: ExportedTrail) -> ExportEraser:
    return ExportEraser(DiskFolder(trail.folder), PERSON)


@pytest.mark.parametrize("name", FORMATS)
def test_every_event_that_names_the_person_is_erased(tmp_path: Path, name: str) -> None:
    trail, ids = export(tmp_path, name)
    before = trail.claims()
    assert sorted(eraser(trail).find()) == sorted(ids)
    assert eraser(trail).erase(dict.fromkeys(ids, ORDER)) == len(ids)
    left = [claim for claim in before if claim.id not in ids]
    assert trail.claims() == left
    if name != "parquet":
        shown = "".join(part.decode() for part in trail.parts().values())
        assert shown.count(json.dumps(ME)[1:5]) <= 6  # of the other tenant's event
    result = trail.verify()
    assert (result.findings, result.outcome) == ([], Outcome.UNPROVED)
    assert (result.manifest.totals.gone, result.events) == (len(ids), len(left))
    assert set(Erasures.from_json(DiskFolder(trail.folder).read_erasures()).orders.values()) == {
        ORDER
    }
    assert list(eraser(trail).find()) == []
    files = trail.files()
    assert eraser(trail).erase(dict.fromkeys(ids, ORDER)) == 0
    assert trail.files() == files


def test_only_events_that_an_order_names_are_erased(tmp_path: Path) -> None:
    trail, ids = export(tmp_path, "ndjson")
    other = next(claim.id for claim in trail.claims() if claim.id not in ids)
    assert eraser(trail).erase({ids[0]: ORDER, other: ORDER}) == 1
    assert sorted(eraser(trail).find()) == sorted(ids[1:])


class CrashError(BaseException):
    """The process ends."""


_rename = DiskFolder.rename


def test_a_crash_at_any_write_is_continued(tmp_path: Path) -> None:
    finished = None
    for nth in count():
        trail, ids = export(tmp_path / str(nth), "ndjson", part_entries=100)
        renames = count()

        def rename(
            folder: DiskFolder, *names: str, renames: Iterator[int] = renames, nth: int = nth
        ) -> None:
            if next(renames) >= nth:
                raise CrashError
            _rename(folder, *names)

        orders = dict.fromkeys(ids, ORDER)
        with patch.object(DiskFolder, "rename", rename):
            try:
                eraser(trail).erase(orders)
                finished = nth
            except CrashError:
                pass
        assert eraser(trail).is_unfinished() == (nth == 2)  # the manifest is the last
        eraser(trail).erase(orders)
        assert not eraser(trail).is_unfinished()
        assert trail.verify().findings == []
        assert list(eraser(trail).find()) == []
        if finished is not None:
            break
    assert finished == 3  # the orders, the file, the manifest


def test_a_file_that_somebody_changed_gets_no_new_digest(tmp_path: Path) -> None:
    trail, ids = export(tmp_path, "csv")
    name, content = next(iter(trail.parts().items()))
    (trail.folder / name).write_bytes(content.replace(b"user.login", b"user.logoff"))
    for call in (lambda: list(eraser(trail).find()), lambda: eraser(trail).erase({})):
        with pytest.raises(MalformedExportError, match="differs from what the manifest says"):
            call()
    assert [finding.kind.value for finding in trail.verify().findings][:1] == ["altered"]
    assert ids


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"format": "x", "orders": {}, "files": {}}',
        '{"format": "auditlog-export-erasures/v1", "orders": {"a": "b"}, "files": {}}',
        '{"format": "auditlog-export-erasures/v1", "orders": {"1": 2}, "files": {}}',
        '{"format": "auditlog-export-erasures/v1", "orders": [], "files": {}}',
    ],
)
def test_a_damaged_file_of_erasures_is_refused(text: str) -> None:
    with pytest.raises(MalformedExportError):
        Erasures.from_json(text)


def test_a_folder_without_a_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MalformedExportError, match=r"no manifest\.json"):
        list(ExportEraser(DiskFolder(tmp_path), PERSON).find())
