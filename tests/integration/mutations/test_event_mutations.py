"""What somebody can do to stored events: each change is named, and nothing else is.

Each mutation changes a trail and returns what a verification has to find.
"""

import json
import zlib
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import pytest

from prooftrail.aws.item import encode_item
from prooftrail.event.ids import make_id
from prooftrail.event.times import HOUR_MS, parse_timestamp
from prooftrail.verify.findings import EVENTS as PLACE
from prooftrail.verify.findings import FindingKind
from tests.support.fakes import MemoryPayloadStore
from tests.support.mutated_trail import (
    CLOCK_MS,
    END,
    ENDING,
    ENDLESS,
    EVENTS,
    FAILED,
    LARGE,
    PAYLOADS,
    ExpectedFinding,
    Item,
    Mutation,
    Trail,
    add_mutation,
    check_mutation,
)
from tests.support.samples import make_event_record

MUTATIONS: dict[str, Mutation] = {}


def found(trail: Trail, kind: FindingKind, position: int) -> ExpectedFinding:
    """A finding of the event at this position of the log."""
    return ExpectedFinding(kind, PLACE, trail.ids[position], position)


def _attributes(name: str, position: int, **attributes: Any) -> None:
    """Change attributes of one event; None removes one."""

    def mutation(trail: Trail) -> Sequence[ExpectedFinding]:
        item = trail.event(position)
        assert all(item.get(one) != value for one, value in attributes.items())
        trail.put(EVENTS, item, **attributes)
        return [found(trail, FindingKind.ALTERED, position)]

    MUTATIONS[name] = mutation


_attributes("event altered", ENDLESS, event={"S": '{"action":"user.login"}'})
_attributes("event emptied", ENDLESS, event={"S": " "})
_attributes("event no text", ENDLESS, event={"N": "1"})
_attributes("event does not decompress", ENDLESS, event={"B": b"garbage"})
_attributes("event compressed, of others", ENDLESS, event={"B": zlib.compress(b"{}")})
_attributes("event removed from its item", ENDLESS, event=None)
_attributes("event said to be in S3", ENDLESS, event=None, overflow={"S": "overflow/0"})
_attributes("digest altered", ENDLESS, digest={"B": bytes(32)})
_attributes("digest cut", ENDLESS, digest={"B": bytes(10)})
_attributes("digest a text", ENDLESS, digest={"S": "0"})
_attributes("digest removed", ENDLESS, digest=None)
SLOW: set[str] = set()  # like those of another attribute
for _name in ("userKey", "resourceKey", "actionKey", "requestId", "sessionId", "ip"):
    _attributes(f"{_name} altered", ENDLESS, **{_name: {"S": "acme#other"}})
    _like_others = {
        f"{_name} removed": (ENDLESS, None),
        f"{_name} no text": (ENDLESS, {"N": "1"}),
        f"{_name} of the large event altered": (LARGE, {"S": "acme#a#0"}),
    }
    for _change, (_position, _value) in _like_others.items():
        _attributes(_change, _position, **{_name: _value})
    if _name != "userKey":
        SLOW |= _like_others.keys()
