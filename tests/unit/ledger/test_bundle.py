"""Proof bundles: only a bundle of a logged event and its proof verifies."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prooftrail.errors import AuditLogError, InvalidProofError, MalformedProofError
from prooftrail.ledger.bundle import MAX_BUNDLE_LENGTH, ProofBundle
from prooftrail.ledger.entry import encode_entry
from prooftrail.ledger.receipt import Receipt
from prooftrail.tlog.checkpoint import Checkpoint
from prooftrail.tlog.proof import Proof
from prooftrail.tlog.signatures import verify_checkpoint
from tests.support.log_samples import CHARACTERS, damaged, make_verifier_key, sign_checkpoint
from tests.support.reference import compute_path, compute_root
from tests.support.samples import NOW_MS, make_event_record

RECORDS = [make_event_record(userId=f"user {n}", details={"text": "é😀\u2028"}) for n in range(9)]
ENTRIES = [encode_entry(record.id, record.digest) for record in RECORDS]
INDEX = 5
RECORD = RECORDS[INDEX]
PROOF = Proof(
    INDEX,
    tuple(compute_path(INDEX, ENTRIES)),
    sign_checkpoint(Checkpoint("example.com/log", len(ENTRIES), compute_root(ENTRIES))),
)
TEXT = str(PROOF)
BUNDLE = ProofBundle(RECORD.canonical, PROOF)
JSON = BUNDLE.to_json()
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
    with pytest.raises(InvalidProofError, match="does not have the id"):
        ProofBundle.from_json(text)


def test_a_proof_of_another_index_does_not_verify_the_event() -> None:
    bundle = ProofBundle.from_json(ProofBundle(RECORDS[0].canonical, PROOF).to_json())
    with pytest.raises(InvalidProofError):
        bundle.proof.check(bundle.entry)


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


RECEIPT = Receipt.from_submitter(NOW_MS, "AROAEXAMPLEID:i-0abc")
ENTRIES_2 = [encode_entry(record.id, record.digest, RECEIPT) for record in RECORDS]
PROOF_2 = Proof(
    INDEX,
    tuple(compute_path(INDEX, ENTRIES_2)),
    sign_checkpoint(Checkpoint("example.com/log", len(ENTRIES_2), compute_root(ENTRIES_2))),
)
JSON_2 = ProofBundle(RECORD.canonical, PROOF_2, RECEIPT).to_json()


def test_a_bundle_of_an_entry_of_version_2_has_the_receipt() -> None:
    bundle = ProofBundle.from_json(JSON_2)
    assert bundle.receipt == RECEIPT
    assert bundle.receipt is not None
    assert bundle.receipt.submitted_by == "AROAEXAMPLEID:i-0abc"
    verify(bundle.proof, bundle.entry)
    assert json.loads(JSON_2) == {
        "format": "auditlog-bundle/v2",
        "id": RECORD.id,
        "event": RECORD.canonical.decode(),
        "proof": str(PROOF_2),
        "receivedAt": NOW_MS,
        "submittedBy": "AROAEXAMPLEID:i-0abc",
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"receivedAt": NOW_MS - 1},
        {"receivedAt": 0},
        {"submittedBy": "AROAEXAMPLEID:i-0abd"},
        {"submittedBy": "AIDAVICTIM"},
    ],
)
def test_a_bundle_with_another_receipt_does_not_verify(changes: dict[str, Any]) -> None:
    bundle = ProofBundle.from_json(json.dumps(json.loads(JSON_2) | changes))
    with pytest.raises(InvalidProofError):
        verify(bundle.proof, bundle.entry)


@pytest.mark.parametrize(
    "changes",
    [
        {"format": "auditlog-bundle/v1"},
        {"receivedAt": str(NOW_MS)},
        {"receivedAt": True},
        {"receivedAt": -1},
        {"receivedAt": 1 << 60},
        {"receivedAt": 1.5},
        {"submittedBy": None},
        {"submittedBy": ""},
        {"submittedBy": "x" * 513},
        {"submittedBy": "a\nb"},
        {"more": 1},
    ],
)
def test_a_bundle_with_a_receipt_of_another_form_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(MalformedProofError):
        ProofBundle.from_json(json.dumps(json.loads(JSON_2) | changes))
    for name in ("receivedAt", "submittedBy"):
        content = {key: value for key, value in json.loads(JSON_2).items() if key != name}
        with pytest.raises(MalformedProofError):
            ProofBundle.from_json(json.dumps(content))
