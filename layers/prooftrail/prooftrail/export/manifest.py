"""The manifest of an export (`manifest.json`): its parts, and the checkpoint that proves them.

The manifest's digest protects against damage, not against forgery. The checkpoint proves the
events.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Final

from prooftrail.errors import AuditLogError, MalformedExportError
from prooftrail.event.keys import are_valid_names
from prooftrail.export.filters import ALL_EVENTS, EventFilters
from prooftrail.export.formats import FORMATS
from prooftrail.export.ports import ExportedEvent, PartFile
from prooftrail.tlog.merkle import HASH_LENGTH, MAX_SIZE, Edge
from prooftrail.tlog.note import Note

FORMAT: Final = "auditlog-export/v1"
LEAVES: Final = "leaves"
MAX_LENGTH: Final = 64 * 1024 * 1024  # of the file
_DIGITS: Final = 20
_PARSER_ERRORS: Final = (
    AuditLogError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)

PositionRanges = tuple[tuple[int, int], ...]  # the ends are not included


@dataclass(frozen=True, slots=True)
class UnreadableEntry:
    """An entry with an event that cannot be read, or that is not the logged one."""

    position: int
    problem: str


@dataclass(frozen=True, slots=True)
class Part:
    """A range of positions with its files: the events, and the entries' leaf hashes.

    Each position is counted once. `events` are in the file, `others` were not asked for: they are
    of other tenants, or the filters leave them out. `expired` have expired, `gone` are missing
    before their expiry, and `unreadable` are damaged.
    """

    start: int
    end: int
    event_file: PartFile
    leaf_file: PartFile
    events: int
    others: int
    expired: int
    gone: PositionRanges
    unreadable: tuple[UnreadableEntry, ...]

    @property
    def is_complete(self) -> bool:
        """Whether every position is counted."""
        counted = self.events + self.others + self.expired
        counted += sum(end - start for start, end in self.gone) + len(self.unreadable)
        return counted == self.end - self.start


def make_part_name(start: int, end: int, extension: str) -> str:
    """Return the name of a part's file.

    >>> make_part_name(0, 100_000, "csv")
    '00000000000000000000-00000000000000100000.csv'
    """
    return f"{start:0{_DIGITS}d}-{end:0{_DIGITS}d}.{extension}"


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums of parts' counts."""

    events: int = 0
    others: int = 0
    expired: int = 0
    gone: int = 0
    unreadable: int = 0

    @classmethod
    def from_parts(cls, parts: Iterable[Part]) -> "Totals":
        """Return the totals of these parts."""
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
    """An export of the log's positions from the first edge's size to before the last edge's size.

    `tenants` is None if all tenants are exported. `proof` is the consistency proof from the tree
    with the last edge to the checkpoint's tree. `made_at` is an RFC 3339 time.
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
    filters: EventFilters = ALL_EVENTS

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
        """The totals of all parts."""
        return Totals.from_parts(self.parts)

    @property
    def has_all_events(self) -> bool:
        """Whether all events were asked for."""
        return self.tenants is None and not self.filters

    def asks_for(self, event: ExportedEvent) -> bool:
        """Return whether this event was asked for."""
        is_of_tenant = self.tenants is None or event.fields["tenantId"] in self.tenants
        return is_of_tenant and self.filters.matches(event.event.id, event.fields)

    def with_part(self, part: Part, edge: Edge, proof: Sequence[bytes], made_at: str) -> "Manifest":
        """Return the manifest with one more part."""
        parts = (*self.parts, part)
        return replace(self, parts=parts, last_edge=edge, proof=tuple(proof), made_at=made_at)

    def to_json(self) -> str:
        """Return the file's text."""
        content = _encode_manifest(self)
        return _format_json({**content, "digest": _compute_digest(content)})

    @classmethod
    def from_json(cls, text: str) -> "Manifest":
        """Return the manifest in a file's text.

        Raises:
            MalformedExportError: the text is not exactly as `to_json` writes it.
        """
        try:
            content = json.loads(text)
            is_undamaged = content.pop("digest") == _compute_digest(content)
            manifest = _parse_manifest(content) if is_undamaged else None
        except MalformedExportError:
            raise
        except _PARSER_ERRORS as error:
            raise MalformedExportError(
                "the manifest is damaged, or is not that of an export"
            ) from error
        if manifest is None:
            raise MalformedExportError("the manifest is damaged: it does not match its digest")
        if manifest.to_json() != text:
            raise MalformedExportError("the manifest is damaged: an export writes it differently")
        return manifest


