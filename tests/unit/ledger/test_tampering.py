"""Tampering: which changes of stored events the system makes itself, and which it never makes."""

import json
import random
import zlib
from hashlib import sha256
from typing import Any

import pytest

from prooftrail.aws.stream import MAX_LARGE_IMAGES, read_changes
from prooftrail.event.ids import make_id
from prooftrail.event.times import DAY_MS, HOUR_MS, format_timestamp
from prooftrail.ledger.changes import Change, ChangeKind
from prooftrail.ledger.tampering import (
    Tampering,
    classify_removals,
    detect_tampering,
)
from tests.support.fakes import MemoryLedger
from tests.support.samples import NOW_MS, make_event_record
from tests.support.stream_samples import (
    TTL,
    commit_to,
    make_change,
    make_inserts,
    make_item,
    make_old_item,
    make_stream_record,
)

EVENT = make_event_record(userId="ada", details={"amount": 1}, success=False)
STORED = make_item(EVENT)
COMPRESSED = make_item(make_event_record(details={"text": "x" * 3_000}))
LARGE = make_event_record(details={"text": random.Random(5).randbytes(500_000).hex()})
OTHER = make_item(make_event_record(eventId="other"))
RETENTION_DAYS = 30


def tampering(change: Change) -> Tampering | None:
    return detect_tampering(change, RETENTION_DAYS)


@pytest.mark.parametrize("stored", [STORED, COMPRESSED, make_item(LARGE)], ids=len)
def test_an_insert_of_an_event_is_no_tampering(stored: dict[str, Any]) -> None:
    inserted = make_change("INSERT", new=stored)
    assert inserted.new is not None
    assert tampering(inserted) is None


@pytest.mark.parametrize(
    "new",
    [
        STORED,
        {**STORED, "receivedAt": {"N": str(NOW_MS - 14 * DAY_MS)}},
        {**STORED, "receivedAt": {"N": str(NOW_MS + 1)}, "submittedBy": {"S": "AIDAOTHER"}},
        {**STORED, "submittedBy": {"S": "AIDAEXAMPLE"}},
        {**STORED, "storedAt": {"N": "1"}},
        {**STORED, "event": {"B": zlib.compress(EVENT.canonical)}},
    ],
    ids=[
        "the same",
        "received again",
        "by somebody else",
        "stored first by an earlier version",
        "stored again",
        "compressed",
    ],
)
def test_an_event_put_again_is_no_tampering(new: dict[str, Any]) -> None:
    assert tampering(make_change("MODIFY", old=STORED, new=new)) is None


def test_a_payload_may_move_to_where_the_processor_puts_it_today() -> None:
    stored = make_item(LARGE)
    moved = stored | {"overflow": {"S": f"overflow/30/{LARGE.digest.hex()}"}}
    assert tampering(make_change("MODIFY", old=stored, new=moved)) is None


SUBMITTED = make_item(make_event_record(submitted_by="AIDAEXAMPLE"))


@pytest.mark.parametrize(
    "changes",
    [
        {"receivedAt": {"N": "1262304000000"}},  # 2010
        {"receivedAt": {"N": str(NOW_MS - 15 * DAY_MS)}},
        {"receivedAt": {"N": str(NOW_MS + 2 * HOUR_MS)}},
        {"submittedBy": None},
        {"submittedBy": {"S": "AIDAVICTIM"}, "receivedAt": {"N": "1262304000000"}},
    ],
)
def test_a_receipt_that_no_message_gives_is_tampering(changes: dict[str, Any]) -> None:
    new = {name: value for name, value in {**SUBMITTED, **changes}.items() if value}
    found = tampering(make_change("MODIFY", old=SUBMITTED, new=new))
    assert found is not None
    assert found.reason == "a stored event's time of receipt or its submitter was changed"


@pytest.mark.parametrize(("age_ms", "is_possible"), [(0, True), (15 * DAY_MS, False)])
def test_two_senders_can_send_one_event_in_the_same_millisecond(
    age_ms: int, *, is_possible: bool
) -> None:
    """Otherwise any producer with two identities could make a false alarm."""
    received_at = NOW_MS - age_ms
    old, new = (
        make_item(make_event_record(received_at=received_at, submitted_by=name))
        for name in ("AIDAEXAMPLE", "AIDAOTHER")
    )
    assert (tampering(make_change("MODIFY", old=old, new=new)) is None) == is_possible


@pytest.mark.parametrize("submitted_by", [{"S": ""}, {"S": "a\nb"}, {"S": "x" * 513}, {"N": "1"}])
def test_a_submitter_of_another_form_is_tampering(submitted_by: dict[str, str]) -> None:
    new = {**SUBMITTED, "submittedBy": submitted_by}
    assert tampering(make_change("MODIFY", old=SUBMITTED, new=new)) is not None
    assert tampering(make_change("INSERT", new=new)) is not None


PUT_OFF = "a stored event's expiry was put off"
BROUGHT_FORWARD = "a stored event's expiry was brought forward"


