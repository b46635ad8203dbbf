"""Whether the promises held, once everything has settled."""

import hashlib
import json
import zlib
from base64 import b64decode
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from local.senders import make_sender_id
from soak.books import is_reference
from soak.traffic import HOSTILE, TENANTS
from soak.world import World

Counters = Mapping[str, Mapping[tuple[str, str], int]]
OTHER = "(other)"


@dataclass(slots=True)
class Outcome:
    """What became of the events of a run; each list holds what broke a promise."""

    stored: int = 0
    duplicates: int = 0
    quarantined: Counter[tuple[str, str]] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    stored_twice: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    without_reason: list[str] = field(default_factory=list)
    wrong_counts: list[str] = field(default_factory=list)
    false_alarms: list[str] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)
    unverified: list[str] = field(default_factory=list)
    wrong_submitters: list[str] = field(default_factory=list)
    wrong_references: list[str] = field(default_factory=list)

    @property
    def broken(self) -> Mapping[str, list[str]]:
        """The promises that did not hold, with what shows it."""
        lists = {
            "lost": self.lost,
            "stored twice": self.stored_twice,
            "stored with other content": self.changed,
            "dead letters without a reason": self.without_reason,
            "wrong counts": self.wrong_counts,
            "false alarms": self.false_alarms,
            "events in another tenant's answer": self.leaks,
            "log not verified": self.unverified,
            "wrong submitters": self.wrong_submitters,
            "events without all their references": self.wrong_references,
        }
        return {name: found for name, found in lists.items() if found}


def check_outcome(world: World, outcome: Outcome) -> None:
    """Compare the tables, the queues and the log of a settled system with the books."""
    _check_events(world, outcome)
    _check_references(world, outcome)
    _check_dead_letters(world, outcome)
    _check_counters(world, outcome)
    outcome.false_alarms += [
        f"alarm: {alarm['eventName']} of {alarm['eventId']}: {alarm['reason']}"
        for alarm in world.alarms
    ]
    check_verification(world, outcome)


def check_verification(world: World, outcome: Outcome) -> None:
    """Verify the trail of a system that nobody has attacked."""
    code, result = world.verify()
    if code == 1:
        findings = result.get("findings", [])
        outcome.false_alarms += [f"verify: {format_finding(each)}" for each in findings]
        if not findings:
            outcome.unverified.append(f"exit code 1: {result}")
    elif code != 0:
        problems = result.get("unproved") or [result]
        outcome.unverified += [f"exit code {code}: {format_finding(each)}" for each in problems]


def format_finding(finding: Mapping[str, Any]) -> str:
    """Return a finding of `verify trail` in a line."""
    subject = finding.get("eventId") or finding.get("position") or finding.get("place")
    return f"{finding.get('kind')} {subject}: {finding.get('detail')}"


def read_items(world: World) -> Iterator[Mapping[str, Any]]:
    """Yield the attributes of each stored event, from moto's own table."""
    for items in list_partitions(world):
        for item in items.values():
            yield {name: value.value for name, value in item.attrs.items()}


def list_partitions(world: World, *, references: bool = False) -> list[Any]:
    """Return the items of each partition of events, or of references, from moto's own table."""
    return [
        items
        for partition, items in world.table.items.items()
        if items and is_reference(partition.value) == references
    ]


def _check_events(world: World, outcome: Outcome) -> None:
    books = world.books
    found = Counter[str]()
    submit = make_sender_id("SubmitFunction")  # it sends for its callers
    for item in read_items(world):
        event_id = item["id"]
        found[event_id] += 1
        if item.get("submittedBy", submit) == submit:
            outcome.wrong_submitters.append(event_id)
        number = books.numbers.get(event_id)
        digest = _to_bytes(item["digest"])
        if number is not None and digest != (books.sent[number].digest or digest):
            outcome.changed.append(event_id)
        if "event" in item and hashlib.sha256(read_content(item)).digest() != digest:
            outcome.changed.append(event_id)
    outcome.stored += len({event_id for _, event_id in books.inserts})
    outcome.stored_twice += [event_id for event_id, count in found.items() if count > 1]
    gone = books.expired | books.removed
    inserted = {event_id for _, event_id in books.inserts}
    quarantined = {number for each in books.dead_letters for number in each.numbers}
    for number in books.accepted:
        event_id = books.sent[number].id
        is_kept = event_id in found or (event_id in inserted and event_id in gone)
        if not is_kept and number not in quarantined:
            outcome.lost.append(f"event {number}, {event_id}")
    outcome.duplicates += sum(books.accepted.values()) - len(books.accepted)
    outcome.changed += books.problems


def _check_references(world: World, outcome: Outcome) -> None:
    """Check that each stored event has its references, found without the package."""
    stored = {
        (item.attrs["pk"].value, item.attrs["id"].value)
        for items in list_partitions(world, references=True)
        for item in items.values()
    }
    for item in read_items(world):
        if "event" not in item:
            continue
        event, tenant_id = json.loads(read_content(item)), item["pk"].rpartition("#")[0]
        own = event["resourceType"], event["resourceId"]
        targets = {(each["type"], each["id"]) for each in event.get("targets", ())} - {own}
        expected = {f"{tenant_id}#target#{kind}#{name}" for kind, name in targets}
        represented = event.get("onBehalfOf", {}).get("userId")
        if represented not in {None, event.get("userId")}:
            expected.add(f"{tenant_id}#behalf#{represented}")
        if not {(partition, item["id"]) for partition in expected} <= stored:
            outcome.wrong_references.append(item["id"])


