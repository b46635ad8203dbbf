"""A log of any size that makes its events on demand, and stores to publish it to."""

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from benchmarks.processor_cpu import SHARDS
from local.signing_key import create_key_file
from prooftrail.aws.signers import FileSigner
from prooftrail.ledger.entry import LoggedEvent
from prooftrail.ledger.head import Head
from prooftrail.ledger.ports import (
    LogSegment,
    LogStore,
    Publication,
    PublishedCheckpoint,
    PublishedLog,
)
from prooftrail.ledger.publish import Publisher
from prooftrail.tlog.checkpoint import Checkpoint
from prooftrail.tlog.merkle import Edge, hash_leaf
from prooftrail.tlog.note import Note, Signature, VerifierKey
from prooftrail.tlog.tiles import MAX_LEVEL, WIDTH, Tile, find_partial_tile, join_partial_edges
from prooftrail.verify.sources import CHECKPOINT, FolderLog
from tests.support.aws_environment import NO_ACCOUNT
from tests.support.log_fakes import FakeWitnesses
from tests.support.samples import NOW_MS

ORIGIN = "example.com/audit-log"
TENANT = "acme"
COMMIT = 1_000
MINUTE_MS = 60_000


class SyntheticLog:
    """A `LogStore` of different events, `a_minute` of them. `given` replaces some, by position.

    Publications and positions are written to `store` too, if there is one.
    """

    def __init__(
        self,
        a_minute: int,
        *,
        store: LogStore | None = None,
        given: Mapping[int, LoggedEvent] | None = None,
    ) -> None:
        self._a_minute = a_minute
        self._store = store
        self._given = given or {}
        self._publication: Publication | None = None
        self.edge = Edge()

    def make_time(self, position: int) -> int:
        """Return the time of the event at a position, in milliseconds since 1970."""
        return NOW_MS + position * MINUTE_MS // self._a_minute

    def event_at(self, position: int) -> LoggedEvent:
        """Return the event at a position."""
        if position in self._given:
            return self._given[position]
        return LoggedEvent(self.make_time(position), sha256(b"%d" % position).digest())

    def leaf_at(self, position: int) -> bytes:
        """Return the leaf hash at a position."""
        return hash_leaf(self.event_at(position).entry)

    def grow(self, count: int) -> None:
        """Commit `count` more events."""
        start = self.edge.size
        self.edge = self.edge.with_leaves(map(self.leaf_at, range(start, start + count)))

    def start_at(self, size: int) -> Mapping[Tile, bytes]:
        """Start with `size` published entries, and return the partial tiles of their tree.

        Only the entries of the last tile are real. The hashes above them are arbitrary.
        """
        partial_tiles = [find_partial_tile(level, size) for level in range(MAX_LEVEL + 1)]
        hashes = [self._make_hashes(tile) if tile else [] for tile in partial_tiles]
        self.edge = join_partial_edges(size, hashes)
        signer = FileSigner(create_key_file())
        key = signer.read_verifier_key(ORIGIN)
        text = str(Checkpoint(ORIGIN, size, self.edge.compute_root()))
        note = Note(text, (Signature(key.name, key.id, signer.sign(text.encode())),))
        self._publication = Publication(note, key, self.edge)
        return {
            tile: b"".join(held) for tile, held in zip(partial_tiles, hashes, strict=True) if tile
        }

    def _make_hashes(self, tile: Tile) -> list[bytes]:
        first = tile.index * WIDTH
        return [
            sha256(b"%d %d" % (tile.level, at)).digest() if tile.level else self.leaf_at(at)
            for at in range(first, first + tile.width)
        ]

    @property
    def checkpoint_text(self) -> str:
        """The text of the latest checkpoint."""
        return str(self._publication.note) if self._publication else ""

    def read_head(self) -> Head | None:
        """See `LogReader.read_head`."""
        return Head(self.edge, SHARDS) if self.edge.size else None

    def read_publication(self) -> Publication | None:
        """See `LogReader.read_publication`."""
        return self._publication

    def read_segments(self, start: int, end: int) -> Iterator[LogSegment]:
        """See `LogReader.read_segments`."""
        for at in range(start, end, COMMIT):
            after = min(at + COMMIT, self.edge.size)
            events = [self.event_at(position) for position in range(at, after)]
            yield LogSegment(at, events, [TENANT] * len(events))

    def find_positions(self, event_id: str, digest: bytes) -> Sequence[int]:
        """See `LogReader.find_positions`. It finds the given events only."""
        wanted = (event_id, digest)
        return [at for at, one in self._given.items() if (one.id, one.digest) == wanted]

    def publish(self, after: Publication, before: Publication | None) -> None:
        """See `LogStore.publish`."""
        if self._store:
            self._store.publish(after, before)
        self._publication = after

    def record_positions(self, events: Sequence[LoggedEvent], start: int) -> None:
        """See `LogStore.record_positions`."""
        if self._store:
            self._store.record_positions(events, start)

    def record_tenants(self, tenants: Collection[str]) -> None:
        """See `LogStore.record_tenants`."""
        if self._store:
            self._store.record_tenants(tenants)

    def list_tenants(self) -> Iterator[str]:
        """See `LogReader.list_tenants`."""
        yield TENANT


