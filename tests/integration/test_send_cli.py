"""`prooftrail send`: valid events are stored under the printed ids; each bad line is named."""

import json
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from botocore.client import BaseClient
from click.testing import CliRunner

from local.template import Stack
from prooftrail.aws.clients import client
from prooftrail.cli.main import main
from tests.support.command_line import (
    get_column,
    make_runtime,
    process_queue,
    prooftrail,
    run_json,
    run_ndjson,
    run_without_aws,
    store_events,
)
from tests.support.faults import Fault, inject_fault
from tests.support.samples import bulk_job, event_json, job
from tests.support.trail import read_events

OWN = ("--action", "user.login", "--resource-type", "session", "--resource-id", "s-1")


def read_stored(stack: Stack) -> dict[str, dict[str, Any]]:
    """Process the queue, which must cause no dead letter. Return the stored events by id."""
    process_queue(stack)
    dead = client("sqs").receive_message(QueueUrl=stack.resources["AuditDeadLetterQueue"])
    assert "Messages" not in dead
    return read_events(stack)


def make_lines(*events: object) -> str:
    return "".join(
        event if isinstance(event, str) else json.dumps(event) + "\n" for event in events
    )


def test_an_event_from_options(aws: Stack) -> None:
    options = (
        "--user", "u-1", "--username", "Ü", "--ip-address", "2001:DB8::1", "--user-agent", "x",
        "--actor-type", "apiKey", "--on-behalf-of", "u-2", "--target", "team", "t-1",
        "--target", "pods/exec", "a/b", "--trace-id", "4BF92F3577B34DA6A3CE929D0E0E4736",
        "--session-id", "y", "--request-id", "r", "--failure", "--error-message", "no",
        "--details", '{"a": [1.5]}', "--metadata", "{}", "--changes", '{"before": {"a": 1}}',
        "--tenant", "acme", "--event-id", "e-1", "--timestamp", "2025-11-24T10:00:00+01:00",
    )  # fmt: skip
    code, result = run_json("send", *OWN, *options)
    assert code == 0
    [(event_id, event)] = read_stored(aws).items()
    assert result["id"] == event_id
    assert (result["tenantId"], result["eventId"]) == (event["tenantId"], event["eventId"])
    assert event == {
        **event_json(userId="u-1", username="Ü", ipAddress="2001:db8::1", userAgent="x"),
        "actorType": "apiKey",
        "onBehalfOf": {"userId": "u-2"},
        "targets": [{"type": "team", "id": "t-1"}, {"type": "pods/exec", "id": "a/b"}],
        "traceId": "4bf92f3577b34da6a3ce929d0e0e4736",
        "sessionId": "y",
        "requestId": "r",
        "success": False,
        "errorMessage": "no",
        "details": {"a": [1.5]},
        "metadata": {},
        "changes": {"before": {"a": 1}, "fields": ["a"]},
        "tenantId": "acme",
        "eventId": "e-1",
        "timestamp": "2025-11-24T09:00:00.000Z",
        "v": 1,
    }
    assert run_json("get", event_id, "--tenant", "acme")[0] == 0


def test_printed_ids_are_correct(aws: Stack, tmp_path: Path) -> None:
    events = [event_json(userId=f"u-{n}", tenantId=("a", None)[n % 2]) for n in range(1_200)]
    file = tmp_path / "events.ndjson"
    file.write_text(make_lines(*events))
    result = prooftrail("send", file, "--tenant", "b")
    assert result.exit_code == 0
    assert result.stderr == "1200 sent, 0 refused\n"
    results = [line.split("  ") for line in result.stdout.splitlines()]
    stored = read_stored(aws)
    assert {cells[0] for cells in results} == set(stored)
    for event_id, timestamp, tenant, own_id in results:
        event = stored[event_id]
        names = (event["timestamp"], event["tenantId"], event["eventId"])
        assert names == (timestamp, tenant, own_id)
    assert sorted(cells[2] for cells in results) == ["a"] * 600 + ["b"] * 600


BAD = make_lines(
    event_json(userId="u-1"),
    "\n",
    "nonsense\n",
    '{"action": "a", "action": "b"}\n',
    {"action": "a.b"},
    "3\n",
    event_json(userId="x" * 300),
    event_json(details={"n": 2**70}),
    event_json(details={"pad": "x" * 1_100_000}),
    event_json(userId="u-2").__repr__() + "\n",
    event_json(userId="u-2"),
)


