"""A soak that could not fail would prove nothing: each broken promise is noticed."""

from collections.abc import Callable, Iterator

import pytest

from soak.checks import (
    Outcome,
    check_answers,
    check_outcome,
    get_queue,
    list_partitions,
    read_items,
)
from soak.report import WIDTH, Figures, format_report, is_kept
from soak.scenario import Scenario
from soak.traffic import TENANTS
from soak.world import World, run_world


@pytest.fixture
def scenario() -> Iterator[Scenario]:
    """A system with 60 stored events, with all faults off."""
    with run_world() as world:
        scenario = Scenario(world, seed=1)
        scenario.schedule.is_on = False
        scenario.produce(60)
        world.tick()
        scenario.settle()
        yield scenario
        scenario.close()


def _lose_an_event(world: World) -> None:
    items = list_partitions(world)[0]
    items.pop(next(iter(items)))


def _store_an_event_twice(world: World) -> None:
    items, other, *_ = list_partitions(world)
    range_key = next(iter(items))
    other[range_key] = items[range_key]


def _change_a_digest(world: World) -> None:
    [item, *_] = list_partitions(world)[0].values()
    item.attrs["digest"].value = "AAAA"


def _forget_a_submitter(world: World) -> None:
    [item, *_] = list_partitions(world)[0].values()
    del item.attrs["submittedBy"]


def _lose_a_reference(world: World) -> None:
    items = list_partitions(world, references=True)[0]
    items.pop(next(iter(items)))


def _count_wrong(world: World) -> None:
    key = next(key for key in world.ledger.items if key.value.startswith("counters#"))
    [item, *_] = world.ledger.items[key].values()
    name = next(name for name in item.attrs if "|" in name)
    item.attrs[name].value = str(int(item.attrs[name].value) + 1)


def _move_a_message_without_a_reason(world: World) -> None:
    world.sqs.send_message(QueueUrl=world.dead_letter_url, MessageBody="{}")


def _raise_a_false_alarm(world: World) -> None:
    world.alarms.append({"eventName": "MODIFY", "eventId": "01", "reason": "was changed"})


@pytest.mark.parametrize(
    ("break_it", "promise"),
    [
        (_lose_an_event, "lost"),
        pytest.param(_store_an_event_twice, "stored twice", marks=pytest.mark.slow),
        pytest.param(_change_a_digest, "stored with other content", marks=pytest.mark.slow),
        pytest.param(_forget_a_submitter, "wrong submitters", marks=pytest.mark.slow),
        (_lose_a_reference, "events without all their references"),
        (_count_wrong, "wrong counts"),
        pytest.param(
            _move_a_message_without_a_reason,
            "dead letters without a reason",
            marks=pytest.mark.slow,
        ),
        pytest.param(_raise_a_false_alarm, "false alarms", marks=pytest.mark.slow),
    ],
)
def test_a_broken_promise_is_noticed(
    scenario: Scenario, break_it: Callable[[World], None], promise: str
) -> None:
    break_it(scenario.world)
    outcome = Outcome()
    check_outcome(scenario.world, outcome)
    assert promise in outcome.broken


def test_nothing_is_noticed_if_nothing_is_broken(scenario: Scenario) -> None:
    check_outcome(scenario.world, scenario.outcome)
    for tenant_id in TENANTS:
        check_answers(scenario.world, scenario.outcome, tenant_id, is_complete=True)
    assert not scenario.outcome.broken
    assert scenario.outcome.stored == 60
    assert len(list(read_items(scenario.world))) == 60
    assert not get_queue(scenario.world, "AuditQueue")._messages


def test_an_event_that_cannot_be_read_is_noticed(scenario: Scenario) -> None:
    [item, *_] = list_partitions(scenario.world)[0].values()
    item.attrs["event"].value = "{}"
    outcome = Outcome()
    tenant_id = item.attrs["pk"].value.rpartition("#")[0]
    check_answers(scenario.world, outcome, tenant_id, is_complete=True)
    assert outcome.lost


FIGURES = Figures(
    seed=1,
    sent=1_234_567,
    messages_retried=12,
    poison={"not JSON": 3},
    faults={},
    outages=1,
    deaths={"ProcessorFunction": 3},
    invocations={"ProcessorFunction": 1_000_000, "LedgerFunction": 12},
    commands={"verify trail": 3, "cleanup": 2},
    peaks={"ProcessorFunction": 123_456_789},
    most_calls={"ProcessorFunction": 1_234},
    attacks=8,
    missed=(),
    removed=1,
    expired=2,
    seconds=1234.5,
    simulated_seconds=1e6,
)


def test_the_report_fits_a_terminal_and_ends_with_the_verdict() -> None:
    outcome = Outcome(stored=5)
    outcome.quarantined["InvalidEventError", "x" * 200] = 7
    lines = format_report(outcome, FIGURES).splitlines()
    assert max(map(len, lines)) <= WIDTH
    assert lines[-1] == "Every promise held."
    assert is_kept(outcome, FIGURES)


def test_the_report_names_what_is_broken() -> None:
    outcome = Outcome(lost=["event 7, 01KE"])
    report = format_report(outcome, FIGURES)
    assert "✗ lost                            1" in report
    assert "Broken: lost." in report
    assert "event 7, 01KE" in report.splitlines()[-1]
    assert not is_kept(outcome, FIGURES)
