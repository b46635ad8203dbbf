"""Whether a call takes time in proportion to the length of its text."""

import math
import time
from collections.abc import Callable
from timeit import timeit

_SMALL = 1 << 13
_TIMES = 16


def compute_ratio(call: Callable[[str], object], piece: str, before: str = "") -> float:
    """Return how many times the CPU time the call takes for a text of sixteen times the length.

    It is about 16 if the time grows with the length, and 256 if it grows with its square. What is
    near 16 is not measured again.
    """
    small, large = (before + piece * (size // len(piece)) for size in (_SMALL, _TIMES * _SMALL))
    quick = slow = math.inf
    for _ in range(4):
        quick = min(quick, *(_measure(call, small) for _ in range(3)))
        slow = min(slow, _measure(call, large))
        if slow < 2 * _TIMES * quick:
            break
    return slow / quick


def _measure(call: Callable[[str], object], text: str) -> float:
    return timeit(lambda: call(text), timer=time.thread_time, number=1)
