"""Write generated tables into a page of the documentation, each after its `<!-- table: … -->`."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

Tables = Mapping[str, Callable[[], str]]


def fill_page(page: str, tables: Tables) -> str:
    """Return the page with new tables."""

    def replace(match: re.Match[str]) -> str:
        return f"<!-- table: {match[1]} -->\n{tables[match[1]]()}\n"

    return re.sub(r"<!-- table: (.*?) -->\n(?:\|.*\n)*", replace, page)


def update_page(path: Path, tables: Tables, arguments: Sequence[str]) -> Iterator[str]:
    """Write the page, or with `--check` yield an error if it is out of date.

    The target of `make` that writes it has the page's name.
    """
    page = path.read_text(encoding="utf-8")
    if "--check" not in arguments:
        path.write_text(fill_page(page, tables), encoding="utf-8")
    elif fill_page(page, tables) != page:
        yield f"docs/{path.name} is out of date: run `make {path.stem}`"
