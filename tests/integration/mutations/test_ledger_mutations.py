"""What somebody can do to the ledger's table: each change is named.

Each mutation changes a trail and returns what a verification has to find.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from prooftrail.event.times import HOUR_MS
from prooftrail.ledger.entry import LoggedEvent, pack_rows
from prooftrail.tlog.merkle import Edge, hash_leaf
from prooftrail.verify.findings import EVENTS as EVENTS_PLACE
from prooftrail.verify.findings import LEDGER as PLACE
from prooftrail.verify.findings import FindingKind
from tests.support.log_fakes import make_logged_events
from tests.support.mutated_trail import (
    COMMITS,
    END,
    HEAD_SIZE,
    LEDGER,
    SIZE,
    ExpectedFinding,
    Item,
    Mutation,
    Trail,
    add_mutation,
    check_mutation,
)

ROW = 43
STARTS = [sum(count for count, _ in COMMITS[:at]) for at in range(len(COMMITS))]
ENDS = [*STARTS[1:], HEAD_SIZE]
UNPUBLISHED = 4  # the commit that no checkpoint covers yet
MUTATIONS: dict[str, Mutation] = {}


def found(
    kind: FindingKind, position: int | None = None, event_id: str | None = None
) -> ExpectedFinding:
    """A finding in the ledger's table."""
    return ExpectedFinding(kind, PLACE, event_id, position)


def _missing(trail: Trail, positions: range) -> list[ExpectedFinding]:
    return [found(FindingKind.MISSING, at, trail.ids[at]) for at in positions]


def _unrecorded(trail: Trail, positions: Sequence[int]) -> list[ExpectedFinding]:
    return [found(FindingKind.LEDGER, at, trail.ids[at]) for at in positions]


# Entries


def _log_item(trail: Trail, commit: int) -> Item:
    return trail.ledger_items("log#")[commit]


def _write_rows(trail: Trail, position: int, *events: LoggedEvent) -> None:
    """Put these in the place of the entries from a position on, in the one item there."""
    commit = max(at for at, start in enumerate(STARTS) if start <= position)
    item, at = _log_item(trail, commit), (position - STARTS[commit]) * ROW
    rows = item["rows"]["B"]
    packed = pack_rows(events)
    trail.put(LEDGER, item, rows={"B": rows[:at] + packed + rows[at + len(packed) :]})


def _rows_of(item: Item) -> bytes:
    rows: bytes = item["rows"]["B"]
    return rows


def _altered_entry(name: str, position: int, change: Callable[[LoggedEvent], LoggedEvent]) -> None:
    def mutation(trail: Trail) -> Sequence[ExpectedFinding]:
        changed = change(trail.logged[position])
        _write_rows(trail, position, changed)
        return [found(FindingKind.ALTERED, position, changed.id)]

    MUTATIONS[name] = mutation


_altered_entry("entry back-dated", 5, lambda one: LoggedEvent(one.time_ms - 1, one.digest))
_altered_entry("entry's digest altered", 5, lambda one: LoggedEvent(one.time_ms, bytes(32)))
_altered_entry(
    "entry's digest altered after its id's part",
    150,
    lambda one: LoggedEvent(one.time_ms, one.digest[:10] + bytes(22), END),
)
_altered_entry("entry of another event", 269, lambda _: make_logged_events(1)[0])
_altered_entry("entry beyond all time", 5, lambda one: LoggedEvent((1 << 48) - 1, one.digest))


@add_mutation(MUTATIONS)
def two_entries_of_an_item_swapped(trail: Trail) -> Sequence[ExpectedFinding]:
    _write_rows(trail, 5, trail.logged[6], trail.logged[5])
    return [
        found(FindingKind.REORDERED, 5, trail.ids[6]),
        found(FindingKind.REORDERED, 6, trail.ids[5]),
    ]


@add_mutation(MUTATIONS)
def two_entries_of_two_items_swapped(trail: Trail) -> Sequence[ExpectedFinding]:
    _write_rows(trail, 5, trail.logged[150])
    _write_rows(trail, 150, trail.logged[5])
    return [
        found(FindingKind.REORDERED, 5, trail.ids[150]),
        found(FindingKind.REORDERED, 150, trail.ids[5]),
    ]


@add_mutation(MUTATIONS)
def an_entry_written_over_by_another(trail: Trail) -> Sequence[ExpectedFinding]:
    _write_rows(trail, 6, trail.logged[5])
    return [found(FindingKind.REORDERED, 6, trail.ids[5])]


