"""Warnings in the log `prooftrail.client`."""

import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Final

REPEAT_SECONDS: Final = 60.0

_log = logging.getLogger("prooftrail.client")


class Notices:
    """Warnings that are logged later, when their thread holds no lock.

    A log handler of the application runs any code: it can log audit events itself.
    `add` needs the sender's lock, `log` none.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self.pending: list[str] = []  # list.append and list.pop are atomic
        self._now = now
        self._added_at: dict[str, float] = {}

    def add(self, key: str, text: str) -> None:
        """Add a warning, unless one with this key was added less than a minute ago."""
        now = self._now()
        if now - self._added_at.get(key, -REPEAT_SECONDS) >= REPEAT_SECONDS:
            self._added_at[key] = now
            self.pending.append(text)

    def log(self) -> None:
        """Log the pending warnings."""
        while self.pending:
            with suppress(Exception):  # another thread was faster, or a log handler fails
                _log.warning("%s", self.pending.pop(0))