def test_bad_lines_are_named_and_the_others_sent(aws: Stack) -> None:
    code, results = run_ndjson("send", "-", given=BAD)
    assert code == 1
    assert get_column(results, "place") == [f"line {n}" for n in (1, 3, 4, 5, 6, 7, 8, 9, 10, 11)]
    reasons = {
        result["place"]: result["error"]["message"] for result in results if "error" in result
    }
    assert reasons["line 3"] == "not JSON: Expecting value at column 1"
    assert "occurs twice" in reasons["line 4"]
    assert reasons["line 5"] == "Missing required audit fields: resourceType, resourceId"
    assert "must be a JSON object (got number)" in reasons["line 6"]
    assert "userId: must have at most 256" in reasons["line 7"]
    assert "details.n: must be an integer" in reasons["line 8"]
    assert "at most 1048576 bytes" in reasons["line 9"]
    assert sorted(get_column(list(read_stored(aws).values()), "userId")) == ["u-1", "u-2"]

    result = prooftrail("send", "-", given=BAD)
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 2
    assert "line 3: not JSON" in result.stderr
    assert result.stderr.endswith("2 sent, 8 refused\n")


def test_a_list_of_events(aws: Stack) -> None:
    text = json.dumps([event_json(userId="u-1"), {}, event_json(userId="u-2")], indent=2)
    code, results = run_ndjson("send", "-", given=text)
    assert (code, get_column(results, "place")) == (1, ["event 1", "event 2", "event 3"])
    assert len(read_stored(aws)) == 2
    for wrong in ("[1", '["a", ', "[] 1"):
        assert run_json("send", "-", given=wrong)[0] == 1
    assert prooftrail("send", "-", given="[]").exit_code == 0


def test_a_sample_of_events_is_stored_as_the_processor_stores_it(aws: Stack) -> None:
    """Sent twice, and processed as `sam local invoke -e` does, each event is stored once."""
    sample = Path(__file__).parents[2] / "events" / "sqs-bulk.json"
    code, results = run_ndjson("send", sample)
    assert (code, results[0]["place"]) == (0, "event 1 of message 1")
    assert run_ndjson("send", sample) == (0, results)
    make_runtime(aws).invoke("ProcessorFunction", json.loads(sample.read_text()))
    assert set(read_stored(aws)) == set(get_column(results, "id"))


@pytest.mark.parametrize(
    ("given", "places"),
    [
        (json.dumps(event_json(), indent=2), ["line 1"]),
        (json.dumps({"events": [event_json()] * 2}, indent=2), ["event 1", "event 2"]),
        (f"\n{job(event_json())}\n\n{bulk_job(event_json())}", ["line 2", "event 1 of line 4"]),
    ],
)
def test_events_in_other_forms(aws: Stack, given: str, places: list[str]) -> None:
    code, results = run_ndjson("send", "-", given=given)
    assert (code, get_column(results, "place")) == (0, places)
    assert len(read_stored(aws)) == len(places)


def test_what_was_queried_is_stored_once_when_it_is_sent_again(aws: Stack) -> None:
    store_events(aws, {"details": {"wei": 1e18}}, {"ipAddress": "::1"}, {"userId": "é\U0001f600"})
    before = read_stored(aws)
    lines = prooftrail("query", "--all", "--json").stdout
    code, results = run_ndjson("send", "-", given=lines)
    assert (code, set(get_column(results, "id"))) == (0, set(before))
    assert read_stored(aws) == before


def test_secrets_are_masked_unless_they_are_already(aws: Stack) -> None:
    secret = {"password": "hunter2"}
    marked = {"type": "log_event", "data": event_json(userId="b", details=secret), "masked": True}
    given = make_lines(event_json(userId="a", details=secret), marked)
    code, results = run_ndjson("send", "-", given=given)
    options = ("--user", "c", "--details", json.dumps(secret), "--event-id", "e")
    assert (code, prooftrail("send", *OWN, *options).exit_code) == (0, 0)
    stored = read_stored(aws)
    assert set(get_column(results, "id")) <= set(stored)
    passwords = {event["userId"]: event["details"]["password"] for event in stored.values()}
    assert passwords == {"a": "[masked]", "b": "hunter2", "c": "[masked]"}


def test_unusual_files(aws: Stack, tmp_path: Path) -> None:
    file = tmp_path / "f"
    line = json.dumps(event_json()).encode()
    with patch("prooftrail.cli.json_input.MAX_LINE_BYTES", 100):
        file.write_bytes(b"\xef\xbb\xbf" + line + b"\r\n" + b"x" * 1_000 + b"\n\xff\n" + line)
        code, results = run_ndjson("send", file)
    assert (code, get_column(results, "place")) == (1, ["line 1", "line 2", "line 3", "line 4"])
    assert [bool(result.get("error")) for result in results] == [False, True, True, False]
    file.write_bytes(b"")
    assert prooftrail("send", file).exit_code == 0
    assert prooftrail("send", tmp_path).exit_code == 2
    assert prooftrail("send", tmp_path / "nothing").exit_code == 2


