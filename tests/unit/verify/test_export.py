"""`verify export`: whatever is changed in an export is found; what cannot be is written down."""

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from prooftrail.errors import (
    AuditLogError,
    InvalidProofError,
    MalformedExportError,
    UntrustedNoteError,
)
from prooftrail.event.canonical import canonicalize, compute_digest
from prooftrail.export.folder import MANIFEST, DiskFolder
from prooftrail.export.formats import FORMATS
from prooftrail.export.manifest import Manifest
from prooftrail.ledger.ports import PublishedCheckpoint
from prooftrail.tlog.checkpoint import Checkpoint
from prooftrail.tlog.merkle import Edge
from prooftrail.tlog.policy import Policy
from prooftrail.verify.export import ExportResult, verify_export
from prooftrail.verify.findings import FindingKind
from tests.support.export_samples import make_records
from tests.support.exported_trail import POLICY, ExportedTrail
from tests.support.log_fakes import MemoryPublishedLog
from tests.support.log_samples import make_verifier_key, sign_checkpoint
from tests.support.samples import make_event_record

SIZE = 70
PART = 30


def pristine(name: str, tenants: tuple[str, ...] | None = None) -> tuple[Path, ExportedTrail]:
    """An export of positions 10 to 64 of 70, in three parts; two events of it are gone."""
    return _pristine(name, tenants)


@cache
def _pristine(name: str, tenants: tuple[str, ...] | None) -> tuple[Path, ExportedTrail]:
    trail = ExportedTrail(Path(mkdtemp(prefix="prooftrail-test-")) / "export")
    many = make_records(SIZE)
    trail.grow(many[:60], commit_size=20)
    for n in (15, 31):
        del trail.events.records[many[n].tenant_id, many[n].id]
    trail.export(name, first=10, part_entries=PART, tenants=tenants)
    trail.grow(many[60:])
    trail.export(name, last=64, part_entries=PART, tenants=tenants)
    assert not trail.verify().findings
    return trail.folder, trail


@pytest.fixture(scope="module", autouse=True)
def _cleared() -> Iterator[None]:
    yield
    remove_pristine()


def remove_pristine() -> None:
    """Remove every export that `pristine` has made."""
    folders = {pristine(name)[0].parent for name in FORMATS}
    folders.add(pristine("ndjson", ("acme",))[0].parent)
    for folder in folders:
        shutil.rmtree(folder)
    _pristine.cache_clear()


