"""Attacks that are dressed up as what an honest trail does: each is still found.

`tests/integration/mutations/test_false_alarms.py` has what they pretend to be.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from prooftrail.aws.item import encode_item
from prooftrail.event.times import DAY_MS, HOUR_MS, format_timestamp
from prooftrail.tlog.merkle import Edge, hash_leaf
from prooftrail.tlog.note import Note
from prooftrail.verify.confirmation import MAX_READINGS, read_until_confirmed
from prooftrail.verify.findings import EVENTS as EVENTS_PLACE
from prooftrail.verify.findings import LEDGER as LEDGER_PLACE
from prooftrail.verify.findings import PUBLISHED, SAVED, Finding, FindingKind
from prooftrail.verify.result import Outcome, TrailResult
from tests.integration.mutations.test_false_alarms import COUNT, MINUTE_MS, published
from tests.integration.mutations.test_removal_mutations import clean
from tests.support.fakes import MemoryPayloadStore
from tests.support.mutated_trail import (
    CLOCK_MS,
    EVENTS,
    LEDGER,
    LOG_BUCKET,
    ExpectedFinding,
    Trail,
)
from tests.support.samples import NOW_MS, SENDER, make_event_record, make_order_record
from tests.support.stack import deployed


@pytest.fixture(autouse=True)
def _credentials(credentials: None) -> None:
    """Credentials for moto."""


@pytest.fixture(scope="module")
def shared(credentials: None) -> Iterator[Trail]:
    """A small published trail; its events end after 30 days."""
    with published(retention_days=30) as made:
        yield made


@pytest.fixture
def trail(shared: Trail) -> Iterator[Trail]:
    """The small trail, without what the test before did to it."""
    yield shared
    shared.restore()


def find(trail: Trail, now_ms: int = CLOCK_MS) -> list[ExpectedFinding]:
    """Return the findings of a verification."""
    result = trail.verify(reader=trail.reader(), now_ms=now_ms)
    return [ExpectedFinding.from_finding(finding) for finding in result.findings]


def insert(trail: Trail, *, stored_at: int, received_at: int = CLOCK_MS - MINUTE_MS) -> str:
    """Put a valid event that the stream does not see; return its id."""
    record = make_event_record(received_at=received_at, tenantId="acme", userId="forged")
    item = encode_item(record, 4, MemoryPayloadStore(), stored_at=stored_at)
    trail.put(EVENTS, item)
    return record.id


@pytest.mark.parametrize("ahead_ms", [2 * MINUTE_MS, HOUR_MS, 365 * DAY_MS])
def test_an_added_event_that_says_it_is_stored_in_the_future(trail: Trail, ahead_ms: int) -> None:
    event_id = insert(trail, stored_at=CLOCK_MS + ahead_ms)
    assert find(trail) == [ExpectedFinding(FindingKind.ADDED, EVENTS_PLACE, event_id)]


def test_an_added_event_that_says_it_waited_on_the_queue(trail: Trail) -> None:
    event_id = insert(trail, received_at=CLOCK_MS - 13 * DAY_MS, stored_at=CLOCK_MS - 2 * DAY_MS)
    assert find(trail) == [ExpectedFinding(FindingKind.ADDED, EVENTS_PLACE, event_id)]


def test_an_added_event_that_says_it_was_stored_just_now_is_found_later(trail: Trail) -> None:
    event_id = insert(trail, stored_at=CLOCK_MS)
    assert find(trail) == []
    later = CLOCK_MS + 2 * DAY_MS
    assert find(trail, later) == [ExpectedFinding(FindingKind.ADDED, EVENTS_PLACE, event_id)]


def test_an_added_event_that_looks_like_a_lag() -> None:
    """It says that it was stored when the ledger worked: what is later was logged."""
    with published() as trail:
        event_id = insert(trail, stored_at=CLOCK_MS - HOUR_MS // 2)
        assert trail.verify(reader=trail.reader()).outcome is Outcome.UNPROVED
        trail.committed += 1  # the stream was off
        trail.deliver([COUNT], sent_at=CLOCK_MS - MINUTE_MS)
        trail.commit(1)
        assert find(trail) == [ExpectedFinding(FindingKind.ADDED, EVENTS_PLACE, event_id)]


@pytest.mark.parametrize("ahead_ms", [HOUR_MS, 365 * DAY_MS])
def test_a_second_delivery_that_is_still_to_come(ahead_ms: int) -> None:
    with deployed() as stack:
        made = Trail(stack)
        made.store(COUNT, sender_id=SENDER)
        made.commit(COUNT)
        made.publish()
        made.note_log()
        made.put(EVENTS, made.event(5), receivedAt={"N": str(CLOCK_MS + ahead_ms)})
        assert find(made) == [ExpectedFinding(FindingKind.ALTERED, EVENTS_PLACE, made.ids[5], 5)]


def test_an_added_event_is_not_lagging_beside_other_evidence(trail: Trail) -> None:
    event_id = insert(trail, stored_at=CLOCK_MS - HOUR_MS // 2)
    trail.remove(EVENTS, trail.event(5))
    assert find(trail) == [
        ExpectedFinding(FindingKind.MISSING, EVENTS_PLACE, trail.ids[5], 5),
        ExpectedFinding(FindingKind.ADDED, EVENTS_PLACE, event_id),
    ]


@pytest.mark.parametrize("expires_at", [NOW_MS // 1000 - 60, NOW_MS // 1000 + DAY_MS // 1000])
def test_a_deletion_that_looks_like_an_expiry(trail: Trail, expires_at: int) -> None:
    item = trail.event(5)
    trail.put(EVENTS, item, expiresAt={"N": str(expires_at)})
    trail.remove(EVENTS, item)
    found = find(trail, NOW_MS + 2 * DAY_MS)
    assert found == [ExpectedFinding(FindingKind.MISSING, EVENTS_PLACE, trail.ids[5], 5)]


def test_a_deletion_after_the_event_was_sent_again_is_not_what_the_order_asked_for() -> None:
    with published() as trail:
        clean(trail, make_order_record(trail.ids[0], tenant_id="acme"), [0])
        trail.deliver([0], sent_at=CLOCK_MS - MINUTE_MS)
        trail.commit(1)
        trail.remove(EVENTS, trail.items[trail.ids[0]])
        [found] = find(trail)
        assert found == ExpectedFinding(FindingKind.MISSING, EVENTS_PLACE, trail.ids[0], COUNT + 1)


def test_a_deletion_that_a_second_delivery_covers() -> None:
    """The event is there again, but nothing explains that it was gone."""
    with published() as trail:
        trail.remove(EVENTS, trail.event(0))
        trail.commit(1)
        trail.deliver([0], sent_at=CLOCK_MS - MINUTE_MS)
        trail.commit(1)
        [found] = find(trail)
        assert found == ExpectedFinding(FindingKind.REPEATED, LEDGER_PLACE, trail.ids[0], COUNT)
        # neither does an order that comes only now
        order = make_order_record(
            trail.ids[0], tenant_id="acme", timestamp=format_timestamp(NOW_MS + 1)
        )
        clean(trail, order, [])
        assert found in find(trail)


def _erase_checkpoints(trail: Trail) -> None:
    trail.erase(LOG_BUCKET, "checkpoint")
    [item] = trail.ledger_items("checkpoint")
    trail.remove(LEDGER, item)


def test_a_log_that_looks_like_a_new_one(trail: Trail) -> None:
    saved = Note.from_text(trail.read(LOG_BUCKET, "checkpoint").decode())
    _erase_checkpoints(trail)
    result = trail.verify(reader=trail.reader())
    assert result.outcome is Outcome.UNPROVED
    assert "the checkpoint was removed" in str(result.unproved[0])
    trail.erase(LOG_BUCKET, f"tile/entries/000.p/{COUNT}")
    for item in trail.ledger_items("positions#"):
        trail.remove(LEDGER, item)
    result = trail.verify(reader=trail.reader())
    assert result.outcome is Outcome.UNPROVED
    assert "nothing is published" in str(result.unproved[0])
    for item in trail.scan(EVENTS):
        trail.remove(EVENTS, item)
    for item in trail.scan(LEDGER):
        trail.remove(LEDGER, item)
    assert trail.verify(reader=trail.reader()).outcome is Outcome.EMPTY
    result = trail.verify(saved=saved, reader=trail.reader())
    assert [ExpectedFinding.from_finding(finding) for finding in result.findings] == [
        ExpectedFinding(FindingKind.CHECKPOINT, SAVED)
    ]


def test_one_checkpoint_that_is_removed_is_found_beside_the_other(trail: Trail) -> None:
    trail.erase(LOG_BUCKET, "checkpoint")
    assert find(trail) == [ExpectedFinding(FindingKind.CHECKPOINT, PUBLISHED)]


def put_back(trail: Trail) -> None:
    """Publish the checkpoint of the first half of the log."""
    leaves = [hash_leaf(event.entry) for event in trail.logged[: COUNT // 2]]
    earlier = trail.sign_checkpoint(len(leaves), Edge().with_leaves(leaves).compute_root())
    trail.write(LOG_BUCKET, "checkpoint", str(earlier).encode())


def test_an_earlier_checkpoint_that_is_put_back_is_unproved(trail: Trail) -> None:
    """It looks like a publication that did not end, and the next one replaces it."""
    put_back(trail)
    result = trail.verify(reader=trail.reader())
    assert (result.outcome, result.entries, result.findings) == (Outcome.UNPROVED, COUNT, [])
    [unproved] = result.unproved
    assert f"differ: {COUNT // 2} and {COUNT} entries" in str(unproved)
    assert "was put back" in str(unproved)
    trail.publish()
    assert trail.verify(reader=trail.reader()).outcome is Outcome.VERIFIED


def test_an_added_event_does_not_look_like_a_lag_beside_an_earlier_checkpoint() -> None:
    with published() as trail:
        event_id = insert(trail, stored_at=CLOCK_MS - HOUR_MS // 2)
        put_back(trail)
        [finding] = find(trail)
        assert (finding.kind, finding.event_id) == (FindingKind.ADDED, event_id)


def test_a_removal_after_the_first_expiry_of_an_event_that_was_sent_again() -> None:
    """Only the alarm tells it: the log has no later expiry than that of the first delivery."""
    later = NOW_MS + 20 * DAY_MS
    end_ms = NOW_MS + 30 * DAY_MS
    with published(retention_days=30) as trail:
        trail.deliver([5], sent_at=later, retention_days=30)
        trail.commit(1)
        item = next(each for each in trail.scan(EVENTS) if each["id"] == trail.event(5)["id"])
        assert int(item["expiresAt"]["N"]) * 1000 > end_ms + 19 * DAY_MS
        trail.remove(EVENTS, item)
        [missing] = find(trail, end_ms - 1)
        assert missing == ExpectedFinding(FindingKind.MISSING, EVENTS_PLACE, trail.ids[5], 5)
        result = trail.verify(reader=trail.reader(), now_ms=end_ms)
        assert (result.outcome, result.expired) == (Outcome.VERIFIED, 1)


# What is read again


def _finding(number: int, detail: str = "") -> Finding:
    return Finding(FindingKind.MISSING, EVENTS_PLACE, detail, f"event-{number}", number)


def _read(*readings: list[Finding]) -> Callable[[], TrailResult]:
    results = iter([TrailResult(findings=list(findings)) for findings in readings])
    return lambda: next(results)


def test_what_is_seen_twice_is_a_finding_whatever_its_text_says() -> None:
    waits: list[Any] = []
    result = read_until_confirmed(
        _read([_finding(1, "at 5")], [_finding(1, "at 6")]), lambda: waits.append(1)
    )
    assert (result.findings, result.unproved, len(waits)) == ([_finding(1, "at 6")], [], 1)


def test_what_is_seen_once_is_no_finding() -> None:
    result = read_until_confirmed(_read([_finding(1), _finding(2)], [_finding(2)]), lambda: None)
    assert (result.findings, result.unproved) == ([_finding(2)], [])


def test_nothing_is_read_again_if_nothing_looks_wrong() -> None:
    result = read_until_confirmed(_read([]), pytest.fail)
    assert (result.findings, result.unproved) == ([], [])


def test_what_is_new_in_the_last_reading_is_unproved() -> None:
    readings = [[_finding(0), _finding(number)] for number in range(1, MAX_READINGS + 1)]
    result = read_until_confirmed(_read(*readings), lambda: None)
    assert result.findings == [_finding(0)]
    [left] = result.unproved
    assert (left.kind, left.event_id) == (FindingKind.UNPROVED, f"event-{MAX_READINGS}")
    assert result.outcome is Outcome.REFUTED