def test_a_dry_run_sends_nothing(aws: Stack) -> None:
    original = BaseClient._make_api_call  # type: ignore[attr-defined]

    def make_api_call(this: BaseClient, operation: str, parameters: Any) -> object:
        assert operation == "ListStacks"  # the call of `get_stack_name`
        return original(this, operation, parameters)

    with patch.object(BaseClient, "_make_api_call", make_api_call):
        result = prooftrail("send", "-", "--dry-run", given=BAD)
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (1, "2 valid, 8 refused")


def test_a_dry_run_shows_only_ids_that_the_events_will_have(aws: Stack) -> None:
    chosen = {"eventId": "mine", "timestamp": "2025-11-24T10:00:00Z"}
    given = make_lines(
        event_json(eventId=None, timestamp=None),
        event_json(**{**chosen, "eventId": None}),
        event_json(**{**chosen, "timestamp": None}),
        event_json(**chosen),
    )
    code, results = run_ndjson("send", "-", "--dry-run", given=given)
    assert (code, get_column(results, "valid")) == (0, [True, True, True, None])
    assert results[0] == {"place": "line 1", "valid": True}
    shown = prooftrail("send", "-", "--dry-run", given=given).stdout.splitlines()
    assert shown[:3] == ["line 1: valid", "line 2: valid", "line 3: valid"]
    sent = run_ndjson("send", "-", given=given)[1]
    assert results[3] == sent[3]
    assert shown[3].startswith(sent[3]["id"])

    keyed = make_lines(event_json(eventId=None, timestamp=chosen["timestamp"]))
    dry_run = run_ndjson("send", "-", "--key", "k", "--dry-run", given=keyed)
    assert dry_run == run_ndjson("send", "-", "--key", "k", given=keyed)
    assert dry_run[1][0]["eventId"] == "k:1"


def test_a_missing_file_is_named_as_in_the_usage() -> None:
    result = CliRunner().invoke(main, ["send", "no-such-file", "--stack", "none"])
    assert result.exit_code == 2
    assert "Invalid value for 'FILE': " in result.stderr
    assert "[OPTIONS] [FILE]" in result.stderr


def test_a_file_with_a_key_is_sent_twice_and_stored_once(aws: Stack) -> None:
    events = [event_json(timestamp=f"2025-11-24T10:00:{n:02d}Z") for n in range(10)]
    results = [
        run_ndjson("send", "-", "--key", "import-1", given=make_lines(*events)) for _ in range(2)
    ]
    assert results[0] == results[1]
    assert results[0][1][3]["eventId"] == "import-1:4"
    assert len(read_stored(aws)) == 10
    code, [refused] = run_ndjson("send", "-", "--key", "k", given=make_lines(event_json()))
    assert code == 1
    assert refused["error"]["message"].startswith("timestamp: required with --key")


def test_an_empty_text_is_absent_for_the_options_too(aws: Stack) -> None:
    event = event_json(tenantId="", eventId="", timestamp="2025-11-24T10:00:00Z")
    given = make_lines(event, event_json(timestamp=""))
    code, [sent, refused] = run_ndjson("send", "-", "--tenant", "b", "--key", "k", given=given)
    assert (code, sent["tenantId"], sent["eventId"]) == (1, "b", "k:1")
    assert refused["error"]["message"].startswith("timestamp: required with --key")


@pytest.mark.parametrize(
    ("fault", "stored"), [(Fault.REFUSED, 0), (Fault.HALF_DONE, 0), (Fault.RESPONSE_LOST, 1)]
)
def test_events_that_the_queue_refuses_are_reported(aws: Stack, fault: Fault, stored: int) -> None:
    with inject_fault(2, fault) as calls:  # after the calls for the stack's name and outputs
        code, results = run_ndjson("send", "-", given=make_lines(*[event_json()] * 3))
    assert calls[2] == "SendMessageBatch"
    assert (code, len(results)) == (3, 3)
    assert all(result["error"]["code"].startswith("queue_") for result in results)
    assert len(read_stored(aws)) == 3 * stored


def test_a_missing_queue_ends_the_command(aws: Stack) -> None:
    client("sqs").delete_queue(QueueUrl=aws.resources["AuditQueue"])
    result = prooftrail("send", "-", given=make_lines(*[event_json()] * 1_200))
    assert result.exit_code == 3
    assert "stopped after line 500" in result.stderr
    assert result.stderr.splitlines()[-1] == "0 sent, 0 refused, 500 not sent"


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("-", *OWN),
        (*OWN, "--details", "nonsense"),
        (*OWN, "--key", "k"),
        ("-", "--key", "k" * 101),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...]) -> None:
    assert run_without_aws("send", *arguments) == 2


def test_an_event_from_options_that_breaks_a_rule(aws: Stack) -> None:
    result = prooftrail("send", "--action", "a b", "--details", "3")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "Missing required audit fields: resourceType, resourceId" in result.stderr
    assert "details: must be a JSON object" in result.stderr
