"""Signed notes and verifier keys against the text and the examples of C2SP signed-note."""

import sys
from base64 import b64encode
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prooftrail.errors import MalformedNoteError
from prooftrail.tlog.checkpoint import Checkpoint
from prooftrail.tlog.merkle import EMPTY_ROOT
from prooftrail.tlog.note import (
    MAX_NOTE_LENGTH,
    MAX_SIGNATURES,
    Note,
    Signature,
    SignatureType,
    VerifierKey,
    decode_base64,
)
from tests.support.log_samples import (
    CHARACTERS,
    LOG_KEY,
    damaged,
    make_verifier_key,
    sign_checkpoint,
)

POEM = """\
Ognuno sta solo sul cuor della terra
trafitto da un raggio di sole:

ed è subito sera.

— quasimodo.example/salvatore \
NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=
"""
KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
NOTE = str(sign_checkpoint(Checkpoint("example.com/log", 0, EMPTY_ROOT)))
SPACES = " \t\n\r\x0b\x0c\x85\xa0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000"
TEXTS = st.text(st.characters() | st.sampled_from(CHARACTERS))
BYTES = st.binary().map(lambda content: content.decode(errors="surrogateescape"))
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Z", "Cc"]), min_size=1).filter(
    lambda name: "+" not in name
)
SIGNATURES = st.builds(
    Signature, NAMES, st.binary(min_size=4, max_size=4), st.binary(min_size=1, max_size=80)
)
LINES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]))


def line_of(name: str, content: bytes) -> str:
    return f"— {name} {b64encode(content).decode()}\n"


def key_text(name: str, content: bytes) -> str:
    key_id = sha256(name.encode() + b"\n" + content).hexdigest()[:8]
    return f"{name}+{key_id}+{b64encode(content).decode()}"


def test_the_specifications_note_is_read_and_written() -> None:
    note = Note.from_text(POEM)
    assert note.text.endswith("sole:\n\ned è subito sera.\n")
    [signature] = note.signatures
    assert signature.name == "quasimodo.example/salvatore"
    assert (signature.key_id.hex(), len(signature.content)) == ("367ba04b", 64)
    assert str(note) == POEM


def test_the_specifications_key_is_read_and_written() -> None:
    key = VerifierKey.from_text(KEY)
    assert (key.name, key.type, key.id.hex()) == ("example.com/foo", 1, "530d903a")
    assert not key.is_witness
    assert str(key) == KEY


@pytest.mark.parametrize(
    ("kind", "length", "is_witness"), [(1, 32, False), (4, 32, True), (6, 1312, True)]
)
def test_the_kinds_of_key_and_their_lengths(kind: int, length: int, is_witness: bool) -> None:
    text = key_text("example.com/w", bytes([kind]) + bytes(length))
    key = VerifierKey.from_text(text)
    assert (key.type, len(key.public_key), key.is_witness) == (kind, length, is_witness)
    assert str(key) == text
    for wrong in (0, length - 1, length + 1):
        with pytest.raises(MalformedNoteError, match="wrong length"):
            VerifierKey.from_text(key_text("example.com/w", bytes([kind]) + bytes(wrong)))


@pytest.mark.parametrize("kind", [0, 2, 3, 5, 7, 0xFA, 0xFF])
def test_other_kinds_of_key_are_not_known(kind: int) -> None:
    with pytest.raises(MalformedNoteError, match="a type that is not supported"):
        VerifierKey.from_text(key_text("example.com/w", bytes([kind]) + bytes(32)))


def test_a_public_key_has_an_id_for_each_type_and_name() -> None:
    public_key = LOG_KEY.public_key().public_bytes_raw()
    keys = [VerifierKey(name, kind, public_key) for name in "ab" for kind in SignatureType]
    assert len({key.id for key in keys}) == 6


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+",
        "++",
        "example.com/foo",
        "example.com/foo+530d903a",
        KEY.removeprefix("example.com/foo"),
        KEY.replace("530d903a", "530d903b"),
        KEY.replace("530d903a", "530D903A"),
        KEY.replace("530d903a", "530d903"),
        KEY.replace("530d903a", "0530d903a"),
        KEY.replace("530d903a", "\u096b30d903a"),
        KEY.replace("foo", "bar"),
        KEY.replace("3U2k", "3U2"),
        KEY.replace("3U2k", "3U2k===="),
        KEY + "\n",
        KEY + "+",
        " " + KEY,
        "example.com/foo+e3b0c442+",
        f"\ud800+530d903a+{KEY[-44:]}",
        key_text("two words", b"\1" + bytes(32)),
    ],
)
def test_a_text_that_is_not_a_verifier_key_is_refused(text: str) -> None:
    with pytest.raises(MalformedNoteError):
        VerifierKey.from_text(text)


@pytest.mark.parametrize("character", [*SPACES, "+", "\x00", "\x1c", "\x1f", "\ud800"])
def test_a_key_name_does_not_have_these_characters(character: str) -> None:
    name = f"exam{character}ple"
    with pytest.raises(MalformedNoteError):
        Signature.from_text(f"— {name} {b64encode(bytes(68)).decode()}")
    with pytest.raises(MalformedNoteError):
        VerifierKey.from_text(f"{name}+530d903a+{KEY[-44:]}")


