"""A run of an export: it writes the next parts, and proves each before it becomes visible."""

from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Final

from prooftrail.errors import (
    ConfigurationError,
    InconsistentLogError,
    InvalidProofError,
    MalformedExportError,
    NotPublishedError,
)
from prooftrail.event.times import format_timestamp
from prooftrail.export.entries import AbsenceReason, AbsentEvent, read_entries
from prooftrail.export.filters import ALL_EVENTS, EventFilters
from prooftrail.export.formats import FORMATS
from prooftrail.export.manifest import Manifest, Part, Totals, UnreadableEntry
from prooftrail.export.ports import ExportedEvent, ExportFolder, PartFile, UnfinishedPart
from prooftrail.ledger.ports import LogReader, Publication
from prooftrail.progress import NoProgress, Progress
from prooftrail.query.ports import EventLookup
from prooftrail.tlog.merkle import Edge, hash_leaf, verify_consistency
from prooftrail.tlog.policy import Policy
from prooftrail.tlog.tiles import TileReader, TreeReader

PART_ENTRIES: Final = 100_000
_LEAVES: Final = 1_000  # hashed into the tree at a time


@dataclass(frozen=True, slots=True)
class ExportSummary:
    """The manifest after a run. The run's own parts are those from the position `start` on."""

    manifest: Manifest
    start: int

    @property
    def parts(self) -> tuple[Part, ...]:
        """The run's parts."""
        return tuple(part for part in self.manifest.parts if part.start >= self.start)

    @property
    def totals(self) -> Totals:
        """The totals of the run's parts."""
        return Totals.from_parts(self.parts)


@dataclass(slots=True)
class _PartCounts:
    """The counts of a part that is being written."""

    events: int = 0
    others: int = 0
    expired: int = 0
    gone: list[tuple[int, int]] = field(default_factory=list)
    unreadable: list[UnreadableEntry] = field(default_factory=list)

    def add_absent(self, position: int, absent: AbsentEvent) -> None:
        match absent.reason:
            case AbsenceReason.OTHERS:
                self.others += 1
            case AbsenceReason.EXPIRED:
                self.expired += 1
            case AbsenceReason.UNREADABLE:
                self.unreadable.append(UnreadableEntry(position, absent.problem))
            case AbsenceReason.GONE if self.gone and self.gone[-1][1] == position:
                self.gone[-1] = (self.gone[-1][0], position + 1)
            case AbsenceReason.GONE:
                self.gone.append((position, position + 1))

    def make_part(self, start: int, end: int, event_file: PartFile, leaf_file: PartFile) -> Part:
        return Part(
            start,
            end,
            event_file,
            leaf_file,
            self.events,
            self.others,
            self.expired,
            tuple(self.gone),
            tuple(self.unreadable),
        )


def _ignore_count(_count: int) -> None:
    """Do nothing."""


