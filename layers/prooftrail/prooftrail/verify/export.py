"""Verify an export against its checkpoint, offline: files, entries and, if included, contents.

The leaf hashes must lead to the checkpoint's root, and every event in a file must be that of its
entry. Why an event is left out, only the manifest says, and not every format holds what the digest
covers: `ExportTrailCheck` reads the trail for that.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import BinaryIO, Final

from prooftrail.errors import (
    AuditLogError,
    InvalidProofError,
    MalformedExportError,
)
from prooftrail.event.ids import make_id
from prooftrail.event.times import parse_timestamp
from prooftrail.export.formats import FORMATS
from prooftrail.export.manifest import LEAVES, Manifest, Part, make_part_name
from prooftrail.export.ports import Claim, ExportFolder, PartFile
from prooftrail.ledger.entry import encode_entry
from prooftrail.progress import NoProgress, Progress
from prooftrail.tlog.checkpoint import Checkpoint
from prooftrail.tlog.merkle import HASH_LENGTH, Edge, hash_leaf, verify_consistency
from prooftrail.tlog.note import Note
from prooftrail.tlog.policy import Policy
from prooftrail.verify.findings import Finding, FindingKind
from prooftrail.verify.ports import PublishedLogReader
from prooftrail.verify.published import NO_CHECKPOINT, verify_append_only
from prooftrail.verify.result import Outcome

MANIFEST: Final = "manifest"
MAX_FINDINGS: Final = 20  # of one file's events
_CHUNK: Final = 1_000  # leaf hashes
_READ: Final = 1 << 20  # bytes


@dataclass(slots=True)
class ExportResult:
    """What was verified, and what was found.

    `events` is the number of events in the files. The content of `contents` of them was compared
    with the digest. The format does not include the content of the others, so that only their
    position, id and digest are proved. `explained` is the number of entries without an event of
    which the trail says why. `doubts` says what else could not be proved.
    """

    manifest: Manifest
    checkpoint: Checkpoint
    events: int = 0
    contents: int = 0
    explained: int = 0
    findings: list[Finding] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    @property
    def unproved(self) -> list[Finding]:
        """What neither the checkpoint nor the digests of the events prove."""
        return [Finding(FindingKind.UNPROVED, MANIFEST, detail) for detail in self._list_unproved()]

    @property
    def outcome(self) -> Outcome:
        """What the verification comes to."""
        if self.findings:
            return Outcome.REFUTED
        return Outcome.UNPROVED if self.unproved else Outcome.VERIFIED

    @property
    def is_verified(self) -> bool:
        """Whether everything in the files is proved, and every entry has its event there."""
        return self.outcome is Outcome.VERIFIED

    def _list_unproved(self) -> Iterator[str]:
        yield from self.doubts
        totals, file_format = self.manifest.totals, self.manifest.file_format
        absent = totals.others + totals.expired + totals.gone + totals.unreadable - self.explained
        if absent:
            yield (
                f"{absent} entries have no event in the files; why, only the manifest says: "
                f"{totals.others} not asked for, {totals.expired} expired, {totals.gone} gone, "
                f"{totals.unreadable} unreadable"
            )
        if self.contents < self.events:
            yield (
                f"the content of {self.events - self.contents} events: a file of {file_format} "
                "proves their positions, ids and digests alone"
            )

    def to_json(self) -> dict[str, object]:
        """Return the result for scripts."""
        totals = self.manifest.totals
        return {
            "outcome": self.outcome.value,
            "verified": self.is_verified,
            "checkpoint": str(self.checkpoint),
            "start": self.manifest.start,
            "end": self.manifest.end,
            "events": self.events,
            "contents": self.contents,
            "explained": self.explained,
            "others": totals.others,
            "expired": totals.expired,
            "gone": totals.gone,
            "unreadable": totals.unreadable,
            "findings": [finding.to_json() for finding in self.findings],
            "unproved": [finding.to_json() for finding in self.unproved],
        }


def verify_export(
    folder: ExportFolder,
    policy: Policy,
    published_log: PublishedLogReader | None = None,
    progress: Progress | None = None,
) -> ExportResult:
    """Verify an export; with `published_log` also that today's log still begins with its tree.

    Raises:
        MalformedExportError: the manifest is missing or damaged, or contradicts itself.
        MalformedNoteError, UntrustedNoteError: its checkpoint cannot be trusted.
        ConfigurationError: the format's library is not installed.
        InvalidProofError, TileMissingError, MalformedTileError: today's log contradicts it.
        InaccessibleError: the folder or the log cannot be read.
    """
    text = folder.read_manifest()
    if text is None:
        raise MalformedExportError("the folder has no manifest.json")
    manifest = Manifest.from_json(text)
    FORMATS[manifest.file_format].check_available()
    _check_parts(manifest)
    result = ExportResult(manifest, policy.check(manifest.checkpoint))
    if manifest.end > result.checkpoint.size:
        raise MalformedExportError("the manifest's parts end after its checkpoint")
    shown = progress or NoProgress()
    shown.step("entries", manifest.end - manifest.start)
    edge: Edge | None = manifest.first_edge
    for part in manifest.parts:
        check = _PartCheck(folder, manifest, part)
        edge = check.run(edge)
        result.events += check.events
        result.contents += check.contents
        result.findings += check.findings
        shown.advance(part.end - part.start)
    if edge is not None:
        _check_root(result, edge)
    result.findings += _find_unnamed(folder, manifest)
    if published_log is not None:
        published = published_log.read_checkpoint()
        if published is None:
            result.doubts.append(f"that today's log begins with the export: {NO_CHECKPOINT}")
        else:
            verify_append_only(
                manifest.checkpoint, Note.from_text(published.text), published_log, policy
            )
    return result


def _find_unnamed(folder: ExportFolder, manifest: Manifest) -> list[Finding]:
    """Return a finding for each file of a part that the manifest does not name."""
    named = {file.name for part in manifest.parts for file in (part.event_file, part.leaf_file)}
    return [
        Finding(FindingKind.ADDED, name, "the manifest does not name it")
        for name in sorted(folder.list_part_files())
        if name not in named and name[:1].isdigit()
    ]


def _check_parts(manifest: Manifest) -> None:
    """Check that the parts follow each other, have the right names and cover every position.

    Raises:
        MalformedExportError: they do not.
    """
    extension = FORMATS[manifest.file_format].extension
    at = manifest.start
    for part in manifest.parts:
        names = [make_part_name(part.start, part.end, ending) for ending in (extension, LEAVES)]
        if part.start != at or part.end <= at:
            raise MalformedExportError(f"the manifest has no part that begins at {at}")
        if names != [part.event_file.name, part.leaf_file.name]:
            raise MalformedExportError(
                f"the manifest's part at {at} names the files of another part"
            )
        if not part.is_complete or part.leaf_file.size != HASH_LENGTH * (part.end - at):
            raise MalformedExportError(f"the counts in the manifest's part at {at} do not add up")
        absent = [*part.gone, *((each.position, each.position + 1) for each in part.unreadable)]
        before = at
        for start, end in sorted(absent):
            if not before <= start < end <= part.end:
                raise MalformedExportError(
                    f"the manifest's part at {at} names absent positions outside itself or twice"
                )
            before = end
        if manifest.has_all_events and part.others:
            raise MalformedExportError(
                f"the manifest's part at {at} leaves out events of an export of all events"
            )
        at = part.end
    if at != manifest.end:
        raise MalformedExportError(f"the manifest's parts end at {at}, not at {manifest.end}")


def _check_root(result: ExportResult, edge: Edge) -> None:
    """Check that the entries lead to the checkpoint's root."""
    manifest, checkpoint = result.manifest, result.checkpoint
    problem = None
    if edge != manifest.last_edge:
        problem = "the leaf hashes do not lead to the manifest's last edge"
    else:
        try:
            verify_consistency(
                edge.size, edge.compute_root(), checkpoint.size, checkpoint.root, manifest.proof
            )
        except InvalidProofError as error:
            problem = str(error)
    if problem:
        result.findings.append(Finding(FindingKind.CHECKPOINT, MANIFEST, problem))


