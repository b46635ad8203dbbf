"""What an export holds, and up to which checkpoint: `manifest.json`.

Its own digest is against damage, not against forgery: what proves the events is the checkpoint.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Final

from prooftrail.errors import AuditLogError, MalformedExportError
from prooftrail.event.keys import are_valid_names
from prooftrail.export.formats import FORMATS
from prooftrail.export.ports import FileMark
from prooftrail.tlog.merkle import HASH_LENGTH, MAX_SIZE, Edge
from prooftrail.tlog.note import Note

FORMAT: Final = "auditlog-export/v1"
LEAVES: Final = "leaves"
MAX_LENGTH: Final = 64 * 1024 * 1024  # of the file
_DIGITS: Final = 20
_WRONG: Final = (TypeError, ValueError)

Spans = tuple[tuple[int, int], ...]  # of positions, the ends not included


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An entry whose event is there and cannot be read, or is another."""

    position: int
    problem: str


@dataclass(frozen=True, slots=True)
class Part:
    """A range of positions in a file; `leaves` is the file of the entries' leaf hashes.

    Every position of the range is counted once: among `events`, which are in the file, `others`,
    which are not of the tenants asked for, `expired`, `gone` before their time, or `unreadable`.
    """

    start: int
    end: int
    file: FileMark
    leaves: FileMark
    events: int
    others: int
    expired: int
    gone: Spans
    unreadable: tuple[Unreadable, ...]

    @property
    def is_complete(self) -> bool:
        """Whether every position is accounted for."""
        counted = self.events + self.others + self.expired
        counted += sum(end - start for start, end in self.gone) + len(self.unreadable)
        return counted == self.end - self.start


def part_name(start: int, end: int, extension: str) -> str:
    """The name of a part's file.

    >>> part_name(0, 100_000, "csv")
    '00000000000000000000-00000000000000100000.csv'
    """
    return f"{start:0{_DIGITS}d}-{end:0{_DIGITS}d}.{extension}"


@dataclass(frozen=True, slots=True)
class Totals:
    """The parts' counts, added up."""

    events: int = 0
    others: int = 0
    expired: int = 0
    gone: int = 0
    unreadable: int = 0

    @classmethod
    def of(cls, parts: Iterable[Part]) -> "Totals":
        """The totals of these parts."""
        events = others = expired = gone = unreadable = 0
        for part in parts:
            events += part.events
            others += part.others
            expired += part.expired
            gone += sum(end - start for start, end in part.gone)
            unreadable += len(part.unreadable)
        return cls(events, others, expired, gone, unreadable)


@dataclass(frozen=True, slots=True)
class Manifest:
    """An export of the log's positions from the first edge's size on, up to the last edge's.

    `tenants` is None where those of all are exported. `proof` shows that the tree with the last
    edge is the beginning of the one that the checkpoint covers. `made_at` is RFC 3339.
    """

    file_format: str
    tenants: tuple[str, ...] | None
    checkpoint: Note
    first_edge: Edge
    last_edge: Edge
    proof: tuple[bytes, ...]
    parts: tuple[Part, ...]
    tool: str
    made_at: str

    @property
    def start(self) -> int:
        """The first position."""
        return self.first_edge.size

    @property
    def end(self) -> int:
        """The position after the last."""
        return self.last_edge.size

    @property
    def totals(self) -> Totals:
        """The parts' counts, added up."""
        return Totals.of(self.parts)

    def grown(self, part: Part, edge: Edge, proof: Sequence[bytes], made_at: str) -> "Manifest":
        """The manifest with one part more."""
        parts = (*self.parts, part)
        return replace(self, parts=parts, last_edge=edge, proof=tuple(proof), made_at=made_at)

    def to_json(self) -> str:
        """The file's text."""
        content = _content_of(self)
        return _text({**content, "digest": _digest_of(content)})

    @classmethod
    def from_json(cls, text: str) -> "Manifest":
        """The manifest in a text.

        Raises:
            MalformedExportError: it is not exactly as `to_json` writes one.
        """
        try:
            content = json.loads(text)
            is_undamaged = content.pop("digest") == _digest_of(content)
            manifest = _manifest_of(content) if is_undamaged else None
        except MalformedExportError:
            raise
        except (AuditLogError, AttributeError, LookupError, RecursionError, *_WRONG) as error:
            raise MalformedExportError("the manifest is damaged, or none of an export") from error
        if manifest is None:
            raise MalformedExportError("the manifest is damaged: it is not what its digest says")
        if manifest.to_json() != text:
            raise MalformedExportError("the manifest is damaged: no export writes it so")
        return manifest


