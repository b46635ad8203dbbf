"""Check the published log against its checkpoint: every entry and every tile, streaming.

The root is computed from the entries alone. Tiles are compared with what the entries give, so that
a damaged tile is named whether or not the root is right. Where tiles are and how many hashes they
hold comes from `tlog.tiles`; what makes tiles (`tlog.tile_builder`) is not used here.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from prooftrail.errors import MalformedTileError
from prooftrail.tlog.merkle import HASH_LENGTH, Edge
from prooftrail.tlog.tiles import (
    WIDTH,
    Tile,
    TileReader,
    compute_subtree_root,
    find_partial_tile,
    join_partial_edges,
    make_tile,
    split_hashes,
    unpack_entry_bundle,
)
from prooftrail.verify.findings import Finding, FindingKind

READERS: Final = 16
WINDOW: Final = 64  # tiles that are read ahead


@dataclass(frozen=True, slots=True)
class Chunk:
    """Up to 256 published entries: an entry bundle and the tile of their hashes.

    `entries` is None if the bundle is missing or damaged, `hashes` if the tile is. `leaves` are the
    hashes of the entries; without entries, those of the tile.
    """

    bundle: Tile
    tile: Tile
    entries: Sequence[bytes] | None
    hashes: Sequence[bytes] | None
    leaves: Sequence[bytes] | None

    @property
    def start(self) -> int:
        """The position of the first entry."""
        return self.bundle.start

    @property
    def width(self) -> int:
        """The number of entries."""
        return self.bundle.width


@dataclass(slots=True)
class TreeCheck:
    """A pass over the published log of one size; `findings` grow on the way.

    After the last chunk `edge` is the right edge of the tree that the entries make. It is None if
    a part of the log has neither entries nor hashes.
    """

    tiles: TileReader
    size: int
    findings: list[Finding] = field(default_factory=list)
    edge: Edge | None = None

    def read_chunks(self) -> Iterator[Chunk]:
        """Yield every part of the log in order; compare each with its tiles."""
        levels: list[list[bytes]] = [[]]  # of each level the hashes that are in no full tile yet
        is_whole = True
        for chunk in self._fetch_chunks():
            yield chunk
            if chunk.leaves is None:
                is_whole = False
            elif is_whole:
                self._add_leaves(levels, chunk)
        if is_whole:
            for level, hashes in enumerate(levels[1:], 1):
                if tile := find_partial_tile(level, self.size):
                    self._compare(tile, hashes)
            self.edge = join_partial_edges(self.size, levels)

    def _fetch_chunks(self) -> Iterator[Chunk]:
        indexes = range(-(-self.size // WIDTH))
        with ThreadPoolExecutor(READERS) as pool:
            for at in range(0, len(indexes), WINDOW):
                window = indexes[at : at + WINDOW]
                bundles = [make_tile(None, index, self.size) for index in window]
                tiles = [make_tile(0, index, self.size) for index in window]
                contents = list(pool.map(self._read_tile, [*bundles, *tiles]))
                packed, hashes = contents[: len(window)], contents[len(window) :]
                for parts in zip(bundles, packed, tiles, hashes, strict=True):
                    yield self._parse_chunk(*parts)

    def _read_tile(self, tile: Tile) -> bytes | None:
        """Return the tile's bytes; a partial tile may also be read from the full one."""
        content = self.tiles.read(tile)
        if content is None and tile.width < WIDTH:
            full = self.tiles.read(Tile(tile.level, tile.index))
            if full is not None and tile.level is not None:
                return full[: tile.width * HASH_LENGTH]
            if full is not None:
                return _cut_bundle(full, tile.width)
        return content

    def _parse_chunk(
        self, bundle: Tile, packed: bytes | None, tile: Tile, content: bytes | None
    ) -> Chunk:
        entries: list[bytes] | None = None
        hashes: list[bytes] | None = None
        if packed is None:
            self._find(bundle, "the entry bundle is missing")
        else:
            try:
                entries = unpack_entry_bundle(packed, bundle.width)
            except MalformedTileError as error:
                self._find(bundle, str(error))
        if content is None:
            self._find(tile, "the tile is missing")
        else:
            try:
                hashes = split_hashes(tile, content)
            except MalformedTileError as error:
                self._find(tile, str(error))
        leaves = hashes
        if entries is not None:
            leaves = [sha256(b"\x00" + entry).digest() for entry in entries]
        return Chunk(bundle, tile, entries, hashes, leaves)

    def _find(self, tile: Tile, detail: str) -> None:
        self.findings.append(Finding(FindingKind.TILE, tile.path, detail))

    def _add_leaves(self, levels: list[list[bytes]], chunk: Chunk) -> None:
        """Add the leaves of the next chunk to the tree; compare every tile that becomes full."""
        hashes = chunk.leaves or ()
        if len(hashes) < WIDTH:
            levels[0] = list(hashes)
            return
        tile = chunk.tile
        level = 0
        while True:
            root = compute_subtree_root(hashes)
            tile, level = tile.parent, level + 1
            if len(levels) == level:
                levels.append([])
            hashes = levels[level]
            hashes.append(root)
            if len(hashes) < WIDTH:
                return
            self._compare(tile, hashes)
            levels[level] = []

    def _compare(self, tile: Tile, hashes: Sequence[bytes]) -> None:
        content = self._read_tile(tile)
        if content is None:
            self._find(tile, "the tile is missing")
        elif content != b"".join(hashes):
            self._find(tile, "its hashes are not the roots of the tiles below it")


def _cut_bundle(packed: bytes, count: int) -> bytes:
    """Return the first entries of a full bundle."""
    at = 0
    for _ in range(count):
        at += 2 + int.from_bytes(packed[at : at + 2], "big")
    return packed[:at]
