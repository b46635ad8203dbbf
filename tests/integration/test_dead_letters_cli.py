"""`prooftrail dead-letters` on queues in moto, followed by the processor."""

import json
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any
from unittest.mock import patch

import boto3
import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError, ReadTimeoutError

from local.template import Stack
from prooftrail.aws.clients import client
from prooftrail.cli.dead_letters.edit import parse_change
from prooftrail.intake.jobs import encode_bulk_job
from prooftrail.intake.packing import MAX_MESSAGE_BYTES
from tests.support.command_line import (
    get_column,
    process_queue,
    prooftrail,
    run_ndjson,
    run_without_aws,
)
from tests.support.prepared import prepare
from tests.support.samples import event_json, job
from tests.support.trail import read_events, read_items

BAD = job(event_json(resourceId="", details={"who": "é\x9b"}))
SEVERAL = encode_bulk_job([event_json(userId=f"u-{n}", success="yes") for n in range(3)])


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("prooftrail.aws.dead_letters.WAIT_SECONDS", 0)


def send(stack: Stack, *bodies: str) -> None:
    """Send messages to the queue, and let the processor handle them."""
    for body in bodies:
        client("sqs").send_message(QueueUrl=stack.resources["AuditQueue"], MessageBody=body)
    process_queue(stack)


def redrive_by_sqs(stack: Stack, body: str) -> None:
    """Send a message to the dead-letter queue without a reason, as SQS does."""
    url = stack.resources["AuditDeadLetterQueue"]
    client("sqs").send_message(QueueUrl=url, MessageBody=body)


