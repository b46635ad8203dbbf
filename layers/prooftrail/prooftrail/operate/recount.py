"""Recount the counters from the stored events, and find those that differ."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from prooftrail.event.times import format_day, format_hour
from prooftrail.verify.database import TrailDatabase, unpack_time

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
_WRONG_COUNTERS: Final = """
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
    """A counter, summed over all pages of its bucket, and the value that a recount gives.

    `sort` is the sort key of the page that holds most of it, `in_page` the value in that page.
    """

    tenant_id: str
    span: str
    bucket: str
    name: str
    stored: int
    expected: int
    sort: str
    in_page: int


def find_wrong_counters(database: TrailDatabase) -> Iterator[CounterDifference]:
    """Yield the counters that differ from a recount of the events that are stored and logged.

    Where events of an hour or day are gone, only counters that are too low can be found.
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
