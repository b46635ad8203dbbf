"""Count the values in a JSON value: many small ones take more time than their bytes suggest.

A node is an object, a list, a text, a number, true, false or null. Keys are not counted. An event
has at most `MAX_EVENT_NODES`, itself included, and a job at most `MAX_JOB_NODES`.
"""

import sys
from typing import Any, Final

from prooftrail.errors import InvalidEventError, Problem

MAX_EVENT_NODES: Final = 10_000
MAX_JOB_NODES: Final = 100_000
_CONTAINERS: Final = frozenset({dict, list})
TOO_MANY_NODES: Final = f"must have at most {MAX_EVENT_NODES} values"


def count_nodes(value: Any, stop: int = sys.maxsize) -> int:
    """Return the number of nodes of a JSON value. It stops counting when it is beyond `stop`.

    >>> count_nodes({"a": [1, {}], "b": "text"}), count_nodes(None)
    (5, 1)
    """
    count, containers = 1, _CONTAINERS
    waiting: list[Any] = [[value]]  # objects and lists whose items are not searched yet
    while waiting and count <= stop:
        part = waiting.pop()
        for item in part.values() if type(part) is dict else part:
            if type(item) in containers:
                count += len(item)
                waiting.append(item)
    return count


def estimate_nodes(text: str) -> int:
    """Return an upper bound for the number of nodes of a JSON text, without decoding it.

    Each node but the first follows a comma, the beginning of a list, or that of an object with its
    key. Those within texts are counted too.

    >>> estimate_nodes('{"a":[1,{}],"b":"text"}'), estimate_nodes("null")
    (6, 1)
    """
    return 1 + text.count(",") + text.count("[") + text.count("{")


def check_event_nodes(event: object) -> int:
    """Return the number of an event's nodes. `event` is its decoded JSON.

    Raises:
        InvalidEventError: there are more than `MAX_EVENT_NODES`.
    """
    count = count_nodes(event, MAX_EVENT_NODES)
    if count > MAX_EVENT_NODES:
        raise InvalidEventError([Problem("", f"an event {TOO_MANY_NODES}")])
    return count
