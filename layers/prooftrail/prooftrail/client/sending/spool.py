"""Events on disk until they are in the queue.

A spool is a folder that several processes can share. Each process appends lines to its own files,
called segments, and holds a lock on a file beside them. A process that finds an unheld lock takes
over the segments, because their process has died. What `append` has written survives the end of
the process. What is synced survives a crash of the machine.
"""

import errno
import os
import re
import secrets
import stat
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
    fcntl = None  # type: ignore[assignment]  # `Spool` then raises an error

SEGMENT_BYTES: Final = 1024 * 1024
_CHECKSUM_LENGTH: Final = 8
_MAX_SEGMENT_BYTES: Final = 64 * SEGMENT_BYTES
_LOCK_NAME: Final = re.compile(r"([0-9]+-[0-9a-f]{12})\.lock")
_BUSY: Final = frozenset({errno.EAGAIN, errno.EMFILE, errno.ENFILE, errno.ENOMEM})
_LOCK_ATTEMPTS: Final = 10
_NO_LOCKS: Final = (
    'on_outage="spool" needs POSIX file locks, which this system lacks: use "block" or "drop"'
)
_DAMAGED_SUFFIX: Final = ".damaged"
_MAX_QUEUE_LENGTH: Final = 80  # as in SQS
_FOREIGN_WRITES: Final = stat.S_IWGRP | stat.S_IWOTH


@dataclass(slots=True, eq=False)
class SpoolSegment:
    """A file of events, `outstanding` of which are not known to be in the queue.

    `epoch` is when they were accepted, see `DeliveryCounts`. A sealed segment takes no more events.
    """

    path: Path
    size: int = 0
    outstanding: int = 0
    epoch: int = 0
    is_sealed: bool = False
    is_damaged: bool = False
    _file: int = field(default=-1, repr=False)
    _is_torn: bool = field(default=False, repr=False)  # the file ends with half a line


@dataclass(frozen=True, slots=True)
class SegmentContent:
    """The events of a segment, and the number of its damaged lines.

    A line is damaged if it changed after it was written. A last line that is not complete is not
    counted: `log` had not returned for its event.
    """

    events: list[str]
    damaged: int


def encode_line(text: str) -> bytes:
    """Return an event's line: a CRC-32 in hex, a space, the event's JSON in ASCII.

    >>> encode_line("{}")
    b'a3a6bf43 {}\\n'
    """
    content = text.encode("ascii")
    return b"%08x %b\n" % (zlib.crc32(content), content)


def parse_segment(lines: bytes) -> SegmentContent:
    """Parse the lines of a segment.

    >>> parse_segment(encode_line("{}") + b"????" + encode_line("[]") + b"0102")
    SegmentContent(events=['{}'], damaged=1)
    """
    events: list[str] = []
    damaged = 0
    for line in lines.split(b"\n")[:-1]:
        text = _parse_line(line)
        if text is None:
            damaged += 1
        else:
            events.append(text)
    return SegmentContent(events, damaged)


def _parse_line(line: bytes) -> str | None:
    content = line[_CHECKSUM_LENGTH + 1 :]
    if line[: _CHECKSUM_LENGTH + 1] != b"%08x " % zlib.crc32(content):
        return None
    try:
        text = content.decode("ascii")
        check_size(text)
    except (UnicodeDecodeError, EventTooLargeError):  # `AuditLogger` writes neither
        return None
    return text


def make_default_folder(queue_url: str) -> Path:
    """Make and return the folder for this user's events of a queue.

    It is `~/.local/state/prooftrail/<queue>-<checksum of the URL>`. If that cannot be made, as in
    Lambda, it is in the folder for temporary files. A folder that version 0.2 made stays in use.

    Raises:
        SpoolError: Neither folder can be made, or the system has no file locks.
    """
    if fcntl is None:
        raise SpoolError(_NO_LOCKS)
    parents = []
    with suppress(RuntimeError):  # the user has no home
        parents.append(Path.home() / ".local" / "state" / "prooftrail")
    with suppress(OSError):  # no folder for temporary files is writable
        parents.append(Path(gettempdir()) / f"prooftrail-{os.getuid()}")
    for parent in parents:
        with suppress(SpoolError):
            return _make_folder(_make_folder(parent) / _name_folder(parent, queue_url))
    tried = " or ".join(map(str, parents))
    raise SpoolError(f"spool_folder: no default folder can be made below {tried}: give one")


