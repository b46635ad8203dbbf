"""A trail made by the real handlers, and changes to it that bypass the system."""

import json
import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from local.runtime import Runtime
from local.template import Stack
from prooftrail.aws.log import DynamoLog
from prooftrail.aws.payloads import S3PayloadStore
from prooftrail.aws.published_log import S3PublishedLog
from prooftrail.aws.shard_count import read_shard_count
from prooftrail.aws.trail import DynamoTrail
from prooftrail.cli.installation import DEFAULT_SHARD_COUNT
from prooftrail.event.times import HOUR_MS
from prooftrail.intake.ingest import Message
from prooftrail.ledger.entry import parse_entry
from prooftrail.ledger.ports import PublishedCheckpoint
from prooftrail.tlog.checkpoint import Checkpoint
from prooftrail.tlog.note import Note, VerifierKey
from prooftrail.tlog.policy import Policy
from prooftrail.verify.findings import Finding, FindingKind
from prooftrail.verify.ports import LedgerItem, TableItem, TrailReader
from prooftrail.verify.result import TrailResult
from prooftrail.verify.trail import TrailCheck
from tests.support.log_samples import make_verifier_key, sign_checkpoint
from tests.support.samples import NOW_MS, bulk_job, event_json, queue_event
from tests.support.small_items import TOO_LARGE_FOR_AN_ITEM, lower_item_limit
from tests.support.stack import cool_down, deployed, make_client
from tests.support.trail import make_ulid, read_ledger, read_signing_key, stream_records

CLOCK_MS = NOW_MS + HOUR_MS  # of the verification
LATER_MS = NOW_MS + HOUR_MS // 2  # when the events of the last commit are sent
RETENTION_DAYS = 30
END = NOW_MS // 1000 + RETENTION_DAYS * 86_400
TENANTS = ("acme", "globex", "initech")
ENDLESS, ENDING, LARGE, FAILED = 5, 150, 290, 3  # positions of events of special kinds
COMMITS = ((60, 0), (60, 0), (150, RETENTION_DAYS), (40, RETENTION_DAYS), (12, RETENTION_DAYS))
PUBLISHED_SIZES = (120, 270, 310)
SIZE = PUBLISHED_SIZES[-1]
HEAD_SIZE = 322
PENDING = 3
EVENTS, LEDGER = "AuditEventsTable", "AuditLedgerTable"
LOG_BUCKET, PAYLOADS = "LogBucket", "OverflowBucket"

Item = dict[str, Any]
Address = tuple[str, ...]  # a table and the values of a key, or a bucket and a name
State = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class ExpectedFinding:
    """An expected finding: its kind, its place, and the event and position if it has them."""

    kind: FindingKind
    place: str
    event_id: str | None = None
    position: int | None = None

    @classmethod
    def from_finding(cls, finding: Finding) -> "ExpectedFinding":
        """Return the comparable part of a finding."""
        return cls(finding.kind, finding.place, finding.event_id, finding.position)


Mutation = Callable[["Trail"], Sequence[ExpectedFinding]]
"""A function that changes a trail and returns the findings that a verification must make."""


def add_mutation(mutations: dict[str, Mutation]) -> Callable[[Mutation], Mutation]:
    """Return a decorator that adds a mutation under its name, with spaces for underscores."""

    def add(mutation: Mutation) -> Mutation:
        name = mutation.__name__.replace("_", " ")
        assert name not in mutations
        mutations[name] = mutation
        return mutation

    return add


def check_mutation(trail: "Trail", mutation: Mutation, *, is_exact: bool) -> None:
    """Check that a verification finds a mutation. An exact mutation causes no other findings."""
    expected = Counter(mutation(trail))
    result = trail.verify()
    assert not result.is_verified
    found = Counter(map(ExpectedFinding.from_finding, result.findings))
    assert not expected - found, result.findings[:10]
    if is_exact:
        assert found == expected, result.findings