def list_ordered(world: World) -> set[str]:
    """Return the ids of the events that stored removal orders name, removed or not."""
    events = (json.loads(read_content(item)) for item in read_items(world) if "event" in item)
    orders = [event for event in events if event["action"] == "audit.cleanup"]
    return {event_id for order in orders for event_id in order["details"]["ids"]}


def read_content(item: Mapping[str, Any]) -> bytes:
    """Return the JSON of a stored event."""
    content = item["event"]
    if isinstance(content, str) and content.startswith("{"):
        return content.encode()
    return zlib.decompress(_to_bytes(content))


def _to_bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else b64decode(value)


def _check_dead_letters(world: World, outcome: Outcome) -> None:
    for letter in world.books.dead_letters:
        outcome.quarantined[letter.error_type, letter.reason] += 1
        if not letter.reason:
            outcome.without_reason.append(letter.source_id)
    outcome.without_reason += list_unexplained(world)


def list_unexplained(world: World) -> list[str]:
    """Return the dead letters that hold no reason, which SQS moved there itself."""
    return [
        f"message {message.id} after {message.approximate_receive_count} receives"
        for message in get_queue(world, "AuditDeadLetterQueue")._messages
        if "errorType" not in message.message_attributes
    ]


def get_queue(world: World, logical_id: str) -> Any:
    """Return a queue of the stack, as moto keeps it."""
    from moto.sqs.models import sqs_backends

    from local.runtime import ACCOUNT_ID
    from local.template import REGION

    name = world.stack.resources[logical_id].rpartition("/")[2]
    return sqs_backends[ACCOUNT_ID][REGION].queues[name]


def _check_counters(world: World, outcome: Outcome) -> None:
    stored = read_counters(world)
    expected = world.books.counts
    for partition in sorted(stored.keys() | expected.keys()):
        left, right = stored.get(partition, Counter()), expected.get(partition, Counter())
        is_cut = any(name == OTHER for _, name in left)
        if partition.split("#")[1] == HOSTILE and is_cut:  # more names than a tenant may have
            left, right = _sum_names(left), _sum_names(right)
        outcome.wrong_counts += [
            f"{partition} {key}: {left.get(key, 0)}, recounted {right.get(key, 0)}"
            for key in sorted(left.keys() | right.keys())
            if left.get(key, 0) != right.get(key, 0)
        ]


def _sum_names(counts: Mapping[tuple[str, str], int]) -> Counter[tuple[str, str]]:
    total: Counter[tuple[str, str]] = Counter()
    for (bucket, _), count in counts.items():
        total[bucket, ""] += count
    return total


def read_counters(world: World) -> dict[str, Counter[tuple[str, str]]]:
    """Return the ledger's counters by partition: bucket and name → count."""
    counters: dict[str, Counter[tuple[str, str]]] = {}
    for hash_key, items in world.ledger.items.items():
        if not hash_key.value.startswith("counters#"):
            continue
        counts = counters.setdefault(hash_key.value, Counter())
        for range_key, item in items.items():
            bucket = range_key.value.partition("~")[0]
            for name, value in item.attrs.items():
                if name not in {"pk", "sk"} and value.type == "N":
                    counts[bucket, name] += int(value.value)
    return counters


def check_answers(world: World, outcome: Outcome, tenant_id: str, *, is_complete: bool) -> int:
    """Query a tenant's events with its token. Return how many there are.

    With `is_complete` the pages must hold every stored event of the tenant.
    """
    claims = {"custom:tenantId": tenant_id}
    ids: set[str] = set()
    cursor: dict[str, str] = {}
    while True:
        status, page = world.api.get("/audit-logs", claims=claims, limit=1000, **cursor)
        if status != 200:
            return len(ids)
        for item in page["items"]:
            ids.add(item["id"])
            event = item.get("event", item)
            if "unreadable" in item:
                outcome.lost.append(f"{item['id']} cannot be read")
            if event.get("tenantId", tenant_id) != tenant_id:
                outcome.leaks.append(f"{tenant_id} sees {item['id']}")
        if page["nextCursor"] is None or not is_complete:
            break
        cursor = {"cursor": page["nextCursor"]}
    if is_complete:
        now = world.clock.now_ms() / 1000
        stored = {
            item["id"]
            for item in read_items(world)
            if item["pk"].rpartition("#")[0] == tenant_id
            and int(item.get("expiresAt", now + 1)) > now  # what has ended is listed no more
        }
        outcome.leaks += [f"{tenant_id} sees {each}" for each in ids - stored]
        outcome.lost += [f"{each} is stored but not listed" for each in stored - ids]
    return len(ids)


TENANT_IDS = (*TENANTS, HOSTILE)
