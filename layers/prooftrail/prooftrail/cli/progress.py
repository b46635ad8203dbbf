"""Progress of long commands on standard error, by rich, if it is a terminal."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID
    from rich.status import Status

_UPDATE_SECONDS: Final = 0.1


class ProgressBars:
    """`Progress` for people: one bar for each step."""

    def __init__(self) -> None:
        self._is_shown = sys.stderr.isatty()
        self._progress: RichProgress | None = None
        self._task: TaskID | None = None
        self._count = 0
        self._next_update = 0.0

    def step(self, title: str, total: int | None) -> None:
        """See `Progress.step`."""
        if not self._is_shown:
            return
        self._end_step()
        if self._progress is None:
            self._progress = _make_bars()
            self._progress.start()
        self._task = self._progress.add_task(title, total=total, count=0)

    def advance(self, count: int) -> None:
        """See `Progress.advance`."""
        if self._task is None:
            return
        self._count += count
        now = time.monotonic()
        if now >= self._next_update:  # rich takes 50 times longer than this method
            self._next_update = now + _UPDATE_SECONDS
            self._update()

    def close(self) -> None:
        """Show the last state for good."""
        self._end_step()
        if self._progress is not None:
            self._progress.stop()
            self._progress = None

    def _update(self) -> None:
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, completed=self._count, count=self._count)

    def _end_step(self) -> None:
        self._update()
        if self._progress is not None and self._task is not None:
            if not self._progress.tasks[-1].total:
                # Otherwise rich shows 0 % for a step without work, and never 100 % without a total.
                done = max(self._count, 1)
                self._progress.update(self._task, total=done, completed=done)
            self._progress.stop_task(self._task)
        self._task, self._count, self._next_update = None, 0, 0.0


def _make_bars() -> "RichProgress":
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
    )

    from prooftrail.cli.rich_console import make_console

    return Progress(
        TextColumn("{task.description:10}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[count]:,}", markup=False),
        TimeElapsedColumn(),
        console=make_console(sys.stderr),
        redirect_stdout=False,  # it would write standard output to standard error
    )


@contextmanager
def show_progress(*, as_json: bool) -> Iterator[ProgressBars | None]:
    """Yield what shows the progress of a command, or None if its output is JSON."""
    if as_json:
        yield None
        return
    bars = ProgressBars()
    try:
        yield bars
    finally:
        bars.close()


class StatusLine:
    """One line on standard error, if it is a terminal, that says where a search is.

    Clear it before anything else is printed. It is cleared at the end of its `with` block.
    """

    def __init__(self) -> None:
        self._is_shown = sys.stderr.isatty()
        self._status: Status | None = None

    def __enter__(self) -> Self:
        """Show nothing yet."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Clear the line."""
        self.clear()

    def show(self, text: str) -> None:
        """Show this text in place of the last one."""
        if not self._is_shown:
            return
        from rich.text import Text

        if self._status is None:
            from rich.status import Status

            from prooftrail.cli.rich_console import make_console

            self._status = Status(Text(text), console=make_console(sys.stderr))
            self._status.start()
        else:
            self._status.update(Text(text))

    def clear(self) -> None:
        """Clear the line."""
        if self._status is not None:
            self._status.stop()
            self._status = None
