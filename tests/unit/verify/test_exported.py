"""`verify export` with the trail: contents, and why events are not in the files."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from prooftrail.errors import MalformedExportError
from prooftrail.event.removal import RemovalOrder, pack_ids
from prooftrail.event.times import DAY_MS
from prooftrail.export.filters import EventFilters
from prooftrail.export.folder import MANIFEST, DiskFolder
from prooftrail.export.formats import FORMATS
from prooftrail.export.manifest import Manifest
from prooftrail.progress import NoProgress
from prooftrail.verify.export import ExportResult, verify_export
from prooftrail.verify.exported import ExportTrailCheck
from prooftrail.verify.findings import LEDGER, FindingKind
from prooftrail.verify.result import Outcome
from tests.support.export_samples import make_records
from tests.support.exported_trail import POLICY, ExportedTrail
from tests.support.samples import NOW_MS, make_order_record
from tests.unit.verify.test_export import Copy, pristine, remove_pristine

TOOL = "prooftrail 0"
TEXTS = [name for name in FORMATS if name != "parquet"]
COMPARED = ["csv", "ocsf", "ecs"]


@pytest.fixture(scope="module", autouse=True)
def _cleared() -> Iterator[None]:
    yield
    remove_pristine()


class _Orders:
    """`RemovalOrderReader` of these orders."""

    def __init__(self, orders: Sequence[RemovalOrder]) -> None:
        self._orders = orders

    def read_orders(self, tenant_id: str, first: str, last: str) -> Iterator[RemovalOrder]:
        return (
            order
            for order in self._orders
            if order.tenant_id == tenant_id and first <= order.id <= last
        )


def compare(
    folder: Path,
    trail: ExportedTrail,
    *,
    tool: str = TOOL,
    now_ms: int = NOW_MS,
    orders: Sequence[RemovalOrder] = (),
) -> ExportResult:
    """Verify the export in a folder offline, and then by the trail."""
    result = verify_export(DiskFolder(folder), POLICY)
    assert not result.findings
    check = ExportTrailCheck(
        DiskFolder(folder),
        trail.log,
        trail.events,
        _Orders(orders),
        tool,
        lambda: now_ms,
        NoProgress(),
    )
    check.run(result)
    return result


def export(
    tmp_path: Path, name: str, tenants: tuple[str, ...] | None = None, **changes: Any
) -> ExportedTrail:
    """Export a small trail; the first two events expire, and are gone."""
    trail = ExportedTrail(tmp_path / "export")
    records = make_records(20)
    ended_at = NOW_MS - 31 * DAY_MS
    records[:2] = [one._replace(received_at=ended_at, retention_days=30) for one in records[:2]]
    trail.grow(records)
    for record in records[:2]:
        del trail.events.records[record.tenant_id, record.id]
    trail.export(name, tenants=tenants, **changes)
    return trail


@pytest.mark.parametrize("name", TEXTS)
def test_the_trail_proves_contents_and_absences(tmp_path: Path, name: str) -> None:
    trail = export(tmp_path, name)
    offline = verify_export(DiskFolder(trail.folder), POLICY)
    assert offline.outcome is Outcome.UNPROVED
    result = compare(trail.folder, trail)
    assert (result.outcome, result.findings, result.unproved) == (Outcome.VERIFIED, [], [])
    assert (result.contents, result.explained) == (18, 2)


def test_the_trail_proves_what_the_filters_left_out(tmp_path: Path) -> None:
    for filters, count in (
        (EventFilters(user_id="u-3"), 3),
        (EventFilters(start_ms=NOW_MS + DAY_MS), 0),
    ):
        trail = export(tmp_path / str(count), "csv", filters=filters)
        result = compare(trail.folder, trail)
        assert (result.outcome, result.unproved) == (Outcome.VERIFIED, [])
        assert (result.events, result.explained) == (count, 20 - count)


def test_an_event_that_the_filters_do_not_leave_out_is_missing(tmp_path: Path) -> None:
    trail = export(tmp_path, "ndjson", filters=EventFilters(action="no.such"))
    manifest = trail.folder / MANIFEST
    filters = EventFilters(action="user.*")
    forged = replace(Manifest.from_json(manifest.read_text()), filters=filters)
    manifest.write_text(forged.to_json())
    result = compare(trail.folder, trail)
    assert {finding.kind for finding in result.findings} == {FindingKind.MISSING}


def test_an_event_that_the_filters_leave_out_is_altered(tmp_path: Path) -> None:
    trail = export(tmp_path, "ndjson")
    manifest = trail.folder / MANIFEST
    for filters in (EventFilters(user_id="u-3"), EventFilters(end_ms=0)):
        forged = replace(Manifest.from_json(manifest.read_text()), filters=filters)
        manifest.write_text(forged.to_json())
        result = verify_export(DiskFolder(trail.folder), POLICY)
        assert {finding.kind for finding in result.findings} == {FindingKind.ALTERED}


def test_the_trail_proves_whose_events_were_left_out(tmp_path: Path) -> None:
    trail = export(tmp_path, "csv", ("acme",))
    result = compare(trail.folder, trail)
    assert result.outcome is Outcome.VERIFIED
    assert result.explained == 20 - result.events > 2


def test_rows_of_parquet_are_not_compared(tmp_path: Path) -> None:
    trail = export(tmp_path, "parquet")
    result = compare(trail.folder, trail)
    assert (result.outcome, result.findings) == (Outcome.UNPROVED, [])
    assert "the content of 18 events" in str(result.unproved[0])


@pytest.mark.parametrize("name", COMPARED)
def test_another_user_in_a_file_is_found_by_the_trail(name: str) -> None:
    trail = pristine(name)[1]
    with Copy(name) as copy:
        copy.rewrite(1, _with_another_user)
        offline = copy.verify()
        assert (offline.outcome, offline.findings) == (Outcome.UNPROVED, [])
        result = compare(copy.folder, trail)
        assert result.outcome is Outcome.REFUTED
        assert {finding.kind for finding in result.findings} == {FindingKind.ALTERED}
        assert all(finding.event_id for finding in result.findings)
        older = compare(copy.folder, trail, tool="prooftrail 1")
        assert (older.outcome, older.findings) == (Outcome.UNPROVED, [])


def _with_another_user(content: bytes) -> bytes:
    changed = content.replace(b"u-1", b"u-9")
    assert changed != content
    return changed


def test_an_event_that_is_called_expired_though_it_is_not() -> None:
    trail = pristine("ndjson")[1]
    with Copy("ndjson") as copy:
        removed: list[bytes] = []

        def leave_out(content: bytes) -> bytes:
            line, _, rest = content.partition(b"\n")
            removed.append(line)
            return rest

        copy.rewrite(0, leave_out)
        copy.forge(_call_one_expired)
        offline = copy.verify()
        assert (offline.outcome, offline.findings) == (Outcome.UNPROVED, [])
        assert "why, only the manifest says: 0 not asked for, 1 expired" in str(offline.unproved[0])
        for now_ms in (NOW_MS, NOW_MS + 1_000 * DAY_MS):
            [finding] = compare(copy.folder, trail, now_ms=now_ms).findings
            assert (finding.kind, finding.position) == (FindingKind.MISSING, 10)
        gone = ExportedTrail(copy.folder, trail.log, trail.published_log)
        [finding] = compare(copy.folder, gone).findings[:1]
        assert "calls it expired, but by the ledger it had not" in finding.detail


def _call_one_expired(content: dict[str, Any]) -> None:
    content["parts"][0]["events"] -= 1
    content["parts"][0]["expired"] += 1
    content["madeAt"] = "2199-01-01T00:00:00.000Z"


def test_what_is_gone_from_both_stays_unproved() -> None:
    trail = pristine("ndjson")[1]
    with Copy("ndjson") as copy:
        result = compare(copy.folder, trail)
        assert (result.outcome, result.findings) == (Outcome.UNPROVED, [])
        assert "2 entries have no event" in str(result.unproved[0])


def test_an_event_that_is_gone_since_is_no_finding(tmp_path: Path) -> None:
    trail = export(tmp_path, "csv")
    record = make_records(20)[5]
    del trail.events.records[record.tenant_id, record.id]
    result = compare(trail.folder, trail)
    assert (result.outcome, result.findings, result.contents) == (Outcome.UNPROVED, [], 17)
    assert "the content of 1 events: they are no longer in the trail" in str(result.unproved[0])


def test_a_second_delivery_since_is_no_finding(tmp_path: Path) -> None:
    trail = export(tmp_path, "csv")
    trail.events.add(
        *(one._replace(received_at=one.received_at + 1) for one in trail.events.records.values())
    )
    assert compare(trail.folder, trail).outcome is Outcome.VERIFIED


def test_another_trail_is_named(tmp_path: Path) -> None:
    trail, other = export(tmp_path, "csv"), ExportedTrail(tmp_path / "other")
    other.grow(make_records(25)[5:])
    [finding, *_] = compare(trail.folder, other).findings
    assert (finding.kind, finding.place) == (FindingKind.LEDGER, LEDGER)


@pytest.mark.parametrize("made_at", ["", "yesterday"])
def test_a_manifest_without_a_time_is_malformed(made_at: str) -> None:
    with Copy("ndjson") as copy:
        copy.forge(lambda content: content.update(madeAt=made_at))
        with pytest.raises(MalformedExportError):
            compare(copy.folder, pristine("ndjson")[1])


@pytest.mark.parametrize("name", COMPARED)
def test_a_committed_order_explains_an_event_that_is_gone(tmp_path: Path, name: str) -> None:
    trail = export(tmp_path, name)
    records = make_records(20)
    gone = records[5]
    for record in records[5:7]:
        del trail.events.records[record.tenant_id, record.id]
    trail = ExportedTrail(tmp_path / "again", trail.log, trail.published_log, trail.events)
    trail.export(name)
    order = RemovalOrder(gone.tenant_id, make_order_record(gone.id).id, pack_ids([gone.id]))
    result = compare(trail.folder, trail, orders=[order])
    assert (result.outcome, result.explained) == (Outcome.UNPROVED, 3)
    other = replace(order, ids=pack_ids([records[6].id]), tenant_id=records[6].tenant_id)
    result = compare(trail.folder, trail, orders=[order, other])
    assert (result.outcome, result.explained) == (Outcome.VERIFIED, 4)
    strange = replace(order, tenant_id="other")
    assert compare(trail.folder, trail, orders=[strange]).outcome is Outcome.UNPROVED
