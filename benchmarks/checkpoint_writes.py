"""What a checkpoint writes: S3 objects for new entries, and dollars at a rate of events."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import boto3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from benchmarks.report import Finding, Report
from benchmarks.synthetic_log import (
    MemoryBucket,
    SyntheticLog,
    make_publisher,
    make_response,
    pretend_account,
)
from prooftrail.aws.item import compute_item_size, count_write_units
from prooftrail.aws.log import DynamoLog
from prooftrail.aws.published_log import CHECKPOINT, S3PublishedLog
from prooftrail.ledger.publish import MAX_ENTRIES
from prooftrail.tlog.tiles import Tile

LOG_SIZE = 1_000_000
NEW_ENTRIES = (1, 10, 100, 1_000, 10_000, 100_000)
MINUTES = {10: 120, 1_000: 60, 100_000: 5}  # minutes to publish, by events a minute
MILLION = 1_000_000
S3_PUT_PRICE = 0.005 / 1_000
S3_GET_PRICE = 0.0004 / 1_000
WRITE_UNIT_PRICE = 0.625 / MILLION
SIGNATURE_PRICE = 0.15 / 10_000
BUCKET = "log"


@dataclass(slots=True)
class _Units:
    """The write units of a DynamoDB client's requests. No request leaves this process."""

    checkpoint: int = 0
    positions: int = 0

    def attach(self, client: Any) -> None:
        events = client.meta.events
        events.register("before-parameter-build.dynamodb.PutItem", self._put)
        events.register("before-parameter-build.dynamodb.BatchWriteItem", self._batch)
        events.register("before-send.dynamodb", _respond)

    def _put(self, params: Mapping[str, Any], **_: object) -> None:
        self.checkpoint += count_write_units(compute_item_size(params["Item"]))

    def _batch(self, params: Mapping[str, Any], **_: object) -> None:
        [requests] = params["RequestItems"].values()
        for request in requests:
            self.positions += count_write_units(compute_item_size(request["PutRequest"]["Item"]))


def _respond(request: AWSPreparedRequest, **_: object) -> AWSResponse:
    return make_response(request, b"{}", headers={"Content-Type": "application/x-amz-json-1.0"})


class _Trail:
    """A log of a million published entries, and the parts that publish it."""

    def __init__(self, a_minute: int) -> None:
        dynamodb, s3 = boto3.client("dynamodb"), boto3.client("s3")
        self.units = _Units()
        self.units.attach(dynamodb)
        self.bucket = MemoryBucket()
        self.bucket.attach(s3, BUCKET)
        self.log = SyntheticLog(a_minute, store=DynamoLog(dynamodb, "ledger"))
        for tile, content in self.log.start_at(LOG_SIZE).items():
            self.bucket.objects[tile.path] = content
        self.bucket.objects[CHECKPOINT] = self.log.checkpoint_text.encode()
        self.signatures = 0
        self.publisher = make_publisher(self.log, S3PublishedLog(s3, BUCKET))

    def publish(self, count: int) -> int:
        """Commit and publish `count` events. Return the number of runs."""
        self.log.grow(count)
        runs = 0
        while True:
            runs += 1
            run = self.publisher.run()
            self.signatures += run.new_entries > 0
            if not run.is_behind:
                return runs


def run() -> Report:
    """Publish onto a log of a million entries, and count every request."""
    pretend_account()
    findings = [_measure_writes(count) for count in NEW_ENTRIES]
    for a_minute, minutes in MINUTES.items():
        findings += _measure_costs(a_minute, minutes)
    return Report(
        "Checkpoint: what it writes",
        f"the publisher on a log of {LOG_SIZE:,} entries, runs of at most {MAX_ENTRIES:,}, no "
        "witness; dollars per million events with one checkpoint a minute, us-east-1, on demand",
        findings,
    )


def _measure_writes(count: int) -> Finding:
    trail = _Trail(count)
    runs = trail.publish(count)
    sizes = [LOG_SIZE + at * MAX_ENTRIES for at in range(runs)] + [LOG_SIZE + count]
    changed = sum(len(find_changed_tiles(old, new)) for old, new in pairwise(sizes))
    times = f", {runs} runs" if runs > 1 else ""
    return Finding(
        f"S3 writes, {count:,} new entries{times}",
        f"{trail.bucket.puts:,}",
        f"{changed:,} tiles + {runs}",
        trail.bucket.puts == changed + runs,
    )


def find_changed_tiles(old: int, new: int) -> set[Tile]:
    """Return the tiles with an entry or a subtree's hash that the old tree does not have.

    Source: C2SP tlog-tiles. Level L has the hashes of all full subtrees of 256^L entries.
    """
    changed: set[Tile] = set()
    for level in range(8):
        before, after = old // 256**level, new // 256**level
        for at in {position // 256 for position in range(before, after)}:
            width = min(256, after - 256 * at)
            changed.add(Tile(level, at, width))
            if level == 0:
                changed.add(Tile(None, at, width))
    return changed


@dataclass(slots=True)
class _Bill:
    """The cost at one rate of events: a finding for each part, and the sum."""

    a_minute: int
    events: int
    findings: list[Finding] = field(default_factory=list)
    sum: float = 0.0

    def add(self, part: str, count: int, price: float) -> None:
        """Add `count` requests or units of a part, each at this price."""
        dollars = count / self.events * MILLION * price
        self.sum += dollars
        each = f"{count / self.events:.5f} an event"
        self.findings.append(
            Finding(f"{self.a_minute:,} a minute: {part}", f"${dollars:.4f}", each)
        )


def _measure_costs(a_minute: int, minutes: int) -> list[Finding]:
    trail = _Trail(a_minute)
    for _ in range(minutes):
        trail.publish(a_minute)
    bill = _Bill(a_minute, a_minute * minutes)
    bill.add("S3 PUT", trail.bucket.puts, S3_PUT_PRICE)
    bill.add("S3 GET", trail.bucket.gets, S3_GET_PRICE)
    bill.add("write units, positions", trail.units.positions, WRITE_UNIT_PRICE)
    bill.add("write units, checkpoint", trail.units.checkpoint, WRITE_UNIT_PRICE)
    bill.add("KMS Sign", trail.signatures, SIGNATURE_PRICE)
    name, inputs = f"{a_minute:,} a minute: sum", f"{minutes} minutes"
    return [*bill.findings, Finding(name, f"${bill.sum:.4f}", inputs)]