_attributes("failureKey added", ENDLESS, failureKey={"S": "initech#0"})
_attributes("failureKey removed", FAILED, failureKey=None)
_attributes("expiresAt added", ENDLESS, expiresAt={"N": str(CLOCK_MS // 1000 + 60)})
_attributes("expiresAt brought forward", ENDING, expiresAt={"N": str(END - 1)})
_attributes("expiresAt brought forward by less", ENDING, expiresAt={"N": f"{END - 1}.5"})
_attributes("expiresAt 0", ENDING, expiresAt={"N": "0"})
_attributes("expiresAt before all time", ENDING, expiresAt={"N": "-" + "9" * 38})
_attributes(
    "received earlier, ends earlier",
    ENDING,
    receivedAt={"N": str(CLOCK_MS - 30 * 24 * HOUR_MS)},
    expiresAt={"N": str(CLOCK_MS // 1000 + 60)},
)


@add_mutation(MUTATIONS)
def userKey_of_another_user(trail: Trail) -> Sequence[ExpectedFinding]:  # noqa: N802
    trail.put(EVENTS, trail.event(ENDLESS), userKey=trail.event(ENDLESS + 3)["userKey"])
    return [found(trail, FindingKind.ALTERED, ENDLESS)]


@add_mutation(MUTATIONS)
def removed(trail: Trail) -> Sequence[ExpectedFinding]:
    trail.remove(EVENTS, trail.event(ENDLESS))
    return [found(trail, FindingKind.MISSING, ENDLESS)]


@add_mutation(MUTATIONS)
def removed_before_its_end(trail: Trail) -> Sequence[ExpectedFinding]:
    trail.remove(EVENTS, trail.event(ENDING))
    return [found(trail, FindingKind.MISSING, ENDING)]


@add_mutation(MUTATIONS)
def removed_before_it_was_published(trail: Trail) -> Sequence[ExpectedFinding]:
    trail.remove(EVENTS, trail.event(315))
    return [found(trail, FindingKind.MISSING, 315)]


@add_mutation(MUTATIONS)
def two_events_in_each_others_place(trail: Trail) -> Sequence[ExpectedFinding]:
    one, other = trail.event(ENDLESS), trail.event(ENDLESS + 6)
    for mine, theirs in ((one, other), (other, one)):
        trail.put(EVENTS, {**theirs, "pk": mine["pk"], "id": mine["id"]})
    return [found(trail, FindingKind.ALTERED, at) for at in (ENDLESS, ENDLESS + 6)]


@add_mutation(MUTATIONS)
def moved_to_another_tenant(trail: Trail) -> Sequence[ExpectedFinding]:
    item = trail.event(ENDLESS)
    trail.remove(EVENTS, item)
    trail.put(EVENTS, item, pk={"S": "victim#0"})
    return [found(trail, FindingKind.ALTERED, ENDLESS)]


@add_mutation(MUTATIONS)
def moved_to_another_shard(trail: Trail) -> Sequence[ExpectedFinding]:
    item = trail.event(ENDLESS)
    tenant, _, shard = item["pk"]["S"].partition("#")
    trail.remove(EVENTS, item)
    trail.put(EVENTS, item, pk={"S": f"{tenant}#{(int(shard) + 1) % 4}"})
    return [found(trail, FindingKind.ALTERED, ENDLESS)]


@add_mutation(MUTATIONS)
def copied_to_another_tenant(trail: Trail) -> Sequence[ExpectedFinding]:
    keys = {"pk": "victim#0", "resourceKey": "victim#session#s-1", "actionKey": "victim#a#0"}
    changed = {name: {"S": text} for name, text in keys.items()}
    trail.put(EVENTS, trail.event(ENDLESS), **changed, userKey={"S": "victim#u-5"})
    return [found(trail, FindingKind.ADDED, ENDLESS)]


@add_mutation(MUTATIONS)
def copied_to_no_tenant(trail: Trail) -> Sequence[ExpectedFinding]:
    trail.put(EVENTS, trail.event(ENDLESS), pk={"S": "0"})
    return [found(trail, FindingKind.ADDED, ENDLESS)]


@add_mutation(MUTATIONS)
def large_event_copied_to_another_tenant(trail: Trail) -> Sequence[ExpectedFinding]:
    item = trail.event(LARGE)
    tenant = item["pk"]["S"].partition("#")[0]
    names = ("pk", "userKey", "resourceKey", "actionKey")
    keys = {name: {"S": item[name]["S"].replace(tenant, "victim", 1)} for name in names}
    trail.put(EVENTS, item, **keys)
    return [found(trail, FindingKind.ADDED, LARGE)]


def _forged(received_at: int, **fields: Any) -> Item:
    record = make_event_record(received_at=received_at, **fields)
    return dict(encode_item(record, 4, MemoryPayloadStore(), stored_at=received_at))


def _insert(trail: Trail, item: Item) -> Sequence[ExpectedFinding]:
    trail.put(EVENTS, item)
    return [ExpectedFinding(FindingKind.ADDED, PLACE, item["id"]["S"])]


@add_mutation(MUTATIONS)
def put_directly(trail: Trail) -> Sequence[ExpectedFinding]:
    return _insert(trail, _forged(CLOCK_MS - HOUR_MS, tenantId="acme", userId="forged"))


@add_mutation(MUTATIONS)
def put_directly_with_a_receipt_to_come(trail: Trail) -> Sequence[ExpectedFinding]:
    return _insert(trail, _forged(CLOCK_MS + HOUR_MS, tenantId="acme", userId="forged"))


@add_mutation(MUTATIONS)
def put_directly_with_an_impossible_receipt(trail: Trail) -> Sequence[ExpectedFinding]:
    item = _forged(CLOCK_MS - HOUR_MS, tenantId="acme", userId="forged")
    return _insert(trail, {**item, "receivedAt": {"N": "9" * 38}, "expiresAt": {"N": "9" * 38}})


@add_mutation(MUTATIONS)
def put_directly_back_dated(trail: Trail) -> Sequence[ExpectedFinding]:
    return _insert(trail, _forged(CLOCK_MS - HOUR_MS, timestamp="2020-01-01T00:00:00Z"))


@add_mutation(MUTATIONS)
def put_just_now_and_none_of_an_event(trail: Trail) -> Sequence[ExpectedFinding]:
    return _insert(trail, {**_forged(CLOCK_MS, userId="u"), "userKey": {"S": "default#victim"}})


@add_mutation(MUTATIONS)
def put_without_anything(trail: Trail) -> Sequence[ExpectedFinding]:
    return _insert(trail, {"pk": {"S": "acme#0"}, "id": {"S": "01"}})


@add_mutation(MUTATIONS)
def replaced(trail: Trail) -> Sequence[ExpectedFinding]:
    trail.remove(EVENTS, trail.event(ENDLESS))
    [added] = _insert(trail, _forged(CLOCK_MS - HOUR_MS, tenantId="initech", userId="u-6"))
    return [found(trail, FindingKind.MISSING, ENDLESS), added]


@add_mutation(MUTATIONS)
def rewritten_under_its_id(trail: Trail) -> Sequence[ExpectedFinding]:
    item = trail.event(ENDLESS)
    content = json.loads(item["event"]["S"]) | {"userId": "u-6"}
    canonical = json.dumps(content, separators=(",", ":"), sort_keys=True)
    digest = sha256(canonical.encode()).digest()
    user = {"S": "initech#u-6"}
    trail.put(EVENTS, item, event={"S": canonical}, digest={"B": digest}, userKey=user)
    return [found(trail, FindingKind.ALTERED, ENDLESS)]


def _at(trail: Trail, timestamp: str) -> tuple[Item, str]:
    """The event as if it had happened then, and its id if only that is changed."""
    item = trail.event(ENDLESS)
    return item, make_id(parse_timestamp(timestamp), item["digest"]["B"])


@add_mutation(MUTATIONS)
def back_dated_in_its_id(trail: Trail) -> Sequence[ExpectedFinding]:
    item, event_id = _at(trail, "2020-01-01T00:00:00Z")
    trail.remove(EVENTS, item)
    trail.put(EVENTS, item, id={"S": event_id})
    return [
        found(trail, FindingKind.MISSING, ENDLESS),
        ExpectedFinding(FindingKind.ADDED, PLACE, event_id),
    ]


@add_mutation(MUTATIONS)
def copied_under_a_back_dated_id(trail: Trail) -> Sequence[ExpectedFinding]:
    item, event_id = _at(trail, "2020-01-01T00:00:00Z")
    trail.put(EVENTS, item, id={"S": event_id})
    return [ExpectedFinding(FindingKind.ADDED, PLACE, event_id)]


def _place_of_large(trail: Trail) -> str:
    place: str = trail.event(LARGE)["overflow"]["S"]
    return place


@add_mutation(MUTATIONS)
def payload_altered(trail: Trail) -> Sequence[ExpectedFinding]:
    place = _place_of_large(trail)
    trail.write(PAYLOADS, place, trail.read(PAYLOADS, place).replace(b"u-", b"v-"))
    return [found(trail, FindingKind.ALTERED, LARGE)]


@add_mutation(MUTATIONS)
def payload_removed(trail: Trail) -> Sequence[ExpectedFinding]:
    trail.erase(PAYLOADS, _place_of_large(trail))
    return [found(trail, FindingKind.ALTERED, LARGE)]


@add_mutation(MUTATIONS)
def payload_of_another_place(trail: Trail) -> Sequence[ExpectedFinding]:
    content = trail.read(PAYLOADS, _place_of_large(trail)).replace(b"u-", b"v-")
    place = f"overflow/30/{sha256(content).hexdigest()}"
    trail.write(PAYLOADS, place, content)
    trail.put(EVENTS, trail.event(LARGE), overflow={"S": place})
    return [found(trail, FindingKind.ALTERED, LARGE)]


@add_mutation(MUTATIONS)
def payload_nowhere(trail: Trail) -> Sequence[ExpectedFinding]:
    trail.put(EVENTS, trail.event(LARGE), overflow={"S": ""})
    return [found(trail, FindingKind.ALTERED, LARGE)]


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.slow if name in SLOW else ()) for name in MUTATIONS],
)
def test_a_changed_event_is_named_and_nothing_else(trail: Trail, name: str) -> None:
    check_mutation(trail, MUTATIONS[name], is_exact=True)
