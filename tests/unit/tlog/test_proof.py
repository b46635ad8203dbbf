"""Proofs: the format C2SP tlog-proof, and that a proof verifies only the entry it was made for."""

import json
from base64 import b64encode
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prooftrail.errors import AuditLogError, InvalidProofError, MalformedProofError
from prooftrail.ledger.bundle import ProofBundle
from prooftrail.ledger.entry import encode_entry
from prooftrail.tlog.checkpoint import Checkpoint
from prooftrail.tlog.merkle import EMPTY_ROOT
from prooftrail.tlog.note import MAX_NOTE_LENGTH
from prooftrail.tlog.proof import MAX_HASHES, Proof
from prooftrail.tlog.signatures import verify_checkpoint
from tests.support.log_samples import CHARACTERS, damaged, make_verifier_key, sign_checkpoint
from tests.support.reference import compute_path, compute_root
from tests.support.samples import make_event_record

RECORDS = [make_event_record(userId=f"user {n}", details={"text": "é😀\u2028"}) for n in range(9)]
ENTRIES = [encode_entry(record.id, record.digest) for record in RECORDS]
INDEX = 5
NOTE = sign_checkpoint(Checkpoint("example.com/log", len(ENTRIES), compute_root(ENTRIES)))
PROOF = Proof(INDEX, tuple(compute_path(INDEX, ENTRIES)), NOTE)
TEXT = str(PROOF)
BUNDLE = json.loads(ProofBundle(RECORDS[INDEX].canonical, PROOF).to_json())
FIRST, *_ = HASHES = [b64encode(one).decode() for one in PROOF.hashes]
HASH_BYTES = st.binary(min_size=32, max_size=32)
TEXTS = st.text(st.characters() | st.sampled_from(CHARACTERS))
BYTES = st.binary().map(lambda content: content.decode(errors="surrogateescape"))


def verify(proof: Proof, entry: bytes) -> None:
    verify_checkpoint(proof.note, make_verifier_key())
    proof.check(entry)


def meaning(proof: Proof) -> tuple[object, ...]:
    return proof.index, proof.hashes, proof.note.text, set(proof.note.signatures)


def test_a_proof_is_written_as_specified() -> None:
    lines = ["c2sp.org/tlog-proof@v1", "index 5", *HASHES, "", str(NOTE)]
    assert "\n".join(lines) == TEXT
    assert Proof.from_text(TEXT) == PROOF


def test_the_specifications_example_with_extra_data_is_read() -> None:
    text = (
        "c2sp.org/tlog-proof@v1\n"
        "extra YWdlLXYxLjIuMS1kYXJ3aW4tYXJtNjQudGFyLmd6kYXJ3aW4tYXJ\n"
        "index 73894\n"
        "gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=\n"
        "B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=\n"
        "EKNzoDWG8LGC0Yp9o+sv3qllpMP9uHQ9B20KNL+Q1zs=\n"
        "RoopEkOdqkYqMB4MJXrbt/hMjOxsVn0IrWjpz1ZMMes=\n"
        "AHCioX9nLjsrse6YhjRRmk1WUEirVOLLRoOQ6vfO5vk=\n"
        "\n"
        "example.com/fancylog\n"
        "109482\n"
        "sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=\n"
        "\n"
        "— example.com/fancylog hI2DJwAA\n"
        "— witness1.example mJirIklj\n"
    )
    proof = Proof.from_text(text)
    assert (proof.index, len(proof.hashes), len(proof.note.signatures)) == (73_894, 5, 2)
    assert proof.extra is not None
    assert proof.extra.startswith(b"age-v1.2.1-darwin-arm64.tar.gz")
    assert Checkpoint.from_note(proof.note).size == 109_482
    assert str(proof) == text


@given(
    st.integers(0, 2**63 - 1), st.lists(HASH_BYTES, max_size=63), st.none() | st.binary(max_size=99)
)
def test_proofs_survive_being_sent(index: int, hashes: list[bytes], extra: bytes | None) -> None:
    proof = Proof(index, tuple(hashes), NOTE, extra)
    assert Proof.from_text(str(proof)) == proof