@dataclass(slots=True)
class _PartCheck:
    folder: ExportFolder
    manifest: Manifest
    part: Part
    events: int = 0
    contents: int = 0
    findings: list[Finding] = field(default_factory=list)

    def run(self, edge: Edge | None) -> Edge | None:
        """Check both files; return the tree's edge after the part, or None if it is unknown."""
        part = self.part
        has_leaves = self._is_whole(part.leaf_file)
        is_whole = self._is_whole(part.event_file)
        if not has_leaves:
            return None
        with self.folder.open_file(part.leaf_file.name) as leaves:
            if edge is not None:
                edge = edge.with_leaves(_read_hashes(leaves))
            has_damage = is_whole is False
            if is_whole or (has_damage and FORMATS[self.manifest.file_format].can_read_damaged):
                with self.folder.open_file(part.event_file.name) as file:
                    self._check_events(file, leaves)
        return edge

    def _is_whole(self, part_file: PartFile) -> bool | None:
        """Return whether the file is as the manifest says, or None if it is missing."""
        try:
            with self.folder.open_file(part_file.name) as file:
                hashed, size = sha256(), 0
                while content := file.read(_READ):
                    hashed.update(content)
                    size += len(content)
        except MalformedExportError as error:
            self._find(FindingKind.MISSING, str(error), place=part_file.name)
            return None
        if (hashed.hexdigest(), size) != (part_file.sha256, part_file.size):
            self._find(
                FindingKind.ALTERED,
                "the file differs from what the manifest says",
                place=part_file.name,
            )
            return False
        return True

    def _find(
        self,
        kind: FindingKind,
        detail: str,
        *,
        place: str | None = None,
        claim: Claim | None = None,
    ) -> None:
        self.findings.append(
            Finding(
                kind,
                place or self.part.event_file.name,
                detail,
                claim.id if claim else None,
                claim.position if claim else None,
            )
        )

    def _check_events(self, file: BinaryIO, leaves: BinaryIO) -> None:
        """Check that every event is the one of its entry, and that their number is right."""
        absent = _list_absent(self.part)
        missing, last = next(absent, None), self.part.start - 1
        try:
            for claim in FORMATS[self.manifest.file_format].read_claims(file):
                while missing is not None and missing < claim.position:
                    missing = next(absent, None)
                problem = self._find_problem(claim, leaves)
                if problem:
                    self._find(FindingKind.ALTERED, problem, claim=claim)
                elif claim.position == last:
                    self._find(FindingKind.REPEATED, "the event is in the file twice", claim=claim)
                elif claim.position < last:
                    self._find(
                        FindingKind.REORDERED, f"the event comes after entry {last}", claim=claim
                    )
                elif claim.position == missing:
                    self._find(
                        FindingKind.ADDED,
                        "the manifest says that this event is absent",
                        claim=claim,
                    )
                last = max(last, claim.position)
                self.events += 1
                self.contents += claim.canonical is not None
                if len(self.findings) >= MAX_FINDINGS:
                    return
        except MalformedExportError as error:
            self._find(FindingKind.ALTERED, str(error))
        else:
            if self.events != self.part.events:
                kind = FindingKind.MISSING if self.events < self.part.events else FindingKind.ADDED
                self._find(kind, f"the file has {self.events} events, not {self.part.events}")

    def _find_problem(self, claim: Claim, leaves: BinaryIO) -> str | None:
        part = self.part
        if not part.start <= claim.position < part.end:
            return f"the part has only the positions from {part.start} to {part.end - 1}"
        leaves.seek(HASH_LENGTH * (claim.position - part.start))
        leaf = hash_leaf(encode_entry(claim.id, claim.digest, claim.receipt))
        if leaf != leaves.read(HASH_LENGTH):
            return "it is not the event that was logged"
        if not self.manifest.filters.includes_time(claim.id):
            return "its time is not in the manifest's range"
        if claim.canonical is None:
            return None
        if sha256(claim.canonical).digest() != claim.digest:
            return "its content does not have its digest"
        try:
            event = json.loads(claim.canonical)
            is_named = make_id(parse_timestamp(event["timestamp"]), claim.digest) == claim.id
            tenant = event["tenantId"]
        except (AuditLogError, LookupError, RecursionError, TypeError, ValueError):
            return "it is not a valid event"
        if not is_named:
            return "its time is not the time in its id"
        if self.manifest.tenants is not None and tenant not in self.manifest.tenants:
            return "its tenant is not in the manifest"
        if not self.manifest.filters.matches(claim.id, event):
            return "it does not match the manifest's filters"
        return None


def _list_absent(part: Part) -> Iterator[int]:
    """Yield the positions that the part names as absent."""
    spans = [*part.gone, *((each.position, each.position + 1) for each in part.unreadable)]
    for start, end in sorted(spans):
        yield from range(start, end)


def _read_hashes(file: BinaryIO) -> Iterator[bytes]:
    """Yield the hashes in a file."""
    while packed := file.read(HASH_LENGTH * _CHUNK):
        for at in range(0, len(packed), HASH_LENGTH):
            yield packed[at : at + HASH_LENGTH]
