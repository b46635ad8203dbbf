"""What a verification has read, in a database on disk: memory stays flat, and SQL compares."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from prooftrail.event import keys
from prooftrail.event.ids import is_id, pack_id
from prooftrail.event.removal import RemovalOrder, split_ids
from prooftrail.event.times import format_day, format_hour
from prooftrail.ledger.entry import LoggedEvent
from prooftrail.verify.ports import (
    CommitEntries,
    CommitRecord,
    CounterPage,
    EventItem,
    RecordedPositions,
)

_TIME_LENGTH: Final = 6
_SCHEMA: Final = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -64000;
CREATE TABLE log (position INTEGER PRIMARY KEY, key BLOB, digest BLOB, expires_at INTEGER);
CREATE TABLE segments (position INTEGER PRIMARY KEY, first TEXT, last TEXT, count INTEGER);
CREATE TABLE commits (first TEXT PRIMARY KEY, last TEXT, position INTEGER, count INTEGER);
CREATE TABLE places (position INTEGER, start BLOB);
CREATE TABLE events (key BLOB, id TEXT, tenant TEXT, digest BLOB, received_at INTEGER,
                     expires_at INTEGER, problem TEXT, counter_name TEXT);
CREATE TABLE orders (number INTEGER PRIMARY KEY, key BLOB, digest BLOB, tenant TEXT, id TEXT,
                     ids BLOB);
CREATE TABLE ordered (key BLOB, number INTEGER);
CREATE TABLE kept_orders (key BLOB, tenant TEXT, id TEXT, ids BLOB);
CREATE INDEX orders_by_id ON orders (tenant, id);
CREATE VIEW logged_orders AS
  SELECT o.*, (SELECT min(l.position) FROM log l WHERE l.key = o.key AND l.digest = o.digest)
              AS position
  FROM orders o WHERE EXISTS (SELECT 1 FROM log l WHERE l.key = o.key AND l.digest = o.digest);
CREATE TABLE counters (tenant TEXT, span TEXT, bucket TEXT, sort TEXT, name TEXT, count INTEGER);
"""
_INDEXES: Final = """
CREATE INDEX IF NOT EXISTS log_by_key ON log (key);
CREATE INDEX IF NOT EXISTS events_by_key ON events (key);
CREATE INDEX IF NOT EXISTS places_by_position ON places (position);
CREATE INDEX IF NOT EXISTS ordered_by_key ON ordered (key);
CREATE INDEX IF NOT EXISTS kept_orders_by_key ON kept_orders (key);
"""


_RECOUNT: Final = """
DROP TABLE IF EXISTS recount;
DROP TABLE IF EXISTS incomplete;
CREATE TABLE recount AS
  SELECT e.tenant AS tenant, s.span AS span, bucket_of(e.key, s.span) AS bucket,
         e.counter_name AS name, count(*) AS count
  FROM (SELECT DISTINCT key, tenant, counter_name FROM events
        WHERE problem IS NULL AND EXISTS
          (SELECT 1 FROM log WHERE log.key = events.key AND log.digest = events.digest)) e,
       (SELECT 'hour' AS span UNION SELECT 'day') s
  GROUP BY 1, 2, 3, 4;
CREATE TABLE incomplete AS
  SELECT DISTINCT s.span AS span, bucket_of(l.key, s.span) AS bucket
  FROM log l, (SELECT 'hour' AS span UNION SELECT 'day') s
  WHERE NOT EXISTS (SELECT 1 FROM events e
                    WHERE e.key = l.key AND e.digest = l.digest AND e.problem IS NULL);
CREATE INDEX recount_by_name ON recount (tenant, span, bucket, name);
"""
_ORDER_DIFFERENCES: Final = """
SELECT k.id, (SELECT min(position) FROM log WHERE key = k.key),
       'it keeps a removal order that is not stored, or not logged'
FROM kept_orders k WHERE NOT EXISTS
  (SELECT 1 FROM logged_orders o WHERE o.tenant = k.tenant AND o.id = k.id)
UNION ALL
SELECT o.id, o.position, 'it keeps the removal order with other events than the stored one'
FROM logged_orders o JOIN kept_orders k ON k.key = o.key AND k.tenant = o.tenant
WHERE k.ids <> o.ids
ORDER BY 2, 1
"""
_UNKEPT_ORDERS: Final = """
SELECT position, tenant, id, ids FROM logged_orders o
WHERE position < ? AND NOT EXISTS
  (SELECT 1 FROM kept_orders k WHERE k.key = o.key AND k.tenant = o.tenant)
ORDER BY position
"""
# What is known as a removal order is never itself removed by another one.
_UNSTORED: Final = """
SELECT position, key, digest, expires_at,
       EXISTS (SELECT 1 FROM ordered d JOIN logged_orders o USING (number) WHERE d.key = l.key)
       AND NOT EXISTS (SELECT 1 FROM kept_orders k WHERE k.key = l.key)
FROM log l WHERE position >= ? AND position < ?
AND NOT EXISTS (SELECT 1 FROM events e WHERE e.key = l.key) ORDER BY position
"""
_DIFFERENCES: Final = """
WITH held AS (
  SELECT tenant, span, bucket, name, sum(count) AS count, max(count) AS in_page, sort
  FROM counters GROUP BY tenant, span, bucket, name),
compared AS (
  SELECT h.tenant, h.span, h.bucket, h.name, h.count AS stored, ifnull(r.count, 0) AS expected,
         h.sort, h.in_page
  FROM held h LEFT JOIN recount r USING (tenant, span, bucket, name)
  UNION ALL
  SELECT r.tenant, r.span, r.bucket, r.name, 0, r.count, r.bucket, 0
  FROM recount r LEFT JOIN held h USING (tenant, span, bucket, name) WHERE h.tenant IS NULL)
SELECT * FROM compared c WHERE expected > stored OR (expected < stored AND NOT EXISTS
  (SELECT 1 FROM incomplete i WHERE i.span = c.span AND i.bucket = c.bucket))
ORDER BY tenant, span, bucket, name
"""


