"""Exports have every published entry once, also after interrupted runs, and no other."""

import errno
import json
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prooftrail.errors import (
    AuditLogError,
    ConfigurationError,
    InconsistentLogError,
    LocalFileError,
    MalformedExportError,
    NotPublishedError,
    StoreUnavailableError,
)
from prooftrail.event.canonical import compute_digest
from prooftrail.event.ids import decode_time, make_id
from prooftrail.event.record import EventRecord
from prooftrail.event.times import DAY_MS, format_timestamp
from prooftrail.export import folder as folder_module
from prooftrail.export.filters import EventFilters
from prooftrail.export.folder import MANIFEST, DiskFolder
from prooftrail.export.formats import FORMATS
from prooftrail.export.manifest import Manifest, UnreadableEntry
from prooftrail.query.ports import UnreadableEvent
from tests.support.export_samples import make_records, parse_json_lines
from tests.support.exported_trail import ExportedTrail, fail_lookups_after
from tests.support.log_fakes import Crash
from tests.support.samples import NOW_MS, make_event_record


@pytest.fixture
def trail(tmp_path: Path) -> ExportedTrail:
    """Return a trail of 250 events."""
    trail = ExportedTrail(tmp_path / "export")
    trail.grow(make_records(250))
    return trail


def ids(many: list[EventRecord]) -> list[str]:
    return [record.id for record in many]


@pytest.mark.parametrize("name", FORMATS)
def test_every_event_is_exported_in_the_log_s_order(trail: ExportedTrail, name: str) -> None:
    report = trail.export(name)
    claims = trail.claims()
    assert [claim.id for claim in claims] == ids(make_records(250))
    assert [claim.position for claim in claims] == list(range(250))
    assert list(trail.parts()) == [
        f"{start:020d}-{end:020d}.{FORMATS[name].extension}"
        for start, end in ((0, 100), (100, 200), (200, 250))
    ]
    assert (report.start, report.totals.events, report.manifest.end) == (0, 250, 250)
    verdict = trail.verify(trail.published_log)
    assert not verdict.findings, verdict.findings
    assert verdict.events == 250


def test_a_second_run_without_new_entries_changes_nothing(trail: ExportedTrail) -> None:
    trail.export()
    before = {name: (trail.folder / name).stat().st_mtime_ns for name in trail.files()}
    report = trail.export()
    assert (report.parts, report.start, report.manifest.end) == ((), 250, 250)
    assert {name: (trail.folder / name).stat().st_mtime_ns for name in trail.files()} == before


@pytest.mark.parametrize("name", FORMATS)
def test_a_late_event_is_in_the_next_part(trail: ExportedTrail, name: str) -> None:
    trail.export(name)
    earlier = trail.parts()
    late = make_event_record(eventId="late", timestamp=format_timestamp(NOW_MS - 300 * DAY_MS))
    assert late.id < min(ids(make_records(250)))
    trail.grow([late])
    assert trail.export(name).start == 250
    added = trail.parts().keys() - earlier.keys()
    assert added == {f"{250:020d}-{251:020d}.{FORMATS[name].extension}"}
    assert {name: trail.parts()[name] for name in earlier} == earlier
    assert trail.claims()[-1].id == late.id
    assert not trail.verify(trail.published_log).findings


def test_committed_entries_wait_for_a_checkpoint(trail: ExportedTrail) -> None:
    trail.commit([make_event_record(eventId="new")])
    assert trail.export().manifest.end == 250
    trail.publish()
    assert trail.export().manifest.end == 251


@given(
    st.lists(st.integers(0, 60), min_size=1, max_size=5),
    st.integers(0, 40),
    st.lists(st.tuples(st.integers(0, 200) | st.none(), st.integers(1, 70)), max_size=4),
)
def test_many_runs_export_the_same_as_one(
    growths: list[int], first: int, runs: list[tuple[int | None, int]]
) -> None:
    with TemporaryDirectory() as name, patch("os.fsync"):  # it would take nearly all of the time
        trail = ExportedTrail(Path(name) / "export")
        many = make_records(40 + sum(growths))
        trail.grow(many[:40], commit_size=7)
        at = 40
        for growth, (last, part_entries) in zip(growths, [*runs, *[(None, 30)] * 5], strict=False):
            trail.export(first=first, last=last, part_entries=part_entries)
            trail.grow(many[at : at + growth], commit_size=13)
            at += growth
            assert not trail.verify(trail.published_log).findings
        trail.export(part_entries=1_000)
        assert [claim.id for claim in trail.claims()] == ids(many[first:at])
        assert not trail.verify(trail.published_log).findings


