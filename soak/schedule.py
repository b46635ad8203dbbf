"""Which faults happen when: chances for each request and invocation, and outages that last."""

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from soak.clock import Clock
from soak.network import Call, Fault

# Chances in a thousand requests of a function.
FUNCTION_FAULTS: Mapping[Fault, float] = {
    Fault.THROTTLED: 30,
    Fault.FAILED: 15,
    Fault.SILENT: 8,
    Fault.LOST: 20,
    Fault.PARTIAL: 40,
}
# Chances in a thousand invocations. If each request could end one, large batches would not be done.
CRASHES: Mapping[Fault, float] = {Fault.CRASH_BEFORE: 80, Fault.CRASH_AFTER: 120}
# Of producers, and of what Lambda itself asks of the queue.
SENDER_FAULTS: Mapping[Fault, float] = {
    Fault.THROTTLED: 20,
    Fault.FAILED: 10,
    Fault.LOST: 40,
    Fault.PARTIAL: 60,
}
# A command of an operator can fail, but it has no batches that nobody would look at.
OPERATOR_FAULTS: Mapping[Fault, float] = {Fault.THROTTLED: 10, Fault.FAILED: 5, Fault.SILENT: 1}
OUTAGE_FAULTS = (Fault.THROTTLED, Fault.FAILED, Fault.SILENT)
SKEWS = (0.0,) * 12 + (-5.0, -0.4, 0.4, 5.0)


@dataclass(slots=True)
class FaultSchedule:
    """Chooses a fault for each request. `is_on` is false while a run settles."""

    rng: random.Random
    clock: Clock
    is_on: bool = True
    outages: list[tuple[str, Fault, float]] = field(default_factory=list)
    outage_count: int = 0
    _calls: Counter[str] = field(default_factory=Counter)  # of the latest invocation, by function
    _deaths: dict[str, tuple[int, Fault]] = field(default_factory=dict)  # at which of its calls

    def begin_outage(self, seconds: float) -> None:
        """Make one service fail for this long."""
        service = self.rng.choice(("dynamodb", "sqs", "s3"))
        until = self.clock.monotonic() + seconds
        self.outages.append((service, self.rng.choice(OUTAGE_FAULTS), until))
        self.outage_count += 1

    def choose(self, call: Call) -> Fault | None:
        """Return the fault of a request, or None."""
        if not self.is_on or call.service in {"cloudformation", "sts", "monitoring"}:
            return None
        if death := self._find_death(call.actor):
            return death
        now = self.clock.monotonic()
        self.outages = [outage for outage in self.outages if outage[2] > now]
        if call.actor != "lambda":
            for service, fault, _ in self.outages:
                if service == call.service:
                    return fault
        return self._draw(_get_chances(call))

    def begin_invocation(self, function: str) -> float:
        """Choose the faults of an invocation. Return by how many seconds its clock is wrong.

        A function that dies does so at one of as many requests as the invocation before made.
        """
        expected, self._calls[function] = self._calls[function], 0
        self._deaths.pop(function, None)
        if not self.is_on:
            return 0.0
        if fault := self._draw(CRASHES):
            self._deaths[function] = self.rng.randrange(max(1, expected)), fault
        return self.rng.choice(SKEWS)

    def _find_death(self, function: str) -> Fault | None:
        """Return how the function dies at this request, if it does."""
        number, self._calls[function] = self._calls[function], self._calls[function] + 1
        at, fault = self._deaths.get(function, (None, None))
        return fault if at == number else None

    def _draw(self, chances: Mapping[Fault, float]) -> Fault | None:
        drawn = self.rng.random() * 1000
        for fault, chance in chances.items():
            drawn -= chance
            if drawn < 0:
                return fault
        return None


def _get_chances(call: Call) -> Mapping[Fault, float]:
    match call.actor:
        case "operator":
            return OPERATOR_FAULTS
        case "producer" | "library":
            return SENDER_FAULTS
        case "lambda":
            return SENDER_FAULTS if call.operation == "DeleteMessageBatch" else {}
        case _:
            return FUNCTION_FAULTS