@dataclass
class Trail:
    """A deployed trail; `ids` and `logged` hold the log's ids and events by position."""

    stack: Stack

    def __post_init__(self) -> None:
        self.dynamodb: Any = make_client("dynamodb")
        self.s3: Any = make_client("s3")
        self.runtime = Runtime(self.stack.functions, lambda _name, _line: None)
        self.committed = 0
        self.sent = 0
        self.undo: list[Callable[[], object]] = []
        self.touched: dict[Address, Item | None] = {}  # with the item before a test touched it
        self.known: dict[str, dict[Address, list[Any]]] = {}

    # Growing, by the real handlers

    def store(
        self,
        count: int,
        *,
        retention_days: int = 0,
        sent_at: int = NOW_MS,
        sender_id: str = "",
    ) -> None:
        """Let the processor store `count` more events, of several tenants and two hours.

        Without a sender, their entries have version 1.
        """
        self.deliver(
            range(self.sent, self.sent + count),
            retention_days=retention_days,
            sent_at=sent_at,
            sender_id=sender_id,
        )
        self.sent += count

    def deliver(
        self,
        numbers: Iterable[int],
        *,
        retention_days: int = 0,
        sent_at: int = NOW_MS,
        stored_at: int | None = None,
        sender_id: str = "",
    ) -> None:
        """Let the processor store these events, for the first time or again.

        `stored_at` is the time by the processor's clock, if it is not `sent_at`.
        """
        self.send(
            [_make_event(n) for n in numbers],
            retention_days=retention_days,
            sent_at=sent_at,
            stored_at=stored_at,
            sender_id=sender_id,
        )

    def send(
        self,
        events: Sequence[object],
        *,
        retention_days: int = 0,
        sent_at: int = NOW_MS,
        stored_at: int | None = None,
        sender_id: str = "",
    ) -> None:
        """Let the processor store events; the options are those of `deliver`."""
        self.known.clear()
        batch = queue_event(Message(f"m-{sent_at}", bulk_job(*events), sent_at, 1, sender_id))
        clock_ms = sent_at if stored_at is None else stored_at
        with patch.dict(os.environ, RETENTION_DAYS=str(retention_days)):
            cool_down()
            with (
                patch("time.time_ns", return_value=clock_ms * 1_000_000),  # the item's storedAt
                pytest.MonkeyPatch.context() as limit,
            ):
                lower_item_limit(limit)
                response = self.runtime.invoke("ProcessorFunction", batch)
            assert not response["batchItemFailures"]

    def commit(self, count: int) -> None:
        """Let the ledger commit the next `count` events of the stream."""
        records = stream_records(self.stack)[self.committed :][:count]
        assert len(records) == count
        self.committed += count
        self.known.clear()
        self.runtime.invoke("LedgerFunction", {"Records": records})

    def publish(self) -> None:
        """Publish the log."""
        self.known.clear()
        self.runtime.invoke("CheckpointFunction", {})

    def note_log(self) -> None:
        """Read the log and the stored events again."""
        self.logged = [parse_entry(entry) for entry in read_ledger(self.stack).logged]
        self.ids = [make_ulid(event.time_ms, event.digest) for event in self.logged]
        self.items = {item["id"]["S"]: item for item in self.scan(EVENTS)}
        self.known.clear()

    # Reading

    def scan(self, table: str) -> list[Item]:
        """Return every item of a table."""
        pages = self.dynamodb.get_paginator("scan").paginate(TableName=self.stack.resources[table])
        return [item for page in pages for item in page["Items"]]

    def get_items(self, table: str, addresses: Iterable[Address]) -> Iterator[Item]:
        """Yield the items of a table with these addresses, if they exist."""
        key_names = ("pk", "sk" if table == LEDGER else "id")
        for _, *values in addresses:
            key = {name: {"S": value} for name, value in zip(key_names, values, strict=True)}
            found = self.dynamodb.get_item(TableName=self.stack.resources[table], Key=key)
            if "Item" in found:
                yield found["Item"]

    def state(self) -> State:
        """Return everything stored, by table or bucket and key."""
        kept: dict[str, Mapping[str, Any]] = {
            table: {_encode_key(item): item for item in self.scan(table)}
            for table in (EVENTS, LEDGER)
        }
        for bucket in (LOG_BUCKET, PAYLOADS):
            response = self.s3.list_objects_v2(Bucket=self.stack.resources[bucket])
            names = [stored["Key"] for stored in response.get("Contents", [])]
            kept[bucket] = {name: self.read(bucket, name) for name in names}
        return kept

    def read(self, bucket: str, name: str) -> bytes:
        """Return the content of an object."""
        response = self.s3.get_object(Bucket=self.stack.resources[bucket], Key=name)
        content: bytes = response["Body"].read()
        return content

    def event(self, position: int) -> Item:
        """Return the stored event of an entry."""
        return dict(self.items[self.ids[position]])

    def ledger_items(self, prefix: str) -> list[Item]:
        """Return the ledger's items whose partition has this prefix, by position, then by key."""
        items = [item for item in self.scan(LEDGER) if item["pk"]["S"].startswith(prefix)]
        return sorted(items, key=_get_position)

    @property
    def key(self) -> Ed25519PrivateKey:
        """The log's own key."""
        return read_signing_key(self.stack)

    @property
    def origin(self) -> str:
        """The log's name."""
        return self.stack.functions["CheckpointFunction"].environment["LOG_ORIGIN"]

    @property
    def verifier_key(self) -> VerifierKey:
        """The verifier key of the log."""
        return make_verifier_key(self.origin, self.key)

    def sign_checkpoint(self, size: int, root: bytes, key: Ed25519PrivateKey | None = None) -> Note:
        """Return a checkpoint of this log, signed with the log's key or another key."""
        return sign_checkpoint(Checkpoint(self.origin, size, root), key or self.key)

    # Changing, without the system

    def put(self, table: str, item: Mapping[str, Any], **attributes: Any) -> None:
        """Put an item with these attributes changed; None leaves one out."""
        changed = {name: value for name, value in {**item, **attributes}.items() if value}
        self._before_item(table, changed)
        self.dynamodb.put_item(TableName=self.stack.resources[table], Item=changed)

    def remove(self, table: str, item: Mapping[str, Any]) -> None:
        """Remove an item."""
        self._before_item(table, item)
        self.dynamodb.delete_item(TableName=self.stack.resources[table], Key=_get_key(item))

    def _before_item(self, table: str, item: Mapping[str, Any]) -> None:
        name, key = self.stack.resources[table], _get_key(item)
        earlier = self.dynamodb.get_item(TableName=name, Key=key).get("Item")
        self.touched.setdefault((table, *_get_key_values(item)), earlier)
        if earlier:
            self.undo.append(lambda: self.dynamodb.put_item(TableName=name, Item=earlier))
        else:
            self.undo.append(lambda: self.dynamodb.delete_item(TableName=name, Key=key))

    def write(self, bucket: str, name: str, content: bytes) -> None:
        """Put an object."""
        self._before_object(bucket, name)
        self.s3.put_object(Bucket=self.stack.resources[bucket], Key=name, Body=content)

    def erase(self, bucket: str, name: str) -> None:
        """Remove an object."""
        self._before_object(bucket, name)
        self.s3.delete_object(Bucket=self.stack.resources[bucket], Key=name)

    def _before_object(self, bucket: str, name: str) -> None:
        self.touched.setdefault((bucket, name), None)
        where = {"Bucket": self.stack.resources[bucket], "Key": name}
        try:
            earlier = self.read(bucket, name)
        except self.s3.exceptions.NoSuchKey:
            self.undo.append(lambda: self.s3.delete_object(**where))
        else:
            self.undo.append(lambda: self.s3.put_object(**where, Body=earlier))

    def restore(self, state: State | None = None) -> None:
        """Undo every change, or restore an earlier state."""
        if state is None:
            while self.undo:
                self.undo.pop()()
            self.touched.clear()
            return
        now = self.state()
        for table in (EVENTS, LEDGER):
            for _, item in _subtract(now[table], state[table]):
                self.remove(table, item)
            for _, item in _subtract(state[table], now[table]):
                self.put(table, item)
        for bucket in (LOG_BUCKET, PAYLOADS):
            for name, _ in _subtract(now[bucket], state[bucket]):
                self.erase(bucket, name)
            for name, content in _subtract(state[bucket], now[bucket]):
                self.write(bucket, name, content)

    # Verifying

    def reader(self, item: Item | None = None) -> DynamoTrail:
        """Return a reader of the tables, or of one item of the default shard count."""
        names = self.stack.resources
        return DynamoTrail(
            _OneItem(item) if item else self.dynamodb,  # type: ignore[arg-type]  # it only scans
            names[LEDGER],
            names[EVENTS],
            (lambda: DEFAULT_SHARD_COUNT) if item else self.shard_count,
            S3PayloadStore(lambda: self.s3, names[PAYLOADS]),
        )

    def shard_count(self) -> int:
        """Return the shard count of the stored events, as the command reads it."""
        return read_shard_count(self.dynamodb, self.stack.resources[LEDGER]) or DEFAULT_SHARD_COUNT

    def verify(
        self,
        *,
        saved: Note | None = None,
        key: VerifierKey | None = None,
        now_ms: int | Callable[[], int] = CLOCK_MS,
        reader: TrailReader | None = None,
        before_checkpoint: Callable[[], object] = lambda: None,
        sleep: Callable[[float], None] = lambda _: None,
    ) -> TrailResult:
        """Verify the whole trail by a clock that shows `now_ms`."""
        with closing(sqlite3.connect(":memory:")) as database:
            return TrailCheck(
                _LogWithAction(before_checkpoint, self.s3, self.stack.resources[LOG_BUCKET]),
                DynamoLog(self.dynamodb, self.stack.resources[LEDGER]),
                reader or _CachedTrail(self),
                Policy.from_key(key or self.verifier_key),
                database,
                now_ms if callable(now_ms) else lambda: now_ms,
                sleep=sleep,
            ).run(saved)