class Copy:
    """An export to be changed."""

    def __init__(self, name: str, tenants: tuple[str, ...] | None = None) -> None:
        self._name, self._tenants = name, tenants

    def __enter__(self) -> "Copy":
        self._temporary = TemporaryDirectory()
        self.folder = Path(self._temporary.name) / "export"
        shutil.copytree(pristine(self._name, self._tenants)[0], self.folder)
        return self

    def __exit__(self, *_: object) -> None:
        self._temporary.cleanup()

    @property
    def manifest(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads((self.folder / MANIFEST).read_bytes())
        return content

    def forge(self, change: Callable[[dict[str, Any]], object]) -> None:
        """Change the manifest as somebody does who knows how its digest is made."""
        content = self.manifest
        del content["digest"]
        change(content)
        totals = dict.fromkeys(content["totals"], 0)
        for part in content["parts"]:
            for name in totals:
                value = part[name]
                spans = sum(end - start for start, end in value) if name == "gone" else 0
                totals[name] += spans or (len(value) if isinstance(value, list) else value)
        content["totals"] = totals
        digest = sha256((json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode())
        text = json.dumps({**content, "digest": digest.hexdigest()}, ensure_ascii=False, indent=1)
        (self.folder / MANIFEST).write_text(text + "\n", encoding="utf-8")

    def rewrite(self, number: int, change: Callable[[bytes], bytes], kind: str = "file") -> None:
        """Change a part's file, and let the manifest say that it is right."""

        def update(content: dict[str, Any]) -> None:
            part = content["parts"][number]
            mark = part if kind == "file" else part["leaves"]
            path = self.folder / mark["file"]
            changed = change(path.read_bytes())
            path.write_bytes(changed)
            mark |= {"bytes": len(changed), "sha256": sha256(changed).hexdigest()}

        self.forge(update)

    def verify(
        self, policy: Policy = POLICY, published_log: MemoryPublishedLog | None = None
    ) -> ExportResult:
        return verify_export(DiskFolder(self.folder), policy, published_log)

    def verify_and_read(self, number: int) -> bytes:
        """Check that the export is verified, and return a part's file."""
        verdict = self.verify()
        assert not verdict.findings, verdict.findings
        content: bytes = (self.folder / self.manifest["parts"][number]["file"]).read_bytes()
        return content

    def assert_refuted(self) -> list[str]:
        """It is not verified; answers what is said."""
        try:
            verdict = self.verify()
        except AuditLogError as error:
            return [str(error)]
        assert verdict.findings
        return [str(one) for one in verdict.findings]


@pytest.mark.parametrize("name", FORMATS)
def test_an_untouched_export_is_verified(name: str) -> None:
    with Copy(name) as copy:
        verdict = copy.verify(published_log=pristine(name)[1].published_log)
        assert not verdict.findings, verdict.findings
        assert verdict.to_json() == {
            "outcome": "unproved",
            "verified": False,
            "checkpoint": str(verdict.checkpoint),
            "start": 10,
            "end": 64,
            "events": 52,
            "contents": 52 if name in {"ndjson", "cloudevents"} else 0,
            "explained": 0,
            "others": 0,
            "expired": 0,
            "gone": 2,
            "unreadable": 0,
            "findings": [],
            "unproved": [finding.to_json() for finding in verdict.unproved],
        }
        details = [finding.detail for finding in verdict.unproved]
        assert "2 entries have no event in the files; why, only the manifest says" in details[0]
        assert any("the content of 52 events" in detail for detail in details) is (
            name not in {"ndjson", "cloudevents"}
        )


def test_files_of_version_0_2_are_verified_beside_later_ones() -> None:
    with Copy("ocsf") as copy:
        for number in (0, 1):
            copy.rewrite(number, _with_objects)
        assert b'"1.5.0"' in copy.verify_and_read(0)
        assert b'"1.8.0"' in copy.verify_and_read(2)


def _with_objects(content: bytes) -> bytes:
    """Return OCSF as version 0.2 wrote it: free objects are objects."""
    events = [json.loads(line) for line in lines_of(content)]
    for event in events:
        event["metadata"]["version"] = "1.5.0"
        event["unmapped"]["details"] = json.loads(event["unmapped"]["details"])
    return b"".join(canonicalize(event) + b"\n" for event in events)


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=40)
@given(st.data())
def test_every_changed_byte_is_found(name: str, data: st.DataObject) -> None:
    with Copy(name) as copy:
        path = copy.folder / data.draw(
            st.sampled_from(sorted(one.name for one in copy.folder.iterdir() if one.name[0] != "."))
        )
        content = path.read_bytes()
        at = data.draw(st.integers(0, len(content) - 1))
        byte = data.draw(st.integers(0, 255).filter(lambda one: one != content[at]))
        path.write_bytes(content[:at] + bytes([byte]) + content[at + 1 :])
        copy.assert_refuted()


def test_a_damaged_file_is_not_handed_to_a_library_that_may_abort(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def opened(_: object) -> None:
        raise AssertionError("the file was handed on")

    monkeypatch.setattr("pyarrow.parquet.ParquetFile", opened)
    with Copy("parquet") as copy:
        paths = sorted(copy.folder.glob("*.parquet"))
        for path in paths:
            path.write_bytes(path.read_bytes()[:-1] + b"?")
        assert copy.assert_refuted() == [
            f"altered: {path.name}: the file differs from what the manifest says" for path in paths
        ]


def test_every_byte_of_the_manifest_matters() -> None:
    text = (pristine("ndjson")[0] / MANIFEST).read_bytes()
    for at in range(len(text)):
        for changed in (
            text[:at] + bytes([text[at] ^ 1]) + text[at + 1 :],
            text[:at] + text[at + 1 :],
            text[:at] + b" " + text[at:],
        ):
            if changed != text:
                with pytest.raises((MalformedExportError, UnicodeDecodeError)):
                    Manifest.from_json(changed.decode())


FILES: Mapping[str, Callable[[Path, Path], object]] = {
    "removed": lambda one, _: one.unlink(),
    "emptied": lambda one, _: one.write_bytes(b""),
    "cut": lambda one, _: one.write_bytes(one.read_bytes()[:-1]),
    "appended": lambda one, _: one.write_bytes(one.read_bytes() + b"\n"),
    "swapped": lambda one, other: _swap(one, other),
    "another in its place": lambda one, other: shutil.copy(other, one),
    "a folder": lambda one, _: _make_a_folder(one),
    "a pipe": lambda one, _: _replace(one, os.mkfifo),
    "a device": lambda one, _: _replace(one, lambda path: path.symlink_to("/dev/zero")),
}


def _make_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _replace(path: Path, make: Callable[[Path], object]) -> None:
    path.unlink()
    make(path)


def _swap(one: Path, other: Path) -> None:
    content = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(content)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("change", FILES)
def test_a_changed_file_is_found(name: str, change: str) -> None:
    with Copy(name) as copy:
        for ending in (FORMATS[name].extension, "leaves"):
            files = sorted(copy.folder.glob(f"0*.{ending}"))
            assert len(files) == 3
            FILES[change](files[1], files[0])
            assert any(files[1].name in one for one in copy.assert_refuted())
            shutil.rmtree(copy.folder)
            shutil.copytree(pristine(name)[0], copy.folder)


def test_a_file_that_no_manifest_names_is_found() -> None:
    with Copy("ndjson") as copy:
        stray = copy.folder / f"{64:020d}-{70:020d}.ndjson"
        stray.write_bytes(b"")
        assert copy.assert_refuted() == [f"added: {stray.name}: the manifest does not name it"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        *((name, b"x" * 5_000 + b"\n") for name in ("ndjson", "csv", "ecs")),
        ("csv", b'"\n' + b"x\n" * 2_500),
    ],
)
def test_a_record_without_end_is_not_read_on(
    name: str, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("lines", "csv"):
        monkeypatch.setattr(f"prooftrail.export.{module}.MAX_RECORD_BYTES", 3_000)
    with Copy(name) as copy:
        copy.rewrite(0, lambda found: found + content)
        assert any("longer than any" in one for one in copy.assert_refuted())


def test_a_manifest_that_is_no_file_is_none() -> None:
    with Copy("ndjson") as copy:
        _replace(copy.folder / MANIFEST, os.mkfifo)
        with pytest.raises(MalformedExportError, match="is not a regular file"):
            copy.verify()


def test_a_folder_without_an_export() -> None:
    with Copy("ndjson") as copy:
        (copy.folder / MANIFEST).unlink()
        with pytest.raises(MalformedExportError, match=r"no manifest\.json"):
            copy.verify()


# By somebody who writes the manifest anew


def lines_of(content: bytes) -> list[bytes]:
    return content.splitlines(keepends=True)


LINES: Mapping[str, Callable[[list[bytes]], list[bytes]]] = {
    "dropped": lambda lines: [*lines[:3], *lines[4:]],
    "repeated": lambda lines: [*lines[:4], lines[3], *lines[4:]],
    "two swapped": lambda lines: [*lines[:3], lines[4], lines[3], *lines[5:]],
    "one in another's place": lambda lines: [*lines[:3], lines[4], *lines[4:]],
    "moved": lambda lines: [
        *lines[:3],
        lines[3]
        .replace(b'position":13', b'position":15')
        .replace(b'sequence":13', b'sequence":15'),
        *lines[4:],
    ],
    "cut off": lambda lines: [*lines[:-1], lines[-1][:-1]],
    "garbage": lambda lines: [*lines[:3], b"{}\n", *lines[4:]],
    "an empty line": lambda lines: [*lines, b"\n"],
}


@pytest.mark.parametrize("name", ["ndjson", "ocsf", "ecs"])
@pytest.mark.parametrize("change", LINES)
def test_lines_that_are_not_the_log_s_are_found(name: str, change: str) -> None:
    with Copy(name) as copy:
        copy.rewrite(0, partial(_with_lines, change))
        copy.assert_refuted()


@pytest.mark.parametrize(
    "value", ['"\\ud800"', "null", "7", '"0"', "[]", "1e400", "-1", "9" * 5_000, "true", "1.0"]
)
@pytest.mark.parametrize("name", ["ocsf", "ecs", "cloudevents"])
def test_values_that_no_event_has_are_found(name: str, value: str) -> None:
    def forged(field: str, content: bytes) -> bytes:
        found = re.search(rf'"{field}":("[^"]*"|\d+)'.encode(), content)
        assert found
        return content[: found.start(1)] + value.encode() + content[found.end(1) :]

    for field in ("(?:id|uid)", "sequence", "(?:digest|hash)"):
        with Copy(name) as copy:
            copy.rewrite(0, partial(forged, field))
            copy.assert_refuted()


def _with_lines(change: str, content: bytes) -> bytes:
    return b"".join(LINES[change](lines_of(content)))


def test_what_is_wrong_with_a_line_has_a_name() -> None:
    kinds = {
        "dropped": [FindingKind.MISSING],
        "repeated": [FindingKind.REPEATED, FindingKind.ADDED],
        "two swapped": [FindingKind.REORDERED],
    }
    for change, expected in kinds.items():
        with Copy("ndjson") as copy:
            copy.rewrite(0, partial(_with_lines, change))
            assert [one.kind for one in copy.verify().findings] == expected


@pytest.mark.parametrize("name", ["ndjson", "cloudevents"])
@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (b'"userId":"u-', b'"userId":"x-', "its content does not have its digest"),
        (b'"n":3', b'"n":4', "its content does not have its digest"),
        (b'"v":1}', b'"v":1 }', "its content does not have its digest"),
        (b'"id":"0', b'"id":"1', "it is not the event that was logged"),
    ],
)
def test_content_is_proved_where_it_is_kept(
    name: str, old: bytes, new: bytes, problem: str
) -> None:
    with Copy(name) as copy:
        copy.rewrite(1, lambda content: content.replace(old, new, 1))
        [finding] = copy.verify().findings
        assert (finding.kind, finding.detail) == (FindingKind.ALTERED, problem)


