"""Hold orders in the database of a verification: stored ones, and the ledger's copies."""

import json
import sqlite3
from collections.abc import Iterable
from typing import Final

from prooftrail.event.hold import HoldKind, HoldOrder, HoldScope
from prooftrail.event.removal import split_ids

# `text` is `encode_hold_order`. `hold_named` are the keys in orders that lift or give back.
HOLD_SCHEMA: Final = """
CREATE TABLE hold_orders (number INTEGER PRIMARY KEY, key BLOB, digest BLOB, tenant TEXT, id TEXT,
                          kind TEXT, hold TEXT, text TEXT);
CREATE TABLE hold_named (key BLOB, number INTEGER);
CREATE TABLE ledger_hold_orders (key BLOB, tenant TEXT, id TEXT, text TEXT);
CREATE INDEX hold_orders_by_id ON hold_orders (tenant, id);
CREATE VIEW logged_hold_orders AS
  SELECT o.*, (SELECT min(l.position) FROM log l WHERE l.key = o.key AND l.digest = o.digest)
              AS position
  FROM hold_orders o
  WHERE EXISTS (SELECT 1 FROM log l WHERE l.key = o.key AND l.digest = o.digest);
CREATE VIEW lifts AS
  SELECT n.key, o.tenant, o.hold, o.position FROM hold_named n
  JOIN logged_hold_orders o USING (number) WHERE o.kind = 'audit.hold.lift';
CREATE VIEW returns AS
  SELECT n.key, o.tenant, o.position FROM hold_named n
  JOIN logged_hold_orders o USING (number) WHERE o.kind = 'audit.hold.return';
"""
HOLD_INDEXES: Final = """
CREATE INDEX IF NOT EXISTS hold_named_by_key ON hold_named (key);
CREATE INDEX IF NOT EXISTS ledger_hold_orders_by_key ON ledger_hold_orders (key);
"""
DIFFERING_HOLD_ORDERS: Final = """
SELECT k.id, (SELECT min(position) FROM log WHERE key = k.key),
       'it has a hold order that is not stored or not logged'
FROM ledger_hold_orders k WHERE NOT EXISTS
  (SELECT 1 FROM logged_hold_orders o WHERE o.tenant = k.tenant AND o.id = k.id)
UNION ALL
SELECT o.id, o.position, 'its copy of the hold order differs from the stored order'
FROM logged_hold_orders o JOIN ledger_hold_orders k ON k.key = o.key AND k.tenant = o.tenant
WHERE k.text <> o.text
ORDER BY 2, 1
"""
MISSING_HOLD_ORDERS: Final = """
SELECT position, tenant, id, text FROM logged_hold_orders o
WHERE position < ? AND NOT EXISTS
  (SELECT 1 FROM ledger_hold_orders k WHERE k.key = o.key AND k.tenant = o.tenant)
ORDER BY position
"""
UNORDERED_LIFTS: Final = """
SELECT 1 FROM events e WHERE e.held_expires_at IS NOT NULL AND e.problem IS NULL
AND NOT EXISTS (SELECT 1 FROM lifts f WHERE f.key = e.key AND f.tenant = e.tenant) LIMIT 1
"""


def insert_hold_order(
    connection: sqlite3.Connection, key: bytes, digest: bytes, order: HoldOrder
) -> None:
    """Add a stored order, unless it was added before."""
    known = "SELECT 1 FROM hold_orders WHERE tenant = ? AND id = ?"
    if connection.execute(known, (order.tenant_id, order.id)).fetchone():
        return
    text = encode_hold_order(order)
    number = connection.execute(
        "INSERT INTO hold_orders (key, digest, tenant, id, kind, hold, text)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (key, digest, order.tenant_id, order.id, order.kind.value, order.hold_id, text),
    ).lastrowid
    named: Iterable[bytes] = split_ids(order.ids) if order.ids else ()
    connection.executemany(
        "INSERT INTO hold_named VALUES (?, ?)", ((each, number) for each in named)
    )


def encode_hold_order(order: HoldOrder) -> str:
    """Return what an order says, beside its tenant and id."""
    scope = None if order.scope is None else order.scope.to_json()
    return json.dumps([order.kind.value, order.hold_id, scope, order.ids.hex()])


def decode_hold_order(tenant_id: str, event_id: str, text: str) -> HoldOrder:
    """Return the order of `encode_hold_order`."""
    kind, hold_id, scope, ids = json.loads(text)
    return HoldOrder(
        HoldKind(kind),
        tenant_id,
        event_id,
        hold_id,
        HoldScope.from_json(scope),
        bytes.fromhex(ids),
    )
