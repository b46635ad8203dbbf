"""Each example has a test and says how to run it."""

import ast
from pathlib import Path

import pytest

EXAMPLES = sorted((Path(__file__).parent.parent.parent / "examples").glob("*.py"))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.stem)
def test_it_has_a_test_and_says_how_to_run_it(example: Path) -> None:
    assert Path(__file__).with_name(f"test_{example.name}").is_file()
    text = ast.get_docstring(ast.parse(example.read_text(encoding="utf-8"))) or ""
    assert f"{example.stem}.handler" in text or f"examples/{example.stem}" in text.replace(".", "/")