class _LogWithAction(S3PublishedLog):
    """A published log that runs an action once, before its checkpoint is read."""

    def __init__(self, action: Callable[[], object], client: Any, bucket: str) -> None:
        super().__init__(client, bucket)
        self._actions = [action]

    def read_checkpoint(self) -> PublishedCheckpoint | None:
        """See `PublishedLog.read_checkpoint`."""
        if self._actions:
            self._actions.pop()()
        return super().read_checkpoint()


@dataclass
class _CachedTrail:
    """Reads and decodes an item once, and again only when a test has changed it."""

    trail: Trail

    def read_ledger(self) -> Iterator[LedgerItem]:
        """See `TrailReader.read_ledger`."""
        return self._read(LEDGER, DynamoTrail.read_ledger)

    def read_events(self) -> Iterator[TableItem]:
        """See `TrailReader.read_events`."""
        has_default = self.trail.shard_count() == DEFAULT_SHARD_COUNT
        if not has_default or any(place == PAYLOADS for place, *_ in self.trail.touched):
            return self.trail.reader().read_events()
        return self._read(EVENTS, DynamoTrail.read_events)

    def _read(self, table: str, read: Callable[[DynamoTrail], Iterable[Any]]) -> Iterator[Any]:
        def decode(item: Item) -> tuple[Address, list[Any]]:
            return (table, *_get_key_values(item)), list(read(self.trail.reader(item)))

        touched = {
            address: item for address, item in self.trail.touched.items() if address[0] == table
        }
        if table not in self.trail.known:
            found = dict(map(decode, self.trail.scan(table)))
            self.trail.known[table] = {**found, **dict(map(decode, filter(None, touched.values())))}
        changed = dict(map(decode, self.trail.get_items(table, touched)))
        untouched = {
            address: decoded
            for address, decoded in self.trail.known[table].items()
            if address not in touched
        }
        for _, decoded in sorted({**untouched, **changed}.items()):  # the order of a scan
            yield from decoded