def test_a_proof_verifies_its_entry_and_no_other() -> None:
    for index, entry in enumerate(ENTRIES):
        proof = Proof.from_text(str(Proof(index, tuple(compute_path(index, ENTRIES)), NOTE)))
        assert proof.check(entry) == Checkpoint.from_note(NOTE)
        for other in ENTRIES:
            if other != entry:
                with pytest.raises(InvalidProofError):
                    proof.check(other)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param(TEXT[: len(TEXT) // 2], id="truncated"),
        pytest.param(TEXT[:-1], id="no newline at the end"),
        pytest.param(TEXT + "\n", id="an empty line at the end"),
        pytest.param(TEXT + "x\n", id="a line more at the end"),
        pytest.param(TEXT + "x" * MAX_NOTE_LENGTH, id="oversized"),
        pytest.param(TEXT.replace("\n", "\r\n"), id="CRLF"),
        pytest.param("\ufeff" + TEXT, id="byte order mark"),
        pytest.param(TEXT.replace("@v1", "@v2"), id="another version"),
        pytest.param(TEXT.replace("c2sp.org", "C2SP.org"), id="upper case"),
        pytest.param(TEXT.replace("@v1\n", "@v1\n\n"), id="an empty line more"),
        pytest.param(TEXT.replace("index 5\n", ""), id="no index"),
        pytest.param(TEXT.replace("index 5", "index"), id="index without a number"),
        pytest.param(TEXT.replace("index 5", "index  5"), id="two spaces"),
        pytest.param(TEXT.replace("index 5", "index 05"), id="leading zero"),
        pytest.param(TEXT.replace("index 5", "index -5"), id="negative index"),
        pytest.param(TEXT.replace("index 5", "index 5 "), id="a space after the index"),
        pytest.param(TEXT.replace("index 5", "index \u0665"), id="another script's digit"),
        pytest.param(TEXT.replace("index 5", f"index {2**63}"), id="index of 64 bits"),
        pytest.param(TEXT.replace("index 5", "index " + "9" * 5_000), id="an endless index"),
        pytest.param(TEXT.replace("index 5", "index 5\nindex 5"), id="index twice"),
        pytest.param(TEXT.replace("index", "extra\nindex"), id="extra without data"),
        pytest.param(TEXT.replace("index", "extra A\nindex"), id="extra that is no base64"),
        pytest.param(TEXT.replace("index", "extra AA==\nextra AA==\nindex"), id="extra twice"),
        pytest.param(TEXT.replace("index 5", "index 5\nextra AA=="), id="extra after the index"),
        pytest.param(TEXT.replace(FIRST, FIRST[:-1]), id="missing padding"),
        pytest.param(TEXT.replace(FIRST, "*" + FIRST[1:]), id="no base64"),
        pytest.param(TEXT.replace(FIRST, "-_" + FIRST[2:]), id="url-safe base64"),
        pytest.param(TEXT.replace(FIRST, FIRST[:-2] + "B="), id="loose bits"),
        pytest.param(TEXT.replace(FIRST, f" {FIRST}"), id="a space before a hash"),
        pytest.param(TEXT.replace(FIRST, b64encode(bytes(31)).decode()), id="hash of 31 bytes"),
        pytest.param(TEXT.replace(FIRST, b64encode(bytes(33)).decode()), id="hash of 33 bytes"),
        pytest.param(TEXT.replace(FIRST, FIRST + FIRST), id="two hashes in a line"),
        pytest.param(str(replace(PROOF, hashes=(bytes(32),) * 64)), id="64 hashes"),
        pytest.param(TEXT.partition("\n\n")[0] + "\n\n", id="no checkpoint"),
        pytest.param(TEXT.replace("\n9\n", "\n09\n"), id="malformed checkpoint"),
        pytest.param(TEXT.replace("\n9\n", "\n9\n9\n"), id="an extension line"),
        pytest.param(TEXT.replace("— example.com/log", "— example.com/\ud800"), id="surrogate"),
    ],
)
def test_a_text_that_is_not_a_proof_is_refused(text: str) -> None:
    with pytest.raises(MalformedProofError):
        Proof.from_text(text)
    with pytest.raises(MalformedProofError):
        ProofBundle.from_json(json.dumps(BUNDLE | {"proof": text}))


def test_a_proof_has_at_most_63_hashes() -> None:
    assert MAX_HASHES == 63
    longest = replace(PROOF, hashes=(bytes(32),) * 63)
    assert Proof.from_text(str(longest)) == longest
    with pytest.raises(MalformedProofError, match=r"^a proof must have at most 63 hashes$"):
        Proof.from_text(str(replace(PROOF, hashes=(bytes(32),) * 64)))


@pytest.mark.parametrize("index", [0, 4, 6, 8, 9, 10, 2**63 - 1])
def test_a_proof_at_another_index_shows_nothing(index: int) -> None:
    with pytest.raises(InvalidProofError):
        Proof.from_text(str(replace(PROOF, index=index))).check(ENTRIES[INDEX])


def test_nothing_is_in_an_empty_log() -> None:
    empty = sign_checkpoint(Checkpoint("example.com/log", 0, EMPTY_ROOT))
    for hashes in ((), PROOF.hashes):
        proof = Proof.from_text(str(Proof(0, hashes, empty)))
        with pytest.raises(InvalidProofError, match="entry 0 is not among 0"):
            proof.check(ENTRIES[INDEX])


@given(TEXTS | BYTES | damaged(TEXT))
def test_a_text_is_refused_or_is_exactly_the_proof_it_is_read_as(text: str) -> None:
    try:
        proof = Proof.from_text(text)
    except MalformedProofError:
        return
    assert str(proof) == text


@given(damaged(TEXT))
def test_a_damaged_proof_fails_or_means_the_same(text: str) -> None:
    try:
        proof = Proof.from_text(text)
        verify(proof, ENTRIES[INDEX])
    except AuditLogError:
        return
    assert meaning(proof) == meaning(PROOF)
