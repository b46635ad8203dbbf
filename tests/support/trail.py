"""Read and check the stored trail without the code under test."""

import hashlib
import json
import zlib
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from local.runtime import ACCOUNT_ID
from local.stream_poller import make_lambda_record
from local.template import REGION, Stack
from prooftrail.aws.clients import client
from tests.support.reference import compute_root
from tests.support.stack import make_client

Counters = Mapping[tuple[str, str], Counter[str]]
_ROW_LENGTH = 43


@dataclass(frozen=True)
class Ledger:
    """The ledger's table: the head's size, the log's entries (time in ms, digest), the counters.

    `logged` are the entries in the form that the tree hashes.

    The keys of `counters` are the tenant's partition and the bucket. The pages of a bucket are
    summed.
    """

    size: int
    entries: Sequence[tuple[int, bytes]]
    logged: Sequence[bytes]
    counters: Counters


def read_items(stack: Stack, table: str) -> Sequence[Mapping[str, Any]]:
    """Return every item of the table with this logical id. Many tests do: they ask moto itself."""
    from moto.dynamodb.models import dynamodb_backends

    backend = dynamodb_backends[ACCOUNT_ID][REGION]
    items = backend.get_table(stack.resources[table]).all_items()
    return [{name: _expand(value) for name, value in item.attrs.items()} for item in items]


def _expand(value: Any) -> dict[str, Any]:
    """Return an attribute's value as the SDK returns it."""
    match value.type:
        case "L":
            return {"L": [_expand(each) for each in value.value]}
        case "M":
            return {"M": {name: _expand(each) for name, each in value.value.items()}}
    return {value.type: value.value}


def read_events(stack: Stack) -> dict[str, dict[str, Any]]:
    """Return every stored event by id. Check each against its digest and its tenant's key."""
    events: dict[str, dict[str, Any]] = {}
    for item in read_items(stack, "AuditEventsTable"):
        if item["pk"]["S"].split("#")[1] in {"target", "behalf"}:  # a reference
            continue
        canonical = _read_canonical(stack, item)
        assert hashlib.sha256(canonical).digest() == item["digest"]["B"]
        event = json.loads(canonical)
        assert item["pk"]["S"].rpartition("#")[0] == event["tenantId"]
        events[item["id"]["S"]] = event
    return events


def _read_canonical(stack: Stack, item: Mapping[str, Any]) -> bytes:
    if "overflow" in item:
        response = client("s3").get_object(
            Bucket=stack.resources["OverflowBucket"], Key=item["overflow"]["S"]
        )
        return response["Body"].read()
    [(kind, content)] = item["event"].items()
    return zlib.decompress(content) if kind == "B" else content.encode()


def count_again(events: Mapping[str, Mapping[str, Any]]) -> Counters:
    """Count these events."""
    counters: dict[tuple[str, str], Counter[str]] = {}
    for event in events.values():
        success = "1" if event["success"] else "0"
        name = f"{event['action']}|{event['resourceType']}|{success}"
        for span, length in (("hour", 13), ("day", 10)):
            address = f"counters#{event['tenantId']}#{span}", event["timestamp"][:length]
            counters.setdefault(address, Counter())[name] += 1
    return counters


def read_ledger(stack: Stack) -> Ledger:
    """Return the ledger. Check that its commits have no gap and lead to its head."""
    size, edge = 0, b""
    commits: dict[int, int] = {}
    rows: dict[int, Mapping[str, Any]] = {}
    counters: dict[tuple[str, str], Counter[str]] = {}
    for item in read_items(stack, "AuditLedgerTable"):
        partition, sort = item["pk"]["S"], item["sk"]["S"]
        if partition == "ledger":
            size, edge = int(item["size"]["N"]), item["edge"]["B"]
        elif partition.startswith("commit#"):
            commits[int(item["position"]["N"])] = int(item["count"]["N"])
        elif partition.startswith("log#"):
            assert int(partition[4:]) == int(sort) >> 20
            rows[int(sort)] = item
        elif partition.startswith("counters#"):
            counts = {
                name: int(value["N"]) for name, value in item.items() if name not in {"pk", "sk"}
            }
            counters.setdefault((partition, sort.partition("~")[0]), Counter()).update(counts)
    entries: list[tuple[int, bytes]] = []
    logged: list[bytes] = []
    assert commits.keys() == rows.keys()
    for position, count in sorted(commits.items()):
        assert position == len(entries)
        added = list(_unpack_rows(rows[position]["rows"]["B"]))
        receipts = _unpack_receipts(rows[position], count)
        entries += added
        logged += map(encode_entry, added, receipts)
        assert len(entries) == len(logged) == position + count
    assert edge == b"".join(_compute_edge(logged))
    return Ledger(size, entries, logged, counters)


