"""The promises of `CounterReader`, tested on the fake and on DynamoDB."""

from collections.abc import Callable

import pytest

from prooftrail.aws.clients import client
from prooftrail.aws.counters import DynamoCounterReader
from prooftrail.errors import StoreUnavailableError
from prooftrail.event import keys
from prooftrail.event.keys import CounterSpan
from prooftrail.query.ports import CounterReader
from prooftrail.runtime.config import get_settings
from tests.support.fake_reader import FakeCounters
from tests.support.faults import Fault, inject_fault

Add = Callable[[str, CounterSpan, str, dict[str, int]], None]


@pytest.fixture(params=["memory", "moto"])
def subject(request: pytest.FixtureRequest) -> tuple[CounterReader, Add]:
    if request.param == "memory":
        counters = FakeCounters()

        def hold(tenant: str, span: CounterSpan, sort: str, values: dict[str, int]) -> None:
            counters.items[tenant, span, sort] = values

        return counters, hold

    request.getfixturevalue("aws")
    table = get_settings().ledger_table

    def put(tenant: str, span: CounterSpan, sort: str, values: dict[str, int]) -> None:
        client("dynamodb").put_item(
            TableName=table,
            Item={
                keys.PARTITION: {"S": keys.make_counters_key(tenant, span)},
                keys.SORT: {"S": sort},
                **{name: {"N": str(value)} for name, value in values.items()},
            },
        )

    return DynamoCounterReader(client("dynamodb"), table), put


def test_buckets_are_in_order_and_include_both_ends_and_every_page(
    subject: tuple[CounterReader, Add],
) -> None:
    reader, add = subject
    for hour in range(6):
        add("acme", "hour", f"2026-11-24T0{hour}", {"a.b|c|1": hour})
    add("acme", "hour", "2026-11-24T01~ff", {"a.b|d|0": 7})
    add("acme", "hour", "2026-11-24T03~00", {"a.b|e|0": 8})
    found = list(reader.read_counters("acme", "hour", "2026-11-24T01", "2026-11-24T03"))
    assert found == [
        ("2026-11-24T01", {"a.b|c|1": 1}),
        ("2026-11-24T01", {"a.b|d|0": 7}),
        ("2026-11-24T02", {"a.b|c|1": 2}),
        ("2026-11-24T03", {"a.b|c|1": 3}),
        ("2026-11-24T03", {"a.b|e|0": 8}),
    ]


@pytest.mark.parametrize("tenant", ["acm", "acme2", "acme.", "ACME"])
def test_counters_of_other_tenants_are_not_read(
    subject: tuple[CounterReader, Add], tenant: str
) -> None:
    reader, add = subject
    add("acme", "day", "2026-11-24", {"a.b|c|1": 1})
    add("acme", "hour", "2026-11-24T00", {"a.b|c|1": 1})
    assert list(reader.read_counters(tenant, "day", "2026-11-24", "2026-11-24")) == []
    assert len(list(reader.read_counters("acme", "day", "2026-11-24", "2026-11-24"))) == 1


def add_more_than_a_megabyte(add: Add) -> None:
    for day in range(1, 21):
        values = {f"action.{number}.{'x' * 60}|c|1": day for number in range(1_200)}
        add("acme", "day", f"2026-11-{day:02}", values)


def test_more_than_a_megabyte_of_counters_is_read(
    subject: tuple[CounterReader, Add],
) -> None:
    reader, add = subject
    add_more_than_a_megabyte(add)
    found = list(reader.read_counters("acme", "day", "2026-11-01", "2026-11-30"))
    assert [bucket for bucket, _ in found] == [f"2026-11-{day:02}" for day in range(1, 21)]
    assert sum(sum(values.values()) for _, values in found) == 1_200 * sum(range(1, 21))


@pytest.mark.parametrize("subject", ["moto"], indirect=True)
def test_a_fault_at_any_page_is_an_error(
    subject: tuple[CounterReader, Add],
) -> None:
    reader, add = subject
    add_more_than_a_megabyte(add)
    for nth in range(2):
        with inject_fault(nth, Fault.REFUSED), pytest.raises(StoreUnavailableError):
            list(reader.read_counters("acme", "day", "2026-11-01", "2026-11-30"))