@dataclass
class _OneItem:
    """A client of a table with one item."""

    item: Item

    def scan(self, **_: Any) -> Mapping[str, Any]:
        """Return the item."""
        return {"Items": [self.item]}


def _make_event(number: int) -> dict[str, Any]:
    details: dict[str, Any] = {"n": number}
    if number == LARGE:
        details["archive"] = TOO_LARGE_FOR_AN_ITEM
    return event_json(
        tenantId=TENANTS[number % 3],
        eventId=f"e-{number}",
        timestamp=f"2025-11-24T1{4 + number % 2}:{number % 60:02d}:00.{number:03d}Z",
        userId=f"u-{number % 7}",
        success=number % 10 != FAILED,
        sessionId=f"s-{number}",
        requestId=f"r-{number}",
        ipAddress="203.0.113.7",
        details=details,
    )


def _subtract(state: Mapping[str, Any], other: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return what is only in the first state, or different in the other."""
    return [(name, value) for name, value in state.items() if other.get(name) != value]


def _get_key(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: item[name] for name in ("pk", "sk" if "sk" in item else "id")}


def _get_key_values(item: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(value["S"] for value in _get_key(item).values())


def _get_position(item: Mapping[str, Any]) -> tuple[int, tuple[str, ...]]:
    return int(item.get("position", {"N": 0})["N"]), _get_key_values(item)


def _encode_key(item: Mapping[str, Any]) -> str:
    return json.dumps(_get_key_values(item))


@contextmanager
def build_trail(
    commits: Sequence[tuple[int, int]] = COMMITS,
) -> Iterator[tuple[Trail, State]]:
    """Build a trail of these commits (events, retention in days). Yield it and an earlier state.

    It is published at each of `PUBLISHED_SIZES`; the state is that at the first of them. The last
    commit is later than the others, and `PENDING` more events wait for the ledger.
    """
    with deployed() as stack:
        trail = Trail(stack)
        for count, retention_days in commits:
            is_last = (count, retention_days) == commits[-1]
            sent_at = LATER_MS if is_last else NOW_MS
            trail.store(count, retention_days=retention_days, sent_at=sent_at)
            trail.commit(count)
            if trail.committed in PUBLISHED_SIZES:
                trail.publish()
            if trail.committed == PUBLISHED_SIZES[0]:
                earlier = trail.state()
        trail.store(PENDING, sent_at=CLOCK_MS - 60_000)
        trail.note_log()
        yield trail, earlier
