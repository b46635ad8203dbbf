"""The tiles that a builder makes are those that the growing tree needs."""

import pytest

from prooftrail.errors import TileMissingError
from prooftrail.tlog.tile_builder import TileBuilder
from prooftrail.tlog.tiles import WIDTH, Tile, split_hashes, unpack_entry_bundle
from tests.unit.tlog.test_tiles import ENTRIES, LARGE, LEAVES, Tiles


def build(old: int, new: int) -> dict[Tile, bytes]:
    """Return what a builder makes when a tree grows from the old size to the new one."""
    before = Tiles(old).kept
    builder = TileBuilder(old, lambda tile: split_hashes(tile, before[tile]))
    made: dict[Tile, bytes] = {}
    for start in range(old - old % WIDTH, new, WIDTH):
        end = min(start + WIDTH, new)
        made |= builder.add(ENTRIES[start:end], LEAVES[start:end])
    return made | dict(builder.finish())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        *((0, new) for new in (0, 1, 255, 256, 257, 512, 65_535, 65_536, 65_537, LARGE)),
        *((old, 600) for old in (1, 255, 256, 257, 511, 512, 599)),
        *((65_000, new) for new in (65_001, 65_024, 65_279, 65_280, 65_536, 65_792, LARGE)),
        *((old, LARGE) for old in (65_535, 65_536, 65_537, 65_791, 65_792, LARGE - 1)),
    ],
)
def test_a_builder_makes_the_bundles_and_tiles_that_change(old: int, new: int) -> None:
    made = build(old, new)
    before, after = Tiles(old).kept, Tiles(new).kept
    hashes = {tile: content for tile, content in made.items() if tile.level is not None}
    assert hashes == {tile: content for tile, content in after.items() if tile not in before}
    bundles = {
        tile: unpack_entry_bundle(content, tile.width)
        for tile, content in made.items()
        if tile.level is None
    }
    assert bundles == {
        Tile(None, tile.index, tile.width): ENTRIES[tile.start : tile.start + tile.width]
        for tile in hashes
        if tile.level == 0
    }


def test_a_builder_needs_the_partial_tiles_above_what_it_adds() -> None:
    builder = TileBuilder(300)
    with pytest.raises(TileMissingError, match=r"tile/1/000\.p/1"):
        list(builder.add(ENTRIES[256:512], LEAVES[256:512]))


def test_a_builder_reads_no_partial_tile_that_it_does_not_change() -> None:
    builder = TileBuilder(300)
    tiles = dict(builder.add(ENTRIES[256:400], LEAVES[256:400])) | dict(builder.finish())
    assert list(tiles) == [Tile(None, 1, 144), Tile(0, 1, 144)]