def test_a_forged_event_with_a_digest_of_its_own_is_found() -> None:
    def forge(content: bytes) -> bytes:
        line, *rest = lines_of(content)
        event = json.loads(line)
        for name in ("position", "id", "digest", "receivedAt"):
            del event[name]
        digest = compute_digest(canonicalize({**event, "userId": "mallory"})).hex()
        old = json.loads(line)["digest"]
        forged = line.replace(old.encode(), digest.encode()).replace(b"u-3", b"mallory")
        return b"".join([forged, *rest])

    with Copy("ndjson") as copy:
        copy.rewrite(0, forge)
        [finding] = copy.verify().findings
        assert finding.detail == "it is not the event that was logged"


def test_another_tenant_s_event_does_not_belong_there() -> None:
    whole = pristine("ndjson")[0] / f"{10:020d}-{30:020d}.ndjson"
    foreign = next(one for one in lines_of(whole.read_bytes()) if b'"tenantId":"globex"' in one)
    with Copy("ndjson", ("acme",)) as copy:
        copy.rewrite(0, lambda content: b"".join(sorted({*lines_of(content), foreign})))
        copy.forge(lambda content: _count(content["parts"][0], events=1, others=-1))
        [finding] = copy.verify().findings
        assert finding.detail == "its tenant is not in the manifest"


