"""A fault or a crash at any AWS call of processor and ledger loses nothing, repeats nothing.

The real handlers run on moto; the n-th call of a run fails before, during or after its work, for
every n; then the batch is delivered again.
"""

from collections.abc import Sequence
from typing import Any

import pytest

from ledger.app import lambda_handler as commit
from local.template import Stack
from processor.app import check_shard_count
from processor.app import lambda_handler as process
from prooftrail.aws.clients import client
from prooftrail.intake.ingest import Message
from prooftrail.ledger import commit as ledger
from tests.support.faults import Crash, Fault, Select, at_calls, inject_fault
from tests.support.redelivery import drain
from tests.support.samples import bulk_job, event_json, job, message
from tests.support.small_items import TOO_LARGE_FOR_AN_ITEM, lower_item_limit
from tests.support.trail import (
    assert_counted_once,
    read_events,
    read_items,
    read_ledger,
    stream_records,
)

BAD = {"action": "user.login"}
STORED = 1 + 26 + 1 + 2
QUARANTINED = {"bulk", "poison", "bad"}
FAULTS = [  # a crash before a call is much like a call that is refused
    pytest.param(fault, marks=pytest.mark.slow if fault is Fault.CRASH_BEFORE else ())
    for fault in Fault
]


def _batch(run: int) -> list[Message]:
    """Messages of every kind; another run's are other events."""
    good, failed = event_json(sessionId=f"run {run}"), event_json(success=False)
    bodies = {
        "large": job({**good, "details": {"text": TOO_LARGE_FOR_AN_ITEM}}),
        **{f"single-{n}": job({**good, "tenantId": f"t{n % 3}"}) for n in range(26)},
        "twice-1": job({**good, "eventId": "twice"}),
        "twice-2": job({**good, "eventId": "twice"}),
        "bulk": bulk_job(good, BAD, failed),
        "poison": "not JSON",
        "bad": job(BAD),
    }
    return [message(body, f"{run}/{name}") for name, body in bodies.items()]


def _quarantined(stack: Stack) -> list[str]:
    """The messages that the dead letters came from; takes the letters away."""
    queue = stack.resources["AuditDeadLetterQueue"]
    sources: list[str] = []
    while (
        received := client("sqs")
        .receive_message(QueueUrl=queue, MaxNumberOfMessages=10, MessageAttributeNames=["All"])
        .get("Messages")
    ):
        for letter in received:
            source = letter["MessageAttributes"]["sourceMessageId"]["StringValue"]
            sources.append(source.partition("/")[2])
            client("sqs").delete_message(QueueUrl=queue, ReceiptHandle=letter["ReceiptHandle"])
    return sources


@at_calls
@pytest.mark.parametrize("fault", FAULTS)
def test_the_processor_survives_a_fault_at_every_call(
    aws: Stack, fault: Fault, select: Select, monkeypatch: pytest.MonkeyPatch
) -> None:
    lower_item_limit(monkeypatch)

    def run(number: int, nth: int | None = None) -> tuple[Sequence[str], int]:
        check_shard_count.cache_clear()
        with inject_fault(nth, fault) as calls:
            redriven = drain(_batch(number), process)
        assert not redriven
        sources = _quarantined(aws)
        assert set(sources) == QUARANTINED
        return calls, len(sources)

    calls, sources = run(0)
    assert {"GetItem", "BatchWriteItem", "PutObject", "SendMessageBatch"} <= set(calls)
    assert sources == len(QUARANTINED)
    selected = select(calls)
    for number, nth in enumerate(selected, 1):
        _, sources = run(number, nth)
        if calls[nth] != "SendMessageBatch":  # a dead letter may come twice
            assert sources == len(QUARANTINED), f"at {calls[nth]}"
    assert len(read_events(aws)) == STORED * (1 + len(selected))
    commit({"Records": stream_records(aws)}, None)
    assert_counted_once(aws)


@pytest.fixture
def stream(aws: Stack, monkeypatch: pytest.MonkeyPatch) -> Sequence[dict[str, Any]]:
    """The records of 12 events that take three transactions."""
    monkeypatch.setattr(ledger, "MAX_COUNTER_ITEMS", 8)
    events = [
        event_json(timestamp=f"2025-11-{10 + n // 3}T{n:02}:00:00Z", success=n % 5 > 0)
        for n in range(12)
    ]
    assert not drain([message(bulk_job(*events))], process)
    records = stream_records(aws)
    assert len(records) == len(events)
    return records


def _forget_the_ledger(stack: Stack) -> None:
    for item in read_items(stack, "AuditLedgerTable"):
        client("dynamodb").delete_item(
            TableName=stack.resources["AuditLedgerTable"],
            Key={"pk": item["pk"], "sk": item["sk"]},
        )


def _deliver(records: Sequence[dict[str, Any]]) -> bool:
    try:
        commit({"Records": records}, None)
    except (Crash, Exception):  # noqa: BLE001  # Lambda delivers again, whatever it was
        return False
    return True


@at_calls
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("first_delivery", [12, 7], ids=["same batch", "longer batch"])
def test_the_ledger_survives_a_fault_at_every_call(
    aws: Stack,
    stream: Sequence[dict[str, Any]],
    fault: Fault,
    first_delivery: int,
    select: Select,
) -> None:
    def run(nth: int | None = None) -> Sequence[str]:
        _forget_the_ledger(aws)
        with inject_fault(nth, fault) as calls:
            _deliver(stream[:first_delivery])
            assert _deliver(stream) or _deliver(stream)
        assert_counted_once(aws)
        return calls

    calls = run()
    assert calls.count("TransactWriteItems") >= 3
    assert len(calls) >= 5
    for nth in select(calls):
        run(nth)


def test_a_batch_delivered_twice_is_counted_once(
    aws: Stack, stream: Sequence[dict[str, Any]]
) -> None:
    for _ in range(3):
        commit({"Records": stream}, None)
        assert_counted_once(aws)
    assert read_ledger(aws).size == len(stream)
