"""Checkpoints against the text of C2SP tlog-checkpoint."""

import re
import sys
from base64 import b64encode
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prooftrail.errors import MalformedNoteError
from prooftrail.tlog.checkpoint import ORIGIN_PATTERN, Checkpoint, parse_number
from prooftrail.tlog.merkle import EMPTY_ROOT
from prooftrail.tlog.note import Note
from tests.support.log_samples import LOG_KEY, damaged, sign_checkpoint

SOFA = """\
example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
"""
ROOT = b64encode(bytes(32)).decode()
ORIGINS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1)
CHECKPOINTS = st.builds(
    Checkpoint, ORIGINS, st.integers(1, 2**63 - 1), st.binary(min_size=32, max_size=32)
)


def test_the_specifications_checkpoint_is_read_and_written() -> None:
    checkpoint = Checkpoint.from_note(Note(SOFA, ()))
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20_852_163)
    assert checkpoint.root.hex() == (
        "0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62"
    )
    assert str(checkpoint) == SOFA


@given(CHECKPOINTS)
def test_checkpoints_survive_being_sent(checkpoint: Checkpoint) -> None:
    note = replace(
        sign_checkpoint(Checkpoint("example.com/log", 0, EMPTY_ROOT)), text=str(checkpoint)
    )
    assert Checkpoint.from_note(Note.from_text(str(note))) == checkpoint


def test_an_origin_may_be_other_than_is_recommended() -> None:
    for origin in ("two words", "a+b", "— x", "7", "x" * 300):
        assert Checkpoint.from_note(Note(f"{origin}\n1\n{ROOT}\n", ())).origin == origin


def test_our_own_origins_are_as_recommended() -> None:
    for origin in ("example.com/log", "x" * 255, "пример/log"):
        assert re.search(ORIGIN_PATTERN, origin)
    for origin in ("", "x" * 256, "a b", "a+b", "a\nb", "a\u2028b"):
        assert not re.search(ORIGIN_PATTERN, origin)


@pytest.mark.parametrize("size", [1, 255, 10**18, 2**63 - 1])
def test_sizes_are_below_2_to_63(size: int) -> None:
    assert Checkpoint.from_note(Note(f"x\n{size}\n{ROOT}\n", ())).size == size


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "\n\n\n",
        "example.com/log\n",
        "example.com/log\n1\n",
        f"\n1\n{ROOT}\n",
        f"1\n{ROOT}\n",
        f"example.com/log\n\n{ROOT}\n",
        "example.com/log\n1\n\n",
        f"example.com/log\n1\n{ROOT}\n\n",
        f"example.com/log\n01\n{ROOT}\n",
        f"example.com/log\n+1\n{ROOT}\n",
        f"example.com/log\n-1\n{ROOT}\n",
        f"example.com/log\n1.0\n{ROOT}\n",
        f"example.com/log\n1_0\n{ROOT}\n",
        f"example.com/log\n 1\n{ROOT}\n",
        f"example.com/log\n1 \n{ROOT}\n",
        f"example.com/log\n\u0663\n{ROOT}\n",
        f"example.com/log\n{2**63}\n{ROOT}\n",
        f"example.com/log\n{10**30}\n{ROOT}\n",
        f"example.com/log\n{'9' * 5000}\n{ROOT}\n",
        f"example.com/log\n1\n{ROOT[:-1]}\n",
        f"example.com/log\n1\n{ROOT[:-2]}B=\n",
        f"example.com/log\n1\n{b64encode(bytes(31)).decode()}\n",
        f"example.com/log\n1\n{b64encode(bytes(33)).decode()}\n",
        f"example.com/log\n1\n{bytes(32).hex()}\n",
        SOFA.replace("/", "_"),
        SOFA.replace("\n", "\r\n"),
    ],
)
def test_a_text_that_is_not_a_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(MalformedNoteError):
        Checkpoint.from_note(Note(text, ()))


def test_extension_lines_are_refused_since_not_every_cosignature_covers_them() -> None:
    with pytest.raises(MalformedNoteError, match="three lines"):
        Checkpoint.from_note(Note(SOFA + "an extension\n", ()))


def test_no_entries_have_one_root() -> None:
    assert Checkpoint.from_note(sign_checkpoint(Checkpoint("x", 0, EMPTY_ROOT))).size == 0
    with pytest.raises(MalformedNoteError, match="no entries"):
        Checkpoint.from_note(Note(f"x\n0\n{ROOT}\n", ()))


@given(damaged(SOFA))
def test_a_damaged_checkpoint_is_refused_or_is_another(text: str) -> None:
    if not text.endswith("\n"):
        return  # no note has such a text
    try:
        checkpoint = Checkpoint.from_note(Note(text, ()))
    except MalformedNoteError:
        return
    assert str(checkpoint) == text
    assert checkpoint != Checkpoint.from_note(Note(SOFA, ()))


@given(st.integers(0, 2**63 - 1))
def test_numbers_have_one_spelling(number: int) -> None:
    assert parse_number(str(number), "the size") == number
    for wrong in (f"0{number}", f"+{number}", f"{number} ", f"{number}\n", f"{number:_}x", ""):
        with pytest.raises(MalformedNoteError, match="the size must be a decimal number"):
            parse_number(wrong, "the size")


@pytest.mark.skipif(sys.version_info < (3, 12), reason="aics-tlog needs Python 3.12")
def test_checkpoints_are_those_of_aics_tlog() -> None:
    import aics_tlog  # type: ignore[import-not-found,unused-ignore]

    for size, root in ((0, EMPTY_ROOT), (1, bytes(32)), (2**63 - 1, bytes(range(32)))):
        ours = Checkpoint("example.com/log", size, root)
        theirs = aics_tlog.parse_checkpoint(str(ours))
        assert (theirs.origin, theirs.size, theirs.root) == (ours.origin, size, root)
        assert theirs.text() == str(ours)
        note = aics_tlog.sign_checkpoint(theirs, LOG_KEY, "example.com/log")
        assert note.serialise() == str(sign_checkpoint(ours))
