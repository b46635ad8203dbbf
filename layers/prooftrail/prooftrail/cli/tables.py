"""Tables, by rich. Import this module only to print one."""

import sys
from collections.abc import Collection, Iterable, Sequence
from typing import Final

import click
from rich.console import OverflowMethod
from rich.table import Table
from rich.text import Text

from prooftrail.cli.rich_console import make_console
from prooftrail.cli.terminal import escape

_GAP: Final = 2  # columns between two cells


def print_table(
    headings: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    numbers: Collection[int] = (),
    identifiers: Collection[int] = (),
    texts: Collection[int] = (),
) -> None:
    """Print a table, one line a row. A terminal gets cells that are cut to fit its width.

    `numbers` and `identifiers` are positions of columns that are cut only if it does not help to
    cut the others. Numbers are aligned to the right. `texts` are positions of columns that a
    terminal breaks between words, and does not cut.
    """
    table = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style="bold")
    for position, heading in enumerate(headings):
        table.add_column(
            _make_cell(heading),
            justify="right" if position in numbers else "left",
            no_wrap=position in numbers or position in identifiers,
        )
    for row in rows:
        table.add_row(*(_make_cell(value, is_cut=at not in texts) for at, value in enumerate(row)))
    _print(table)


def print_row(cells: Sequence[object], widths: Sequence[int], style: str = "") -> None:
    """Print cells in columns of these widths. The last cell has no width: it gets what is left.

    A terminal breaks the last cell between words, and aligns its lines. `style` is for the first
    cell.
    """
    table = Table.grid(padding=(0, _GAP, 0, 0))
    for width in widths:
        table.add_column(min_width=width, no_wrap=True)
    table.add_column(overflow="fold")
    first, *others = (escape(str(cell)) for cell in cells)
    table.add_row(Text(first, style), *map(Text, others))
    _print(table)


def _make_cell(value: object, *, is_cut: bool = True) -> Text:
    overflow: OverflowMethod = "ellipsis" if is_cut else "fold"
    return Text(escape(str(value)), no_wrap=is_cut, overflow=overflow)


def _print(table: Table) -> None:
    console = make_console(sys.stdout)
    with console.capture() as captured:
        console.print(table)
    lines = captured.get().removesuffix("\n").split("\n")
    click.echo("\n".join(line.rstrip() for line in lines))
