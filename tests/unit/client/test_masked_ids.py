"""What the library masks is stored as it is, under the id that `log` returned."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from prooftrail.client import Masking, SecretKeys
from prooftrail.event.masking import MASK
from prooftrail.intake.ingest import Message, ingest
from prooftrail.intake.jobs import parse_job
from tests.support.fakes import MemoryDeadLetterSender, MemoryEventWriter
from tests.support.queue_fakes import FlakyQueue, make_logger
from tests.support.samples import NOW_MS

NAMES: dict[str, Any] = {"action": "a.b", "resource_type": "order", "resource_id": "1"}
SECRETS: dict[str, Any] = {
    "details": {"password": "s3cret", "code": "4/P7q7W91a-oMs", "url": "a://u:s3cret@h"},
    "changes": {"before": {"pin": 1}, "after": {"pin": 2}},
    "error_message": "Bearer 0123456789s3cret",
}


def store(bodies: Sequence[str]) -> dict[str, Any]:
    """Process the messages. Return the stored events by id."""
    writer, box = MemoryEventWriter(), MemoryDeadLetterSender()
    messages = [Message(f"m-{at}", body, NOW_MS) for at, body in enumerate(bodies)]
    ingest(messages, writer, box, now_ms=NOW_MS, retention_days=0)
    assert not box.dead_letters
    return {record.id: json.loads(record.canonical) for record in writer.records.values()}


@pytest.mark.parametrize("is_packing", [False, True])
def test_the_processor_stores_what_the_library_masked_under_its_id(is_packing: bool) -> None:
    queue = FlakyQueue()
    with make_logger(queue, is_packing=is_packing, clock_ms=lambda: NOW_MS) as logger:
        ids = [logger.log(**NAMES, **SECRETS, user_id=f"u-{n}") for n in range(3)]
    assert all(parse_job(body).is_masked for body in queue.bodies)
    stored = store(queue.bodies)
    assert sorted(stored) == sorted(ids)
    for event in stored.values():
        assert "s3cret" not in json.dumps(event)
        assert event["details"] == {"password": MASK, "code": MASK, "url": f"a://u:{MASK}@h"}
        assert event["changes"]["fields"] == ["pin"]
        assert event["errorMessage"] == f"Bearer {MASK}"


def test_names_of_its_own_hold_in_the_processor_too() -> None:
    queue = FlakyQueue()
    masking = Masking(SecretKeys(frozenset({"iban"}), frozenset({"code"})))
    with make_logger(queue, masking=masking, clock_ms=lambda: NOW_MS) as logger:
        event_id = logger.log(**NAMES, details={"code": "4/P7q7W91a-oMs", "iban": "DE02"})
    assert store(queue.bodies)[event_id]["details"] == {"code": "4/P7q7W91a-oMs", "iban": MASK}
