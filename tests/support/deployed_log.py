"""A deployed log: its events are stored, committed and published by the real functions."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from unittest.mock import patch

from botocore.client import BaseClient

from local.runtime import Runtime
from local.template import Stack
from prooftrail.aws.clients import client
from prooftrail.event.times import now_ms
from prooftrail.runtime.config import get_settings
from tests.support.samples import bulk_job, event_json, message, queue_event
from tests.support.trail import read_items, stream_records


@dataclass
class Log:
    """A deployed log; `lines` holds the JSON lines that the functions printed."""

    stack: Stack
    lines: list[dict[str, Any]] = field(default_factory=list)
    size: int = 0
    waiting: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.runtime = Runtime(self.stack.functions, self._note)

    def _note(self, _: str, line: str) -> None:
        self.lines.append(json.loads(line))

    def take(self, events: int) -> list[dict[str, Any]]:
        """Return the stream records of the next events. Store more events if too few wait."""
        if len(self.waiting) < events:
            seen, more = self.size + len(self.waiting), max(events, 100)
            bodies = [
                event_json(userId=f"u{n}", timestamp=f"2025-11-24T1{n % 2}:00:00Z")
                for n in range(seen, seen + more)
            ]
            sent = queue_event(replace(message(bulk_job(*bodies), f"m{seen}"), sent_at=now_ms()))
            assert not self.runtime.invoke("ProcessorFunction", sent)["batchItemFailures"]
            self.waiting += stream_records(self.stack)[seen:]
        taken, self.waiting = self.waiting[:events], self.waiting[events:]
        assert len(taken) == events
        self.size += events
        return taken

    def commit(self, events: int) -> None:
        """Commit the next `events` events."""
        self.runtime.invoke("LedgerFunction", {"Records": self.take(events)})

    def publish(self) -> None:
        """Invoke the checkpoint function once."""
        self.runtime.invoke("CheckpointFunction", {})

    def list_values(self, metric: str) -> list[float]:
        """Return the metric's values so far."""
        return [value for line in self.lines for value in line.get(metric, [])]

    def put(self, key: str, content: bytes) -> None:
        """Put an object into the log's bucket, as an attacker could."""
        client("s3").put_object(Bucket=self.stack.resources["LogBucket"], Key=key, Body=content)

    def snapshot(self) -> tuple[set[str], dict[str, Mapping[str, Any]]]:
        """Return the bucket's versions and the ledger's items."""
        items = read_items(self.stack, "AuditLedgerTable")
        return {version["VersionId"] for version in self._versions()}, {
            str(_get_key(item)): item for item in items
        }

    def roll_back(self, snapshot: tuple[set[str], dict[str, Mapping[str, Any]]]) -> None:
        """Restore bucket and ledger to this snapshot."""
        versions, items = snapshot
        added = [version for version in self._versions() if version["VersionId"] not in versions]
        if added:
            client("s3").delete_objects(
                Bucket=self.stack.resources["LogBucket"], Delete={"Objects": added}
            )
        for item in read_items(self.stack, "AuditLedgerTable"):
            earlier = items.get(str(_get_key(item)))
            if earlier is None:
                self.remove(item)
            elif earlier != item:
                self.replace(earlier)

    def _versions(self) -> list[Any]:
        bucket = self.stack.resources["LogBucket"]
        versions = client("s3").list_object_versions(Bucket=bucket).get("Versions", [])
        return [{name: version[name] for name in ("Key", "VersionId")} for version in versions]

    def item(self, partition: str, number: int = 0) -> Mapping[str, Any]:
        """Return the item of the ledger at this index of its partition."""
        items = [
            item
            for item in read_items(self.stack, "AuditLedgerTable")
            if item["pk"]["S"] == partition
        ]
        return sorted(items, key=lambda item: item["sk"]["S"])[number]

    def remove(self, item: Mapping[str, Any]) -> None:
        """Remove an item of the ledger."""
        client("dynamodb").delete_item(TableName=get_settings().ledger_table, Key=_get_key(item))

    def replace(self, item: Mapping[str, Any], **attributes: Any) -> None:
        """Change attributes of an item of the ledger."""
        client("dynamodb").put_item(
            TableName=get_settings().ledger_table, Item={**item, **attributes}
        )


def _get_key(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: item[name] for name in ("pk", "sk")}


@contextmanager
def run_before_call(
    nth: int, action: Callable[[], object], operation: str | None = None
) -> Iterator[list[str]]:
    """Run an action before the n-th AWS call (of an operation). Yield the operations called."""
    calls: list[str] = []
    original = BaseClient._make_api_call  # type: ignore[attr-defined]
    is_acting = False

    def make_api_call(client: BaseClient, name: str, parameters: dict[str, Any]) -> object:
        nonlocal is_acting
        if not is_acting and operation in {None, name}:
            calls.append(name)
            if len(calls) - 1 == nth:
                is_acting = True
                action()
                is_acting = False
        return original(client, name, parameters)

    with patch.object(BaseClient, "_make_api_call", make_api_call):
        yield calls
