"""What a simulation knows to be true: what was sent, accepted, stored, removed and quarantined.

It is learned from what passes the network and from moto's own tables, never from the package.
"""

import json
import re
import zlib
from base64 import b64decode
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from soak.network import Call
from soak.traffic import ID_PREFIX, Event, Sent, describe

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_EVENT_ID = re.compile(ID_PREFIX + r"(\d+)")


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that the dead-letter queue took: whose it is, and why."""

    source_id: str
    error_type: str
    reason: str
    numbers: tuple[int, ...]


@dataclass(slots=True)
class Books:
    """The truth about a run.

    - `sent`: the valid events by number; `accepted` counts how often the queue took each
    - `numbers`: the number of each event by the id that it must be stored under
    - `poison`: the kind of each message that is poison; `poison_sent` counts what the queue took
    - `inserts`: how often an item was inserted, by tenant and id; `counts` what counters must hold
    - `removed` and `expired`: ids that a clean-up or the retention took out of the table
    - `put_again`: ids of stored events whose item a second delivery has replaced
    - `is_closed`: from now on somebody else writes into the table; what they insert is not noted
    """

    sent: dict[int, Sent] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    accepted: Counter[int] = field(default_factory=Counter)
    poison: dict[str, str] = field(default_factory=dict)
    poison_sent: Counter[str] = field(default_factory=Counter)
    inserts: Counter[tuple[str, str]] = field(default_factory=Counter)
    counts: defaultdict[str, Counter[tuple[str, str]]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    dead_letters: list[DeadLetter] = field(default_factory=list)
    removed: set[str] = field(default_factory=set)
    expired: set[str] = field(default_factory=set)
    put_again: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)
    is_closed: bool = False

    def expect(self, number: int, event: Event) -> None:
        """Note a valid event before it is sent."""
        self.expect_sent(number, describe(event))

    def expect_sent(self, number: int, sent: Sent) -> None:
        """Note what must become of a valid event; an empty digest stands for any content."""
        self.sent[number] = sent
        self.numbers[sent.id] = number

    def expect_poison(self, kind: str, body: str) -> None:
        """Note poison before it is sent."""
        self.poison[_get_mark(body)] = kind

    def note_sent(self, request: bytes, response: bytes) -> None:
        """Note what the queue took of a SendMessageBatch or SendMessage."""
        parameters = json.loads(request)
        if "Entries" not in parameters:
            self._note_message(parameters["MessageBody"])
            return
        bodies = {entry["Id"]: entry["MessageBody"] for entry in parameters["Entries"]}
        for taken in json.loads(response).get("Successful", ()):
            self._note_message(bodies[taken["Id"]])

    def _note_message(self, body: str) -> None:
        kind = self.poison.get(_get_mark(body))
        if kind is not None:
            self.poison_sent[kind] += 1
            return
        self.accepted.update(set(_find_numbers(body)))

    def note_dead_letters(self, request: bytes, response: bytes) -> None:
        """Note what the dead-letter queue took from the processor."""
        entries = {entry["Id"]: entry for entry in json.loads(request)["Entries"]}
        for taken in json.loads(response).get("Successful", ()):
            entry = entries[taken["Id"]]
            held = {
                name: value["StringValue"] for name, value in entry["MessageAttributes"].items()
            }
            self.dead_letters.append(
                DeadLetter(
                    held["sourceMessageId"],
                    held["errorType"],
                    held["errorMessage"],
                    tuple(_find_numbers(entry["MessageBody"])),
                )
            )

    def note_change(self, change: Mapping[str, Any]) -> None:
        """Note a record of the table's stream, as moto keeps it."""
        data = change["dynamodb"]
        if is_reference(data["Keys"]["pk"]["S"]):
            return
        if change["eventName"] == "REMOVE":
            gone = self.expired if "userIdentity" in change else self.removed
            gone.add(data["Keys"]["id"]["S"])
        if change["eventName"] == "MODIFY":
            self.put_again.add(data["Keys"]["id"]["S"])
        if change["eventName"] != "INSERT":
            return
        image = data["NewImage"]
        tenant_id, event_id = image["pk"]["S"].rpartition("#")[0], image["id"]["S"]
        self.inserts[tenant_id, event_id] += 1
        number = self.numbers.get(event_id)
        if number is None and self.is_closed:
            return
        if number is None:
            name, time_ms = _read_name(image), decode_time(event_id)
        else:
            sent = self.sent[number]
            name, time_ms = sent.counter_name, sent.time_ms
            if tenant_id != sent.tenant_id:
                self.problems.append(f"{event_id} is stored under {tenant_id}")
        moment = datetime.fromtimestamp(time_ms / 1000, UTC).isoformat()
        for span, length in (("hour", 13), ("day", 10)):
            self.counts[f"counters#{tenant_id}#{span}"][moment[:length], name] += 1


def note(
    books: Books, queue: str, dead_letters: str, call: Call, request: bytes, response: bytes
) -> None:
    """Note a request that was done, if it put messages on one of the queues with these names."""
    if call.service != "sqs" or not call.operation.startswith("SendMessage"):
        return
    url = json.loads(request)["QueueUrl"]
    if url.endswith(queue):
        books.note_sent(request, response)
    elif url.endswith(dead_letters) and call.actor == "ProcessorFunction":
        books.note_dead_letters(request, response)


def _read_name(image: Mapping[str, Any]) -> str:
    """Return the name that a well-formed event is counted under."""
    [(kind, content)] = image["event"].items()
    if kind == "B":
        packed = content if isinstance(content, bytes) else b64decode(content)
        content = zlib.decompress(packed)
    event = json.loads(content)
    return f"{event['action']}|{event['resourceType']}|{int(event['success'])}"


def is_reference(partition: str) -> bool:
    """Return whether a partition of the events' table has references, and not events."""
    return not partition.split("#")[1].isdigit()


def decode_time(event_id: str) -> int:
    """Return the time in an id, in milliseconds since 1970."""
    value = 0
    for letter in event_id[:10]:
        value = value * 32 + _ALPHABET.index(letter)
    return value


def _find_numbers(body: str) -> list[int]:
    return [int(number) for number in _EVENT_ID.findall(body)]


def _get_mark(body: str) -> str:
    return f"{len(body)}:{body[:200]}:{body[-200:]}"
