"""The Merkle tree against the RFC's definition, its vectors and an independent implementation."""

import sys
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from prooftrail.errors import InvalidProofError
from prooftrail.tlog.merkle import (
    EMPTY_ROOT,
    Edge,
    hash_leaf,
    hash_node,
    list_consistency_ranges,
    list_inclusion_ranges,
    list_perfect_ranges,
    verify_consistency,
    verify_inclusion,
)
from tests.support.reference import STANDARD_ENTRIES, compute_path, compute_proof, compute_root

ENTRIES = [b"entry %d" % n for n in range(301)]
LEAVES = [hash_leaf(entry) for entry in ENTRIES]
SIZES = st.integers(1, 300)


@cache
def reference_root(size: int) -> bytes:
    return compute_root(ENTRIES[:size])


def edge_of(size: int) -> Edge:
    return Edge().with_leaves(LEAVES[:size])


def hashes_of(ranges: list[tuple[int, int]]) -> list[bytes]:
    return [compute_root(ENTRIES[start:end]) for start, end in ranges]


def flipped(content: bytes, bit: int) -> bytes:
    return bytes(one ^ (1 << bit % 8) * (at == bit // 8) for at, one in enumerate(content))


def test_the_standard_vectors() -> None:
    leaves = [hash_leaf(entry) for entry in STANDARD_ENTRIES]
    assert Edge().compute_root().hex() == EMPTY_ROOT.hex()
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert Edge().with_leaves(leaves[:7]).compute_root().hex() == (
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"
    )
    assert Edge().with_leaves(leaves).compute_root().hex() == (
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    )


def test_every_size_up_to_300_has_the_root_of_the_definition() -> None:
    edge = Edge()
    for size in range(301):
        assert edge.compute_root() == reference_root(size), size
        assert len(edge.hashes) == size.bit_count()
        edge = edge.with_leaves([LEAVES[size]])


def test_every_size_up_to_300_has_the_root_and_the_paths_of_pymerkle() -> None:
    tree = InmemoryTree()
    for size in range(1, 301):
        tree.append_entry(ENTRIES[size - 1])
        assert tree.get_root() == reference_root(size), size
        for index in {0, size // 3, size // 2, size - 1}:
            leaf, *theirs = tree.prove_inclusion(index + 1, size).serialize()["path"]
            ours = hashes_of(list_inclusion_ranges(index, size))
            assert (leaf, theirs) == (LEAVES[index].hex(), [one.hex() for one in ours])
            verify_inclusion(LEAVES[index], index, size, ours, tree.get_root())


@pytest.mark.skipif(sys.version_info < (3, 12), reason="aics-tlog needs Python 3.12")
def test_every_size_up_to_300_has_the_root_and_the_proofs_of_aics_tlog() -> None:
    from aics_tlog import MerkleTree  # type: ignore[import-not-found,unused-ignore]

    tree = MerkleTree(ENTRIES)
    for size in range(1, 301):
        assert tree.root(size) == edge_of(size).compute_root(), size
        for index in {0, size // 3, size // 2, size - 1}:
            ours = hashes_of(list_inclusion_ranges(index, size))
            assert tree.inclusion_proof(index, size) == ours
        for old_size in {1, size // 3 or 1, size // 2 or 1, size}:
            ours = hashes_of(list_consistency_ranges(old_size, size))
            assert tree.consistency_proof(old_size, size) == ours


@given(SIZES, st.data())
def test_inclusion_proofs_are_those_of_the_definition_and_verify(
    size: int, data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof = hashes_of(list_inclusion_ranges(index, size))
    assert proof == compute_path(index, ENTRIES[:size])
    assert len(proof) <= (size - 1).bit_length()
    verify_inclusion(LEAVES[index], index, size, proof, reference_root(size))


@given(SIZES, st.data())
def test_consistency_proofs_are_those_of_the_definition_and_verify(
    size: int, data: st.DataObject
) -> None:
    old_size = data.draw(st.integers(1, size))
    proof = hashes_of(list_consistency_ranges(old_size, size))
    assert proof == compute_proof(old_size, ENTRIES[:size])
    verify_consistency(old_size, reference_root(old_size), size, reference_root(size), proof)


@pytest.mark.parametrize(
    "size", [1, 2, 3, 7, *(pytest.param(size, marks=pytest.mark.slow) for size in (8, 13))]
)
def test_every_bit_of_an_inclusion_proof_counts(size: int) -> None:
    root = reference_root(size)
    for index in range(size):
        proof = compute_path(index, ENTRIES[:size])
        whole = b"".join([LEAVES[index], root, *proof])
        for bit in range(8 * len(whole)):
            leaf, wrong_root, *hashes = split(flipped(whole, bit))
            with pytest.raises(InvalidProofError):
                verify_inclusion(leaf, index, size, hashes, wrong_root)


@pytest.mark.parametrize(("old_size", "size"), [(1, 2), (3, 7), (4, 8), (6, 8), (8, 13)])
def test_every_bit_of_a_consistency_proof_counts(old_size: int, size: int) -> None:
    proof = compute_proof(old_size, ENTRIES[:size])
    whole = b"".join([reference_root(old_size), reference_root(size), *proof])
    for bit in range(8 * len(whole)):
        old_root, root, *hashes = split(flipped(whole, bit))
        with pytest.raises(InvalidProofError):
            verify_consistency(old_size, old_root, size, root, hashes)


def split(packed: bytes) -> list[bytes]:
    return [packed[at : at + 32] for at in range(0, len(packed), 32)]


@given(SIZES, st.data())
def test_an_inclusion_proof_of_another_index_or_size_fails(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    claimed = data.draw(st.integers(0, size + 3))
    claimed_size = data.draw(st.integers(0, size + 3))
    proof = compute_path(index, ENTRIES[:size])
    is_same_path = (claimed, claimed_size) == (index, size) or (
        # RFC 9162's check knows a size only by the shape of the path.
        0 <= claimed < claimed_size and shape(claimed, claimed_size) == shape(index, size)
    )
    if is_same_path:
        verify_inclusion(LEAVES[index], claimed, claimed_size, proof, reference_root(size))
    else:
        with pytest.raises(InvalidProofError):
            verify_inclusion(LEAVES[index], claimed, claimed_size, proof, reference_root(size))


def shape(index: int, size: int) -> list[bool]:
    """On which side each hash of the path stands."""
    return [start < index for start, _ in list_inclusion_ranges(index, size)]


@given(SIZES, st.data())
def test_proofs_cut_short_or_drawn_out_fail(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    old_size = data.draw(st.integers(1, size))
    path, proof = compute_path(index, ENTRIES[:size]), compute_proof(old_size, ENTRIES[:size])
    root, old_root = reference_root(size), reference_root(old_size)
    for wrong in (path[:-1], [*path, LEAVES[0]], path[1:], [LEAVES[0], *path]):
        if wrong != path:
            with pytest.raises(InvalidProofError):
                verify_inclusion(LEAVES[index], index, size, wrong, root)
    for wrong in (proof[:-1], [*proof, LEAVES[0]], proof[1:], [LEAVES[0], *proof]):
        if wrong != proof:
            with pytest.raises(InvalidProofError):
                verify_consistency(old_size, old_root, size, root, wrong)


@pytest.mark.parametrize(
    ("index", "size"), [(0, 0), (1, 1), (-1, 5), (5, 5)], ids=["empty", "end", "negative", "next"]
)
def test_an_index_outside_of_the_tree_is_refused(index: int, size: int) -> None:
    with pytest.raises(InvalidProofError, match=f"entry {index} is not among {size}"):
        verify_inclusion(LEAVES[0], index, size, [], LEAVES[0])
    with pytest.raises(InvalidProofError):
        list_inclusion_ranges(index, size)


def test_hashes_of_another_length_are_refused() -> None:
    with pytest.raises(InvalidProofError, match="32 bytes"):
        verify_inclusion(LEAVES[0], 0, 2, [b"short"], reference_root(2))
    with pytest.raises(InvalidProofError, match="32 bytes"):
        verify_consistency(1, LEAVES[0], 2, reference_root(2)[:-1], [LEAVES[1]])


def test_the_empty_tree_begins_every_tree_and_needs_no_proof() -> None:
    verify_consistency(0, EMPTY_ROOT, 9, reference_root(9), [])
    with pytest.raises(InvalidProofError):
        verify_consistency(0, LEAVES[0], 9, reference_root(9), [])
    with pytest.raises(InvalidProofError):
        verify_consistency(0, EMPTY_ROOT, 9, reference_root(9), [LEAVES[0]])


def test_a_shrinking_tree_is_not_consistent() -> None:
    with pytest.raises(InvalidProofError, match="9 entries are not the beginning of 8"):
        verify_consistency(9, reference_root(9), 8, reference_root(8), [])
    with pytest.raises(InvalidProofError):
        list_consistency_ranges(9, 8)


def test_two_trees_of_one_size_are_one_tree() -> None:
    verify_consistency(5, reference_root(5), 5, reference_root(5), [])
    with pytest.raises(InvalidProofError, match="two roots of one size"):
        verify_consistency(5, reference_root(5), 5, reference_root(6), [])


@given(SIZES, st.data())
def test_an_edge_grows_in_any_steps_and_survives_packing(size: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, size))
    edge = edge_of(first)
    again = Edge.from_bytes(edge.size, edge.to_bytes())
    assert again == edge
    assert again.with_leaves(LEAVES[first:size]) == edge_of(size)


def test_an_edge_of_another_size_is_refused() -> None:
    for size, packed in ((3, b"x" * 32), (-1, b""), (1 << 63, b"x" * 32), (1, b"x" * 31)):
        with pytest.raises(InvalidProofError, match="not the right edge"):
            Edge.from_bytes(size, packed)


def test_an_edge_returns_the_root_of_each_of_its_subtrees() -> None:
    edge = edge_of(13)
    starts = [start for start, _ in list_perfect_ranges(13)]
    assert starts == [0, 8, 12]
    assert [edge.compute_root_from(start) for start in starts] == [
        compute_root(ENTRIES[start:13]) for start in starts
    ]
    for start in (1, 13, 20):
        with pytest.raises(InvalidProofError, match="no perfect subtree"):
            edge.compute_root_from(start)


def test_leaves_and_nodes_are_kept_apart() -> None:
    left, right = LEAVES[:2]
    assert hash_leaf(left + right) != hash_node(left, right)