def test_a_range_of_positions_is_exported_and_proved(trail: ExportedTrail) -> None:
    report = trail.export(first=33, last=77, part_entries=20)
    assert [part.end for part in report.parts] == [40, 60, 77]
    assert [claim.position for claim in trail.claims()] == list(range(33, 77))
    assert not trail.verify(trail.published_log).findings
    assert trail.export(first=33, last=50).parts == ()
    assert trail.export(last=10_000).manifest.end == 250


@pytest.mark.parametrize("tenants", [("acme",), ("acme", "initech"), ("nobody",)])
def test_other_tenants_are_left_out(trail: ExportedTrail, tenants: tuple[str, ...]) -> None:
    report = trail.export(tenants=tenants)
    wanted = [record for record in make_records(250) if record.tenant_id in tenants]
    assert [claim.id for claim in trail.claims()] == ids(wanted)
    assert (report.totals.events, report.totals.others) == (len(wanted), 250 - len(wanted))
    assert not trail.verify(trail.published_log).findings
    others = {record.id for record in make_records(250)} - set(ids(wanted))
    written = b"".join(trail.files().values()).decode(errors="replace")
    assert not [event_id for event_id in others if event_id in written]


EVENT_MS = decode_time(make_event_record().id)


@pytest.mark.parametrize(
    ("filters", "wanted"),
    [
        (EventFilters(user_id="u-1"), range(1, 250, 7)),
        (EventFilters(user_id="u-1", action="user.*"), range(1, 250, 7)),
        (EventFilters(action="user.log"), []),
        (EventFilters(EVENT_MS, EVENT_MS), range(250)),
        (EventFilters(end_ms=EVENT_MS - 1), []),
        (EventFilters(start_ms=EVENT_MS + 1), []),
    ],
    ids=lambda value: str(value)[:50],
)
def test_events_that_do_not_match_are_left_out(
    trail: ExportedTrail, filters: EventFilters, wanted: Sequence[int]
) -> None:
    report = trail.export(filters=filters, part_entries=100)
    records = make_records(250)
    assert [claim.id for claim in trail.claims()] == [records[at].id for at in wanted]
    assert (report.totals.events, report.totals.others) == (len(wanted), 250 - len(wanted))
    assert not trail.verify(trail.published_log).findings
    assert Manifest.from_json(trail.files()[MANIFEST].decode()).filters == filters
    assert trail.export(filters=filters, part_entries=100).parts == ()


def test_a_user_s_events_are_those_on_the_user_s_behalf_too(trail: ExportedTrail) -> None:
    record = make_event_record(userId="support-1", onBehalfOf={"userId": "u-77"})
    trail.grow([record])
    trail.export(filters=EventFilters(user_id="u-77"))
    assert [claim.id for claim in trail.claims()] == [record.id]


# Absent events


def test_absent_events_are_counted_by_reason(tmp_path: Path) -> None:
    trail = ExportedTrail(tmp_path)
    many = make_records(20)
    day_ago = NOW_MS - DAY_MS
    ended = [many[n]._replace(received_at=day_ago, retention_days=1) for n in (3, 4)]
    later = many[5]._replace(received_at=day_ago + 1_000, retention_days=1)
    trail.grow([*many[:3], *ended, later, *many[6:]])
    for n in (5, 7, 8, 11):
        del trail.events.records[many[n].tenant_id, many[n].id]
    report = trail.export()
    [part] = report.parts
    assert (part.events, part.expired, part.gone) == (14, 2, ((5, 6), (7, 9), (11, 12)))
    assert report.totals.gone == 4
    assert [claim.position for claim in trail.claims()] == [0, 1, 2, 6, 9, 10, *range(12, 20)]
    verdict = trail.verify(trail.published_log)
    assert not verdict.findings
    assert verdict.to_json()["gone"] == 4


