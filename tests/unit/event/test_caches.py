"""What is sent does not stay in memory: caches hold short texts only."""

import tracemalloc
from collections.abc import Callable
from contextlib import suppress

import pytest

from prooftrail.errors import AuditLogError, InvalidEventError
from prooftrail.event.addresses import normalize_address
from prooftrail.event.masking import MASKER, mask_text
from prooftrail.event.times import parse_timestamp
from prooftrail.export.verbs import find_operation
from tests.support.samples import event_json, make_audit_event

MEGABYTE = 1024 * 1024
COUNT = 200


def refuse(fields: dict[str, str]) -> None:
    with pytest.raises(InvalidEventError):
        make_audit_event(event_json(**fields))


CALLS: dict[str, Callable[[str], object]] = {
    "time": lambda text: parse_timestamp(f"2026-11-24T08:00:00.{text}Z"),
    "time of an event": lambda text: refuse({"timestamp": f"2026-11-24T08:00:00.{text}Z"}),
    "address": lambda text: normalize_address(f"203.0.113.9%{text}"),
    "address of an event": lambda text: refuse({"ipAddress": f"::1%{text}"}),
    "name of a secret": lambda text: MASKER.mask_json({f"{text}password": "hunter2"}),
    "parameter": lambda text: mask_text(f"{text}password=hunter2"),
    "action": lambda text: find_operation(f"user.{text}"),
    "JSON in a text": lambda text: mask_text(f'{{"{text}password":"hunter2"}}'),
}


@pytest.mark.parametrize("name", CALLS)
def test_no_cache_keeps_a_long_text(name: str) -> None:
    call = CALLS[name]
    tracemalloc.start()
    for number in range(COUNT):
        with suppress(AuditLogError):
            call(f"{number:03}".ljust(MEGABYTE // 16, "0"))
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 2 * MEGABYTE  # of 12
