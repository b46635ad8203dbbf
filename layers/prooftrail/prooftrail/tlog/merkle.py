"""The Merkle tree of C2SP tlog-checkpoint and tlog-tiles: that of RFC 6962 and RFC 9162.

Hashes are SHA-256; a prefix separates leaves from nodes. A tree that only grows is described by its
right edge: the roots of the perfect subtrees that it consists of, one for each set bit of its size.
Appending and computing the root need nothing else.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from prooftrail.errors import InvalidProofError

HASH_LENGTH: Final = 32
MAX_SIZE: Final = 1 << 63
EMPTY_ROOT: Final = sha256(b"").digest()

LeafRange = tuple[int, int]  # the first leaf, and the leaf after the last


def hash_leaf(entry: bytes) -> bytes:
    """Return the hash of an entry's leaf.

    >>> hash_leaf(b"").hex()[:16]
    '6e340b9cffb37a98'
    """
    return sha256(b"\x00" + entry).digest()


def hash_node(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node over two children."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Edge:
    """A tree's right edge: the hash of each perfect subtree, the largest and leftmost first.

    `size` is the number of leaves. There is a hash for each of its set bits, at most 63.
    """

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    @classmethod
    def from_bytes(cls, size: int, packed: bytes) -> "Edge":
        """Return the edge of a tree of this size with the hashes that `to_bytes` packed.

        Raises:
            InvalidProofError: there is not one hash for each set bit of the size.
        """
        if not 0 <= size < MAX_SIZE or len(packed) != HASH_LENGTH * size.bit_count():
            raise InvalidProofError(f"{len(packed)} bytes are not the right edge of {size} entries")
        starts = range(0, len(packed), HASH_LENGTH)
        return cls(size, tuple(packed[start : start + HASH_LENGTH] for start in starts))

    def to_bytes(self) -> bytes:
        """Return the hashes, one after the other."""
        return b"".join(self.hashes)

    def with_leaves(self, leaves: Iterable[bytes]) -> "Edge":
        """Return the edge of the tree with these leaf hashes appended.

        >>> edge = Edge().with_leaves([hash_leaf(b"")])
        >>> edge.with_leaves([hash_leaf(b"\\x00")]).compute_root().hex()[:16]
        'fac54203e7cc696c'
        """
        size, hashes = self.size, list(self.hashes)
        for leaf in leaves:
            node, bits = leaf, size
            while bits & 1:
                node = sha256(b"\x01" + hashes.pop() + node).digest()
                bits >>= 1
            hashes.append(node)
            size += 1
        return Edge(size, tuple(hashes))

    def compute_root(self) -> bytes:
        """Return the root hash of the tree."""
        return self.compute_root_from(0) if self.size else EMPTY_ROOT

    def compute_root_from(self, start: int) -> bytes:
        """Return the hash of the subtree of all leaves from `start` on.

        Raises:
            InvalidProofError: no perfect subtree begins at `start`.
        """
        for at, (first, _) in enumerate(list_perfect_ranges(self.size)):
            if first == start:
                return _fold_hashes(self.hashes[at:])
        raise InvalidProofError(f"no perfect subtree of {self.size} entries begins at {start}")


def _fold_hashes(hashes: Sequence[bytes]) -> bytes:
    """Return the root over the hashes of an edge, or of its right part."""
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = hash_node(left, root)
    return root


def list_perfect_ranges(size: int) -> Iterator[LeafRange]:
    """Yield the leaves under each hash of a right edge, the largest range first.

    >>> list(list_perfect_ranges(6))
    [(0, 4), (4, 6)]
    """
    start = 0
    while start < size:
        end = start + (1 << (size - start).bit_length() - 1)
        yield start, end
        start = end


def list_inclusion_ranges(index: int, size: int) -> list[LeafRange]:
    """Return the leaves under each hash of an inclusion proof, from the leaf's sibling up.

    Source: RFC 9162, 2.1.3.1. A range that ends at `size` may not be a perfect subtree.

    Raises:
        InvalidProofError: the tree has no leaf with this index.

    >>> list_inclusion_ranges(4, 7)
    [(5, 6), (6, 7), (0, 4)]
    """
    if not 0 <= index < size:
        raise InvalidProofError(f"entry {index} is not among {size}")
    ranges: list[LeafRange] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _find_split(end - start)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    return ranges[::-1]


def list_consistency_ranges(old_size: int, size: int) -> list[LeafRange]:
    """Return the leaves under each hash of a consistency proof, in the proof's order.

    Source: RFC 9162, 2.1.4.1. The list is empty if the sizes are equal or the old one is 0.

    Raises:
        InvalidProofError: the old tree is larger.

    >>> list_consistency_ranges(6, 8)
    [(4, 6), (6, 8), (0, 4)]
    """
    if not 0 <= old_size <= size:
        raise InvalidProofError(f"{old_size} entries are not the beginning of {size}")
    ranges: list[LeafRange] = []
    start, end = 0, size
    if old_size in (0, size):
        return ranges
    while old_size != end:
        middle = start + _find_split(end - start)
        if old_size <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    if start:
        ranges.append((start, end))
    return ranges[::-1]


def _find_split(count: int) -> int:
    """Return the largest power of two below the count."""
    return 1 << (count - 1).bit_length() - 1


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """Verify that the tree with this size and root has the leaf hash at `index`.

    Source: RFC 9162, 2.1.3.2.

    Raises:
        InvalidProofError: the proof does not prove that.
    """
    if not 0 <= index < size:
        raise InvalidProofError(f"entry {index} is not among {size}")
    _check_hashes([leaf, root, *proof])
    node, last, computed = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise InvalidProofError("the inclusion proof has too many hashes")
        if node & 1 or node == last:
            computed = hash_node(sibling, computed)
            while not node & 1 and node:
                node >>= 1
                last >>= 1
        else:
            computed = hash_node(computed, sibling)
        node >>= 1
        last >>= 1
    if last:
        raise InvalidProofError("the inclusion proof has too few hashes")
    if computed != root:
        raise InvalidProofError("the inclusion proof does not lead to the root")


def verify_consistency(
    old_size: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]
) -> None:
    """Verify that the smaller tree is the beginning of the larger one.

    Source: RFC 9162, 2.1.4.2; the empty tree is the beginning of every tree.

    Raises:
        InvalidProofError: the proof does not prove that.
    """
    if not 0 <= old_size <= size:
        raise InvalidProofError(f"{old_size} entries are not the beginning of {size}")
    _check_hashes([old_root, root, *proof])
    if old_size in (0, size):
        if proof:
            raise InvalidProofError("the consistency proof has too many hashes")
        if old_root != (root if old_size else EMPTY_ROOT):
            raise InvalidProofError("two roots of one size differ")
        return
    hashes = list(proof)
    if old_size & (old_size - 1) == 0:
        hashes.insert(0, old_root)
    if not hashes:
        raise InvalidProofError("the consistency proof has too few hashes")
    node, last = old_size - 1, size - 1
    while node & 1:
        node >>= 1
        last >>= 1
    old_computed = computed = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            raise InvalidProofError("the consistency proof has too many hashes")
        if node & 1 or node == last:
            old_computed = hash_node(sibling, old_computed)
            computed = hash_node(sibling, computed)
            while not node & 1 and node:
                node >>= 1
                last >>= 1
        else:
            computed = hash_node(computed, sibling)
        node >>= 1
        last >>= 1
    if last:
        raise InvalidProofError("the consistency proof has too few hashes")
    if old_computed != old_root:
        raise InvalidProofError("the consistency proof does not lead to the old root")
    if computed != root:
        raise InvalidProofError("the consistency proof does not lead to the new root")


def _check_hashes(hashes: Iterable[bytes]) -> None:
    if any(len(hash_) != HASH_LENGTH for hash_ in hashes):
        raise InvalidProofError(f"a hash must have {HASH_LENGTH} bytes")
