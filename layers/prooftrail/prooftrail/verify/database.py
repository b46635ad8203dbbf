"""What a verification has read, in a database on disk: memory stays flat, and SQL compares."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any, Final

from prooftrail.event import keys
from prooftrail.event.hold import HoldOrder
from prooftrail.event.ids import is_id, pack_id
from prooftrail.event.orders import Order
from prooftrail.event.removal import split_ids
from prooftrail.ledger.entry import LoggedEvent
from prooftrail.ledger.receipt import Receipt
from prooftrail.verify.hold_orders import (
    HOLD_INDEXES,
    HOLD_SCHEMA,
    encode_hold_order,
    insert_hold_order,
)
from prooftrail.verify.ports import (
    CommitEntries,
    CommitRecord,
    CounterPage,
    EventItem,
    RecordedPositions,
    ReferenceItem,
)

EVENT_COLUMNS: Final = "key, digest, expires_at, received_at, submitter"  # of the table `log`
_TIME_LENGTH: Final = 6
_NAME_BYTES: Final = 16
# A `key` is an event's id in bytes: its time and the first ten bytes of its digest. `orders` are
# stored removal orders, `named` the keys in them; `ledger_orders` are the ledger's copies.
# `expected_references` are those that the events must have; `name` is a hash of their partition.
_SCHEMA: Final = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -64000;
CREATE TABLE log (position INTEGER PRIMARY KEY, key BLOB, digest BLOB, expires_at INTEGER,
                  received_at INTEGER, submitter BLOB);
CREATE TABLE segments (position INTEGER PRIMARY KEY, first TEXT, last TEXT, count INTEGER);
CREATE TABLE commits (first TEXT PRIMARY KEY, last TEXT, position INTEGER, count INTEGER);
CREATE TABLE positions (position INTEGER, digest_start BLOB);
CREATE TABLE events (key BLOB, id TEXT, tenant TEXT, digest BLOB, received_at INTEGER,
                     expires_at INTEGER, problem TEXT, counter_name TEXT, stored_at INTEGER,
                     submitted_by TEXT, held_expires_at INTEGER);
CREATE TABLE orders (number INTEGER PRIMARY KEY, key BLOB, digest BLOB, tenant TEXT, id TEXT,
                     ids BLOB);
CREATE TABLE named (key BLOB, number INTEGER);
CREATE TABLE ledger_orders (key BLOB, tenant TEXT, id TEXT, ids BLOB);
CREATE INDEX orders_by_id ON orders (tenant, id);
CREATE VIEW logged_orders AS
  SELECT o.*, (SELECT min(l.position) FROM log l WHERE l.key = o.key AND l.digest = o.digest)
              AS position
  FROM orders o WHERE EXISTS (SELECT 1 FROM log l WHERE l.key = o.key AND l.digest = o.digest);
CREATE TABLE expected_references (key BLOB, name BLOB, fingerprint BLOB, id TEXT, tenant TEXT,
                                  stored_at INTEGER, expires_at INTEGER, held_expires_at INTEGER);
CREATE TABLE reference_items (key BLOB, name BLOB, fingerprint BLOB, id TEXT, tenant TEXT,
                              stored_at INTEGER, expires_at INTEGER, problem TEXT);
CREATE TABLE counters (tenant TEXT, span TEXT, bucket TEXT, sort TEXT, name TEXT, count INTEGER);
"""
# Created after the tables are filled, which is faster.
_INDEXES: Final = """
CREATE INDEX IF NOT EXISTS log_by_key ON log (key);
CREATE INDEX IF NOT EXISTS events_by_key ON events (key);
CREATE INDEX IF NOT EXISTS positions_by_position ON positions (position);
CREATE INDEX IF NOT EXISTS named_by_key ON named (key);
CREATE INDEX IF NOT EXISTS ledger_orders_by_key ON ledger_orders (key);
CREATE INDEX IF NOT EXISTS expected_by_key ON expected_references (key, name);
CREATE INDEX IF NOT EXISTS references_by_key ON reference_items (key, name);
"""


