"""Stream records of stored events, and the changes that the ledger parses from them."""

from collections.abc import Sequence
from typing import Any

from local.stream_poller import make_lambda_record
from prooftrail.aws.item import encode_item
from prooftrail.aws.stream import read_changes
from prooftrail.event.record import EventRecord
from prooftrail.ledger.changes import Change
from prooftrail.ledger.commit import CommitResult, LedgerStore, commit_changes
from tests.support.fakes import MemoryPayloadStore
from tests.support.samples import NOW_MS

TTL = "dynamodb.amazonaws.com"


def make_stream_record(
    kind: str, sequence: int, *, old: object = None, new: object = None, principal: str = ""
) -> dict[str, Any]:
    """Return a stream record as Lambda delivers it."""
    images = {name: image for name, image in (("OldImage", old), ("NewImage", new)) if image}
    [image, *_] = images.values()
    assert isinstance(image, dict)
    change = {
        "Keys": {"pk": image["pk"], "id": image["id"]},
        "ApproximateCreationDateTime": NOW_MS / 1000,
        "SequenceNumber": str(sequence),
        **images,
    }
    record: dict[str, Any] = {"eventID": str(sequence), "eventName": kind, "dynamodb": change}
    if principal:
        record["userIdentity"] = {"Type": "Service", "PrincipalId": principal}
    return dict(make_lambda_record(record, "arn"))


def make_item(record: EventRecord, stored_at: int = NOW_MS) -> dict[str, Any]:
    return encode_item(record, 4, MemoryPayloadStore(), stored_at=stored_at)


def make_old_item(record: EventRecord) -> dict[str, Any]:
    """Return the item as version 0.2 stored it: without `storedAt`, its expiry from the receipt."""
    item = make_item(record, record.received_at)
    del item["storedAt"]
    return item


def make_inserts(records: Sequence[EventRecord], first: int = 1) -> list[Change]:
    numbered = enumerate(records, first)
    inserts = [make_stream_record("INSERT", at, new=make_item(record)) for at, record in numbered]
    return list(read_changes({"Records": inserts}, 4))


def make_change(kind: str, **images: Any) -> Change:
    [parsed] = read_changes({"Records": [make_stream_record(kind, 1, **images)]}, 4)
    return parsed


def commit_to(changes: Sequence[Change], store: LedgerStore, shard_count: int = 4) -> CommitResult:
    return commit_changes(changes, store, shard_count=shard_count, sleep=lambda _: None)
