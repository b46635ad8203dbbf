"""Events on disk until the queue has taken them.

A spool is a folder that several processes may share. Each writes segments of its own, files to
which lines are only appended, and holds the lock of a file beside them; whoever finds a lock that
nobody holds takes over the segments of the process that died. What `append` has written survives
the end of the process; `sync` makes it survive that of the machine.
"""

import errno
import os
import re
import secrets
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import gettempdir
from typing import Final

from prooftrail.errors import EventTooLargeError, SpoolBusyError, SpoolError, SpoolFullError
from prooftrail.intake.packing import check_size

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]  # `Spool` refuses then

SEGMENT_BYTES: Final = 1024 * 1024
_CHECKSUM_LENGTH: Final = 8
_LARGEST: Final = 64 * SEGMENT_BYTES
_LOCK_NAME: Final = re.compile(r"([0-9]+-[0-9a-f]{12})\.lock")
_BUSY: Final = frozenset({errno.EAGAIN, errno.EMFILE, errno.ENFILE, errno.ENOMEM})
_LOCK_ATTEMPTS: Final = 10
_NO_LOCKS: Final = "a spool needs file locks as POSIX has them: choose block or drop"
_SET_ASIDE: Final = ".damaged"


@dataclass(slots=True, eq=False)
class SpoolSegment:
    """A file of events. `outstanding` of them are not known to be in the queue.

    `epoch` belongs to the sender: when they were logged.
    """

    path: Path
    size: int = 0
    outstanding: int = 0
    epoch: int = 0
    is_sealed: bool = False
    is_damaged: bool = False
    _file: int = field(default=-1, repr=False)
    _is_torn: bool = field(default=False, repr=False)  # half a line is at its end


@dataclass(frozen=True, slots=True)
class SegmentContent:
    """A segment's events, and what of it is none.

    `damaged` lines were changed since they were written. A line that was not written to its end
    is not among them: its event's `log` had not returned.
    """

    events: list[str]
    damaged: int


def encode_line(text: str) -> bytes:
    """An event's line: a CRC-32 in hex, a space, its JSON in ASCII.

    >>> encode_line("{}")
    b'a3a6bf43 {}\\n'
    """
    content = text.encode("ascii")
    return b"%08x %b\n" % (zlib.crc32(content), content)


def parse_segment(lines: bytes) -> SegmentContent:
    """The events of a segment.

    >>> parse_segment(encode_line("{}") + b"????" + encode_line("[]") + b"0102")
    SegmentContent(events=['{}'], damaged=1)
    """
    events: list[str] = []
    damaged = 0
    for line in lines.split(b"\n")[:-1]:
        event = _event_in(line)
        if event is None:
            damaged += 1
        else:
            events.append(event)
    return SegmentContent(events, damaged)


def _event_in(line: bytes) -> str | None:
    content = line[_CHECKSUM_LENGTH + 1 :]
    if line[: _CHECKSUM_LENGTH + 1] != b"%08x " % zlib.crc32(content):
        return None
    try:
        text = content.decode("ascii")
        check_size(text)
    except (UnicodeDecodeError, EventTooLargeError):  # `AuditLogger` writes none of these
        return None
    return text


def default_folder(queue_url: str) -> Path:
    """Where events of this queue wait unless told otherwise, of this user's.

    `~/.local/state/prooftrail/<queue>`, or in the folder for temporary files where that cannot be
    made, as in Lambda.
    """
    if fcntl is None:
        raise SpoolError(_NO_LOCKS)
    name = f"{re.sub('[^A-Za-z0-9]+', '-', queue_url)[-60:]}-{zlib.crc32(queue_url.encode()):08x}"
    places = []
    with suppress(RuntimeError):  # a user without a home
        places.append(Path.home() / ".local" / "state" / "prooftrail")
    with suppress(OSError):  # no folder for temporary files can be written to
        places.append(Path(gettempdir()) / f"prooftrail-{os.getuid()}")
    for place in places:
        with suppress(SpoolError):
            return _made(_made(place) / name)
    raise SpoolError(f"no folder for the spool can be made below {' or '.join(map(str, places))}")


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.lstat()
        if status.st_uid != os.getuid():
            raise SpoolError(f"{folder} belongs to another user")
        if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            raise SpoolError(f"{folder} cannot be written to")
    except OSError as error:
        raise SpoolError(f"{folder}: {error.strerror}") from error
    return folder