class TrailDatabase:
    """The tables of one reading; `connection` is a database that nothing else uses.

    It is emptied first.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        connection.create_function("hash_submitter", 1, _hash_text, deterministic=True)
        _remove_tables(connection)
        connection.executescript(_SCHEMA + HOLD_SCHEMA)

    def select(
        self, query: str, parameters: Sequence[object] | Mapping[str, object] = ()
    ) -> Iterator[tuple[Any, ...]]:
        """Run a query on the indexed tables."""
        self.create_indexes()
        return self.connection.execute(query, parameters)

    def create_indexes(self) -> None:
        """Create the indexes that are missing; call it after the tables are filled."""
        self.connection.executescript(_INDEXES + HOLD_INDEXES)

    # What is read

    def add_commit_entries(self, commit: CommitEntries) -> bool:
        """Add a commit's entries; return whether all their positions were free."""
        is_new = self._insert(
            "INSERT OR IGNORE INTO segments VALUES (?, ?, ?, ?)",
            [(commit.start, commit.first, commit.last, len(commit.events))],
        )
        added = self._insert(
            "INSERT OR IGNORE INTO log VALUES (?, ?, ?, ?, ?, ?)",
            [
                _make_log_row(position, event)
                for position, event in enumerate(commit.events, commit.start)
            ],
        )
        return bool(is_new) and added == len(commit.events)

    def add_commit_record(self, commit: CommitRecord) -> None:
        """Add a commit's record."""
        self._insert(
            "INSERT OR IGNORE INTO commits VALUES (?, ?, ?, ?)",
            [(commit.first, commit.last, commit.position, commit.count)],
        )

    def add_positions(self, recorded: RecordedPositions) -> None:
        """Add recorded positions."""
        self._insert("INSERT INTO positions VALUES (?, ?)", recorded.positions)

    def add_events(self, events: Sequence[EventItem]) -> None:
        """Add stored events, with the removal orders among them."""
        self._insert(
            "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    pack_id_or_text(event.id),
                    event.id,
                    event.tenant_id,
                    event.digest,
                    event.received_at,
                    event.expires_at,
                    event.problem,
                    event.counter_name,
                    event.stored_at,
                    event.submitted_by,
                    event.held_expires_at,
                )
                for event in events
            ],
        )
        self._insert(
            "INSERT INTO expected_references VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    pack_id_or_text(event.id),
                    _hash_partition(expected.partition),
                    expected.fingerprint,
                    event.id,
                    event.tenant_id,
                    event.stored_at,
                    event.expires_at,
                    event.held_expires_at,
                )
                for event in events
                for expected in event.references
            ),
        )
        self.add_orders(events)

    def add_references(self, references: Sequence[ReferenceItem]) -> None:
        """Add references that are stored."""
        self._insert(
            "INSERT INTO reference_items VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    pack_id_or_text(reference.id),
                    _hash_partition(reference.partition),
                    reference.fingerprint,
                    reference.id,
                    reference.tenant_id,
                    reference.stored_at,
                    reference.expires_at,
                    reference.problem,
                )
                for reference in references
            ],
        )

    def add_orders(self, events: Iterable[EventItem]) -> None:
        """Add the orders among stored events, except those that were added before."""
        for event in events:
            if event.removal_ids:
                self._add_order(event)
            if event.hold_order:
                key = pack_id_or_text(event.id)
                insert_hold_order(self.connection, key, event.digest, event.hold_order)

    def _add_order(self, event: EventItem) -> None:
        known = "SELECT 1 FROM orders WHERE tenant = ? AND id = ?"
        if self.connection.execute(known, (event.tenant_id, event.id)).fetchone():
            return
        number = self.connection.execute(
            "INSERT INTO orders (key, digest, tenant, id, ids) VALUES (?, ?, ?, ?, ?)",
            (
                pack_id_or_text(event.id),
                event.digest,
                event.tenant_id,
                event.id,
                event.removal_ids,
            ),
        ).lastrowid
        self._insert(
            "INSERT INTO named VALUES (?, ?)",
            ((key, number) for key in split_ids(event.removal_ids)),
        )

    def add_ledger_order(self, order: Order) -> None:
        """Add the ledger's copy of an order."""
        if isinstance(order, HoldOrder):
            self._insert(
                "INSERT INTO ledger_hold_orders VALUES (?, ?, ?, ?)",
                [
                    (
                        pack_id_or_text(order.id),
                        order.tenant_id,
                        order.id,
                        encode_hold_order(order),
                    )
                ],
            )
            return
        self._insert(
            "INSERT INTO ledger_orders VALUES (?, ?, ?, ?)",
            [(pack_id_or_text(order.id), order.tenant_id, order.id, order.ids)],
        )

    def add_counters(self, page: CounterPage) -> None:
        """Add a page of counters."""
        bucket = page.sort.partition(keys.PAGE_SEPARATOR)[0]
        self._insert(
            "INSERT INTO counters VALUES (?, ?, ?, ?, ?, ?)",
            [
                (page.tenant_id, page.span, bucket, page.sort, name, count)
                for name, count in page.counts.items()
            ],
        )

    def correct_entry(self, position: int, event: LoggedEvent) -> None:
        """Replace the ledger's entry by the one that the published log proves."""
        self._insert(
            "INSERT OR REPLACE INTO log VALUES (?, ?, ?, ?, ?, ?)",
            [_make_log_row(position, event)],
        )

    def _insert(self, statement: str, rows: Iterable[Sequence[object]]) -> int:
        return self.connection.executemany(statement, rows).rowcount

    # What is looked up

    def read_log_size(self) -> int:
        """Return the position after the last entry that was added."""
        query = "SELECT ifnull(max(position) + 1, 0) FROM log"
        [(size,)] = self.connection.execute(query)
        return int(size)

    def read_log(self, start: int, end: int) -> list[tuple[int, LoggedEvent]]:
        """Return positions and entries from `start` to before `end`, without the missing ones."""
        return [
            (position, unpack_event(*event))
            for position, *event in self.connection.execute(
                f"SELECT position, {EVENT_COLUMNS} FROM log"  # noqa: S608  # a constant
                " WHERE position >= ? AND position < ? ORDER BY position",
                (start, end),
            )
        ]

    def has_positions(self) -> bool:
        """Return whether the position of any entry is recorded."""
        return self.connection.execute("SELECT 1 FROM positions LIMIT 1").fetchone() is not None

    def read_newest_logged_ms(self) -> int:
        """Return a time before which the newest logged event was not stored; 0 if none is known.

        It is the time of receipt in its entry. For entries of version 1 it is the time of the last
        write, which a second delivery moves.
        """
        query = """
            SELECT max(
              (SELECT ifnull(max(received_at), 0) FROM log),
              (SELECT ifnull(max(e.stored_at), 0) FROM events e JOIN log l
               ON l.key = e.key AND l.digest = e.digest
               WHERE l.received_at IS NULL AND e.problem IS NULL))
        """
        [(newest,)] = self.select(query)
        return int(newest)

    def has_events_stored_before(self, time_ms: int) -> bool:
        """Return whether any event was stored before this time."""
        query = "SELECT 1 FROM events WHERE stored_at < ? LIMIT 1"
        return self.connection.execute(query, (time_ms,)).fetchone() is not None

    def find_positions(self, event: LoggedEvent) -> list[int]:
        """Return every position of the event."""
        query = "SELECT position FROM log WHERE key = ? AND digest = ? ORDER BY position"
        return [position for (position,) in self.select(query, (pack_key(event), event.digest))]

    def find_commits_beyond(self, position: int) -> list[int]:
        """Return the starts of the commits that reach beyond a position of the log."""
        query = "SELECT position FROM segments WHERE position + max(count, 1) > ? ORDER BY position"
        return [start for (start,) in self.connection.execute(query, (position,))]

    def find_gaps(self, start: int, end: int) -> Iterator[int]:
        """Yield the positions without an entry."""
        expected = start
        query = "SELECT position FROM log WHERE position >= ? AND position < ? ORDER BY position"
        for (position,) in self.connection.execute(query, (start, end)):
            yield from range(expected, position)
            expected = position + 1
        yield from range(expected, end)