@dataclass(frozen=True, slots=True)
class CounterDifference:
    """A counter, over all pages of its bucket, and what a recount gives.

    `sort` is the sort key of the page that holds the most of it, `in_page` what that page holds.
    """

    tenant_id: str
    span: str
    bucket: str
    name: str
    stored: int
    expected: int
    sort: str
    in_page: int


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored event beside the log's entry of its id; `position` is None where there is none.

    `has_sound_twin` says that another item is the event which the entry names.
    """

    event: EventItem
    position: int | None
    logged_digest: bytes | None
    logged_expires_at: int | None
    has_sound_twin: bool


class Rows:
    """The tables of one verification, in a database that nobody else uses."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        database.executescript(_SCHEMA)

    # What is read

    def add_segment(self, rows: CommitEntries) -> bool:
        """Add a commit's entries; answers whether their places were free."""
        is_new = self._insert(
            "INSERT OR IGNORE INTO segments VALUES (?, ?, ?, ?)",
            [(rows.start, rows.first, rows.last, len(rows.events))],
        )
        added = self._insert(
            "INSERT OR IGNORE INTO log VALUES (?, ?, ?, ?)",
            [
                (position, key_of(event), event.digest, event.expires_at)
                for position, event in enumerate(rows.events, rows.start)
            ],
        )
        return bool(is_new) and added == len(rows.events)

    def add_mark(self, mark: CommitRecord) -> None:
        """Add a commit."""
        self._insert(
            "INSERT OR IGNORE INTO commits VALUES (?, ?, ?, ?)",
            [(mark.first, mark.last, mark.position, mark.count)],
        )

    def add_places(self, places: RecordedPositions) -> None:
        """Add where events are said to stand."""
        self._insert("INSERT INTO places VALUES (?, ?)", places.positions)

    def add_events(self, events: Sequence[EventItem]) -> None:
        """Add stored events."""
        self._insert(
            "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    key_of_id(one.id),
                    one.id,
                    one.tenant_id,
                    one.digest,
                    one.received_at,
                    one.expires_at,
                    one.problem,
                    one.counter_name,
                )
                for one in events
            ],
        )
        self.add_orders(events)

    def add_orders(self, events: Iterable[EventItem]) -> None:
        """Add the removal orders among stored events; those that are known are left out."""
        for one in events:
            if one.removal_ids:
                self._add_order(one)

    def _add_order(self, event: EventItem) -> None:
        known = "SELECT 1 FROM orders WHERE tenant = ? AND id = ?"
        if self._database.execute(known, (event.tenant_id, event.id)).fetchone():
            return
        number = self._database.execute(
            "INSERT INTO orders (key, digest, tenant, id, ids) VALUES (?, ?, ?, ?, ?)",
            (key_of_id(event.id), event.digest, event.tenant_id, event.id, event.removal_ids),
        ).lastrowid
        self._insert(
            "INSERT INTO ordered VALUES (?, ?)", ((k, number) for k in split_ids(event.removal_ids))
        )

    def add_kept_order(self, order: RemovalOrder) -> None:
        """Add a removal order as the ledger keeps it."""
        self._insert(
            "INSERT INTO kept_orders VALUES (?, ?, ?, ?)",
            [(key_of_id(order.id), order.tenant_id, order.id, order.ids)],
        )

    def add_counts(self, counts: CounterPage) -> None:
        """Add a page of counters."""
        bucket = counts.sort.partition(keys.PAGE_SEPARATOR)[0]
        self._insert(
            "INSERT INTO counters VALUES (?, ?, ?, ?, ?, ?)",
            [
                (counts.tenant_id, counts.span, bucket, counts.sort, name, count)
                for name, count in counts.counts.items()
            ],
        )

    def correct(self, position: int, event: LoggedEvent) -> None:
        """Let an entry be the one that the published log proves, whatever the ledger holds."""
        self._insert(
            "INSERT OR REPLACE INTO log VALUES (?, ?, ?, ?)",
            [(position, key_of(event), event.digest, event.expires_at)],
        )

    def _insert(self, statement: str, rows: Iterable[Sequence[object]]) -> int:
        return self._database.executemany(statement, rows).rowcount

    # What is asked

    def log_size(self) -> int:
        """The position after the last entry that was added."""
        query = "SELECT ifnull(max(position) + 1, 0) FROM log"
        [(size,)] = self._database.execute(query)
        return int(size)

    def counter_differences(self) -> Iterator["CounterDifference"]:
        """Counters that a recount of the logged, stored events does not give.

        From a bucket whose events have gone in part only those that are too low are told.
        """
        self._index()
        self._database.create_function("bucket_of", 2, _bucket_of, deterministic=True)
        self._database.executescript(_RECOUNT)
        for row in self._database.execute(_DIFFERENCES):
            yield CounterDifference(*row)

    def log(self, start: int, end: int) -> list[tuple[int, LoggedEvent]]:
        """The ledger's entries at these positions, in order; what is missing is left out."""
        return [
            (position, _logged(key, digest, expires_at))
            for position, key, digest, expires_at in self._database.execute(
                "SELECT position, key, digest, expires_at FROM log"
                " WHERE position >= ? AND position < ? ORDER BY position",
                (start, end),
            )
        ]

    def positions_of(self, event: LoggedEvent) -> list[int]:
        """Every position of the event."""
        self._index()
        query = "SELECT position FROM log WHERE key = ? AND digest = ? ORDER BY position"
        return [one for (one,) in self._database.execute(query, (key_of(event), event.digest))]

    def segments_beyond(self, position: int) -> list[int]:
        """Where the commits begin that reach beyond a position of the log."""
        query = "SELECT position FROM segments WHERE position + max(count, 1) > ? ORDER BY position"
        return [one for (one,) in self._database.execute(query, (position,))]

    def gaps(self, start: int, end: int) -> Iterator[int]:
        """The positions at which the ledger has no entry."""
        expected = start
        query = "SELECT position FROM log WHERE position >= ? AND position < ? ORDER BY position"
        for (position,) in self._database.execute(query, (start, end)):
            yield from range(expected, position)
            expected = position + 1
        yield from range(expected, end)

    def differing_commits(self, size: int) -> Iterator[tuple[str, int, str]]:
        """Commits below a position that do not agree with their entries: first, position, why."""
        yield from self._database.execute(
            "SELECT s.first, s.position, 'the commit of these entries is missing' FROM segments s"
            " LEFT JOIN commits c ON c.first = s.first WHERE c.first IS NULL AND s.position < :size"
            " UNION ALL"
            " SELECT c.first, c.position, 'the entries of this commit are missing' FROM commits c"
            " LEFT JOIN segments s ON s.first = c.first"
            " WHERE s.first IS NULL AND c.position < :size"
            " UNION ALL"
            " SELECT c.first, c.position, 'the commit says otherwise than its entries'"
            " FROM commits c JOIN segments s ON s.first = c.first"
            " WHERE (c.last, c.position, c.count) <> (s.last, s.position, s.count)"
            " AND min(c.position, s.position) < :size ORDER BY 2",
            {"size": size},
        )

    def unplaced(self, size: int) -> Iterator[tuple[int, LoggedEvent]]:
        """Published entries that the ledger does not find."""
        self._index()
        for position, key, digest, expires_at in self._database.execute(
            "SELECT l.position, l.key, l.digest, l.expires_at FROM log l WHERE l.position < ?"
            " AND NOT EXISTS (SELECT 1 FROM places p"
            "  WHERE p.position = l.position AND p.start = substr(l.digest, 1, 4))"
            " ORDER BY l.position",
            (size,),
        ):
            yield position, _logged(key, digest, expires_at)

    def repeated(self) -> Iterator[tuple[int, LoggedEvent, int]]:
        """Entries whose event stands at an earlier position too: position, event, the earlier."""
        self._index()
        for position, key, digest, expires_at, earlier in self._database.execute(
            "SELECT l.position, l.key, l.digest, l.expires_at, f.position FROM log l"
            " JOIN (SELECT key, min(position) AS position FROM log GROUP BY key"
            "  HAVING count(*) > 1) f ON f.key = l.key"
            " WHERE l.position > f.position ORDER BY l.position"
        ):
            yield position, _logged(key, digest, expires_at), earlier

    def unstored(self, start: int, end: int) -> Iterator[tuple[int, LoggedEvent, bool]]:
        """Entries without a stored item of their event's id: position, event, is it ordered.

        It is ordered by a stored removal order that names it, and that is in the log itself.
        """
        self._index()
        for position, key, digest, expires_at, is_ordered in self._database.execute(
            _UNSTORED, (start, end)
        ):
            yield position, _logged(key, digest, expires_at), bool(is_ordered)

    def order_differences(self) -> Iterator[tuple[str, int | None, str]]:
        """Removal orders of the ledger that are not the stored and logged ones: id, entry, why."""
        self._index()
        yield from self._database.execute(_ORDER_DIFFERENCES)

    def unkept_orders(self, size: int) -> Iterator[tuple[int, RemovalOrder]]:
        """Stored orders, logged below a position, that the ledger does not keep."""
        self._index()
        for position, *order in self._database.execute(_UNKEPT_ORDERS, (size,)):
            yield position, RemovalOrder(*order)

    def suspicious(self) -> Iterator[Stored]:
        """Stored items that the log does not know, or otherwise, or with a later end."""
        self._index()
        for *item, position, digest, expires_at, has_twin in self._database.execute(
            "SELECT e.id, e.tenant, e.digest, e.received_at, e.expires_at,"
            " e.problem, e.counter_name,"
            " ifnull((SELECT ids FROM orders o WHERE o.tenant = e.tenant AND o.id = e.id), x''),"
            " l.position, l.digest, l.expires_at,"
            " EXISTS (SELECT 1 FROM events t WHERE t.key = e.key AND t.rowid <> e.rowid"
            "  AND t.problem IS NULL AND t.digest = l.digest)"
            " FROM events e LEFT JOIN log l ON l.position ="
            "  (SELECT min(position) FROM log WHERE key = e.key)"
            " WHERE e.problem IS NOT NULL OR l.position IS NULL OR l.digest <> e.digest"
            " OR e.expires_at < ifnull(l.expires_at, 1 << 62)"
            " ORDER BY l.position, e.id"
        ):
            yield Stored(EventItem(*item), position, digest, expires_at, bool(has_twin))

    def _index(self) -> None:
        self._database.executescript(_INDEXES)


def key_of(event: LoggedEvent) -> bytes:
    """What an event's id holds: its time and its digest's first ten bytes."""
    return event.time_ms.to_bytes(_TIME_LENGTH, "big") + event.digest[:10]


def key_of_id(event_id: str) -> bytes:
    """The same of an id; a text that is no id has none of an event's."""
    if not is_id(event_id):
        return event_id.encode(errors="replace")
    return pack_id(event_id)


def _bucket_of(key: bytes, span: str) -> str:
    time_ms = int.from_bytes(key[:_TIME_LENGTH], "big")
    return format_hour(time_ms) if span == "hour" else format_day(time_ms)


def _logged(key: bytes, digest: bytes, expires_at: int | None) -> LoggedEvent:
    return LoggedEvent(int.from_bytes(key[:_TIME_LENGTH], "big"), digest, expires_at)
