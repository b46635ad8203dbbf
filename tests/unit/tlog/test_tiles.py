"""Tiles against the text of C2SP tlog-tiles, and the proofs made of them against RFC 9162's."""

import sys
from collections import Counter
from functools import cache
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prooftrail.errors import InvalidProofError, MalformedTileError, TileMissingError
from prooftrail.tlog.merkle import Edge, hash_leaf, verify_consistency, verify_inclusion
from prooftrail.tlog.tiles import (
    WIDTH,
    Tile,
    TreeReader,
    compute_subtree_root,
    list_tiles,
    make_tile,
    split_hashes,
)
from tests.support.reference import compute_path, compute_proof, compute_root

LARGE = 65_536 + 300
ENTRIES = [b"entry %d" % n for n in range(LARGE)]
LEAVES = [hash_leaf(entry) for entry in ENTRIES]
LEVELS = st.none() | st.integers(0, 63)
TILES = st.builds(Tile, LEVELS, st.integers(0, 2**56), st.integers(1, 256))
BORDERS = [255, 256, 257, 511, 512, 513]


@cache
def nodes(height: int) -> list[bytes]:
    """The roots of all perfect subtrees of this height, from the left."""
    if height == 0:
        return LEAVES
    below = nodes(height - 1)
    return [sha256(b"\1" + below[at - 1] + below[at]).digest() for at in range(1, len(below), 2)]


@cache
def edge_of(size: int) -> Edge:
    return Edge().with_leaves(LEAVES[:size])


class Tiles:
    """The tiles of a tree in memory; it counts what is read of them."""

    def __init__(self, size: int) -> None:
        self.kept: dict[Tile, bytes] = {}
        self.reads: Counter[Tile] = Counter()
        for level in range(3):
            count = size // 256**level
            for start in range(0, count, 256):
                width = min(256, count - start)
                hashes = nodes(8 * level)[start : start + width]
                self.kept[Tile(level, start // 256, width)] = b"".join(hashes)

    def read(self, tile: Tile) -> bytes | None:
        self.reads[tile] += 1
        return self.kept.get(tile)


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(0, 999, 1), "tile/0/999.p/1"),
        (Tile(1, 1000, 255), "tile/1/x001/000.p/255"),
        (Tile(63, 1_234_067), "tile/63/x001/x234/067"),
        (Tile(None, 0), "tile/entries/000"),
        (Tile(None, 1_000_000, 16), "tile/entries/x001/x000/000.p/16"),
    ],
)
def test_paths_are_those_of_the_specification(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert Tile.from_path(path) == tile


@given(TILES)
def test_paths_lead_back_to_their_tiles(tile: Tile) -> None:
    assert Tile.from_path(tile.path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile",
        "tile/0",
        "tile/0/",
        "/tile/0/000",
        "tile/0/000/",
        "tile/0/000\n",
        "tile//000",
        "tile/00/000",
        "tile/01/000",
        "tile/64/000",
        "tile/100/000",
        "tile/-1/000",
        "tile/+1/000",
        "tile/x/000",
        "tile/Entries/000",
        "tile/\u0663/000",
        "tile/0/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/0/x000",
        "tile/0/000/001",
        "tile/0/x000/001",
        "tile/0/x01/001",
        "tile/0/X001/001",
        "tile/0/x001x/001",
        "tile/0/x001//001",
        "tile/0/\u0660\u0660\u0660",
        "tile/0/000.p",
        "tile/0/000.p/",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/000.p/256",
        "tile/0/000.p/999",
        "tile/0/000.p/1000",
        "tile/0/000.p/-1",
        "tile/0/000.p/1/",
        "tile/0/000.p/1.p/1",
        "tile/0/000.q/1",
        "tile/0/../000",
        "tile/0/x001/../000",
        "../tile/0/000",
        "tile/0/000/..",
        "tile/0/%30%30%30",
        "tile/0/" + 2_000 * "x001/" + "000",
    ],
)
def test_a_text_that_is_not_the_path_of_a_tile_is_refused(path: str) -> None:
    with pytest.raises(MalformedTileError, match="is not the path of a tile"):
        Tile.from_path(path)


@given(st.text() | st.from_regex(r"tile/(entries|[0-9]{1,3})/([x0-9]{1,4}/?){1,3}(\.p/[0-9]+)?"))
def test_a_path_is_refused_or_is_that_of_its_tile(path: str) -> None:
    try:
        tile = Tile.from_path(path)
    except MalformedTileError:
        return
    assert tile.path == path
    assert 1 <= tile.width <= 256


