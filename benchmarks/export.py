"""How fast a trail is exported in each format and verified, and how much memory that takes.

The events are in a file, a kilobyte each, so that the reader does not keep them in memory.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from benchmarks.processor_cpu import NO_PAYLOADS, SHARDS
from benchmarks.report import Finding, Report
from benchmarks.stub import ROOT
from benchmarks.synthetic_log import (
    TENANT,
    SyntheticLog,
    WritableFolder,
    make_response,
    make_verifier_key,
    pretend_account,
    publish,
)
from benchmarks.workload import make_events
from prooftrail.event import keys
from prooftrail.event.canonical import canonicalize, compute_digest
from prooftrail.event.ids import decode_time, find_shard_by_digest, make_id
from prooftrail.event.times import format_timestamp
from prooftrail.export.folder import DiskFolder
from prooftrail.export.formats import FORMATS
from prooftrail.export.run import PART_ENTRIES, Exporter
from prooftrail.ledger.entry import LoggedEvent
from prooftrail.ledger.ports import Publication
from prooftrail.query.ports import EventLookup, StoredEvent, UnreadableEvent
from prooftrail.tlog.checkpoint import Checkpoint
from prooftrail.tlog.note import Note, VerifierKey
from prooftrail.tlog.policy import Policy
from prooftrail.tlog.tiles import TreeReader
from prooftrail.verify.export import verify_export
from prooftrail.verify.sources import FolderLog
from tests.support.samples import NOW_MS

SMALL, LARGE = 20_000, 100_000
LIMIT_GROWTH_MB = 10
MIN_RATE = 2_000
EVENTS = "events"
_RECORD = 1024
_DIGEST_LENGTH = 32
_HEAD_LENGTH = _DIGEST_LENGTH + 2
_CHUNK = 1_000


class _FileTrail(SyntheticLog):
    """A `LogStore` and `EventLookup` of events in a file. An event's time gives its place there."""

    def __init__(self, folder: Path) -> None:
        super().__init__(1)
        self._file = os.open(folder / EVENTS, os.O_RDONLY)

    def event_at(self, position: int) -> LoggedEvent:
        """Return the event at a position."""
        head = os.pread(self._file, _DIGEST_LENGTH, position * _RECORD)
        return LoggedEvent(NOW_MS + position, head)

    def stored_at(self, position: int) -> StoredEvent:
        """Return the stored event at a position."""
        record = os.pread(self._file, _RECORD, position * _RECORD)
        length = int.from_bytes(record[_DIGEST_LENGTH:_HEAD_LENGTH], "big")
        digest = record[:_DIGEST_LENGTH]
        canonical = record[_HEAD_LENGTH : _HEAD_LENGTH + length]
        time_ms = NOW_MS + position
        return StoredEvent(make_id(time_ms, digest), digest, time_ms, canonical)

    def get_many(
        self, addresses: Sequence[tuple[str, str]]
    ) -> Sequence[StoredEvent | UnreadableEvent | None]:
        """See `EventLookup.get_many`."""
        return [self.stored_at(decode_time(event_id) - NOW_MS) for _, event_id in addresses]

    def reopen(self, published_log: FolderLog, key: VerifierKey) -> None:
        """Take the state of a published log."""
        published = published_log.read_checkpoint()
        assert published
        note = Note.from_text(published.text)
        size = Checkpoint.from_note(note).size
        self.edge = TreeReader.from_tiles(published_log, size).read_edge(size)
        self._publication = Publication(note, key, self.edge)

    def respond(self, request: AWSPreparedRequest, **_: object) -> AWSResponse:
        """Return DynamoDB's response to a BatchGetItem of these events."""
        [(table, wanted)] = json.loads(request.body)["RequestItems"].items()  # type: ignore[arg-type]  # bytes
        items = [
            self._item(key, self.stored_at(decode_time(key["id"]["S"]) - NOW_MS))
            for key in wanted["Keys"]
        ]
        return make_response(request, json.dumps({"Responses": {table: items}}).encode())

    def _item(self, key: dict[str, Any], event: StoredEvent) -> dict[str, Any]:
        fields = json.loads(event.canonical)
        texts = {
            **keys.make_event_keys(
                tenant_id=TENANT,
                shard=find_shard_by_digest(event.digest, SHARDS),
                action=fields["action"],
                resource_type=fields["resourceType"],
                resource_id=fields["resourceId"],
                user_id=fields["userId"],
                success=fields["success"],
            ),
            keys.REQUEST_ID: fields["requestId"],
            keys.SESSION_ID: fields["sessionId"],
            keys.IP_ADDRESS: fields["ipAddress"],
            keys.EVENT: event.canonical.decode(),
        }
        return {
            **key,
            **{name: {"S": text} for name, text in texts.items()},
            keys.DIGEST: {"B": b64encode(event.digest).decode()},
            keys.RECEIVED_AT: {"N": str(event.received_at)},
        }


