"""Recount the counters from the log and the stored events, and find those that differ."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from prooftrail.event import keys
from prooftrail.event.times import format_day, format_hour
from prooftrail.verify.database import TrailDatabase, unpack_time

_RECOUNT: Final = """
DROP TABLE IF EXISTS recount;
DROP TABLE IF EXISTS incomplete;
CREATE TABLE recount AS
  SELECT e.tenant AS tenant, s.span AS span, bucket_of(l.key, s.span) AS bucket,
         e.counter_name AS name, count(*) AS count
  FROM (SELECT DISTINCT key, digest, tenant, counter_name FROM events WHERE problem IS NULL) e
       JOIN log l USING (key, digest),  -- an event that came again after its expiry is there twice
       (SELECT 'hour' AS span UNION SELECT 'day') s
  GROUP BY 1, 2, 3, 4;
CREATE TABLE incomplete AS
  SELECT DISTINCT s.span AS span, bucket_of(l.key, s.span) AS bucket
  FROM log l, (SELECT 'hour' AS span UNION SELECT 'day') s
  WHERE NOT EXISTS (SELECT 1 FROM events e
                    WHERE e.key = l.key AND e.digest = l.digest AND e.problem IS NULL);
CREATE INDEX recount_by_name ON recount (tenant, span, bucket, name);
"""
# Where a bucket has `(other)`, its names may count too little: `(other)` has what they lack.
_WRONG_COUNTERS: Final = """
WITH other AS (SELECT '(other)|(other)|0' AS name UNION SELECT '(other)|(other)|1'),
held AS MATERIALIZED (
  SELECT tenant, span, bucket, name, sum(count) AS count, max(count) AS in_page, sort
  FROM counters GROUP BY tenant, span, bucket, name),
full AS MATERIALIZED (
  SELECT DISTINCT tenant, span, bucket FROM held WHERE name IN (SELECT name FROM other)),
compared AS MATERIALIZED (
  SELECT h.tenant, h.span, h.bucket, h.name, h.count AS stored, ifnull(r.count, 0) AS expected,
         h.sort, h.in_page
  FROM held h LEFT JOIN recount r USING (tenant, span, bucket, name)
  WHERE h.name NOT IN (SELECT name FROM other)
  UNION ALL
  SELECT r.tenant, r.span, r.bucket, r.name, 0, r.count, r.bucket, 0
  FROM recount r LEFT JOIN held h USING (tenant, span, bucket, name) WHERE h.tenant IS NULL),
others AS (
  SELECT f.tenant, f.span, f.bucket, o.name, ifnull(h.count, 0) AS stored,
         ifnull((SELECT sum(c.expected - c.stored) FROM compared c
                 WHERE c.tenant = f.tenant AND c.span = f.span AND c.bucket = f.bucket
                 AND c.expected > c.stored AND substr(c.name, -2) = substr(o.name, -2)), 0)
           AS expected,
         ifnull(h.sort, f.bucket || '~other') AS sort, ifnull(h.in_page, 0) AS in_page
  FROM full f CROSS JOIN other o LEFT JOIN held h
    ON h.tenant = f.tenant AND h.span = f.span AND h.bucket = f.bucket AND h.name = o.name)
SELECT * FROM (
  SELECT * FROM compared c WHERE expected < stored OR NOT EXISTS
    (SELECT 1 FROM full f WHERE f.tenant = c.tenant AND f.span = c.span AND f.bucket = c.bucket)
  UNION ALL SELECT * FROM others) c
WHERE expected > stored OR (expected < stored AND NOT EXISTS
  (SELECT 1 FROM incomplete i WHERE i.span = c.span AND i.bucket = c.bucket))
ORDER BY tenant, span, bucket, name
"""


@dataclass(frozen=True, slots=True)
class CounterDifference:
    """A counter, summed over all pages of its bucket, and the value that a recount gives.

    `sort` is the sort key of the page that holds most of it, `in_page` the value in that page.
    """

    tenant_id: str
    span: keys.CounterSpan
    bucket: str
    name: str
    stored: int
    expected: int
    sort: str
    in_page: int


def find_wrong_counters(database: TrailDatabase) -> Iterator[CounterDifference]:
    """Yield the counters that differ from a recount of the log's entries of stored events.

    Where events of an hour or day are gone, only counters that are too low can be found. Where some
    count as `(other)`, the totals are compared, and that no name counts too many.
    """
    connection = database.connection
    connection.create_function("bucket_of", 2, _format_bucket, deterministic=True)
    database.create_indexes()
    connection.executescript(_RECOUNT)
    for row in database.select(_WRONG_COUNTERS):
        yield CounterDifference(*row)


def _format_bucket(key: bytes, span: str) -> str:
    time_ms = unpack_time(key)
    return format_hour(time_ms) if span == "hour" else format_day(time_ms)
