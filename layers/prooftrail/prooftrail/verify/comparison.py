"""Compare what was read: entries with commits, positions, stored events and removal orders."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from prooftrail.event.orders import Order
from prooftrail.event.removal import RemovalOrder
from prooftrail.ledger.entry import LoggedEvent
from prooftrail.ledger.receipt import Receipt
from prooftrail.verify.database import TrailDatabase, unpack_event
from prooftrail.verify.hold_orders import (
    DIFFERING_HOLD_ORDERS,
    MISSING_HOLD_ORDERS,
    UNORDERED_LIFTS,
    decode_hold_order,
)
from prooftrail.verify.ports import EventItem

_DIFFERING_COMMITS: Final = """
SELECT s.first, s.position, 'the record of this commit is missing' FROM segments s
LEFT JOIN commits c ON c.first = s.first WHERE c.first IS NULL AND s.position < :size
UNION ALL
SELECT c.first, c.position, 'the entries of this commit are missing' FROM commits c
LEFT JOIN segments s ON s.first = c.first WHERE s.first IS NULL AND c.position < :size
UNION ALL
SELECT c.first, c.position, 'the record of this commit differs from its entries'
FROM commits c JOIN segments s ON s.first = c.first
WHERE (c.last, c.position, c.count) <> (s.last, s.position, s.count)
AND min(c.position, s.position) < :size ORDER BY 2
"""
_UNRECORDED_POSITIONS: Final = """
SELECT l.position, l.key, l.digest, l.expires_at, l.received_at, l.submitter FROM log l
WHERE l.position < ?
AND NOT EXISTS (SELECT 1 FROM positions p
                WHERE p.position = l.position AND p.digest_start = substr(l.digest, 1, 4))
ORDER BY l.position
"""
_REPEATED: Final = """
SELECT r.position, r.key, r.digest, r.expires_at, r.received_at, r.submitter,
       r.earlier, r.earlier_expiry,
       EXISTS (SELECT 1 FROM named n JOIN logged_orders o USING (number)
               WHERE n.key = r.key AND o.position > r.earlier AND o.position < r.position)
FROM (SELECT position, key, digest, expires_at, received_at, submitter,
             lag(position) OVER entries AS earlier, lag(expires_at) OVER entries AS earlier_expiry
      FROM log WHERE key IN (SELECT key FROM log GROUP BY key HAVING count(*) > 1)
      WINDOW entries AS (PARTITION BY key ORDER BY position)) r
WHERE r.earlier IS NOT NULL ORDER BY r.position
"""
# What the ledger knows as a removal order is never itself removed by another one. An order does
# not explain that an event is gone which was sent again after it. Nor does an order that came while
# a hold had lifted the event's expiry.
_UNSTORED: Final = """
SELECT position, key, digest, expires_at, received_at, submitter,
       EXISTS (SELECT 1 FROM named n JOIN logged_orders o USING (number) WHERE n.key = l.key
               AND (o.position > l.position OR NOT EXISTS
                    (SELECT 1 FROM log f WHERE f.key = l.key AND f.position < l.position))
               AND NOT EXISTS
                 (SELECT 1 FROM lifts h
                  WHERE h.key = n.key AND h.tenant = o.tenant AND h.position < o.position
                  AND NOT EXISTS (SELECT 1 FROM returns b WHERE b.key = h.key
                                  AND b.tenant = h.tenant AND b.position > h.position
                                  AND b.position < o.position)
                  AND NOT EXISTS (SELECT 1 FROM logged_hold_orders r
                                  WHERE r.tenant = h.tenant AND r.hold = h.hold
                                  AND r.kind = 'audit.hold.release'
                                  AND r.position < o.position)))
       AND NOT EXISTS (SELECT 1 FROM ledger_orders k WHERE k.key = l.key)
       AND NOT EXISTS (SELECT 1 FROM ledger_hold_orders k WHERE k.key = l.key),
       ifnull((SELECT max(position) FROM lifts h WHERE h.key = l.key), -1)
       > ifnull((SELECT max(position) FROM returns b WHERE b.key = l.key), -1)
FROM log l WHERE position >= ? AND position < ?
AND NOT EXISTS (SELECT 1 FROM events e WHERE e.key = l.key) ORDER BY position
"""
_DIFFERING_ORDERS: Final = """
SELECT k.id, (SELECT min(position) FROM log WHERE key = k.key),
       'it has a removal order that is not stored or not logged'
FROM ledger_orders k WHERE NOT EXISTS
  (SELECT 1 FROM logged_orders o WHERE o.tenant = k.tenant AND o.id = k.id)
