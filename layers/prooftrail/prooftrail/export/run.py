"""A run of an export: the next parts, each of which is proved before it is kept."""

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
from prooftrail.export.formats import FORMATS
from prooftrail.export.manifest import Manifest, Part, Totals, Unreadable
from prooftrail.export.ports import Exported, Folder
from prooftrail.export.walk import Absent, Why, walk
from prooftrail.ledger.ports import LogReader, Publication
from prooftrail.progress import NoProgress, Progress
from prooftrail.query.ports import EventLookup
from prooftrail.tlog.merkle import Edge, hash_leaf, verify_consistency
from prooftrail.tlog.policy import Policy
from prooftrail.tlog.tiles import TileReader, TreeReader

PART_ENTRIES: Final = 100_000
_LEAVES: Final = 1_000  # that are hashed into the tree at a time


@dataclass(frozen=True, slots=True)
class ExportSummary:
    """The export after a run; the run's own parts are those from `start` on."""

    manifest: Manifest
    start: int

    @property
    def parts(self) -> tuple[Part, ...]:
        """The run's parts."""
        return tuple(part for part in self.manifest.parts if part.start >= self.start)

    @property
    def counts(self) -> Totals:
        """What the run found."""
        return Totals.of(self.parts)


@dataclass(slots=True)
class _Counts:
    """What a part holds so far."""

    events: int = 0
    others: int = 0
    expired: int = 0
    gone: list[tuple[int, int]] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)

    def add_absent(self, position: int, why: Why, problem: str) -> None:
        match why:
            case Why.OTHERS:
                self.others += 1
            case Why.EXPIRED:
                self.expired += 1
            case Why.UNREADABLE:
                self.unreadable.append(Unreadable(position, problem))
            case Why.GONE if self.gone and self.gone[-1][1] == position:
                self.gone[-1] = (self.gone[-1][0], position + 1)
            case Why.GONE:
                self.gone.append((position, position + 1))


