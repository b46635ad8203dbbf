"""The threat model: every attacker's claims have a test, which test_pages.py finds."""

import re
from pathlib import Path

PAGE = (Path(__file__).parents[2] / "docs" / "threat-model.md").read_text(encoding="utf-8")
BODY, TESTS = PAGE.split("\n## Tests\n")


def test_every_attacker_has_a_row_in_the_table_of_tests() -> None:
    attackers = re.findall(r"^## (.*)$", BODY, flags=re.MULTILINE)
    named = re.findall(r"^\| \[(.*?)\]\(", TESTS, flags=re.MULTILINE)
    assert [*named, "Not protected"] == attackers


def test_every_row_of_the_table_names_a_test() -> None:
    rows = TESTS.strip().splitlines()[2:]
    for row in rows:
        assert re.search(r"\| `tests/[\w/]+\.py::test_\w+` \|$", row), row
