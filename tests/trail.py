"""What the tables hold, read independently of the code under test, and whether they agree."""

import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.session import Session

from auditlog.aws import client
from local.stream_poller import lambda_record
from local.template import Stack
from tests.reference import root_of

Counters = Mapping[tuple[str, str], Counter[str]]
_ROW_LENGTH = 43


@dataclass(frozen=True)
class Ledger:
    """The ledger's table: the head's size, the log's entries (time in ms, digest), the counters.

    `counters` are by tenant's partition and bucket, the pages of a bucket summed.
    """

    size: int
    entries: Sequence[tuple[int, bytes]]
    counters: Counters


def items_of(stack: Stack, table: str) -> Sequence[Mapping[str, Any]]:
    """Every item of a table, by its logical id."""
    pages = client("dynamodb").get_paginator("scan").paginate(TableName=stack.resources[table])
    return [item for page in pages for item in page["Items"]]


def events_of(stack: Stack) -> dict[str, dict[str, Any]]:
    """Every stored event by id; each is what its key and its digest say."""
    events: dict[str, dict[str, Any]] = {}
    for item in items_of(stack, "AuditEventsTable"):
        canonical = _canonical_of(stack, item)
        assert hashlib.sha256(canonical).digest() == item["digest"]["B"]
        event = json.loads(canonical)
        assert item["pk"]["S"].rpartition("#")[0] == event["tenantId"]
        events[item["id"]["S"]] = event
    return events


def _canonical_of(stack: Stack, item: Mapping[str, Any]) -> bytes:
    if "overflow" in item:
        answer = client("s3").get_object(
            Bucket=stack.resources["OverflowBucket"], Key=item["overflow"]["S"]
        )
        return answer["Body"].read()
    [(kind, content)] = item["event"].items()
    return zlib.decompress(content) if kind == "B" else content.encode()


def recount(events: Mapping[str, Mapping[str, Any]]) -> Counters:
    """The counters that these events make."""
    counters: dict[tuple[str, str], Counter[str]] = {}
    for event in events.values():
        success = "1" if event["success"] else "0"
        name = f"{event['action']}|{event['resourceType']}|{success}"
        for span, length in (("hour", 13), ("day", 10)):
            address = f"counters#{event['tenantId']}#{span}", event["timestamp"][:length]
            counters.setdefault(address, Counter())[name] += 1
    return counters


def ledger_of(stack: Stack) -> Ledger:
    """The ledger; its commits follow each other without a gap."""
    size, edge = 0, b""
    commits: dict[int, int] = {}
    rows: dict[int, bytes] = {}
    counters: dict[tuple[str, str], Counter[str]] = {}
    for item in items_of(stack, "AuditLedgerTable"):
        partition, sort = item["pk"]["S"], item["sk"]["S"]
        if partition == "ledger":
            size, edge = int(item["size"]["N"]), item["edge"]["B"]
        elif partition.startswith("commit#"):
            commits[int(item["position"]["N"])] = int(item["count"]["N"])
        elif partition.startswith("log#"):
            assert int(partition[4:]) == int(sort) >> 20
            rows[int(sort)] = item["rows"]["B"]
        elif partition.startswith("counters#"):
            counts = {
                name: int(value["N"]) for name, value in item.items() if name not in {"pk", "sk"}
            }
            counters.setdefault((partition, sort.partition("~")[0]), Counter()).update(counts)
    entries: list[tuple[int, bytes]] = []
    assert commits.keys() == rows.keys()
    for position, count in sorted(commits.items()):
        assert position == len(entries)
        entries += _unpacked(rows[position])
        assert len(entries) == position + count
    assert edge == b"".join(_edge_of(entries))
    return Ledger(size, entries, counters)


def _unpacked(packed: bytes) -> Iterator[tuple[int, bytes]]:
    for start in range(0, len(packed), _ROW_LENGTH):
        row = packed[start : start + _ROW_LENGTH]
        yield int.from_bytes(row[:6], "big"), row[6:38]


def _edge_of(entries: Sequence[tuple[int, bytes]]) -> Iterator[bytes]:
    """The roots of the perfect subtrees that the entries make, the largest first."""
    logged = [
        json.dumps(
            {"digest": digest.hex(), "id": ulid(time, digest), "v": 1}, separators=(",", ":")
        )
        for time, digest in entries
    ]
    start = 0
    while start < len(logged):
        width = 1
        while 2 * width <= len(logged) - start:
            width *= 2
        yield root_of([one.encode() for one in logged[start : start + width]])
        start += width


def ulid(time_ms: int, digest: bytes) -> str:
    """The id of an event, by the definition: five bits a character, Crockford's."""
    number = (time_ms << 80) + int.from_bytes(digest[:10], "big")
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    return "".join(alphabet[number >> shift & 31] for shift in range(125, -5, -5))


def assert_counted_once(stack: Stack) -> None:
    """The counters equal a recount of the table, and every event is in the log exactly once."""
    ledger = ledger_of(stack)
    stored = events_of(stack)
    digests = [item["digest"]["B"] for item in items_of(stack, "AuditEventsTable")]
    assert sorted(digest for _, digest in ledger.entries) == sorted(digests)
    assert ledger.size == len(ledger.entries) == len(stored)
    times = Counter(_milliseconds(event["timestamp"]) for event in stored.values())
    assert Counter(time for time, _ in ledger.entries) == times
    assert ledger.counters == recount(stored)


def _milliseconds(timestamp: str) -> int:
    moment = datetime.fromisoformat(timestamp)
    whole = int(moment.replace(microsecond=0).astimezone(UTC).timestamp())
    return whole * 1000 + moment.microsecond // 1000


def stream_records(stack: Stack) -> list[dict[str, Any]]:
    """Every record of the events' stream, from the first, as Lambda hands them to the ledger."""
    streams: Any = Session().create_client("dynamodbstreams")
    [source] = stack.stream_sources
    described = streams.describe_stream(StreamArn=source.stream_arn)["StreamDescription"]
    records: list[dict[str, Any]] = []
    for shard in described["Shards"]:
        iterator = streams.get_shard_iterator(
            StreamArn=source.stream_arn,
            ShardId=shard["ShardId"],
            ShardIteratorType="TRIM_HORIZON",
        )["ShardIterator"]
        answer = streams.get_records(ShardIterator=iterator)
        records += [dict(lambda_record(one, source.stream_arn)) for one in answer["Records"]]
    return records
