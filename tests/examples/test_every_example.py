"""No example without a test, none that does not say how it is run."""

import ast
from pathlib import Path

import pytest

EXAMPLES = sorted((Path(__file__).parent.parent.parent / "examples").glob("*.py"))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.stem)
def test_it_is_tested_and_says_how_it_is_run(example: Path) -> None:
    assert Path(__file__).with_name(f"test_{example.name}").is_file()
    text = ast.get_docstring(ast.parse(example.read_text(encoding="utf-8"))) or ""
    assert f"{example.stem}.handler" in text or f"examples/{example.stem}" in text.replace(".", "/")
