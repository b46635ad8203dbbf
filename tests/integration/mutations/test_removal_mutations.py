"""What somebody can do with removals: those that orders cover are no findings, the rest is named.

Each mutation changes a trail and returns what a verification has to find.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from prooftrail.aws.event_writer import DynamoEventWriter
from prooftrail.aws.item import encode_item
from prooftrail.aws.payloads import S3PayloadStore
from prooftrail.event.canonical import canonicalize, compute_digest
from prooftrail.event.keys import make_removals_key
from prooftrail.event.record import EventRecord
from prooftrail.event.removal import pack_ids
from prooftrail.event.times import HOUR_MS, format_timestamp
from prooftrail.runtime.config import get_settings
from prooftrail.verify.findings import EVENTS as EVENTS_PLACE
from prooftrail.verify.findings import LEDGER as LEDGER_PLACE
from prooftrail.verify.findings import FindingKind
from prooftrail.verify.ports import LedgerItem, TableItem
from prooftrail.verify.result import Outcome
from tests.support.fakes import MemoryPayloadStore
from tests.support.mutated_trail import (
    CLOCK_MS,
    EVENTS,
    LEDGER,
    ExpectedFinding,
    Item,
    Mutation,
    Trail,
    add_mutation,
    check_mutation,
)
from tests.support.samples import NOW_MS, make_order_record
from tests.support.stack import deployed

STORED = 30
REMOVED = 8
ACME = range(0, STORED, 3)  # the positions of one tenant's events
FIRST, SECOND = ACME[:5], ACME[5:REMOVED]  # what two orders name, and what is gone
KEPT, OTHERS = ACME[REMOVED], 1  # an event of that tenant, and one of another
ORDER, UNPUBLISHED, OF_AN_ORDER = STORED, STORED + 1, STORED + 2
MUTATIONS: dict[str, Mutation] = {}


@contextmanager
def cleaned() -> Iterator[Trail]:
    """A trail after two clean-ups; a third order names the second one, which stays all the same."""
    with deployed() as stack:
        trail = Trail(stack)
        trail.store(STORED)
        trail.commit(STORED)
        trail.note_log()
        first = make_order_record(*(trail.ids[at] for at in FIRST), tenant_id="acme")
        second = make_order_record(
            *(trail.ids[at] for at in SECOND),
            tenant_id="acme",
            timestamp=format_timestamp(NOW_MS + 1),
        )
        third = make_order_record(
            second.id, tenant_id="acme", timestamp=format_timestamp(NOW_MS + 2)
        )
        clean(trail, first, FIRST)
        trail.publish()
        clean(trail, second, SECOND)
        clean(trail, third, [])
        trail.note_log()
        assert trail.ids[ORDER:] == [first.id, second.id, third.id]
        yield trail


@pytest.fixture(scope="module")
def cleaned_trail(credentials: None) -> Iterator[Trail]:
    """A trail after two clean-ups. At the end, no change is left in it."""
    with cleaned() as made:
        yield made
        assert made.verify().is_verified


@pytest.fixture
def trail(cleaned_trail: Trail) -> Iterator[Trail]:
    """The trail, without what the test before did to it."""
    yield cleaned_trail
    cleaned_trail.restore()


def clean(trail: Trail, order: EventRecord, positions: Sequence[int]) -> None:
    """Let the ledger have an order, and remove what it names."""
    conf = get_settings()
    payloads = S3PayloadStore(lambda: trail.s3, conf.overflow_bucket)
    writer = DynamoEventWriter(trail.dynamodb, conf.events_table, conf.shard_count, payloads)
    assert not writer.put([order])
    trail.commit(1)
    for at in positions:
        trail.remove(EVENTS, trail.items[trail.ids[at]])
    if positions:
        trail.commit(len(positions))
    trail.undo.clear()
    trail.touched.clear()


def _event(trail: Trail, kind: FindingKind, position: int) -> ExpectedFinding:
    return ExpectedFinding(kind, EVENTS_PLACE, trail.ids[position], position)


def _order(trail: Trail, position: int) -> ExpectedFinding:
    """A finding of an order in the ledger's table."""
    return ExpectedFinding(FindingKind.LEDGER, LEDGER_PLACE, trail.ids[position], position)


def _missing(trail: Trail, *positions: int) -> list[ExpectedFinding]:
    return [_event(trail, FindingKind.MISSING, at) for at in positions]


def _kept(trail: Trail, position: int) -> Item:
    """What the ledger keeps of an order."""
    items = trail.ledger_items(make_removals_key("acme"))
    [item] = [one for one in items if one["sk"]["S"] == trail.ids[position]]
    return item


# The orders


def _altered_order(name: str, change: Callable[[Item], dict[str, Any]]) -> None:
    def mutation(trail: Trail) -> Sequence[ExpectedFinding]:
        item = trail.event(ORDER)
        trail.put(EVENTS, item, **change(item))
        altered = _event(trail, FindingKind.ALTERED, ORDER)
        return [altered, _order(trail, ORDER), *_missing(trail, *FIRST)]

    MUTATIONS[name] = mutation