def find_reason(old: dict[str, Any], new: dict[str, Any], retention_days: int) -> str | None:
    """Return why it is tampering that `new` replaces `old` at `NOW_MS`."""
    found = detect_tampering(make_change("MODIFY", old=old, new=new), retention_days)
    return None if found is None else found.reason


@pytest.mark.parametrize("before", [1, 30, 90])
@pytest.mark.parametrize("later", [{"days": 3 * 365}, {"days": None}])
def test_an_expiry_put_off_is_tampering(before: int, later: dict[str, int | None]) -> None:
    old = make_item(make_event_record(retention_days=before))
    new = dict(old)
    if later["days"]:
        expiry = int(old["expiresAt"]["N"]) + later["days"] * 86_400
        new["expiresAt"] = {"N": str(expiry)}
    else:
        del new["expiresAt"]
    assert find_reason(old, new, RETENTION_DAYS) == PUT_OFF


def test_an_expiry_that_a_longer_retention_puts_off_is_no_tampering() -> None:
    old = make_item(make_event_record(retention_days=7))
    for retention_days in (30, 0):
        new = make_item(make_event_record(retention_days=retention_days))
        assert find_reason(old, new, retention_days) is None


@pytest.mark.parametrize(
    "waited_ms",
    [-60_000, 0, 60_000, 4 * DAY_MS, 14 * DAY_MS],
    ids="the message waited {} ms".format,
)
@pytest.mark.parametrize("before", [0, 3, 90], ids="retention was {}".format)
@pytest.mark.parametrize("clock_ms", [-5_000, 0, 5_000], ids="clock is wrong by {} ms".format)
def test_an_expiry_that_the_processor_gives_is_no_tampering(
    waited_ms: int, before: int, clock_ms: int
) -> None:
    """Not even if the message waited longer than the retention, or is the older one of two."""
    old = make_item(make_event_record(received_at=NOW_MS - DAY_MS, retention_days=before))
    received = make_event_record(received_at=NOW_MS - waited_ms, retention_days=3)
    assert find_reason(old, make_item(received, NOW_MS + clock_ms), 3) is None


@pytest.mark.parametrize(
    "age_ms", [0, DAY_MS, 400 * DAY_MS], ids="the event was stored {} ms ago".format
)
@pytest.mark.parametrize(
    ("received_ms", "stored_ms", "ends_ms"),
    [
        (-2 * HOUR_MS, 0, -2 * HOUR_MS),
        (-14 * DAY_MS, 0, -14 * DAY_MS),
        (-14 * DAY_MS, -14 * DAY_MS, -14 * DAY_MS),
        (0, -2 * HOUR_MS, -2 * HOUR_MS),
        (0, 0, -DAY_MS),
        (0, 0, -1_000),
        (-400 * DAY_MS, 0, -400 * DAY_MS),
    ],
)
def test_an_expiry_that_no_put_gives_is_tampering(
    age_ms: int, received_ms: int, stored_ms: int, ends_ms: int
) -> None:
    """The times are those of the change. What a put gives ends `RETENTION_DAYS` after now."""
    long_ago = format_timestamp(NOW_MS - 500 * DAY_MS)
    event = make_event_record(timestamp=long_ago, received_at=NOW_MS - age_ms, retention_days=500)
    old = make_item(event, NOW_MS - age_ms)
    new = {
        **old,
        "receivedAt": {"N": str(NOW_MS + received_ms)},
        "storedAt": {"N": str(NOW_MS + stored_ms)},
        "expiresAt": {"N": str((NOW_MS + ends_ms) // 1000 + RETENTION_DAYS * 86_400)},
    }
    assert find_reason(old, new, RETENTION_DAYS) == BROUGHT_FORWARD


def test_an_expiry_is_not_brought_forward_in_two_steps() -> None:
    """Without `storedAt` an item would be one of version 0.2, whose expiry may become earlier."""
    record = make_event_record(retention_days=RETENTION_DAYS)
    stored = make_item(record)
    for removed in (
        {name: value for name, value in stored.items() if name != "storedAt"},
        make_old_item(record._replace(received_at=NOW_MS + 60_000)),
    ):
        reason = "a stored event's time of storing was removed"
        assert find_reason(stored, removed, RETENTION_DAYS) == reason


# Version 0.2 counted the expiry from the receipt, and stored no `storedAt`.


@pytest.mark.parametrize("waited_ms", [-60_000, 0, 60_000, 13 * DAY_MS])
def test_while_the_stack_is_updated_version_0_2_still_stores(waited_ms: int) -> None:
    received = make_event_record(received_at=NOW_MS - waited_ms, retention_days=30)
    for before in (0, 30, 90):
        old = make_old_item(make_event_record(retention_days=before))
        assert find_reason(old, make_old_item(received), 30) is None


@pytest.mark.parametrize("waited_ms", [0, 13 * DAY_MS])
def test_an_event_of_version_0_2_is_put_again(waited_ms: int) -> None:
    old = make_old_item(make_event_record(received_at=NOW_MS - DAY_MS, retention_days=30))
    received = make_event_record(received_at=NOW_MS - waited_ms, retention_days=30)
    assert find_reason(old, make_item(received), 30) is None


@pytest.mark.parametrize(
    ("received_at", "retention_days"),
    [(NOW_MS - 15 * DAY_MS, 30), (NOW_MS, 29), (NOW_MS - 400 * DAY_MS, 30)],
    ids=["no message waits so long", "another retention", "already over"],
)
def test_an_expiry_that_no_message_gives_is_tampering(
    received_at: int, retention_days: int
) -> None:
    """Even of an event whose own time is long ago."""
    long_ago = format_timestamp(NOW_MS - 500 * DAY_MS)
    event = make_event_record(timestamp=long_ago, retention_days=30)
    new = event._replace(received_at=received_at, retention_days=retention_days)
    assert find_reason(make_old_item(event), make_old_item(new), 30) == BROUGHT_FORWARD


def test_an_expiry_cannot_be_brought_into_the_past() -> None:
    old = make_old_item(make_event_record(retention_days=1))
    new = make_old_item(make_event_record(received_at=NOW_MS - DAY_MS, retention_days=1))
    assert find_reason(old, new, 1) == BROUGHT_FORWARD


def test_expiry_is_no_tampering() -> None:
    assert tampering(make_change("REMOVE", old=STORED, principal=TTL)) is None


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
        {
            "old": make_item(LARGE),
            "new": make_item(LARGE) | {"overflow": {"S": f"x{LARGE.digest.hex()}"}},
        },
        {
            "old": make_item(LARGE),
            "new": make_item(LARGE) | {"overflow": {"S": f"x/{LARGE.digest.hex()}"}},
        },
        {"old": OTHER | {"event": {"S": "{}"}}, "new": OTHER},
    ],
)
def test_a_changed_event_is_tampering(images: dict[str, Any]) -> None:
    found = tampering(make_change("MODIFY", **images))
    assert found is not None
    assert found.reason == "a stored event was changed"
    assert found.item_id == images["old"]["id"]["S"]


