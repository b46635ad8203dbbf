"""The spool keeps events after the end of a process, and no fault of it is fatal."""

import errno
import os
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prooftrail.client.sending import spool as spool_module
from prooftrail.client.sending.spool import (
    Spool,
    SpoolSegment,
    encode_line,
    make_default_folder,
    parse_segment,
)
from prooftrail.errors import EventTooLargeError, SpoolError, SpoolFullError
from prooftrail.intake.packing import pack_messages

MEGABYTE = 1024 * 1024


def list_files(folder: Path) -> list[str]:
    """Return the names of the files, without lock files."""
    return sorted(path.name for path in folder.iterdir() if path.suffix != ".lock")


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    """An empty spool."""
    spool = Spool(tmp_path, max_bytes=MEGABYTE)
    yield spool
    spool.close()


def kill(spool: Spool) -> None:
    """Close the files and do nothing else, as at the end of a killed process."""
    for segment in spool._open.values():
        os.close(segment._file)
    os.close(spool._lock)


def test_segments_of_a_dead_process_are_taken_over_once(tmp_path: Path) -> None:
    first = Spool(tmp_path, max_bytes=MEGABYTE)
    for text in ("{}", "[]", '{"a":1}'):
        first.append(text, is_buffered=True)
    alive = Spool(tmp_path, max_bytes=MEGABYTE)
    assert list(alive.take_over_abandoned()) == []
    kill(first)
    [segment] = alive.take_over_abandoned()
    other = Spool(tmp_path, max_bytes=MEGABYTE)
    assert list(other.take_over_abandoned()) == []
    assert alive.load(segment).events == ["{}", "[]", '{"a":1}']
    segment.outstanding = 3
    alive.mark_delivered(segment, 2)
    assert list_files(tmp_path) == [segment.path.name]
    alive.mark_delivered(segment, 1)
    alive.close()
    other.close()
    assert list(tmp_path.iterdir()) == []


def test_segments_taken_over_and_not_sent_are_left_to_the_next_process(tmp_path: Path) -> None:
    first = Spool(tmp_path, max_bytes=MEGABYTE)
    first.append("{}", is_buffered=False)
    kill(first)
    second = Spool(tmp_path, max_bytes=MEGABYTE)
    assert len(list(second.take_over_abandoned())) == 1
    second.close()
    third = Spool(tmp_path, max_bytes=MEGABYTE)
    [segment] = third.take_over_abandoned()
    assert third.load(segment).events == ["{}"]
    third.close()


def test_a_file_is_removed_when_its_events_are_delivered(spool: Spool, tmp_path: Path) -> None:
    held = spool.append("{}", is_buffered=True)
    spool.append("{}", is_buffered=True)
    stored = spool.append("[]", is_buffered=False)
    assert stored.path != held.path
    spool.mark_delivered(held, 2)
    assert held.path.stat().st_size == 0
    assert spool.append('{"b":2}', is_buffered=True) is held
    assert spool.load(held).events == ['{"b":2}']
    assert spool.seal(is_buffered=True) is held
    spool.mark_delivered(held, 1)
    assert list_files(tmp_path) == [stored.path.name]
    assert spool.size == stored.path.stat().st_size


def test_a_segment_is_sealed_at_its_size(tmp_path: Path) -> None:
    spool = Spool(tmp_path, max_bytes=MEGABYTE, segment_bytes=100)
    segments = {spool.append('{"text":"' + "x" * 30 + '"}', is_buffered=True) for _ in range(4)}
    assert [
        segment.is_sealed for segment in sorted(segments, key=lambda segment: segment.path)
    ] == [True, True]
    spool.close()


def test_its_size_is_limited(tmp_path: Path) -> None:
    spool = Spool(tmp_path, max_bytes=40)
    spool.append("{}", is_buffered=True)
    with pytest.raises(SpoolFullError, match="has 12 of at most 40 bytes"):
        spool.append('"' + "x" * 40 + '"', is_buffered=True)
    spool.close()