def test_the_specifications_tree_of_70_000() -> None:
    tiles = list(list_tiles(70_000))
    assert tiles == [
        *(Tile(0, index) for index in range(273)),
        Tile(0, 273, 112),
        Tile(1, 0),
        Tile(1, 1, 17),
        Tile(2, 0, 1),
    ]


@pytest.mark.parametrize(
    ("size", "paths"),
    [
        (0, []),
        (1, ["tile/0/000.p/1"]),
        (255, ["tile/0/000.p/255"]),
        (256, ["tile/0/000", "tile/1/000.p/1"]),
        (257, ["tile/0/000", "tile/0/001.p/1", "tile/1/000.p/1"]),
    ],
)
def test_the_tiles_of_small_trees(size: int, paths: list[str]) -> None:
    assert [tile.path for tile in list_tiles(size)] == paths


@pytest.mark.parametrize("size", [1, 70, *BORDERS, 65_535, 65_536, LARGE])
def test_the_tiles_of_a_tree_are_those_of_the_definition(size: int) -> None:
    assert set(list_tiles(size)) == Tiles(size).kept.keys()


def test_tiles_and_bundles_begin_where_their_first_entry_is() -> None:
    assert [Tile(level, 3).start for level in (None, 0, 1, 2)] == [768, 768, 3 << 16, 3 << 24]
    assert make_tile(None, 1, 300) == Tile(None, 1, 44)
    assert make_tile(0, 0, 300) == Tile(0, 0)
    for level, index in ((0, 2), (None, 2), (1, 1), (2, 0)):
        with pytest.raises(TileMissingError):
            make_tile(level, index, 300)


@pytest.mark.parametrize("length", [0, 32, 95, 97, 128])
def test_a_tile_holds_as_many_hashes_as_its_width_says(length: int) -> None:
    assert split_hashes(Tile(0, 0, 3), b"".join(LEAVES[:3])) == LEAVES[:3]
    with pytest.raises(MalformedTileError, match=f"{length} bytes, not 96"):
        split_hashes(Tile(0, 0, 3), bytes(length))


@pytest.mark.parametrize("height", range(9))
def test_the_root_of_a_perfect_subtree(height: int) -> None:
    assert compute_subtree_root(LEAVES[: 1 << height]) == compute_root(ENTRIES[: 1 << height])


@pytest.mark.parametrize("size", range(1, 71))
def test_every_proof_of_a_small_tree_is_that_of_the_definition(size: int) -> None:
    tiles = Tiles(size)
    tree = TreeReader(tiles, edge_of(size))
    for index in range(size):
        assert tree.read_leaf(index) == LEAVES[index]
        assert tree.make_inclusion_proof(index) == compute_path(index, ENTRIES[:size])
        assert tree.make_consistency_proof(index + 1) == compute_proof(index + 1, ENTRIES[:size])
        assert tree.read_edge(index + 1) == edge_of(index + 1)
    assert set(tiles.reads.values()) == {1}


@pytest.mark.parametrize("size", BORDERS)
def test_proofs_near_the_borders_of_tiles_are_those_of_the_definition(size: int) -> None:
    tiles = Tiles(size)
    tree = TreeReader(tiles, edge_of(size))
    for index in sorted({0, 1, 127, 254, 255, 256, 257, size - 2, size - 1}):
        if index < size:
            assert tree.read_leaf(index) == LEAVES[index]
            assert tree.make_inclusion_proof(index) == compute_path(index, ENTRIES[:size])
            assert tree.make_consistency_proof(index + 1) == compute_proof(
                index + 1, ENTRIES[:size]
            )
            assert tree.read_edge(index + 1) == edge_of(index + 1)
    assert set(tiles.reads.values()) == {1}


@pytest.mark.parametrize("size", [*range(1, 12), *BORDERS])
def test_proofs_between_earlier_sizes_are_those_of_the_definition(size: int) -> None:
    tiles = Tiles(size)
    tree = TreeReader(tiles, edge_of(size))
    sizes = sorted({1, 2, 3, 5, 7, 128, 255, 256, 257, 511, size - 1, size} & {*range(1, size + 1)})
    for new in sizes:
        for old in (n for n in sizes if n <= new):
            assert tree.make_consistency_proof(old, new) == compute_proof(old, ENTRIES[:new])
    assert set(tiles.reads.values()) <= {1}


def test_proofs_between_earlier_sizes_of_a_large_tree_read_few_tiles() -> None:
    for old, new in ((1, 2), (255, 65_535), (40_000, 65_537), (65_281, LARGE - 1), (1, LARGE - 1)):
        tiles = Tiles(LARGE)
        tree = TreeReader(tiles, edge_of(LARGE))
        proof = tree.make_consistency_proof(old, new)
        roots = edge_of(old).compute_root(), edge_of(new).compute_root()
        verify_consistency(old, roots[0], new, roots[1], proof)
        assert len(tiles.reads) <= 6  # two of each level


