"""The published log against its checkpoint: every entry, every tile, streaming.

The root is computed from the entries alone. Tiles are compared with what the entries give, so
that a damaged one is named whether or not the root holds.
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
    make_tile,
    unpack_entry_bundle,
)
from prooftrail.verify.findings import Finding, FindingKind

READERS: Final = 16
WINDOW: Final = 64  # tiles that are read ahead
PUBLISHED: Final = "published log"


@dataclass(frozen=True, slots=True)
class Chunk:
    """Up to 256 entries as they are published, from `start` on.

    `entries` is None where their bundle is missing or damaged, `hashes` where the tile is. `leaves`
    are the hashes of the entries, or those of the tile where there are no entries.
    """

    start: int
    width: int
    entries: Sequence[bytes] | None
    hashes: Sequence[bytes] | None
    leaves: Sequence[bytes] | None


@dataclass(slots=True)
class TreeCheck:
    """A pass over the published log of one size; `findings` grow on the way.

    After the last chunk `edge` is the right edge of the tree that the entries make, or None where
    there were neither entries nor hashes for a part of it.
    """

    tiles: TileReader
    size: int
    findings: list[Finding] = field(default_factory=list)
    edge: Edge | None = None

    def chunks(self) -> Iterator[Chunk]:
        """Every part of the log in order, each compared with its tiles."""
        levels: list[list[bytes]] = [[]]
        is_whole = True
        for chunk in self._read():
            yield chunk
            if chunk.leaves is None:
                is_whole = False
            elif is_whole:
                self._grow(levels, chunk.start // WIDTH, chunk.leaves)
        if is_whole:
            for level, hashes in enumerate(levels[1:], 1):
                if hashes:
                    self._compare(level, (self.size >> 8 * level) // WIDTH, hashes)
            hashes_of = [Edge().with_leaves(hashes).hashes for hashes in reversed(levels)]
            self.edge = Edge(self.size, tuple(one for part in hashes_of for one in part))

    def _read(self) -> Iterator[Chunk]:
        indices = range(-(-self.size // WIDTH))
        with ThreadPoolExecutor(READERS) as pool:
            for at in range(0, len(indices), WINDOW):
                window = indices[at : at + WINDOW]
                bundles = [make_tile(None, index, self.size) for index in window]
                tiles = [make_tile(0, index, self.size) for index in window]
                contents = pool.map(self._content, [*bundles, *tiles])
                found = list(contents)
                for n, bundle in enumerate(bundles):
                    yield self._chunk(bundle, found[n], tiles[n], found[len(window) + n])

    def _content(self, tile: Tile) -> bytes | None:
        """The tile's bytes; those of the full one will do for a partial one."""
        content = self.tiles.read(tile)
        if content is None and tile.width < WIDTH:
            full = self.tiles.read(Tile(tile.level, tile.index))
            if full is not None and tile.level is not None:
                return full[: tile.width * HASH_LENGTH]
            if full is not None:
                return _shortened(full, tile.width)
        return content

    def _chunk(self, bundle: Tile, packed: bytes | None, tile: Tile, hashes: bytes | None) -> Chunk:
        entries: list[bytes] | None = None
        if packed is None:
            self._find(bundle, "it is missing")
        else:
            try:
                entries = unpack_entry_bundle(packed, bundle.width)
            except MalformedTileError as error:
                self._find(bundle, str(error))
        split: list[bytes] | None = None
        if hashes is None:
            self._find(tile, "it is missing")
        elif len(hashes) != tile.width * HASH_LENGTH:
            self._find(tile, f"it has {len(hashes)} bytes, not {tile.width * HASH_LENGTH}")
        else:
            split = [hashes[at : at + HASH_LENGTH] for at in range(0, len(hashes), HASH_LENGTH)]
        leaves = split
        if entries is not None:
            leaves = [sha256(b"\x00" + one).digest() for one in entries]
        return Chunk(bundle.start, bundle.width, entries, split, leaves)

    def _find(self, tile: Tile, detail: str) -> None:
        self.findings.append(Finding(FindingKind.TILE, tile.path, detail))

    def _grow(self, levels: list[list[bytes]], index: int, leaves: Sequence[bytes]) -> None:
        if len(leaves) < WIDTH:
            levels[0] = list(leaves)
            return
        root, level = compute_subtree_root(leaves), 1
        while True:
            if len(levels) == level:
                levels.append([])
            levels[level].append(root)
            if len(levels[level]) < WIDTH:
                return
            index //= WIDTH
            self._compare(level, index, levels[level])
            root, levels[level] = compute_subtree_root(levels[level]), []
            level += 1

    def _compare(self, level: int, index: int, hashes: Sequence[bytes]) -> None:
        tile = Tile(level, index, len(hashes))
        content = self._content(tile)
        if content is None:
            self._find(tile, "it is missing")
        elif content != b"".join(hashes):
            self._find(tile, "its hashes are not those of the tiles below it")


def _shortened(packed: bytes, count: int) -> bytes:
    """The first entries of a full bundle."""
    at = 0
    for _ in range(count):
        at += 2 + int.from_bytes(packed[at : at + 2], "big")
    return packed[:at]
