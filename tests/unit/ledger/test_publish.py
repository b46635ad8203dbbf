"""Publishing: it follows from the ledger, whatever stops a run, and is never taken back."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from prooftrail.errors import (
    AuditLogError,
    CheckpointMovedError,
    InconsistentLogError,
    SigningError,
    StoreUnavailableError,
)
from prooftrail.ledger.ports import Publication, Signer
from prooftrail.ledger.publish import Publisher, PublishResult
from prooftrail.tlog.checkpoint import Checkpoint
from prooftrail.tlog.merkle import Edge, hash_leaf, hash_node
from prooftrail.tlog.note import Note, Signature, VerifierKey
from prooftrail.tlog.signatures import verify_checkpoint
from prooftrail.tlog.tiles import Tile, list_tiles, make_tile, unpack_entry_bundle
from tests.support.fakes import Moment
from tests.support.log_fakes import (
    Crash,
    FakeWitnesses,
    MemoryLog,
    MemoryPublishedLog,
    Writes,
    make_logged_events,
)
from tests.support.log_samples import (
    LOG_KEY,
    make_cosignature,
    make_verifier_key,
    make_witness_key,
    sign_checkpoint,
)
from tests.support.reference import compute_proof, compute_root
from tests.support.samples import NOW_MS

ORIGIN = "example.com/log"
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))


@dataclass
class Key:
    """`Signer` that holds its key; `sign_checkpoint` holds what it has signed."""

    key: Any = LOG_KEY
    shown: Any = LOG_KEY
    signed: list[bytes] = field(default_factory=list)

    def read_verifier_key(self, origin: str) -> VerifierKey:
        return make_verifier_key(origin, self.shown)

    def sign(self, message: bytes) -> bytes:
        self.signed.append(message)
        signature: bytes = self.key.sign(message)
        return signature


@dataclass
class Parts:
    """A log in memory, and what publishes it."""

    writes: Writes = field(default_factory=Writes)
    signer: Key = field(default_factory=Key)
    witnesses: FakeWitnesses = field(default_factory=FakeWitnesses)
    max_entries: int = 10_000
    now_ms: int = NOW_MS

    def __post_init__(self) -> None:
        self.log = MemoryLog(self.writes)
        self.published_log = MemoryPublishedLog(self.writes)

    @property
    def publisher(self) -> Publisher:
        signer: Signer = self.signer
        return Publisher(
            self.log,
            self.published_log,
            signer,
            self.witnesses,
            ORIGIN,
            lambda: self.now_ms,
            self.max_entries,
        )

    def run(self, *sizes: int) -> PublishResult:
        """Commit so many events, a run after each; the last run."""
        run = PublishResult(0, 0, (), is_behind=False)
        for size in sizes:
            self.log.append(make_logged_events(size, first=len(self.log.events)))
            run = self.publisher.run()
        return run


def assert_published(parts: Parts) -> None:
    """Every checkpoint that was ever published is of the ledger's tree, tiles and all."""
    entries = [one.entry for one in parts.log.events]

    @cache
    def root(start: int, end: int) -> bytes:
        if end - start <= 1:
            return compute_root(entries[start:end])
        middle = start + (1 << (end - start - 1).bit_length() - 1)
        return hash_node(root(start, middle), root(middle, end))

    notes = {*parts.published_log.checkpoints, *(str(one.note) for one in parts.log.published)}
    for note in notes:
        found = verify_checkpoint(Note.from_text(note), make_verifier_key())
        assert found.root == root(0, found.size)
        for tile in list_tiles(found.size):
            width = 256**tile.level if tile.level else 1
            starts = range(tile.start, tile.start + tile.width * width, width)
            hashes = [root(start, start + width) for start in starts]
            assert parts.published_log.tiles[tile] == b"".join(hashes), tile.path
        for index in range(-(-found.size // 256)):
            bundle = make_tile(None, index, found.size)
            held = entries[bundle.start : bundle.start + bundle.width]
            assert unpack_entry_bundle(parts.published_log.tiles[bundle], bundle.width) == held
        for at, event in enumerate(parts.log.events[: found.size]):
            assert parts.log.positions[at] == event


def test_nothing_committed_is_nothing_published() -> None:
    parts = Parts()
    assert parts.run() == parts.publisher.run() == PublishResult(0, 0, (), is_behind=False)
    assert not parts.published_log.checkpoints
    assert not parts.published_log.tiles


@pytest.mark.parametrize(
    "sizes",
    [(1,), (255, 1, 1), (256, 1), (257, 600), (1, 2, 3, 250, 256, 512, 5), (700, 68)],
    ids=str,
)
def test_runs_publish_the_ledger_s_tree_step_by_step(sizes: Sequence[int]) -> None:
    parts = Parts()
    run = parts.run(*sizes)
    assert run == PublishResult(sum(sizes), sizes[-1], (), is_behind=False)
    assert len(parts.published_log.checkpoints) == len(sizes)
    assert parts.published_log.checkpoints[-1] == str(parts.log.published[-1].note)
    assert_published(parts)


def test_a_tree_of_three_levels_grows_as_one_that_is_built_at_once() -> None:
    """65,600 entries: the second level gets its first full tile, in the midst of a run."""
    grown, whole = Parts(max_entries=40_000), Parts(max_entries=70_000)
    for parts in (grown, whole):
        parts.log.append(make_logged_events(65_600))
        while parts.publisher.run().is_behind:
            pass
    assert grown.published_log.checkpoints[-1] == whole.published_log.checkpoints[-1]
    assert all(
        grown.published_log.tiles[tile] == whole.published_log.tiles[tile]
        for tile in list_tiles(65_600)
    )
    assert (
        grown.published_log.tiles[Tile(2, 0, 1)]
        == Edge().with_leaves(hash_leaf(one.entry) for one in grown.log.events[:65_536]).hashes[0]
    )


def test_a_long_backlog_is_published_a_part_at_a_time() -> None:
    parts = Parts(max_entries=300)
    parts.log.append(make_logged_events(1_000))
    runs = [parts.publisher.run() for _ in range(4)]
    assert [(one.size, one.is_behind) for one in runs] == [
        (300, True),
        (600, True),
        (900, True),
        (1_000, False),
    ]
    assert_published(parts)


def test_a_run_without_news_writes_nothing() -> None:
    parts = Parts()
    parts.run(300)
    before = parts.writes.count
    assert parts.publisher.run() == PublishResult(300, 0, (), is_behind=False)
    assert parts.writes.count == before
    assert len(parts.signer.signed) == 2  # the checkpoint, and when it was the latest


def test_writes_are_bounded_by_the_tiles_touched() -> None:
    parts = Parts()
    parts.run(1_000)
    before = len(parts.published_log.tiles)
    parts.run(10)
    assert len(parts.published_log.tiles) - before == 2
    parts.run(20)
    assert (
        len(parts.published_log.tiles) - before == 2 + 2 * 2 + 1
    )  # full, partial; the level above
    assert parts.published_log.checkpoints[-1].splitlines()[1] == "1030"


def crashes() -> range:
    parts = Parts()
    parts.run(250, 300)
    return range(1, parts.writes.count + 1)


@pytest.mark.parametrize("nth", crashes())
def test_a_crash_after_any_write_leaves_what_is_true_and_the_next_run_goes_on(nth: int) -> None:
    parts = Parts()
    parts.writes.crash_after = nth
    for size in (250, 300):
        parts.log.append(make_logged_events(size, first=len(parts.log.events)))
        try:
            parts.publisher.run()
        except Crash:
            assert_published(parts)
    parts.log.append(make_logged_events(7, first=550))
    assert parts.publisher.run().size == 557
    assert_published(parts)
    sizes = [
        Checkpoint.from_note(Note.from_text(text)).size for text in parts.published_log.checkpoints
    ]
    assert sizes == sorted(set(sizes))
    checkpoints = {text for text in parts.signer.signed if not text.startswith(b"cosignature/v1")}
    assert len({text.split(b"\n")[1] for text in checkpoints}) == len(checkpoints), (
        "two different checkpoints of one size were signed"
    )


@given(st.lists(st.sampled_from([None, *Moment]), max_size=30), st.lists(st.integers(1, 300)))
def test_faults_at_any_moment_delay_and_never_falsify(
    moments: list[Moment | None], sizes: list[int]
) -> None:
    parts = Parts(Writes(moments))
    for size in sizes[:5]:
        parts.log.append(make_logged_events(size, first=len(parts.log.events)))
        try:
            parts.publisher.run()
        except (StoreUnavailableError, CheckpointMovedError):
            assert_published(parts)
    parts.writes._moments = iter(())
    parts.publisher.run()
    assert_published(parts)
    if sizes:
        assert Note.from_text(parts.published_log.checkpoints[-1]).text.split("\n")[1] == str(
            len(parts.log.events)
        )


def test_of_two_runs_at_once_one_wins_and_both_are_true() -> None:
    parts = Parts()
    parts.run(100)

    @dataclass
    class Racing(Key):
        """Lets another run happen between a run's reading and its publishing."""

        def sign(self, message: bytes) -> bytes:
            signature = super().sign(message)
            if message.startswith(b"cosignature/v1"):
                return signature
            parts.signer = Key()
            parts.run(50)
            return signature

    parts.signer = Racing()
    with pytest.raises(CheckpointMovedError):
        parts.run(30)
    assert [one.size for one in parts.log.published] == [100, 180]
    parts.run(1)
    assert_published(parts)


def test_a_slow_run_does_not_post_its_checkpoint_over_a_later_one() -> None:
    parts = Parts()
    parts.run(100)
    published = parts.published_log.read_checkpoint()
    stale = parts.log.published[-1]
    parts.run(50)
    with pytest.raises(CheckpointMovedError):
        parts.published_log.put_checkpoint(
            str(stale.note), replace(published, version="0") if published else None
        )
    assert parts.published_log.checkpoints[-1].splitlines()[1] == "150"


def test_a_checkpoint_that_was_not_posted_is_posted_by_the_next_run() -> None:
    parts = Parts()
    parts.run(100)
    parts.published_log.checkpoints.clear()
    assert parts.publisher.run().repaired is None
    assert parts.published_log.checkpoints == [str(parts.log.published[-1].note)]


@pytest.mark.parametrize(
    "text",
    ["", "garbage", str(sign_checkpoint(Checkpoint(ORIGIN, 9, bytes(32)), OTHER_KEY))],
    ids=["empty", "garbage", "another-key"],
)
def test_a_foreign_published_checkpoint_is_reported_and_replaced(text: str) -> None:
    parts = Parts()
    parts.run(100)
    parts.published_log.checkpoints.append(text)
    assert str(parts.publisher.run().repaired).startswith(
        "the published checkpoint was not one of this log: "
    )
    assert parts.published_log.checkpoints[-1] == str(parts.log.published[-1].note)


def refused(parts: Parts) -> InconsistentLogError:
    """The next run refuses: it signs and publishes nothing."""
    before = (
        len(parts.signer.signed),
        len(parts.log.published),
        len(parts.published_log.checkpoints),
    )
    with pytest.raises(InconsistentLogError) as caught:
        parts.run(40)
    after = len(parts.signer.signed), len(parts.log.published), len(parts.published_log.checkpoints)
    assert after == before
    return caught.value


def rewritten(parts: Parts, at: int) -> None:
    """The ledger, with another event in the place of one."""
    [other] = make_logged_events(1, first=100_000)
    events = parts.log.events
    events[at] = other
    parts.log.commits = [events]


@pytest.mark.parametrize("at", [0, 255, 256, 299])
def test_a_rewritten_ledger_is_refused(at: int) -> None:
    parts = Parts()
    parts.run(300)
    rewritten(parts, at)
    assert "do not lead to its head" in str(refused(parts))


def test_a_ledger_with_its_head_rewritten_to_match_is_refused() -> None:
    """A run that stops short of the head compares the last tile's entries all the same."""
    parts = Parts(max_entries=20)
    parts.log.append(make_logged_events(300))
    while parts.publisher.run().is_behind:
        pass
    rewritten(parts, 270)
    assert "are not the published ones" in str(refused(parts))


def test_a_ledger_cut_short_is_refused() -> None:
    parts = Parts()
    parts.run(300)
    parts.log.commits = [make_logged_events(200)]
    with pytest.raises(InconsistentLogError, match="lost some of 300"):
        parts.publisher.run()
    parts.log.commits = []
    with pytest.raises(InconsistentLogError, match="lost some of 300"):
        parts.publisher.run()


def test_a_ledger_of_the_same_size_and_other_entries_is_refused() -> None:
    parts = Parts()
    parts.run(300)
    parts.log.commits = [make_logged_events(300, first=7)]
    with pytest.raises(InconsistentLogError, match="lost some of 300"):
        parts.publisher.run()


def test_a_rolled_back_checkpoint_is_refused() -> None:
    """The ledger is put back to an earlier state, checkpoint and all; the published log is not."""
    parts = Parts()
    parts.run(100, 50)
    parts.log.commits = [make_logged_events(100)]
    parts.log.published.pop()
    assert "a checkpoint of 150 entries is published" in str(refused(parts))


def test_a_ledger_without_its_checkpoint_is_refused() -> None:
    parts = Parts()
    parts.run(100)
    parts.log.published.clear()
    assert "but the ledger's is missing" in str(refused(parts))


def test_another_checkpoint_of_the_same_size_is_refused() -> None:
    parts = Parts()
    parts.run(100)
    parts.published_log.checkpoints.append(str(sign_checkpoint(Checkpoint(ORIGIN, 100, bytes(32)))))
    assert "two different checkpoints of 100 entries" in str(refused(parts))


def test_an_earlier_checkpoint_that_contradicts_is_refused() -> None:
    parts = Parts()
    parts.run(100)
    parts.published_log.checkpoints.append(str(sign_checkpoint(Checkpoint(ORIGIN, 64, bytes(32)))))
    assert "two different checkpoints of 64 entries" in str(refused(parts))


def test_an_earlier_published_checkpoint_is_replaced() -> None:
    parts = Parts()
    parts.run(64, 36)
    parts.published_log.checkpoints.pop()
    assert parts.publisher.run().repaired is None
    assert parts.published_log.checkpoints[-1].splitlines()[1] == "100"


def test_a_tile_that_is_there_with_other_content_is_refused() -> None:
    parts = Parts()
    parts.run(100)
    parts.published_log.tiles[Tile(0, 0, 140)] = bytes(140 * 32)
    assert "tile/0/000.p/140 exists with different content" in str(refused(parts))


def test_a_partial_tile_that_was_changed_is_not_built_upon() -> None:
    parts = Parts()
    parts.run(300)
    tile = Tile(1, 0, 1)
    content = parts.published_log.tiles[tile]
    parts.log.append(make_logged_events(300, first=300))
    for wrong in (bytes(32), None, content + content):
        if wrong is None:
            del parts.published_log.tiles[tile]
        else:
            parts.published_log.tiles[tile] = wrong
        with pytest.raises(AuditLogError, match=r"tile/1/000\.p/1"):
            parts.publisher.run()
    parts.published_log.tiles[tile] = content
    assert parts.publisher.run().size == 600
    assert_published(parts)


@pytest.mark.parametrize(
    "change",
    [
        lambda one: replace(one, note=sign_checkpoint(Checkpoint(ORIGIN, 100, bytes(32)))),
        lambda one: replace(
            one, note=sign_checkpoint(Checkpoint("example.com/other", 100, bytes(32)))
        ),
        lambda one: replace(one, verifier_key=make_verifier_key(key=OTHER_KEY)),
        lambda one: replace(one, edge=Edge().with_leaves([bytes(32)] * 100)),
        lambda one: replace(one, note=Note(one.note.text, ())),
    ],
    ids=["root", "origin", "key", "edge", "unsigned"],
)
def test_a_damaged_publication_is_refused(change: Any) -> None:
    parts = Parts()
    parts.run(100)
    parts.log.published.append(change(parts.log.published[-1]))
    assert "not signed by this log with this key" in str(refused(parts))


def test_another_key_or_origin_begins_no_new_log_by_itself() -> None:
    parts = Parts()
    parts.run(100)
    parts.signer = Key(OTHER_KEY, OTHER_KEY)
    assert "not signed by this log with this key" in str(refused(parts))


def test_a_signature_of_another_key_than_is_shown_is_not_published() -> None:
    parts = Parts(signer=Key(key=OTHER_KEY))
    with pytest.raises(SigningError, match="not of the log's key"):
        parts.run(3)
    assert not parts.log.published
    assert not parts.published_log.checkpoints


WITNESS = Ed25519PrivateKey.from_private_bytes(bytes(32))
WITNESS_KEY = make_witness_key("witness.example/w", WITNESS)


def cosign(note: Note, _: int) -> Sequence[Signature]:
    return [make_cosignature(note, WITNESS_KEY.name, WITNESS, 1_700_000_000)]


def test_cosignatures_follow_the_checkpoint_and_are_kept_with_it() -> None:
    parts = Parts(witnesses=FakeWitnesses([WITNESS_KEY], cosign))
    assert parts.run(100).cosigned_by == ("witness.example/w",)
    assert parts.run(30).cosigned_by == ("witness.example/w",)
    plain, with_cosignature, *_ = parts.published_log.checkpoints
    assert with_cosignature.startswith(plain)
    assert with_cosignature.count("\u2014") == 3
    assert parts.published_log.checkpoints[-1] == str(parts.log.published[-1].note)
    entries = [one.entry for one in parts.log.events]
    assert parts.witnesses.requests == [(0, []), (100, compute_proof(100, entries))]
    assert_published(parts)


def test_a_witness_that_is_silent_delays_nothing_and_is_asked_again() -> None:
    parts = Parts(witnesses=FakeWitnesses([WITNESS_KEY]))
    assert parts.run(100) == PublishResult(100, 100, (), is_behind=False)
    assert parts.published_log.checkpoints[-1].splitlines()[1] == "100"
    parts.witnesses = FakeWitnesses([WITNESS_KEY], cosign)
    assert parts.publisher.run() == PublishResult(100, 0, ("witness.example/w",), is_behind=False)
    assert parts.published_log.checkpoints[-1].count("\u2014") == 3
    parts.publisher.run()
    assert len(parts.witnesses.requests) == 1


def test_a_publication_says_its_size() -> None:
    parts = Parts()
    parts.run(3)
    [publication] = parts.log.published
    assert isinstance(publication, Publication)
    assert publication.size == 3