def other_content(record: EventRecord) -> EventRecord:
    canonical = record.canonical.replace(b'"u-', b'"x-')
    return record._replace(canonical=canonical, digest=compute_digest(canonical))


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (other_content, "it was altered: its digest is not the logged one"),
        (lambda _: UnreadableEvent("x", "the item holds no event"), "the item holds no event"),
    ],
    ids=["altered", "unreadable"],
)
def test_unreadable_events_are_listed(
    trail: ExportedTrail, change: Callable[[EventRecord], Any], problem: str
) -> None:
    record = make_records(250)[123]
    changed = change(record)
    if isinstance(changed, UnreadableEvent):
        original = trail.events.get_many

        def get_many(addresses: Any) -> Any:
            found = zip(addresses, original(addresses), strict=True)
            return [changed if address[1] == record.id else event for address, event in found]

        with patch.object(trail.events, "get_many", get_many):
            report = trail.export()
    else:
        trail.events.records[record.tenant_id, record.id] = changed
        report = trail.export()
    assert report.parts[1].unreadable == (UnreadableEntry(123, problem),)
    assert [claim.position for claim in trail.claims()] == [n for n in range(250) if n != 123]
    assert not trail.verify(trail.published_log).findings


@pytest.mark.parametrize(
    "canonical",
    [
        b"",
        b"null",
        b"{}",
        b"\xff",
        b"[" * 100_000,
        make_records(1)[0].canonical.replace(b'"v":1', b'"v":2'),
        make_records(1)[0].canonical.replace(b'"v":1', b'"v":1,"z":1'),
        make_records(1)[0].canonical.replace(b'"success":true', b'"success":"yes"'),
        make_records(1)[0].canonical.replace(b'"n":0', b'"n":0.0'),
        make_records(1)[0].canonical.replace(b'"n":0', b'"n":"\\ud800"'),
        make_records(1)[0].canonical.replace(b'"n":0', b'"n":1' + b"0" * 5_000),
        make_records(1)[0].canonical.replace(b'"n":0', b'"n":NaN'),
    ],
    ids=range(12),
)
def test_forged_events_do_not_stop_the_export(tmp_path: Path, canonical: bytes) -> None:
    """Someone who can write to the table can store any bytes with their right digest."""
    trail = ExportedTrail(tmp_path)
    digest = compute_digest(canonical)
    forged = make_records(1)[0]._replace(
        canonical=canonical, digest=digest, id=make_id(NOW_MS, digest)
    )
    trail.grow([*make_records(3)[1:], forged])
    report = trail.export()
    assert (report.totals.events, report.totals.unreadable) == (2, 1)
    assert not trail.verify().findings


def test_events_with_large_floats_are_exported(tmp_path: Path) -> None:
    """RFC 8785 writes 10^20 like an integer, and an event must not have integers that large."""
    trail = ExportedTrail(tmp_path)
    record = make_event_record(details={"a": 1e20, "b": -6.690482489523166e16, "c": 1e-7})
    assert b'"a":100000000000000000000' in record.canonical
    trail.grow([record])
    assert trail.export().totals.events == 1
    assert not trail.verify().findings


@pytest.mark.parametrize("tenants", [None, ("acme",)])
def test_entries_without_a_tenant_in_the_ledger_are_unreadable(
    trail: ExportedTrail, tenants: tuple[str, ...] | None
) -> None:
    del trail.log.tenants[50]
    report = trail.export(tenants=tenants)
    assert report.totals.unreadable == 50
    assert report.parts[0].unreadable[0] == UnreadableEntry(
        50, "the ledger does not have the event's tenant"
    )
    assert not trail.verify(trail.published_log).findings


