"""`prooftrail query`, `get` and `stats`, for people and for scripts."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import pytest
from botocore.client import BaseClient
from botocore.exceptions import (
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
)
from click.testing import CliRunner

from local.api import CALLER
from local.template import Stack
from prooftrail.aws.clients import client
from prooftrail.cli.main import COMMANDS, main
from tests.support.command_line import (
    get_column,
    get_stack_name,
    make_runtime,
    prooftrail,
    run_json,
    run_ndjson,
    run_without_aws,
    store_events,
)
from tests.support.prepared import prepare
from tests.support.trail import read_items, stream_records

HOSTILE = "a\x1b[2J\x9b31m\u202eb\u2028c\x7f"


@pytest.fixture
def trail(aws: Stack) -> Stack:
    """Return a stack with forty events of two tenants and three users."""
    prepare(aws, _store_forty)
    return aws


def _store_forty(stack: Stack) -> None:
    store_events(
        stack,
        *(
            {
                "eventId": f"e-{n}",
                "timestamp": f"2025-11-2{n % 4}T10:00:{n:02d}Z",
                "tenantId": ("default", "acme")[n % 2],
                "userId": f"u-{n % 3}",
                "action": ("user.login", "user.logout", "guild.update")[n % 3],
                "resourceType": "session",
                "resourceId": f"s-{n % 5}",
                "requestId": f"r-{n}",
                "sessionId": f"x-{n % 2}",
                "ipAddress": f"203.0.113.{n % 4}",
                "actorType": ("agent", None, "user")[n % 3],
                "traceId": f"{n % 7 + 1:032x}",
                "success": n % 5 != 0,
            }
            for n in range(40)
        ),
    )


FILTERS: list[tuple[list[str], Any]] = [
    ([], range(0, 40, 2)),
    (["--tenant", "acme"], range(1, 40, 2)),
    (["--user", "u-1"], range(4, 40, 6)),
    (["--action", "user.logout"], range(4, 40, 6)),
    (["--action", "user.*", "--user", "u-0"], range(0, 40, 6)),
    (["--resource-type", "session", "--resource-id", "s-2"], range(2, 40, 10)),
    (["--failure"], range(0, 40, 10)),
    (["--success", "--resource-id", "s-1"], range(6, 40, 10)),
    (["--since", "2025-11-22"], range(2, 40, 4)),
    (["--until", "2025-11-20"], range(0, 40, 4)),
    (["--since", "2025-11-20T10:00:30Z", "--until", "2025-11-21"], [32, 36]),
    (["--since", "1h"], []),
    (["--until", "1w"], range(0, 40, 2)),
    (["--request-id", "r-4"], [4]),
    (["--session-id", "x-0", "--ip-address", "::FFFF:203.0.113.2"], range(2, 40, 4)),
    (["--ip-address", "203.0.113.2"], range(2, 40, 4)),
    (["--actor-type", "agent"], range(0, 40, 6)),
    (["--trace-id", f"{0xB - 4:032X}"], range(6, 40, 14)),
    (["--trace-id", f"{1:032x}", "--failure"], [0]),
]


@pytest.mark.parametrize(
    ("option", "value", "rule"),
    [
        ("--trace-id", "4bf9", "must be a trace id: 32 hexadecimal digits"),
        ("--trace-id", "0" * 32, "is all zeros"),
        ("--actor-type", "an agent", "must be 1 to 128 of"),
    ],
)
def test_a_trace_or_type_of_actor_that_no_event_can_have_is_wrong_usage(
    option: str, value: str, rule: str
) -> None:
    for command in ("query", "tail"):
        result = CliRunner().invoke(main, [command, "--stack", "s", option, value])
        assert result.exit_code == 2
        assert rule in result.stderr


def test_each_option_filters(trail: Stack) -> None:
    for options, expected in FILTERS:
        code, events = run_ndjson("query", "--all", *options)
        assert code == 0
        assert sorted(get_column(events, "eventId")) == sorted(f"e-{n}" for n in expected), options
        ids = get_column(events, "id")
        assert ids == sorted(ids, reverse=True)
    _, ascending = run_ndjson("query", "--all", "--order", "asc", *options)
    assert get_column(ascending, "id") == ids[::-1]


def test_json_events_equal_those_of_the_api(trail: Stack) -> None:
    [event, *_] = run_ndjson("query")[1]
    api = make_runtime(trail).invoke(
        "QueryFunction",
        {
            "resource": "/audit-logs/unmasked",
            "path": "/audit-logs/unmasked",
            "httpMethod": "GET",
            "requestContext": {"identity": {"userArn": CALLER}},
            "queryStringParameters": {"limit": "1"},
            "multiValueQueryStringParameters": {"limit": ["1"]},
            "headers": {},
        },
    )
    assert json.loads(api["body"])["items"] == [event]


def test_chosen_fields_as_csv_json_and_columns(trail: Stack) -> None:
    fields = ("--fields", "eventId,userId", "--order", "asc", "--limit", 2)
    assert prooftrail("query", *fields, "--csv").stdout.splitlines() == [
        '"eventId","userId"',
        '"e-0","u-0"',
        '"e-4","u-1"',
    ]
    assert run_ndjson("query", *fields)[1][0] == {"eventId": "e-0", "userId": "u-0"}
    assert prooftrail("query", *fields).stdout == "eventId  userId\ne-0      u-0\ne-4      u-1\n"
    assert prooftrail("query", "--csv", "--user", "nobody").stdout.startswith('"id","digest",')
    for wrong in (["--fields", "nope"], ["--csv", "--json"]):
        assert run_without_aws("query", *wrong) == 2


def test_a_reached_limit_is_reported(trail: Stack) -> None:
    result = prooftrail("query", "--limit", 5)
    assert len(result.stdout.splitlines()) == 5
    assert "there may be more than 5" in result.stderr
    assert prooftrail("query", "--limit", 20).stderr == ""
    assert prooftrail("query", "--limit", 5, "--json").stderr == ""


def test_cursors_are_followed(trail: Stack) -> None:
    store_events(trail, *({"eventId": f"more-{n}", "tenantId": "big"} for n in range(1_100)))
    assert len(run_ndjson("query", "--tenant", "big", "--all")[1]) == 1_100
    assert len(run_ndjson("query", "--tenant", "big", "--limit", 1_050)[1]) == 1_050


def test_lines_are_aligned_and_end_with_the_id(trail: Stack) -> None:
    store_events(trail, {"userId": "日本", "resourceId": "x" * 200, "eventId": "wide"})
    lines = prooftrail("query").stdout.splitlines()
    assert len(lines) == 21
    assert {len(line.rpartition("  ")[2]) for line in lines} == {26}
    assert {line[24:26] for line in lines} == {"  "}
    assert {line[26:34].strip() for line in lines} == {"ok", "failed"}
    narrow = [line for line in lines if "日本" not in line]
    assert len({len(line) for line in narrow}) == 1


def test_a_failed_event_shows_its_reason(aws: Stack) -> None:
    for event in (
        {"eventId": "a", "success": False, "errorMessage": f"no luck: {HOSTILE}"},
        {"eventId": "b", "success": False, "errorMessage": None},
        {"eventId": "c", "success": True, "errorMessage": "not shown"},
    ):
        store_events(aws, event)
    for command in ("query", "tail"):
        lines = prooftrail(command).stdout.splitlines()
        [failed] = [line for line in lines if "  no luck: a\\x1b[2J" in line]
        assert "  failed  " in failed
        assert all(character.isprintable() for character in failed)
        assert len(lines) == 3
        assert "not shown" not in str(lines)
        assert {len(line.rpartition("  ")[2]) for line in lines if line is not failed} == {26}


def test_control_characters_in_events_are_escaped(trail: Stack) -> None:
    store_events(
        trail,
        {
            "tenantId": "evil",
            "userId": HOSTILE,
            "resourceId": HOSTILE,
            "details": {HOSTILE: HOSTILE},
        },
    )
    [event] = run_ndjson("query", "--tenant", "evil")[1]
    assert event["userId"] == event["details"][HOSTILE] == HOSTILE
    for arguments in (
        ("query", "--tenant", "evil"),
        ("query", "--tenant", "evil", "--json"),
        ("tail", "--tenant", "evil"),
        ("tail", "--tenant", "evil", "--json"),
        ("get", event["id"], "--tenant", "evil"),
        ("get", event["id"], "--tenant", "evil", "--json"),
    ):
        shown = prooftrail(*arguments).stdout
        assert all(character.isprintable() or character == "\n" for character in shown)
        assert "[2J" in shown
    assert len(prooftrail("query", "--tenant", "evil").stdout.splitlines()) == 1


def test_an_event_that_cannot_be_read_is_reported(trail: Stack) -> None:
    items = read_items(trail, "AuditEventsTable")
    [item, *_] = [item for item in items if "e-2" in str(item["event"])]
    damaged = {**item, "event": {"S": '{"action":"\x1b"}'}}
    client("dynamodb").put_item(TableName=trail.resources["AuditEventsTable"], Item=damaged)
    event_id = item["id"]["S"]
    tenant = item["pk"]["S"].partition("#")[0]
    result = prooftrail("query", "--tenant", tenant)
    assert f"{event_id} cannot be read: " in result.stdout
    assert len(result.stdout.splitlines()) == 20
    assert "1 event cannot be read" in result.stderr
    assert run_json("get", event_id, "--tenant", tenant)[1]["error"]["code"] == "corrupt_record"


def test_an_event_by_its_id(trail: Stack) -> None:
    [event, *_] = run_ndjson("query")[1]
    assert run_json("get", event["id"]) == (0, event)
    result = prooftrail("get", event["id"])
    assert json.loads(result.stdout) == event
    assert '\n  "action": ' in result.stdout
    elsewhere = prooftrail("get", event["id"], "--tenant", "acme")
    text = f"check --tenant: tenant acme has no event {event['id']}"
    assert elsewhere.stderr == f"error: {text} [event_not_found]\n"
    for wrong in ([event["id"], "--tenant", "acme"], ["0" * 26], ["nonsense"]):
        code, response = run_json("get", *wrong)
        assert code == 1
        assert response.keys() == {"error"}
        assert prooftrail("get", *wrong).stdout == ""


@pytest.mark.parametrize(
    "options",
    [
        ["--tenant", "a#b"],
        ["--action", "*"],
        ["--user", ""],
        ["--resource-id", "x" * 257],
        ["--since", "yesterday"],
        ["--since", "2025-11-24T10:00:00"],
        ["--since", "1h", "--until", "2h"],
        ["--ip-address", "here"],
        ["--limit", "0"],
        ["--order", "random"],
        ["--nonsense"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_2(options: list[str]) -> None:
    assert run_without_aws("query", *options) == 2


def test_statistics_equal_those_of_the_api(trail: Stack) -> None:
    make_runtime(trail).invoke("LedgerFunction", {"Records": stream_records(trail)})
    since = ["--since", "2025-11-20", "--until", "2025-11-23"]
    code, counted = run_json("stats", *since, "--interval", "day")
    assert (code, counted["total"], counted["failed"]) == (0, 20, 4)
    assert [interval["total"] for interval in counted["series"]] == [10, 0, 10, 0]
    assert counted["startDate"] == "2025-11-20T00:00:00.000Z"
    assert run_json("stats", *since, "--user", "u-1")[1]["total"] == 6
    assert run_json("stats", *since, "--tenant", "acme", "--action", "user.*")[1]["total"] == 14
    text = prooftrail("stats", *since, "--interval", "day").stdout
    assert "20 events, 16 successful, 4 failed, 80.00 % successful" in text
    assert ["guild.update", "7"] in [line.split() for line in text.splitlines()]
    *_, heading, first, second, rest = text.splitlines()
    assert heading.split() == ["day", "(UTC)", "successful", "failed"]
    bar = "█" * 24 + "░" * 6
    rows = [["2025-11-20", "8", "2", bar], ["2025-11-22", "8", "2", bar]]
    assert [line.split() for line in (first, second)] == rows
    assert rest == "and 2 days without events"
    hours = prooftrail("stats", *since, "--interval", "hour").stdout.splitlines()
    assert hours[-3].split() == ["2025-11-20", "10:00", "8", "2", bar]
    assert hours[-1] == "and 94 hours without events"
    assert "(UTC)" not in prooftrail("stats", "--since", "1h", "--interval", "hour").stdout
    assert "0 events" in prooftrail("stats", "--since", "1h").stdout
    assert prooftrail("stats", "--since", "1h", "--until", "2h").exit_code == 2
    logouts = ["--since", "2025-11-20", "--until", "2025-11-20", "--action", "user.logout"]
    assert "3 events, " in prooftrail("stats", *logouts).stdout


def test_a_series_that_is_too_long_names_the_options() -> None:
    for interval, most in (("hour", "744 hours"), ("day", "3660 days")):
        result = CliRunner().invoke(
            main, ["stats", "--stack", "none", "--since", "2001-01-01", "--interval", interval]
        )
        assert result.exit_code == 2
        assert f"--interval {interval} takes at most {most} between --since" in result.stderr
        assert ("--interval day" in result.stderr.replace("--interval day takes", "")) == (
            interval == "hour"
        )


def test_a_user_with_too_many_events_names_the_option(
    trail: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("prooftrail.query.stats.MAX_USER_ROWS", 3)
    result = prooftrail("stats", "--user", "u-1", "--since", "2025-11-20")
    assert (result.exit_code, "--since: must leave at most " in result.stderr) == (1, True)


def test_an_empty_list_names_the_tenant(trail: Stack) -> None:
    result = prooftrail("query", "--user", "nobody", "--tenant", "acme")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "no event of tenant acme matches\n"
    assert prooftrail("query", "--user", "nobody", "--json").output == ""
    result = prooftrail("tail", "--user", "nobody", "--tenant", "acme")
    assert (result.stdout, result.stderr) == ("", "no event of tenant acme matches\n")
    assert prooftrail("tail", "--user", "nobody", "--json").output == ""
    counted = prooftrail("stats", "--since", "1h", "--tenant", "acme").stdout
    assert counted.startswith("tenant acme, ")


FAULTS = {
    "cannot reach https://sqs.nowhere": EndpointConnectionError(endpoint_url="https://sqs.nowhere"),
    "give --profile, or set AWS_PROFILE: AWS": NoCredentialsError(),
    "give --region, or set AWS_DEFAULT_REGION: ": NoRegionError(),
    "renew the AWS credentials: ExpiredToken at Query: it": ClientError(
        {"Error": {"Code": "ExpiredToken", "Message": "it\x1b[2J expired"}}, "Query"
    ),
    "ThrottlingException": ClientError({"Error": {"Code": "ThrottlingException"}}, "Query"),
}
WITH_ARGUMENTS = {
    "get": ["0" * 26],
    "query": [],
    "report": ["--from", "1d"],
    "stats": [],
    "tail": [],
}


@contextmanager
def fail_calls(error: Exception, *, is_late: bool) -> Iterator[None]:
    """Make every call to AWS fail, or only those after the first calls of a command."""
    original = BaseClient._make_api_call  # type: ignore[attr-defined]

    def make_api_call(this: BaseClient, operation: str, parameters: Any) -> object:
        is_first = operation == "DescribeStacks" or (
            operation == "GetItem" and "Ledger" in parameters["TableName"]
        )
        if operation == "ListStacks" or (is_late and is_first):
            return original(this, operation, parameters)
        raise error

    with patch.object(BaseClient, "_make_api_call", make_api_call):
        yield


def run_failing(*arguments: str) -> str:
    """Run a command that must end with 3. Return its only line."""
    result = prooftrail(*arguments)
    code, response = run_json(*arguments)
    assert result.exit_code == code == 3
    assert result.stdout == ""
    [line] = result.stderr.splitlines()
    assert response["error"]["message"] in line.replace("\\x1b", "\x1b")
    return line


def test_a_fault_of_aws_is_one_line_and_ends_with_3(aws: Stack) -> None:
    make_runtime(aws).invoke("LedgerFunction", {"Records": stream_records(aws)})
    for name, fault in FAULTS.items():
        for is_late in (False, True):
            with fail_calls(fault, is_late=is_late):
                assert name in run_failing("query")
    for command, options in WITH_ARGUMENTS.items():
        with fail_calls(FAULTS["cannot reach https://sqs.nowhere"], is_late=True):
            assert "https://sqs.nowhere" in run_failing(command, *options)


def test_colours_follow_the_terminal_and_no_color(trail: Stack) -> None:
    arguments = ["query", "--stack", get_stack_name()]
    coloured = CliRunner().invoke(main, arguments, color=True)
    assert "\x1b[32m" in coloured.stdout
    plain = CliRunner(env={"NO_COLOR": "yes please"}).invoke(main, arguments, color=True)
    assert plain.stdout == prooftrail("query").stdout
    assert (
        CliRunner(env={"NO_COLOR": ""}).invoke(main, arguments, color=True).stdout
        == coloured.stdout
    )


def test_a_misspelt_command_is_suggested() -> None:
    for wrong, right in (
        (["qeury"], "query"),
        (["dead-letter"], "dead-letters"),
        (["dead-letters", "lst"], "list"),
        (["verify", "bundel"], "bundle"),
    ):
        result = CliRunner().invoke(main, wrong)
        assert result.exit_code == 2
        assert f"No such command '{wrong[-1]}'. Did you mean '{right}'?" in result.stderr


def test_the_help_of_every_command(aws: Stack) -> None:
    listed = prooftrail("--help").stdout
    for command in COMMANDS:
        assert command in listed
        result = prooftrail(command, "--help")
        assert result.exit_code == 0
        assert f"Usage: main {command} " in result.stdout


@pytest.mark.parametrize(
    ("shell", "part"),
    [
        ("bash", "complete -o nosort"),
        ("zsh", "#compdef prooftrail"),
        ("fish", "complete --no-files"),
    ],
)
def test_completion_scripts(shell: str, part: str) -> None:
    result = CliRunner().invoke(main, ["completion", shell])
    assert result.exit_code == 0
    assert part in result.stdout
    assert "_PROOFTRAIL_COMPLETE" in result.stdout
