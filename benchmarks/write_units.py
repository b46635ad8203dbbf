"""The write units of an event of 600 bytes, counted on the requests by DynamoDB's rules."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.ledger_cpu import make_edge, make_head_response
from benchmarks.processor_cpu import NO_PAYLOADS, SHARDS, make_records
from benchmarks.report import Finding, Report
from benchmarks.stub import run_stub, set_response
from benchmarks.workload import ACTIONS, make_events
from local.template import transform_template
from prooftrail.aws.clients import client
from prooftrail.aws.dynamodb import Item
from prooftrail.aws.item import compute_item_size, count_write_units, encode_item
from prooftrail.aws.ledger import DynamoLedger
from prooftrail.event import keys
from prooftrail.event.keys import Index
from prooftrail.event.record import EventRecord
from prooftrail.event.retention import compute_expiry
from prooftrail.ledger.changes import Change, ChangeKind, EventImage
from prooftrail.ledger.commit import commit_changes
from prooftrail.ledger.head import Head
from tests.support.samples import job

BATCH = 1_000
TRANSACTION_PRICE = 2
LOG_SIZE = 2**29 - 1  # its right edge has 29 hashes; no smaller log has more
LEDGER_LIMIT = 0.11
SUBMITTER = "AROAEXAMPLEROLEID1234:orders-service"


def run() -> Report:
    """Count the write units of a batch in the table, its indexes and the ledger."""
    records = [
        record._replace(submitted_by=SUBMITTER, received_at=record.received_at + 60 * n)
        for n, record in enumerate(make_records(list(map(job, make_events(BATCH)))))
    ]
    items = [
        encode_item(record, SHARDS, NO_PAYLOADS, stored_at=record.received_at) for record in records
    ]
    sizes = sorted(compute_item_size(item) for item in items)
    canonical = sorted(len(record.canonical) for record in records)
    base = sum(count_write_units(size) for size in sizes) / BATCH
    findings = [
        Finding("canonical event, median", f"{canonical[BATCH // 2]} bytes"),
        Finding("item, median and largest", f"{sizes[BATCH // 2]}, {sizes[-1]} bytes"),
        Finding("table", f"{base:.2f} units", "1", base == 1),
    ]
    for index, (entries, units) in _index_units(items).items():
        name = f"index {index}, for {entries / BATCH:.0%} of the events"
        findings.append(Finding(name, f"{units / entries:.2f} units", "1", units == entries))
    ledger = _ledger_units(records) / BATCH
    findings.append(
        Finding("ledger", f"{ledger:.3f} units", f"less than {LEDGER_LIMIT}", ledger < LEDGER_LIMIT)
    )
    return Report(
        "Write units per event",
        f"{BATCH:,} events of one tenant, {len(ACTIONS)} actions, one hour, one stream batch, on "
        f"a log of {LOG_SIZE:,} entries; a transaction costs {TRANSACTION_PRICE} times as much",
        findings,
    )


def _index_units(items: Sequence[Item]) -> Mapping[str, tuple[int, int]]:
    """Return entries and units of each index, with its projection in the template."""
    table = transform_template()["Resources"]["AuditEventsTable"]["Properties"]
    projected = {
        index["IndexName"]: {
            *(key["AttributeName"] for key in index["KeySchema"]),
            *index["Projection"]["NonKeyAttributes"],
            keys.PARTITION,
        }
        for index in table["GlobalSecondaryIndexes"]
    }
    entries: Counter[str] = Counter()
    units: Counter[str] = Counter()
    for item in items:
        for index, names in projected.items():
            if Index(index).partition_attribute in item:
                entry = {name: value for name, value in item.items() if name in names}
                entries[index] += 1
                units[index] += count_write_units(compute_item_size(entry))
    return {index: (entries[index], units[index]) for index in projected}


def _ledger_units(records: list[EventRecord]) -> int:
    """Return the units of the transactions that commit the records, with counters at full size."""
    transactions: list[list[Any]] = []
    with run_stub() as url:
        set_response(url, "GetItem", make_head_response(Head(make_edge(LOG_SIZE), SHARDS)))
        dynamodb = client("dynamodb")
        dynamodb.meta.events.register(
            "before-parameter-build.dynamodb.TransactWriteItems",
            lambda params, **_: transactions.append(params["TransactItems"]),
        )
        commit_changes(
            [_make_insert(number, record) for number, record in enumerate(records, 1)],
            DynamoLedger(dynamodb, "ledger"),
            shard_count=SHARDS,
            sleep=lambda _: None,
        )
    return TRANSACTION_PRICE * sum(
        count_write_units(_compute_billed_size(write))
        for writes in transactions
        for write in writes
    )


def _make_insert(number: int, record: EventRecord) -> Change:
    image = EventImage(
        tenant_id=record.tenant_id,
        id=record.id,
        digest=record.digest,
        action=record.action,
        resource_type=record.resource_type,
        success=record.success,
        received_at=record.received_at,
        expires_at=compute_expiry(record.received_at, record.retention_days),
        payload_key=None,
        content={},
        submitted_by=record.submitted_by,
    )
    return Change(ChangeKind.INSERT, record.received_at, str(number), record.id, None, image)


def _compute_billed_size(write: Mapping[str, Any]) -> int:
    """Return the size that a write is billed for: the larger of the item before and after it.

    Counters have the size that they grow to.
    """
    [(kind, request)] = write.items()
    if kind == "Put":
        return compute_item_size(request["Item"])
    expression, names = request["UpdateExpression"], request["ExpressionAttributeNames"]
    if expression.startswith("ADD "):
        return compute_item_size(
            {**request["Key"], **{name: {"N": "9" * 12} for name in names.values()}}
        )
    values = request["ExpressionAttributeValues"]
    parts = [part.split(" = ") for part in expression.removeprefix("SET ").split(", ")]
    left = {names.get(name, name): values[value] for name, value in parts}
    found = {**left, "edge": values[":old"]}
    return max(compute_item_size({**request["Key"], **one}) for one in (left, found))
