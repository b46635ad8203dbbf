"""The promises of `PublishedLog`, tested on the fake and on S3; and the headers that S3 serves."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from local.template import Stack
from prooftrail.aws.clients import client
from prooftrail.aws.published_log import MAX_WITHOUT_THREADS, S3PublishedLog
from prooftrail.errors import (
    CheckpointMovedError,
    InconsistentLogError,
    StoreRejectedError,
    StoreUnavailableError,
)
from prooftrail.ledger.ports import PublishedCheckpoint, PublishedLog
from prooftrail.runtime.config import get_settings
from prooftrail.tlog.tiles import Tile
from tests.support.fakes import Moment, OnDemand
from tests.support.faults import FAULTS_BY_MOMENT, Fault, inject_fault
from tests.support.log_fakes import MemoryPublishedLog, Writes

LEAVES = Tile(0, 0, 5)
TILES = {Tile(level, n): b"%d of %d" % (n, level or 9) for level in (0, 1, None) for n in range(7)}


@dataclass(frozen=True)
class Subject:
    """A published log, and a way to make one call fail."""

    published_log: PublishedLog
    fail_next_call: Callable[[Moment], AbstractContextManager[object]]


@pytest.fixture(params=["memory", "moto"])
def subject(request: pytest.FixtureRequest) -> Subject:
    if request.param == "moto":
        published_log = request.getfixturevalue("s3_log")
        return Subject(published_log, lambda moment: inject_fault(0, FAULTS_BY_MOMENT[moment]))
    on_demand = OnDemand()
    return Subject(MemoryPublishedLog(Writes(on_demand)), on_demand.fail_next_call)


@pytest.fixture
def s3_log(aws: Stack) -> S3PublishedLog:
    return S3PublishedLog(client("s3"), get_settings().log_bucket)


@contextmanager
def answered(operation: str, code: str, status: int) -> Iterator[None]:
    """Make S3 return an error for every call of an operation."""
    original = BaseClient._make_api_call  # type: ignore[attr-defined]

    def make_api_call(client: BaseClient, name: str, parameters: dict[str, Any]) -> object:
        if name != operation:
            return original(client, name, parameters)
        answer: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
        raise ClientError(answer, name)

    with patch.object(BaseClient, "_make_api_call", make_api_call):
        yield


def read_all(
    published_log: PublishedLog, tiles: Mapping[Tile, bytes]
) -> Mapping[Tile, bytes | None]:
    return {tile: published_log.read(tile) for tile in tiles}


def test_an_empty_log_has_neither_tiles_nor_checkpoint(subject: Subject) -> None:
    assert subject.published_log.read(LEAVES) is None
    assert subject.published_log.read_checkpoint() is None


def test_a_tile_is_read_as_it_was_written(subject: Subject) -> None:
    subject.published_log.put_tiles({LEAVES: bytes(range(160))})
    assert subject.published_log.read(LEAVES) == bytes(range(160))
    for other in (Tile(0, 0), Tile(0, 0, 4), Tile(0, 1, 5), Tile(1, 0, 5), Tile(None, 0, 5)):
        assert subject.published_log.read(other) is None


def test_a_tile_is_written_once(subject: Subject) -> None:
    for _ in range(2):
        subject.published_log.put_tiles({LEAVES: b"first"})
    with pytest.raises(InconsistentLogError, match=LEAVES.path):
        subject.published_log.put_tiles({LEAVES: b"other"})
    assert subject.published_log.read(LEAVES) == b"first"


def test_many_tiles_are_written(subject: Subject) -> None:
    for count in (
        0,
        1,
        MAX_WITHOUT_THREADS,
        MAX_WITHOUT_THREADS,
        MAX_WITHOUT_THREADS + 1,
        len(TILES),
        len(TILES),
    ):
        tiles = dict(list(TILES.items())[:count])
        subject.published_log.put_tiles(tiles)
        assert read_all(subject.published_log, tiles) == tiles


@pytest.mark.parametrize("position", [0, 10, len(TILES) - 1])
def test_one_different_tile_among_many_is_refused(subject: Subject, position: int) -> None:
    tile = list(TILES)[position]
    subject.published_log.put_tiles({tile: b"first"})
    with pytest.raises(InconsistentLogError, match=tile.path):
        subject.published_log.put_tiles(TILES)
    assert subject.published_log.read(tile) == b"first"
    for other in set(TILES) - {tile}:
        assert subject.published_log.read(other) in {None, TILES[other]}


@pytest.mark.parametrize("moment", Moment)
@pytest.mark.parametrize("count", [1, len(TILES)])
def test_failed_writes_of_tiles_can_be_repeated(
    subject: Subject, moment: Moment, count: int
) -> None:
    tiles = dict(list(TILES.items())[:count])
    with subject.fail_next_call(moment), pytest.raises(StoreUnavailableError):
        subject.published_log.put_tiles(tiles)
    subject.published_log.put_tiles(tiles)
    assert read_all(subject.published_log, tiles) == tiles


def test_a_checkpoint_replaces_the_one_that_was_read(subject: Subject) -> None:
    first = subject.published_log.put_checkpoint("first\u2014", None)
    assert first.text == "first\u2014"
    assert subject.published_log.read_checkpoint() == first
    second = subject.published_log.put_checkpoint("second", first)
    assert subject.published_log.read_checkpoint() == second != first
    third = subject.published_log.put_checkpoint("third", subject.published_log.read_checkpoint())
    assert subject.published_log.read_checkpoint() == third


def test_a_checkpoint_replaces_no_other(subject: Subject) -> None:
    first = subject.published_log.put_checkpoint("first", None)
    second = subject.published_log.put_checkpoint("second", first)
    for stale in (None, first, PublishedCheckpoint("second", '"unknown"')):
        with pytest.raises(CheckpointMovedError):
            subject.published_log.put_checkpoint("third", stale)
        assert subject.published_log.read_checkpoint() == second


def test_a_checkpoint_that_was_read_must_exist(subject: Subject) -> None:
    with pytest.raises(CheckpointMovedError):
        subject.published_log.put_checkpoint("second", PublishedCheckpoint("first", '"1"'))
    assert subject.published_log.read_checkpoint() is None


@pytest.mark.parametrize("moment", Moment)
@pytest.mark.parametrize("is_first", [True, False])
def test_a_failed_write_of_the_checkpoint_happened_or_not(
    subject: Subject, moment: Moment, is_first: bool
) -> None:
    before = None if is_first else subject.published_log.put_checkpoint("before", None)
    with subject.fail_next_call(moment), pytest.raises(StoreUnavailableError):
        subject.published_log.put_checkpoint("after", before)
    if moment is Moment.AFTER:
        with pytest.raises(CheckpointMovedError):
            subject.published_log.put_checkpoint("after", before)
    else:
        assert subject.published_log.read_checkpoint() == before
        subject.published_log.put_checkpoint("after", before)
    published = subject.published_log.read_checkpoint()
    assert published is not None
    assert published.text == "after"


@pytest.mark.parametrize("fault", [Fault.REFUSED, Fault.HALF_DONE, Fault.RESPONSE_LOST])
def test_a_failed_read_is_not_a_missing_object(s3_log: S3PublishedLog, fault: Fault) -> None:
    s3_log.put_tiles({LEAVES: b"first"})
    published = s3_log.put_checkpoint("text", None)
    with inject_fault(0, fault), pytest.raises(StoreUnavailableError):
        s3_log.read(LEAVES)
    with inject_fault(0, fault), pytest.raises(StoreUnavailableError):
        s3_log.read_checkpoint()
    assert (s3_log.read(LEAVES), s3_log.read_checkpoint()) == (b"first", published)


def test_a_tile_that_cannot_be_compared_is_an_error(s3_log: S3PublishedLog) -> None:
    """It exists, and its content cannot be read."""
    s3_log.put_tiles({LEAVES: b"first"})
    with inject_fault(1, Fault.REFUSED) as calls, pytest.raises(StoreUnavailableError):
        s3_log.put_tiles({LEAVES: b"first"})
    assert calls == ["PutObject", "GetObject"]
    s3_log.put_tiles({LEAVES: b"first"})


def test_a_refused_request_is_an_error(s3_log: S3PublishedLog) -> None:
    with answered("GetObject", "AccessDenied", 403), pytest.raises(StoreRejectedError):
        s3_log.read(LEAVES)
    with answered("PutObject", "AccessDenied", 403):
        for write in (
            lambda: s3_log.put_tiles({LEAVES: b""}),
            lambda: s3_log.put_checkpoint("text", None),
        ):
            with pytest.raises(StoreRejectedError):
                write()
    assert s3_log.read(LEAVES) is None


def test_a_write_under_way_is_retryable(s3_log: S3PublishedLog) -> None:
    """S3 returns 409 for a conditional write while another one of the object is under way."""
    with answered("PutObject", "ConditionalRequestConflict", 409):
        with pytest.raises(StoreUnavailableError):
            s3_log.put_tiles({LEAVES: b"first"})
        with pytest.raises(StoreUnavailableError):
            s3_log.put_checkpoint("text", None)


def test_a_checkpoint_that_is_not_utf8_is_read(s3_log: S3PublishedLog) -> None:
    client("s3").put_object(Bucket=get_settings().log_bucket, Key="checkpoint", Body=b"\xff\x00")
    published = s3_log.read_checkpoint()
    assert published is not None
    assert published.text == "\ufffd\x00"
    assert s3_log.put_checkpoint("text", published).text == "text"


@pytest.mark.parametrize("count", [1, len(TILES)])
def test_a_crash_leaves_complete_tiles(s3_log: S3PublishedLog, count: int) -> None:
    tiles = dict(list(TILES.items())[:count])
    for fault in (Fault.CRASH_BEFORE, Fault.CRASH_AFTER):
        with inject_fault(count // 2, fault), suppress(BaseException):
            s3_log.put_tiles(tiles)
        assert {*read_all(s3_log, tiles).values()} <= {None, *tiles.values()}
    s3_log.put_tiles(tiles)
    assert read_all(s3_log, tiles) == tiles


def test_tiles_may_be_cached_and_the_checkpoint_may_not(s3_log: S3PublishedLog) -> None:
    bundle = Tile(None, 1_234_067, 3)
    s3_log.put_tiles({LEAVES: b"1", bundle: b"2"})
    s3_log.put_checkpoint("text\u2014", None)
    found = {
        key: client("s3").get_object(Bucket=get_settings().log_bucket, Key=key)
        for key in ("tile/0/000.p/5", "tile/entries/x001/x234/067.p/3", "checkpoint")
    }
    *tiles, checkpoint = found.values()
    for tile in tiles:
        assert tile["ContentType"] == "application/octet-stream"
        assert tile["CacheControl"] == "public, max-age=31536000, immutable"
    assert checkpoint["ContentType"] == "text/plain; charset=utf-8"
    assert checkpoint["CacheControl"] == "no-cache"
    assert checkpoint["Body"].read() == "text\u2014".encode()