def test_an_event_stored_under_another_tenant_is_unreadable(trail: ExportedTrail) -> None:
    moved = next(record for record in make_records(250) if record.tenant_id == "globex")
    trail.events.records["acme", moved.id] = moved
    at = ids(make_records(250)).index(moved.id)
    hint = list(trail.log.tenants[0])
    hint[at] = "acme"
    trail.log.tenants[0] = hint
    report = trail.export(tenants=("acme",))
    [wrong] = report.parts[0].unreadable
    assert wrong == UnreadableEntry(at, "it is stored under another tenant")


# Interrupted runs


def expected_files(tmp_path: Path) -> dict[str, bytes]:
    trail = ExportedTrail(tmp_path / "expected")
    trail.grow(make_records(250))
    trail.export()
    return trail.files()


@pytest.mark.parametrize("calls", range(3))
@pytest.mark.parametrize("name", ["ndjson", "parquet"])
def test_a_run_continues_after_a_fault_within_a_part(
    trail: ExportedTrail, calls: int, name: str
) -> None:
    with fail_lookups_after(trail.events, calls), pytest.raises(StoreUnavailableError):
        trail.export(name)
    assert not trail.verify().findings
    done = len(trail.parts())
    assert trail.export(name).start == 100 * done
    assert [claim.id for claim in trail.claims()] == ids(make_records(250))
    assert not trail.verify(trail.published_log).findings


def test_a_run_continues_after_a_crash_at_any_step(tmp_path: Path) -> None:
    """The crash is before or after each fsync and each rename."""
    whole = ExportedTrail(tmp_path / "expected")
    whole.grow(make_records(25))
    whole.export(part_entries=10)
    expected = whole.files()
    for is_after in (False, True):
        step = 0
        while True:
            trail = replace(whole, folder=tmp_path / f"{step}-{is_after}")
            with _crash_at(step, is_after=is_after) as steps:
                try:
                    trail.export(part_entries=10)
                except Crash:
                    is_crashed = True
                else:
                    is_crashed = False
            if not is_crashed:
                assert trail.files() == expected
                assert steps[0] > 20
                break
            trail.export(part_entries=10)
            assert trail.files() == expected
            assert not [path for path in trail.folder.iterdir() if "unfinished" in path.name]
            step += 1


class _crash_at:  # noqa: N801  # a context manager
    def __init__(self, nth: int, *, is_after: bool) -> None:
        self._nth = nth
        self._is_after = is_after
        self.steps = [0]

    def __enter__(self) -> list[int]:
        self._patches = [
            patch("os.fsync", self._around(os.fsync)),
            patch.object(Path, "replace", self._around(Path.replace)),
        ]
        for patched in self._patches:
            patched.start()
        return self.steps

    def _around(self, original: Any) -> Any:
        def call(*arguments: Any) -> Any:
            self.steps[0] += 1
            is_now = self.steps[0] - 1 == self._nth
            if is_now and not self._is_after:
                raise Crash
            answer = original(*arguments)
            if is_now:
                raise Crash
            return answer

        return call

    def __exit__(self, *_: object) -> None:
        for patched in self._patches:
            patched.stop()


def test_a_part_outside_the_manifest_is_replaced_after_a_crash(
    tmp_path: Path,
) -> None:
    """The process dies after it renames the part, and the log grows before the next run."""
    trail = ExportedTrail(tmp_path / "export")
    trail.grow(make_records(50))
    original = DiskFolder.write_manifest
    with patch.object(DiskFolder, "write_manifest", autospec=True) as write:

        def once(folder: DiskFolder, text: str) -> None:
            if write.call_count > 1:
                raise Crash
            original(folder, text)

        write.side_effect = once
        with pytest.raises(Crash):
            trail.export()
    assert list(trail.parts()) == [f"{0:020d}-{50:020d}.ndjson"]
    trail.grow(make_records(70)[50:])
    trail.export()
    assert list(trail.parts()) == [f"{0:020d}-{70:020d}.ndjson"]
    assert not trail.verify(trail.published_log).findings