class Spool:
    """A process's part of a spool. Not thread-safe, `load` and `sync` apart.

    `max_bytes` bounds what this process keeps there, segments taken over included.

    Raises:
        SpoolError: the folder cannot be used, or the system has no file locks.
    """

    def __init__(self, folder: Path, *, max_bytes: int, segment_bytes: int = SEGMENT_BYTES) -> None:
        if fcntl is None:
            raise SpoolError(_NO_LOCKS)
        self.folder = _made(folder)
        self.size = 0
        self._max_bytes = max_bytes
        self._segment_bytes = segment_bytes
        self._count = 0
        self._open: dict[bool, SpoolSegment] = {}
        self._sealed: list[Path] = []  # and not yet synced
        self._taken_over: dict[str, tuple[int, int]] = {}
        for _ in range(_LOCK_ATTEMPTS):  # another process may look at the lock just now
            self._owner = f"{os.getpid()}-{secrets.token_hex(6)}"
            lock = _locked(folder / f"{self._owner}.lock")
            if lock is not None:
                self._lock = lock
                return
        raise SpoolError(f"{folder}: this process gets no lock of its own")

    def append(self, text: str, *, is_buffered: bool) -> SpoolSegment:
        """Write an event to the open segment, and answer which.

        Those that are held in memory too and those that are not have segments of their own.

        Raises:
            SpoolFullError: it would have more than `max_bytes`.
            SpoolError: the disk does not take it.
        """
        line = encode_line(text)
        if self.size + len(line) > self._max_bytes:
            raise SpoolFullError(f"{self.folder}: holds {self.size} bytes already")
        segment = self._open.get(is_buffered)
        if segment is None:
            segment = self._open[is_buffered] = self._new_segment()
        try:
            if segment._is_torn:
                os.ftruncate(segment._file, segment.size)
                segment._is_torn = False
            written = os.write(segment._file, line)
            if written < len(line):
                segment._is_torn = True
                os.ftruncate(segment._file, segment.size)
                segment._is_torn = False
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))  # noqa: TRY301  # as below
        except OSError as error:
            raise SpoolError(f"{segment.path}: {error.strerror}") from error
        segment.size += written
        segment.outstanding += 1
        self.size += written
        if segment.size >= self._segment_bytes:
            self.seal(is_buffered=is_buffered)
        return segment

    def _new_segment(self) -> SpoolSegment:
        self._count += 1
        path = self.folder / f"{self._owner}.{self._count:08d}.events"
        try:
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        except OSError as error:
            raise SpoolError(f"{path}: {error.strerror}") from error
        return SpoolSegment(path, _file=file)

    def seal(self, *, is_buffered: bool) -> SpoolSegment | None:
        """Close the open segment, and answer it; None where there is none, or an empty one."""
        segment = self._open.pop(is_buffered, None)
        if segment is None:
            return None
        segment.is_sealed = True
        _close(segment)
        if segment.outstanding == 0:
            self._remove(segment)
            return None
        self._sealed.append(segment.path)
        return segment

    def mark_delivered(self, segment: SpoolSegment, count: int) -> None:
        """Let go so many of a segment's events: the queue has them."""
        segment.outstanding -= count
        if segment.outstanding > 0:
            return
        if segment.is_sealed:
            self._remove(segment)
        elif segment.size:
            with suppress(OSError):
                os.ftruncate(segment._file, 0)
                self.size -= segment.size
                segment.size = 0

    def _remove(self, segment: SpoolSegment) -> None:
        self.size -= segment.size
        with suppress(OSError):
            if segment.is_damaged:
                segment.path.rename(segment.path.with_name(segment.path.name + _SET_ASIDE))
            else:
                segment.path.unlink()
        owner = segment.path.name.partition(".")[0]
        if owner in self._taken_over:
            lock, left = self._taken_over[owner]
            self._taken_over[owner] = lock, left - 1
            if left == 1:
                self._let_go(owner)

    def _let_go(self, owner: str) -> None:
        lock, _ = self._taken_over.pop(owner)
        with suppress(OSError):
            (self.folder / f"{owner}.lock").unlink()
        os.close(lock)

    def take_over_abandoned(self) -> Iterator[SpoolSegment]:
        """Take over the segments of processes that died; each is this process's from then on."""
        for path in sorted(self.folder.glob("*.lock")):
            match = _LOCK_NAME.fullmatch(path.name)
            owner = match[1] if match else ""
            if not owner or owner == self._owner or owner in self._taken_over:
                continue
            try:
                lock = _locked(path)
            except SpoolError:  # another user's
                continue
            if lock is None:
                continue
            segments = []
            for one in sorted(self.folder.glob(f"{owner}.*.events")):
                with suppress(FileNotFoundError):  # sent by a process that is about to end
                    segments.append(SpoolSegment(one, size=one.lstat().st_size, is_sealed=True))
            self._taken_over[owner] = lock, len(segments)
            if not segments:
                self._let_go(owner)
            for segment in segments:
                self.size += segment.size
                yield segment

    def load(self, segment: SpoolSegment) -> SegmentContent:
        """What a sealed segment holds; a damaged one is set aside when it is settled.

        Raises:
            SpoolBusyError: it cannot be read now.
            SpoolError: it cannot be read, or is too large to be a segment. See `set_aside`.
        """
        try:
            with segment.path.open("rb") as file:
                content = file.read(_LARGEST + 1)
        except OSError as error:
            kind = SpoolBusyError if error.errno in _BUSY else SpoolError
            raise kind(f"{segment.path}: {error.strerror}") from error
        if len(content) > _LARGEST:
            raise SpoolError(f"{segment.path}: is longer than any segment")
        found = parse_segment(content)
        segment.is_damaged = found.damaged > 0
        return found

    def set_aside(self, segment: SpoolSegment) -> Path:
        """Keep a segment that cannot be used under another name, and answer that."""
        segment.is_damaged = True
        segment.outstanding = 0
        self._remove(segment)
        return segment.path.with_name(segment.path.name + _SET_ASIDE)

    def prepare_sync(self) -> Callable[[], None]:
        """What has the disk keep all that was written so far; to be called without the lock.

        It raises SpoolError where the disk does not.
        """
        files = []
        for segment in self._open.values():
            with suppress(OSError):
                files.append(os.dup(segment._file))
        sealed, self._sealed = self._sealed, []

        def sync() -> None:
            try:
                for path in sealed:
                    with suppress(FileNotFoundError):  # sent by now
                        files.append(os.open(path, os.O_RDONLY))
                for file in files:
                    os.fsync(file)
                _sync_folder(self.folder)
            except OSError as error:
                raise SpoolError(f"{self.folder}: {error.strerror}") from error
            finally:
                for file in files:
                    os.close(file)

        return sync

    def close(self, *, in_child: bool = False) -> None:
        """Leave the segments to the next process; a forked child leaves its parent's alone."""
        for is_buffered in list(self._open):
            if in_child:
                _close(self._open.pop(is_buffered))
            else:
                self.seal(is_buffered=is_buffered)
        if not in_child and self._sealed:
            with suppress(SpoolError):
                self.prepare_sync()()
        for owner in list(self._taken_over):
            lock, _ = self._taken_over.pop(owner)
            os.close(lock)
        if not in_child and not any(self.folder.glob(f"{self._owner}.*.events")):
            with suppress(OSError):
                (self.folder / f"{self._owner}.lock").unlink()
        with suppress(OSError):  # closed already, where a thread forks as another closes
            os.close(self._lock)
        self._lock = -1


def _locked(path: Path) -> int | None:
    """The open file whose lock this process holds now, or None where another one does."""
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise SpoolError(f"{path}: {error.strerror}") from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.stat(path).st_ino == os.fstat(file).st_ino:  # noqa: PTH116  # beside fstat
            return file
    except OSError:
        pass
    os.close(file)
    return None


def _close(segment: SpoolSegment) -> None:
    with suppress(OSError):
        os.close(segment._file)
    segment._file = -1


def _sync_folder(folder: Path) -> None:
    file = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
