"""A queue that delivers each message until it is acknowledged, at most a number of times."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from prooftrail.intake.ingest import Message
from tests.support.faults import Crash
from tests.support.samples import queue_event

MAX_RECEIVES = 10


def drain(
    messages: Sequence[Message],
    handler: Callable[[dict[str, Any], object], Mapping[str, Any]],
    max_receives: int = MAX_RECEIVES,
) -> list[Message]:
    """Deliver the messages until none is left. Return those that the redrive policy moved."""
    redriven: list[Message] = []
    waiting = list(messages)
    while waiting:
        try:
            response = handler(queue_event(*waiting), None)
        except (Crash, Exception):  # noqa: BLE001  # a function that fails acknowledges nothing
            failed = {message.id for message in waiting}
        else:
            failed = {failure["itemIdentifier"] for failure in response["batchItemFailures"]}
        left = [message for message in waiting if message.id in failed]
        redriven += [message for message in left if message.receive_count == max_receives]
        waiting = [
            replace(message, receive_count=message.receive_count + 1)
            for message in left
            if message.receive_count < max_receives
        ]
    return redriven
