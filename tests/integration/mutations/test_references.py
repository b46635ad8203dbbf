"""References on the real handlers: found by queries, counted as no event, and verified."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from prooftrail.aws.references import is_reference
from prooftrail.verify.findings import EVENTS as PLACE
from prooftrail.verify.findings import FindingKind
from tests.support.api import Api
from tests.support.mutated_trail import (
    CLOCK_MS,
    EVENTS,
    ExpectedFinding,
    Item,
    Mutation,
    Trail,
    add_mutation,
    check_mutation,
)
from tests.support.samples import event_json
from tests.support.small_items import TOO_LARGE_FOR_AN_ITEM
from tests.support.stack import deployed
from tests.support.trail import count_again, read_events, read_ledger

TEAM = {"type": "team", "id": "7"}
USER = {"type": "user", "id": "b", "name": "Bea"}
FIELDS: Sequence[dict[str, Any]] = (
    {"resourceType": "team", "resourceId": "7"},
    {"userId": "bob", "targets": [USER, TEAM]},
    {"userId": "bob", "targets": [TEAM, TEAM], "success": False},
    {"userId": "bob", "onBehalfOf": {"userId": "ada"}},
    {"userId": "ada", "targets": [TEAM], "onBehalfOf": {"userId": "ada"}, "requestId": "r-1"},
    {"targets": [TEAM], "details": {"archive": TOO_LARGE_FOR_AN_ITEM}},
    {"userId": "ada"},
    {"userId": "bob", "targets": [TEAM], "tenantId": "globex"},
)
OF_TEAM, OF_ADA, REFERENCES = [0, 1, 2, 4, 5], [3, 4, 6], 7
IDS: dict[int, str] = {}


def make_event(number: int, **fields: Any) -> dict[str, Any]:
    """Return an event of acme with a timestamp of its own."""
    own = {
        "eventId": f"e-{number}",
        "tenantId": "acme",
        "timestamp": f"2025-11-24T14:00:00.{number:03d}Z",
    }
    return event_json(**(own | fields))


@pytest.fixture(scope="module")
def made(credentials: None) -> Iterator[Trail]:
    """A published trail of the events with `FIELDS`."""
    with deployed() as stack:
        trail = Trail(stack)
        trail.send([make_event(number, **fields) for number, fields in enumerate(FIELDS)])
        trail.commit(len(FIELDS) + REFERENCES)
        trail.publish()
        events = read_events(stack)
        IDS.update({int(event["eventId"][2:]): event_id for event_id, event in events.items()})
        yield trail


@pytest.fixture
def trail(made: Trail) -> Iterator[Trail]:
    """The trail, without what the test before did to it."""
    yield made
    made.restore()


@pytest.fixture
def api(made: Trail) -> Api:
    return Api(made.stack)


def find(api: Api, **filters: Any) -> list[int]:
    """Return the numbers of the events of acme in a listing, oldest first."""
    numbers = {event_id: number for number, event_id in IDS.items()}
    items = api.list_items(tenantId="acme", **filters)
    return [numbers[item["id"]] for item in items][::-1]


def list_references(trail: Trail, number: int | None = None) -> list[Item]:
    """Return the references of one event, or of all."""
    items = sorted(filter(is_reference, trail.scan(EVENTS)), key=lambda item: item["pk"]["S"])
    return [item for item in items if number is None or item["id"]["S"] == IDS[number]]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"resourceType": "team", "resourceId": "7"}, OF_TEAM),
        ({"resourceType": "user", "resourceId": "b"}, [1]),
        ({"resourceType": "team"}, [0]),
        ({"userId": "ada"}, OF_ADA),
        ({"userId": "bob"}, [1, 2, 3]),
        ({"userId": "bob", "success": "false"}, [2]),
        ({"userId": "ada", "resourceType": "team", "resourceId": "7"}, [4]),
        ({"resourceType": "team", "resourceId": "7", "success": "false"}, [2]),
        ({"resourceType": "team", "resourceId": "7", "requestId": "r-1"}, [4]),
        ({"resourceType": "team", "resourceId": "7", "action": "user.*", "userId": "bob"}, [1, 2]),
    ],
)
def test_a_listing_has_the_events_of_targets_and_represented_users(
    api: Api, filters: dict[str, str], expected: list[int]
) -> None:
    assert find(api, **filters, limit=2) == expected


def test_references_are_in_no_entry_and_in_no_counter(trail: Trail) -> None:
    assert len(list_references(trail)) == REFERENCES
    ledger, events = read_ledger(trail.stack), read_events(trail.stack)
    assert ledger.size == len(events) == len(FIELDS)
    assert ledger.counters == count_again(events)
    result = trail.verify()
    assert result.is_verified
    assert (result.stored, result.references, result.dangling) == (len(FIELDS), REFERENCES, 0)


MUTATIONS: dict[str, Mutation] = {}


def expect(kind: FindingKind, number: int) -> list[ExpectedFinding]:
    return [ExpectedFinding(kind, PLACE, IDS[number])]


@add_mutation(MUTATIONS)
def reference_removed(trail: Trail) -> Sequence[ExpectedFinding]:
    trail.remove(EVENTS, list_references(trail, 1)[0])
    return expect(FindingKind.MISSING, 1)


@add_mutation(MUTATIONS)
def reference_of_a_large_event_removed(trail: Trail) -> Sequence[ExpectedFinding]:
    trail.remove(EVENTS, list_references(trail, 5)[0])
    return expect(FindingKind.MISSING, 5)


@add_mutation(MUTATIONS)
def reference_forged(trail: Trail) -> Sequence[ExpectedFinding]:
    reference = list_references(trail, 1)[0]
    trail.put(EVENTS, reference, pk={"S": "acme#target#team#secret"})
    return expect(FindingKind.ADDED, 1)


@add_mutation(MUTATIONS)
def reference_forged_to_an_event_without_any(trail: Trail) -> Sequence[ExpectedFinding]:
    [event] = [item for item in trail.scan(EVENTS) if item["id"]["S"] == IDS[6]]
    reference = list_references(trail, 1)[0]
    trail.put(EVENTS, reference, id=event["id"], digest=event["digest"])
    return expect(FindingKind.ADDED, 6)


@add_mutation(MUTATIONS)
def reference_altered(trail: Trail) -> Sequence[ExpectedFinding]:
    trail.put(EVENTS, list_references(trail, 3)[0], user={"S": "eve"})
    return expect(FindingKind.ALTERED, 3)


@add_mutation(MUTATIONS)
def reference_without_its_failure(trail: Trail) -> Sequence[ExpectedFinding]:
    trail.put(EVENTS, list_references(trail, 2)[0], failed=None)
    return expect(FindingKind.ALTERED, 2)


@add_mutation(MUTATIONS)
def reference_expires_first(trail: Trail) -> Sequence[ExpectedFinding]:
    trail.put(EVENTS, list_references(trail, 3)[0], expiresAt={"N": str(CLOCK_MS // 1000 + 60)})
    return expect(FindingKind.ALTERED, 3)


@add_mutation(MUTATIONS)
def reference_of_another_form(trail: Trail) -> Sequence[ExpectedFinding]:
    trail.put(EVENTS, list_references(trail, 3)[0], action=None)
    return expect(FindingKind.ADDED, 3)


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_change_of_references_is_found(trail: Trail, name: str) -> None:
    check_mutation(trail, MUTATIONS[name], is_exact=True)


def test_forged_references_show_no_event_to_a_listing(trail: Trail, api: Api) -> None:
    reference = list_references(trail, 1)[0]
    [globex] = [item for item in list_references(trail) if item["pk"]["S"].startswith("globex")]
    secret = {"S": "acme#target#team#secret"}
    trail.put(EVENTS, reference, pk=secret)
    trail.put(EVENTS, globex, pk=secret)
    trail.put(EVENTS, reference, pk=secret, digest={"S": "x"})
    assert find(api, resourceType="team", resourceId="secret") == []
    assert find(api, resourceType="team", resourceId="7") == OF_TEAM


def test_a_reference_without_its_event_is_counted_and_no_finding(trail: Trail) -> None:
    [globex] = [item for item in list_references(trail) if item["pk"]["S"].startswith("globex")]
    trail.put(EVENTS, globex, pk={"S": "acme#target#team#7"})
    result = trail.verify()
    assert result.is_verified
    assert result.dangling == 1


def test_a_reference_of_an_event_stored_just_now_may_be_missing(trail: Trail) -> None:
    """The scan may have passed its place before it was written."""
    trail.send([make_event(99, targets=[{"type": "team", "id": "new"}])], sent_at=CLOCK_MS - 30_000)
    new = [item for item in trail.scan(EVENTS) if item["id"]["S"] not in IDS.values()]
    assert Counter(map(is_reference, new)) == {True: 1, False: 1}
    for item in new:
        trail.undo.append(lambda item=item: trail.remove(EVENTS, item))  # type: ignore[misc]
        if is_reference(item):
            trail.remove(EVENTS, item)
    result = trail.verify()
    assert (result.is_verified, result.pending) == (True, 1)