UNION ALL
SELECT o.id, o.position, 'its copy of the removal order names other events than the stored order'
FROM logged_orders o JOIN ledger_orders k ON k.key = o.key AND k.tenant = o.tenant
WHERE k.ids <> o.ids
ORDER BY 2, 1
"""
_MISSING_ORDERS: Final = """
SELECT position, tenant, id, ids FROM logged_orders o
WHERE position < ? AND NOT EXISTS
  (SELECT 1 FROM ledger_orders k WHERE k.key = o.key AND k.tenant = o.tenant)
ORDER BY position
"""
_DEVIATING_ITEMS: Final = """
SELECT e.id, e.tenant, e.digest, e.received_at, e.expires_at, e.problem, e.counter_name,
       ifnull((SELECT ids FROM orders o WHERE o.tenant = e.tenant AND o.id = e.id), x''),
       e.stored_at, e.submitted_by, e.held_expires_at,
       (SELECT text FROM hold_orders o WHERE o.tenant = e.tenant AND o.id = e.id),
       EXISTS (SELECT 1 FROM lifts h WHERE h.key = e.key AND h.tenant = e.tenant),
       l.position, l.digest, l.expires_at, l.received_at, l.submitter,
       EXISTS (SELECT 1 FROM events t WHERE t.key = e.key AND t.rowid <> e.rowid
               AND t.problem IS NULL AND t.digest = l.digest)
FROM events e LEFT JOIN log l ON l.position = ifnull(
  (SELECT max(position) FROM log WHERE key = e.key AND digest = e.digest),
  (SELECT min(position) FROM log WHERE key = e.key))
WHERE e.problem IS NOT NULL OR l.position IS NULL OR l.digest <> e.digest
   OR e.expires_at < ifnull(l.expires_at, 1 << 62) OR e.held_expires_at IS NOT NULL
   OR e.received_at <> l.received_at
   OR l.submitter <> ifnull(hash_submitter(e.submitted_by), x'')
ORDER BY l.position, e.id
"""

# Clean-ups remove references first. An event's last put can have come after this reading began.
_MISSING_REFERENCES: Final = """
SELECT x.tenant, x.id FROM expected_references x
WHERE x.stored_at < :before AND (x.expires_at IS NULL OR x.expires_at > :now)
AND NOT EXISTS (SELECT 1 FROM reference_items r WHERE r.key = x.key AND r.name = x.name)
AND NOT EXISTS (SELECT 1 FROM named n JOIN logged_orders o USING (number)
                WHERE n.key = x.key AND o.tenant = x.tenant)
GROUP BY x.tenant, x.id ORDER BY x.id, x.tenant
"""
# References are put before their event, so one that was put later can expire earlier. They get a
# lifted expiry back before their event does.
_WRONG_REFERENCES: Final = """
SELECT r.tenant, r.id, r.problem, x.key IS NULL, x.fingerprint <> r.fingerprint
FROM reference_items r LEFT JOIN expected_references x ON x.key = r.key AND x.name = r.name
WHERE r.problem IS NOT NULL
OR (x.key IS NULL AND EXISTS (SELECT 1 FROM events e
    WHERE e.key = r.key AND e.tenant = r.tenant AND e.problem IS NULL))
OR x.fingerprint <> r.fingerprint
OR (x.key IS NOT NULL AND r.expires_at < ifnull(x.expires_at, 1 << 62)
    AND r.stored_at <= x.stored_at AND x.held_expires_at IS NULL)
