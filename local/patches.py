"""Patches of moto for a server that runs for a long time.

A patch fails if moto no longer has the method that it replaces. So an obsolete patch is noticed and
removed.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

from moto.core.common_models import BaseModel
from moto.core.utils import unix_time_millis
from moto.dynamodbstreams.models import ShardIterator
from moto.sqs.models import Queue, SQSBackend

_TRACKED = ("moto.s3.",)  # S3's reset closes the files of the objects in its lists
_get_records = ShardIterator.get
_read_attributes: Callable[[Any], dict[str, Any]] = vars(Queue)["attributes"].fget


@contextmanager
def patch_moto(wait: Callable[[float], None]) -> Iterator[None]:
    """Replace the methods below inside the block.

    A long poll of an empty queue calls `wait` with its seconds.
    """
    with ExitStack() as stack:
        _patch(stack, Queue, "wait_for_messages", lambda _queue, timeout: wait(timeout))
        _patch(stack, Queue, "attributes", property(QueueAttributes))
        _patch(stack, Queue, "messages", property(_list_visible))
        _patch(stack, SQSBackend, "is_message_valid_based_on_retention_period", _is_retained)
        _patch(stack, BaseModel, "__new__", _make_instance)
        _patch(stack, ShardIterator, "get", _get_records_once)
        yield


def _patch(stack: ExitStack, owner: type, method: str, replacement: object) -> None:
    if method not in vars(owner):
        raise AttributeError(f"moto has no {owner.__name__}.{method} any more: is its fault fixed?")
    stack.callback(setattr, owner, method, vars(owner)[method])
    setattr(owner, method, replacement)


class QueueAttributes(Mapping[str, Any]):
    """The attributes of a queue, read when somebody needs them.

    Three of them count all messages of the queue. moto reads them for each message that is sent.
    """

    def __init__(self, queue: Any) -> None:
        self._queue = queue

    def get(self, name: str, default: Any = None) -> Any:
        if name in Queue.FIFO_ATTRIBUTES and not self._queue.fifo_queue:
            return default
        return super().get(name, default)

    def __getitem__(self, name: str) -> Any:
        return _read_attributes(self._queue)[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_read_attributes(self._queue))

    def __len__(self) -> int:
        return len(_read_attributes(self._queue))


def _list_visible(queue: Any) -> list[Any]:
    """Return the messages that can be received. moto reads the clock twice for each message."""
    now = unix_time_millis()
    return [
        message
        for message in queue._messages
        if message.visible_at < now and message.delayed_until <= now
    ]


def _is_retained(backend: Any, queue_name: str, message: Any) -> bool:
    """Compare one message with the retention. moto counts the whole queue for each message."""
    retention_seconds = backend.get_queue(queue_name).message_retention_period
    return bool(message.sent_timestamp / 1000 + retention_seconds > time.time())


def _make_instance(cls: type, *_: Any, **__: Any) -> Any:
    """Make an instance of a model. moto keeps every instance for its dashboard, even items read."""
    instance: Any = object.__new__(cls)
    if cls.__module__.startswith(_TRACKED):
        cls.instances_tracked.append(instance)  # type: ignore[attr-defined]  # moto's metaclass
    return instance


def _get_records_once(iterator: Any, limit: int = 1000) -> dict[str, Any]:
    """Read from a position in the stream. At the end, return the same iterator again.

    moto makes and keeps a new iterator for each request: a poller would fill the memory.
    """
    response: dict[str, Any] = _get_records(iterator, limit)
    if not response["Records"]:
        del iterator.streams_backend.shard_iterators[response["NextShardIterator"]]
        response["NextShardIterator"] = iterator.arn
    return response
