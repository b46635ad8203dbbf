"""The checkpoint's handler on the template's resources: faults at every call, races, tampering.

The processor stores the events, and the ledger commits them, each invoked as in Lambda.
"""

from contextlib import suppress
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from checkpoint import app
from local.runtime import FunctionError, Runtime
from local.template import Stack
from prooftrail.aws.clients import client
from prooftrail.event.times import HOUR_MS, now_ms
from prooftrail.ledger.entry import pack_rows
from prooftrail.runtime.config import get_settings
from prooftrail.tlog.checkpoint import Checkpoint
from prooftrail.tlog.note import Note
from prooftrail.tlog.signatures import find_signing_time
from tests.support.deployed_log import Log, run_before_call
from tests.support.faults import OF_PASSED_ON, Crash, Fault, Select, at_calls, inject_fault
from tests.support.log_fakes import FakeWitnesses, make_logged_events
from tests.support.log_samples import (
    make_cosignature,
    make_verifier_key,
    make_witness_key,
    sign_checkpoint,
)
from tests.support.trail import (
    assert_counted_once,
    assert_published,
    read_bucket,
    read_items,
    read_ledger,
    read_signing_key,
)

WITNESS = Ed25519PrivateKey.from_private_bytes(bytes(32))
WITNESS_NAME = "witness.example/w"


_STOCK: list[dict[str, Any]] = []


@pytest.fixture
def fresh_log(aws: Stack) -> Log:
    """An empty log. moto's CloudFormation does not turn on the bucket's versions, so do it here."""
    client("s3").put_bucket_versioning(
        Bucket=aws.resources["LogBucket"], VersioningConfiguration={"Status": "Enabled"}
    )
    return Log(aws)


@pytest.fixture
def log(fresh_log: Log) -> Log:
    """An empty log with 520 waiting stream records. The first test makes them for all."""
    if not _STOCK:
        _STOCK.extend(fresh_log.take(520))
        fresh_log.size = 0
    fresh_log.waiting = list(_STOCK)
    return fresh_log


def change_publisher(monkeypatch: pytest.MonkeyPatch, **parts: Any) -> None:
    """Replace these parts of the handler's publisher."""
    compose = app.make_publisher
    monkeypatch.setattr(app, "make_publisher", lambda: replace(compose(), **parts))


def test_events_are_published_step_by_step(fresh_log: Log) -> None:
    fresh_log.publish()
    assert read_bucket(fresh_log.stack).checkpoints == []
    for events, size in ((1, 1), (254, 255), (1, 256), (1, 257), (300, 557)):
        fresh_log.commit(events)
        fresh_log.publish()
        assert assert_published(fresh_log.stack) == size
    fresh_log.publish()
    assert fresh_log.list_values("AuditEventsPublished") == [0, 1, 254, 1, 1, 300, 0]
    assert len(read_bucket(fresh_log.stack).checkpoints) == 5
    assert sum(fresh_log.list_values("AuditTamperDetected")) == 0


@at_calls
@pytest.mark.parametrize(
    ("published", "fault"),
    [
        (250, Fault.REFUSED),
        pytest.param(250, Fault.RESPONSE_LOST, marks=pytest.mark.slow),
        pytest.param(250, Fault.CRASH_BEFORE, marks=pytest.mark.slow),
        (250, Fault.CRASH_AFTER),
        (0, Fault.CRASH_AFTER),
    ],
)
def test_a_fault_at_any_call_delays_a_checkpoint_and_never_makes_it_wrong(
    log: Log, monkeypatch: pytest.MonkeyPatch, published: int, fault: Fault, select: Select
) -> None:
    """The log grows from 0 or 250 entries to 270, which completes a tile. A witness cosigns."""
    key = make_witness_key(WITNESS_NAME, WITNESS)
    witnesses = FakeWitnesses(
        [key], lambda note, _: [make_cosignature(note, WITNESS_NAME, WITNESS, 1)]
    )
    change_publisher(monkeypatch, witnesses=witnesses)
    if published:
        log.commit(published)
        log.publish()
    log.commit(270 - published)
    snapshot = log.snapshot()
    with inject_fault() as calls:
        log.publish()
    assert assert_published(log.stack) == 270
    assert {"GetItem", "Query", "GetObject", "PutObject", "BatchWriteItem", "PutItem"} == set(calls)
    assert len(calls) >= 15
    for nth in select(calls):
        log.roll_back(snapshot)
        with inject_fault(nth, fault), suppress(Crash, FunctionError):
            log.publish()
        log.publish()
        assert assert_published(log.stack) == 270
    assert f"\u2014 {WITNESS_NAME} " in read_bucket(log.stack).checkpoints[-1]
    assert sum(log.list_values("AuditTamperDetected")) == 0