@pytest.mark.parametrize("name", ["ndjson", "parquet"])
def test_a_run_continues_after_a_full_disk(trail: ExportedTrail, name: str) -> None:
    trail.export(name, last=100)
    before = trail.files()
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    write = folder_module.HashingFile.write

    def fail(hashed: Any, content: bytes) -> int:
        write(hashed, content[:10])
        raise full

    for patched in (
        patch.object(folder_module.HashingFile, "write", fail),
        patch("os.fsync", side_effect=full),
    ):
        with patched, pytest.raises(LocalFileError, match="export: No space left on device"):
            trail.export(name)
        assert trail.files() == before
    trail.export(name)
    assert not trail.verify(trail.published_log).findings
    assert [claim.id for claim in trail.claims()] == ids(make_records(250))


def test_a_folder_that_cannot_be_created(trail: ExportedTrail) -> None:
    trail.folder.write_text("a file")
    with pytest.raises(LocalFileError, match=r"export: (File exists|Not a directory)"):
        trail.export()
    trail.folder = trail.folder / "in it"
    with pytest.raises(LocalFileError, match="Not a directory"):
        trail.export()


@pytest.mark.parametrize("umask", [0, 0o022, 0o077, 0o377])
@pytest.mark.parametrize("name", FORMATS)
def test_an_export_is_for_its_user_only_whatever_the_umask(
    tmp_path: Path, name: str, umask: int
) -> None:
    trail = ExportedTrail(tmp_path / "export")
    trail.grow(make_records(5))
    before = os.umask(umask)
    try:
        trail.export(name, part_entries=3)
    finally:
        os.umask(before)
    assert trail.folder.stat().st_mode & 0o777 == 0o700
    modes = {path.name: path.stat().st_mode & 0o777 for path in trail.folder.iterdir()}
    assert set(modes.values()) == {0o600}, modes


def test_a_folder_that_exists_keeps_its_mode_and_files_that_exist_do_not(
    trail: ExportedTrail,
) -> None:
    trail.folder.mkdir()
    trail.folder.chmod(0o750)
    for name in DiskFolder.unfinished:
        (trail.folder / name).touch()
        (trail.folder / name).chmod(0o666)
    trail.export()
    assert trail.folder.stat().st_mode & 0o777 == 0o750
    assert {path.stat().st_mode & 0o777 for path in trail.folder.iterdir()} == {0o600}


def test_only_one_export_at_a_time_writes_to_a_folder(trail: ExportedTrail) -> None:
    with DiskFolder(trail.folder).lock():
        with pytest.raises(LocalFileError, match="another export is being written"):
            trail.export()
        assert not trail.files()
    assert trail.export().totals.events == 250


# Exports that a run does not continue


def test_nothing_is_exported_before_the_first_checkpoint(tmp_path: Path) -> None:
    trail = ExportedTrail(tmp_path)
    trail.commit(make_records(3))
    with pytest.raises(NotPublishedError, match="the log is not published yet"):
        trail.export()
    assert not trail.files()


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"file_format": "csv"}, r"\(format: ndjson, not csv\)"),
        ({"tenants": ("acme",)}, r"\(tenants: all, not acme\)"),
        ({"first": 7}, r"\(start: 0, not 7\)"),
        ({"filters": EventFilters(action="a.b")}, r"\(filters: none, not action a.b\)"),
    ],
)
def test_another_export_is_not_continued(
    trail: ExportedTrail, options: dict[str, Any], what: str
) -> None:
    trail.export(last=100)
    before = trail.files()
    with pytest.raises(ConfigurationError, match=what):
        trail.export(**options)
    assert trail.files() == before


def test_the_export_of_another_log_is_not_continued(trail: ExportedTrail) -> None:
    trail.export()
    other = ExportedTrail(trail.folder)
    other.grow(make_records(300)[::-1])
    with pytest.raises(InconsistentLogError, match="does not begin with what was exported"):
        other.export()
    shorter = ExportedTrail(trail.folder)
    shorter.grow(make_records(100))
    with pytest.raises(InconsistentLogError, match="does not begin with what was exported"):
        shorter.export()


