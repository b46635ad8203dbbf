"""The events that the demo sends, and the expected numbers."""

import json
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from local.template import ROOT

Event = Mapping[str, Any]

TENANT = "initech"
BULK_SIZE = 10

# The numbers of stored and of quarantined events, by file.
SAMPLES: Mapping[str, tuple[int, int]] = {
    "sqs-good.json": (3, 0),
    "sqs-bulk.json": (5, 0),
    "sqs-mixed.json": (3, 3),
    "sqs-poison.json": (0, 19),
    "sqs-oversize.json": (2, 0),
    "sqs-unicode.json": (3, 0),
    "sqs-duplicate.json": (1, 0),
}

_RESOURCES = {
    "user.login": "user",
    "user.logout": "user",
    "user.preferences.update": "user",
    "guild.settings.update": "guild",
    "member.add": "member",
    "member.remove": "member",
    "admin.access": "console",
    "code.verify": "code",
}
_WEIGHTS = (30, 20, 10, 8, 12, 6, 4, 10)


@dataclass(frozen=True, slots=True)
class Traffic:
    """Distinct valid events of one tenant, and the message bodies that contain them."""

    events: Sequence[Event]
    singles: Sequence[str]
    bulks: Sequence[str]


def read_sample_bodies() -> dict[str, list[str]]:
    """Return the message bodies of `events/sqs-*.json`, by file."""
    return {
        path.name: [record["body"] for record in json.loads(path.read_text("utf-8"))["Records"]]
        for path in sorted((ROOT / "events").glob("sqs-*.json"))
    }


def generate_traffic(seed: int, count: int, until: datetime) -> Traffic:
    """Make random events of the two days before `until`: half single, half in bulk messages."""
    rng = random.Random(seed)
    events = [_generate_event(rng, number, until) for number in range(count)]
    single, bulk = events[: count // 2], events[count // 2 :]
    batches = [bulk[at : at + BULK_SIZE] for at in range(0, len(bulk), BULK_SIZE)]
    return Traffic(
        events,
        [json.dumps({"type": "log_event", "data": event}) for event in single],
        [json.dumps({"type": "bulk_log_events", "data": {"events": batch}}) for batch in batches],
    )


def _generate_event(rng: random.Random, number: int, until: datetime) -> Event:
    [action] = rng.choices(list(_RESOURCES), _WEIGHTS)
    moment = until - timedelta(milliseconds=rng.randrange(48 * 3600 * 1000))
    user = f"u-{rng.randrange(25):02}"
    is_refused = rng.random() < (0.5 if action == "admin.access" else 0.04)
    event = {
        "eventId": f"demo-{number}",
        "timestamp": moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z",
        "tenantId": TENANT,
        "userId": user,
        "action": action,
        "resourceType": _RESOURCES[action],
        "resourceId": user if _RESOURCES[action] == "user" else f"r-{rng.randrange(60)}",
        "ipAddress": f"203.0.113.{rng.randrange(1, 255)}",
        "sessionId": f"s-{rng.randrange(10**6)}",
        "requestId": f"q-{number}",
        "details": {"client": rng.choice(("web", "ios", "android")), "attempt": rng.randrange(3)},
        "success": not is_refused,
    }
    if is_refused:
        event["errorMessage"] = "not permitted"
    return event


def count_actions(events: Sequence[Event]) -> list[tuple[str, int]]:
    """Count the events by action, the most frequent first."""
    counts = Counter(event["action"] for event in events)
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
