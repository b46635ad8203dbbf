"""`prooftrail dead-letters` on queues in moto, and the processor after it."""

import json
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError, ReadTimeoutError

from local.template import Stack
from prooftrail.aws.clients import client
from prooftrail.intake.jobs import encode_bulk_job
from prooftrail.intake.packing import MAX_MESSAGE_BYTES
from tests.support.command_line import (
    get_column,
    process_queue,
    prooftrail,
    run_ndjson,
    run_without_aws,
)
from tests.support.samples import event_json, job
from tests.support.trail import read_events

BAD = job(event_json(resourceId="", details={"who": "é\x9b"}))
SEVERAL = encode_bulk_job([event_json(userId=f"u-{n}", success="yes") for n in range(3)])


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("prooftrail.aws.dead_letters.WAIT_SECONDS", 0)


def send(stack: Stack, *bodies: str) -> None:
    """Send these to the queue, and let the processor have them."""
    for body in bodies:
        client("sqs").send_message(QueueUrl=stack.resources["AuditQueue"], MessageBody=body)
    process_queue(stack)


def redriven_by_sqs(stack: Stack, body: str) -> None:
    """Put a message into the dead-letter queue as SQS does: without a reason."""
    url = stack.resources["AuditDeadLetterQueue"]
    client("sqs").send_message(QueueUrl=url, MessageBody=body)


