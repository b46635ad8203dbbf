"""In-memory fakes of the log's ports, as strict as the promises of each port."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from prooftrail.errors import (
    CheckpointMovedError,
    InconsistentLogError,
    StoreUnavailableError,
)
from prooftrail.event.canonical import compute_digest
from prooftrail.ledger.entry import LoggedEvent
from prooftrail.ledger.head import Head
from prooftrail.ledger.ports import LogSegment, Publication, PublishedCheckpoint
from prooftrail.tlog.checkpoint import Checkpoint
from prooftrail.tlog.merkle import Edge, hash_leaf
from prooftrail.tlog.note import Note, Signature, VerifierKey
from prooftrail.tlog.tiles import Tile
from tests.support.fakes import Moment, Moments
from tests.support.log_samples import make_verifier_key, sign_checkpoint
from tests.support.samples import NOW_MS


class Crash(BaseException):
    """The process ends. No `except Exception` catches this."""


class Writes:
    """Counts writes and can make one fail: before it, after it, or with a crash after it."""

    def __init__(self, moments: Moments = ()) -> None:
        self._moments = iter(moments)
        self.count = 0
        self.crash_after: int | None = None

    def around(self, write: Callable[[], None]) -> None:
        """Do the write, or fail before or after it if the next moment says so."""
        moment = next(self._moments, None)
        if moment in {Moment.BEFORE, Moment.DURING}:
            raise StoreUnavailableError("injected")
        write()
        self.count += 1
        if self.count == self.crash_after:
            raise Crash
        if moment is Moment.AFTER:
            raise StoreUnavailableError("injected")


def make_logged_events(count: int, first: int = 0) -> list[LoggedEvent]:
    """Return `count` different events, one second apart."""
    return [
        LoggedEvent(NOW_MS + 1_000 * n, compute_digest(str(n).encode()))
        for n in range(first, first + count)
    ]


def make_publication(size: int, origin: str = "example.com/log") -> Publication:
    """Return a publication of the first `size` events of `make_logged_events`."""
    edge = Edge().with_leaves(hash_leaf(event.entry) for event in make_logged_events(size))
    note = sign_checkpoint(Checkpoint(origin, size, edge.compute_root()))
    return Publication(note, make_verifier_key(origin), edge)


class MemoryLog:
    """`LogStore` in memory; a test can change `commits`, the content of the ledger.

    `tenants` maps the first position of a commit to the tenants of its events.
    """

    def __init__(self, writes: Writes | None = None) -> None:
        self.commits: list[list[LoggedEvent]] = []
        self.tenants: dict[int, Sequence[str]] = {}
        self.published: list[Publication] = []
        self.positions: dict[int, LoggedEvent] = {}
        self.recorded_tenants: set[str] = set()
        self.writes = writes or Writes()
        self._hashed: list[LoggedEvent] = []  # the events that `_edge` has
        self._edge = Edge()

    def append(self, events: Sequence[LoggedEvent], tenants: Sequence[str] | None = None) -> None:
        """Commit these events; without `tenants` all belong to tenant acme."""
        self.tenants[len(self.events)] = tenants or ["acme"] * len(events)
        self.commits.append(list(events))

    @property
    def events(self) -> list[LoggedEvent]:
        """Every event of the log."""
        return [event for commit in self.commits for event in commit]

    def read_head(self) -> Head | None:
        """See `LogReader.read_head`."""
        if not self.commits:
            return None
        events = self.events
        if events[: self._edge.size] != self._hashed:  # a test has changed them
            self._edge, self._hashed = Edge(), []
        new = events[self._edge.size :]
        self._edge = self._edge.with_leaves(hash_leaf(event.entry) for event in new)
        self._hashed = events
        return Head(self._edge, 4)

    def read_publication(self) -> Publication | None:
        """See `LogReader.read_publication`."""
        return self.published[-1] if self.published else None

    def read_segments(self, start: int, end: int) -> Iterator[LogSegment]:
        """See `LogReader.read_segments`."""
        if start >= end:
            return
        at = 0
        for commit in self.commits:
            if at + len(commit) > start and at < end:
                yield LogSegment(at, commit, self.tenants.get(at))
            at += len(commit)
        if at < end:
            raise InconsistentLogError(f"the log ends at {at}")

    def find_positions(self, event_id: str, digest: bytes) -> Sequence[int]:
        """See `LogReader.find_positions`."""
        return [
            position
            for position, event in self.positions.items()
            if event.digest == digest and event.id == event_id
        ]

    def publish(self, after: Publication, before: Publication | None) -> None:
        """See `LogStore.publish`."""
        if self.read_publication() != before:
            raise CheckpointMovedError("another run published first")

        def write() -> None:
            self.published.append(after)

        self.writes.around(write)

    def record_positions(self, events: Sequence[LoggedEvent], start: int) -> None:
        """See `LogStore.record_positions`."""

        def write() -> None:
            for at, event in enumerate(events, start):
                assert self.positions.setdefault(at, event) == event, (
                    "another event has this position"
                )

        self.writes.around(write)

    def record_tenants(self, tenants: Collection[str]) -> None:
        """See `LogStore.record_tenants`."""
        if not self.recorded_tenants.issuperset(tenants):
            self.writes.around(lambda: self.recorded_tenants.update(tenants))

    def list_tenants(self) -> Iterator[str]:
        """See `LogReader.list_tenants`."""
        yield from sorted(self.recorded_tenants)


class MemoryPublishedLog:
    """`PublishedLog` in memory; `checkpoints` holds every published checkpoint, oldest first."""

    def __init__(self, writes: Writes | None = None) -> None:
        self.tiles: dict[Tile, bytes] = {}
        self.checkpoints: list[str] = []
        self.reads: list[Tile] = []
        self.writes = writes or Writes()

    def read(self, tile: Tile) -> bytes | None:
        """See `TileReader.read`."""
        self.reads.append(tile)
        return self.tiles.get(tile)

    def put_tiles(self, tiles: Mapping[Tile, bytes]) -> None:
        """See `PublishedLog.put_tiles`."""
        for tile, content in tiles.items():
            if self.tiles.get(tile, content) != content:
                raise InconsistentLogError(f"{tile.path} exists with different content")

            def write(tile: Tile = tile, content: bytes = content) -> None:
                self.tiles[tile] = content

            if tile not in self.tiles:
                self.writes.around(write)

    def read_checkpoint(self) -> PublishedCheckpoint | None:
        """See `PublishedLog.read_checkpoint`."""
        return (
            PublishedCheckpoint(self.checkpoints[-1], str(len(self.checkpoints)))
            if self.checkpoints
            else None
        )

    def put_checkpoint(
        self, text: str, previous: PublishedCheckpoint | None
    ) -> PublishedCheckpoint:
        """See `PublishedLog.put_checkpoint`."""
        if self.read_checkpoint() != previous:
            raise CheckpointMovedError("another run published its checkpoint first")

        def write() -> None:
            self.checkpoints.append(text)

        self.writes.around(write)
        return PublishedCheckpoint(text, str(len(self.checkpoints)))


class FakeWitnesses:
    """`Witnesses` that return the cosignatures that a test chooses."""

    def __init__(
        self,
        keys: Sequence[VerifierKey] = (),
        respond: Callable[[Note, int], Iterable[Signature]] = lambda _note, _old: (),
    ) -> None:
        self.keys = keys
        self._respond = respond
        self.requests: list[tuple[int, Sequence[bytes]]] = []

    def cosign(
        self, note: Note, old_size: int, consistency_proof: Callable[[int], Sequence[bytes]]
    ) -> Sequence[Signature]:
        """See `Witnesses.cosign`."""
        self.requests.append((old_size, consistency_proof(old_size)))
        return list(self._respond(note, old_size))
