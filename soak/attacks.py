"""Attacks on a settled system, past the package: each must be named, and nothing else."""

import hashlib
import json
import random
import zlib
from collections.abc import Mapping
from typing import Any

from soak.books import decode_time
from soak.checks import format_finding, list_ordered
from soak.world import World
from tests.support.trail import make_ulid, read_items

SHARDS = 4
SECONDS_TO_VERIFY = 600  # of simulated time: no event ends before it is missed
BOMB_BYTES = 50_000_000  # unpacked
CHANGES = ("alter", "remove", "insert under another id", "expire early")
REMOVALS = ("remove", "remove a reference")
REFERENCES = ("alter a reference", "remove a reference")
POISON_ITEMS = ("timestamp of 5", "success of []", "negative expiry", "zlib bomb")
KINDS = (*CHANGES, *REFERENCES, *POISON_ITEMS)


class Attacker:
    """Has write access to the events' table.

    `victims` is what alarm and verification must name: the event's id and the kind of attack.
    `missed` says what they did not name.
    """

    def __init__(self, world: World, rng: random.Random) -> None:
        self._world = world
        self._rng = rng
        self._dynamodb: Any = world.make_client("dynamodb")
        self.victims: dict[str, str] = {}
        self.missed: list[str] = []

    def attack(self, kinds: tuple[str, ...] = KINDS) -> None:
        """Attack with each kind once, each time another stored event.

        What is removed was not delivered twice: of a removed event verification knows the first
        expiry only. And no removal order names it: a clean-up that failed has left some events that
        may be removed.
        """
        books = self._world.books
        books.is_closed = True
        end = self._world.clock.now_ms() // 1000 + SECONDS_TO_VERIFY
        explained = books.put_again | list_ordered(self._world)
        items = [
            item
            for item in read_items(self._world.stack, "AuditEventsTable")
            if "S" in item.get("event", {})
            and item["id"]["S"] in books.numbers
            and int(item["expiresAt"]["N"]) > end
        ]
        self._rng.shuffle(items)
        items.sort(key=lambda item: '"targets"' in item["event"]["S"])
        for kind in kinds:  # events with targets are last
            candidates = reversed(items) if kind in REFERENCES else iter(items)
            item = next(
                (
                    each
                    for each in candidates
                    if kind not in REMOVALS or each["id"]["S"] not in explained
                ),
                None,
            )
            if item is not None:
                items.remove(item)
                self.victims[self._change(kind, item)] = kind

    def _change(self, kind: str, item: Mapping[str, Any]) -> str:
        """Attack an event. Return the id that must be named."""
        event_id: str = item["id"]["S"]
        match kind:
            case "alter":
                text = item["event"]["S"]
                self._put(
                    {**item, "event": {"S": text.replace('"resourceId":"', '"resourceId":"x')}}
                )
            case "remove":
                key = {name: item[name] for name in ("pk", "id")}
                self._dynamodb.delete_item(TableName=self._table, Key=key)
            case "insert under another id":
                event_id = event_id[:-4] + "0000"
                self._put({**item, "id": {"S": event_id}})
            case "alter a reference" | "remove a reference":
                [reference, *_] = (
                    each
                    for each in read_items(self._world.stack, "AuditEventsTable")
                    if each["id"] == item["id"] and each != item
                )
                key = {name: reference[name] for name in ("pk", "id")}
                self._dynamodb.delete_item(TableName=self._table, Key=key)
                if kind == "alter a reference":
                    self._put({**reference, "action": {"S": "user.other"}})
            case "expire early":
                self._put({**item, "expiresAt": {"N": "1700000000"}})
            case _:
                poison = self._make_poison(kind, item)
                event_id = poison["id"]["S"]
                self._put(poison)
        return event_id

    def _make_poison(self, kind: str, item: Mapping[str, Any]) -> dict[str, Any]:
        """Return an item under the right digest and id that no producer could have stored."""
        event = json.loads(item["event"]["S"])
        event["eventId"] = f"poison {kind}"
        event |= {"timestamp of 5": {"timestamp": 5}, "success of []": {"success": []}}.get(
            kind, {}
        )
        canonical = json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        content = b" " * BOMB_BYTES if kind == "zlib bomb" else canonical.encode()
        digest = hashlib.sha256(content).digest()
        tenant_id = item["pk"]["S"].rpartition("#")[0]
        poison = {
            **item,
            "pk": {"S": f"{tenant_id}#{digest[0] % SHARDS}"},
            "id": {"S": make_ulid(decode_time(item["id"]["S"]), digest)},
            "digest": {"B": digest},
            "event": {"B": zlib.compress(content)} if kind == "zlib bomb" else {"S": canonical},
        }
        if kind == "negative expiry":
            poison["expiresAt"] = {"N": "-1"}
        return poison

    @property
    def _table(self) -> str:
        return self._world.stack.resources["AuditEventsTable"]

    def _put(self, item: Mapping[str, Any]) -> None:
        self._dynamodb.put_item(TableName=self._table, Item=item)

    def find_unnamed(self) -> list[str]:
        """Note in `missed` what is not named. Return what is named besides.

        Honest events that are in one stream batch with the attacks are committed all the same.
        """
        world = self._world
        before = len(world.alarms)
        if not world.settle():
            self.missed.append("the queue or the stream does not become empty")
        alarmed = {alarm["eventId"] for alarm in world.alarms[before:]}
        code, result = world.verify()
        findings = result.get("findings", [])
        found = {finding.get("eventId") for finding in findings}
        if code != 1:
            self.missed.append(f"verify trail exits with {code}")
        if result.get("pending"):
            self.missed.append(f"{result['pending']} honest events are not in the log")
        for event_id, kind in self.victims.items():
            places = {"no alarm": alarmed, "no finding": found}
            missing = [name for name, ids in places.items() if event_id not in ids]
            if missing:
                self.missed.append(f"{kind}, {event_id}: {' and '.join(missing)}")
        return [
            f"named without an attack: {format_finding(finding)}"
            for finding in findings
            if finding.get("eventId") not in self.victims
        ]