@dataclass(frozen=True, slots=True)
class Exporter:
    """Exports the log's events into a folder, or goes on with what is there.

    `tenants` is None for all. `now_ms` is milliseconds since 1970; `tool` names what exports.
    """

    log: LogReader
    tiles: TileReader
    lookup: EventLookup
    folder: Folder
    file_format: str
    tenants: tuple[str, ...] | None
    now_ms: Callable[[], int]
    tool: str
    part_entries: int = PART_ENTRIES
    progress: Progress = field(default_factory=NoProgress)

    def run(self, first: int | None = None, last: int | None = None) -> ExportSummary:
        """Export from the position `first`, or from where the folder's export ends, up to `last`.

        No further than the latest checkpoint covers. What was written by an interrupted run and
        is in no manifest is made anew.

        Raises:
            NotPublishedError: there is no checkpoint yet.
            ConfigurationError: the folder's export is another one; nothing is at `first` yet; or
                the format's library is not installed.
            MalformedExportError: the folder's manifest is damaged or missing; nothing is changed.
            InconsistentLogError: the ledger's entries are not those that were published, or the
                log is not the one that was exported; CorruptRecordError: it is damaged.
            UntrustedNoteError, TileMissingError, MalformedTileError: the published log is.
            InaccessibleError: a part of AWS cannot be read, or the folder cannot be written.
        """
        FORMATS[self.file_format].check()
        publication = self.log.read_publication()
        if publication is None:
            raise NotPublishedError("the log")
        _check(publication)
        with self.folder.held():
            return self._run(publication, first, last)

    def _run(self, publication: Publication, first: int | None, last: int | None) -> ExportSummary:
        tree = TreeReader(self.tiles, publication.edge)
        manifest = self._begun(publication, tree, first)
        start = manifest.end
        stop = publication.size if last is None else min(last, publication.size)
        self.progress.step("export", max(0, stop - start))
        while manifest.end < stop:
            part_end = (manifest.end // self.part_entries + 1) * self.part_entries
            manifest = self._grown(manifest, min(part_end, stop), publication, tree)
        return ExportSummary(manifest, start)

    def _begun(self, publication: Publication, tree: TreeReader, first: int | None) -> Manifest:
        """The folder's manifest, or the first one; no file of an unfinished part is left."""
        text = self.folder.manifest()
        strays = list(self.folder.strays())
        if text is None:
            if any(one[:1].isdigit() for one in strays):
                raise MalformedExportError("the folder has parts of an export, and no manifest")
            start = first or 0
            if start > publication.size:
                raise ConfigurationError(
                    f"nothing is at position {start} yet: {publication.size} entries are published"
                )
            edge = tree.read_edge(start)
            manifest = Manifest(
                self.file_format,
                self.tenants,
                publication.note,
                edge,
                edge,
                tuple(tree.make_consistency_proof(start)),
                (),
                self.tool,
                self._now(),
            )
            self._prove(edge, publication, manifest.proof)
            self.folder.write_manifest(manifest.to_json())
        else:
            manifest = Manifest.from_json(text)
            self._check_same(manifest, publication, first)
            if (
                manifest.end > publication.size
                or tree.read_edge(manifest.end) != manifest.last_edge
            ):
                raise InconsistentLogError("the log does not begin with what was exported from it")
        named = {mark.file for part in manifest.parts for mark in (part.file, part.leaves)}
        for name in strays:
            if name not in named and not (name[:1].isdigit() and int(name[:20]) < manifest.end):
                self.folder.remove(name)
        return manifest

    def _check_same(self, manifest: Manifest, publication: Publication, first: int | None) -> None:
        name = publication.verifier_key.name
        for what, there, asked in (
            ("format", manifest.file_format, self.file_format),
            ("choice of tenants", _named(manifest.tenants), _named(self.tenants)),
            ("start", manifest.start, manifest.start if first is None else first),
            ("log", manifest.checkpoint.text.partition("\n")[0], name),
        ):
            if there != asked:
                raise ConfigurationError(
                    f"the folder has another export: its {what} is {there}, not {asked}"
                )

    def _grown(
        self, manifest: Manifest, end: int, publication: Publication, tree: TreeReader
    ) -> Manifest:
        """The manifest with the next part, which is in the folder then."""
        origin = publication.verifier_key.name
        format_ = FORMATS[self.file_format]
        start, edge, counts = manifest.end, manifest.last_edge, _Counts()
        proof = tuple(tree.make_consistency_proof(end))
        entries = walk(
            self.log, self.lookup, start, end, tenants=self.tenants, now_ms=self.now_ms()
        )
        with self.folder.draft() as draft, closing(entries):
            writer = format_.writer(draft.events, origin)
            leaves: list[bytes] = []
            for walked in entries:
                leaves.append(hash_leaf(walked.logged.entry))
                match walked.outcome:
                    case Exported() as exported:
                        writer.add(exported)
                        counts.events += 1
                    case Absent(why, problem):
                        counts.add_absent(walked.position, why, problem)
                if len(leaves) == _LEAVES or walked.position == end - 1:
                    edge = edge.with_leaves(leaves)
                    draft.leaves.write(b"".join(leaves))
                    self.progress.advance(len(leaves))
                    leaves = []
            writer.end()
            self._prove(edge, publication, proof)
            file, leaf_file = draft.keep(start, end, format_.extension)
        part = Part(
            start,
            end,
            file,
            leaf_file,
            counts.events,
            counts.others,
            counts.expired,
            tuple(counts.gone),
            tuple(counts.unreadable),
        )
        manifest = replace(manifest, checkpoint=publication.note, tool=self.tool)
        manifest = manifest.grown(part, edge, proof, self._now())
        self.folder.write_manifest(manifest.to_json())
        return manifest

    def _prove(self, edge: Edge, publication: Publication, proof: Iterable[bytes]) -> None:
        root, size = publication.edge.compute_root(), publication.size
        try:
            verify_consistency(edge.size, edge.compute_root(), size, root, list(proof))
        except InvalidProofError as error:
            raise InconsistentLogError(
                f"the ledger's entries up to {edge.size} are not those that were published"
            ) from error

    def _now(self) -> str:
        return format_timestamp(self.now_ms())


def _check(publication: Publication) -> None:
    """Whether the ledger's checkpoint is signed, and is the one of its edge."""
    checkpoint = Policy.from_key(publication.verifier_key).check(publication.note)
    if (checkpoint.size, checkpoint.root) != (publication.size, publication.edge.compute_root()):
        raise InconsistentLogError("the ledger's checkpoint is not the one of its tree")


def _named(tenants: tuple[str, ...] | None) -> str:
    return "all" if tenants is None else ", ".join(tenants)
