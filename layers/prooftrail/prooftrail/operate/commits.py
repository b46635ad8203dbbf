"""Wait until the ledger has committed orders: only then may anything follow from them."""

from collections.abc import Callable, Iterable
from typing import Final, TypeVar

Order = TypeVar("Order")

_FIRST_WAIT_SECONDS: Final = 0.25
_LONGEST_WAIT_SECONDS: Final = 2.0


def await_commits(
    orders: Iterable[Order],
    is_committed: Callable[[Order], bool],
    sleep: Callable[[float], None],
    timeout_seconds: float,
) -> bool:
    """Wait until every order is committed; return False if that takes longer than the timeout."""
    waiting = list(orders)
    waited, wait = 0.0, _FIRST_WAIT_SECONDS
    while waiting := [order for order in waiting if not is_committed(order)]:
        if waited >= timeout_seconds:
            return False
        sleep(wait)
        waited += wait
        wait = min(2 * wait, _LONGEST_WAIT_SECONDS)
    return True