def _count(part: dict[str, Any], **changes: int) -> None:
    for name, change in changes.items():
        part[name] += change


def _call_unreadable(part: dict[str, Any], position: int) -> None:
    part["events"] -= 1
    part["unreadable"].append({"position": position, "problem": "x"})


def _set(name: str, value: Any) -> Callable[[dict[str, Any]], object]:
    return lambda content: content.update({name: value})


def _set_part(name: str, value: Any) -> Callable[[dict[str, Any]], object]:
    return lambda content: content["parts"][1].update({name: value})


def note(size: int, root: bytes, key: Ed25519PrivateKey | None = None) -> str:
    checkpoint = Checkpoint("example.com/log", size, root)
    return str(sign_checkpoint(checkpoint, key) if key else sign_checkpoint(checkpoint))


FORGERIES: Mapping[str, Callable[[dict[str, Any]], object]] = {
    "format": _set("format", "auditlog-export/v2"),
    "file format": _set("fileFormat", "csv"),
    "unknown file format": _set("fileFormat", "xml"),
    "a name that no tenant has": _set("tenants", ["a#b"]),
    "start": _set("start", 9),
    "start of two bits": _set("start", 12),
    "end": _set("end", 65),
    "end of two bits": _set("end", 63),
    "first edge": lambda content: content["firstEdge"].__setitem__(0, "00" * 32),
    "last edge": lambda content: content["lastEdge"].__setitem__(0, "00" * 32),
    "no last edge": _set("lastEdge", []),
    "proof": lambda content: content["proof"].__setitem__(0, "00" * 32),
    "no proof": _set("proof", []),
    "a longer proof": lambda content: content["proof"].append("00" * 32),
    "checkpoint of another root": _set("checkpoint", note(SIZE, bytes(32))),
    "checkpoint of a smaller size": _set("checkpoint", note(60, bytes(32))),
    "checkpoint of the export's size": _set("checkpoint", note(64, bytes(32))),
    "checkpoint of nothing": _set("checkpoint", note(0, Edge().compute_root())),
    "checkpoint by another key": _set(
        "checkpoint", note(SIZE, bytes(32), Ed25519PrivateKey.from_private_bytes(bytes(32)))
    ),
    "no checkpoint": _set("checkpoint", ""),
    "parts in another order": lambda content: content["parts"].reverse(),
    "no parts": _set("parts", []),
    "a part less": lambda content: content["parts"].pop(),
    "a part twice": lambda content: content["parts"].append(content["parts"][-1]),
    "part's file": _set_part("file", f"{10:020d}-{30:020d}.ndjson"),
    "part's file elsewhere": _set_part("file", "../../etc/passwd"),
    "part's start": _set_part("start", 29),
    "part's end": _set_part("end", 61),
    "part's end before its start": _set_part("end", 20),
    "part's size": _set_part("bytes", 1),
    "part's hash": _set_part("sha256", "00" * 32),
    "part's events": _set_part("events", 30),
    "part's expired": _set_part("expired", 1),
    "part's others": lambda content: _count(content["parts"][1], events=-1, others=1),
    "an event said to have expired": lambda content: _count(
        content["parts"][1], events=-1, expired=1
    ),
    "part's gone": _set_part("gone", [[32, 33]]),
    "part's gone elsewhere": _set_part("gone", [[5, 6]]),
    "part's gone backwards": _set_part("gone", [[33, 32]]),
    "an event said to be unreadable": lambda content: _call_unreadable(content["parts"][1], 40),
    "leaves' file": lambda content: content["parts"][1]["leaves"].update(file="x"),
    "leaves' size": lambda content: content["parts"][1]["leaves"].update(bytes=32),
    "leaves' hash": lambda content: content["parts"][1]["leaves"].update(sha256="00" * 32),
    "a negative count": _set_part("expired", -1),
    "a count that is true": _set_part("expired", True),
    "a field more": _set("more", 1),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_manifest_is_found(forgery: str) -> None:
    with Copy("ndjson") as copy:
        copy.forge(FORGERIES[forgery])
        copy.assert_refuted()


@pytest.mark.parametrize("name", FORMATS)
def test_forged_leaves_are_found(name: str) -> None:
    with Copy(name) as copy:
        copy.rewrite(1, lambda content: content[:32] + bytes(32) + content[64:], "leaves")
        said = copy.assert_refuted()
        assert any("do not lead to the manifest's last edge" in one for one in said)


def test_what_is_left_out_only_the_manifest_says() -> None:
    """Whoever writes it anew can say that an event had expired; `verify trail` knows better."""

    with Copy("ndjson") as copy:
        copy.rewrite(0, partial(_with_lines, "dropped"))
        copy.forge(lambda content: _count(content["parts"][0], events=-1, expired=1))
        assert not copy.verify().findings


def test_whom_one_trusts_is_one_s_own_choice() -> None:
    with Copy("ndjson") as copy:
        for key in (
            make_verifier_key("example.com/other"),
            make_verifier_key(key=Ed25519PrivateKey.generate()),
        ):
            with pytest.raises(UntrustedNoteError):
                copy.verify(Policy.from_key(key))


def test_today_s_log_must_begin_with_what_was_exported() -> None:
    trail = pristine("ndjson")[1]
    with Copy("ndjson") as copy:
        forked = ExportedTrail(copy.folder)
        forked.grow(
            [*make_records(SIZE)[:20], make_event_record(eventId="x"), *make_records(SIZE + 5)[21:]]
        )
        with pytest.raises(InvalidProofError):
            copy.verify(published_log=forked.published_log)
        shorter = ExportedTrail(copy.folder)
        shorter.grow(make_records(20))
        with pytest.raises(InvalidProofError, match="shrank from 70"):
            copy.verify(published_log=shorter.published_log)
        result = copy.verify(published_log=MemoryPublishedLog())
        assert not result.findings
        assert any("no checkpoint" in finding.detail for finding in result.unproved)
        grown = ExportedTrail(copy.folder)
        grown.grow(make_records(SIZE))
        grown.grow(make_records(SIZE + 9)[SIZE:])
        assert not copy.verify(published_log=grown.published_log).findings
        assert isinstance(trail.published_log.read_checkpoint(), PublishedCheckpoint)


def test_a_manifest_is_read_as_it_was_written() -> None:
    for name in FORMATS:
        text = (pristine(name)[0] / MANIFEST).read_text(encoding="utf-8")
        manifest = Manifest.from_json(text)
        assert manifest.to_json() == text
        assert replace(manifest, tool="x").to_json() != text
