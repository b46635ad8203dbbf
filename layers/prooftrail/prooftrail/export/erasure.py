"""The erasure of a person from an export's folder.

The person's events are removed from the files, and their positions become `gone` in the manifest,
as in an export that is made after the events were removed from the trail. The leaf hashes stay, so
the folder still leads to the signed checkpoint. The file `erasures.json` says which removal order
each of these positions has. `verify export` looks the orders up with `--stack`.

Other versions of this program ignore that file: to them, the positions are gone.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import BinaryIO, Final

from prooftrail.errors import MalformedExportError
from prooftrail.event.person import Person
from prooftrail.export.formats import FORMATS
from prooftrail.export.manifest import Manifest, Part, PositionRanges
from prooftrail.export.ports import Claim, ErasableFolder, PartFile

FORMAT: Final = "auditlog-export-erasures/v1"
_READ: Final = 1 << 20  # bytes


@dataclass(frozen=True, slots=True)
class Erasures:
    """What was erased from an export: the removal order of each position.

    `files` are the digests (SHA-256 in hex) that files get, by name: a run that ends between a file
    and the manifest can be continued.
    """

    orders: Mapping[int, str]
    files: Mapping[str, str]

    @classmethod
    def from_json(cls, text: str | None) -> "Erasures":
        """Return the content of `erasures.json`; empty for None.

        Raises:
            MalformedExportError: it is damaged.
        """
        if text is None:
            return cls({}, {})
        try:
            content = json.loads(text)
            if content["format"] != FORMAT:
                raise MalformedExportError(f"the format of erasures.json is not {FORMAT}")
            orders = {
                int(position): _check_text(order) for position, order in content["orders"].items()
            }
            files = {name: _check_text(digest) for name, digest in content["files"].items()}
        except (AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
            raise MalformedExportError("erasures.json is damaged") from error
        return cls(orders, files)

    def to_json(self) -> str:
        """Return the file's text."""
        orders = {str(position): order for position, order in sorted(self.orders.items())}
        content = {"format": FORMAT, "orders": orders, "files": dict(sorted(self.files.items()))}
        return json.dumps(content, indent=1) + "\n"


def _check_text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a value is not a text")
    return value


@dataclass(frozen=True, slots=True)
class ExportEraser:
    """Finds and removes a person's events in an export."""

    folder: ErasableFolder
    person: Person

    def find(self) -> Iterator[str]:
        """Yield the ids of the person's events in the files. Change nothing.

        Raises:
            MalformedExportError: the folder has no manifest, is damaged, or a file is not as the
                manifest says: it may have been tampered with.
            ConfigurationError: the format's library is not installed.
            LocalFileError: the folder cannot be read.
        """
        manifest, erasures = self._read()
        for part in manifest.parts:
            self._check_file(part, erasures)
            with self.folder.open_file(part.event_file.name) as file:
                for claim, fields in FORMATS[manifest.file_format].read_events(file):
                    if self.person.is_in(fields):
                        yield claim.id

    def is_unfinished(self) -> bool:
        """Return whether a run has ended between a file and the manifest. Raises as `find` does."""
        manifest, _ = self._read()
        return any(self._compute_digest(part) != part.event_file.sha256 for part in manifest.parts)

    def erase(self, orders: Mapping[str, str]) -> int:
        """Remove the person's events that these orders (id of the event → of the order) name.

        Return their number. After an error, it can be repeated.

        Raises:
            MalformedExportError, ConfigurationError, LocalFileError: see `find`.
        """
        count = 0
        with self.folder.lock():
            manifest, erasures = self._read()
            for number, part in enumerate(manifest.parts):
                self._check_file(part, erasures)
                erased = self._list_erased(manifest, part, orders)
                erasures = Erasures({**erasures.orders, **erased}, erasures.files)
                is_unfinished = part.event_file.sha256 != self._compute_digest(part)
                if not erased and not is_unfinished:
                    continue
                changed, erasures = self._rewrite(manifest, part, erasures)
                parts = (*manifest.parts[:number], changed, *manifest.parts[number + 1 :])
                manifest = replace(manifest, parts=parts)
                self.folder.write_manifest(manifest.to_json())
                count += len(erased)
        return count

    def _read(self) -> tuple[Manifest, Erasures]:
        text = self.folder.read_manifest()
        if text is None:
            raise MalformedExportError("the folder has no manifest.json")
        manifest = Manifest.from_json(text)
        FORMATS[manifest.file_format].check_available()
        return manifest, Erasures.from_json(self.folder.read_erasures())

    def _check_file(self, part: Part, erasures: Erasures) -> None:
        """Check that a file is as the manifest says, or as a run that ended early left it."""
        name = part.event_file.name
        if self._compute_digest(part) not in {part.event_file.sha256, erasures.files.get(name)}:
            raise MalformedExportError(
                f"{name} differs from what the manifest says: see `prooftrail verify export`"
            )

    def _compute_digest(self, part: Part) -> str:
        hashed = sha256()
        with self.folder.open_file(part.event_file.name) as file:
            while content := file.read(_READ):
                hashed.update(content)
        return hashed.hexdigest()

    def _list_erased(
        self, manifest: Manifest, part: Part, orders: Mapping[str, str]
    ) -> dict[int, str]:
        with self.folder.open_file(part.event_file.name) as file:
            return {
                claim.position: orders[claim.id]
                for claim, fields in FORMATS[manifest.file_format].read_events(file)
                if claim.id in orders and self.person.is_in(fields)
            }

    def _rewrite(self, manifest: Manifest, part: Part, erasures: Erasures) -> tuple[Part, Erasures]:
        """Write the file without the erased positions. Return the part as it is then."""
        file_format, name = FORMATS[manifest.file_format], part.event_file.name

        def is_kept(claim: Claim) -> bool:
            return claim.position not in erasures.orders

        def copy(target: BinaryIO) -> None:
            with self.folder.open_file(name) as source:
                file_format.copy_events(source, target, is_kept)

        def announce(file: PartFile) -> None:
            nonlocal erasures
            erasures = replace(erasures, files={**erasures.files, name: file.sha256})
            self.folder.write_erasures(erasures.to_json())

        file = self.folder.replace_file(name, copy, announce)
        erased = [at for at in erasures.orders if part.start <= at < part.end]
        gone = _add_positions(part.gone, erased)
        count = _count(gone) - _count(part.gone)
        return replace(part, event_file=file, events=part.events - count, gone=gone), erasures


def _count(ranges: PositionRanges) -> int:
    return sum(end - start for start, end in ranges)


def _add_positions(ranges: PositionRanges, positions: Iterable[int]) -> PositionRanges:
    """Return ranges with these positions too, in order.

    >>> _add_positions(((2, 3), (7, 9)), [3, 5, 9])
    ((2, 4), (5, 6), (7, 10))
    """
    merged: list[tuple[int, int]] = []
    for start, end in sorted([*ranges, *((position, position + 1) for position in positions)]):
        if merged and merged[-1][1] >= start:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)
