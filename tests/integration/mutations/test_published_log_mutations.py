"""What somebody can do to the published log: each change is named.

Each mutation changes a trail and returns what a verification has to find.
"""

from collections.abc import Callable, Sequence

import pytest

from prooftrail.tlog.merkle import hash_leaf
from prooftrail.tlog.tiles import pack_entry_bundle
from prooftrail.verify.findings import PUBLISHED, FindingKind
from tests.support.log_fakes import make_logged_events
from tests.support.log_samples import flip_bit
from tests.support.mutated_trail import (
    LOG_BUCKET,
    PUBLISHED_SIZES,
    SIZE,
    ExpectedFinding,
    Mutation,
    Trail,
    add_mutation,
    check_mutation,
)

MUTATIONS: dict[str, Mutation] = {}
WIDTH = 256
HASH = 32
TILES = ("tile/0/000", f"tile/0/001.p/{SIZE - WIDTH}", "tile/1/000.p/1")
BUNDLES = ("tile/entries/000", f"tile/entries/001.p/{SIZE - WIDTH}")


def _object(
    name: str, path: str, change: Callable[[bytes], bytes | None], *also: ExpectedFinding
) -> None:
    """Change one object, or remove it; the finding names its path."""

    def mutation(trail: Trail) -> Sequence[ExpectedFinding]:
        content = change(trail.read(LOG_BUCKET, path))
        if content is None:
            trail.erase(LOG_BUCKET, path)
        else:
            trail.write(LOG_BUCKET, path, content)
        return [ExpectedFinding(FindingKind.TILE, path), *also]

    MUTATIONS[f"{path} {name}"] = mutation


for _path in (*TILES, *BUNDLES):
    _object("removed", _path, lambda _: None)
    _object("cut", _path, lambda content: content[:-1])
    _object("drawn out", _path, lambda content: content + content)
    _object("emptied", _path, lambda _: b"")
_object("altered", TILES[2], lambda content: flip_bit(content, 0))


def _altered_hash(position: int) -> None:
    def mutation(trail: Trail) -> Sequence[ExpectedFinding]:
        path, at = TILES[position // WIDTH], HASH * (position % WIDTH)
        content = trail.read(LOG_BUCKET, path)
        trail.write(LOG_BUCKET, path, flip_bit(content, 8 * at))
        return [ExpectedFinding(FindingKind.TILE, path, trail.ids[position], position)]

    MUTATIONS[f"hash {position} altered"] = mutation


def _altered_entry(position: int) -> None:
    """The root does not follow from the entries any more; the tiles' hashes tell which it is."""

    def mutation(trail: Trail) -> Sequence[ExpectedFinding]:
        index = position // WIDTH
        forged = make_logged_events(1)[0]
        names = [one.entry for one in trail.logged[index * WIDTH : SIZE][:WIDTH]]
        names[position % WIDTH] = forged.entry
        trail.write(LOG_BUCKET, BUNDLES[index], pack_entry_bundle(names))
        found = [ExpectedFinding(FindingKind.ALTERED, BUNDLES[index], forged.id, position)]
        return found if index else [*found, ExpectedFinding(FindingKind.TILE, TILES[2])]

    MUTATIONS[f"entry {position} altered"] = mutation


for _position in (0, 255, 256, SIZE - 1):
    _altered_hash(_position)
    _altered_entry(_position)


@add_mutation(MUTATIONS)
def two_published_entries_swapped(trail: Trail) -> Sequence[ExpectedFinding]:
    names = [one.entry for one in trail.logged[WIDTH:SIZE]]
    names[1], names[2] = names[2], names[1]
    trail.write(LOG_BUCKET, BUNDLES[1], pack_entry_bundle(names))
    return [
        ExpectedFinding(FindingKind.REORDERED, BUNDLES[1], trail.ids[WIDTH + 2], WIDTH + 1),
        ExpectedFinding(FindingKind.REORDERED, BUNDLES[1], trail.ids[WIDTH + 1], WIDTH + 2),
    ]


@add_mutation(MUTATIONS)
def an_entry_altered_in_bundle_and_tile(trail: Trail) -> Sequence[ExpectedFinding]:
    """Only the ledger still leads to the root."""
    position = WIDTH + 3
    forged = make_logged_events(1)[0]
    names = [one.entry for one in trail.logged[WIDTH:SIZE]]
    names[3] = forged.entry
    trail.write(LOG_BUCKET, BUNDLES[1], pack_entry_bundle(names))
    trail.write(LOG_BUCKET, TILES[1], b"".join(hash_leaf(one) for one in names))
    return [
        ExpectedFinding(FindingKind.ALTERED, BUNDLES[1], forged.id, position),
        ExpectedFinding(FindingKind.TILE, TILES[1], trail.ids[position], position),
    ]


# The checkpoint


def _checkpoint(name: str, text_of: Callable[[Trail], str | None], count: int = 1) -> None:
    def mutation(trail: Trail) -> Sequence[ExpectedFinding]:
        text = text_of(trail)
        if text is None:
            trail.erase(LOG_BUCKET, "checkpoint")
        else:
            trail.write(LOG_BUCKET, "checkpoint", text.encode())
        return [ExpectedFinding(FindingKind.CHECKPOINT, PUBLISHED)] * count

    MUTATIONS[f"checkpoint {name}"] = mutation


def _read_checkpoint(trail: Trail) -> str:
    return trail.read(LOG_BUCKET, "checkpoint").decode()


def _flip_signature(trail: Trail) -> str:
    text = _read_checkpoint(trail)
    return text[:-20] + ("A" if text[-20] != "A" else "B") + text[-19:]


_checkpoint("removed", lambda _: None)
_checkpoint("emptied", lambda _: "")
_checkpoint("garbage", lambda _: "garbage")
_checkpoint("unsigned", lambda trail: _read_checkpoint(trail).partition("\u2014")[0])
_checkpoint("with a signature altered", _flip_signature)
_checkpoint(
    "with its size altered", lambda trail: _read_checkpoint(trail).replace(str(SIZE), "311", 1)
)
_checkpoint(
    "of another beginning",
    lambda trail: str(trail.sign_checkpoint(PUBLISHED_SIZES[0], bytes(HASH))),
)
_checkpoint("of other entries", lambda trail: str(trail.sign_checkpoint(SIZE, bytes(HASH))))


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_changed_published_log_is_named(trail: Trail, name: str) -> None:
    check_mutation(trail, MUTATIONS[name], is_exact=False)
