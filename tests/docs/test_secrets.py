"""The table of names in docs/event.md says what is masked."""

import json
import re
from pathlib import Path
from typing import Final

import pytest

from prooftrail.event.masking import MASK, MASKER

PAGE: Final = Path(__file__).parents[2] / "docs/event.md"
HIDDEN: Final = "hunter2-the-secret"


def read_cells(column: int) -> list[str]:
    """Return the code in a column of the table: names, and JSON with an ellipsis for a secret."""
    table = PAGE.read_text().partition("## Secrets\n")[2].partition("\n## ")[0]
    rows = [line.strip("|").split("|") for line in table.splitlines() if line.startswith("| ")]
    return [code for row in rows[2:] for code in re.findall("`([^`]+)`", row[column])]


def make_json(code: str) -> object:
    text = code.replace("…", HIDDEN)
    if text.startswith('"'):
        text = f"{{{text}}}"
    return json.loads(text) if text[0] in "{[" else {text: HIDDEN}


@pytest.mark.parametrize("code", read_cells(0))
def test_the_left_column_is_masked(code: str) -> None:
    masked = json.dumps(MASKER.mask_json([make_json(code)]))
    assert MASK in masked
    assert HIDDEN not in masked


@pytest.mark.parametrize("code", read_cells(1))
def test_the_right_column_is_not(code: str) -> None:
    value = make_json(code)
    assert MASKER.mask_json([value]) == [value]


def test_both_columns_have_examples() -> None:
    assert len(read_cells(0)) > 15
    assert len(read_cells(1)) > 10
