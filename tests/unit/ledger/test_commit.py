"""Commits: whole batches in order, within a transaction's limits, once; and what is tampering."""

import random
import zlib
from collections import Counter
from collections.abc import Sequence
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.stream_poller import lambda_record
from prooftrail.aws.events import encode_item
from prooftrail.aws.ledger import parse_stream_event
from prooftrail.errors import (
    CorruptRecordError,
    HeadMovedError,
    ShardCountMismatchError,
    StoreUnavailableError,
)
from prooftrail.event.record import EventRecord
from prooftrail.event.times import HOUR_MS, format_timestamp
from prooftrail.ledger.commit import (
    MAX_ATTEMPTS,
    MAX_COUNTER_ITEMS,
    MAX_COUNTERS_PER_ITEM,
    Change,
    ChangeKind,
    CommitResult,
    LedgerStore,
    Tampering,
    classify_removals,
    commit_changes,
    detect_tampering,
    find_tampering,
)
from tests.support.fakes import MemoryLedger, MemoryPayloadStore, Moment
from tests.support.samples import NOW_MS, record_of


def stream_record(
    kind: str, sequence: int, *, old: object = None, new: object = None, principal: str = ""
) -> dict[str, Any]:
    """A stream record as Lambda delivers it."""
    images = {name: one for name, one in (("OldImage", old), ("NewImage", new)) if one}
    [image, *_] = images.values()
    assert isinstance(image, dict)
    change = {
        "Keys": {"pk": image["pk"], "id": image["id"]},
        "ApproximateCreationDateTime": NOW_MS / 1000,
        "SequenceNumber": str(sequence),
        **images,
    }
    record: dict[str, Any] = {"eventID": str(sequence), "eventName": kind, "dynamodb": change}
    if principal:
        record["userIdentity"] = {"Type": "Service", "PrincipalId": principal}
    return dict(lambda_record(record, "arn"))


def item(record: EventRecord) -> dict[str, Any]:
    return encode_item(record, 4, MemoryPayloadStore())


def inserts(records: Sequence[EventRecord], first: int = 1) -> list[Change]:
    numbered = enumerate(records, first)
    return parse_stream_event(
        {"Records": [stream_record("INSERT", at, new=item(one)) for at, one in numbered]}, 4
    )


def change(kind: str, **images: Any) -> Change:
    [one] = parse_stream_event({"Records": [stream_record(kind, 1, **images)]}, 4)
    return one


def run(changes: Sequence[Change], store: LedgerStore, shard_count: int = 4) -> CommitResult:
    return commit_changes(changes, store, shard_count=shard_count, sleep=lambda _: None)


def test_events_get_their_positions_in_order_and_are_counted() -> None:
    records = [record_of(eventId=str(n), success=n > 0) for n in range(3)]
    ledger = MemoryLedger()
    assert run(inserts(records), ledger) == CommitResult(new=3, replayed=0)
    assert [(one.id, one.digest) for one in ledger.events] == [
        (record.id, record.digest) for record in records
    ]
    counted = Counter({"user.login|session|1": 2, "user.login|session|0": 1})
    assert ledger.counters == {
        ("counters#default#hour", "2025-11-24T16"): counted,
        ("counters#default#day", "2025-11-24"): counted,
    }


def test_a_counter_is_of_the_events_own_hour() -> None:
    ledger = MemoryLedger()
    run(inserts([record_of(timestamp="2024-02-29T23:59:59.999Z")]), ledger)
    assert {sort for _, sort in ledger.counters} == {"2024-02-29T23", "2024-02-29"}


def test_a_batch_of_nothing_new_commits_nothing() -> None:
    ledger = MemoryLedger()
    same = item(record_of())
    assert run([], ledger).new == 0
    assert run([change("MODIFY", old=same, new=same)], ledger).new == 0
    assert ledger.head() is None


def test_a_transaction_takes_no_more_counter_items_than_it_may() -> None:
    """Each event has an hour of its own: the fake checks every commit."""
    hours = [format_timestamp(NOW_MS - n * HOUR_MS) for n in range(300)]
    ledger = MemoryLedger()
    assert run(inserts([record_of(timestamp=hour) for hour in hours]), ledger).new == 300
    sizes = [len(commit.increments) for commit in ledger.commits.values()]
    assert len(sizes) > 3
    assert min(sizes[:-1]) >= MAX_COUNTER_ITEMS - 1