@pytest.mark.parametrize("written", [0, 5])
def test_a_full_disk_leaves_no_half_line(
    spool: Spool, monkeypatch: pytest.MonkeyPatch, written: int
) -> None:
    segment = spool.append("{}", is_buffered=True)
    write = os.write

    def full(file: int, content: bytes) -> int:
        if not written:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(file, content[:written])

    with monkeypatch.context() as patched:
        patched.setattr("prooftrail.client.sending.spool.os.write", full)
        with pytest.raises(SpoolError, match="No space left"):
            spool.append("[]", is_buffered=True)
    spool.append('{"a":1}', is_buffered=True)
    assert spool.load(segment).events == ["{}", '{"a":1}']
    assert spool.size == segment.path.stat().st_size


def test_a_half_line_that_stays_damages_no_other_line(
    spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    segment = spool.append("{}", is_buffered=True)
    write = os.write

    def broken(_file: int, _size: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr("prooftrail.client.sending.spool.os.ftruncate", broken)
        patched.setattr(
            "prooftrail.client.sending.spool.os.write", lambda file, all_: write(file, all_[:5])
        )
        for _ in range(2):
            with pytest.raises(SpoolError, match="Input/output error"):
                spool.append("[]", is_buffered=True)
    spool.append('{"a":1}', is_buffered=True)
    content = spool.load(segment)
    assert (content.events, content.damaged) == (["{}", '{"a":1}'], 0)


def test_a_damaged_segment_gives_its_other_lines_and_is_set_aside(
    spool: Spool, tmp_path: Path
) -> None:
    segment = spool.append("{}", is_buffered=True)
    spool.append("[]", is_buffered=True)
    spool.seal(is_buffered=True)
    segment.path.write_bytes(segment.path.read_bytes().replace(b"{}", b"{ "))
    content = spool.load(segment)
    assert (content.events, content.damaged) == (["[]"], 1)
    spool.mark_delivered(segment, 2)
    assert list_files(tmp_path) == [f"{segment.path.name}.damaged"]


@pytest.mark.parametrize("kind", ["folder", "long", "gone"])
def test_a_file_that_is_not_a_segment_is_named_in_the_error(
    spool: Spool, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "1-0123456789ab.00000001.events"
    match kind:
        case "folder":
            path.mkdir()
        case "long":
            with path.open("wb") as file:
                file.truncate(65 * MEGABYTE)
    segment = SpoolSegment(path, is_sealed=True)
    with pytest.raises(SpoolError, match=r"00000001\.events: "):
        spool.load(segment)
    if kind != "gone":
        assert spool.set_aside(segment).name == f"{path.name}.damaged"
        assert list_files(tmp_path) == [f"{path.name}.damaged"]


def test_a_line_that_does_not_fit_in_a_message_is_damaged() -> None:
    fits, too_long = ('"' + "x" * (MEGABYTE - 42 - 2 + more) + '"' for more in (0, 1))
    assert pack_messages([fits])
    with pytest.raises(EventTooLargeError):
        pack_messages([too_long])
    parsed = parse_segment(encode_line(fits) + encode_line(too_long) + encode_line("{}"))
    assert (parsed.events, parsed.damaged) == ([fits, "{}"], 1)


def test_other_files_are_not_touched(spool: Spool, tmp_path: Path) -> None:
    for name in ("notes.txt", "x.lock", "5.events", "x.00000001.events"):
        (tmp_path / name).write_text("mine")
    assert list(spool.take_over_abandoned()) == []
    assert (tmp_path / "x.lock").read_text() == "mine"


def test_a_forked_child_does_not_touch_its_parents_files(tmp_path: Path) -> None:
    parent = Spool(tmp_path, max_bytes=MEGABYTE)
    segment = parent.append("{}", is_buffered=True)
    child = os.fork()
    if child == 0:
        parent.close(in_child=True)
        os._exit(len(list(Spool(tmp_path, max_bytes=MEGABYTE).take_over_abandoned())))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    parent.append("[]", is_buffered=True)
    assert parent.load(segment).events == ["{}", "[]"]
    parent.close()


def test_a_sync_includes_open_and_sealed_segments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []

    def fsync(file: int) -> None:
        synced.append(Path(f"/proc/self/fd/{file}").readlink().name)

    monkeypatch.setattr("prooftrail.client.sending.spool.os.fsync", fsync)
    spool = Spool(tmp_path, max_bytes=MEGABYTE, segment_bytes=20)
    paths = {spool.append('{"text":"sealed"}', is_buffered=True).path}
    paths.add(spool.append("{}", is_buffered=True).path)
    paths.add(spool.append("[]", is_buffered=False).path)
    assert len(paths) == 3
    sync = spool.prepare_sync()
    assert synced == []
    sync()
    assert sorted(synced) == sorted([*(path.name for path in paths), tmp_path.name])
    synced.clear()
    spool.append("[]", is_buffered=False)
    spool.close()
    assert paths > {path for path in paths if path.name in synced} > set()


def test_a_failed_fsync_is_an_error(
    spool: Spool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fsync(_: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    spool.append("{}", is_buffered=True)
    with monkeypatch.context() as patched:
        patched.setattr("prooftrail.client.sending.spool.os.fsync", fsync)
        with pytest.raises(SpoolError, match=f"{tmp_path}: Input/output error"):
            spool.prepare_sync()()


def test_a_file_that_cannot_be_opened_for_fsync_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(errno.EMFILE, "Too many open files")

    spool = Spool(tmp_path, max_bytes=MEGABYTE, segment_bytes=1)
    spool.append("{}", is_buffered=True)
    with monkeypatch.context() as patched:
        patched.setattr("prooftrail.client.sending.spool.os.open", refuse)
        with pytest.raises(SpoolError, match="Too many open files"):
            spool.prepare_sync()()
        spool._unsynced.append(tmp_path / "one.events")
        spool.close()


def test_a_file_that_disappears_does_not_prevent_a_takeover(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Spool(tmp_path, max_bytes=MEGABYTE, segment_bytes=1)
    gone, kept = (first.append("{}", is_buffered=True).path for _ in range(2))
    kill(first)
    spool = Spool(tmp_path, max_bytes=MEGABYTE)
    lstat = Path.lstat

    def lstat_late(path: Path) -> os.stat_result:
        if path == gone:
            path.unlink(missing_ok=True)
        return lstat(path)

    monkeypatch.setattr(Path, "lstat", lstat_late)
    assert [segment.path for segment in spool.take_over_abandoned()] == [kept]
    spool.close()


def test_a_folder_of_another_user_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("prooftrail.client.sending.spool.os.getuid", lambda: 4711)
    with pytest.raises(SpoolError, match="belongs to another user"):
        Spool(tmp_path, max_bytes=MEGABYTE)


@pytest.mark.parametrize("mode", [0o777, 0o1777, 0o770, 0o720, 0o702])
def test_a_folder_that_others_may_write_is_refused(tmp_path: Path, mode: int) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(mode)
    link = tmp_path / "link"
    link.symlink_to(folder)
    for path in (folder, link):
        with pytest.raises(SpoolError, match=f"others may write there.*: chmod go-w {path}$"):
            Spool(path, max_bytes=MEGABYTE)
    assert list(folder.iterdir()) == []
    folder.chmod(mode & ~0o022)
    Spool(link, max_bytes=MEGABYTE).close()


def test_a_default_folder_that_others_may_write_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(spool_module, "gettempdir", lambda: str(tmp_path))
    home = tmp_path / ".local" / "state" / "prooftrail"
    home.mkdir(parents=True)
    home.chmod(0o777)
    folder = make_default_folder("https://sqs.example.com/1/a")
    assert folder.parent == tmp_path / f"prooftrail-{os.getuid()}"


@pytest.mark.parametrize("ending", ["events", "lock"])
def test_files_of_another_user_are_not_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    """They may have been there before the folder was closed to others."""
    dead = Spool(tmp_path, max_bytes=MEGABYTE)
    dead.append('{"forged":true}', is_buffered=True)
    kill(dead)
    [forged] = [path.stat().st_ino for path in tmp_path.iterdir() if path.suffix == f".{ending}"]
    fstat = os.fstat

    def fstat_as_owned(file: int) -> os.stat_result:
        status = fstat(file)
        return os.stat_result([*status[:4], 4711, *status[5:]]) if status[1] == forged else status

    monkeypatch.setattr("prooftrail.client.sending.spool.os.fstat", fstat_as_owned)
    spool = Spool(tmp_path, max_bytes=MEGABYTE)
    segments = list(spool.take_over_abandoned())
    assert len(segments) == (1 if ending == "events" else 0)
    for segment in segments:
        with pytest.raises(SpoolError, match="is not a regular file of this user"):
            spool.load(segment)
    spool.close()


def test_a_link_to_another_file_is_not_read(spool: Spool, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(encode_line("{}"))
    path = tmp_path / "1-0123456789ab.00000001.events"
    path.symlink_to(tmp_path / "elsewhere")
    (tmp_path / "1-0123456789ab.lock").touch()
    [segment] = spool.take_over_abandoned()
    with pytest.raises(SpoolError, match=r"00000001\.events: "):
        spool.load(segment)


def test_only_the_user_can_read_it(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "new" / "spool", max_bytes=MEGABYTE)
    segment = spool.append("{}", is_buffered=True)
    assert spool.folder.stat().st_mode & 0o777 == 0o700
    assert segment.path.stat().st_mode & 0o777 == 0o600
    spool.close()


def test_the_default_folder_depends_on_the_user_and_the_queue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    first, second = (make_default_folder(f"https://sqs.example.com/1/{name}") for name in "ab")
    assert first != second
    assert first.parent == tmp_path / ".local" / "state" / "prooftrail"


def test_the_name_of_a_default_folder_begins_with_that_of_the_queue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    queue = "audit-log-dev-AuditQueue-VLFK4CEF9YS5"
    for url, start in (
        (f"https://sqs.eu-west-1.amazonaws.com/123456789012/{queue}", queue),
        (f"https://sqs.eu-west-1.amazonaws.com/123456789013/{queue}/", queue),
        ("https://example.com/../..", ".."),
        ("https://example.com", "example.com"),
        ("https://example.com/" + "q" * 300, "q" * 80),
    ):
        folder = make_default_folder(url)
        assert folder.name == f"{start}-{zlib.crc32(url.encode()):08x}"
        assert folder.parent == tmp_path / ".local" / "state" / "prooftrail"


def test_a_default_folder_of_version_0_2_stays_in_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    url = "https://sqs.example.com/1/a"
    name = f"https-sqs-example-com-1-a-{zlib.crc32(url.encode()):08x}"
    old = tmp_path / ".local" / "state" / "prooftrail" / name
    old.mkdir(parents=True)
    assert make_default_folder(url) == old


def test_without_a_home_it_is_in_the_folder_for_temporary_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "home").write_text("not a folder")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr(spool_module, "gettempdir", lambda: str(tmp_path))
    assert make_default_folder("https://sqs.example.com/1/a").parent.parent == tmp_path


def test_without_any_folder_it_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> str:
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found")

    monkeypatch.setenv("HOME", "/dev/null")
    monkeypatch.setattr(spool_module, "gettempdir", fail)
    with pytest.raises(
        SpoolError, match="spool_folder: no default folder can be made below /dev/null"
    ):
        make_default_folder("https://sqs.example.com/1/a")


@given(st.lists(st.text(st.characters(codec="ascii", exclude_characters="\n"))), st.data())
def test_a_damaged_byte_costs_only_the_lines_that_it_touches(
    events: list[str], data: st.DataObject
) -> None:
    content = bytearray(b"".join(map(encode_line, events)))
    assert parse_segment(bytes(content)).events == events
    if content:
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] ^= data.draw(st.integers(1, 255))
        left = parse_segment(bytes(content)).events
        assert len(left) >= len(events) - 2
        remaining = iter(events)
        assert all(event in remaining for event in left)
    cut = data.draw(st.integers(0, len(content)))
    cut_off = parse_segment(b"".join(map(encode_line, events))[:cut])
    assert cut_off.damaged == 0
    assert cut_off.events == events[: len(cut_off.events)]
