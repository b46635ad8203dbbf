"""`prooftrail tail` until Ctrl-C, with new events and faults meanwhile."""

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

from botocore.client import BaseClient
from botocore.exceptions import ClientError
from click.testing import Result

from local.template import Stack
from tests.support.command_line import get_column, prooftrail, run_ndjson, store_events


def make_events(*names: str) -> list[dict[str, Any]]:
    return [{"eventId": name, "timestamp": None} for name in names]


def follow(*moments: Callable[[], object] | None, arguments: tuple[str, ...] = ()) -> Result:
    """Follow, call one of `moments` at each wait, then press Ctrl-C. Return the result."""
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) > len(moments):
            raise KeyboardInterrupt
        if moment := moments[len(waits) - 1]:
            moment()

    with patch("prooftrail.cli.tail.time.sleep", sleep):
        result = prooftrail("tail", "-f", *arguments)
    result.waits = waits  # type: ignore[attr-defined]  # an extra attribute for the test
    return result


def test_the_newest_events_in_ascending_order(aws: Stack) -> None:
    store_events(
        aws,
        *(
            {"eventId": f"e-{n}", "timestamp": f"2025-11-24T10:00:{n:02d}Z", "success": n % 2 == 0}
            for n in range(30)
        ),
    )
    code, events = run_ndjson("tail")
    assert (code, get_column(events, "eventId")) == (0, [f"e-{n}" for n in range(10, 30)])
    assert get_column(run_ndjson("tail", "-n", 2)[1], "eventId") == ["e-28", "e-29"]
    assert get_column(run_ndjson("tail", "-n", 2, "--failure")[1], "eventId") == ["e-27", "e-29"]
    assert run_ndjson("tail", "-n", 0)[1] == []
    since = ("tail", "--since", "2025-11-24T10:00:04Z")
    assert get_column(run_ndjson(*since)[1], "eventId") == [f"e-{n}" for n in range(4, 30)]
    assert get_column(run_ndjson(*since, "-n", 2)[1], "eventId") == ["e-28", "e-29"]


def test_it_follows_until_ctrl_c(aws: Stack) -> None:
    store_events(aws, *make_events("first"))
    result = follow(
        lambda: store_events(aws, *make_events("second")),
        None,
        lambda: store_events(aws, *make_events("third", "fourth")),
        arguments=("--json",),
    )
    assert result.exit_code == 130
    assert [line.count("eventId") for line in result.stdout.splitlines()] == [1, 1, 1, 1]
    assert result.waits == [2.0] * 4  # type: ignore[attr-defined]


def test_it_survives_throttling(aws: Stack) -> None:
    store_events(aws, *make_events("first"))
    original = BaseClient._make_api_call  # type: ignore[attr-defined]
    is_throttled = False

    def make_api_call(this: BaseClient, operation: str, parameters: Any) -> object:
        if is_throttled and operation == "Query":
            raise ClientError({"Error": {"Code": "ThrottlingException"}}, operation)
        return original(this, operation, parameters)

    def throttle(*, is_on: bool) -> None:
        nonlocal is_throttled
        is_throttled = is_on

    def arrive() -> None:
        store_events(aws, *make_events("second"))
        throttle(is_on=True)

    with patch.object(BaseClient, "_make_api_call", make_api_call):
        result = follow(
            arrive, None, None, lambda: throttle(is_on=False), None, arguments=("--interval", "1")
        )
    assert result.exit_code == 130
    assert len(result.stdout.splitlines()) == 2
    assert result.stderr.count("ThrottlingException at Query") == 3
    assert result.waits == [1.0, 2.0, 4.0, 8.0, 1.0, 1.0]  # type: ignore[attr-defined]


def test_a_permanent_fault_ends_it(aws: Stack) -> None:
    error = ClientError({"Error": {"Code": "ExpiredTokenException", "Message": "m"}}, "Query")
    refusal = patch.object(BaseClient, "_make_api_call", side_effect=error)
    result = follow(lambda: refusal.start())
    refusal.stop()
    assert result.exit_code == 3
    assert "ExpiredTokenException at Query: m" in result.stderr