def _remove_tables(connection: sqlite3.Connection) -> None:
    query = "SELECT type, name FROM sqlite_master WHERE type IN ('table', 'view')"
    for kind, name in connection.execute(query).fetchall():
        connection.execute(f"DROP {kind} {name}")


def pack_key(event: LoggedEvent) -> bytes:
    """Return the event's id in bytes: its time and its digest's first ten bytes."""
    return event.time_ms.to_bytes(_TIME_LENGTH, "big") + event.digest[:10]


def pack_id_or_text(text: str) -> bytes:
    """Return an id in bytes; for a text that is not an id, bytes that no id has."""
    return pack_id(text) if is_id(text) else text.encode(errors="replace")


def unpack_time(key: bytes) -> int:
    """Return the time in an id in bytes, in milliseconds since 1970."""
    return int.from_bytes(key[:_TIME_LENGTH], "big")


def _hash_partition(partition: str) -> bytes:
    return sha256(partition.encode(errors="replace")).digest()[:_NAME_BYTES]


def _hash_text(submitted_by: str | None) -> bytes | None:
    return None if submitted_by is None else Receipt.from_submitter(0, submitted_by).submitter


def _make_log_row(position: int, event: LoggedEvent) -> tuple[object, ...]:
    receipt = event.receipt
    return (
        position,
        pack_key(event),
        event.digest,
        event.expires_at,
        receipt.received_at if receipt else None,
        receipt.submitter if receipt else None,
    )


def unpack_event(
    key: bytes,
    digest: bytes,
    expires_at: int | None,
    received_at: int | None,
    submitter: bytes | None,
) -> LoggedEvent:
    """Return the event in the `EVENT_COLUMNS` of a row of `log`."""
    receipt = None
    if received_at is not None and submitter is not None:
        receipt = Receipt(received_at, submitter)
    return LoggedEvent(unpack_time(key), digest, expires_at, receipt)
