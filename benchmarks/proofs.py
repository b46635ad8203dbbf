"""What a proof costs to make (objects read, hashes, CPU), and to verify."""

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

from benchmarks.processor_cpu import NO_PAYLOADS, SHARDS, make_records
from benchmarks.report import Finding, Report
from benchmarks.synthetic_log import (
    MemoryBucket,
    SyntheticLog,
    make_verifier_key,
    pretend_account,
    publish,
)
from benchmarks.workload import make_events
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
from tests.support.samples import job
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
# The first entry, both sides of tile borders, and the start of each subtree of the right edge.
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
    """Publish a million entries, get proofs of some from the API, and verify the bundles."""
    pretend_account()
    rng = random.Random(7)
    positions = sorted({*BORDERS, *rng.sample(range(LOG_SIZE), SAMPLES)})
    records = _make_records(positions)
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
            path = f"/audit-logs/{record.id}/proof/unmasked"
            answer = api.get_response(path, tenantId=record.tenant_id)
            assert answer.status == 200, answer.body
            reads.append(bucket.gets - before)
            texts.append(json.dumps(answer.body, ensure_ascii=False, separators=(",", ":")))
    bundles = [ProofBundle.from_json(text) for text in texts]
    assert [one.proof.index for one in bundles] == positions
    prover = Prover(cast("EventReader", _Events(records)), log, published_log)
    proving = _measure_cpu_ms(lambda one: prover.prove(one.tenant_id, one.id), records)
    policy = Policy.from_key(make_verifier_key())
    verifying = _measure_cpu_ms(lambda text: _verify(policy, text), texts)
    most_hashes = max(len(one.proof.hashes) for one in bundles)
    hash_limit = math.ceil(math.log2(LOG_SIZE))
    mean = statistics.mean(reads)
    start, bare = _measure_start_ms(texts[len(texts) // 2])
    return Report(
        "Proofs",
        f"a log of {LOG_SIZE:,} entries, {len(positions)} events of 600 bytes: both ends, tile "
        f"borders, the right edge, and {SAMPLES} at random; median of {ROUNDS} rounds",
        [
            Finding(
                "S3 reads per proof request, at most",
                str(max(reads)),
                f"at most {READS_LIMIT}",
                max(reads) <= READS_LIMIT,
            ),
            Finding("S3 reads per proof request, mean", f"{mean:.2f}"),
            Finding(
                "hashes in a proof, at most",
                str(most_hashes),
                f"at most {hash_limit}",
                most_hashes <= hash_limit,
            ),
            Finding("size of a bundle, mean", f"{statistics.mean(map(len, texts)):.0f} bytes"),
            Finding("CPU to make a proof, without calls of AWS", f"{proving:.2f} ms"),
            Finding(
                "CPU to verify a bundle",
                f"{verifying:.2f} ms",
                f"less than {VERIFY_LIMIT_MS}",
                verifying < VERIFY_LIMIT_MS,
            ),
            Finding("`prooftrail verify bundle`, whole process", f"{start:.0f} ms"),
            Finding("  of it: Python's start", f"{bare:.0f} ms"),
        ],
    )


def _make_records(positions: Sequence[int]) -> list[EventRecord]:
    """Return an event for each position, with the time that the log has there."""
    log = SyntheticLog(A_MINUTE)
    some = make_events(len(positions))
    for position, event in zip(positions, some, strict=True):
        event["timestamp"] = format_timestamp(log.make_time(position))
    return make_records(list(map(job, some)))


def _verify(policy: Policy, text: str) -> None:
    """Verify as `prooftrail verify bundle` does."""
    bundle = ProofBundle.from_json(text)
    policy.check(bundle.proof.note)
    bundle.proof.check(bundle.entry)


def _measure_cpu_ms(call: Callable[[Any], object], inputs: Sequence[Any]) -> float:
    """Return the CPU time of one call, from rounds over all inputs."""
    times = []
    for _ in range(ROUNDS):
        before = time.process_time()
        for one in inputs:
            call(one)
        times.append(time.process_time() - before)
    return statistics.median(times) / len(inputs) * 1e3


def _measure_start_ms(text: str) -> tuple[float, float]:
    """Return how long the command takes, and how long a Python takes that does nothing."""
    command = str(Path(sys.executable).with_name("prooftrail"))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bundle.json"
        file.write_text(text, encoding="utf-8")
        verify = [command, "verify", "bundle", str(file), "--key", str(make_verifier_key())]
        return _measure_wall_ms(verify), _measure_wall_ms([sys.executable, "-c", ""])


def _measure_wall_ms(command: Sequence[str]) -> float:
    times = []
    for _ in range(STARTS):
        before = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - before)
    return statistics.median(times) * 1e3