@add_mutation(MUTATIONS)
def the_entries_of_two_items_swapped(trail: Trail) -> Sequence[ExpectedFinding]:
    one, other = _log_item(trail, 0), _log_item(trail, 1)
    trail.put(LEDGER, one, rows=other["rows"])
    trail.put(LEDGER, other, rows=one["rows"])
    return [found(FindingKind.REORDERED, at, trail.ids[(at + 60) % 120]) for at in range(120)]


@add_mutation(MUTATIONS)
def two_items_swapped(trail: Trail) -> Sequence[ExpectedFinding]:
    one, other = _log_item(trail, 0), _log_item(trail, 1)
    trail.put(LEDGER, {**one, "sk": other["sk"]})
    trail.put(LEDGER, {**other, "sk": one["sk"]})
    reordered = [found(FindingKind.REORDERED, at, trail.ids[(at + 60) % 120]) for at in range(120)]
    return [*reordered, found(FindingKind.LEDGER, 0), found(FindingKind.LEDGER, 60)]


@add_mutation(MUTATIONS)
def an_item_removed(trail: Trail) -> Sequence[ExpectedFinding]:
    trail.remove(LEDGER, _log_item(trail, 1))
    return [*_missing(trail, range(60, 120)), found(FindingKind.LEDGER, 60)]


@add_mutation(MUTATIONS)
def an_item_and_its_commit_removed(trail: Trail) -> Sequence[ExpectedFinding]:
    trail.remove(LEDGER, _log_item(trail, 1))
    trail.remove(LEDGER, _commit(trail, 1))
    return _missing(trail, range(60, 120))


@add_mutation(MUTATIONS)
def an_unpublished_item_removed(trail: Trail) -> Sequence[ExpectedFinding]:
    """Nothing but the events tell which they were."""
    trail.remove(LEDGER, _log_item(trail, UNPUBLISHED))
    events = [ExpectedFinding(FindingKind.ADDED, EVENTS_PLACE, one) for one in trail.ids[SIZE:]]
    return [found(FindingKind.MISSING, SIZE), found(FindingKind.LEDGER, SIZE), *events]


@add_mutation(MUTATIONS)
def an_item_cut_by_one_entry(trail: Trail) -> Sequence[ExpectedFinding]:
    item = _log_item(trail, 2)
    trail.put(LEDGER, item, rows={"B": _rows_of(item)[:-ROW]})
    return [*_missing(trail, range(269, 270)), found(FindingKind.LEDGER, 120)]


@add_mutation(MUTATIONS)
def an_item_cut_within_an_entry(trail: Trail) -> Sequence[ExpectedFinding]:
    item = _log_item(trail, 2)
    trail.put(LEDGER, item, rows={"B": _rows_of(item)[:-1]})
    return [
        *_missing(trail, range(120, 270)),
        found(FindingKind.LEDGER),
        found(FindingKind.LEDGER, 120),
    ]


@add_mutation(MUTATIONS)
def an_entry_put_between(trail: Trail) -> Sequence[ExpectedFinding]:
    item = _log_item(trail, 1)
    forged = make_logged_events(1)[0]
    rows = pack_rows([forged]) + _rows_of(item)[:-ROW]
    trail.put(LEDGER, item, rows={"B": rows})
    moved = [found(FindingKind.REORDERED, at, trail.ids[at - 1]) for at in range(61, 120)]
    return [found(FindingKind.ALTERED, 60, forged.id), *moved]


@add_mutation(MUTATIONS)
def an_item_without_its_entries(trail: Trail) -> Sequence[ExpectedFinding]:
    trail.put(LEDGER, _log_item(trail, 0), rows=None)
    return [*_missing(trail, range(60)), found(FindingKind.LEDGER), found(FindingKind.LEDGER, 0)]


@add_mutation(MUTATIONS)
def an_item_in_another_partition(trail: Trail) -> Sequence[ExpectedFinding]:
    item = _log_item(trail, 0)
    trail.remove(LEDGER, item)
    trail.put(LEDGER, item, pk={"S": "log#7"})
    return [*_missing(trail, range(60)), found(FindingKind.LEDGER), found(FindingKind.LEDGER, 0)]