def _name_folder(parent: Path, queue_url: str) -> str:
    """Return the name of a queue's folder: the older one if there is such a folder.

    It may hold events, and an older process may use it.
    """
    checksum = f"{zlib.crc32(queue_url.encode()):08x}"
    old_name = f"{re.sub('[^A-Za-z0-9]+', '-', queue_url)[-60:]}-{checksum}"
    if (parent / old_name).exists():
        return old_name
    queue = re.sub("[^A-Za-z0-9_.-]+", "-", queue_url.rstrip("/").rpartition("/")[2])
    return f"{queue[-_MAX_QUEUE_LENGTH:]}-{checksum}"


def _make_folder(folder: Path) -> Path:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(status.st_uid != os.getuid() for status in (folder.lstat(), folder.stat())):
            raise SpoolError(f"{folder} belongs to another user: give a folder of your own")
        if folder.stat().st_mode & _FOREIGN_WRITES:
            raise SpoolError(
                f"{folder}: the group or others may write there, so what waits there may be "
                f"theirs: chmod go-w {folder}"
            )
        if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            raise SpoolError(f"{folder} is not readable and writable")
    except OSError as error:
        raise SpoolError(f"{folder}: {error.strerror}") from error
    return folder


class Spool:
    """One process's part of a spool.

    Not thread-safe, except `load` and what `prepare_sync` returns. `max_bytes` limits what this
    process keeps there, including segments that it took over.

    Raises:
        SpoolError: The folder cannot be used, belongs to another user or can be written by one, or
            the system has no file locks.
    """

    def __init__(self, folder: Path, *, max_bytes: int, segment_bytes: int = SEGMENT_BYTES) -> None:
        if fcntl is None:
            raise SpoolError(_NO_LOCKS)
        self.folder = _make_folder(folder)
        self.size = 0
        self._max_bytes = max_bytes
        self._segment_bytes = segment_bytes
        self._count = 0
        self._open: dict[bool, SpoolSegment] = {}
        self._unsynced: list[Path] = []  # sealed segments
        self._taken_over: dict[str, tuple[int, int]] = {}  # owner -> lock, segments left
        for _ in range(_LOCK_ATTEMPTS):  # another process may be trying the new lock
            self._owner = f"{os.getpid()}-{secrets.token_hex(6)}"
            lock = _try_lock(folder / f"{self._owner}.lock")
            if lock is not None:
                self._lock = lock
                return
        raise SpoolError(f"{folder}: cannot lock a file there")

    def append(self, text: str, *, is_buffered: bool) -> SpoolSegment:
        """Write an event to the open segment, and return that segment.

        Buffered events are in memory too. They have other segments than those on disk only.

        Raises:
            SpoolFullError: The spool would exceed `max_bytes`.
            SpoolError: The disk does not take the event.
        """
        line = encode_line(text)
        if self.size + len(line) > self._max_bytes:
            raise SpoolFullError(
                f"{self.folder}: has {self.size} of at most {self._max_bytes} bytes"
            )
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
        """Close the open segment and return it, or None if no event of it is outstanding."""
        segment = self._open.pop(is_buffered, None)
        if segment is None:
            return None
        segment.is_sealed = True
        _close(segment)
        if segment.outstanding == 0:
            self._remove(segment)
            return None
        self._unsynced.append(segment.path)
        return segment

    def mark_delivered(self, segment: SpoolSegment, count: int) -> None:
        """Forget this many of a segment's events: they are in the queue."""
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
                segment.path.rename(segment.path.with_name(segment.path.name + _DAMAGED_SUFFIX))
            else:
                segment.path.unlink()
        owner = segment.path.name.partition(".")[0]
        if owner in self._taken_over:
            lock, left = self._taken_over[owner]
            self._taken_over[owner] = lock, left - 1
            if left == 1:
                self._release(owner)

    def _release(self, owner: str) -> None:
        lock, _ = self._taken_over.pop(owner)
        with suppress(OSError):
            (self.folder / f"{owner}.lock").unlink()
        os.close(lock)

    def take_over_abandoned(self) -> Iterator[SpoolSegment]:
        """Take over the segments of processes that died, and yield them."""
        for path in sorted(self.folder.glob("*.lock")):
            match = _LOCK_NAME.fullmatch(path.name)
            owner = match[1] if match else ""
            if not owner or owner == self._owner or owner in self._taken_over:
                continue
            try:
                lock = _try_lock(path)
            except SpoolError:  # it belongs to another user
                continue
            if lock is None:
                continue
            segments = []
            for file in sorted(self.folder.glob(f"{owner}.*.events")):
                with suppress(FileNotFoundError):  # a process sent it while it was ending
                    segments.append(SpoolSegment(file, size=file.lstat().st_size, is_sealed=True))
            self._taken_over[owner] = lock, len(segments)
            if not segments:
                self._release(owner)
            for segment in segments:
                self.size += segment.size
                yield segment

    def load(self, segment: SpoolSegment) -> SegmentContent:
        """Read a sealed segment. If it is damaged, it is kept under another name at its end.

        Raises:
            SpoolBusyError: It cannot be read now.
            SpoolError: It cannot be read, or is too large for a segment. See `set_aside`.
        """
        try:
            with open(segment.path, "rb", opener=_open_own) as file:
                content = file.read(_MAX_SEGMENT_BYTES + 1)
        except OSError as error:
            error_type = SpoolBusyError if error.errno in _BUSY else SpoolError
            raise error_type(f"{segment.path}: {error.strerror}") from error
        if len(content) > _MAX_SEGMENT_BYTES:
            raise SpoolError(f"{segment.path}: is larger than {_MAX_SEGMENT_BYTES} bytes")
        parsed = parse_segment(content)
        segment.is_damaged = parsed.damaged > 0
        return parsed

    def set_aside(self, segment: SpoolSegment) -> Path:
        """Keep a segment that cannot be read under another name, and return that path."""
        segment.is_damaged = True
        segment.outstanding = 0
        self._remove(segment)
        return segment.path.with_name(segment.path.name + _DAMAGED_SUFFIX)

    def prepare_sync(self) -> Callable[[], None]:
        """Return a function that fsyncs everything written so far. Call it without the lock.

        It raises SpoolError if the disk reports an error.
        """
        files = []
        for segment in self._open.values():
            with suppress(OSError):
                files.append(os.dup(segment._file))
        sealed, self._unsynced = self._unsynced, []

        def sync() -> None:
            try:
                for path in sealed:
                    with suppress(FileNotFoundError):  # its events are in the queue
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
        """Close the files and leave the segments to the next process.

        With `in_child`, a forked child closes the files of its parent and changes nothing on disk.
        """
        for is_buffered in list(self._open):
            if in_child:
                _close(self._open.pop(is_buffered))
            else:
                self.seal(is_buffered=is_buffered)
        if not in_child and self._unsynced:
            with suppress(SpoolError):
                self.prepare_sync()()
        for owner in list(self._taken_over):
            lock, _ = self._taken_over.pop(owner)
            os.close(lock)
        if not in_child and not any(self.folder.glob(f"{self._owner}.*.events")):
            with suppress(OSError):
                (self.folder / f"{self._owner}.lock").unlink()
        with suppress(OSError):  # closed already, if one thread forks while another closes
            os.close(self._lock)
        self._lock = -1


def _try_lock(path: Path) -> int | None:
    """Lock a file; return it open, or None if another process holds the lock."""
    try:
        file = _open_own(path, os.O_RDWR | os.O_CREAT)
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


def _open_own(path: str | Path, flags: int) -> int:
    """Open a file of this user. A link is refused, because it can lead to another's file.

    Raises:
        SpoolError: The file is no regular file, or belongs to another user.
    """
    file = os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600)
    status = os.fstat(file)
    if stat.S_ISREG(status.st_mode) and status.st_uid == os.getuid():
        return file
    os.close(file)
    raise SpoolError(f"{path}: is not a regular file of this user")


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