@dataclass(frozen=True, slots=True)
class _Measured:
    """One export in its own process."""

    seconds: float
    cpu_seconds: float
    verify_seconds: float
    start_mb: float
    peak_mb: float


def run() -> Report:
    """Export a trail in every format and size, each in its own process."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        length = _write_events(folder / EVENTS)
        trail = _FileTrail(folder)
        trail.grow(LARGE)
        publish(trail, WritableFolder(folder / "log"))
        small, large = (
            {one: _run_in_process(folder, one, size) for one in FORMATS} for size in (SMALL, LARGE)
        )
        client = _run_in_process(folder, "ndjson", LARGE, with_client=True)
    findings = []
    for one, measured in large.items():
        findings.append(
            _make_rate_finding(f"{one}, events per second, and per second of CPU", measured)
        )
    findings.append(_make_rate_finding("ndjson with DynamoDB's client", client))
    for one, measured in large.items():
        rate = LARGE / measured.verify_seconds
        findings.append(Finding(f"{one}, events verified per second", f"{rate:,.0f}"))
    for one, measured in large.items():
        growth = measured.peak_mb - small[one].peak_mb
        findings.append(
            Finding(
                f"{one}, peak memory at {SMALL:,} and {LARGE:,}",
                f"{small[one].peak_mb:.1f}, {measured.peak_mb:.1f} MB",
                f"at most {LIMIT_GROWTH_MB} more; {measured.start_mb:.0f} at the start",
                growth <= LIMIT_GROWTH_MB,
            )
        )
    return Report(
        "Export",
        f"{LARGE:,} events of {length:.0f} bytes into one part, from a reader in this process, "
        f"fsync included, each in its own process",
        findings,
    )


def _make_rate_finding(name: str, measured: _Measured) -> Finding:
    rate, cpu_rate = LARGE / measured.seconds, LARGE / measured.cpu_seconds
    value, target = f"{rate:,.0f}, {cpu_rate:,.0f}", f"at least {MIN_RATE:,}"
    return Finding(name, value, target, rate >= MIN_RATE)


def _write_events(path: Path) -> float:
    """Write the events. Return their mean length."""
    total = 0
    with path.open("wb") as file:
        for start in range(0, LARGE, _CHUNK):
            for position, event in enumerate(make_events(_CHUNK, seed=start), start):
                timestamp = format_timestamp(NOW_MS + position)
                canonical = canonicalize({**event, "timestamp": timestamp, "v": 1})
                record = compute_digest(canonical) + len(canonical).to_bytes(2, "big") + canonical
                assert len(record) <= _RECORD
                file.write(record.ljust(_RECORD, b"\0"))
                total += len(canonical)
    return total / LARGE


def _run_in_process(folder: Path, name: str, size: int, *, with_client: bool = False) -> _Measured:
    arguments = (str(folder), str(make_verifier_key()), name, size, with_client)
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import benchmarks.export; benchmarks.export.measure{arguments!r}",
        ],
        stdout=subprocess.PIPE,
        check=True,
        text=True,
        cwd=ROOT,
    )
    return _Measured(*json.loads(done.stdout))


def measure(folder: str, key_text: str, name: str, size: int, with_client: bool) -> None:
    """Export and verify once, and print seconds and memory."""
    key = VerifierKey.from_text(key_text)
    published_log = FolderLog(Path(folder) / "log")
    trail = _FileTrail(Path(folder))
    trail.reopen(published_log, key)
    lookup: EventLookup = _make_client(trail) if with_client else trail
    FORMATS[name].check_available()  # pyarrow's import takes more memory than anything here
    start_mb = _peak_mb()
    with tempfile.TemporaryDirectory() as target:
        export = DiskFolder(Path(target))

        def write() -> None:
            report = Exporter(
                trail,
                published_log,
                lookup,
                export,
                name,
                None,
                lambda: NOW_MS,
                "bench",
                PART_ENTRIES,
            ).run(last=size)
            assert report.totals.events == size

        def check() -> None:
            assert not verify_export(export, Policy.from_key(key)).findings

        cpu_seconds = -time.process_time()
        seconds = _seconds(write)
        cpu_seconds += time.process_time()
        print(json.dumps([seconds, cpu_seconds, _seconds(check), start_mb, _peak_mb()]))


def _make_client(trail: _FileTrail) -> EventLookup:
    pretend_account()
    from prooftrail.aws.clients import client
    from prooftrail.aws.event_reader import DynamoEventReader

    dynamodb: Any = client("dynamodb")
    dynamodb.meta.events.register("before-send.dynamodb", trail.respond)
    return DynamoEventReader(dynamodb, "events", SHARDS, NO_PAYLOADS)


def _seconds(way: Callable[[], object]) -> float:
    before = time.perf_counter()
    way()
    return time.perf_counter() - before


def _peak_mb() -> float:
    """Return the peak memory of this process. That of getrusage includes its parent's."""
    status = Path("/proc/self/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+)", status)
    assert found
    return int(found[1]) / 1024