def _unpack_rows(packed: bytes) -> Iterator[tuple[int, bytes]]:
    for start in range(0, len(packed), _ROW_LENGTH):
        row = packed[start : start + _ROW_LENGTH]
        yield int.from_bytes(row[:6], "big"), row[6:38]


def _unpack_receipts(item: Mapping[str, Any], count: int) -> Sequence[tuple[int, str] | None]:
    """Return time of receipt and submitter of each entry; None for an entry of version 1."""
    if "received" not in item:
        return [None] * count
    packed, (head, _, numbers) = item["received"]["B"], item["submitters"]["B"].partition(b"\n\n")
    names = head.decode().split("\n")
    first, width = int.from_bytes(packed[:6], "big"), packed[6]
    assert len(packed) == 7 + width * count
    receipts: list[tuple[int, str] | None] = []
    for at in range(count):
        name = names[numbers[at] if numbers else 0]
        delta = int.from_bytes(packed[7 + width * at : 7 + width * (at + 1)], "big")
        receipts.append(None if name == "\0" else (first + delta, name))
    return receipts


def _compute_edge(logged: Sequence[bytes]) -> Iterator[bytes]:
    """Yield the roots of the perfect subtrees of the entries, the largest first."""
    start = 0
    while start < len(logged):
        width = 1
        while 2 * width <= len(logged) - start:
            width *= 2
        yield compute_root(logged[start : start + width])
        start += width


def encode_entry(event: tuple[int, bytes], receipt: tuple[int, str] | None) -> bytes:
    """Return an entry in the form that the tree hashes."""
    time, digest = event
    content: dict[str, object] = {"digest": digest.hex(), "id": make_ulid(time, digest)}
    if receipt is None:
        return json.dumps({**content, "v": 1}, separators=(",", ":")).encode()
    received_at, submitted_by = receipt
    submitter = hashlib.sha256(submitted_by.encode()).hexdigest()
    content |= {"receivedAt": received_at, "submitter": submitter, "v": 2}
    return json.dumps(content, separators=(",", ":")).encode()


def make_ulid(time_ms: int, digest: bytes) -> str:
    """Return the id of an event: five bits a character, in Crockford's alphabet."""
    number = (time_ms << 80) + int.from_bytes(digest[:10], "big")
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    return "".join(alphabet[number >> shift & 31] for shift in range(125, -5, -5))


@dataclass(frozen=True)
class Bucket:
    """The log's bucket: all published checkpoints, oldest first, and the tiles' MD5 by path."""

    checkpoints: Sequence[str]
    tiles: Mapping[str, str]


def read_bucket(stack: Stack) -> Bucket:
    """Return the log's versioned bucket. Check that no tile was written twice or removed."""
    s3, bucket = client("s3"), stack.resources["LogBucket"]
    checkpoints: list[str] = []
    tiles: dict[str, str] = {}
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        assert "DeleteMarkers" not in page
        for version in page.get("Versions", []):
            key = version["Key"]
            if key != "checkpoint":
                assert key not in tiles, f"{key} was written twice"
                tiles[key] = version["ETag"].strip('"')
                continue
            checkpoints.insert(0, _read_checkpoint(bucket, version["VersionId"]))
    return Bucket(checkpoints, tiles)


@cache
def _read_checkpoint(bucket: str, version: str) -> str:
    response = client("s3").get_object(Bucket=bucket, Key="checkpoint", VersionId=version)
    return response["Body"].read().decode(errors="replace")


def read_signing_key(stack: Stack) -> Ed25519PrivateKey:
    """Return the log's signing key from the file that replaces KMS."""
    path = Path(stack.functions["CheckpointFunction"].environment["SIGNING_KEY"])
    key = load_pem_private_key(path.read_bytes(), password=None)
    assert isinstance(key, Ed25519PrivateKey)
    return key


def assert_published(stack: Stack) -> int:
    """Check everything published against the ledger. Return the last published size.

    Each checkpoint is signed and has the root of the ledger's tree. All its tiles exist. No tile
    has wrong content, and each published event has its position.
    """
    ledger, bucket = read_ledger(stack), read_bucket(stack)
    entries = ledger.logged
    sizes = [_check_checkpoint(stack, text, entries) for text in bucket.checkpoints]
    assert sizes == sorted(sizes)
    for size in set(sizes):
        assert set(_list_paths(size)) <= bucket.tiles.keys()
    for path, md5 in bucket.tiles.items():
        content = _make_content(path, entries)
        assert md5 == hashlib.md5(content, usedforsecurity=False).hexdigest(), path
    last = sizes[-1] if sizes else 0
    positions = _read_positions(stack)
    for position, (time, digest) in enumerate(ledger.entries[:last]):
        hour = datetime.fromtimestamp(time / 1000, UTC).isoformat()[:13]
        assert (hour, digest[:4], position) in positions
    return last


