"""Every page: its links, make targets and named tests exist, and its lines are not too long."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "layers").glob("*/README.md")]
)
WIDTH = 120
CELL_WIDTH = 160

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def prose(page: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines that are not code, with their numbers."""
    is_code = False
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("```"):
            is_code = not is_code
        elif not is_code:
            yield number, line


@every_page
def test_make_targets_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in set(re.findall(r"(?:^|`|\$ )make ([a-z0-9-]+)", text, flags=re.MULTILINE)):
        assert re.search(rf"^{target}:", MAKEFILE, flags=re.MULTILINE), target


@every_page
def test_each_link_has_a_file_and_a_heading(page: Path) -> None:
    for target, anchor in re.findall(r"\]\(([^)#:]*)(?:#([^)]*))?\)", page.read_text("utf-8")):
        file = (page.parent / target) if target else page
        assert file.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.*)$", file.read_text("utf-8"), flags=re.MULTILINE)
            assert anchor in {
                re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings
            }


@every_page
def test_each_named_test_exists(page: Path) -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", page.read_text("utf-8"))
    for file, function in named:
        assert (ROOT / file).is_file(), file
        if function:
            assert f"def {function}(" in (ROOT / file).read_text("utf-8"), f"{file}::{function}"


@every_page
def test_prose_lines_are_not_too_long(page: Path) -> None:
    too_long = [number for number, line in prose(page) if line[:1] != "|" and len(line) > WIDTH]
    assert too_long == []


@every_page
def test_table_cells_are_short(page: Path) -> None:
    for number, line in prose(page):
        if line.startswith("|"):
            cells = re.split(r"(?<!\\)\|", line)
            assert max(map(len, cells)) <= CELL_WIDTH, f"line {number}"


def test_every_decision_is_listed() -> None:
    listed = (ROOT / "docs" / "adr" / "README.md").read_text(encoding="utf-8")
    for decision in (ROOT / "docs" / "adr").glob("[0-9]*.md"):
        assert decision.name in listed
