"""A month of events of two tenants, for `make dev`: what a small company's applications log.

The events end a few minutes ago. Yesterday a project was deleted, and in the night before somebody
tried passwords from an address that nobody had used. What is older than `INTRODUCED_DAYS` was
imported from an earlier system: the ledger reports an event that was received longer before it was
stored than the queue keeps messages.
"""

import json
import random
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from prooftrail.event.traces import TRACE_ID_LENGTH

Event = Mapping[str, Any]

DAYS: Final = 30
INTRODUCED_DAYS: Final = 12
SEED: Final = 20
_SENDER: Final = "AROASAMPLEAPP"  # the role of the applications, with the instance behind a colon
_IMPORTER: Final = "AROASAMPLEIMPORT:ada"
_DELIVERY_SECONDS: Final = (0.2, 4.0)  # from an event to its receipt by the queue


@dataclass(frozen=True, slots=True)
class _Person:
    user_id: str
    name: str
    address: str
    agent: str


@dataclass(frozen=True, slots=True)
class _Actor:
    user_id: str
    name: str | None
    type: str
    address: str


_FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"
_CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/141.0.0.0 Safari/537.36"
)
_SAFARI = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.6 Safari/605.1.15"
)
_STAFF: Final[Mapping[str, Sequence[_Person]]] = {
    "default": (
        _Person("u-1001", "Ada Okafor", "198.51.100.23", _FIREFOX),
        _Person("u-1002", "Bruno Keller", "198.51.100.41", _CHROME),
        _Person("u-1003", "Chiara Rossi", "203.0.113.77", _SAFARI),
        _Person("u-1004", "Dmitri Hanssen", "198.51.100.9", _CHROME),
        _Person("u-1005", "Emi Tanaka", "2001:db8:4:2::1f", _SAFARI),
        _Person("u-1006", "Farid Haddad", "203.0.113.140", _FIREFOX),
        _Person("u-1007", "Grace Lindqvist", "198.51.100.64", _CHROME),
    ),
    "acme": (
        _Person("acme-7", "Wile Coyote", "192.0.2.70", _CHROME),
        _Person("acme-12", "Road Runner", "192.0.2.71", _SAFARI),
        _Person("acme-31", "Marvin Green", "2001:db8:9::31", _FIREFOX),
    ),
}
_EVENTS_PER_WORKDAY: Final = {"default": 46, "acme": 14}
_PROJECTS = ("atlas", "borealis", "cobalt", "delta", "ember")
_REASONS = ("not permitted", "the project is archived", "the form has expired")


def make_sample_month(now: datetime) -> list[Event]:
    """Return the events of the month before `now`, in the order of their times."""
    rng = random.Random(SEED)
    events: list[dict[str, Any]] = []
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    for tenant_id, staff in _STAFF.items():
        for days_ago in range(DAYS, -1, -1):
            day = today - timedelta(days=days_ago)
            events += [
                _make_ordinary(rng, tenant_id, rng.choice(staff), at)
                for at in _spread_over_day(rng, day, _EVENTS_PER_WORKDAY[tenant_id])
            ]
    yesterday = today - timedelta(days=1)
    events += _make_attack(rng, yesterday + timedelta(hours=2, minutes=14))
    events += _make_deletion(yesterday + timedelta(hours=16, minutes=42))
    latest = now - timedelta(minutes=3)
    past = [event for event in events if event["at"] < latest]
    past.sort(key=lambda event: event["at"])
    return [_finish(event, number) for number, event in enumerate(past)]


def encode_batches(events: Sequence[Event], now: datetime, size: int) -> Iterator[dict[str, Any]]:
    """Yield the events of `make_sample_month` in batches, each received soon after its own time.

    The clock of the local queue cannot be set back, so these batches go to the processor as the
    queue would deliver them.
    """
    rng = random.Random(SEED)
    introduced = now - timedelta(days=INTRODUCED_DAYS)
    for start in range(0, len(events), size):
        batch = events[start : start + size]
        yield {"Records": [_encode_record(rng, event, introduced) for event in batch]}