def make_verifier_key() -> VerifierKey:
    """Return the verifier key of the synthetic logs."""
    return FileSigner(create_key_file()).read_verifier_key(ORIGIN)


def make_publisher(log: LogStore, published_log: PublishedLog) -> Publisher:
    """Return a publisher without witnesses."""
    return Publisher(
        log, published_log, FileSigner(create_key_file()), FakeWitnesses(), ORIGIN, lambda: NOW_MS
    )


def publish(log: LogStore, published_log: PublishedLog) -> None:
    """Publish all committed entries, as the function does."""
    publisher = make_publisher(log, published_log)
    while publisher.run().is_behind:
        pass


class WritableFolder(FolderLog):
    """A `PublishedLog` in a folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._root = folder

    def put_tiles(self, tiles: Mapping[Tile, bytes]) -> None:
        """See `PublishedLog.put_tiles`."""
        for tile, content in tiles.items():
            self._write(tile.path, content)

    def put_checkpoint(
        self,
        text: str,
        previous: PublishedCheckpoint | None,  # noqa: ARG002
    ) -> PublishedCheckpoint:
        """See `PublishedLog.put_checkpoint`."""
        self._write(CHECKPOINT, text.encode())
        return PublishedCheckpoint(text, "")

    def _write(self, path: str, content: bytes) -> None:
        file = self._root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


class _Body(BytesIO):
    def stream(self, **_: object) -> Iterator[bytes]:
        yield self.read()


class MemoryBucket:
    """A bucket in memory that responds to a real client's requests, and counts them."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.gets = 0
        self.puts = 0
        self._bucket = ""

    def attach(self, client: Any, bucket: str) -> None:
        """Respond to the client's requests from now on. No request leaves this process."""
        self._bucket = bucket
        client.meta.events.register("before-send.s3", self._respond)

    def _respond(self, request: AWSPreparedRequest, **_: object) -> AWSResponse:
        address = urlsplit(request.url)
        key = unquote(address.path).lstrip("/").removeprefix(f"{self._bucket}/")
        status, content, headers = 200, b"", {"ETag": f'"{self.puts}"'}
        if request.method == "PUT":
            self.puts += 1
            assert key == CHECKPOINT or key not in self.objects, f"{key} is written twice"
            body: Any = request.body
            self.objects[key] = body if isinstance(body, bytes) else body.read()
            headers = {"ETag": f'"{self.puts}"'}
        else:
            self.gets += 1
            content = self.objects.get(key, b"")
            if not content:
                status, content = 404, b"<Error><Code>NoSuchKey</Code></Error>"
        return make_response(request, content, status, headers)


def make_response(
    request: AWSPreparedRequest,
    content: bytes,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> AWSResponse:
    """Return a response to a client's request, for botocore's event `before-send`."""
    body: Any = _Body(content)
    fields: Any = {"Content-Length": str(len(content)), **(headers or {})}
    return AWSResponse(request.url, status, fields, body)


def pretend_account() -> None:
    """Set invalid credentials, and ignore this machine's AWS configuration."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ |= NO_ACCOUNT
    os.environ["AWS_REQUEST_CHECKSUM_CALCULATION"] = "when_required"  # else a body has a trailer
