"""Vectors for the console's verifier, made by the Python code: `console/tests/verify/vectors.json`.

Run `python -m tests.support.verifier_vectors` to write them.
"""

import json
from base64 import b64encode
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from prooftrail.event.record import EventRecord
from prooftrail.ledger.bundle import ProofBundle
from prooftrail.ledger.entry import encode_entry
from prooftrail.ledger.heartbeat import cosign_by_log
from prooftrail.ledger.receipt import Receipt
from prooftrail.tlog.checkpoint import Checkpoint
from prooftrail.tlog.merkle import Edge, hash_leaf
from prooftrail.tlog.note import Note, Signature
from prooftrail.tlog.proof import Proof
from tests.support.log_samples import (
    LOG_KEY,
    make_cosignature,
    make_verifier_key,
    make_witness_key,
)
from tests.support.reference import compute_path, compute_proof, compute_root
from tests.support.samples import NOW_MS, SENDER, make_event_record

TARGET: Final = Path(__file__).parents[2] / "console" / "tests" / "verify" / "vectors.json"
OTHER_KEY: Final = Ed25519PrivateKey.from_private_bytes(bytes(32))
WITNESS: Final = "witness.example/w"
RECEIPT: Final = Receipt.from_submitter(NOW_MS + 5, SENDER)
SMALL_SIZES: Final = range(1, 10)
TREE_SIZES: Final = (1, 2, 3, 255, 256, 257, 300, 512, 1_000)
GROWTH: Final = ((1, 2), (3, 255), (255, 256), (256, 257), (300, 1_000), (512, 1_000))


def make_vectors() -> dict[str, Any]:
    """Return keys, bundles, ids, and the proofs and roots of trees."""
    key = make_verifier_key()
    return {
        "key": str(key),
        "otherKey": str(make_verifier_key(key=OTHER_KEY)),
        "witnessKey": str(make_witness_key(WITNESS, OTHER_KEY)),
        "asOfMs": NOW_MS,
        "bundles": {
            "v1": make_bundle(receipt=None),
            "v2": make_bundle(receipt=RECEIPT),
            "cosigned": make_bundle(receipt=RECEIPT, is_cosigned=True),
            "unicode": make_bundle(
                receipt=RECEIPT, details={"text": 'é😀\u2028"\\', "list": [1, 1.5, 1e21, None]}
            ),
            "otherKey": make_bundle(receipt=RECEIPT, key=OTHER_KEY),
            "otherOrigin": make_bundle(receipt=RECEIPT, origin="example.com/other"),
        },
        "trees": make_trees(),
        "growth": make_growth(),
        "roots": make_roots(),
    }


def make_bundle(
    *,
    receipt: Receipt | None,
    is_cosigned: bool = False,
    key: Ed25519PrivateKey = LOG_KEY,
    origin: str = "example.com/log",
    **fields: Any,
) -> dict[str, Any]:
    """Return a bundle of the fourth of seven events, and what it holds.

    The signature names the log `example.com/log`, whatever the checkpoint's `origin` is.
    """
    records = [make_event_record(userId=f"u-{number}", **fields) for number in range(7)]
    entries = [_encode(record, receipt) for record in records]
    text = str(Checkpoint(origin, len(entries), compute_root(entries)))
    verifier = make_verifier_key(key=key)
    note = Note(text, (Signature(verifier.name, verifier.id, key.sign(text.encode())),))
    if is_cosigned:
        note = _cosign(note)
    proof = Proof(3, tuple(compute_path(3, entries)), note)
    bundle = ProofBundle(records[3].canonical, proof, receipt)
    return {
        "id": bundle.event_id,
        "digest": records[3].digest.hex(),
        "entry": bundle.entry.decode(),
        "note": str(note),
        "text": bundle.to_json(),
        "growth": {
            "oldSize": 3,
            "oldRoot": _encode_hash(compute_root(entries[:3])),
            "hashes": _encode_hashes(compute_proof(3, entries)),
        },
    }


def _encode(record: EventRecord, receipt: Receipt | None) -> bytes:
    return encode_entry(record.id, record.digest, receipt)


def _cosign(note: Note) -> Note:
    note = note.with_signatures([make_cosignature(note, WITNESS, OTHER_KEY, NOW_MS // 1000)])
    return cosign_by_log(note, make_verifier_key(), LOG_KEY.sign, NOW_MS)


def make_trees() -> list[dict[str, Any]]:
    """Return, of small trees of the entries "0", "1"…, every proof of inclusion and consistency."""
    trees = []
    for size in SMALL_SIZES:
        entries = [str(number).encode() for number in range(size)]
        trees.append(
            {
                "size": size,
                "root": _encode_hash(compute_root(entries)),
                "inclusion": [_encode_hashes(compute_path(at, entries)) for at in range(size)],
                "consistency": [
                    _encode_hashes(compute_proof(old, entries)) for old in range(1, size + 1)
                ],
            }
        )
    return trees


def make_growth() -> list[dict[str, Any]]:
    """Return proofs that a tree of the entries "0", "1"… is the beginning of a larger one."""
    entries = [str(number).encode() for number in range(max(TREE_SIZES))]
    return [
        {"oldSize": old, "size": size, "hashes": _encode_hashes(compute_proof(old, entries[:size]))}
        for old, size in GROWTH
    ]


def make_roots() -> dict[str, str]:
    """Return the roots of trees of the entries "0", "1"… by their size."""
    roots, edge = {}, Edge()
    for size in TREE_SIZES:
        leaves = (hash_leaf(str(number).encode()) for number in range(edge.size, size))
        edge = edge.with_leaves(leaves)
        roots[str(size)] = _encode_hash(edge.compute_root())
    return roots


def _encode_hash(content: bytes) -> str:
    return b64encode(content).decode()


def _encode_hashes(hashes: list[bytes]) -> list[str]:
    return [_encode_hash(content) for content in hashes]


def format_vectors() -> str:
    """Return the content of the file."""
    return json.dumps(make_vectors(), indent=1, ensure_ascii=True) + "\n"


if __name__ == "__main__":
    TARGET.write_text(format_vectors(), encoding="utf-8")