@pytest.mark.parametrize(
    "content",
    [
        "",
        "\n",
        "\n\n",
        "text\n",
        "text\n\n",
        POEM.rstrip("\n"),
        POEM + "\n",
        POEM.replace("\n", "\r\n"),
        POEM.replace("\n\n", "\n"),
        POEM.replace("Ognuno", "Ognuno\t"),
        POEM.replace("Ognuno", "Ognuno\x00"),
        POEM.replace("Ognuno", "Ognuno\ud800"),
        POEM.replace("— ", "- "),
        POEM.replace("— ", "—"),
        POEM.replace("— ", "—  "),
        POEM.replace("— ", " — "),
        POEM.replace("tIc=", "tIc"),
        POEM.replace("tIc=", "tId="),
        POEM.replace("+", "-").replace("/5Q", "_5Q"),
        POEM.replace("tIc=", "tIc= "),
        POEM + "text\n",
        "text\n\n— example.com/a\n",
        "text\n\n— example.com/a \n",
        "text\n\n" + line_of("example.com/a", bytes(4)),
        "text\n\n" + line_of("", bytes(5)),
    ],
)
def test_a_text_that_is_not_a_note_is_refused(content: str) -> None:
    with pytest.raises(MalformedNoteError):
        Note.from_text(content)


def test_the_last_empty_line_ends_the_text() -> None:
    line = line_of("example.com/a", bytes(5))
    assert Note.from_text("a\n\n— b c\n\n" + line).text == "a\n\n— b c\n"
    assert Note.from_text("a\n\n\n" + line).text == "a\n\n"
    assert Note.from_text("a\u2028b\x85c\n\n" + line).text == "a\u2028b\x85c\n"


def test_sixteen_post_quantum_signatures_are_no_problem_and_endless_ones_are() -> None:
    large = Note.from_text("text\n\n" + line_of("example.com/a", bytes(5_000)) * 16)
    assert [len(one.content) for one in large.signatures] == [4_996] * 16
    lines = line_of("example.com/a", bytes(5)) * MAX_SIGNATURES
    assert len(Note.from_text("text\n\n" + lines).signatures) == MAX_SIGNATURES
    with pytest.raises(MalformedNoteError, match="must have at most 64 signatures"):
        Note.from_text("text\n\n" + lines + line_of("example.com/a", bytes(5)))
    filler = "x" * (MAX_NOTE_LENGTH - len(POEM))
    assert Note.from_text(filler + POEM).text.startswith("xxx")
    with pytest.raises(MalformedNoteError, match="must have at most 200000 characters"):
        Note.from_text(filler + "x" + POEM)


def test_a_later_signature_takes_the_place_of_one_with_its_name_and_id() -> None:
    first, other = Signature("a", b"0001", b"old"), Signature("a", b"0002", b"other")
    newer, named = Signature("a", b"0001", b"new"), Signature("b", b"0001", b"named")
    note = Note("text\n", (first, other)).with_signatures([newer, named])
    assert note == Note("text\n", (newer, other, named))
    assert note.with_signatures([]) == note


def test_a_signature_names_a_key_by_name_and_id_together() -> None:
    key = make_verifier_key()
    assert Signature(key.name, key.id, b"any").names_key(key)
    assert not Signature("example.com/other", key.id, b"any").names_key(key)
    assert not Signature(key.name, b"0000", b"any").names_key(key)


@pytest.mark.parametrize(
    "text", ["A", "AA", "AA=", "AAA", "AB==", "AAB=", "-_8=", "AA==\n", " AA==", "A A=", "é", "="]
)
def test_base64_has_one_spelling(text: str) -> None:
    with pytest.raises(MalformedNoteError, match="the hash is not base64"):
        decode_base64(text, "the hash")


@given(st.binary())
def test_base64_is_read_as_it_is_written(content: bytes) -> None:
    assert decode_base64(b64encode(content).decode(), "it") == content


@given(st.lists(LINES, min_size=1), st.lists(SIGNATURES, min_size=1, max_size=4))
def test_notes_survive_being_sent(lines: list[str], signatures: list[Signature]) -> None:
    note = Note("\n".join(lines) + "\n", tuple(signatures))
    assert Note.from_text(str(note)) == note


@given(NAMES, st.sampled_from(SignatureType), st.data())
def test_verifier_keys_survive_being_sent(
    name: str, kind: SignatureType, data: st.DataObject
) -> None:
    length = 1312 if kind == SignatureType.ML_DSA_44_COSIGNATURE else 32
    key = VerifierKey(name, kind, data.draw(st.binary(min_size=length, max_size=length)))
    assert VerifierKey.from_text(str(key)) == key


@given(TEXTS | damaged(NOTE) | damaged(POEM) | BYTES)
def test_a_text_is_refused_or_is_exactly_the_note_it_is_read_as(content: str) -> None:
    try:
        note = Note.from_text(content)
    except MalformedNoteError:
        return
    assert str(note) == content
    assert note.signatures
    assert content.encode()


@given(TEXTS | damaged(KEY))
def test_a_damaged_verifier_key_is_refused(text: str) -> None:
    with pytest.raises(MalformedNoteError):
        VerifierKey.from_text(text)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="aics-tlog needs Python 3.12")
def test_notes_and_keys_are_those_of_aics_tlog() -> None:
    from aics_tlog import format_vkey, parse_note, parse_vkey  # type: ignore[import-not-found,unused-ignore]

    for text in (KEY, str(make_verifier_key()), str(make_verifier_key("пример/log"))):
        theirs, ours = parse_vkey(text), VerifierKey.from_text(text)
        assert format_vkey(theirs) == str(ours) == text
        assert (theirs.name, theirs.key_id, theirs.key_type, theirs.public_key) == (
            (ours.name, ours.id, ours.type, ours.public_key)
        )
    for text in (POEM, NOTE):
        parsed, note = parse_note(text), Note.from_text(text)
        assert parsed.serialise() == str(note) == text
        assert parsed.text == note.text
        assert [(one.name, one.key_id, one.signature) for one in parsed.signatures] == [
            (one.name, one.key_id, one.content) for one in note.signatures
        ]
