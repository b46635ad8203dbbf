"""Counts of accepted and delivered events."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Delivery:
    """The counts of one process's events.

    Events: `accepted`, `replayed` of them from the spool of a process that died; `delivered` to
    the queue; `waiting` in memory or on disk, `spooled` of them on disk only; `dropped`, which were
    not accepted, or had no spool and were not delivered at the end; `damaged` on disk. `calls` and
    `messages` count what was sent to SQS, `retried` the messages that were sent again.
    `buffered_bytes` are in memory now.
    """

    accepted: int = 0
    replayed: int = 0
    delivered: int = 0
    waiting: int = 0
    spooled: int = 0
    dropped: int = 0
    damaged: int = 0
    retried: int = 0
    calls: int = 0
    messages: int = 0
    buffered_bytes: int = 0


class DeliveryCounts:
    """Counts a process's events. Not thread-safe: the sender holds a lock.

    Each flush starts an epoch. An event belongs to the epoch that it was accepted in, so a flush
    can wait for the events before it and ignore those after it.
    """

    def __init__(self) -> None:
        self.epoch = 0
        self.accepted = 0
        self.replayed = 0
        self.delivered = 0
        self.damaged = 0
        self.retried = 0
        self.calls = 0
        self.messages = 0
        self._waiting: dict[int, int] = {}  # epoch -> number of events

    @property
    def waiting(self) -> int:
        """The number of events that are not in the queue yet."""
        return sum(self._waiting.values())

    @property
    def is_all_delivered(self) -> bool:
        """Whether no event waits."""
        return not self._waiting

    def is_delivered_through(self, epoch: int) -> bool:
        """Return whether no event of this epoch or an earlier one waits."""
        return min(self._waiting, default=epoch + 1) > epoch

    def start_epoch(self) -> int:
        """Start an epoch, and return the one that ends."""
        self.epoch += 1
        return self.epoch - 1

    def accept(self, epoch: int, count: int = 1) -> None:
        """Count events as accepted."""
        self._waiting[epoch] = self._waiting.get(epoch, 0) + count
        self.accepted += count

    def deliver(self, epoch: int, count: int) -> None:
        """Count events as delivered."""
        self.delivered += count
        self._remove(epoch, count)

    def lose(self, epoch: int, count: int) -> None:
        """Count accepted events as damaged."""
        if count > 0:
            self.damaged += count
            self._remove(epoch, count)

    def give_up(self) -> None:
        """Forget the events that wait: they are lost."""
        self._waiting.clear()

    def _remove(self, epoch: int, count: int) -> None:
        left = self._waiting.get(epoch, 0) - count
        if left > 0:
            self._waiting[epoch] = left
        else:  # below zero: a signal handler raised before an event was counted as accepted
            self._waiting.pop(epoch, None)
