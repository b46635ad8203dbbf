"""Attacks on a settled system, past the package: what each changes must be named."""

import random
from collections.abc import Mapping
from typing import Any

from soak.checks import drop_explained, format_finding
from soak.world import World
from tests.support.trail import read_items

KINDS = ("alter", "remove", "insert", "expire early")


class Attacker:
    """Has write access to both tables. `named` is what verification has to name."""

    def __init__(self, world: World, rng: random.Random) -> None:
        self._world = world
        self._rng = rng
        self._dynamodb: Any = world.make_client("dynamodb")
        self.victims: dict[str, str] = {}
        self.missed: list[str] = []

    def attack(self, kinds: tuple[str, ...] = KINDS) -> None:
        """Attack one stored event for each kind."""
        items = [
            item
            for item in read_items(self._world.stack, "AuditEventsTable")
            if "event" in item and item["id"]["S"] in self._world.books.numbers
        ]
        self._rng.shuffle(items)
        for kind, item in zip(kinds, items, strict=False):
            self._attack(kind, item)

    def _attack(self, kind: str, item: Mapping[str, Any]) -> None:
        event_id = item["id"]["S"]
        key = {name: item[name] for name in ("pk", "id")}
        match kind:
            case "alter":
                [(form, content)] = item["event"].items()
                changed = content + " " if form == "S" else content + b" "
                self._put({**item, "event": {form: changed}})
            case "remove":
                self._dynamodb.delete_item(TableName=self._table, Key=key)
            case "insert":
                event_id = event_id[:-4] + "0000"
                self._put({**item, "id": {"S": event_id}})
            case "expire early":
                self._put({**item, "expiresAt": {"N": "1700000000"}})
        self.victims[event_id] = kind

    @property
    def _table(self) -> str:
        return self._world.stack.resources["AuditEventsTable"]

    def _put(self, item: Mapping[str, Any]) -> None:
        self._dynamodb.put_item(TableName=self._table, Item=item)

    def find_unnamed(self) -> list[str]:
        """Note in `missed` what is not named. Return what is named besides."""
        world = self._world
        before = len(world.alarms)
        world.settle()
        alarmed = {alarm["eventId"] for alarm in world.alarms[before:]}
        code, result = world.verify()
        findings = result.get("findings", [])
        found = {finding.get("eventId") for finding in findings}
        if code != 1:
            self.missed = [f"verify trail exits with {code}"]
            return []
        named = {event_id for event_id in self.victims if event_id in found & alarmed}
        self.missed = [
            f"{kind} {event_id}: {'' if event_id in alarmed else 'no alarm '}"
            f"{'' if event_id in found else 'no finding'}"
            for event_id, kind in self.victims.items()
            if event_id not in named
        ]
        return [
            f"named without an attack: {format_finding(finding)}"
            for finding in drop_explained(findings)
            if finding.get("eventId") not in self.victims
        ]