def _format_json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _compute_digest(content: Mapping[str, Any]) -> str:
    return sha256(_format_json(content).encode()).hexdigest()


def _encode_manifest(manifest: Manifest) -> dict[str, Any]:
    totals = manifest.totals
    return {
        "format": FORMAT,
        "fileFormat": manifest.file_format,
        "tenants": None if manifest.tenants is None else list(manifest.tenants),
        **({"filters": manifest.filters.to_json()} if manifest.filters else {}),
        "checkpoint": str(manifest.checkpoint),
        "start": manifest.start,
        "firstEdge": _encode_hashes(manifest.first_edge.hashes),
        "end": manifest.end,
        "lastEdge": _encode_hashes(manifest.last_edge.hashes),
        "proof": _encode_hashes(manifest.proof),
        "totals": {name: getattr(totals, name) for name in Totals.__slots__},
        "parts": [_encode_part(part) for part in manifest.parts],
        "tool": manifest.tool,
        "madeAt": manifest.made_at,
    }


def _encode_hashes(hashes: Iterable[bytes]) -> list[str]:
    return [digest.hex() for digest in hashes]


def _encode_part(part: Part) -> dict[str, Any]:
    return {
        **_encode_file(part.event_file),
        "start": part.start,
        "end": part.end,
        LEAVES: _encode_file(part.leaf_file),
        "events": part.events,
        "others": part.others,
        "expired": part.expired,
        "gone": [list(span) for span in part.gone],
        "unreadable": [
            {"position": entry.position, "problem": entry.problem} for entry in part.unreadable
        ],
    }


def _encode_file(file: PartFile) -> dict[str, Any]:
    return {"file": file.name, "bytes": file.size, "sha256": file.sha256}


def _parse_manifest(content: Mapping[str, Any]) -> Manifest:
    if content["format"] != FORMAT:
        raise MalformedExportError(f"the manifest's format is not {FORMAT}")
    tenants = content["tenants"]
    if tenants is not None and not all(map(are_valid_names, tenants)):
        raise ValueError("a tenant is not valid")
    if content["fileFormat"] not in FORMATS:
        raise ValueError("the file format is unknown")
    return Manifest(
        file_format=content["fileFormat"],
        tenants=None if tenants is None else tuple(tenants),
        checkpoint=Note.from_text(content["checkpoint"]),
        first_edge=_parse_edge(content["start"], content["firstEdge"]),
        last_edge=_parse_edge(content["end"], content["lastEdge"]),
        proof=tuple(map(_parse_hash, content["proof"])),
        parts=tuple(map(_parse_part, content["parts"])),
        tool=_check_text(content["tool"]),
        made_at=_check_text(content["madeAt"]),
        filters=EventFilters.from_json(content.get("filters", {})),
    )


def _parse_edge(size: Any, hashes: Sequence[str]) -> Edge:
    return Edge.from_bytes(_check_number(size), b"".join(map(_parse_hash, hashes)))


def _parse_part(content: Mapping[str, Any]) -> Part:
    return Part(
        start=_check_number(content["start"]),
        end=_check_number(content["end"]),
        event_file=_parse_file(content),
        leaf_file=_parse_file(content[LEAVES]),
        events=_check_number(content["events"]),
        others=_check_number(content["others"]),
        expired=_check_number(content["expired"]),
        gone=tuple((_check_number(start), _check_number(end)) for start, end in content["gone"]),
        unreadable=tuple(
            UnreadableEntry(_check_number(entry["position"]), _check_text(entry["problem"]))
            for entry in content["unreadable"]
        ),
    )


def _parse_file(content: Mapping[str, Any]) -> PartFile:
    return PartFile(
        _check_text(content["file"]),
        _check_number(content["bytes"]),
        _parse_hash(content["sha256"]).hex(),
    )


def _parse_hash(text: str) -> bytes:
    digest = bytes.fromhex(text)
    if len(digest) != HASH_LENGTH:
        raise ValueError("a hash is not valid")
    return digest


def _check_number(value: Any) -> int:
    if type(value) is not int or not 0 <= value < MAX_SIZE:
        raise ValueError("a position, count or size is not valid")
    return value


def _check_text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("a value is not a text")
    return value
