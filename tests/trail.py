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

Counters = Mapping[tuple[str, str], Counter[str]]
_ENTRY_LENGTH = 38


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
    size = 0
    commits: list[tuple[int, int, bytes]] = []
    counters: dict[tuple[str, str], Counter[str]] = {}
    for item in items_of(stack, "AuditLedgerTable"):
        partition, sort = item["pk"]["S"], item["sk"]["S"]
        if partition == "ledger":
            size = int(item["size"]["N"])
        elif partition.startswith("commit#"):
            position, count = int(item["position"]["N"]), int(item["count"]["N"])
            commits.append((position, count, item["entries"]["B"]))
        else:
            counts = {
                name: int(value["N"]) for name, value in item.items() if name not in {"pk", "sk"}
            }
            counters.setdefault((partition, sort.partition("~")[0]), Counter()).update(counts)
    entries: list[tuple[int, bytes]] = []
    for position, count, packed in sorted(commits):
        assert position == len(entries)
        entries += _unpacked(packed)
        assert len(entries) == position + count
    return Ledger(size, entries, counters)


def _unpacked(packed: bytes) -> Iterator[tuple[int, bytes]]:
    for start in range(0, len(packed), _ENTRY_LENGTH):
        entry = packed[start : start + _ENTRY_LENGTH]
        yield int.from_bytes(entry[:6], "big"), entry[6:]


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