def depth(stack: Stack, queue: str = "AuditDeadLetterQueue") -> tuple[int, int]:
    """How many messages are visible there, and how many hidden."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    told = client("sqs").get_queue_attributes(
        QueueUrl=stack.resources[queue],
        AttributeNames=names,  # type: ignore[arg-type]
    )["Attributes"]
    return int(told[names[0]]), int(told[names[1]])  # type: ignore[index]


@pytest.fixture
def letters(aws: Stack) -> Stack:
    """A bad event, three in a bulk message, no JSON, and one that SQS redrove."""
    send(aws, BAD, SEVERAL, "nonsense")
    redriven_by_sqs(aws, job(event_json(userId="throttled")))
    assert depth(aws) == (4, 0)
    return aws


def ids(*options: str) -> list[str]:
    return get_column(run_ndjson("dead-letters", "list", *options)[1], "messageId")


def test_they_are_listed_and_given_back(letters: Stack) -> None:
    code, listed = run_ndjson("dead-letters", "list")
    assert code == 0
    assert sorted(get_column(listed, "errorType"), key=str) == [
        "InvalidEventError",
        "InvalidEventError",
        "MalformedJobError",
        None,
    ]
    assert sorted(get_column(listed, "events"), key=str) == [1, 1, 3, None]
    assert depth(letters) == (4, 0)
    lines = prooftrail("dead-letters", "list").stdout.splitlines()
    assert len(lines) == 5
    assert lines[0].split() == ["message", "age", "events", "reason"]
    assert not any(one["sourceMessageId"] in "".join(lines) for one in listed if one["errorType"])
    assert "redriven by SQS" in "".join(lines)
    assert "success: must be true or false" in "".join(lines)
    assert depth(letters) == (4, 0)


def test_a_list_is_whole_in_a_pipe(letters: Stack) -> None:
    [letter] = run_ndjson("dead-letters", "list", "--error", "success")[1]
    head, line = prooftrail("dead-letters", "list", "--error", "success").stdout.splitlines()
    assert (len(head), line[:36]) == (
        len("message") + 29 + len("  age  events  reason"),
        letter["messageId"],
    )
    assert line.endswith(f"  3  InvalidEventError: {letter['errorMessage']}")


HELD = "held by another receiver (or an interrupted command), back within 5 minutes"


def receive(stack: Stack, count: int) -> list[str]:
    """Hold letters as someone else, and answer their receipts."""
    url = stack.resources["AuditDeadLetterQueue"]
    received = client("sqs").receive_message(
        QueueUrl=url, MaxNumberOfMessages=count, VisibilityTimeout=600
    )
    return [one["ReceiptHandle"] for one in received["Messages"]]


def test_what_another_holds_is_not_said_to_be_gone(letters: Stack) -> None:
    assert len(receive(letters, 1)) == 1
    result = prooftrail("dead-letters", "list")
    assert (len(result.stdout.splitlines()), result.stderr) == (4, f"1 dead letter is {HELD}\n")
    assert depth(letters) == (3, 1)
    assert len(receive(letters, 3)) == 3
    said = f"4 dead letters are {HELD}\n"
    result = prooftrail("dead-letters", "list")
    assert (result.exit_code, result.stdout, result.stderr) == (0, said, "")
    result = prooftrail("dead-letters", "list", "--json")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", said)
    result = prooftrail("dead-letters", "redrive", "--all")
    assert (result.stdout, result.stderr) == ("0 dead letters sent, 0 kept\n", said)
    assert prooftrail("dead-letters", "show", "some-id").stderr.startswith(said)


def test_a_queue_that_does_not_tell_what_is_hidden(letters: Stack) -> None:
    with failing("GetQueueAttributes", DENIED):
        assert len(ids()) == 4
        url = letters.resources["AuditDeadLetterQueue"]
        client("sqs").purge_queue(QueueUrl=url)
        result = prooftrail("dead-letters", "list")
        redrive = prooftrail("dead-letters", "redrive", "--all")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "AccessDenied at Any: m" in result.stderr
    assert (redrive.exit_code, redrive.stderr) == (0, "")


def test_an_interrupted_list_hides_letters_only_shortly(letters: Stack) -> None:
    """The long poll that Ctrl-C leaves open takes the letters that are given back."""
    original = BaseClient._make_api_call  # type: ignore[attr-defined]
    polls: list[Any] = []

    def make_api_call(this: BaseClient, name: str, parameters: Any) -> object:
        if name == "ReceiveMessage":
            polls.append(parameters)
            if len(polls) == 2:
                raise KeyboardInterrupt
        answer = original(this, name, parameters)
        if name == "ChangeMessageVisibilityBatch":
            taken = original(this, "ReceiveMessage", polls[-1])
            assert len(taken["Messages"]) == 4
        return answer

    with patch.object(BaseClient, "_make_api_call", make_api_call):
        result = prooftrail("dead-letters", "list")
    assert result.exit_code == 130
    assert {one["VisibilityTimeout"] for one in polls} == {30}
    assert depth(letters) == (0, 4)
    assert prooftrail("dead-letters", "list").stdout == f"4 dead letters are {HELD}\n"


def test_filters_and_limits(letters: Stack) -> None:
    assert len(ids("--error", "MALFORMED")) == 1
    assert len(ids("--error", "success")) == 1
    assert ids("--older-than", "1h") == []
    assert len(ids("--older-than", "0s")) == 4
    assert len(ids("--limit", "2")) == 2
    assert "raise --limit" in prooftrail("dead-letters", "list", "--limit", 2).stderr
    assert "that match" in prooftrail("dead-letters", "list", "--error", "zzz").stdout
    assert depth(letters) == (4, 0)


def test_none_at_all(aws: Stack) -> None:
    assert prooftrail("dead-letters", "list").stdout == "no dead letters\n"
    assert prooftrail("dead-letters", "redrive", "--all").stdout == "0 dead letters sent, 0 kept\n"


def test_one_is_shown(letters: Stack) -> None:
    [one] = ids("--error", "resourceId")
    result = prooftrail("dead-letters", "show", one)
    assert '    "resourceId": "",' in result.stdout
    assert "\\u009b" in result.stdout
    assert "\x9b" not in result.stdout
    [shown] = run_ndjson("dead-letters", "show", one)[1]
    assert (shown["body"], shown["messageId"], shown["events"]) == (BAD, one, 1)
    code, [said] = run_ndjson("dead-letters", "show", "nothing")
    assert (code, said["error"]["code"]) == (1, "letters_not_found")
    assert depth(letters) == (4, 0)


def test_what_fails_still_stays_and_the_rest_is_stored(letters: Stack) -> None:
    code, outcomes = run_ndjson("dead-letters", "redrive", "--all", "--dry-run")
    assert (code, sum(one["sent"] for one in outcomes), depth(letters)) == (1, 0, (4, 0))
    assert sum(one["error"] is None for one in outcomes) == 1
    assert "nonsense" in get_column(outcomes, "body")
    code, outcomes = run_ndjson("dead-letters", "redrive", "--all")
    assert (code, sum(one["removed"] for one in outcomes)) == (1, 1)
    reasons = {one["error"]["message"] for one in outcomes if one["error"]}
    assert any(one.startswith("events[0], [1], [2]: success: must be") for one in reasons)
    assert depth(letters) == (3, 0)
    process_queue(letters)
    assert get_column(list(read_events(letters).values()), "userId") == ["throttled"]
    hint = prooftrail("dead-letters", "redrive", "--all", "--limit", 1).stderr
    assert hint == "received 1 dead letter: raise --limit for more\n"
    text = prooftrail("dead-letters", "redrive", "--all").stdout
    assert text.count(": kept: ") == 3
    assert text.endswith("0 dead letters sent, 3 kept\n")


def test_fields_are_mended(letters: Stack) -> None:
    [single] = ids("--error", "resourceId")
    result = prooftrail("dead-letters", "redrive", single, "--set", 'data.resourceId="x"')
    assert (result.exit_code, result.stdout) == (0, "1 dead letter sent, 0 kept\n")
    options = ("--all", "--error", "success", "--set", "data.events[*].success=true")
    assert prooftrail("dead-letters", "redrive", *options).exit_code == 0
    process_queue(letters)
    stored = read_events(letters).values()
    assert sorted(str(one.get("userId")) for one in stored) == ["None", "u-0", "u-1", "u-2"]
    assert len(ids()) == 2


def test_a_dry_run_says_what_would_become_of_each(letters: Stack) -> None:
    [several] = ids("--error", "success")
    options = ("--all", "--dry-run", "--set", "data.events[*].success=true")
    result = prooftrail("dead-letters", "redrive", *options)
    *lines, last = result.stdout.splitlines()
    assert (result.exit_code, last) == (1, "1 dead letter would be sent, 3 kept")
    assert f"{several}: would be sent: 3 events" in lines
    assert sum(": kept: data.events[*].success: is not in the body" in line for line in lines) == 2
    assert sum(": kept: not JSON: " in line for line in lines) == 1
    _, outcomes = run_ndjson("dead-letters", "redrive", *options)
    [changed] = [one for one in outcomes if one["messageId"] == several]
    assert changed["events"] == 3
    assert get_column(json.loads(changed["body"])["data"]["events"], "success") == [True] * 3
    assert [one["body"] for one in outcomes if one is not changed] == [None] * 3
    assert depth(letters) == (4, 0)


class Editor:
    """Saves these texts in turn, None for nothing; keeps what it was shown."""

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


def test_an_edit_that_would_be_refused_is_opened_again(letters: Stack, editor: Editor) -> None:
    [one] = ids("--error", "not JSON")
    good = job(event_json(userId="by hand"))
    editor.saves = [BAD, f"# a note\n{good[:-1]}", "{shown}}"]
    result = prooftrail("dead-letters", "redrive", one, "--edit")
    assert (result.exit_code, result.stdout) == (0, "1 dead letter sent, 0 kept\n")
    first, second, third = editor.shown
    assert first == "nonsense"
    reason, hint, body = second.split("\n", 2)
    assert reason.startswith("# resourceId: ")
    assert hint.startswith("# correct it")
    assert body == BAD
    assert third.startswith("# not JSON: ")
    assert third.count("\n# ") == 1
    process_queue(letters)
    assert get_column(list(read_events(letters).values()), "userId") == ["by hand"]


@pytest.mark.parametrize("last", ["{shown}", None])
def test_an_edit_that_is_given_up_is_in_a_file(
    letters: Stack, editor: Editor, tmp_path: Path, last: str | None
) -> None:
    [one] = ids("--error", "not JSON")
    editor.saves = [BAD, last]
    result = prooftrail("dead-letters", "redrive", one, "--edit")
    assert result.exit_code == 1
    assert result.stdout.startswith(f"{one}: kept: left unchanged: resourceId: ")
    [file] = tmp_path.iterdir()
    assert result.stderr == f"{one}: not sent; the edited text is in {file}\n"
    assert file.read_text() == BAD
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert depth(letters) == (4, 0)


def test_an_edit_that_the_queue_does_not_take_is_in_a_file(
    letters: Stack, editor: Editor, tmp_path: Path
) -> None:
    [one] = ids("--error", "not JSON")
    editor.saves = [job(event_json())]
    with failing("SendMessageBatch", DENIED):
        assert prooftrail("dead-letters", "redrive", one, "--edit").exit_code == 3
    [file] = tmp_path.iterdir()
    assert file.read_text() == job(event_json())


def test_an_edit_of_a_dry_run_is_in_a_file(letters: Stack, editor: Editor, tmp_path: Path) -> None:
    [one] = ids("--error", "not JSON")
    editor.saves = [job(event_json())]
    result = prooftrail("dead-letters", "redrive", one, "--edit", "--dry-run")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{one}: would be sent: 1 event\n")
    [file] = tmp_path.iterdir()
    assert file.read_text() == job(event_json())


def test_a_bad_body_that_is_left_unchanged_leaves_no_file(
    letters: Stack, editor: Editor, tmp_path: Path
) -> None:
    editor.saves = ["{shown}"] * 4
    result = prooftrail("dead-letters", "redrive", "--all", "--edit")
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout.count(": kept: left unchanged: ") == 3
    assert result.stdout.endswith("1 dead letter sent, 3 kept\n")
    assert not list(tmp_path.iterdir())


def test_a_body_is_edited(letters: Stack) -> None:
    [one] = ids("--error", "not JSON")
    shown: list[str] = []

    def edit(text: str, **_: Any) -> str:
        shown.append(text)
        return job(event_json(userId="by hand"))

    with patch("click.edit", edit):
        assert prooftrail("dead-letters", "redrive", one, "--edit").exit_code == 0
    assert shown == ["nonsense"]
    [bad] = ids("--error", "resourceId")
    with patch("click.edit", lambda *_, **__: None):
        result = prooftrail("dead-letters", "redrive", bad, "--edit")
    assert (result.exit_code, "the editor saved nothing" in result.stdout) == (1, True)
    process_queue(letters)
    assert get_column(list(read_events(letters).values()), "userId") == ["by hand"]


def test_an_editor_gets_what_it_can_show_and_gives_back_text(
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


def test_a_deep_body_is_not_laid_out(aws: Stack) -> None:
    redriven_by_sqs(aws, "[" * 900 + "1," * 2_000 + "1" + "]" * 900)
    [one] = ids()
    assert len(prooftrail("dead-letters", "show", one).stdout) < 10_000


def full_job() -> str:
    """A job of 600 bad events, as large as a message: a letter has no room for its reason."""
    events = [
        event_json(userId=f"u-{n}", success=0, details={"pad": "x" * 1_600}) for n in range(600)
    ]
    room = MAX_MESSAGE_BYTES - 1 - len(encode_bulk_job(events))
    events[0]["details"]["pad"] += "x" * room
    return encode_bulk_job(events)


def test_a_large_body_is_loaded_split_and_stored(aws: Stack) -> None:
    send(aws, full_job())
    [letter] = run_ndjson("dead-letters", "list")[1]
    assert letter["events"] is None
    [shown] = run_ndjson("dead-letters", "show", letter["messageId"])[1]
    assert shown["body"] == full_job()
    options = ("--all", "--set", "data.events[*].success=true")
    assert prooftrail("dead-letters", "redrive", *options).exit_code == 0
    assert depth(aws, "AuditQueue")[0] == 2
    process_queue(aws)
    assert len(read_events(aws)) == 600


@contextmanager
def failing(operation: str, error: Exception, *, is_done: bool = False) -> Iterator[None]:
    """Let every call of an operation fail, before or after it is done."""
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
LOST = ReadTimeoutError(endpoint_url="https://sqs.example")
GOOD = [job(event_json(userId=f"u-{n}")) for n in range(15)]


@pytest.mark.parametrize("is_done", [False, True])
@pytest.mark.parametrize("operation", ["SendMessageBatch", "DeleteMessageBatch"])
def test_a_redrive_that_fails_is_repeated_without_harm(
    aws: Stack, operation: str, is_done: bool
) -> None:
    for body in GOOD:
        redriven_by_sqs(aws, body)
    with failing(operation, LOST, is_done=is_done):
        code, outcomes = run_ndjson("dead-letters", "redrive", "--all")
        assert code == 3
        assert len(outcomes) == 15
        assert {one["sent"] for one in outcomes} == {operation == "DeleteMessageBatch"}
        assert not any(one["removed"] for one in outcomes)
    left = 0 if is_done and operation == "DeleteMessageBatch" else 15
    assert depth(aws) == (left, 0)
    result = prooftrail("dead-letters", "redrive", "--all")
    assert (result.exit_code, result.stdout) == (0, f"{left} dead letters sent, 0 kept\n")
    process_queue(aws)
    assert len(read_events(aws)) == 15
    assert depth(aws) == (0, 0)


def test_a_letter_that_is_sent_and_not_removed_is_told(aws: Stack) -> None:
    redriven_by_sqs(aws, GOOD[0])
    with failing("DeleteMessageBatch", DENIED):
        result = prooftrail("dead-letters", "redrive", "--all")
    assert "sent, but still in the dead-letter queue (" in result.stdout
    assert "it is stored once" in result.stdout
    assert result.exit_code == 3


def test_a_letter_that_vanishes_meanwhile_is_no_harm(letters: Stack) -> None:
    [one] = ids("--error", "resourceId")
    original = BaseClient._make_api_call  # type: ignore[attr-defined]

    def make_api_call(this: BaseClient, name: str, parameters: Any) -> object:
        if name == "SendMessageBatch":
            original(this, "PurgeQueue", {"QueueUrl": letters.resources["AuditDeadLetterQueue"]})
        return original(this, name, parameters)

    with patch.object(BaseClient, "_make_api_call", make_api_call):
        result = prooftrail("dead-letters", "redrive", one, "--set", 'data.resourceId="x"')
    assert result.exit_code in {0, 3}
    process_queue(letters)
    assert len(read_events(letters)) == 1


def record_of(stack: Stack) -> dict[str, Any]:
    """The one event that is on record about a removal."""
    process_queue(stack)
    [event] = read_events(stack).values()
    return event


def test_what_is_discarded_is_kept_in_a_file_and_on_record(letters: Stack, tmp_path: Path) -> None:
    file = tmp_path / "letters.ndjson"
    wanted = ids("--error", "Error")
    options = ("--all", "--error", "Error", "--to", file)
    result = prooftrail("dead-letters", "discard", *options, given="n\n")
    assert (result.exit_code, depth(letters), file.exists()) == (1, (4, 0), False)
    *told, asked, _ = result.stderr.splitlines()
    assert min(told).startswith("1 dead letter: InvalidEventError: ")
    assert any("success: must be true or false" in one for one in told)
    assert len(told) == 3
    assert asked.startswith(f"Append 3 dead letters to {file}, and remove from the queue? [y/N]")
    process_queue(letters)
    assert read_events(letters) == {}
    result = prooftrail("dead-letters", "discard", *options, given="y\n")
    assert (result.exit_code, depth(letters)) == (0, (1, 0))
    assert result.stdout.endswith("3 dead letters removed, 0 kept\n")
    kept = [json.loads(line) for line in file.read_text().splitlines()]
    assert len(kept) == 3
    assert {one["messageId"] for one in kept} == set(wanted)
    assert {BAD, "nonsense"} <= {one["body"] for one in kept}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    event = record_of(letters)
    assert event["action"] == "audit.dead-letters.discard"
    assert event["userId"].startswith("arn:aws:")
    assert sorted(event["details"]["messageIds"]) == sorted(wanted)
    assert event["details"]["count"] == 3


def test_a_discard_counts_letters_by_reason(aws: Stack, tmp_path: Path) -> None:
    send(aws, "nonsense", "nonsense", "nonsense", BAD)
    options = ("--all", "--to", tmp_path / "f")
    told = prooftrail("dead-letters", "discard", *options, given="n\n").stderr.splitlines()
    assert told[0].startswith("3 dead letters: MalformedJobError: ")
    assert told[1].startswith("1 dead letter: InvalidEventError: ")


def test_a_file_that_a_full_disk_cut_is_gone_on_with(letters: Stack, tmp_path: Path) -> None:
    file = tmp_path / "f"
    file.write_text('{"messageId": "cu')
    assert prooftrail("dead-letters", "discard", "--all", "--to", file, "--yes").exit_code == 0
    _, *kept = file.read_text().splitlines()
    assert len([json.loads(line) for line in kept]) == 4


def test_many_letters_take_several_records(
    letters: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("prooftrail.cli.dead_letters.discard.RECORDED_IDS", 3)
    wanted = ids()
    assert (
        prooftrail("dead-letters", "discard", "--all", "--to", tmp_path / "f", "--yes").exit_code
        == 0
    )
    process_queue(letters)
    recorded = [one["details"]["messageIds"] for one in read_events(letters).values()]
    assert sorted(map(len, recorded)) == [1, 3]
    assert sorted(one for some in recorded for one in some) == sorted(wanted)


def test_discard_for_scripts(letters: Stack, tmp_path: Path) -> None:
    [one] = ids("--error", "resourceId")
    arguments = ("dead-letters", "discard", one, "--to", tmp_path / "f", "--json")
    assert prooftrail(*arguments).exit_code == 2
    result = prooftrail(*arguments, "--yes")
    assert json.loads(result.stdout)["removed"] == [one]
    assert one not in ids()
    result = prooftrail(*arguments, "--yes")
    assert (result.exit_code, json.loads(result.stdout)["missing"]) == (1, [one])


@pytest.mark.parametrize(
    ("operation", "is_recorded"),
    [("GetCallerIdentity", False), ("SendMessageBatch", False), ("DeleteMessageBatch", True)],
)
def test_nothing_is_removed_that_is_not_on_record(
    letters: Stack, tmp_path: Path, operation: str, is_recorded: bool
) -> None:
    with failing(operation, DENIED):
        arguments = ("dead-letters", "discard", "--all", "--to", tmp_path / "f", "--yes")
        result = prooftrail(*arguments)
    assert result.exit_code == 3
    assert "AccessDenied" in result.output
    assert depth(letters) == (4, 0)
    process_queue(letters)
    assert len(read_events(letters)) == is_recorded


@pytest.mark.parametrize("place", ["/dev/full", "nowhere/f"])
def test_nothing_is_removed_that_is_not_in_the_file(
    letters: Stack, tmp_path: Path, place: str
) -> None:
    path = place if place.startswith("/") else tmp_path / place
    result = prooftrail("dead-letters", "discard", "--all", "--to", path, "--yes")
    assert result.exit_code == 3
    assert len(result.stderr.splitlines()) == 1
    assert depth(letters) == (4, 0)


def test_a_body_that_is_lost_is_not_discarded(aws: Stack, tmp_path: Path) -> None:
    send(aws, full_job())
    bucket = aws.resources["OverflowBucket"]
    [payload] = client("s3").list_objects_v2(Bucket=bucket)["Contents"]
    client("s3").delete_object(Bucket=bucket, Key=payload["Key"])
    result = prooftrail("dead-letters", "discard", "--all", "--to", tmp_path / "f", "--yes")
    assert (result.exit_code, depth(aws)) == (1, (1, 0))
    assert "kept: dead-letters/" in result.stdout
    assert prooftrail("dead-letters", "redrive", "--all").exit_code == 1
    assert depth(aws) == (1, 0)


@pytest.mark.parametrize(
    "arguments",
    [
        ("redrive",),
        ("redrive", "some-id", "--all"),
        ("redrive", "--all", "--set", "data"),
        ("redrive", "--all", "--set", "data.x=nonsense"),
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


def test_a_queue_that_cannot_be_read_is_3(letters: Stack, tmp_path: Path) -> None:
    with failing("ReceiveMessage", DENIED):
        for arguments in (
            ("list",),
            ("show", "x"),
            ("redrive", "--all"),
            ("discard", "--all", "--yes", "--to", tmp_path / "f"),
        ):
            result = prooftrail("dead-letters", *arguments)
            assert result.exit_code == 3
            assert "AccessDenied at Any: m" in result.stderr