def _text(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _digest_of(content: Mapping[str, Any]) -> str:
    return sha256(_text(content).encode()).hexdigest()


def _content_of(manifest: Manifest) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "fileFormat": manifest.file_format,
        "tenants": None if manifest.tenants is None else list(manifest.tenants),
        "checkpoint": str(manifest.checkpoint),
        "start": manifest.start,
        "firstEdge": [one.hex() for one in manifest.first_edge.hashes],
        "end": manifest.end,
        "lastEdge": [one.hex() for one in manifest.last_edge.hashes],
        "proof": [one.hex() for one in manifest.proof],
        "totals": _counts(manifest.totals),
        "parts": [_part_json(part) for part in manifest.parts],
        "tool": manifest.tool,
        "madeAt": manifest.made_at,
    }


def _counts(totals: Totals) -> dict[str, int]:
    return {name: getattr(totals, name) for name in Totals.__slots__}


def _mark_json(mark: FileMark) -> dict[str, Any]:
    return {"file": mark.file, "bytes": mark.bytes, "sha256": mark.sha256}


def _part_json(part: Part) -> dict[str, Any]:
    return {
        **_mark_json(part.file),
        "start": part.start,
        "end": part.end,
        LEAVES: _mark_json(part.leaves),
        "events": part.events,
        "others": part.others,
        "expired": part.expired,
        "gone": [list(span) for span in part.gone],
        "unreadable": [
            {"position": one.position, "problem": one.problem} for one in part.unreadable
        ],
    }


def _manifest_of(content: Mapping[str, Any]) -> Manifest:
    if content["format"] != FORMAT:
        raise MalformedExportError(f"the manifest is none of {FORMAT}")
    tenants = content["tenants"]
    if tenants is not None and not all(map(are_valid_names, tenants)):
        raise ValueError("tenants that are none")
    if content["fileFormat"] not in FORMATS:
        raise ValueError("an unknown format")
    return Manifest(
        file_format=content["fileFormat"],
        tenants=None if tenants is None else tuple(tenants),
        checkpoint=Note.from_text(content["checkpoint"]),
        first_edge=_edge_of(content["start"], content["firstEdge"]),
        last_edge=_edge_of(content["end"], content["lastEdge"]),
        proof=tuple(map(_hash_of, content["proof"])),
        parts=tuple(map(_part_of, content["parts"])),
        tool=_string(content["tool"]),
        made_at=_string(content["madeAt"]),
    )


def _edge_of(size: Any, hashes: Sequence[str]) -> Edge:
    return Edge.from_bytes(_number(size), b"".join(map(_hash_of, hashes)))


def _hash_of(text: str) -> bytes:
    found = bytes.fromhex(text)
    if len(found) != HASH_LENGTH:
        raise ValueError("no hash")
    return found


def _number(value: Any) -> int:
    if type(value) is not int or not 0 <= value < MAX_SIZE:
        raise ValueError("no position, count or size")
    return value


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def _mark_of(content: Mapping[str, Any]) -> FileMark:
    return FileMark(
        _string(content["file"]),
        _number(content["bytes"]),
        _hash_of(content["sha256"]).hex(),
    )


def _part_of(content: Mapping[str, Any]) -> Part:
    return Part(
        start=_number(content["start"]),
        end=_number(content["end"]),
        file=_mark_of(content),
        leaves=_mark_of(content[LEAVES]),
        events=_number(content["events"]),
        others=_number(content["others"]),
        expired=_number(content["expired"]),
        gone=tuple((_number(start), _number(end)) for start, end in content["gone"]),
        unreadable=tuple(
            Unreadable(_number(one["position"]), _string(one["problem"]))
            for one in content["unreadable"]
        ),
    )