ORDER BY r.id, r.tenant
"""
_DANGLING_REFERENCES: Final = """
SELECT count(*) FROM reference_items r
WHERE r.problem IS NULL AND (r.expires_at IS NULL OR r.expires_at > :now)
AND NOT EXISTS (SELECT 1 FROM events e WHERE e.key = r.key AND e.tenant = r.tenant)
"""


@dataclass(frozen=True, slots=True)
class WrongReference:
    """A reference that is not as its event says.

    `problem` says why it does not have the form of a reference, if so. `is_forged`: its event has
    no such reference. `is_altered`: its content is not its event's; otherwise its expiry is wrong.
    """

    tenant_id: str
    id: str
    problem: str | None
    is_forged: bool
    is_altered: bool


@dataclass(frozen=True, slots=True)
class UnstoredEntry:
    """An entry of the log whose event is not stored.

    `is_ordered`: a stored removal order names the event and is in the log itself, and was not given
    under a hold. `is_held`: a hold has lifted the event's expiry and not given it back.
    """

    position: int
    event: LoggedEvent
    is_ordered: bool
    is_held: bool


@dataclass(frozen=True, slots=True)
class DeviatingItem:
    """A stored item that is not as the log's entry of its id says.

    `position` is None if there is no such entry. `receipt` is that of the entry, None if it has
    version 1. `has_valid_twin`: another item is the event that the entry names. `is_lifted`: a
    logged hold order has lifted its expiry.
    """

    event: EventItem
    position: int | None
    logged_digest: bytes | None
    logged_expires_at: int | None
    receipt: Receipt | None
    has_valid_twin: bool
    is_lifted: bool


@dataclass(frozen=True, slots=True)
class RepeatedEntry:
    """An entry of the log whose event has an entry before, the last of them at `earlier`.

    `earlier_expires_at` is the expiry of that one, in seconds since 1970, or None. `is_ordered`: a
    removal order between the two names the event.
    """

    position: int
    event: LoggedEvent
    earlier: int
    earlier_expires_at: int | None
    is_ordered: bool


class TrailComparison:
    """The differences between the parts of a trail, found in the database."""

    def __init__(self, database: TrailDatabase) -> None:
        self._database = database

    def find_differing_commits(self, size: int) -> Iterator[tuple[str, int, str]]:
        """Yield the commits below `size` whose record and entries differ: first, position, why."""
        yield from self._database.select(_DIFFERING_COMMITS, {"size": size})

    def find_unrecorded_positions(self, size: int) -> Iterator[tuple[int, LoggedEvent]]:
        """Yield the entries below `size` whose position the ledger has not recorded."""
        for position, *event in self._database.select(_UNRECORDED_POSITIONS, (size,)):
            yield position, unpack_event(*event)

    def find_repeated(self) -> Iterator[RepeatedEntry]:
        """Yield the entries whose event has an earlier entry too."""
        for position, *event, earlier, expires_at, is_ordered in self._database.select(_REPEATED):
            yield RepeatedEntry(
                position, unpack_event(*event), earlier, expires_at, bool(is_ordered)
            )

    def find_unstored(self, start: int, end: int) -> Iterator["UnstoredEntry"]:
        """Yield the entries without a stored item of their event's id."""
        for position, *event, is_ordered, is_held in self._database.select(_UNSTORED, (start, end)):
            yield UnstoredEntry(position, unpack_event(*event), bool(is_ordered), bool(is_held))

    def find_differing_orders(self) -> Iterator[tuple[str, int | None, str]]:
        """Yield the ledger's orders that are not as stored and logged: id, position, why."""
        yield from self._database.select(_DIFFERING_ORDERS)
        yield from self._database.select(DIFFERING_HOLD_ORDERS)

    def find_missing_orders(self, size: int) -> Iterator[tuple[int, Order]]:
        """Yield the stored orders, logged below `size`, of which the ledger has no copy."""
        for position, *order in self._database.select(_MISSING_ORDERS, (size,)):
            yield position, RemovalOrder(*order)
        for position, *row in self._database.select(MISSING_HOLD_ORDERS, (size,)):
            yield position, decode_hold_order(*row)

    def has_unordered_lifts(self) -> bool:
        """Return whether an expiry was lifted that no order is known for."""
        return any(self._database.select(UNORDERED_LIFTS))

    def find_deviating_items(self) -> Iterator[DeviatingItem]:
        """Yield the stored items without an entry, or that differ from it or end earlier.

        Of an item that was delivered again, the receipt differs from that of its entry.
        """
        for (
            *item,
            held_expires_at,
            hold_text,
            is_lifted,
            position,
            digest,
            expires_at,
            received_at,
            submitter,
            has_twin,
        ) in self._database.select(_DEVIATING_ITEMS):
            event_id, tenant_id, *_ = item
            event = replace(
                EventItem(*item),
                hold_order=decode_hold_order(tenant_id, event_id, hold_text) if hold_text else None,
                held_expires_at=held_expires_at,
            )
            receipt = None if submitter is None else Receipt(received_at, submitter)
            yield DeviatingItem(
                event, position, digest, expires_at, receipt, bool(has_twin), bool(is_lifted)
            )

    def find_missing_references(self, *, before_ms: int, now_ms: int) -> Iterator[tuple[str, str]]:
        """Yield tenant and id of the events that lack a reference and were stored before a time.

        Left out are events that have expired, and those that a logged removal order names.
        """
        times = {"before": before_ms, "now": now_ms // 1000}
        yield from self._database.select(_MISSING_REFERENCES, times)

    def find_wrong_references(self) -> Iterator[WrongReference]:
        """Yield the references that are not as a stored event says."""
        for tenant_id, event_id, problem, *claims in self._database.select(_WRONG_REFERENCES):
            yield WrongReference(tenant_id, event_id, problem, *map(bool, claims))

    def count_dangling_references(self, now_ms: int) -> int:
        """Return the number of references whose event is not stored and that have not expired."""
        [(count,)] = self._database.select(_DANGLING_REFERENCES, {"now": now_ms // 1000})
        return int(count)
