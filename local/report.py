"""The output of the demo: sections, tables, and checks."""

import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

_WIDTH = 80
_BOLD, _GREEN, _RED, _DIM = "1", "32", "31", "2"


@dataclass(slots=True)
class DemoReport:
    """Prints each line at once. `failures` holds the claims of the checks that failed."""

    failures: list[str] = field(default_factory=list)
    checks: int = 0

    def section(self, title: str, text: str) -> None:
        """Print a heading: a title, and a text cut at the width of the page."""
        print(f"\n{_style(title, _BOLD)}  {_style(_cut(text, _WIDTH - len(title) - 2), _DIM)}")

    def line(self, text: str) -> None:
        """Print a line, cut at the width of the page."""
        print(f"  {_cut(text, _WIDTH - 2)}")

    def table(self, rows: Iterable[Sequence[str]]) -> None:
        """Print rows. A column is as wide as its widest cell; the last column is cut."""
        cells = [list(row) for row in rows]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        for row in cells:
            padded = [cell.ljust(width) for cell, width in zip(row[:-1], widths, strict=False)]
            self.line("  ".join([*padded, row[-1]]))

    def check(self, claim: str, found: object, expected: object) -> None:
        """Print a claim. It holds if `found` equals `expected`."""
        self.checks += 1
        if found == expected:
            print(f"  {_style('✓', _GREEN)} {_cut(claim, _WIDTH - 4)}")
            return
        self.failures.append(claim)
        print(f"  {_style('✗', _RED)} {claim}")
        print(f"      found     {_cut(repr(found), _WIDTH - 16)}")
        print(f"      expected  {_cut(repr(expected), _WIDTH - 16)}")


def draw_bar(value: int, greatest: int, width: int = 40) -> str:
    """Return a bar for `value`; the bar for `greatest` has `width` characters.

    >>> draw_bar(2, 8, width=8)
    '██'
    """
    return "█" * max(1, round(width * value / greatest))


def _style(text: str, code: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if _is_coloured() else text


def _is_coloured() -> bool:
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"