def test_a_transaction_takes_no_more_counters_of_an_item_than_it_may() -> None:
    records = [record_of(action=f"a{n}") for n in range(2 * MAX_COUNTERS_PER_ITEM + 1)]
    ledger = MemoryLedger()
    run(inserts(records), ledger)
    sizes = [len(commit.events) for commit in ledger.commits.values()]
    assert sizes == [MAX_COUNTERS_PER_ITEM, MAX_COUNTERS_PER_ITEM, 1]


def test_a_replay_is_skipped_and_a_longer_one_goes_on() -> None:
    records = [record_of(action=f"a{n}") for n in range(400)]
    changes = inserts(records)
    ledger = MemoryLedger()
    assert run(changes[:200], ledger) == CommitResult(200, 0)
    assert run(changes[:200], ledger) == CommitResult(0, 200)
    assert run(changes, ledger) == CommitResult(200, 200)
    assert [(one.id, one.digest) for one in ledger.events] == [
        (record.id, record.digest) for record in records
    ]


def test_sequence_numbers_are_compared_as_numbers() -> None:
    records = [record_of(eventId=str(n)) for n in range(4)]
    changes = inserts(records, first=98)
    ledger = MemoryLedger()
    run(changes[:3], ledger)
    assert run(changes, ledger) == CommitResult(1, 3)
    assert len(ledger.events) == 4


@given(
    st.lists(st.sampled_from([None, *Moment]), max_size=12),
    st.integers(1, 40),
    st.lists(st.integers(1, 40), max_size=3),
)
def test_any_faults_and_deliveries_commit_each_event_once(
    moments: list[Moment | None], count: int, earlier: list[int]
) -> None:
    records = [
        record_of(timestamp=format_timestamp(NOW_MS - n * 20 * HOUR_MS), eventId=str(n))
        for n in range(count)
    ]
    changes = inserts(records)
    ledger = MemoryLedger(moments)
    # A batch that failed may have grown when it comes again; it does not shrink.
    for size in [*sorted(earlier), *[count] * (len(moments) + 1)]:
        try:
            run(changes[:size], ledger)
        except StoreUnavailableError:
            continue
    assert [(one.id, one.digest) for one in ledger.events] == [
        (record.id, record.digest) for record in records
    ]
    assert ledger.head() is not None
    counted = sum(sum(counters.values()) for counters in ledger.counters.values())
    assert counted == 2 * count


def test_a_commit_says_whose_its_events_are() -> None:
    tenants = ["acme", "globex", "acme", "initech"]
    ledger = MemoryLedger()
    run(inserts([record_of(tenantId=one, eventId=str(n)) for n, one in enumerate(tenants)]), ledger)
    assert [list(one.tenants) for one in ledger.commits.values()] == [tenants]


def test_two_shards_take_turns() -> None:
    """Another shard commits between this one's read and write, several times."""
    others = inserts([record_of(eventId=f"other-{n}") for n in range(5)], first=1000)
    mine = inserts([record_of(eventId=f"mine-{n}") for n in range(3)])
    ledger = MemoryLedger()
    waits: list[float] = []
    committed = count()

    class Raced(MemoryLedger):
        def head(self) -> Any:
            before = ledger.head()
            at = next(committed)
            if at < len(others):
                run([others[at]], ledger)
            return before

        def commit(self, *arguments: Any) -> Any:
            return ledger.commit(*arguments)

    commit_changes(mine, Raced(), shard_count=4, sleep=waits.append)
    assert len(ledger.events) == len(others) + len(mine)
    assert len(waits) == len(others)
    assert all(0 <= wait <= 1 for wait in waits)


def test_a_race_that_is_lost_for_ever_is_given_up() -> None:
    waits: list[float] = []
    ledger = MemoryLedger([Moment.DURING] * MAX_ATTEMPTS)
    with pytest.raises(HeadMovedError):
        commit_changes(inserts([record_of()]), ledger, shard_count=4, sleep=waits.append)
    assert len(waits) == MAX_ATTEMPTS - 1
    assert sum(waits) < 50
    assert run(inserts([record_of()]), ledger).new == 1


def test_another_shard_count_is_refused() -> None:
    ledger = MemoryLedger()
    run(inserts([record_of()]), ledger)
    with pytest.raises(ShardCountMismatchError, match=r"SHARD_COUNT is 8, but .* begun with 4"):
        run(inserts([record_of(eventId="e-2")], first=2), ledger, shard_count=8)
    assert len(ledger.events) == 1