def _encode_record(rng: random.Random, event: Event, introduced: datetime) -> dict[str, Any]:
    happened = datetime.fromisoformat(event["timestamp"])
    is_imported = happened < introduced
    sender = f"{_SENDER}:{event['tenantId']}-web-{rng.randrange(3)}"
    received = max(happened, introduced) + timedelta(seconds=rng.uniform(*_DELIVERY_SECONDS))
    return {
        "messageId": str(uuid.UUID(int=rng.getrandbits(128), version=4)),
        "receiptHandle": "sample",
        "body": json.dumps({"type": "log_event", "data": event}),
        "attributes": {
            "SentTimestamp": str(int(received.timestamp() * 1000)),
            "ApproximateReceiveCount": "1",
            "SenderId": _IMPORTER if is_imported else sender,
        },
        "messageAttributes": {},
        "eventSource": "aws:sqs",
    }


def _spread_over_day(rng: random.Random, day: datetime, count: int) -> Iterator[datetime]:
    """Yield times of a day: most between 8 and 18 o'clock, few at the weekend."""
    is_weekend = day.weekday() >= 5
    for _ in range(max(2, round(count * (0.12 if is_weekend else rng.uniform(0.8, 1.15))))):
        hour = min(23.9, max(0.0, rng.gauss(13, 2.8)))
        yield day + timedelta(seconds=hour * 3600 + rng.random())


def _make_ordinary(
    rng: random.Random, tenant_id: str, person: _Person, at: datetime
) -> dict[str, Any]:
    [make] = rng.choices(
        (_sign_in, _sign_out, _edit_document, _share_document, _export_report, _change_settings,
         _change_role, _create_key),
        (26, 14, 30, 9, 6, 5, 3, 2),
    )  # fmt: skip
    event = {
        "at": at,
        "tenantId": tenant_id,
        "userId": person.user_id,
        "username": person.name,
        "ipAddress": person.address,
        "userAgent": person.agent,
        "sessionId": f"s-{person.user_id}-{at:%m%d}",
        "success": True,
        **make(rng, tenant_id, person),
    }
    _set_actor(event, person)
    if rng.random() < 0.03:
        event |= {"success": False, "errorMessage": rng.choice(_REASONS)}
        event.pop("changes", None)
    return event


def _set_actor(event: dict[str, Any], person: _Person) -> None:
    """Let a service export reports, an agent write documents, and support help a customer."""
    project = event.get("details", {}).get("project")
    if event["action"] == "report.export":
        actor = _Actor("svc-reports", None, "service", "10.20.0.14")
    elif event["action"] == "document.update" and project == "ember":
        actor = _Actor("agent-drafts", "Drafting agent", "agent", "10.20.0.31")
    elif event["action"] == "settings.update" and event["tenantId"] == "acme":
        support = _STAFF["default"][2]
        actor = _Actor(support.user_id, support.name, "user", support.address)
    else:
        event["actorType"] = "user"
        return
    event |= {
        "userId": actor.user_id,
        "username": actor.name,
        "actorType": actor.type,
        "ipAddress": actor.address,
        "onBehalfOf": {"userId": person.user_id, "username": person.name},
    }
    if actor.type != "user":
        for name in ("userAgent", "sessionId"):
            del event[name]
    if actor.name is None:
        del event["username"]


def _sign_in(rng: random.Random, _: str, person: _Person) -> dict[str, Any]:
    return {
        "action": "user.login",
        "resourceType": "user",
        "resourceId": person.user_id,
        "details": {"method": rng.choice(("password", "passkey", "sso")), "secondFactor": True},
    }


def _sign_out(_: random.Random, __: str, person: _Person) -> dict[str, Any]:
    return {"action": "user.logout", "resourceType": "user", "resourceId": person.user_id}


def _edit_document(rng: random.Random, _: str, __: _Person) -> dict[str, Any]:
    return {
        "action": rng.choice(("document.create", "document.update", "document.update")),
        "resourceType": "document",
        "resourceId": f"doc-{rng.randrange(100, 180)}",
        "details": {"project": rng.choice(_PROJECTS), "words": rng.randrange(900, 9_400)},
    }


def _share_document(rng: random.Random, tenant_id: str, person: _Person) -> dict[str, Any]:
    readers = [other for other in _STAFF[tenant_id] if other != person][:2]
    access = rng.choice(("view", "comment", "edit"))
    return {
        "action": "document.share",
        "resourceType": "document",
        "resourceId": f"doc-{rng.randrange(100, 180)}",
        "changes": {
            "before": {"access": {"link": "off"}},
            "after": {"access": {"link": access, "expires": "in 30 days"}},
        },
        "targets": [_make_target(reader) for reader in readers],
    }


def _make_target(person: _Person) -> dict[str, Any]:
    return {"type": "user", "id": person.user_id, "name": person.name}


