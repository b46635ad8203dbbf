"""Each form in the tables of docs/event.md is accepted, and kept as the table says."""

import re
from pathlib import Path

import pytest

from prooftrail.event.addresses import normalize_address
from prooftrail.event.canonical import is_canonical_integer
from prooftrail.event.model import AuditEvent
from prooftrail.event.times import parse_timestamp
from tests.support.samples import event_json

PAGE = (Path(__file__).parents[2] / "docs" / "event.md").read_text("utf-8")
NOW_MS = parse_timestamp("2026-11-24T09:00:00Z")


def read_section(heading: str) -> str:
    return PAGE.partition(f"### {heading}\n")[2].partition("\n#")[0]


def read_examples(heading: str) -> list[tuple[str, str]]:
    """Return what is sent and what is kept of it, from the table under the heading."""
    rows = [line.split("|") for line in read_section(heading).splitlines() if "`" in line]
    return [
        (text, kept.strip(" `"))
        for _, sent, kept, _ in (row for row in rows if len(row) == 4)
        for text in re.findall(r"`([^`]+)`", sent)
    ]


@pytest.mark.parametrize(("sent", "kept"), read_examples("Addresses"))
def test_addresses(sent: str, kept: str) -> None:
    assert normalize_address(sent) == kept


@pytest.mark.parametrize(("sent", "kept"), read_examples("Times"))
def test_times(sent: str, kept: str) -> None:
    given = int(sent) if sent.isdecimal() else sent
    raw = event_json(timestamp=given)
    event = AuditEvent.from_json(raw, default_event_id="e", default_timestamp_ms=0, now_ms=NOW_MS)
    assert event.timestamp == kept


def test_numbers() -> None:
    numbers = list(map(int, re.findall(r"`([0-9]+)`", read_section("Numbers"))))
    assert [is_canonical_integer(number) for number in numbers] == [True, True, False]