def test_a_commit_that_ends_before_it_begins_is_no_endless_loop() -> None:
    ledger = MemoryLedger()
    run(inserts([record_of()], first=1), ledger)
    ledger.commits["50"] = ledger.commits["1"]
    with pytest.raises(CorruptRecordError):
        run(inserts([record_of(eventId="e-2")], first=50), ledger)


EVENT = record_of(userId="ada", details={"amount": 1}, success=False)
STORED = item(EVENT)
COMPRESSED = item(record_of(details={"text": "x" * 3_000}))
LARGE = record_of(details={"text": random.Random(5).randbytes(500_000).hex()})
OTHER = item(record_of(eventId="other"))
TTL = "dynamodb.amazonaws.com"


RETENTION_DAYS = 30


def tampering(change: Change) -> Tampering | None:
    return detect_tampering(change, RETENTION_DAYS)


@pytest.mark.parametrize("stored", [STORED, COMPRESSED, item(LARGE)], ids=len)
def test_an_insert_of_an_event_is_no_tampering(stored: dict[str, Any]) -> None:
    inserted = change("INSERT", new=stored)
    assert inserted.new is not None
    assert tampering(inserted) is None


@pytest.mark.parametrize(
    "new",
    [
        STORED,
        {**STORED, "receivedAt": {"N": "1"}},
        {**STORED, "event": {"B": zlib.compress(EVENT.canonical)}},
    ],
    ids=["the same", "received again", "compressed otherwise"],
)
def test_an_event_put_again_is_no_tampering(new: dict[str, Any]) -> None:
    assert tampering(change("MODIFY", old=STORED, new=new)) is None


def test_a_payload_may_move_to_where_the_processor_puts_it_today() -> None:
    stored = item(LARGE)
    moved = stored | {"overflow": {"S": f"overflow/30/{LARGE.digest.hex()}"}}
    assert tampering(change("MODIFY", old=stored, new=moved)) is None


def test_an_expiry_put_off_is_no_tampering() -> None:
    old = {**STORED, "expiresAt": {"N": "1000"}}
    assert tampering(change("MODIFY", old=old, new={**old, "expiresAt": {"N": "1001"}})) is None
    assert tampering(change("MODIFY", old=old, new=STORED)) is None


@pytest.mark.parametrize(
    ("sent_at", "retention_days"),
    [(NOW_MS - 60_000, 30), (NOW_MS, 30), (NOW_MS + 60_000, 30)],
    ids=["sent before", "the same delivered again", "sent after"],
)
@pytest.mark.parametrize("before", [0, 30, 90], ids="retention was {}".format)
def test_an_expiry_that_the_processor_gives_is_no_tampering(
    sent_at: int, retention_days: int, before: int
) -> None:
    old = item(record_of(received_at=NOW_MS, retention_days=before))
    new = item(record_of(received_at=sent_at, retention_days=retention_days))
    assert tampering(change("MODIFY", old=old, new=new)) is None


@pytest.mark.parametrize(
    ("received_at", "retention_days"),
    [(NOW_MS - 15 * 24 * HOUR_MS, 30), (NOW_MS, 29), (NOW_MS - 400 * 24 * HOUR_MS, 30)],
    ids=["no message waits so long", "another retention", "already over"],
)
def test_an_expiry_that_no_message_gives_is_tampering(
    received_at: int, retention_days: int
) -> None:
    """Even of an event whose own time is long ago."""
    long_ago = format_timestamp(NOW_MS - 500 * 24 * HOUR_MS)
    old = item(record_of(timestamp=long_ago, retention_days=30))
    new = item(
        record_of(timestamp=long_ago, received_at=received_at, retention_days=retention_days)
    )
    found = tampering(change("MODIFY", old=old, new=new))
    assert found is not None
    assert found.reason == "a stored event's expiry was brought forward"


def test_an_expiry_cannot_be_brought_into_the_past() -> None:
    old = item(record_of(retention_days=1))
    new = item(record_of(received_at=NOW_MS - 24 * HOUR_MS, retention_days=1))
    assert detect_tampering(change("MODIFY", old=old, new=new), 1) is not None


def test_expiry_is_no_tampering() -> None:
    assert tampering(change("REMOVE", old=STORED, principal=TTL)) is None