@pytest.mark.parametrize("size", [65_535, 65_536, 65_537, LARGE])
def test_proofs_of_large_trees_verify(size: int) -> None:
    tiles = Tiles(size)
    root = edge_of(size).compute_root()
    tree = TreeReader(tiles, edge_of(size))
    for index in (0, 255, 256, 40_000, 65_279, 65_280, 65_534, size - 1):
        verify_inclusion(LEAVES[index], index, size, tree.make_inclusion_proof(index), root)
        old, proof = edge_of(index + 1), tree.make_consistency_proof(index + 1)
        verify_consistency(old.size, old.compute_root(), size, root, proof)
        assert tree.read_edge(index + 1) == old
    assert set(tiles.reads.values()) == {1}
    assert len(tiles.reads) < 20


def test_the_whole_and_the_empty_tree_need_no_tile() -> None:
    tiles = Tiles(300)
    tree = TreeReader(tiles, edge_of(300))
    assert tree.read_edge(300) == edge_of(300)
    assert tree.read_edge(0) == Edge()
    assert tree.make_consistency_proof(300) == tree.make_consistency_proof(0) == []
    assert not tiles.reads


def test_an_index_outside_the_tree_is_refused_without_a_read() -> None:
    tiles = Tiles(513)
    tree = TreeReader(tiles, edge_of(300))
    for index in (-1, 300, 511, 512, 10**6):
        with pytest.raises(InvalidProofError, match=f"entry {index} is not among 300"):
            tree.read_leaf(index)
        with pytest.raises(InvalidProofError):
            tree.make_inclusion_proof(index)
    for size in (-1, 301, 512, 10**6):
        with pytest.raises(InvalidProofError, match=f"{size} entries are not the beginning of 300"):
            tree.read_edge(size)
        with pytest.raises(InvalidProofError):
            tree.make_consistency_proof(size)
        with pytest.raises(InvalidProofError):
            tree.make_consistency_proof(1, size)
    assert not tiles.reads


def test_a_full_tile_serves_where_the_partial_one_is_dropped() -> None:
    tiles = Tiles(300)
    del tiles.kept[Tile(0, 1, 44)]
    tiles.kept[Tile(0, 1)] = b"".join(LEAVES[256:512])
    tree = TreeReader(tiles, edge_of(300))
    for index in (0, 256, 299):
        assert tree.make_inclusion_proof(index) == compute_path(index, ENTRIES[:300])
    assert tree.read_leaf(299) == LEAVES[299]
    assert tiles.reads[Tile(0, 1, 44)] == tiles.reads[Tile(0, 1, WIDTH)] == 1


@pytest.mark.parametrize("missing", [Tile(0, 0), Tile(0, 1, 44)])
def test_a_missing_tile_is_named(missing: Tile) -> None:
    tiles = Tiles(300)
    del tiles.kept[missing]
    tree = TreeReader(tiles, edge_of(300))
    with pytest.raises(TileMissingError) as caught:
        tree.make_inclusion_proof(missing.start)
    assert caught.value.path == missing.path


@pytest.mark.parametrize("width", [44, 256])
@pytest.mark.parametrize("content", [b"", bytes(43 * 32), bytes(44 * 32 - 1)])
def test_a_tile_of_a_wrong_length_is_refused(content: bytes, width: int) -> None:
    tiles = Tiles(300)
    del tiles.kept[Tile(0, 1, 44)]
    tiles.kept[Tile(0, 1, width)] = content
    tree = TreeReader(tiles, edge_of(300))
    with pytest.raises(MalformedTileError, match=f"{len(content)} bytes, not {44 * 32}"):
        tree.read_leaf(256)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="aics-tlog needs Python 3.12")
def test_tiles_are_those_of_aics_tlog() -> None:
    from aics_tlog import tiles as theirs  # type: ignore[import-not-found,unused-ignore]

    for size in (1, 70, *BORDERS, LARGE):
        built = theirs.materialise_tiles(ENTRIES[:size])
        hashes = {path: built[path] for path in built if not path.startswith("tile/entries/")}
        assert {tile.path: kept for tile, kept in Tiles(size).kept.items()} == hashes
    for index in (0, 999, 1_000, 1_234_067, 2**55):
        for width in (1, 255, None):
            tile, bundle = Tile(5, index, width or WIDTH), Tile(None, index, width or WIDTH)
            assert theirs.tile_path(5, index, width) == tile.path
            assert theirs.entry_bundle_path(index, width) == bundle.path
