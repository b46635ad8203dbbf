"""`prooftrail report`, for people and for scripts."""

import pytest

from local.template import Stack
from tests.support.command_line import (
    make_runtime,
    prooftrail,
    run_json,
    run_without_aws,
    store_events,
)
from tests.support.trail import stream_records


@pytest.fixture
def trail(aws: Stack) -> Stack:
    """Return a stack with thirty events of a day. Every third event is a failure."""
    store_events(
        aws,
        *(
            {
                "eventId": f"e-{n}",
                "timestamp": f"2025-11-24T10:00:{n:02d}Z",
                "userId": f"u-{n % 4}",
                "action": f"user.{('login', 'logout')[n % 2]}",
                "resourceType": "pods/exec",
                "success": n % 3 != 0,
                "errorMessage": None if n % 3 else f"no luck\x1b[{n % 2}m",
            }
            for n in range(30)
        ),
    )
    return aws


DAY = ("--from", "2025-11-24", "--to", "2025-11-24")


def test_text_and_json_have_the_same_numbers(trail: Stack) -> None:
    code, report = run_json("report", *DAY)
    assert code == 0
    assert report["summary"] == {
        "total": 30,
        "successful": 20,
        "failed": 10,
        "successRate": 66.67,
        "uniqueUsers": 4,
        "uniqueActions": 2,
        "uniqueResources": 1,
        "unreadable": 0,
    }
    assert report["topUsers"][0] == {"userId": "u-0", "count": 8}
    assert report["failureAnalysis"]["byError"][0] == {
        "errorMessage": "no luck\x1b[0m",
        "count": 5,
        "share": 50.0,
    }
    assert report["topResources"] == [
        {"resourceType": "pods/exec", "resourceId": "s-1", "count": 30}
    ]
    lines = [line.split() for line in prooftrail("report", *DAY).stdout.splitlines()]
    assert ["success", "rate", "66.67", "%"] in lines
    assert ["pods/exec/s-1", "30", "100.00", "%"] in lines
    assert ["no", "luck\\x1b[0m", "5", "50.00", "%"] in lines


def test_the_report_is_the_same_after_the_ledger_has_counted(trail: Stack) -> None:
    before = prooftrail("report", *DAY).stdout
    make_runtime(trail).invoke("LedgerFunction", {"Records": stream_records(trail)})
    assert prooftrail("report", *DAY).stdout == before


def test_a_summary_and_an_empty_report(trail: Stack) -> None:
    assert "topUsers" not in run_json("report", *DAY, "--type", "summary")[1]
    assert "login" not in prooftrail("report", *DAY, "--type", "summary").stdout
    assert run_json("report", "--from", "1h")[1]["summary"]["total"] == 0
    assert run_json("report", *DAY, "--tenant", "acme")[1]["summary"]["total"] == 0
    lines = [line.split() for line in prooftrail("report", "--from", "1h").stdout.splitlines()]
    assert ["events", "0"] in lines
    assert ["success", "rate", "-"] in lines


def test_the_options_of_other_commands_set_the_times(trail: Stack) -> None:
    same = ("--since", "2025-11-24", "--until", "2025-11-24")
    assert prooftrail("report", *same).stdout == prooftrail("report", *DAY).stdout
    assert run_without_aws("report", "--since", "1h", "--until", "2h") == 2


@pytest.mark.parametrize(
    "options", [[], ["--from", "soon"], ["--from", "1h", "--to", "2h"], [*DAY, "--type", "x"]]
)
def test_wrong_usage(options: list[str]) -> None:
    assert run_without_aws("report", *options) == 2