_altered_order("order emptied", lambda _: {"event": {"S": "{}"}})
_altered_order("order of another user", lambda _: {"userKey": {"S": "acme#nobody"}})
_altered_order("order with an end", lambda _: {"expiresAt": {"N": str(CLOCK_MS // 1000 + 60)}})
_altered_order("order said to be in S3", lambda _: {"event": None, "overflow": {"S": "overflow/0"}})


@add_mutation(MUTATIONS)
def order_rewritten_to_name_more(trail: Trail) -> Sequence[ExpectedFinding]:
    """Under its own id, with all that the new content asks for."""
    trail.remove(EVENTS, trail.event(KEPT))
    ids = [trail.ids[at] for at in (*FIRST, KEPT)]
    record = make_order_record(*ids, tenant_id="acme")
    other = encode_item(record, 4, MemoryPayloadStore(), stored_at=record.received_at)
    trail.put(EVENTS, {**other, "pk": trail.event(ORDER)["pk"], "id": trail.event(ORDER)["id"]})
    altered = _event(trail, FindingKind.ALTERED, ORDER)
    return [altered, _order(trail, ORDER), *_missing(trail, *FIRST, KEPT)]


@add_mutation(MUTATIONS)
def order_removed(trail: Trail) -> Sequence[ExpectedFinding]:
    trail.remove(EVENTS, trail.event(ORDER))
    return [_order(trail, ORDER), *_missing(trail, *FIRST, ORDER)]


@add_mutation(MUTATIONS)
def order_removed_before_it_was_published(trail: Trail) -> Sequence[ExpectedFinding]:
    """Another order names it, which excuses nothing."""
    trail.remove(EVENTS, trail.event(UNPUBLISHED))
    return [_order(trail, UNPUBLISHED), *_missing(trail, *SECOND, UNPUBLISHED)]


@add_mutation(MUTATIONS)
def order_removed_from_both_tables(trail: Trail) -> Sequence[ExpectedFinding]:
    trail.remove(EVENTS, trail.event(ORDER))
    trail.remove(LEDGER, _kept(trail, ORDER))
    return _missing(trail, *FIRST, ORDER)


@add_mutation(MUTATIONS)
def order_copied_to_another_tenant(trail: Trail) -> Sequence[ExpectedFinding]:
    changed = {"pk": "victim#0", "resourceKey": "victim#audit-log#run-1", "userKey": "victim#u"}
    trail.put(EVENTS, trail.event(ORDER), **{name: {"S": text} for name, text in changed.items()})
    return [_event(trail, FindingKind.ADDED, ORDER)]


def _forge(trail: Trail, received_at: int, *positions: int) -> str:
    """Put an order that is as an order must be; the ledger does not hear of it."""
    ids = [trail.ids[at] for at in positions]
    record = make_order_record(*ids, tenant_id="acme", event_id="f")
    item = encode_item(record, 4, MemoryPayloadStore(), stored_at=received_at)
    trail.put(EVENTS, item, receivedAt={"N": str(received_at)})
    return str(item["id"]["S"])


@add_mutation(MUTATIONS)
def order_that_the_log_does_not_know(trail: Trail) -> Sequence[ExpectedFinding]:
    forged = _forge(trail, CLOCK_MS - HOUR_MS, KEPT)
    trail.remove(EVENTS, trail.event(KEPT))
    return [ExpectedFinding(FindingKind.ADDED, EVENTS_PLACE, forged), *_missing(trail, KEPT)]


@add_mutation(MUTATIONS)
def order_that_the_log_does_not_know_yet(trail: Trail) -> Sequence[ExpectedFinding]:
    _forge(trail, CLOCK_MS - 1_000, KEPT)
    trail.remove(EVENTS, trail.event(KEPT))
    return _missing(trail, KEPT)


@add_mutation(MUTATIONS)
def order_that_the_ledger_alone_knows(trail: Trail) -> Sequence[ExpectedFinding]:
    forged = _forge(trail, CLOCK_MS - HOUR_MS, KEPT)
    trail.put(LEDGER, {**_kept(trail, ORDER), "sk": {"S": forged}})
    trail.remove(EVENTS, trail.event(KEPT))
    ledger = ExpectedFinding(FindingKind.LEDGER, LEDGER_PLACE, forged)
    return [
        ExpectedFinding(FindingKind.ADDED, EVENTS_PLACE, forged),
        ledger,
        *_missing(trail, KEPT),
    ]


# What the ledger keeps of them


@add_mutation(MUTATIONS)
def kept_order_removed(trail: Trail) -> Sequence[ExpectedFinding]:
    trail.remove(LEDGER, _kept(trail, ORDER))
    return [_order(trail, ORDER)]


@add_mutation(MUTATIONS)
def kept_order_removed_before_it_was_published(trail: Trail) -> Sequence[ExpectedFinding]:
    trail.remove(LEDGER, _kept(trail, UNPUBLISHED))
    return [_order(trail, UNPUBLISHED)]


@add_mutation(MUTATIONS)
def kept_order_made_to_name_more(trail: Trail) -> Sequence[ExpectedFinding]:
    item = _kept(trail, ORDER)
    trail.put(LEDGER, item, ids={"B": item["ids"]["B"] + pack_ids([trail.ids[KEPT]])})
    trail.remove(EVENTS, trail.event(KEPT))
    return [_order(trail, ORDER), *_missing(trail, KEPT)]


@add_mutation(MUTATIONS)
def kept_order_made_to_name_less(trail: Trail) -> Sequence[ExpectedFinding]:
    item = _kept(trail, ORDER)
    trail.put(LEDGER, item, ids={"B": item["ids"]["B"][16:]})
    return [_order(trail, ORDER)]


@add_mutation(MUTATIONS)
def kept_order_in_another_tenant(trail: Trail) -> Sequence[ExpectedFinding]:
    item = _kept(trail, ORDER)
    trail.remove(LEDGER, item)
    trail.put(LEDGER, item, pk={"S": make_removals_key("victim")})
    return [_order(trail, ORDER), _order(trail, ORDER)]


@add_mutation(MUTATIONS)
def kept_order_in_another_tenant_too(trail: Trail) -> Sequence[ExpectedFinding]:
    trail.put(LEDGER, _kept(trail, ORDER), pk={"S": make_removals_key("victim")})
    return [_order(trail, ORDER)]


@add_mutation(MUTATIONS)
def kept_order_of_no_order(trail: Trail) -> Sequence[ExpectedFinding]:
    item = {**_kept(trail, ORDER), "ids": {"B": pack_ids([trail.ids[KEPT]])}}
    trail.put(LEDGER, item, sk={"S": trail.ids[OTHERS]})
    trail.remove(EVENTS, trail.event(KEPT))
    return [_order(trail, OTHERS), *_missing(trail, KEPT)]


def _damaged_item(name: str, **attributes: Any) -> None:
    def mutation(trail: Trail) -> Sequence[ExpectedFinding]:
        trail.put(LEDGER, _kept(trail, ORDER), **attributes)
        return [ExpectedFinding(FindingKind.LEDGER, LEDGER_PLACE), _order(trail, ORDER)]

    MUTATIONS[name] = mutation


_damaged_item("kept order cut within an id", ids={"B": bytes(40)})
_damaged_item("kept order without ids", ids=None)
_damaged_item("kept order of text", ids={"S": "x"})


@add_mutation(MUTATIONS)
def kept_order_under_no_id(trail: Trail) -> Sequence[ExpectedFinding]:
    trail.put(LEDGER, _kept(trail, ORDER), sk={"S": "x"})
    return [ExpectedFinding(FindingKind.LEDGER, LEDGER_PLACE)]


# The events


@add_mutation(MUTATIONS)
def event_removed_that_no_order_names(trail: Trail) -> Sequence[ExpectedFinding]:
    trail.remove(EVENTS, trail.event(KEPT))
    return _missing(trail, KEPT)


@add_mutation(MUTATIONS)
def event_of_another_tenant_removed(trail: Trail) -> Sequence[ExpectedFinding]:
    trail.remove(EVENTS, trail.event(OTHERS))
    return _missing(trail, OTHERS)


@add_mutation(MUTATIONS)
def event_altered_that_an_order_named(trail: Trail) -> Sequence[ExpectedFinding]:
    """It was removed: what stands there now is another."""
    canonical = canonicalize({"action": "user.login"})
    item = {"pk": {"S": "acme#0"}, "id": {"S": trail.ids[FIRST[0]]}}
    trail.put(
        EVENTS, item, event={"S": canonical.decode()}, digest={"B": compute_digest(canonical)}
    )
    return [_event(trail, FindingKind.ALTERED, FIRST[0])]


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_changed_removal_or_order_is_named_and_nothing_else(trail: Trail, name: str) -> None:
    check_mutation(trail, MUTATIONS[name], is_exact=True)


def test_a_cleaned_trail_is_verified(trail: Trail) -> None:
    verdict = trail.verify(reader=trail.reader())
    assert (verdict.outcome, verdict.findings, verdict.unproved) == (Outcome.VERIFIED, [], [])
    assert (verdict.removed, verdict.stored) == (REMOVED, STORED - REMOVED + 3)
    assert (verdict.expired, verdict.pending) == (0, 0)
    assert (verdict.entries, verdict.unpublished) == (STORED + 1, 2)
    assert verdict.to_json()["removed"] == REMOVED


def test_a_clean_up_that_goes_on_meanwhile_is_no_finding() -> None:
    with cleaned() as made:
        before = list(made.reader().read_events())
        late = make_order_record(made.ids[KEPT], tenant_id="acme", event_id="late")

        class Passing:
            """Reads an order's place before it is put, and an event's when it is gone."""

            is_first = True

            def read_ledger(self) -> Iterator[LedgerItem]:
                return made.reader().read_ledger()

            def read_events(self) -> Iterator[TableItem]:
                if not self.is_first:
                    return made.reader().read_events()
                self.is_first = False
                clean(made, late, [KEPT])
                return iter([one for one in before if one.id != made.ids[KEPT]])

        verdict = made.verify(reader=Passing())
        assert verdict.is_verified, verdict.findings
        assert verdict.removed == REMOVED + 1
