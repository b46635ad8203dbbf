"""Which faults happen when: chances for each request, and outages that last."""

import random
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
    Fault.CRASH_BEFORE: 8,
    Fault.CRASH_AFTER: 12,
}
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
        now = self.clock.monotonic()
        self.outages = [outage for outage in self.outages if outage[2] > now]
        if call.actor != "lambda":
            for service, fault, _ in self.outages:
                if service == call.service:
                    return fault
        return self._draw(_get_chances(call))

    def choose_skew(self, _: str) -> float:
        """Return by how many seconds a function's clock is wrong."""
        return self.rng.choice(SKEWS) if self.is_on else 0.0

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
