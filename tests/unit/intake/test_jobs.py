"""The format of jobs: which bodies are valid, and the error texts of others."""

import gc
import json
import time
from contextlib import suppress

import pytest

from prooftrail.errors import MalformedJobError, UnknownJobTypeError
from prooftrail.intake.jobs import MAX_BULK_EVENTS, decode_json, encode_single_job, parse_job
from tests.support.samples import bulk_job, job


def test_a_single_job_holds_its_event() -> None:
    parsed = parse_job(job({"a": 1}))
    assert (parsed.events, parsed.is_bulk) == (({"a": 1},), False)


def test_a_bulk_job_holds_its_events_in_order() -> None:
    parsed = parse_job(bulk_job({"a": 1}, 2, None))
    assert (parsed.events, parsed.is_bulk) == (({"a": 1}, 2, None), True)


def test_a_quarantined_event_is_a_job_again() -> None:
    event = {"a": "\u00e9\ud800\x00"}
    assert encode_single_job(event).isascii()
    assert parse_job(encode_single_job(event)).events == (event,)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "not JSON: Expecting value at line 1 column 1"),
        ("{\n'a'}", "not JSON: Expecting property name enclosed in double quotes at line 2 col"),
        ("[]", "a job must be a JSON object (got list of length 0)"),
        ("null", "a job must be a JSON object (got null)"),
        ("{}", "type: required, log_event or bulk_log_events"),
        ('{"type": 1}', "type: required, log_event or bulk_log_events"),
        ('{"type": "log_event"}', "data: a log_event job needs an event, a JSON object"),
        ('{"type": "log_event", "data": []}', "data: a log_event job needs an event, a JSON obj"),
        ('{"type": "bulk_log_events", "data": {}}', "data.events: a bulk_log_events job needs"),
        (bulk_job(), "data.events: a bulk_log_events job needs a list of at least one event"),
        ('{"type": "log_event", "data": {"a": 1, "a": 2}}', "not JSON: the key 'a' occurs twice"),
        ("[" * 100_000, "not JSON: nests too deeply"),
        ('{"a":' * 100_000, "not JSON: nests too deeply"),
        (f"{'1' * 5_000}", "not JSON: a number has too many digits"),
        (
            bulk_job(*[1] * (MAX_BULK_EVENTS + 1)),
            "data.events: must have at most 5000 events (got 5001)",
        ),
    ],
    ids=str.__len__,
)
def test_a_malformed_job_is_refused_with_the_reason(body: str, reason: str) -> None:
    with pytest.raises(MalformedJobError) as caught:
        parse_job(body)
    assert str(caught.value).startswith(reason)


def test_the_largest_bulk_job_is_valid() -> None:
    assert len(parse_job(bulk_job(*[1] * MAX_BULK_EVENTS)).events) == MAX_BULK_EVENTS


@pytest.mark.parametrize("name", ["audit_report", "LOG_EVENT", "", "x" * 500])
def test_an_unknown_type_is_named(name: str) -> None:
    with pytest.raises(UnknownJobTypeError) as caught:
        parse_job(json.dumps({"type": name, "data": {}}))
    shown = name[:40]
    assert str(caught.value) == f"type: must be log_event or bulk_log_events (got {shown!r})"


def test_a_repeated_key_is_named_in_forty_characters() -> None:
    key = "k" * 500
    with pytest.raises(MalformedJobError) as caught:
        parse_job(f'{{"{key}":1,"{key}":2}}')
    assert str(caught.value) == f"not JSON: the key '{'k' * 40}' occurs twice in one object"


def test_a_hostile_body_takes_little_time() -> None:
    """A repeated key at the end of 100,000 others: one message must not block its batch."""
    keys = [*map(str, range(100_000)), "99999"]
    body = "{" + ",".join(f'"{key}":1' for key in keys) + "}"
    started = time.process_time()
    with pytest.raises(MalformedJobError, match="'99999' occurs twice"):
        parse_job(body)
    assert time.process_time() - started < 2


@pytest.mark.parametrize("body", ["{}", "{", "[" * 100_000, '{"a":1,"a":1}'])
@pytest.mark.parametrize("was_enabled", [True, False])
def test_the_collector_is_as_it_was_after_decoding(body: str, was_enabled: bool) -> None:
    enabled_before = gc.isenabled()
    (gc.enable if was_enabled else gc.disable)()
    try:
        with suppress(MalformedJobError):
            decode_json(body)
        assert gc.isenabled() == was_enabled
    finally:
        (gc.enable if enabled_before else gc.disable)()
