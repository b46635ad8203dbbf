"""References in the stream: they are no events, and change only as their event does."""

from typing import Any

import pytest

from prooftrail.aws.references import encode_references
from prooftrail.event.record import EventRecord
from prooftrail.event.retention import compute_expiry
from prooftrail.ledger.changes import Change
from prooftrail.ledger.tampering import classify_removals, detect_tampering
from tests.support.fakes import MemoryLedger
from tests.support.samples import NOW_MS, make_event_record, make_order_record
from tests.support.stream_samples import (
    TTL,
    commit_to,
    make_change,
    make_inserts,
    make_item,
)

RETENTION_DAYS = 30
EVENT = make_event_record(
    userId="bob",
    targets=[{"type": "team", "id": "7"}],
    onBehalfOf={"userId": "ada"},
    retention_days=RETENTION_DAYS,
)


def make_references(record: EventRecord, *, stored_at: int = NOW_MS, days: int = 30) -> list[Any]:
    times = {"storedAt": {"N": str(stored_at)}}
    if days:
        times["expiresAt"] = {"N": str(compute_expiry(stored_at, days))}
    return [dict(item) for item in encode_references(record, times)]


STORED, BEHALF = make_references(EVENT)


def find(change: Change) -> str | None:
    found = detect_tampering(change, RETENTION_DAYS)
    return found.reason if found else None


@pytest.mark.parametrize("reference", [STORED, BEHALF])
def test_an_inserted_reference_is_neither_tampering_nor_an_event(reference: Any) -> None:
    inserts = [make_change("INSERT", new=reference), *make_inserts([EVENT], first=2)]
    assert [find(change) for change in inserts] == [None, None]
    ledger = MemoryLedger()
    assert commit_to(inserts, ledger).new == len(ledger.events) == 1
    assert commit_to(inserts[:1], ledger).new == 0


@pytest.mark.parametrize(
    "damage",
    [
        {"pk": {"S": "default#target#team"}},
        {"digest": {"B": b"x"}},
        {"userKey": {"S": "default#victim"}},
        {"extra": {"S": "x"}},
        {"storedAt": {"S": "x"}},
    ],
)
def test_an_inserted_item_that_only_looks_like_a_reference_is_tampering(damage: Any) -> None:
    change = make_change("INSERT", new=STORED | damage)
    assert find(change) == "an inserted item is not a valid event"
    assert commit_to([change], MemoryLedger()).new == 0


@pytest.mark.parametrize(
    "new",
    [
        STORED,
        make_references(EVENT, stored_at=NOW_MS + 60_000)[0],
        make_references(EVENT, stored_at=NOW_MS - 60_000)[0],
    ],
    ids=["the same", "put again", "put by a slow clock"],
)
@pytest.mark.parametrize("before", [0, 7, 30, 90])
def test_a_reference_put_again_with_its_event_is_no_tampering(new: Any, before: int) -> None:
    [old, _] = make_references(EVENT, stored_at=NOW_MS - 3_600_000, days=before)
    assert find(make_change("MODIFY", old=old, new=new)) is None


@pytest.mark.parametrize(
    "new",
    [
        STORED | {"action": {"S": "user.logout"}},
        STORED | {"user": {"S": "eve"}},
        {name: value for name, value in STORED.items() if name != "onBehalfOf"},
        STORED | {"extra": {"S": "x"}},
        make_item(EVENT),
    ],
)
def test_a_changed_reference_is_tampering(new: Any) -> None:
    reason = "a reference to an event was changed"
    assert find(make_change("MODIFY", old=STORED, new=new)) == reason


@pytest.mark.parametrize(
    "expires_at", [1_000, NOW_MS // 1000 + 60, int(STORED["expiresAt"]["N"]) + 86_400, None]
)
def test_an_expiry_that_no_put_gives_is_tampering(expires_at: int | None) -> None:
    new = {name: value for name, value in STORED.items() if name != "expiresAt"}
    if expires_at is not None:
        new["expiresAt"] = {"N": str(expires_at)}
    reason = "the expiry of a reference to an event was changed"
    assert find(make_change("MODIFY", old=STORED, new=new)) == reason


def test_an_expiry_counted_from_another_day_is_tampering() -> None:
    [new, _] = make_references(EVENT, stored_at=NOW_MS - 2 * 86_400_000)
    reason = "the expiry of a reference to an event was changed"
    assert find(make_change("MODIFY", old=STORED, new=new)) == reason


def test_a_reference_may_expire() -> None:
    change = make_change("REMOVE", old=STORED, principal=TTL)
    assert find(change) is None
    classified = classify_removals([change], MemoryLedger())
    assert (classified.ordered, classified.tampering) == ({}, [])


def order(record: EventRecord, **fields: Any) -> MemoryLedger:
    ledger = MemoryLedger()
    commit_to(make_inserts([make_order_record(record.id, **fields)]), ledger)
    return ledger


@pytest.mark.parametrize("has_event", [True, False])
def test_the_order_of_an_event_covers_its_references_and_counts_the_event_only(
    has_event: bool,
) -> None:
    removed = [STORED, BEHALF, *([make_item(EVENT)] if has_event else [])]
    removals = [make_change("REMOVE", old=item) for item in removed]
    assert [find(change) for change in removals] == [None] * len(removed)
    classified = classify_removals(removals, order(EVENT))
    assert classified.tampering == []
    assert classified.ordered == ({"default": 1} if has_event else {})


@pytest.mark.parametrize(
    "ledger",
    [MemoryLedger(), order(EVENT, tenant_id="acme"), order(make_event_record(eventId="other"))],
    ids=["no order", "of another tenant", "of another event"],
)
def test_a_reference_that_no_order_names_must_not_be_removed(ledger: MemoryLedger) -> None:
    removals = [make_change("REMOVE", old=item) for item in (STORED, make_item(EVENT))]
    reasons = [found.reason for found in classify_removals(removals, ledger).tampering]
    assert reasons == ["a reference to a stored event was removed", "a stored event was removed"]