@dataclass(frozen=True, slots=True)
class Exporter:
    """Exports the log's events into a folder, or continues the export that is there.

    `tenants` is None for all tenants. `now_ms` returns milliseconds since 1970. `tool` is the name
    and version of the exporting program. `on_events` gets the number of a part's events before the
    part becomes visible, so that a run that fails later has told of them.
    """

    log: LogReader
    tiles: TileReader
    lookup: EventLookup
    folder: ExportFolder
    file_format: str
    tenants: tuple[str, ...] | None
    now_ms: Callable[[], int]
    tool: str
    part_entries: int = PART_ENTRIES
    progress: Progress = field(default_factory=NoProgress)
    filters: EventFilters = ALL_EVENTS
    on_events: Callable[[int], None] = _ignore_count

    def run(self, first: int | None = None, last: int | None = None) -> ExportSummary:
        """Export from position `first`, or from the end of the folder's export, to before `last`.

        The export ends at the latest checkpoint's size at most. Files that an interrupted run left
        outside the manifest are written again.

        Raises:
            NotPublishedError: there is no checkpoint yet.
            ConfigurationError: the folder has another export, position `first` is not published
                yet, or the format's library is not installed.
            MalformedExportError: the folder's manifest is damaged or missing; nothing is changed.
            InconsistentLogError: the ledger's entries are not the published ones, or the log is
                not the exported one.
            CorruptRecordError: the ledger's log is damaged.
            UntrustedNoteError, TileMissingError, MalformedTileError: the published log is damaged.
            InaccessibleError: a part of AWS cannot be read, or the folder cannot be written.
        """
        FORMATS[self.file_format].check_available()
        publication = self.log.read_publication()
        if publication is None:
            raise NotPublishedError("the log")
        _verify_checkpoint(publication)
        with self.folder.lock():
            return self._run(publication, first, last)

    def _run(self, publication: Publication, first: int | None, last: int | None) -> ExportSummary:
        tree = TreeReader(self.tiles, publication.edge)
        manifest = self._open_manifest(publication, tree, first)
        start = manifest.end
        stop = publication.size if last is None else min(last, publication.size)
        self.progress.step("export", max(0, stop - start))
        while manifest.end < stop:
            part_end = (manifest.end // self.part_entries + 1) * self.part_entries
            manifest = self._export_part(manifest, min(part_end, stop), publication, tree)
        return ExportSummary(manifest, start)

    def _open_manifest(
        self, publication: Publication, tree: TreeReader, first: int | None
    ) -> Manifest:
        """Return the folder's manifest, or write the first one. Remove unfinished files."""
        text = self.folder.read_manifest()
        names = list(self.folder.list_part_files())
        if text is None:
            if any(name[:1].isdigit() for name in names):
                raise MalformedExportError("the folder has parts of an export, but no manifest")
            manifest = self._start_manifest(publication, tree, first or 0)
        else:
            manifest = Manifest.from_json(text)
            self._check_continues(manifest, publication, tree, first)
        kept = {file.name for part in manifest.parts for file in (part.event_file, part.leaf_file)}
        for name in names:
            if name not in kept and not (name[:1].isdigit() and int(name[:20]) < manifest.end):
                self.folder.remove_file(name)
        return manifest

    def _start_manifest(self, publication: Publication, tree: TreeReader, start: int) -> Manifest:
        if start > publication.size:
            raise ConfigurationError(
                f"position {start} is not published yet: the log has {publication.size} entries"
            )
        edge = tree.read_edge(start)
        proof = tuple(tree.make_consistency_proof(start))
        manifest = Manifest(
            self.file_format,
            self.tenants,
            publication.note,
            edge,
            edge,
            proof,
            (),
            self.tool,
            self._format_now(),
            self.filters,
        )
        _verify_edge(edge, publication, proof)
        self.folder.write_manifest(manifest.to_json())
        return manifest

    def _check_continues(
        self, manifest: Manifest, publication: Publication, tree: TreeReader, first: int | None
    ) -> None:
        """Check that this run can continue the folder's export.

        Raises:
            ConfigurationError: its format, tenants, filters, start or log are others.
            InconsistentLogError: the log does not begin with what was exported.
        """
        name = publication.verifier_key.name
        for what, existing, wanted in (
            ("format", manifest.file_format, self.file_format),
            ("tenants", _describe_tenants(manifest.tenants), _describe_tenants(self.tenants)),
            ("filters", str(manifest.filters), str(self.filters)),
            ("start", manifest.start, manifest.start if first is None else first),
            ("log", manifest.checkpoint.text.partition("\n")[0], name),
        ):
            if existing != wanted:
                raise ConfigurationError(
                    f"the folder has another export ({what}: {existing}, not {wanted})"
                )
        if manifest.end > publication.size or tree.read_edge(manifest.end) != manifest.last_edge:
            raise InconsistentLogError("the log does not begin with what was exported from it")

    def _export_part(
        self, manifest: Manifest, end: int, publication: Publication, tree: TreeReader
    ) -> Manifest:
        """Write the next part, and return the manifest with it."""
        file_format, origin = FORMATS[self.file_format], publication.verifier_key.name
        start, proof = manifest.end, tuple(tree.make_consistency_proof(end))
        with self.folder.begin_part() as unfinished:
            edge, counts = self._write_entries(unfinished, manifest.last_edge, end, origin)
            _verify_edge(edge, publication, proof)
            self.on_events(counts.events)
            files = unfinished.finish(start, end, file_format.extension)
        manifest = replace(manifest, checkpoint=publication.note, tool=self.tool)
        part = counts.make_part(start, end, *files)
        manifest = manifest.with_part(part, edge, proof, self._format_now())
        self.folder.write_manifest(manifest.to_json())
        return manifest

    def _write_entries(
        self, unfinished: UnfinishedPart, edge: Edge, end: int, origin: str
    ) -> tuple[Edge, _PartCounts]:
        """Write the entries from the edge on; return the tree's edge after them, and the counts."""
        writer = FORMATS[self.file_format].make_writer(unfinished.events, origin)
        counts, leaves = _PartCounts(), list[bytes]()
        entries = read_entries(
            self.log,
            self.lookup,
            edge.size,
            end,
            tenants=self.tenants,
            now_ms=self.now_ms(),
            filters=self.filters,
        )
        with closing(entries):
            for entry in entries:
                leaves.append(hash_leaf(entry.logged.entry))
                match entry.event:
                    case ExportedEvent() as event:
                        writer.write(event)
                        counts.events += 1
                    case AbsentEvent() as absent:
                        counts.add_absent(entry.position, absent)
                if len(leaves) == _LEAVES or entry.position == end - 1:
                    edge = edge.with_leaves(leaves)
                    unfinished.leaves.write(b"".join(leaves))
                    self.progress.advance(len(leaves))
                    leaves = []
        writer.finish()
        return edge, counts

    def _format_now(self) -> str:
        return format_timestamp(self.now_ms())


def _verify_checkpoint(publication: Publication) -> None:
    """Check that the ledger's checkpoint is signed, and has the size and root of its edge."""
    checkpoint = Policy.from_key(publication.verifier_key).check(publication.note)
    if (checkpoint.size, checkpoint.root) != (publication.size, publication.edge.compute_root()):
        raise InconsistentLogError("the ledger's checkpoint does not match its tree")


def _verify_edge(edge: Edge, publication: Publication, proof: Iterable[bytes]) -> None:
    """Check that the published tree begins with the tree that has this edge."""
    root, size = publication.edge.compute_root(), publication.size
    try:
        verify_consistency(edge.size, edge.compute_root(), size, root, list(proof))
    except InvalidProofError as error:
        raise InconsistentLogError(
            f"the ledger's entries up to {edge.size} are not those that were published"
        ) from error


def _describe_tenants(tenants: tuple[str, ...] | None) -> str:
    return "all" if tenants is None else ", ".join(tenants)
