"""What producers send: events that are valid, and poison of every kind that anyone found."""

import hashlib
import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tests.support.trail import make_ulid

TENANTS = tuple(f"tenant-{number:02}" for number in range(12))
HOSTILE = "hostile"  # the tenant of poison that is stored
ID_PREFIX = "soak-"
MEBIBYTE = 1024 * 1024
MAX_NOISE = 1_000_000  # bytes of one message
_ACTIONS = {
    "user.login": "user",
    "user.preferences.update": "user",
    "guild.settings.update": "guild",
    "member.role.update": "member",
    "admin.access": "console",
    "code.verify": "code",
}

Event = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sent:
    """A valid event that a producer sends, and what must become of it."""

    tenant_id: str
    id: str
    digest: bytes
    counter_name: str
    time_ms: int


def make_event(rng: random.Random, number: int, now_ms: int) -> Event:
    """Return a valid event, mostly of the last two hours, in the form in which it is stored."""
    action = rng.choice(tuple(_ACTIONS))
    age_ms = rng.randrange(48 * 3_600_000 if rng.random() < 0.02 else 2 * 3_600_000)
    at = datetime.fromtimestamp((now_ms - age_ms) / 1000, UTC)
    success = rng.random() > 0.1
    event: dict[str, Any] = {
        "eventId": f"{ID_PREFIX}{number}",
        "timestamp": at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}Z",
        "tenantId": TENANTS[number % len(TENANTS)],
        "userId": f"u-{rng.randrange(40)}",
        "action": action,
        "resourceType": _ACTIONS[action],
        "resourceId": f"r-{rng.randrange(200)}",
        "details": {"attempt": rng.randrange(5), "client": rng.choice(("web", "ios", "café"))},
        "success": success,
        "v": 1,
    }
    if not success:
        event["errorMessage"] = "not permitted"
    if number % 4 == 1:
        event["targets"] = [{"type": "guild", "id": f"g-{at}"} for at in range(1 + number % 20)]
    if number % 6 == 1:
        event["onBehalfOf"] = {"userId": f"u-{number % 40}"}
    if number % 997 == 500:  # hardly compresses, and needs the bucket
        event["details"]["archive"] = random.Random(number).randbytes(240_000).hex()
    return event


def describe(event: Event) -> Sent:
    """Return what must be stored for an event. Computed here, without the package."""
    canonical = json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    digest = hashlib.sha256(canonical.encode()).digest()
    at = datetime.fromisoformat(event["timestamp"])
    time_ms = int(at.timestamp()) * 1000 + at.microsecond // 1000
    name = f"{event['action']}|{event['resourceType']}|{int(event['success'])}"
    return Sent(event["tenantId"], make_ulid(time_ms, digest), digest, name, time_ms)


def encode_job(*events: object) -> str:
    """Return the body of a message with these events."""
    if len(events) == 1:
        return json.dumps({"type": "log_event", "data": events[0]})
    return json.dumps({"type": "bulk_log_events", "data": {"events": events}})


def _noise(text: str, size: int) -> str:
    """Return a valid event with this text repeated in its details."""
    values = ",".join([text] * (size // (len(text) + 1)))
    return (
        '{"type":"log_event","data":{"action":"noise.sent","resourceType":"noise","resourceId":"1",'
        f'"tenantId":"{HOSTILE}","details":{{"n":[{values}]}}}}}}'
    )


def _event(**fields: Any) -> dict[str, Any]:
    return {
        "action": "poison.sent",
        "resourceType": "poison",
        "resourceId": "1",
        "tenantId": HOSTILE,
        **fields,
    }


def _many_names(rng: random.Random) -> str:
    """Return a bulk of events with names that no other event has."""
    start = rng.randrange(10**9)
    return encode_job(*[_event(action=f"name.{start + number}") for number in range(300)])


def _nested(depth: int) -> str:
    inner = "[" * depth + "]" * depth
    return f'{{"type":"log_event","data":{{"action":"a.b","details":{{"x":{inner}}}}}}}'


# Each kind of poison: the body of one message. Events in it are stored, or refused with a reason.
POISON: Mapping[str, Callable[[random.Random], str]] = {
    "not JSON": lambda rng: f"not JSON {rng.random()}",
    "cut off": lambda rng: '{"type": "log_event", "data": {"action": ' + str(rng.random()),
    "empty object": lambda _: "{}",
    "unknown job": lambda _: '{"type": "drop_table", "data": {}}',
    "repeated key": lambda _: '{"type": "log_event", "type": "log_event", "data": {}}',
    "fields missing": lambda rng: encode_job({"action": "user.login", "x": rng.random()}),
    "wrong types": lambda rng: encode_job(
        _event(success=[], timestamp=rng.random(), userId={}, v="one", changes=[1])
    ),
    "in the future": lambda _: encode_job(_event(timestamp="2199-01-01T00:00:00Z")),
    "long fraction": lambda rng: encode_job(
        _event(timestamp=f"2026-01-01T00:00:00.{rng.randrange(10**9)}{'0' * 200_000}Z")
    ),
    "lone surrogate": lambda _: encode_job(_event(userId="\ud800")),
    "nested 500 deep": lambda _: _nested(500),
    "nested 50,000 deep": lambda _: _nested(50_000),
    "5,000 empty events": lambda _: encode_job(*[{} for _ in range(5_000)]),
    "100,000 empty events": lambda _: encode_job(*[{} for _ in range(100_000)]),
    "numbers": lambda rng: _noise("1.5", rng.randrange(MAX_NOISE // 2, MAX_NOISE)),
    "empty lists": lambda rng: _noise("[]", rng.randrange(MAX_NOISE // 2, MAX_NOISE)),
    "reserved action": lambda rng: encode_job(
        _event(action="audit.cleanup", details={"ids": [], "n": rng.random()})
    ),
    "new names": _many_names,
    "integers": lambda rng: encode_job(_event(details={"n": 10 ** rng.randrange(20, 400)})),
    "half of it bad": lambda rng: encode_job(
        *[_event(details={"n": rng.random()}) if n % 2 else {"action": n} for n in range(40)]
    ),
}
LARGE_POISON = frozenset({"100,000 empty events", "numbers", "empty lists", "nested 50,000 deep"})


def split(rng: random.Random, events: Sequence[Event]) -> list[list[Event]]:
    """Return the events in messages of one to 25."""
    messages: list[list[Event]] = []
    start = 0
    while start < len(events):
        size = rng.choice((1, 1, 3, 10, 25))
        messages.append(list(events[start : start + size]))
        start += size
    return messages
