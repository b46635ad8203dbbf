"""What a proof costs: objects read, hashes, CPU; and what its verification costs."""

import json
import math
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from benchmarks.processor_cpu import NO_PAYLOADS, SHARDS, records_of
from benchmarks.report import Finding, Report
from benchmarks.synthetic_log import (
    MemoryBucket,
    SyntheticLog,
    pretend_account,
    publish,
    verifier_key,
)
from benchmarks.workload import events, single_jobs
from prooftrail.aws.clients import client
from prooftrail.aws.event_writer import DynamoEventWriter
from prooftrail.aws.log import DynamoLog
from prooftrail.event.record import EventRecord
from prooftrail.event.times import format_timestamp
from prooftrail.ledger.bundle import ProofBundle
from prooftrail.ledger.entry import LoggedEvent
from prooftrail.ledger.prove import Prover
from prooftrail.query.ports import StoredEvent
from prooftrail.tlog.policy import Policy
from tests.support.api import Api
from tests.support.log_fakes import MemoryPublishedLog
from tests.support.stack import deployed

if TYPE_CHECKING:
    from prooftrail.query.ports import EventReader

LOG_SIZE = 1_000_000
A_MINUTE = 1_000
SAMPLES = 60
ROUNDS = 9
STARTS = 9
READS_LIMIT = 5
VERIFY_LIMIT_MS = 2
# The first, both sides of tiles' borders, and where each subtree of the right edge begins.
BORDERS = (
    *(0, 255, 256, 65_535, 65_536, 524_287, 524_288),
    *(786_432, 917_504, 983_040, 999_424, 999_935, 999_936, LOG_SIZE - 1),
)


class _Events:
    """The sampled events, in memory."""

    def __init__(self, records: Sequence[EventRecord]) -> None:
        self._stored = {
            one.id: StoredEvent(one.id, one.digest, one.received_at, one.canonical)
            for one in records
        }

    def get(self, tenant_id: str, event_id: str) -> StoredEvent | None:  # noqa: ARG002
        return self._stored.get(event_id)


def run() -> Report:
    """Publish a million entries, prove some through the API, and verify the bundles."""
    pretend_account()
    chance = random.Random(7)
    positions = sorted({*BORDERS, *chance.sample(range(LOG_SIZE), SAMPLES)})
    records = _records(positions)
    given = {
        position: LoggedEvent.from_id(one.id, one.digest)
        for position, one in zip(positions, records, strict=True)
    }
    with deployed() as stack:
        dynamodb, ledger = client("dynamodb"), stack.resources["AuditLedgerTable"]
        log = SyntheticLog(A_MINUTE, store=DynamoLog(dynamodb, ledger), given=given)
        published_log = MemoryPublishedLog()
        log.grow(LOG_SIZE)
        publish(log, published_log)
        table = stack.resources["AuditEventsTable"]
        assert not DynamoEventWriter(dynamodb, table, SHARDS, NO_PAYLOADS).put(records)
        bucket = MemoryBucket()
        bucket.objects = {tile.path: content for tile, content in published_log.tiles.items()}
        bucket.attach(client("s3"), stack.resources["LogBucket"])
        reads: list[int] = []
        texts: list[str] = []
        api = Api(stack)
        for record in records:
            before = bucket.gets
            path = f"/audit-logs/{record.id}/proof"
            answer = api.asked(path, tenantId=record.tenant_id, format="json")
            assert answer.status == 200, answer.body
            reads.append(bucket.gets - before)
            texts.append(json.dumps(answer.body, ensure_ascii=False, separators=(",", ":")))
    bundles = [ProofBundle.from_json(text) for text in texts]
    assert [one.proof.index for one in bundles] == positions
    prover = Prover(cast("EventReader", _Events(records)), log, published_log)
    proving = _median_ms(lambda one: prover.prove(one.tenant_id, one.id), records)
    policy = Policy.from_key(verifier_key())
    verifying = _median_ms(lambda text: _verify(policy, text), texts)
    most_hashes = max(len(one.proof.hashes) for one in bundles)
    hash_limit = math.ceil(math.log2(LOG_SIZE))
    mean = statistics.mean(reads)
    start, bare = _start_ms(texts[len(texts) // 2])
    return Report(
        "Proofs",
        f"a log of {LOG_SIZE:,} entries, {len(positions)} events of 600 bytes: both ends, borders "
        f"of tiles, the right edge, and {SAMPLES} at random; median of {ROUNDS} rounds",
        [
            Finding(
                "S3 reads of a request for a proof, most",
                str(max(reads)),
                f"at most {READS_LIMIT}",
                max(reads) <= READS_LIMIT,
            ),
            Finding("S3 reads, mean", f"{mean:.2f}"),
            Finding(
                "hashes in a proof, most",
                str(most_hashes),
                f"at most {hash_limit}",
                most_hashes <= hash_limit,
            ),
            Finding("a bundle, mean", f"{statistics.mean(map(len, texts)):.0f} bytes"),
            Finding("CPU to prove, AWS's calls apart", f"{proving:.2f} ms"),
            Finding(
                "CPU to verify a bundle",
                f"{verifying:.2f} ms",
                f"less than {VERIFY_LIMIT_MS}",
                verifying < VERIFY_LIMIT_MS,
            ),
            Finding("`prooftrail verify bundle`, a process", f"{start:.0f} ms"),
            Finding("  of it: Python's start", f"{bare:.0f} ms"),
        ],
    )


def _records(positions: Sequence[int]) -> list[EventRecord]:
    """An event for each position, of the time at which the log has it there."""
    log = SyntheticLog(A_MINUTE)
    some = events(len(positions))
    for position, event in zip(positions, some, strict=True):
        event["timestamp"] = format_timestamp(log.time_at(position))
    return records_of(single_jobs(some))


def _verify(policy: Policy, text: str) -> None:
    """What `prooftrail verify bundle` does."""
    bundle = ProofBundle.from_json(text)
    policy.check(bundle.proof.note)
    bundle.proof.check(bundle.entry)


def _median_ms(way: Callable[[Any], object], inputs: Sequence[Any]) -> float:
    """The CPU time of one, by rounds over all."""
    times = []
    for _ in range(ROUNDS):
        before = time.process_time()
        for one in inputs:
            way(one)
        times.append(time.process_time() - before)
    return statistics.median(times) / len(inputs) * 1e3


def _start_ms(text: str) -> tuple[float, float]:
    """How long the command takes, and how long a Python that does nothing."""
    command = str(Path(sys.executable).with_name("prooftrail"))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bundle.json"
        file.write_text(text, encoding="utf-8")
        verify = [command, "verify", "bundle", str(file), "--key", str(verifier_key())]
        return _wall_ms(verify), _wall_ms([sys.executable, "-c", ""])


def _wall_ms(command: Sequence[str]) -> float:
    times = []
    for _ in range(STARTS):
        before = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - before)
    return statistics.median(times) * 1e3
