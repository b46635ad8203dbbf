"""Text that is safe to print on a terminal."""

import json

from hypothesis import given
from hypothesis import strategies as st

from prooftrail.cli.terminal import escape, escape_json


@given(st.text())
def test_escaped_text_is_printable_and_printable_text_is_unchanged(text: str) -> None:
    shown = escape(text)
    assert shown.isprintable()
    if text.isprintable():
        assert shown == text


@given(st.recursive(st.text(), lambda child: st.lists(child) | st.dictionaries(st.text(), child)))
def test_escaped_json_means_the_same(value: object) -> None:
    for layout in (None, 2):
        text = escape_json(json.dumps(value, ensure_ascii=False, indent=layout))
        assert json.loads(text) == value
        assert text.replace("\n", "").isprintable()