@pytest.mark.parametrize(
    "images",
    [
        {"old": STORED, "new": OTHER},
        {"old": STORED, "new": {**STORED, "event": OTHER["event"]}},
        {"old": STORED, "new": {**STORED, "event": {"S": STORED["event"]["S"] + " "}}},
        {"old": STORED, "new": {**STORED, "event": {"B": b"not zlib"}}},
        {"old": STORED, "new": {**STORED, "digest": OTHER["digest"]}},
        {"old": STORED, "new": {**STORED, "digest": {"S": "x"}}},
        {"old": STORED, "new": {**STORED, "userKey": {"S": "default#eve"}}},
        {"old": STORED, "new": {k: v for k, v in STORED.items() if k != "failureKey"}},
        {"old": STORED, "new": {**STORED, "resourceKey": {"S": "default#x#y"}}},
        {"old": STORED, "new": {**STORED, "extra": {"S": "x"}}},
        {"old": STORED, "new": {k: v for k, v in STORED.items() if k != "event"}},
        {
            "old": STORED,
            "new": {k: v for k, v in STORED.items() if k != "event"}
            | {"overflow": {"S": f"overflow/{EVENT.digest.hex()}"}},
        },
        {"old": item(LARGE), "new": item(LARGE) | {"overflow": {"S": f"x{LARGE.digest.hex()}"}}},
        {"old": item(LARGE), "new": item(LARGE) | {"overflow": {"S": f"x/{LARGE.digest.hex()}"}}},
        {"old": OTHER | {"event": {"S": "{}"}}, "new": OTHER},
    ],
)
def test_a_changed_event_is_tampering(images: dict[str, Any]) -> None:
    found = tampering(change("MODIFY", **images))
    assert found is not None
    assert found.reason == "a stored event was changed"
    assert found.item_id == images["old"]["id"]["S"]


def test_an_expiry_brought_forward_is_tampering() -> None:
    soon = {**STORED, "expiresAt": {"N": "1000"}}
    for old in (STORED, {**STORED, "expiresAt": {"N": "1001"}}):
        found = tampering(change("MODIFY", old=old, new=soon))
        assert found is not None
        assert found.reason == "a stored event's expiry was brought forward"


@pytest.mark.parametrize("principal", ["", "someone.else"])
def test_a_removed_event_is_tampering(principal: str) -> None:
    removal = change("REMOVE", old=STORED, principal=principal)
    assert tampering(removal) is None  # by itself: an order may name it
    [found] = classify_removals([removal], MemoryLedger()).tampering
    assert (found.kind, found.reason) == (ChangeKind.REMOVE, "a stored event was removed")
    assert found.old_digest == EVENT.digest.hex()


FOREIGN = [
    {"pk": {"S": "x"}, "id": {"S": "y"}},
    {**STORED, "id": {"S": "01ARYZ6S410000000000000000"}},
    {**STORED, "id": {"S": "7ZZZZZZZZZ" + STORED["id"]["S"][10:]}},
    {**STORED, "actionKey": {"S": "no separators"}},
    {**STORED, "event": {"S": "{}"}},
    {**STORED, "digest": {"N": "1"}},
    {**STORED, "pk": {"S": "victim#0"}},
    {**STORED, "actionKey": {"S": STORED["actionKey"]["S"].replace("default", "victim")}},
    {**STORED, "actionKey": {"S": STORED["actionKey"]["S"].replace("login", "logout")}},
    {**STORED, "ip": {"S": "192.0.2.1"}},
    {name: value for name, value in STORED.items() if name != "userKey"},
    {name: value for name, value in STORED.items() if name != "receivedAt"},
    {**STORED, "event": {"S": "[" * 100_000}},
    {**item(LARGE), "pk": {"S": "victim#0"}},
    {**item(LARGE), "actionKey": {"S": "default#a|b#0"}},
]


@pytest.mark.parametrize("foreign", FOREIGN)
def test_an_item_that_is_no_event_is_tampering_and_no_obstacle(foreign: dict[str, Any]) -> None:
    """It is told of and never counted, and the events beside it are."""
    records = [
        stream_record("INSERT", 1, new=foreign),
        stream_record("INSERT", 2, new=STORED),
    ]
    ledger = MemoryLedger()
    changes = parse_stream_event({"Records": records}, 4)
    [found] = find_tampering(changes, retention_days=0)
    assert found.reason == "an item that is no event was inserted"
    assert run(changes, ledger).new == len(ledger.events) == 1


@pytest.mark.parametrize(
    "event", [{}, {"Records": [{}]}, {"Records": None}, {"Records": [{"eventName": "X"}]}]
)
def test_what_is_no_stream_event_is_refused(event: dict[str, Any]) -> None:
    with pytest.raises(CorruptRecordError):
        parse_stream_event(event, 4)
