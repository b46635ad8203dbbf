"""Anything can fail at any time, in any order: the promises hold once everything has settled.

Hypothesis chooses the steps: what is sent, how AWS fails, when a function dies, what operators do
meanwhile. It shortens a sequence that breaks a promise to the smallest one that still does.
"""

import os
from contextlib import ExitStack
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from soak.attacks import Attacker
from soak.checks import TENANT_IDS, check_answers, check_outcome
from soak.network import Call, Fault
from soak.scenario import Scenario
from soak.traffic import LARGE_POISON, POISON
from soak.world import run_world

FUNCTIONS = (
    "ProcessorFunction",
    "LedgerFunction",
    "CheckpointFunction",
    "SubmitFunction",
    "QueryFunction",
)
SMALL_POISON = sorted(set(POISON) - LARGE_POISON)
IS_THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
SETTINGS = settings(
    max_examples=200 if IS_THOROUGH else 6,
    stateful_step_count=40 if IS_THOROUGH else 20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    # Shrinking takes minutes: the bounded run names the steps, the thorough one shortens them.
    phases=list(Phase) if IS_THOROUGH else [Phase.explicit, Phase.reuse, Phase.generate],
    derandomize=not IS_THOROUGH,
)


class FaultyFuture:
    """The faults that are to come: at which request from now on of which actor."""

    def __init__(self) -> None:
        self.planned: list[tuple[str, int, Fault]] = []

    def plan(self, actor: str, after: int, fault: Fault) -> None:
        """Make this actor's request fail after so many others of it."""
        self.planned.append((actor, after, fault))

    def choose(self, call: Call) -> Fault | None:
        """Return the fault that is due for a request."""
        if call.service in {"cloudformation", "sts", "monitoring"}:
            return None
        for at, (actor, after, fault) in enumerate(self.planned):
            if actor != call.actor:
                continue
            if after > 0:
                self.planned[at] = actor, after - 1, fault
                continue
            del self.planned[at]
            return fault
        return None


class AuditLogMachine(RuleBasedStateMachine):
    """A deployed system; each rule is a step that a user, AWS or an attacker takes."""

    def __init__(self) -> None:
        super().__init__()
        self._stack = ExitStack()
        self._numbers = count()
        self.is_settled = True

    @initialize(seed=st.integers(0, 1000))
    def deploy(self, seed: int) -> None:
        """Begin with an empty system."""
        self.world = self._stack.enter_context(run_world())
        self.scenario = Scenario(self.world, seed)
        self._stack.callback(self.scenario.close)
        self.future = FaultyFuture()
        self.world.network.choose = self.future.choose
        self.world.functions.begin = lambda _: self.skew
        self.skew = 0.0

    # Producers

    @rule(events=st.integers(1, 30))
    def send_events(self, events: int) -> None:
        self.scenario.produce(events)
        self.is_settled = False

    @rule(events=st.integers(1, 10))
    def send_again(self, events: int) -> None:
        self.scenario.repeat(events)
        self.is_settled = False

    @rule(kind=st.sampled_from(SMALL_POISON))
    def send_poison(self, kind: str) -> None:
        self.scenario.poison((kind,))
        self.is_settled = False

    # AWS

    @rule(seconds=st.sampled_from((1, 30, 400, 3600, 30_000)), times=st.integers(1, 4))
    def let_time_pass(self, seconds: int, times: int) -> None:
        for _ in range(times):
            self.world.tick(seconds)

    @rule(
        actor=st.sampled_from(FUNCTIONS),
        after=st.integers(0, 6),
        fault=st.sampled_from(Fault),
        times=st.sampled_from((1, 1, 3, 9)),
    )
    def plan_fault(self, actor: str, after: int, fault: Fault, times: int) -> None:
        for _ in range(times):
            self.future.plan(actor, after, fault)

    @rule(fault=st.sampled_from((Fault.LOST, Fault.FAILED, Fault.PARTIAL)))
    def deliver_again(self, fault: Fault) -> None:
        self.future.plan("lambda", 0, fault)

    @rule(seconds=st.sampled_from((-5.0, -0.3, 0.0, 0.3, 5.0)))
    def set_clock_of_functions_wrong(self, seconds: float) -> None:
        self.skew = seconds

    @rule(act=st.sampled_from(("stall_queue", "stall_stream", "expire")))
    def delay_or_expire(self, act: str) -> None:
        getattr(self.scenario, act)()

    # Readers and operators

    @rule(
        act=st.sampled_from(
            ("query", "count", "verify", "export", "clean_up", "redrive", "reconcile")
        )
    )
    def operate(self, act: str) -> None:
        getattr(self.scenario, act)()

    # The promises

    @precondition(lambda self: not self.is_settled)
    @rule()
    def settle(self) -> None:
        self._settle()

    @invariant()
    def no_alarm_and_no_leak(self) -> None:
        if hasattr(self, "scenario"):
            assert not self.world.alarms
            assert not self.scenario.outcome.broken

    def _settle(self) -> None:
        self.future.planned.clear()
        self.skew = 0.0
        self.scenario.settle()
        self.scenario.schedule.is_on = True
        check_outcome(self.world, self.scenario.outcome)
        for tenant_id in TENANT_IDS[:2]:
            check_answers(self.world, self.scenario.outcome, tenant_id, is_complete=True)
        assert not self.scenario.outcome.broken
        self.is_settled = True

    def teardown(self) -> None:
        """Settle, attack, and see that each attack is named, and nothing else."""
        try:
            if hasattr(self, "scenario"):
                self._settle()
                attacker = Attacker(self.world, self.scenario.rng)
                attacker.attack()
                self.scenario.produce(5)
                if attacker.victims:
                    assert not attacker.find_unnamed()
                    assert not attacker.missed
        finally:
            self._stack.close()


@pytest.mark.aws
@pytest.mark.slow
def test_the_promises_hold_whatever_fails() -> None:
    run_state_machine_as_test(AuditLogMachine, settings=SETTINGS)
