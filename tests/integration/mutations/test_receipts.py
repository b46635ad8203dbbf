"""Receipts: the entry fixes the first delivery, later deliveries are counted, the rest is found.

The log begins with entries of version 1, as an older version of the system wrote them, and goes on
with entries of version 2.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from prooftrail.event.times import DAY_MS, HOUR_MS
from prooftrail.ledger.receipt import Receipt
from prooftrail.verify.findings import EVENTS as TABLE
from prooftrail.verify.findings import LEDGER as LEDGER_TABLE
from prooftrail.verify.findings import FindingKind
from prooftrail.verify.result import Outcome
from tests.support.mutated_trail import EVENTS, LEDGER, ExpectedFinding, Trail
from tests.support.samples import NOW_MS, SENDER
from tests.support.stack import deployed

OLD, NEW = 20, 40  # entries of version 1, and of version 2 after them
OTHER = "AIDAOTHER"
AT = 30  # the position of an event of version 2


@pytest.fixture(scope="module")
def trail() -> Iterator[Trail]:
    """A trail whose last entries have version 2; of its last five no checkpoint is signed yet."""
    with deployed() as stack:
        made = Trail(stack)
        made.store(OLD, retention_days=30)
        made.commit(OLD)
        made.publish()
        made.store(NEW // 2, retention_days=30, sender_id=SENDER)
        made.store(NEW // 2, retention_days=30, sender_id=OTHER, sent_at=NOW_MS + 1_000)
        made.commit(NEW - 5)
        made.publish()
        made.commit(5)
        made.note_log()
        yield made


@pytest.fixture(autouse=True)
def _undo(credentials: None, trail: Trail) -> Iterator[None]:
    """Undo what a test changes, and check that the trail verifies before the next one."""
    yield
    trail.restore()


def test_a_log_of_version_1_that_goes_on_with_version_2_verifies(trail: Trail) -> None:
    assert [event.receipt for event in trail.logged] == [
        *[None] * OLD,
        *[Receipt.from_submitter(NOW_MS, SENDER)] * (NEW // 2),
        *[Receipt.from_submitter(NOW_MS + 1_000, OTHER)] * (NEW // 2),
    ]
    result = trail.verify()
    assert (result.outcome, result.findings) == (Outcome.VERIFIED, [])
    assert (result.entries, result.unpublished, result.redelivered) == (OLD + NEW - 5, 5, 0)


@pytest.mark.parametrize("position", [AT, OLD + NEW - 1])
@pytest.mark.parametrize(
    ("attributes", "detail"),
    [
        ({"receivedAt": {"N": "1262304000000"}}, "its time of receipt 2010-01-01T00:00:00.000Z"),
        ({"receivedAt": {"N": str(NOW_MS - 15 * DAY_MS)}}, "its time of receipt 2025-11-09T16:"),
        ({"submittedBy": None}, "it lacks the submitter of the receipt"),
        ({"submittedBy": {"S": "x" * 513}}, "submittedBy"),
        ({"submittedBy": {"N": "1"}}, "submittedBy"),
    ],
)
def test_a_changed_receipt_is_named(
    trail: Trail, position: int, attributes: dict[str, Any], detail: str
) -> None:
    trail.put(EVENTS, trail.event(position), **attributes)
    result = trail.verify()
    assert list(map(ExpectedFinding.from_finding, result.findings)) == [
        ExpectedFinding(FindingKind.ALTERED, TABLE, trail.ids[position], position)
    ]
    assert detail in result.findings[0].detail


@pytest.mark.parametrize(
    ("shift_ms", "submitted_by"),
    [(HOUR_MS, OTHER), (-14 * DAY_MS, OTHER), (HOUR_MS, None), (1, SENDER), (0, OTHER)],
)
def test_a_second_delivery_is_counted(
    trail: Trail, shift_ms: int, submitted_by: str | None
) -> None:
    """An earlier version may have stored it last."""
    receipt: Any = {
        "receivedAt": {"N": str(NOW_MS + shift_ms)},
        "submittedBy": submitted_by and {"S": submitted_by},
    }
    trail.put(EVENTS, trail.event(AT), **receipt, **put_times(HOUR_MS))
    result = trail.verify()
    assert (result.findings, result.redelivered) == ([], 1)


def put_times(later_ms: int) -> dict[str, Any]:
    """Return the attributes that a put gives which is so much later than the first one."""
    stored_at = NOW_MS + later_ms
    return {
        "storedAt": {"N": str(stored_at)},
        "expiresAt": {"N": str(stored_at // 1000 + 30 * 86_400)},
    }


@pytest.mark.parametrize("seconds", [10, 600])
def test_a_second_put_by_a_slower_clock_is_counted(trail: Trail, seconds: int) -> None:
    """It can also have been done late, after it had waited for a response."""
    trail.put(EVENTS, trail.event(AT), **put_times(-1_000 * seconds))
    result = trail.verify()
    assert (result.findings, result.redelivered) == ([], 1)


@pytest.mark.parametrize("shift_ms", [2 * HOUR_MS, DAY_MS, 14 * DAY_MS, 20 * DAY_MS])
def test_an_earlier_receipt_explains_no_earlier_expiry(trail: Trail, shift_ms: int) -> None:
    """Nor does an earlier time of storing."""
    item, received = trail.event(AT), {"N": str(NOW_MS - min(shift_ms, 14 * DAY_MS))}
    for changes in (
        {"receivedAt": received, "expiresAt": put_times(-shift_ms)["expiresAt"]},
        {"receivedAt": received, **put_times(-shift_ms)},
    ):
        trail.put(EVENTS, item, **changes)
        assert [finding.kind for finding in trail.verify().findings] == [FindingKind.ALTERED]


def _make_earlier(packed: bytes) -> bytes:
    return (int.from_bytes(packed[:6], "big") - 1).to_bytes(6, "big") + packed[6:]


@pytest.mark.parametrize(
    ("attribute", "change", "detail"),
    [
        ("received", _make_earlier, "time of receipt"),
        ("submitters", lambda packed: packed.replace(b"AROA", b"AIDA"), "submitter"),
    ],
)
def test_a_changed_receipt_in_the_ledger_is_named(
    trail: Trail, attribute: str, change: Any, detail: str
) -> None:
    item = next(item for item in trail.ledger_items("log#") if "received" in item)
    trail.put(LEDGER, item, **{attribute: {"B": change(item[attribute]["B"])}})
    findings = trail.verify().findings
    start = int(item["sk"]["S"])
    assert {finding.position for finding in findings} >= {start}
    assert {finding.place for finding in findings} == {LEDGER_TABLE}
    assert findings[0].detail == f"its {detail} is not the proved one"


@pytest.mark.parametrize("attribute", ["received", "submitters"])
def test_a_receipt_that_is_lost_in_the_ledger_is_found(trail: Trail, attribute: str) -> None:
    item = next(item for item in trail.ledger_items("log#") if "received" in item)
    for content in (None, {"B": b""}, {"S": "x"}):
        trail.put(LEDGER, item, **{attribute: content})
        assert FindingKind.LEDGER in {finding.kind for finding in trail.verify().findings}
        trail.restore()
