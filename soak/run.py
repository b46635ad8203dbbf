"""A soak: the whole scenario, its progress bar and its report."""

import logging
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import rich.progress  # noqa: F401  # now: it keeps the clock of its import, and bars show real time

from prooftrail.cli.progress import show_progress
from soak.attacks import Attacker
from soak.checks import TENANT_IDS, check_answers, check_outcome
from soak.report import Figures, format_report, is_kept
from soak.scenario import Scenario
from soak.traffic import LARGE_POISON, POISON
from soak.world import World, run_world

EVENTS_PER_STEP = 60
EVENTS_PER_STEP_IF_MANY = 250
MANY = 10_000
HONEST_EVENTS = 20  # sent together with the attacks
SAMPLED_EVERY = 40  # invocations of a function whose memory is measured, and all with a message
LARGE = 100_000  # of so many characters
PAUSES = (5.0, 20.0, 60.0, 60.0, 300.0)  # seconds of simulated time after a step
SMALL_POISON = tuple(kind for kind in POISON if kind not in LARGE_POISON)

# What happens beside the producers, and how often in a thousand steps.
Act = tuple[Callable[[Scenario], None], int]
ACTS: Sequence[Act] = (
    (lambda each: each.poison(SMALL_POISON), 200),
    (lambda each: each.poison(tuple(LARGE_POISON)), 12),
    (lambda each: each.repeat(8), 200),
    (lambda each: each.log(12), 150),
    (Scenario.query, 40),
    (Scenario.count, 20),
    (Scenario.begin_outage, 4),
    (Scenario.stall_queue, 4),
    (Scenario.stall_stream, 4),
)
# The same for what reads everything: how often in a whole run, however long it is.
RARE_ACTS: Sequence[Act] = (
    (Scenario.verify, 4),
    (Scenario.export, 4),
    (Scenario.clean_up, 4),
    (Scenario.redrive, 6),
    (Scenario.reconcile, 3),
    (Scenario.begin_outage, 4),
    (Scenario.stall_queue, 2),
    (Scenario.stall_stream, 2),
    (Scenario.expire, 20),
    (Scenario.pass_night, 14),
)


def run(events: int, seed: int) -> int:
    """Run a soak and print its report. Return the exit code."""
    started = time.perf_counter()
    logging.getLogger("prooftrail.client").setLevel(logging.ERROR)  # outages are expected here
    with run_world() as world, show_progress(as_json=False) as bars:
        scenario = Scenario(world, seed)
        try:
            _sample_memory(world)
            if bars:
                bars.step("soak", events)
            _send(scenario, events, bars.advance if bars else lambda _: None)
            if bars:
                bars.step("settle", None)
            scenario.settle()
            figures = _check(scenario, seed, started)
        finally:
            scenario.close()
    print(format_report(scenario.outcome, figures))
    return 0 if is_kept(scenario.outcome, figures) else 1


def _sample_memory(world: World) -> None:
    counts: Counter[str] = Counter()

    def is_sampled(function: str, event: Mapping[str, Any]) -> bool:
        counts[function] += 1
        is_large = any(len(each.get("body", "")) > LARGE for each in event.get("Records", ()))
        return is_large or counts[function] % SAMPLED_EVERY == 1

    world.functions.is_sampled = is_sampled


def _send(scenario: Scenario, events: int, advance: Callable[[int], None]) -> None:
    per_step = EVENTS_PER_STEP if events < MANY else EVENTS_PER_STEP_IF_MANY
    steps = -(-events // per_step)
    rare: defaultdict[int, list[Callable[[Scenario], None]]] = defaultdict(list)
    for act, times in RARE_ACTS:
        for step in scenario.rng.sample(range(steps), min(times, steps)):
            rare[step].append(act)
    for kind in POISON:  # each at least once
        rare[scenario.rng.randrange(steps)].append(partial(Scenario.poison, kinds=(kind,)))
    for step in range(steps):
        count = max(0, min(per_step, events - scenario.sent))
        scenario.produce(count)
        for act, chance in ACTS:
            if scenario.rng.randrange(1000) < chance:
                act(scenario)
        for act in rare[step]:
            act(scenario)
        scenario.world.tick(scenario.rng.choice(PAUSES))
        advance(count)


def _check(scenario: Scenario, seed: int, started: float) -> Figures:
    world, outcome = scenario.world, scenario.outcome
    check_outcome(world, outcome)
    for tenant_id in TENANT_IDS[:2]:
        check_answers(world, outcome, tenant_id, is_complete=True)
    sent = len(world.books.accepted)
    attacker = Attacker(world, scenario.rng)
    attacker.attack()
    scenario.produce(HONEST_EVENTS)
    outcome.false_alarms += attacker.find_unnamed()
    books, functions = world.books, world.functions
    return Figures(
        seed=seed,
        sent=sent,
        messages_retried=world.retries,
        poison=books.poison_sent,
        faults=world.network.faults,
        outages=scenario.schedule.outage_count,
        deaths=functions.deaths,
        invocations=functions.invocations,
        commands=world.commands,
        peaks=functions.peaks,
        most_calls=functions.most_calls,
        attacks=len(attacker.victims),
        missed=tuple(attacker.missed),
        removed=len(books.removed) - sum(kind == "remove" for kind in attacker.victims.values()),
        expired=len(books.expired),
        seconds=time.perf_counter() - started,
        simulated_seconds=world.clock.monotonic(),
    )
