"""Proofs and bundles: C2SP tlog-proof, and that nothing but what was logged verifies."""

import json
from base64 import b64encode
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prooftrail.errors import AuditLogError, InvalidProofError, MalformedProofError
from prooftrail.ledger.bundle import MAX_BUNDLE_LENGTH, ProofBundle
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
RECORD = RECORDS[INDEX]
NOTE = sign_checkpoint(Checkpoint("example.com/log", len(ENTRIES), compute_root(ENTRIES)))
PROOF = Proof(INDEX, tuple(compute_path(INDEX, ENTRIES)), NOTE)
TEXT = str(PROOF)
BUNDLE = ProofBundle(RECORD.canonical, PROOF)
JSON = BUNDLE.to_json()
FIRST, *_ = HASHES = [b64encode(one).decode() for one in PROOF.hashes]
HASH_BYTES = st.binary(min_size=32, max_size=32)
TEXTS = st.text(st.characters() | st.sampled_from(CHARACTERS))
BYTES = st.binary().map(lambda content: content.decode(errors="surrogateescape"))


def bundle_json(**changes: Any) -> str:
    return json.dumps(json.loads(JSON) | changes)


def bundle_of_event(event: str) -> str:
    return bundle_json(event=event)


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
        ProofBundle.from_json(bundle_json(proof=text))


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


def test_a_bundle_survives_being_sent_and_verifies() -> None:
    bundle = ProofBundle.from_json(JSON)
    assert bundle == BUNDLE
    assert (bundle.event_id, bundle.entry) == (RECORD.id, ENTRIES[INDEX])
    verify(bundle.proof, bundle.entry)
    assert ProofBundle.from_json(json.dumps(json.loads(JSON), indent=2)) == BUNDLE
    assert json.loads(JSON) == {
        "format": "auditlog-bundle/v1",
        "id": RECORD.id,
        "event": RECORD.canonical.decode(),
        "proof": TEXT,
    }


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param(JSON[:-1], id="truncated"),
        pytest.param(JSON + "x", id="a character more"),
        pytest.param(JSON + JSON, id="two bundles"),
        pytest.param(f"[{JSON}]", id="a list"),
        pytest.param("5", id="a number"),
        pytest.param("9" * 5_000, id="a huge number"),
        pytest.param("null", id="null"),
        pytest.param("\ufeff" + JSON, id="byte order mark"),
        pytest.param(JSON + " " * MAX_BUNDLE_LENGTH, id="oversized"),
        pytest.param(JSON.replace("{", '{"id":"x",', 1), id="a key twice"),
        pytest.param(JSON.replace("{", f'{{"id":"{RECORD.id}",', 1), id="a key and value twice"),
        pytest.param(bundle_json(more="x"), id="a key more"),
        pytest.param(JSON.replace('"id"', '"Id"'), id="a key less"),
        pytest.param(bundle_json(format="auditlog-bundle/v2"), id="another format"),
        pytest.param(bundle_json(format=1), id="a format that is no text"),
        pytest.param(bundle_json(id=None), id="an id that is no text"),
        pytest.param(bundle_json(event={}), id="an event that is no text"),
        pytest.param(bundle_json(proof=[TEXT]), id="a proof that is no text"),
        pytest.param(bundle_json(event={"a": {"a": 1}}), id="a nested object"),
        pytest.param("[" * 200_000, id="deep nesting"),
        pytest.param('{"a":' * 200_000, id="deep nesting of objects"),
        pytest.param(bundle_of_event(""), id="no event"),
        pytest.param(bundle_of_event("event"), id="an event that is no JSON"),
        pytest.param(bundle_of_event("[]"), id="an event that is a list"),
        pytest.param(bundle_of_event('"timestamp"'), id="an event that is a text"),
        pytest.param(bundle_of_event("null"), id="an event that is null"),
        pytest.param(bundle_of_event("{}"), id="an event without a time"),
        pytest.param(bundle_of_event('{"timestamp":5}'), id="a time that is a number"),
        pytest.param(bundle_of_event('{"timestamp":null}'), id="a time that is null"),
        pytest.param(bundle_of_event('{"timestamp":[]}'), id="a time that is a list"),
        pytest.param(bundle_of_event('{"timestamp":"now"}'), id="a time that is none"),
        pytest.param(bundle_of_event('{"timestamp":"\\ud800"}'), id="a time of a surrogate"),
        pytest.param(bundle_of_event(RECORD.canonical.decode() + "\ud800"), id="lone surrogate"),
        pytest.param(bundle_of_event("[" * 200_000), id="a deeply nested event"),
        pytest.param(bundle_of_event('{"timestamp":' + "9" * 5_000), id="an endless number"),
    ],
)
def test_a_text_that_is_not_a_bundle_is_refused(text: str) -> None:
    with pytest.raises(MalformedProofError):
        ProofBundle.from_json(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(bundle_json(id=RECORDS[0].id), id="another event's id"),
        pytest.param(bundle_json(id=RECORD.id.lower()), id="the id in lower case"),
        pytest.param(bundle_json(id=""), id="an empty id"),
        pytest.param(bundle_json(id="\ud800" * 26), id="an id of surrogates"),
        pytest.param(bundle_of_event(RECORDS[0].canonical.decode()), id="another event"),
        pytest.param(bundle_of_event(RECORD.canonical.decode() + " "), id="a space in the event"),
    ],
)
def test_a_bundle_has_the_id_of_its_event(text: str) -> None:
    with pytest.raises(InvalidProofError, match="not the one with the id"):
        ProofBundle.from_json(text)


def test_a_proof_of_another_index_does_not_verify_the_event() -> None:
    bundle = ProofBundle.from_json(ProofBundle(RECORDS[0].canonical, PROOF).to_json())
    with pytest.raises(InvalidProofError):
        bundle.proof.check(bundle.entry)


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


@given(TEXTS | BYTES | damaged(JSON))
def test_a_damaged_bundle_fails_or_means_the_same(text: str) -> None:
    try:
        bundle = ProofBundle.from_json(text)
        verify(bundle.proof, bundle.entry)
    except AuditLogError:
        return
    assert (bundle.canonical, meaning(bundle.proof)) == (RECORD.canonical, meaning(PROOF))


@given(damaged(RECORD.canonical.decode()), st.booleans())
def test_a_damaged_event_does_not_verify(event: str, has_its_own_id: bool) -> None:
    def verify_changed() -> None:
        changed = ProofBundle(event.encode(errors="replace"), PROOF)
        text = bundle_json(event=event, id=changed.event_id if has_its_own_id else RECORD.id)
        bundle = ProofBundle.from_json(text)
        verify(bundle.proof, bundle.entry)

    with pytest.raises(AuditLogError):
        verify_changed()