def _inserted(start: int, count: int = 1) -> Item:
    return {
        "pk": {"S": f"log#{start >> 20}"},
        "sk": {"S": f"{start:020d}"},
        "first": {"S": "1"},
        "last": {"S": "1"},
        "rows": {"B": pack_rows(make_logged_events(count))},
    }


@add_mutation(MUTATIONS)
def entries_beyond_the_head(trail: Trail) -> Sequence[ExpectedFinding]:
    trail.put(LEDGER, _inserted(HEAD_SIZE, 2))
    return [found(FindingKind.ADDED, HEAD_SIZE)]


@add_mutation(MUTATIONS)
def an_item_of_no_entries_at_the_head(trail: Trail) -> Sequence[ExpectedFinding]:
    """It would stop every commit to come."""
    trail.put(LEDGER, {**_inserted(HEAD_SIZE), "rows": {"B": b""}})
    return [found(FindingKind.ADDED, HEAD_SIZE)]


@add_mutation(MUTATIONS)
def entries_far_beyond_the_head(trail: Trail) -> Sequence[ExpectedFinding]:
    trail.put(LEDGER, _inserted(1 << 61))
    return [found(FindingKind.ADDED, 1 << 61)]


@add_mutation(MUTATIONS)
def entries_beyond_every_log(trail: Trail) -> Sequence[ExpectedFinding]:
    trail.put(LEDGER, _inserted(99_999_999_999_999_999_999))
    return [found(FindingKind.LEDGER)]


@add_mutation(MUTATIONS)
def entries_over_others(trail: Trail) -> Sequence[ExpectedFinding]:
    trail.put(LEDGER, _inserted(7))
    return [found(FindingKind.ADDED, 7), found(FindingKind.LEDGER, 7)]


def _grow(trail: Trail, *events: LoggedEvent) -> None:
    """A commit as the ledger makes it, of what the ledger would not commit."""
    edge = Edge().with_leaves(hash_leaf(one.entry) for one in [*trail.logged, *events])
    trail.put(LEDGER, _inserted(HEAD_SIZE), rows={"B": pack_rows(events)})
    commit = _commit(trail, UNPUBLISHED)
    numbers = {"position": {"N": str(HEAD_SIZE)}, "count": {"N": str(len(events))}}
    trail.put(LEDGER, commit, pk={"S": "commit#1"}, last={"S": "1"}, **numbers)
    trail.put(LEDGER, _head(trail), size={"N": str(edge.size)}, edge={"B": edge.to_bytes()})


@add_mutation(MUTATIONS)
def an_event_committed_twice(trail: Trail) -> Sequence[ExpectedFinding]:
    _grow(trail, trail.logged[5])
    return [found(FindingKind.REPEATED, HEAD_SIZE, trail.ids[5])]


@add_mutation(MUTATIONS)
def an_event_committed_that_nobody_stored(trail: Trail) -> Sequence[ExpectedFinding]:
    forged = make_logged_events(1)[0]
    _grow(trail, forged)
    return [ExpectedFinding(FindingKind.MISSING, EVENTS_PLACE, forged.id, HEAD_SIZE)]


@add_mutation(MUTATIONS)
def an_unpublished_entry_altered(trail: Trail) -> Sequence[ExpectedFinding]:
    """Only the head says that the entries are others, and cannot say which."""
    forged = make_logged_events(1)[0]
    _write_rows(trail, 315, forged)
    return [
        found(FindingKind.LEDGER),
        ExpectedFinding(FindingKind.MISSING, EVENTS_PLACE, forged.id, 315),
        ExpectedFinding(FindingKind.ADDED, EVENTS_PLACE, trail.ids[315]),
    ]


# Commits


def _commit(trail: Trail, number: int) -> Item:
    return trail.ledger_items("commit#")[number]


def _commit_attributes(name: str, attributes: Mapping[str, Any], position: int = 60) -> None:
    def mutation(trail: Trail) -> Sequence[ExpectedFinding]:
        trail.put(LEDGER, _commit(trail, 1), **attributes)
        return [found(FindingKind.LEDGER, position)]

    MUTATIONS[name] = mutation


_commit_attributes("commit's last altered", {"last": {"S": "0"}})
_commit_attributes("commit's position altered", {"position": {"N": "61"}}, 61)
_commit_attributes("commit's count altered", {"count": {"N": "59"}})


