"""The README: what it shows works unchanged, and it stays short."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from local.sqs_poller import SqsPoller
from local.template import Stack
from prooftrail.aws.clients import client
from prooftrail.cli.main import main
from tests.support.api import Api

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAX_WORDS = 1_200
OMITTED = "…"


def blocks(language: str) -> list[str]:
    """Return the fenced blocks in this language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, flags=re.DOTALL | re.MULTILINE)


def shown_output(command: str) -> list[str]:
    """Return the lines of a command's output that the README shows."""
    [output] = re.findall(
        rf"^<!-- output: {command} -->\n```\n(.*?)^```$", README, flags=re.DOTALL | re.MULTILINE
    )
    return [line for line in output.splitlines() if line.strip() and line != OMITTED]


def mask_values(line: str) -> str:
    """Replace what differs between runs: ids, times and numbers."""
    line = re.sub(r"\b[0-9A-HJKMNP-TV-Z]{26}\b", "ID", line)
    return re.sub(r"[0-9][0-9.,]*", "N", line.rstrip(" …"))


def test_it_is_short() -> None:
    assert len(README.split()) <= MAX_WORDS


def test_the_events_that_it_sends_can_be_queried(
    aws: Stack, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))  # where the library's spool is
    queue_url = aws.resources["AuditQueue"]
    monkeypatch.setenv("PROOFTRAIL_QUEUE_URL", queue_url)
    api = Api(aws)
    [source] = aws.queue_sources
    [snippet] = blocks("python")
    assert snippet.count("\n") <= 6
    exec(compile(snippet, "README.md", "exec"), {})  # noqa: S102  # ours
    [body] = re.findall(r"--message-body '(.*)'", README)
    client("sqs").send_message(QueueUrl=queue_url, MessageBody=body)
    assert SqsPoller(source, api.runtime.invoke, client("sqs")).poll() == 2
    assert [event["userId"] for event in api.list_items(userId="u-1", success="true")] == ["u-1"]
    assert [event["userId"] for event in api.list_items(action="order.approve")] == ["u-17"]


def test_its_requests_succeed(aws: Stack) -> None:
    api = Api(aws)
    targets = re.findall(r"\$API_URL(/[^\"$]+)\"", README)
    assert len(targets) >= 2
    for target in targets:
        path, _, query = target.partition("?")
        parameters = dict(pair.split("=") for pair in query.split("&") if pair)
        assert api.get(path, **parameters)[0] == 200, target


def test_its_commands_exist() -> None:
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    commands = [shlex.split(line, comments=True) for line in lines if line.startswith("prooftrail")]
    assert len(commands) >= 5
    for _, *words in commands:
        names = words[: 2 if words[0] == "verify" else 1]
        help_text = CliRunner().invoke(main, [*names, "--help"]).output
        for option in (word for word in words if word.startswith("-")):
            assert option in help_text, words


@pytest.mark.slow
@pytest.mark.usefixtures("socket_enabled")
def test_it_shows_what_make_demo_prints() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "local", "demo"], capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    printed = {mask_values(line) for line in done.stdout.splitlines()}
    assert [line for line in shown_output("make demo") if mask_values(line) not in printed] == []


def test_it_shows_the_form_of_what_make_test_prints() -> None:
    last = shown_output("make test")[-1]
    assert re.fullmatch(r"[\d,]+ passed(, \d+ skipped)? in [\d.]+s( \(\d:\d\d:\d\d\))?", last)


def test_it_names_the_guarantees_of_the_architecture() -> None:
    def promises(text: str) -> dict[str, str]:
        return dict(re.findall(r"^\| (G\d+) \| ([^|]*?) \|", text, flags=re.MULTILINE))

    architecture = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert len(promises(README)) == 10
    assert promises(README) == promises(architecture)


def test_each_promise_has_a_test_and_a_figure_of_the_shown_soak() -> None:
    row = r"^\| (G\d+) \| [^|]* \| \[[^]]*\]\(tests/\S*\) \| ([^|]+?) \|$"
    figures = dict(re.findall(row, README, flags=re.MULTILINE))
    page = (ROOT / "docs" / "promises.md").read_text(encoding="utf-8")
    lines = dict(re.findall(r"^[✓✗] ([a-z ]+?) {2,}(\d+)", page, flags=re.MULTILINE))
    assert len(figures) == 10
    for promise, figure in figures.items():
        assert f"| {promise} |" in page
        for number, name in re.findall(rf"(\d+) ({'|'.join(lines)})", figure):
            assert lines[name] == number, promise
    [calls] = re.findall(r"QueryFunction +\d+ +\d+ +(\d+)", page)
    [kinds] = re.findall(r"messages of (\d+) kinds", page)
    [attacks] = re.findall(r"of (\d+) attacks", page)
    assert f"at most {calls} calls" in figures["G5"]
    assert f"{kinds} kinds of poison" in figures["G8"]
    assert figures["G4"] == f"{lines['missed']} of {attacks} attacks missed"