def _export_report(rng: random.Random, _: str, __: _Person) -> dict[str, Any]:
    return {
        "action": "report.export",
        "resourceType": "report",
        "resourceId": rng.choice(("usage", "billing", "members")),
        "details": {"format": rng.choice(("csv", "pdf")), "rows": rng.randrange(40, 4_000)},
    }


def _change_settings(rng: random.Random, tenant_id: str, _: _Person) -> dict[str, Any]:
    minutes = rng.choice((30, 60, 120))
    return {
        "action": "settings.update",
        "resourceType": "tenant",
        "resourceId": tenant_id,
        "changes": {
            "before": {"session": {"minutes": 480, "remember": True}, "exports": {"pdf": True}},
            "after": {"session": {"minutes": minutes, "remember": False}, "exports": {"pdf": True}},
        },
    }


def _change_role(rng: random.Random, tenant_id: str, _: _Person) -> dict[str, Any]:
    other = rng.choice(_STAFF[tenant_id])
    return {
        "action": "member.role.update",
        "resourceType": "user",
        "resourceId": other.user_id,
        "changes": {
            "before": {"role": "editor", "groups": ["writers"]},
            "after": {"role": "admin", "groups": ["writers", "billing"]},
        },
        "details": {"approvedBy": rng.choice(_STAFF[tenant_id]).user_id},
        "targets": [{"type": "group", "id": "billing", "name": "Billing"}],
    }


def _create_key(rng: random.Random, tenant_id: str, _: _Person) -> dict[str, Any]:
    return {
        "action": "apikey.create",
        "resourceType": "apikey",
        "resourceId": f"key-{rng.randrange(10, 99)}",
        "details": {
            "scopes": ["documents:read", "reports:read"],
            "apiKey": f"{tenant_id}-{rng.getrandbits(64):016x}",  # the processor masks it
        },
    }


def _make_attack(rng: random.Random, start: datetime) -> Iterator[dict[str, Any]]:
    """Yield attempts to sign in with passwords, from one address, and the one that succeeded."""
    victim = _STAFF["default"][3]
    for attempt in range(38):
        yield {
            "at": start + timedelta(seconds=attempt * 4 + rng.random()),
            "tenantId": "default",
            "userId": victim.user_id,
            "username": victim.name,
            "action": "user.login",
            "resourceType": "user",
            "resourceId": victim.user_id,
            "ipAddress": "192.0.2.199",
            "userAgent": 'curl/8.5.0 "><script>alert(document.domain)</script>',
            "details": {"method": "password", "attempt": attempt + 1},
            "success": attempt == 37,
        } | ({} if attempt == 37 else {"errorMessage": "wrong password"})


def _make_deletion(at: datetime) -> Iterator[dict[str, Any]]:
    """Yield what the person did who deleted a project."""
    person = _STAFF["default"][3]
    common = {
        "tenantId": "default",
        "userId": person.user_id,
        "username": person.name,
        "ipAddress": "192.0.2.199",
        "userAgent": _CHROME,
        "sessionId": f"s-{person.user_id}-{at:%m%d}-b",
        "success": True,
        "actorType": "user",
    }
    steps: Sequence[dict[str, Any]] = (
        {
            "action": "report.export",
            "resourceType": "report",
            "resourceId": "members",
            "details": {"format": "csv", "rows": 3_912},
        },
        {
            "action": "project.delete",
            "resourceType": "project",
            "resourceId": "borealis",
            "changes": {
                "before": {
                    "name": "Borealis",
                    "documents": 61,
                    "members": ["u-1001", "u-1002", "u-1004"],
                    "retention": {"days": 365, "locked": False},
                },
                "after": {},
            },
            "details": {"confirmedBy": "typed name", "documents": 61},
            "targets": [_make_target(_STAFF["default"][place]) for place in (0, 1, 3)],
        },
        {"action": "user.logout", "resourceType": "user", "resourceId": person.user_id},
    )
    for number, step in enumerate(steps):
        yield {"at": at + timedelta(seconds=70 * number), **common, **step}


def _finish(event: dict[str, Any], number: int) -> Event:
    at: datetime = event.pop("at")
    moment = at.astimezone(UTC)
    trace = f"{event['tenantId']} {event.get('sessionId', number)} {at:%H}"
    return {
        **event,
        "eventId": f"sample-{number}",
        "requestId": f"req-{number:05}",
        "traceId": sha256(trace.encode()).hexdigest()[:TRACE_ID_LENGTH],
        "timestamp": moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z",
    }