@add_mutation(MUTATIONS)
def a_commit_removed(trail: Trail) -> Sequence[ExpectedFinding]:
    """Its stream batch could be committed again."""
    trail.remove(LEDGER, _commit(trail, 2))
    return [found(FindingKind.LEDGER, 120)]


@add_mutation(MUTATIONS)
def a_commit_added(trail: Trail) -> Sequence[ExpectedFinding]:
    """The stream batch that begins there would be skipped."""
    trail.put(LEDGER, _commit(trail, 2), pk={"S": "commit#99"})
    return [found(FindingKind.LEDGER, 120)]


@add_mutation(MUTATIONS)
def a_commit_damaged(trail: Trail) -> Sequence[ExpectedFinding]:
    trail.put(LEDGER, _commit(trail, 2), last=None)
    return [found(FindingKind.LEDGER), found(FindingKind.LEDGER, 120)]


# Head, positions, the ledger's checkpoint


def _head(trail: Trail) -> Item:
    [item] = trail.ledger_items("ledger")
    return item


def _attributes(
    name: str, item_of: Callable[[Trail], Item], kind: FindingKind, **attributes: Any
) -> None:
    def mutation(trail: Trail) -> Sequence[ExpectedFinding]:
        trail.put(LEDGER, item_of(trail), **attributes)
        return [found(kind)]

    MUTATIONS[name] = mutation


def _checkpoint(trail: Trail) -> Item:
    [item] = trail.ledger_items("checkpoint")
    return item


_attributes("head's edge altered", _head, FindingKind.LEDGER, edge={"B": bytes(32 * 3)})
_attributes("checkpoint's note emptied", _checkpoint, FindingKind.CHECKPOINT, note={"S": " "})
_attributes("checkpoint's size altered", _checkpoint, FindingKind.CHECKPOINT, size={"N": "311"})
_attributes(
    "checkpoint's edge altered", _checkpoint, FindingKind.CHECKPOINT, edge={"B": bytes(160)}
)
_attributes("checkpoint's key removed", _checkpoint, FindingKind.CHECKPOINT, verifierKey=None)
_attributes(
    "checkpoint's key altered", _checkpoint, FindingKind.CHECKPOINT, verifierKey={"S": "a+b+c"}
)


@add_mutation(MUTATIONS)
def the_head_put_back(trail: Trail) -> Sequence[ExpectedFinding]:
    """To the last checkpoint: what was committed since would be committed over."""
    edge = Edge().with_leaves(hash_leaf(one.entry) for one in trail.logged[:SIZE])
    trail.put(LEDGER, _head(trail), size={"N": str(SIZE)}, edge={"B": edge.to_bytes()})
    return [found(FindingKind.ADDED, SIZE)]


@add_mutation(MUTATIONS)
def the_head_put_back_before_what_is_published(trail: Trail) -> Sequence[ExpectedFinding]:
    edge = Edge().with_leaves(hash_leaf(one.entry) for one in trail.logged[:60])
    trail.put(LEDGER, _head(trail), size={"N": "60"}, edge={"B": edge.to_bytes()})
    return [found(FindingKind.LEDGER), *(found(FindingKind.ADDED, at) for at in STARTS[1:])]


@add_mutation(MUTATIONS)
def the_ledgers_checkpoint_removed(trail: Trail) -> Sequence[ExpectedFinding]:
    trail.remove(LEDGER, _checkpoint(trail))
    return [found(FindingKind.CHECKPOINT)]


@add_mutation(MUTATIONS)
def positions_removed(trail: Trail) -> Sequence[ExpectedFinding]:
    for item in trail.ledger_items("positions#2025-11-24T14"):
        trail.remove(LEDGER, item)
    placed = [at for at, one in enumerate(trail.logged[:SIZE]) if one.time_ms // HOUR_MS % 2 == 0]
    return _unrecorded(trail, placed)


@add_mutation(MUTATIONS)
def a_position_altered(trail: Trail) -> Sequence[ExpectedFinding]:
    [item, *_] = trail.ledger_items("positions#2025-11-24T14")
    rows = _rows_of(item)
    [position] = [at for at, one in enumerate(trail.logged) if one.digest[:4] == rows[:4]]
    trail.put(LEDGER, item, rows={"B": bytes(4) + rows[4:]})
    return _unrecorded(trail, [position])


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_changed_ledger_is_named(trail: Trail, name: str) -> None:
    check_mutation(trail, MUTATIONS[name], is_exact=False)
