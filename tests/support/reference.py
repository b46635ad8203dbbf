"""The Merkle tree of RFC 9162, by recursion over the entries: slow and simple."""

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256

# The entries of the test vectors of Certificate Transparency.
STANDARD_ENTRIES = [
    bytes.fromhex(entry)
    for entry in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]


EMPTY_ROOT = b64encode(sha256(b"").digest()).decode()  # of no entries
# The parameters of a consistency proof from the empty log to itself.
EMPTY_STATES = {"oldSize": "0", "oldRoot": EMPTY_ROOT, "size": "0", "root": EMPTY_ROOT}


def compute_root(entries: Sequence[bytes]) -> bytes:
    """Return MTH(D[n]) of RFC 9162, 2.1.1."""
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    k = _split(len(entries))
    return sha256(b"\x01" + compute_root(entries[:k]) + compute_root(entries[k:])).digest()


def compute_path(index: int, entries: Sequence[bytes]) -> list[bytes]:
    """Return PATH(m, D[n]) of RFC 9162, 2.1.3.1."""
    if len(entries) == 1:
        return []
    k = _split(len(entries))
    if index < k:
        return [*compute_path(index, entries[:k]), compute_root(entries[k:])]
    return [*compute_path(index - k, entries[k:]), compute_root(entries[:k])]


def compute_proof(old_size: int, entries: Sequence[bytes]) -> list[bytes]:
    """Return PROOF(m, D[n]) of RFC 9162, 2.1.4.1."""
    return _compute_subproof(old_size, entries, is_whole=True)


def _compute_subproof(m: int, entries: Sequence[bytes], *, is_whole: bool) -> list[bytes]:
    if m == len(entries):
        return [] if is_whole else [compute_root(entries)]
    k = _split(len(entries))
    if m <= k:
        return [*_compute_subproof(m, entries[:k], is_whole=is_whole), compute_root(entries[k:])]
    return [*_compute_subproof(m - k, entries[k:], is_whole=False), compute_root(entries[:k])]


def _split(count: int) -> int:
    k = 1
    while 2 * k < count:
        k *= 2
    return k
