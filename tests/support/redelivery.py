"""The queue as a function sees it: what is not acknowledged comes again, three times in all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from prooftrail.intake.ingest import Message
from tests.support.faults import Crash
from tests.support.samples import queue_event

MAX_RECEIVES = 3


def drain(
    messages: Sequence[Message], handler: Callable[[dict[str, Any], object], Mapping[str, Any]]
) -> list[Message]:
    """Deliver the messages until none is left; answers those that the redrive policy took."""
    redriven: list[Message] = []
    waiting = list(messages)
    while waiting:
        try:
            answer = handler(queue_event(*waiting), None)
        except (Crash, Exception):  # noqa: BLE001  # whatever ends the function, nothing is acked
            failed = {message.id for message in waiting}
        else:
            failed = {one["itemIdentifier"] for one in answer["batchItemFailures"]}
        left = [message for message in waiting if message.id in failed]
        redriven += [message for message in left if message.receive_count == MAX_RECEIVES]
        waiting = [
            replace(message, receive_count=message.receive_count + 1)
            for message in left
            if message.receive_count < MAX_RECEIVES
        ]
    return redriven
