"""The witness that the tests ask answers as C2SP tlog-witness says, and signs nothing else."""

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from prooftrail.tlog.checkpoint import Checkpoint
from prooftrail.tlog.note import Note, Signature, VerifierKey
from prooftrail.tlog.signatures import find_signers
from tests.support.log_samples import LOG_KEY, sign_checkpoint
from tests.support.reference import compute_proof, compute_root
from tests.support.witness_server import RefusedError, Witness, is_consistent

ORIGIN = "example.com/log"
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
KEYS = (OTHER_KEY, MLDSA44PrivateKey.from_seed_bytes(bytes(32)))
ENTRIES = [bytes([number]) for number in range(20)]


@pytest.fixture
def witness() -> Witness:
    return Witness("w.example", KEYS, {ORIGIN: LOG_KEY.public_key().public_bytes_raw()})


def note_of(size: int, key: Ed25519PrivateKey = LOG_KEY, origin: str = ORIGIN) -> Note:
    return sign_checkpoint(Checkpoint(origin, size, compute_root(ENTRIES[:size])), key)


def body(old_size: object, proof: Sequence[bytes], note: object) -> bytes:
    hashes = [b64encode(one).decode() for one in proof]
    return "\n".join([f"old {old_size}", *hashes, "", str(note)]).encode()


def refused(witness: Witness, request: bytes) -> tuple[int, str, str]:
    before = dict(witness.seen)
    with pytest.raises(RefusedError) as error:
        witness.add_checkpoint(request)
    assert witness.seen == before
    return error.value.status, error.value.body, error.value.content_type


def test_it_cosigns_what_is_consistent_with_what_it_has_seen(witness: Witness) -> None:
    old = 0
    for size in (1, 2, 7, 7, 8, 20):
        note = note_of(size)
        proof = compute_proof(old, ENTRIES[:size]) if 0 < old < size else []
        lines = witness.add_checkpoint(body(old, proof, note)).splitlines()
        signatures = [Signature.from_text(line) for line in lines]
        keys = [VerifierKey.from_text(key) for key in witness.verifier_keys]
        assert find_signers(note.with_signatures(signatures), keys) == keys
        old = size
    assert witness.seen[ORIGIN] == (20, compute_root(ENTRIES))


def test_it_tells_the_size_that_it_has_seen(witness: Witness) -> None:
    size = "text/x.tlog.size"
    assert refused(witness, body(1, [], note_of(5))) == (409, "0\n", size)
    witness.add_checkpoint(body(0, [], note_of(5)))
    assert refused(witness, body(0, [], note_of(7))) == (409, "5\n", size)
    assert refused(witness, body(3, [], note_of(4))) == (409, "5\n", size)


def test_it_refuses_with_the_documents_status(witness: Witness) -> None:
    witness.add_checkpoint(body(0, [], note_of(5)))
    proof = compute_proof(5, ENTRIES[:9])
    good = note_of(9)
    flawed = Signature(ORIGIN, good.signatures[0].key_id, bytes(64))
    other = sign_checkpoint(Checkpoint(ORIGIN, 5, sha256(b"other").digest()))
    requests = {
        body(5, proof, note_of(9, origin="example.com/other")): 404,
        body(5, proof, note_of(9, OTHER_KEY)): 403,
        body(5, proof, Note(good.text, (*good.signatures, flawed))): 403,
        body(5, proof[1:], good): 422,
        body(5, [*proof, bytes(32)], good): 422,
        body(5, [bytes(32), *proof[1:]], good): 422,
        body(5, [], good): 422,
        body(5, [], other): 422,
        body(5, [bytes(32)], note_of(5)): 422,
        body(6, [], note_of(5)): 400,
        body("05", proof, good): 400,
        body(-5, proof, good): 400,
        body(5, [bytes(31)], good): 400,
        body(5, [bytes(32)] * 64, good): 400,
        body(5, proof, "no note"): 400,
        body(5, proof, str(good)[:-1]): 400,
        b"\xff" + body(5, proof, good): 400,
        b"": 400,
    }
    for request, status in requests.items():
        assert refused(witness, request)[0] == status, request
    assert witness.add_checkpoint(body(5, proof, good))


def test_its_consistency_check_takes_the_reference_proofs_and_no_others() -> None:
    roots = [compute_root(ENTRIES[:size]) for size in range(21)]
    for size in range(2, 21):
        for old in range(1, size):
            proof = compute_proof(old, ENTRIES[:size])
            assert is_consistent(old, roots[old], size, roots[size], proof)
            assert not is_consistent(old, roots[old - 1], size, roots[size], proof)
            assert not is_consistent(old, roots[old], size, roots[size - 1], proof)
            assert not is_consistent(old, roots[old], size, roots[size], proof[:-1])
