"""The budget of an invocation, from Lambda's context."""

from typing import Protocol, cast

from prooftrail.intake.budget import Budget


class _Context(Protocol):
    def get_remaining_time_in_millis(self) -> int: ...


def make_budget(context: object) -> Budget:
    """Return the budget for the time that Lambda's context has left. None has any time."""
    if context is None:
        return Budget()
    remaining = cast("_Context", context).get_remaining_time_in_millis
    return Budget(lambda: remaining() / 1000)
