"""rich, set up for this command line. Import it only where a table or a bar is shown."""

from typing import Final, TextIO

import click
from rich.console import Console

UNLIMITED_WIDTH: Final = 1_000_000


class _Console(Console):
    """A console that never hides the cursor: a command that is killed could not show it again."""

    def show_cursor(self, show: bool = True) -> bool:  # noqa: ARG002  # rich's signature
        """Do nothing."""
        return False


def make_console(stream: TextIO) -> Console:
    """Return a console as wide as the terminal, or of unlimited width if the stream is not one.

    Text is never markup. Colours need a terminal, and click must not have turned them off.
    """
    is_terminal = stream.isatty()
    context = click.get_current_context(silent=True)
    has_colours = is_terminal and (context is None or context.color is not False)
    return _Console(
        file=stream,
        force_terminal=is_terminal,
        width=None if is_terminal else UNLIMITED_WIDTH,
        color_system="auto" if has_colours else None,
        markup=False,
        emoji=False,
        highlight=False,
    )