@pytest.mark.parametrize("fault", OF_PASSED_ON)
def test_a_fault_at_any_call_of_a_renewal_leaves_what_is_true(
    log: Log, monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    """Nothing new arrives for an hour: the log says again that this is its latest checkpoint."""
    log.commit(20)
    log.publish()
    [text] = read_bucket(log.stack).checkpoints
    key = make_verifier_key(get_settings().log_origin, read_signing_key(log.stack))
    an_hour_later = now_ms() + HOUR_MS
    change_publisher(monkeypatch, now_ms=lambda: an_hour_later)
    snapshot = log.snapshot()
    for nth in count():
        with inject_fault(nth, fault) as calls, suppress(Crash, FunctionError):
            log.publish()
        if nth < len(calls):
            log.publish()
        assert assert_published(log.stack) == 20
        renewed = read_bucket(log.stack).checkpoints[-1]
        assert renewed.split("\n\n")[0] == text.split("\n\n")[0]
        assert find_signing_time(Note.from_text(renewed), key) == an_hour_later // 1000 * 1000
        if nth >= len(calls):
            break
        log.roll_back(snapshot)
    assert sorted(calls) == ["GetItem", "GetItem", "GetObject", "PutItem", "PutObject"]
    assert sum(log.list_values("AuditTamperDetected")) == 0


@pytest.mark.parametrize(
    "race", [pytest.param("commit", marks=pytest.mark.slow), "commit and publish"]
)
def test_other_runs_between_any_two_calls_do_no_harm(log: Log, race: str) -> None:
    def interfere() -> None:
        if "commit" in race:
            log.commit(2)
        if "publish" in race:
            log.publish()

    log.commit(255)
    log.publish()
    for nth in count():
        log.commit(1)
        with run_before_call(nth, interfere) as calls:
            log.publish()
        log.publish()
        assert assert_published(log.stack) == log.size, f"before {calls[nth]}"
        assert sum(log.list_values("AuditTamperDetected")) == 0, f"before {calls[nth]}"
        if nth >= len(calls) - 1:
            break
    assert nth >= 8


@pytest.mark.parametrize("nth", [0, 1])
def test_two_ledger_invocations_at_once_make_one_tree(fresh_log: Log, nth: int) -> None:
    """Other shards commit before a transaction and before its retry."""
    fresh_log.commit(3)
    fresh_log.publish()
    records = fresh_log.take(20)
    mine, theirs, others = records[:9], records[9:13], records[13:]

    def race() -> None:
        fresh_log.runtime.invoke("LedgerFunction", {"Records": theirs})

    def race_again() -> None:
        fresh_log.runtime.invoke("LedgerFunction", {"Records": others})

    with (
        run_before_call(0, race, "TransactWriteItems"),
        run_before_call(nth, race_again, "TransactWriteItems") as calls,
    ):
        fresh_log.runtime.invoke("LedgerFunction", {"Records": mine})
    assert len(calls) >= 2, "there was no race"
    assert read_ledger(fresh_log.stack).size == 23
    fresh_log.publish()
    assert assert_published(fresh_log.stack) == 23
    fresh_log.commit(len(fresh_log.waiting))
    assert_counted_once(fresh_log.stack)


def assert_refused(log: Log, reason: str) -> None:
    """Check that two runs report tampering, fail, and publish nothing."""
    before = read_bucket(log.stack)
    for times in (1, 2):
        with pytest.raises(FunctionError, match=f"InconsistentLogError: .*{reason}"):
            log.publish()
        assert log.list_values("AuditTamperDetected")[-times:] == [1] * times
    assert read_bucket(log.stack) == before


@pytest.mark.parametrize(
    ("number", "reason"),
    [(1, "from 256 on are not the published ones"), (2, "do not lead to its head")],
    ids=["published", "not published yet"],
)
@pytest.mark.parametrize("at", [0, 19])
def test_a_rewritten_log_item_is_refused(log: Log, number: int, reason: str, at: int) -> None:
    log.commit(256)
    log.commit(20)
    log.publish()
    log.commit(20)
    item = log.item("log#0", number)
    rows = item["rows"]["B"]
    log.replace(
        item, rows={"B": rows[: 43 * at] + pack_rows(make_logged_events(1)) + rows[43 * (at + 1) :]}
    )
    assert_refused(log, reason)
    log.replace(item)
    log.publish()
    assert assert_published(log.stack) == 296


@pytest.mark.parametrize("number", [1, 2])
def test_a_removed_log_item_is_refused(log: Log, number: int) -> None:
    log.commit(3)
    log.publish()
    log.commit(4)
    log.commit(5)
    log.remove(log.item("log#0", number))
    assert_refused(log, "the ledger's log")


def test_a_ledger_that_starts_again_is_refused(log: Log) -> None:
    log.commit(9)
    log.publish()
    for item in read_items(log.stack, "AuditLedgerTable"):
        if item["pk"]["S"] != "checkpoint":
            log.remove(item)
    assert_refused(log, "the ledger has lost some of 9 published entries")
    log.commit(10)
    assert_refused(log, "the ledger's entries do not lead to its head")


def test_a_ledger_without_its_checkpoint_is_refused(log: Log) -> None:
    log.commit(9)
    log.publish()
    log.remove(log.item("checkpoint"))
    assert_refused(log, "a checkpoint of 9 entries is published, but the ledger's is missing")


@pytest.mark.parametrize("size", [9, 11, 1000])
def test_a_published_checkpoint_of_another_tree_is_refused(log: Log, size: int) -> None:
    """It has the log's own signature, and an earlier, the current or a larger size."""
    log.commit(9)
    log.publish()
    log.commit(2)
    log.publish()
    log.commit(1)
    checkpoint = Checkpoint(get_settings().log_origin, size, bytes(32))
    log.put("checkpoint", str(sign_checkpoint(checkpoint, read_signing_key(log.stack))).encode())
    assert_refused(log, f"checkpoints? of {size} entries (is|are) published")


@pytest.mark.parametrize("content", [b"", b"garbage", b"\xff\x00", None])
def test_a_foreign_checkpoint_is_replaced_and_reported(log: Log, content: bytes | None) -> None:
    log.commit(9)
    log.publish()
    [ours] = read_bucket(log.stack).checkpoints
    if content is None:
        content = str(sign_checkpoint(Checkpoint(get_settings().log_origin, 9, bytes(32)))).encode()
    log.put("checkpoint", content)
    log.publish()
    bucket = log.stack.resources["LogBucket"]
    published = client("s3").get_object(Bucket=bucket, Key="checkpoint")["Body"].read()
    assert published.decode() == ours
    assert log.list_values("AuditTamperDetected")[-1] == 1
    reasons = [line["reason"] for line in log.lines if line.get("level") == "ERROR"]
    assert len(reasons) == 1
    assert reasons[0].startswith("the published checkpoint was not one of this log")
    log.publish()
    assert log.list_values("AuditTamperDetected").count(1) == 1


def test_an_earlier_checkpoint_is_replaced_with_a_warning(log: Log) -> None:
    log.commit(4)
    log.publish()
    [earlier] = read_bucket(log.stack).checkpoints
    log.commit(5)
    log.publish()
    log.put("checkpoint", earlier.encode())
    log.publish()
    assert read_bucket(log.stack).checkpoints[-1].splitlines()[1] == "9"
    [warning] = [line for line in log.lines if line.get("level") == "WARNING"]
    assert (warning["message"], warning["size"]) == ("replaced an earlier checkpoint", 4)
    assert sum(log.list_values("AuditTamperDetected")) == 0


@pytest.mark.parametrize("content", [bytes(32), bytes(31), b""], ids=len)
def test_a_changed_tile_is_not_used_for_the_next_tile(log: Log, content: bytes) -> None:
    """The next full tile extends the tile above the leaves, so the run reads that tile."""
    log.commit(300)
    log.publish()
    log.commit(212)
    tiles = read_bucket(log.stack).tiles
    log.put("tile/1/000.p/1", content)
    before = client("s3").list_object_versions(Bucket=log.stack.resources["LogBucket"])
    with pytest.raises(FunctionError, match=r"InconsistentLogError: tile/1/000\.p/1 is not"):
        log.publish()
    assert log.list_values("AuditTamperDetected")[-1] == 1
    after = client("s3").list_object_versions(Bucket=log.stack.resources["LogBucket"])
    assert after["Versions"] == before["Versions"]
    assert "tile/1/000.p/1" in tiles


def test_a_backlog_is_published_in_one_invocation(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_publisher(monkeypatch, max_entries=100)
    log.commit(150)
    log.commit(160)
    log.publish()
    assert log.list_values("AuditEventsPublished") == [100, 100, 100, 10]
    assert len(read_bucket(log.stack).checkpoints) == 4
    assert assert_published(log.stack) == 310


def test_a_backlog_waits_for_the_next_invocation_when_time_is_short(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_publisher(monkeypatch, max_entries=100)
    log.commit(310)
    functions = log.stack.functions
    short = replace(functions["CheckpointFunction"], timeout_seconds=app.MIN_REMAINING_MS // 1000)
    runtime = Runtime({**functions, "CheckpointFunction": short}, log._note)
    for size in (100, 200, 300, 310):
        runtime.invoke("CheckpointFunction", {})
        assert assert_published(log.stack) == size