def test_an_expiry_brought_forward_is_tampering() -> None:
    soon = {**STORED, "expiresAt": {"N": "1000"}}
    for old in (STORED, {**STORED, "expiresAt": {"N": "1001"}}):
        assert find_reason(old, soon, RETENTION_DAYS) == BROUGHT_FORWARD


@pytest.mark.parametrize("principal", ["", "someone.else"])
def test_a_removed_event_is_tampering(principal: str) -> None:
    removal = make_change("REMOVE", old=STORED, principal=principal)
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
    {**STORED, "storedAt": {"N": "-1"}},
    {**STORED, "event": {"S": "[" * 100_000}},
    {**make_item(LARGE), "pk": {"S": "victim#0"}},
    {**make_item(LARGE), "actionKey": {"S": "default#a|b#0"}},
]


@pytest.mark.parametrize("foreign", FOREIGN)
def test_an_item_that_is_no_event_is_tampering_and_no_obstacle(foreign: dict[str, Any]) -> None:
    """It is told of and never counted, and the events beside it are."""
    records = [
        make_stream_record("INSERT", 1, new=foreign),
        make_stream_record("INSERT", 2, new=STORED),
    ]
    ledger = MemoryLedger()
    changes = list(read_changes({"Records": records}, 4))
    [found] = filter(None, [detect_tampering(change, 0) for change in changes])
    assert found.reason == "an inserted item is not a valid event"
    assert commit_to(changes, ledger).new == len(ledger.events) == 1


def test_events_with_too_many_values_do_not_use_up_the_time_of_a_batch() -> None:
    """Older events can have that many; a few of them are read."""
    fields = json.loads(make_event_record().canonical)
    poisons = []
    for number in range(MAX_LARGE_IMAGES + 3):
        details = {"x": [number] * 20_000}
        text = json.dumps({**fields, "details": details}, sort_keys=True, separators=(",", ":"))
        canonical = text.encode()
        digest = sha256(canonical).digest()
        base = make_event_record()
        poisons.append(
            base._replace(canonical=canonical, digest=digest, id=make_id(NOW_MS, digest))
        )
    changes = make_inserts([*poisons, make_event_record()])
    assert [change.new is not None for change in changes] == [True] * 10 + [False] * 3 + [True]


@pytest.mark.parametrize(
    ("age_ms", "is_possible"),
    [(0, True), (14 * DAY_MS, True), (15 * DAY_MS, False), (5_000 * DAY_MS, False)],
)
@pytest.mark.parametrize("sign", [1, -1], ids=["before", "after"])
def test_an_insert_has_the_time_of_receipt_of_a_message(
    age_ms: int, sign: int, *, is_possible: bool
) -> None:
    """Otherwise a forged event's entry would say that it was received years ago."""
    record = make_event_record(received_at=NOW_MS - sign * age_ms)
    found = tampering(make_change("INSERT", new=make_item(record)))
    if is_possible and (sign == 1 or not age_ms):
        assert found is None
    else:
        assert found is not None
        assert found.reason == "an inserted event's time of receipt is not that of a message"
