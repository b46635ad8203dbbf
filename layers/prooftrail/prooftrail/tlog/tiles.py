"""The tree and its entries as tiles of 256, and proofs made of them.

Source: C2SP tlog-tiles (https://c2sp.org/tlog-tiles), tile height 8.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from prooftrail.errors import InvalidProofError, MalformedTileError, TileMissingError
from prooftrail.tlog.merkle import (
    HASH_LENGTH,
    Edge,
    LeafRange,
    hash_node,
    list_consistency_ranges,
    list_inclusion_ranges,
    list_perfect_ranges,
)

HEIGHT: Final = 8
WIDTH: Final = 1 << HEIGHT
ENTRIES: Final = "entries"
MAX_LEVEL: Final = 63
_LENGTH_PREFIX: Final = 2
_PATH: Final = re.compile(
    r"tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Tile:
    """The address of a tile: its level (None for an entry bundle), its index and its width.

    The width is the number of hashes or entries in it, 1 to 256.
    """

    level: int | None
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """The path of the tile, under the log's address.

        >>> Tile(None, 1_234_067, 5).path
        'tile/entries/x001/x234/067.p/5'
        """
        groups = [f"{self.index % 1000:03d}"]
        rest = self.index // 1000
        while rest:
            groups.append(f"x{rest % 1000:03d}")
            rest //= 1000
        kind = ENTRIES if self.level is None else str(self.level)
        part = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{kind}/{'/'.join(reversed(groups))}{part}"

    @classmethod
    def from_path(cls, path: str) -> "Tile":
        """Parse the path of a tile.

        Raises:
            MalformedTileError: the text is not the path of a tile.
        """
        match = _PATH.fullmatch(path)
        if match:
            kind, index, width = match.groups()
            tile = cls(
                None if kind == ENTRIES else int(kind),
                int(index.replace("x", "").replace("/", "")),
                int(width or WIDTH),
            )
            if tile.path == path and (tile.level or 0) <= MAX_LEVEL and tile.width <= WIDTH:
                return tile
        raise MalformedTileError(f"{path[:100]} is not the path of a tile")

    @property
    def start(self) -> int:
        """The first entry below the tile."""
        return self.index << HEIGHT * ((self.level or 0) + 1)

    @property
    def parent(self) -> "Tile":
        """The tile one level up that holds the root of this one, as a full tile.

        >>> Tile(0, 300).parent
        Tile(level=1, index=1, width=256)
        """
        return Tile((self.level or 0) + 1, self.index >> HEIGHT)


def make_tile(level: int | None, index: int, size: int) -> Tile:
    """Return the tile of this level and index in a tree of this size, full or partial.

    Raises:
        TileMissingError: the tree is too small to have this tile.
    """
    width = min((size >> HEIGHT * (level or 0)) - (index << HEIGHT), WIDTH)
    if width <= 0:
        raise TileMissingError(Tile(level, index).path)
    return Tile(level, index, width)


def compute_partial_width(level: int, size: int) -> int:
    """Return how many hashes of a level are in no full tile, in a tree of this size: 0 to 255.

    >>> [compute_partial_width(level, 65_537) for level in (0, 1, 2)]
    [1, 0, 1]
    """
    return (size >> HEIGHT * level) % WIDTH


def find_partial_tile(level: int, size: int) -> Tile | None:
    """Return the partial tile of a level, or None if the level consists of full tiles.

    >>> find_partial_tile(0, 65_537), find_partial_tile(1, 65_537)
    (Tile(level=0, index=256, width=1), None)
    """
    width = compute_partial_width(level, size)
    return make_tile(level, size >> HEIGHT * (level + 1), size) if width else None


def compute_partial_edge(edge: Edge, level: int) -> Edge:
    """Return the right edge of a level's partial tile, whose hashes are taken as leaves.

    >>> edge = Edge(257, (b"root of 256", b"leaf"))
    >>> compute_partial_edge(edge, 1)
    Edge(size=1, hashes=(b'root of 256',))
    """
    width = compute_partial_width(level, edge.size)
    above = (edge.size >> HEIGHT * (level + 1)).bit_count()
    return Edge(width, edge.hashes[above : above + width.bit_count()])


def join_partial_edges(size: int, hashes: Sequence[Sequence[bytes]]) -> Edge:
    """Return a tree's right edge from the hashes of its partial tiles, from the leaves up.

    >>> join_partial_edges(257, [[b"leaf"], [b"root of 256"]])
    Edge(size=257, hashes=(b'root of 256', b'leaf'))
    """
    edges = [Edge().with_leaves(of_level) for of_level in reversed(hashes)]
    return Edge(size, tuple(node for edge in edges for node in edge.hashes))


def list_tiles(size: int) -> Iterator[Tile]:
    """Yield every hash tile of a tree, from the leaves up, each level from the left.

    >>> [tile.path for tile in list_tiles(257)]
    ['tile/0/000', 'tile/0/001.p/1', 'tile/1/000.p/1']
    """
    level = 0
    while size >> HEIGHT * level:
        for index in range(-(-(size >> HEIGHT * level) // WIDTH)):
            yield make_tile(level, index, size)
        level += 1


def split_hashes(tile: Tile, content: bytes) -> list[bytes]:
    """Return the hashes of a tile.

    Raises:
        MalformedTileError: the tile does not have as many hashes as its width says.
    """
    if len(content) != tile.width * HASH_LENGTH:
        raise MalformedTileError(
            f"{tile.path} has {len(content)} bytes, not {tile.width * HASH_LENGTH}"
        )
    return [content[at : at + HASH_LENGTH] for at in range(0, len(content), HASH_LENGTH)]


def compute_subtree_root(hashes: Sequence[bytes]) -> bytes:
    """Return the root over these hashes. Their number must be a power of two."""
    while len(hashes) > 1:
        hashes = [hash_node(hashes[at], hashes[at + 1]) for at in range(0, len(hashes), 2)]
    return hashes[0]


def pack_entry_bundle(entries: Sequence[bytes]) -> bytes:
    """Return entries as an entry bundle: each entry after its length (uint16)."""
    return b"".join(
        [part for entry in entries for part in (len(entry).to_bytes(_LENGTH_PREFIX, "big"), entry)]
    )


def unpack_entry_bundle(packed: bytes, count: int) -> list[bytes]:
    """Return the entries of an entry bundle.

    Raises:
        MalformedTileError: the bundle does not have exactly `count` entries.
    """
    entries: list[bytes] = []
    at = 0
    while at < len(packed):
        start = at + _LENGTH_PREFIX
        at = start + int.from_bytes(packed[at:start], "big")
        if at > len(packed) or start > len(packed):
            raise MalformedTileError("the entry bundle ends within an entry")
        entries.append(packed[start:at])
    if len(entries) != count:
        raise MalformedTileError(f"the entry bundle has {len(entries)} entries, not {count}")
    return entries


class TileReader(Protocol):
    """A source of tiles."""

    def read(self, tile: Tile) -> bytes | None:
        """Return the tile's bytes, or None if the tile does not exist.

        Raises:
            StoreUnavailableError, StoreRejectedError: the tile cannot be read now.
        """


class TreeReader:
    """The hashes of a tree of one size, from its tiles and its right edge. It reads a tile once.

    It does not verify what it reads: verify the proofs that it makes.
    """

    def __init__(self, tiles: TileReader, edge: Edge) -> None:
        self._tiles = tiles
        self._edge = edge
        self._starts = {start for start, _ in list_perfect_ranges(edge.size)}
        self._read: dict[tuple[int, int], list[bytes]] = {}

    @classmethod
    def from_tiles(cls, tiles: TileReader, size: int) -> "TreeReader":
        """Return the reader of a tree of this size, with its right edge read from the tiles.

        Raises: see `read_leaf`.
        """
        bare = cls(tiles, Edge(size))
        return cls(
            tiles,
            Edge(size, tuple(bare._read_perfect(leaves) for leaves in list_perfect_ranges(size))),
        )

    def read_leaf(self, index: int) -> bytes:
        """Return the hash of a leaf.

        Raises:
            InvalidProofError: the tree has no leaf with this index.
            TileMissingError, MalformedTileError: the leaf's tile is missing or not valid.
            StoreUnavailableError, StoreRejectedError: see `TileReader`.
        """
        if not 0 <= index < self._edge.size:
            raise InvalidProofError(f"entry {index} is not among {self._edge.size}")
        return self._read_hashes(0, index // WIDTH)[index % WIDTH]

    def make_inclusion_proof(self, index: int) -> list[bytes]:
        """Return the inclusion proof of an entry in this tree.

        Raises: see `read_leaf`.
        """
        return [self._read_hash(leaves) for leaves in list_inclusion_ranges(index, self._edge.size)]

    def make_consistency_proof(self, old_size: int, size: int | None = None) -> list[bytes]:
        """Return the proof that the tree of the old size is the beginning of the tree of `size`.

        `size` is a size that this tree had, by default its current one.

        Raises: see `read_leaf`; and InvalidProofError, if the old tree is larger, or if this tree
            never had the size.
        """
        end = self._edge.size if size is None else size
        self._check_size(end)
        return [self._read_hash(leaves) for leaves in list_consistency_ranges(old_size, end)]

    def read_edge(self, size: int) -> Edge:
        """Return the right edge that this tree had at an earlier size.

        Raises: see `read_leaf`; and InvalidProofError, if the tree never had this size.
        """
        self._check_size(size)
        if size == self._edge.size:
            return self._edge
        return Edge(size, tuple(self._read_hash(leaves) for leaves in list_perfect_ranges(size)))

    def _check_size(self, size: int) -> None:
        if not 0 <= size <= self._edge.size:
            raise InvalidProofError(f"{size} entries are not the beginning of {self._edge.size}")

    def _read_hash(self, leaves: LeafRange) -> bytes:
        start, end = leaves
        if end == self._edge.size and start in self._starts:
            return self._edge.compute_root_from(start)
        perfect = [
            self._read_perfect((start + first, start + last))
            for first, last in list_perfect_ranges(end - start)
        ]
        return Edge(end - start, tuple(perfect)).compute_root()

    def _read_perfect(self, leaves: LeafRange) -> bytes:
        start, end = leaves
        level = (end - start).bit_length() - 1
        tile_level, height = divmod(level, HEIGHT)
        first = start >> HEIGHT * tile_level
        offset = first % WIDTH
        hashes = self._read_hashes(tile_level, first // WIDTH)
        return compute_subtree_root(hashes[offset : offset + (1 << height)])

    def _read_hashes(self, level: int, index: int) -> list[bytes]:
        found = self._read.get((level, index))
        if found is None:
            tile = make_tile(level, index, self._edge.size)
            found = self._read[level, index] = split_hashes(tile, self._read_content(tile))
        return found

    def _read_content(self, tile: Tile) -> bytes:
        content = self._tiles.read(tile)
        # A log may drop a partial tile when the full one exists.
        if content is None and tile.width < WIDTH:
            full = self._tiles.read(Tile(tile.level, tile.index))
            content = full and full[: tile.width * HASH_LENGTH]
        if content is None:
            raise TileMissingError(tile.path)
        return content