def test_an_export_cannot_start_after_the_log_s_end(trail: ExportedTrail) -> None:
    with pytest.raises(
        ConfigurationError, match=r"position 251 is not published yet: the log has 250 entries"
    ):
        trail.export(first=251)
    assert trail.export(first=250).parts == ()
    assert not trail.verify(trail.published_log).findings
    trail.grow([make_event_record(eventId="new")])
    assert trail.export().totals.events == 1


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b"null", b"[1]", b"{"])
def test_a_damaged_manifest_is_an_error_and_is_kept(trail: ExportedTrail, content: bytes) -> None:
    trail.export(last=100)
    (trail.folder / MANIFEST).write_bytes(content)
    before = trail.files()
    with pytest.raises(MalformedExportError, match="damaged"):
        trail.export()
    assert trail.files() == before


def test_parts_without_a_manifest_are_an_error_and_are_kept(trail: ExportedTrail) -> None:
    trail.export()
    (trail.folder / MANIFEST).unlink()
    before = trail.files()
    with pytest.raises(MalformedExportError, match="parts of an export, but no manifest"):
        trail.export()
    assert trail.files() == before


def test_other_files_in_the_folder_are_kept(trail: ExportedTrail) -> None:
    trail.folder.mkdir()
    (trail.folder / "notes.txt").write_text("mine")
    trail.export()
    assert (trail.folder / "notes.txt").read_text() == "mine"
    assert not trail.verify().findings


# Entries that were not published


def test_entries_changed_after_publication_are_not_exported(trail: ExportedTrail) -> None:
    trail.export(last=100)
    before = trail.files()
    commit = trail.log.commits[3]
    commit[0], commit[1] = commit[1], commit[0]
    with pytest.raises(InconsistentLogError, match="up to 200 are not those that were published"):
        trail.export()
    assert trail.files() == before


@pytest.mark.parametrize("damage", ["edge", "note", "tile"])
def test_nothing_is_exported_with_a_damaged_checkpoint(trail: ExportedTrail, damage: str) -> None:
    latest = trail.log.published[-1]
    if damage == "edge":
        edge = replace(latest.edge, hashes=(bytes(32), *latest.edge.hashes[1:]))
        trail.log.published.append(replace(latest, edge=edge))
    elif damage == "note":
        text = latest.note.text.replace("250", "251")
        trail.log.published.append(replace(latest, note=replace(latest.note, text=text)))
    else:
        trail.published_log.tiles = {
            tile: bytes(len(content)) for tile, content in trail.published_log.tiles.items()
        }
    with pytest.raises(AuditLogError):
        trail.export()
    assert not trail.parts()


def test_the_content_of_the_manifest(trail: ExportedTrail) -> None:
    trail.export(tenants=("acme", "globex"))
    content = json.loads((trail.folder / MANIFEST).read_bytes())
    assert content["format"] == "auditlog-export/v1"
    assert content["fileFormat"] == "ndjson"
    assert content["tenants"] == ["acme", "globex"]
    assert content["checkpoint"] == trail.published_log.checkpoints[-1]
    assert (content["start"], content["end"]) == (0, 250)
    assert content["totals"] == {
        "events": 167,
        "others": 83,
        "expired": 0,
        "gone": 0,
        "unreadable": 0,
    }
    assert content["madeAt"] == format_timestamp(NOW_MS)
    assert sum(part["events"] for part in content["parts"]) == len(
        parse_json_lines(b"".join(trail.parts().values()))
    )
    assert Manifest.from_json((trail.folder / MANIFEST).read_text()).totals.events == 167


def test_links_are_not_followed(trail: ExportedTrail, tmp_path: Path) -> None:
    """Others may be able to write to the folder."""
    victim = tmp_path / "victim"
    victim.write_text("as it was")
    trail.folder.mkdir()
    for name in (".lock", f".unfinished.{MANIFEST}"):
        link = trail.folder / name
        link.unlink(missing_ok=True)
        link.symlink_to(victim)
        with pytest.raises(LocalFileError, match=re.escape(name)):
            trail.export()
        link.unlink()
    for name in DiskFolder.unfinished:
        (trail.folder / name).symlink_to(victim)
    trail.export()
    assert not trail.verify().findings
    assert victim.read_text() == "as it was"
