"""Making the tiles of a tree from its entries."""

from collections.abc import Callable, Iterator, Sequence

from prooftrail.errors import TileMissingError
from prooftrail.tlog.tiles import (
    WIDTH,
    Tile,
    compute_subtree_root,
    find_partial_tile,
    pack_entry_bundle,
)


def _find_nothing(tile: Tile) -> list[bytes]:
    raise TileMissingError(tile.path)


class TileBuilder:
    """Makes entry bundles and tiles from the entries of a growing tree.

    `size` is that of the tree so far. The first added entry is the first of its partial bundle, or
    the next one if there is none. `read_partial` returns the hashes of a partial tile above the
    leaves of the tree so far. Memory stays flat: of each level at most 256 hashes are held.
    """

    def __init__(
        self, size: int = 0, read_partial: Callable[[Tile], list[bytes]] = _find_nothing
    ) -> None:
        self._old_size = size
        self._size = size - size % WIDTH
        self._read_partial = read_partial
        self._levels: list[list[bytes]] = []  # above the leaves: hashes in no full tile yet

    def add(
        self, entries: Sequence[bytes], leaves: Sequence[bytes]
    ) -> Iterator[tuple[Tile, bytes]]:
        """Add a bundle's entries with their leaf hashes; yield it, its tile and the tiles it fills.

        Every bundle but the last has 256 entries.
        """
        tile = Tile(0, self._size // WIDTH, len(leaves))
        self._size += len(leaves)
        yield Tile(None, tile.index, len(entries)), pack_entry_bundle(entries)
        yield tile, b"".join(leaves)
        hashes = leaves
        level = 0
        while len(hashes) == WIDTH:
            root = compute_subtree_root(hashes)
            tile, level = tile.parent, level + 1
            hashes = self._hashes(level)
            hashes.append(root)
            if len(hashes) == WIDTH:
                yield tile, b"".join(hashes)
                self._levels[level - 1] = []

    def finish(self) -> Iterator[tuple[Tile, bytes]]:
        """Yield the partial tiles above the leaves to which hashes were added."""
        for level, hashes in enumerate(self._levels, 1):
            tile = find_partial_tile(level, self._size)
            if tile:
                yield tile, b"".join(hashes)

    def _hashes(self, level: int) -> list[bytes]:
        if len(self._levels) < level:
            tile = find_partial_tile(level, self._old_size)
            self._levels.append(self._read_partial(tile) if tile else [])
        return self._levels[level - 1]