def count_messages(stack: Stack, queue: str = "AuditDeadLetterQueue") -> tuple[int, int]:
    """Return the numbers of visible and of hidden messages of a queue."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    attributes = client("sqs").get_queue_attributes(
        QueueUrl=stack.resources[queue],
        AttributeNames=names,  # type: ignore[arg-type]
    )["Attributes"]
    return int(attributes[names[0]]), int(attributes[names[1]])  # type: ignore[index]


@pytest.fixture
def dead_letters(aws: Stack) -> Stack:
    """Return a stack with dead letters: one event, three events, no JSON, moved by SQS."""
    prepare(aws, _send_dead_letters)
    assert count_messages(aws) == (4, 0)
    return aws


def _send_dead_letters(stack: Stack) -> None:
    send(stack, BAD, SEVERAL, "nonsense")
    redrive_by_sqs(stack, job(event_json(userId="throttled")))


def list_ids(*options: str) -> list[str]:
    return get_column(run_ndjson("dead-letters", "list", *options)[1], "messageId")


def test_dead_letters_are_listed_and_returned_to_the_queue(dead_letters: Stack) -> None:
    code, listed = run_ndjson("dead-letters", "list")
    assert code == 0
    assert sorted(get_column(listed, "errorType"), key=str) == [
        "InvalidEventError",
        "InvalidEventError",
        "MalformedJobError",
        None,
    ]
    assert sorted(get_column(listed, "events"), key=str) == [1, 1, 3, None]
    assert count_messages(dead_letters) == (4, 0)
    lines = prooftrail("dead-letters", "list").stdout.splitlines()
    assert len(lines) == 5
    assert lines[0].split() == ["message", "age", "events", "reason"]
    assert not any(row["sourceMessageId"] in "".join(lines) for row in listed if row["errorType"])
    assert "no reason: SQS moved it" in "".join(lines)
    assert "success: must be true or false" in "".join(lines)
    ids = sorted(get_column(listed, "messageId"))
    assert sorted(line.split()[0] for line in lines[1:]) == ids
    with patch("prooftrail.cli.dead_letters.list.get_terminal_width", lambda: 80):
        narrow = prooftrail("dead-letters", "list").stdout.splitlines()
    assert sorted(line.split()[0] for line in narrow[1:]) == [start[:8] for start in ids]
    assert count_messages(dead_letters) == (4, 0)


def test_a_list_is_not_cut_in_a_pipe(dead_letters: Stack) -> None:
    [dead_letter] = run_ndjson("dead-letters", "list", "--error", "success")[1]
    head, line = prooftrail("dead-letters", "list", "--error", "success").stdout.splitlines()
    assert (len(head), line[:36]) == (
        len("message") + 29 + len("  age  events  reason"),
        dead_letter["messageId"],
    )
    assert line.endswith(f"  3  InvalidEventError: {dead_letter['errorMessage']}")


HELD = "held by another receiver (or an interrupted command), back within 5 minutes"


def receive(stack: Stack, count: int) -> list[str]:
    """Receive dead letters as another receiver. Return their receipts."""
    url = stack.resources["AuditDeadLetterQueue"]
    received = client("sqs").receive_message(
        QueueUrl=url, MaxNumberOfMessages=count, VisibilityTimeout=600
    )
    return [message["ReceiptHandle"] for message in received["Messages"]]


def test_dead_letters_of_another_receiver_are_reported(dead_letters: Stack) -> None:
    assert len(receive(dead_letters, 1)) == 1
    result = prooftrail("dead-letters", "list")
    assert (len(result.stdout.splitlines()), result.stderr) == (4, f"1 dead letter is {HELD}\n")
    assert count_messages(dead_letters) == (3, 1)
    assert len(receive(dead_letters, 3)) == 3
    expected = f"4 dead letters are {HELD}\n"
    result = prooftrail("dead-letters", "list")
    assert (result.exit_code, result.stdout, result.stderr) == (0, expected, "")
    result = prooftrail("dead-letters", "list", "--json")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", expected)
    result = prooftrail("dead-letters", "redrive", "--all")
    assert (result.stdout, result.stderr) == ("0 dead letters sent, 0 kept\n", expected)
    assert prooftrail("dead-letters", "show", "some-id").stderr.startswith(expected)


def test_a_queue_with_unreadable_counts(dead_letters: Stack) -> None:
    with fail_operation("GetQueueAttributes", DENIED):
        assert len(list_ids()) == 4
        url = dead_letters.resources["AuditDeadLetterQueue"]
        client("sqs").purge_queue(QueueUrl=url)
        result = prooftrail("dead-letters", "list")
        redrive = prooftrail("dead-letters", "redrive", "--all")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "AccessDenied at Any: m" in result.stderr
    assert (redrive.exit_code, redrive.stderr) == (0, "")


def test_an_interrupted_list_hides_dead_letters_only_shortly(dead_letters: Stack) -> None:
    """The long poll that Ctrl-C leaves open receives the returned dead letters again."""
    original = BaseClient._make_api_call  # type: ignore[attr-defined]
    polls: list[Any] = []

    def make_api_call(this: BaseClient, name: str, parameters: Any) -> object:
        if name == "ReceiveMessage":
            polls.append(parameters)
            if len(polls) == 2:
                raise KeyboardInterrupt
        response = original(this, name, parameters)
        if name == "ChangeMessageVisibilityBatch":
            taken = original(this, "ReceiveMessage", polls[-1])
            assert len(taken["Messages"]) == 4
        return response

    with patch.object(BaseClient, "_make_api_call", make_api_call):
        result = prooftrail("dead-letters", "list")
    assert result.exit_code == 130
    assert {poll["VisibilityTimeout"] for poll in polls} == {30}
    assert count_messages(dead_letters) == (0, 4)
    assert prooftrail("dead-letters", "list").stdout == f"4 dead letters are {HELD}\n"


def test_filters_and_limits(dead_letters: Stack) -> None:
    assert len(list_ids("--error", "MALFORMED")) == 1
    assert len(list_ids("--error", "success")) == 1
    assert list_ids("--older-than", "1h") == []
    assert len(list_ids("--older-than", "0s")) == 4
    assert len(list_ids("--limit", "2")) == 2
    assert "raise --limit" in prooftrail("dead-letters", "list", "--limit", 2).stderr
    assert "that match" in prooftrail("dead-letters", "list", "--error", "zzz").stdout
    assert count_messages(dead_letters) == (4, 0)


def test_an_empty_queue(aws: Stack) -> None:
    assert prooftrail("dead-letters", "list").stdout == "no dead letters\n"
    assert prooftrail("dead-letters", "redrive", "--all").stdout == "0 dead letters sent, 0 kept\n"


def test_a_dead_letter_is_shown(dead_letters: Stack) -> None:
    [message_id] = list_ids("--error", "resourceId")
    result = prooftrail("dead-letters", "show", message_id)
    assert '    "resourceId": "",' in result.stdout
    assert "\\u009b" in result.stdout
    assert "\x9b" not in result.stdout
    [shown] = run_ndjson("dead-letters", "show", message_id)[1]
    assert (shown["body"], shown["messageId"], shown["events"]) == (BAD, message_id, 1)
    code, [response] = run_ndjson("dead-letters", "show", "nothing")
    assert (code, response["error"]["code"]) == (1, "letters_not_found")
    assert count_messages(dead_letters) == (4, 0)


def test_dead_letters_that_fail_again_stay_and_the_others_are_stored(dead_letters: Stack) -> None:
    code, outcomes = run_ndjson("dead-letters", "redrive", "--all", "--dry-run")
    assert (code, sum(outcome["sent"] for outcome in outcomes), count_messages(dead_letters)) == (
        1,
        0,
        (4, 0),
    )
    assert sum(outcome["error"] is None for outcome in outcomes) == 1
    assert "nonsense" in get_column(outcomes, "body")
    code, outcomes = run_ndjson("dead-letters", "redrive", "--all")
    assert (code, sum(outcome["removed"] for outcome in outcomes)) == (1, 1)
    reasons = {outcome["error"]["message"] for outcome in outcomes if outcome["error"]}
    assert any(reason.startswith("events[0], [1], [2]: success: must be") for reason in reasons)
    assert count_messages(dead_letters) == (3, 0)
    process_queue(dead_letters)
    assert get_column(list(read_events(dead_letters).values()), "userId") == ["throttled"]
    hint = prooftrail("dead-letters", "redrive", "--all", "--limit", 1).stderr
    assert hint == "received 1 dead letter: raise --limit for more\n"
    text = prooftrail("dead-letters", "redrive", "--all").stdout
    assert text.count(": kept: ") == 3
    assert text.endswith("0 dead letters sent, 3 kept\n")


def test_fields_are_repaired(dead_letters: Stack) -> None:
    [single] = list_ids("--error", "resourceId")
    changes = ("--set", "resourceId=x", "--set", 'details.annotations."example.com/size"="5"')
    result = prooftrail("dead-letters", "redrive", single[:8], *changes)
    assert result.exit_code == 0
    printed, last = result.stdout.splitlines()
    assert last == "1 dead letter sent, 0 kept"
    options = ("--all", "--error", "success", "--set", "data.events[*].success=true")
    code, [outcome] = run_ndjson("dead-letters", "redrive", *options)
    assert (code, outcome["sent"]) == (0, True)
    process_queue(dead_letters)
    stored = read_events(dead_letters)
    event_id, timestamp, tenant, own_id = printed.split("  ")
    names = (timestamp, tenant, own_id)
    repaired = stored.pop(event_id)
    assert (repaired["timestamp"], repaired["tenantId"], repaired["eventId"]) == names
    assert repaired["details"]["annotations"] == {"example.com/size": "5"}
    assert set(get_column(outcome["sentEvents"], "id")) == set(stored)
    assert sorted(event["userId"] for event in stored.values()) == ["u-0", "u-1", "u-2"]
    assert len(list_ids()) == 2


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("userId=u-1", "u-1"),
        ("userId=", ""),
        ('userId="5"', "5"),
        ("details.size=5", 5),
        ("details.size=007", "007"),
        ("details.size=true", True),
        ("details.size=NaN", "NaN"),
        ("details.size=a=b", "a=b"),
        ('details={"size": [1]}', {"size": [1]}),
        ("data.details.size= x", " x"),
    ],
)
def test_a_value_is_json_or_text(change: str, expected: object) -> None:
    assert parse_change(change)[1] == expected


def test_the_start_of_an_id_is_enough(dead_letters: Stack, tmp_path: Path) -> None:
    first, second = sorted(list_ids())[:2]
    length = next(n for n in range(36) if first[:n] != second[:n])
    [shown] = run_ndjson("dead-letters", "show", first[:length])[1]
    assert shown["messageId"] == first
    url = dead_letters.resources["AuditDeadLetterQueue"]
    with patch("moto.sqs.models.random.uuid4", side_effect=["same-1", "same-2"]):
        for _ in range(2):
            client("sqs").send_message(QueueUrl=url, MessageBody=BAD)
    options = ("--to", tmp_path / "f", "--yes")
    for arguments in (("show", "same"), ("redrive", "same"), ("discard", "same", *options)):
        result = prooftrail("dead-letters", *arguments)
        assert result.exit_code == 1
        assert result.stderr.endswith(
            "same: several dead letters have an id that begins like this, give more of it: "
            "same-1, same-2 [ambiguous_id]\n"
        )
    code, [outcome] = run_ndjson("dead-letters", "discard", "same", second, *options)
    assert (code, outcome["ambiguous"]) == (1, {"same": ["same-1", "same-2"]})
    assert (outcome["removed"], outcome["missing"]) == ([second], [])
    assert count_messages(dead_letters) == (5, 0)


def test_a_dry_run_reports_the_outcome_of_each(dead_letters: Stack) -> None:
    [several] = list_ids("--error", "success")
    options = ("--all", "--dry-run", "--set", "data.events[*].success=true")
    result = prooftrail("dead-letters", "redrive", *options)
    *lines, last = result.stdout.splitlines()
    assert (result.exit_code, last) == (1, "1 dead letter would be sent, 3 kept")
    assert f"{several}: would be sent: 3 events" in lines
    assert sum(": kept: data.events[*].success: is not in the body" in line for line in lines) == 2
    assert sum(": kept: not JSON: " in line for line in lines) == 1
    _, outcomes = run_ndjson("dead-letters", "redrive", *options)
    [changed] = [outcome for outcome in outcomes if outcome["messageId"] == several]
    assert changed["events"] == 3
    assert get_column(json.loads(changed["body"])["data"]["events"], "success") == [True] * 3
    assert [outcome["body"] for outcome in outcomes if outcome is not changed] == [None] * 3
    assert count_messages(dead_letters) == (4, 0)


class Editor:
    """Returns the texts in `saves` in turn, and records the texts that it gets."""

    def __init__(self) -> None:
        self.saves: list[str | None] = []
        self.shown: list[str] = []

    def __call__(self, text: str, **_: Any) -> str | None:
        self.shown.append(text)
        saved = self.saves.pop(0)
        return None if saved is None else saved.replace("{shown}", text)


@pytest.fixture
def editor(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Editor]:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    found = Editor()
    with patch("click.edit", found):
        yield found


def test_an_edit_that_would_be_refused_is_opened_again(dead_letters: Stack, editor: Editor) -> None:
    [message_id] = list_ids("--error", "not JSON")
    good = job(event_json(userId="by hand"))
    editor.saves = [BAD, f"# a note\n{good[:-1]}", "{shown}}"]
    result = prooftrail("dead-letters", "redrive", message_id, "--edit")
    assert result.exit_code == 0
    assert result.stdout.endswith("1 dead letter sent, 0 kept\n")
    first, second, third = editor.shown
    assert first == "nonsense"
    reason, hint, body = second.split("\n", 2)
    assert reason.startswith("# resourceId: ")
    assert hint.startswith("# correct it")
    assert body == BAD
    assert third.startswith("# not JSON: ")
    assert third.count("\n# ") == 1
    process_queue(dead_letters)
    assert get_column(list(read_events(dead_letters).values()), "userId") == ["by hand"]


@pytest.mark.parametrize("last", ["{shown}", None])
def test_an_abandoned_edit_is_saved_in_a_file(
    dead_letters: Stack, editor: Editor, tmp_path: Path, last: str | None
) -> None:
    [message_id] = list_ids("--error", "not JSON")
    editor.saves = [BAD, last]
    result = prooftrail("dead-letters", "redrive", message_id, "--edit")
    assert result.exit_code == 1
    assert result.stdout.startswith(f"{message_id}: kept: left unchanged: resourceId: ")
    [file] = tmp_path.iterdir()
    assert result.stderr == f"{message_id}: not sent; the edited text is in {file}\n"
    assert file.read_text() == BAD
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert count_messages(dead_letters) == (4, 0)


def test_an_edit_that_the_queue_refuses_is_saved_in_a_file(
    dead_letters: Stack, editor: Editor, tmp_path: Path
) -> None:
    [message_id] = list_ids("--error", "not JSON")
    editor.saves = [job(event_json())]
    with fail_operation("SendMessageBatch", DENIED):
        assert prooftrail("dead-letters", "redrive", message_id, "--edit").exit_code == 3
    [file] = tmp_path.iterdir()
    assert file.read_text() == job(event_json())


def test_an_edit_of_a_dry_run_is_saved_in_a_file(
    dead_letters: Stack, editor: Editor, tmp_path: Path
) -> None:
    [message_id] = list_ids("--error", "not JSON")
    editor.saves = [job(event_json())]
    result = prooftrail("dead-letters", "redrive", message_id, "--edit", "--dry-run")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{message_id}: would be sent: 1 event\n")
    [file] = tmp_path.iterdir()
    assert file.read_text() == job(event_json())


def test_a_bad_body_that_is_left_unchanged_leaves_no_file(
    dead_letters: Stack, editor: Editor, tmp_path: Path
) -> None:
    editor.saves = ["{shown}"] * 4
    result = prooftrail("dead-letters", "redrive", "--all", "--edit")
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout.count(": kept: left unchanged: ") == 3
    assert result.stdout.endswith("1 dead letter sent, 3 kept\n")
    assert not list(tmp_path.iterdir())


def test_a_body_is_edited(dead_letters: Stack) -> None:
    [message_id] = list_ids("--error", "not JSON")
    shown: list[str] = []

    def edit(text: str, **_: Any) -> str:
        shown.append(text)
        return job(event_json(userId="by hand"))

    with patch("click.edit", edit):
        assert prooftrail("dead-letters", "redrive", message_id, "--edit").exit_code == 0
    assert shown == ["nonsense"]
    [bad] = list_ids("--error", "resourceId")
    with patch("click.edit", lambda *_, **__: None):
        result = prooftrail("dead-letters", "redrive", bad, "--edit")
    assert (result.exit_code, "the editor saved nothing" in result.stdout) == (1, True)
    process_queue(dead_letters)
    assert get_column(list(read_events(dead_letters).values()), "userId") == ["by hand"]


def test_an_editor_gets_ascii_and_must_save_utf_8(
    aws: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(aws, job(event_json(userId="by hand", details={"who": "\ud800"})))
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", """sh -c 'printf "\\377" > "$0"'""")
    result = prooftrail("dead-letters", "redrive", "--all", "--edit")
    assert (result.exit_code, "no UTF-8" in result.stdout) == (1, True)
    monkeypatch.setenv("EDITOR", r"sed -i 's/\\ud800/x/'")
    assert prooftrail("dead-letters", "redrive", "--all", "--edit").exit_code == 0
    process_queue(aws)
    [event] = read_events(aws).values()
    assert event["details"] == {"who": "x"}


def test_a_deep_body_is_not_formatted(aws: Stack) -> None:
    redrive_by_sqs(aws, "[" * 900 + "1," * 2_000 + "1" + "]" * 900)
    [message_id] = list_ids()
    assert len(prooftrail("dead-letters", "show", message_id).stdout) < 10_000


def make_full_job() -> str:
    """Make a job of 600 bad events, as large as a message: no space is left for the reason."""
    events = [
        event_json(userId=f"u-{n}", success=0, details={"pad": "x" * 1_600}) for n in range(600)
    ]
    padding = MAX_MESSAGE_BYTES - 1 - len(encode_bulk_job(events))
    events[0]["details"]["pad"] += "x" * padding
    return encode_bulk_job(events)


def test_a_large_body_is_loaded_split_and_stored(aws: Stack) -> None:
    send(aws, make_full_job())
    [dead_letter] = run_ndjson("dead-letters", "list")[1]
    assert dead_letter["events"] is None
    [shown] = run_ndjson("dead-letters", "show", dead_letter["messageId"])[1]
    assert shown["body"] == make_full_job()
    options = ("--all", "--set", "data.events[*].success=true")
    assert prooftrail("dead-letters", "redrive", *options).exit_code == 0
    assert count_messages(aws, "AuditQueue")[0] == 2
    process_queue(aws)
    assert len(read_events(aws)) == 600


@contextmanager
def fail_operation(operation: str, error: Exception, *, is_done: bool = False) -> Iterator[None]:
    """Make every call of an operation fail, before or after it is done."""
    original = BaseClient._make_api_call  # type: ignore[attr-defined]

    def make_api_call(this: BaseClient, name: str, parameters: Any) -> object:
        if name != operation:
            return original(this, name, parameters)
        if is_done:
            original(this, name, parameters)
        raise error

    with patch.object(BaseClient, "_make_api_call", make_api_call):
        yield


DENIED = ClientError({"Error": {"Code": "AccessDenied", "Message": "m"}}, "Any")
TIMED_OUT = ReadTimeoutError(endpoint_url="https://sqs.example")
GOOD = [job(event_json(userId=f"u-{n}")) for n in range(15)]


@pytest.mark.parametrize("is_done", [False, True])
@pytest.mark.parametrize("operation", ["SendMessageBatch", "DeleteMessageBatch"])
def test_a_failed_redrive_is_repeated_without_duplicates(
    aws: Stack, operation: str, is_done: bool
) -> None:
    for body in GOOD:
        redrive_by_sqs(aws, body)
    with fail_operation(operation, TIMED_OUT, is_done=is_done):
        code, outcomes = run_ndjson("dead-letters", "redrive", "--all")
        assert code == 3
        assert len(outcomes) == 15
        assert {outcome["sent"] for outcome in outcomes} == {operation == "DeleteMessageBatch"}
        assert not any(outcome["removed"] for outcome in outcomes)
    remaining = 0 if is_done and operation == "DeleteMessageBatch" else 15
    assert count_messages(aws) == (remaining, 0)
    result = prooftrail("dead-letters", "redrive", "--all")
    *printed, last = result.stdout.splitlines()
    assert (result.exit_code, last) == (0, f"{remaining} dead letters sent, 0 kept")
    assert len(printed) == remaining
    process_queue(aws)
    assert len(read_events(aws)) == 15
    assert count_messages(aws) == (0, 0)


def test_a_dead_letter_that_is_sent_and_not_removed_is_reported(aws: Stack) -> None:
    redrive_by_sqs(aws, GOOD[0])
    with fail_operation("DeleteMessageBatch", DENIED):
        result = prooftrail("dead-letters", "redrive", "--all")
    assert "sent, but still in the dead-letter queue (" in result.stdout
    assert "it is stored once" in result.stdout
    assert result.exit_code == 3


def test_a_dead_letter_that_disappears_meanwhile_is_stored(dead_letters: Stack) -> None:
    [message_id] = list_ids("--error", "resourceId")
    original = BaseClient._make_api_call  # type: ignore[attr-defined]

    def make_api_call(this: BaseClient, name: str, parameters: Any) -> object:
        if name == "SendMessageBatch":
            original(
                this, "PurgeQueue", {"QueueUrl": dead_letters.resources["AuditDeadLetterQueue"]}
            )
        return original(this, name, parameters)

    with patch.object(BaseClient, "_make_api_call", make_api_call):
        result = prooftrail("dead-letters", "redrive", message_id, "--set", 'data.resourceId="x"')
    assert result.exit_code in {0, 3}
    process_queue(dead_letters)
    assert len(read_events(dead_letters)) == 1


def record_of(stack: Stack) -> dict[str, Any]:
    """Return the event that records a removal."""
    process_queue(stack)
    [event] = read_events(stack).values()
    return event


def test_discarded_dead_letters_are_in_a_file_and_recorded(
    dead_letters: Stack, tmp_path: Path
) -> None:
    file = tmp_path / "dead_letters.ndjson"
    wanted = list_ids("--error", "Error")
    options = ("--all", "--error", "Error", "--to", file)
    result = prooftrail("dead-letters", "discard", *options, given="n\n")
    assert (result.exit_code, count_messages(dead_letters), file.exists()) == (1, (4, 0), False)
    *reasons, question, _ = result.stderr.splitlines()
    assert min(reasons).startswith("1 dead letter: InvalidEventError: ")
    assert any("success: must be true or false" in reason for reason in reasons)
    assert len(reasons) == 3
    assert question.startswith(f"Append 3 dead letters to {file}, and remove from the queue? [y/N]")
    process_queue(dead_letters)
    assert read_events(dead_letters) == {}
    result = prooftrail("dead-letters", "discard", *options, given="y\n")
    assert (result.exit_code, count_messages(dead_letters)) == (0, (1, 0))
    assert result.stdout.endswith("3 dead letters removed, 0 kept\n")
    kept = [json.loads(line) for line in file.read_text().splitlines()]
    assert len(kept) == 3
    assert {entry["messageId"] for entry in kept} == set(wanted)
    assert {BAD, "nonsense"} <= {entry["body"] for entry in kept}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    event = record_of(dead_letters)
    assert event["action"] == "audit.dead-letters.discard"
    [item] = read_items(dead_letters, "AuditEventsTable")
    caller = boto3.client("sts", region_name="us-east-1").get_caller_identity()["UserId"]
    assert item["submittedBy"] == {"S": caller}
    assert "expiresAt" not in item
    assert event["userId"].startswith("arn:aws:")
    assert sorted(event["details"]["messageIds"]) == sorted(wanted)
    assert event["details"]["count"] == 3


def test_a_discard_counts_dead_letters_by_reason(aws: Stack, tmp_path: Path) -> None:
    send(aws, "nonsense", "nonsense", "nonsense", BAD)
    options = ("--all", "--to", tmp_path / "f")
    lines = prooftrail("dead-letters", "discard", *options, given="n\n").stderr.splitlines()
    assert lines[0].startswith("3 dead letters: MalformedJobError: ")
    assert lines[1].startswith("1 dead letter: InvalidEventError: ")


def test_a_discard_continues_a_file_that_a_full_disk_cut(
    dead_letters: Stack, tmp_path: Path
) -> None:
    file = tmp_path / "f"
    file.write_text('{"messageId": "cu')
    assert prooftrail("dead-letters", "discard", "--all", "--to", file, "--yes").exit_code == 0
    _, *kept = file.read_text().splitlines()
    assert len([json.loads(line) for line in kept]) == 4


def test_many_dead_letters_need_several_records(
    dead_letters: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("prooftrail.cli.dead_letters.discard.RECORDED_IDS", 3)
    wanted = list_ids()
    assert (
        prooftrail("dead-letters", "discard", "--all", "--to", tmp_path / "f", "--yes").exit_code
        == 0
    )
    process_queue(dead_letters)
    recorded = [event["details"]["messageIds"] for event in read_events(dead_letters).values()]
    assert sorted(map(len, recorded)) == [1, 3]
    assert sorted(chain.from_iterable(recorded)) == sorted(wanted)


def test_discard_for_scripts(dead_letters: Stack, tmp_path: Path) -> None:
    [message_id] = list_ids("--error", "resourceId")
    arguments = ("dead-letters", "discard", message_id, "--to", tmp_path / "f", "--json")
    assert prooftrail(*arguments).exit_code == 2
    result = prooftrail(*arguments, "--yes")
    assert json.loads(result.stdout)["removed"] == [message_id]
    assert message_id not in list_ids()
    result = prooftrail(*arguments, "--yes")
    assert (result.exit_code, json.loads(result.stdout)["missing"]) == (1, [message_id])


@pytest.mark.parametrize(
    ("operation", "is_recorded"),
    [("GetCallerIdentity", False), ("BatchWriteItem", False), ("DeleteMessageBatch", True)],
)
def test_a_dead_letter_that_is_not_recorded_is_not_removed(
    dead_letters: Stack, tmp_path: Path, operation: str, is_recorded: bool
) -> None:
    with fail_operation(operation, DENIED):
        arguments = ("dead-letters", "discard", "--all", "--to", tmp_path / "f", "--yes")
        result = prooftrail(*arguments)
    assert result.exit_code == 3
    assert "AccessDenied" in result.output
    assert count_messages(dead_letters) == (4, 0)
    process_queue(dead_letters)
    assert len(read_events(dead_letters)) == is_recorded


@pytest.mark.parametrize("target", ["/dev/full", "nowhere/f"])
def test_a_dead_letter_that_is_not_in_the_file_is_not_removed(
    dead_letters: Stack, tmp_path: Path, target: str
) -> None:
    path = target if target.startswith("/") else tmp_path / target
    result = prooftrail("dead-letters", "discard", "--all", "--to", path, "--yes")
    assert result.exit_code == 3
    assert len(result.stderr.splitlines()) == 1
    assert count_messages(dead_letters) == (4, 0)


def test_a_body_that_is_lost_is_not_discarded(aws: Stack, tmp_path: Path) -> None:
    send(aws, make_full_job())
    bucket = aws.resources["OverflowBucket"]
    [payload] = client("s3").list_objects_v2(Bucket=bucket)["Contents"]
    client("s3").delete_object(Bucket=bucket, Key=payload["Key"])
    result = prooftrail("dead-letters", "discard", "--all", "--to", tmp_path / "f", "--yes")
    assert (result.exit_code, count_messages(aws)) == (1, (1, 0))
    assert "kept: dead-letters/" in result.stdout
    assert prooftrail("dead-letters", "redrive", "--all").exit_code == 1
    assert count_messages(aws) == (1, 0)


@pytest.mark.parametrize(
    "arguments",
    [
        ("redrive",),
        ("redrive", "some-id", "--all"),
        ("redrive", "--all", "--set", "data"),
        ("redrive", "--all", "--set", "data.x={nonsense"),
        ("redrive", "--all", "--set", 'data.x="nonsense'),
        ("redrive", "--all", "--set", 'data."x=1'),
        ("redrive", ""),
        ("show", ""),
        ("discard", "", "--to", "f"),
        ("redrive", "--all", "--set", "data..x=1"),
        ("redrive", "--all", "--set", f"data.x={'[' * 10_000}"),
        ("discard", "--all"),
        ("discard", "--to", "f"),
        ("list", "--older-than", "yesterday"),
        ("list", "--limit", "0"),
    ],
    ids=lambda arguments: " ".join(arguments)[:40],
)
def test_wrong_usage(arguments: tuple[str, ...]) -> None:
    assert run_without_aws("dead-letters", *arguments) == 2


def test_a_queue_that_cannot_be_read_ends_with_3(dead_letters: Stack, tmp_path: Path) -> None:
    with fail_operation("ReceiveMessage", DENIED):
        for arguments in (
            ("list",),
            ("show", "x"),
            ("redrive", "--all"),
            ("discard", "--all", "--yes", "--to", tmp_path / "f"),
        ):
            result = prooftrail("dead-letters", *arguments)
            assert result.exit_code == 3
            assert "AccessDenied at Any: m" in result.stderr