def _check_checkpoint(stack: Stack, checkpoint: str, entries: Sequence[bytes]) -> int:
    """Check the signature and the root of a checkpoint. Return its size."""
    text, _, lines = checkpoint.partition("\n\n")
    dash, name, encoded = lines.splitlines()[0].split(" ")
    origin, size, root = text.split("\n")
    assert (dash, name) == ("\u2014", origin)
    signature = b64decode(encoded)[4:]
    read_signing_key(stack).public_key().verify(signature, f"{text}\n".encode())
    assert root == b64encode(compute_root(entries[: int(size)])).decode()
    return int(size)


def _list_paths(size: int) -> Iterator[str]:
    """Yield the paths of a tree's tiles and entry bundles, for at most 256,000 entries."""
    level, width = 0, size
    while width:
        for kind in ("0", "entries") if level == 0 else (str(level),):
            for index in range(width // 256):
                yield f"tile/{kind}/{index:03}"
            if width % 256:
                yield f"tile/{kind}/{width // 256:03}.p/{width % 256}"
        level, width = level + 1, width // 256


def _make_content(path: str, entries: Sequence[bytes]) -> bytes:
    """Return the content of this path. Source: C2SP tlog-tiles."""
    kind, name, *part = path.removeprefix("tile/").split("/")
    start, count = 256 * int(name[:3]), int(part[0]) if part else 256
    if kind == "entries":
        held = entries[start : start + count]
        assert len(held) == count
        return b"".join(len(entry).to_bytes(2, "big") + entry for entry in held)
    width = 256 ** int(kind)
    assert (start + count) * width <= len(entries)
    return b"".join(
        compute_root(entries[at * width : (at + 1) * width]) for at in range(start, start + count)
    )


def _read_positions(stack: Stack) -> set[tuple[str, bytes, int]]:
    """Return hour, start of the digest, and position of each event with a stored position."""
    positions: set[tuple[str, bytes, int]] = set()
    for item in read_items(stack, "AuditLedgerTable"):
        kind, _, hour = item["pk"]["S"].partition("#")
        if kind == "positions":
            start, rows = int(item["sk"]["S"].rpartition("#")[2]), item["rows"]["B"]
            for at in range(0, len(rows), 8):
                offset = int.from_bytes(rows[at + 4 : at + 8], "big")
                positions.add((hour, rows[at : at + 4], start + offset))
    return positions


def assert_counted_once(stack: Stack) -> None:
    """Check that each event is in the log exactly once, and that the counters are correct."""
    ledger = read_ledger(stack)
    stored = read_events(stack)
    digests = [item["digest"]["B"] for item in read_items(stack, "AuditEventsTable")]
    assert sorted(digest for _, digest in ledger.entries) == sorted(digests)
    assert ledger.size == len(ledger.entries) == len(stored)
    times = Counter(_to_milliseconds(event["timestamp"]) for event in stored.values())
    assert Counter(time for time, _ in ledger.entries) == times
    assert ledger.counters == count_again(stored)


def _to_milliseconds(timestamp: str) -> int:
    moment = datetime.fromisoformat(timestamp)
    whole = int(moment.replace(microsecond=0).astimezone(UTC).timestamp())
    return whole * 1000 + moment.microsecond // 1000


def stream_records(stack: Stack, after: str | None = None) -> list[dict[str, Any]]:
    """Return the records of the events' stream, as Lambda delivers them to the ledger.

    `after` is a sequence number; without it, start with the first record.
    """
    start = {"ShardIteratorType": "TRIM_HORIZON"}
    if after is not None:
        start = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": after}
    streams = make_client("dynamodbstreams")
    [source] = stack.stream_sources
    described = streams.describe_stream(StreamArn=source.stream_arn)["StreamDescription"]
    records: list[dict[str, Any]] = []
    for shard in described["Shards"]:
        iterator = streams.get_shard_iterator(
            StreamArn=source.stream_arn,
            ShardId=shard["ShardId"],
            **start,
        )["ShardIterator"]
        response = streams.get_records(ShardIterator=iterator)
        records += [
            dict(make_lambda_record(record, source.stream_arn)) for record in response["Records"]
        ]
    return records
