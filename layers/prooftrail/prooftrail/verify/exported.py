"""Compare an export with the trail that it was made from: its contents, and what it leaves out.

Offline, the leaf hashes prove ids and digests alone. The trail's events have these digests, so what
a file says of an event can be compared with the event. The ledger says when an event expired.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import BinaryIO, Final

from prooftrail.errors import InvalidTimestampError, MalformedExportError
from prooftrail.event.ids import make_highest_id, make_lowest_id, pack_id
from prooftrail.event.removal import split_ids
from prooftrail.event.times import MAX_TIMESTAMP_MS, parse_timestamp
from prooftrail.export.entries import ExportEntry, read_entries
from prooftrail.export.formats import FORMATS
from prooftrail.export.manifest import Part
from prooftrail.export.ports import Claim, ExportedEvent, ExportFolder
from prooftrail.ledger.ports import LogReader
from prooftrail.ledger.tampering import RemovalOrderReader
from prooftrail.progress import Progress
from prooftrail.query.ports import EventLookup
from prooftrail.tlog.merkle import HASH_LENGTH, hash_leaf
from prooftrail.verify.export import MAX_FINDINGS, ExportResult
from prooftrail.verify.findings import LEDGER, Finding, FindingKind

_LOWEST_ID: Final = make_lowest_id(0)
_HIGHEST_ID: Final = make_highest_id(MAX_TIMESTAMP_MS)


@dataclass(slots=True)
class ExportTrailCheck:
    """Compares an export whose files and entries are proved with its trail.

    `orders` are the removal orders that the ledger has committed: an event that one names is gone
    with a reason. `tool` is the name and version of this program: other versions write other
    records. `now_ms` returns milliseconds since 1970, by the clock of the trail.
    """

    folder: ExportFolder
    log: LogReader
    lookup: EventLookup
    orders: RemovalOrderReader
    tool: str
    now_ms: Callable[[], int]
    progress: Progress
    _made_ms: int = 0
    _gone_since: int = 0
    _not_compared: int = 0
    _findings: list[Finding] = field(default_factory=list)
    _ordered: dict[str, set[bytes]] = field(default_factory=dict)  # packed ids by tenant

    def run(self, result: ExportResult) -> None:
        """Add to the result what the trail proves, and what contradicts it.

        Raises:
            MalformedExportError: the manifest does not say when it was made.
            InconsistentLogError, CorruptRecordError: the ledger's log is damaged.
            InaccessibleError: the trail or the folder cannot be read.
        """
        manifest = result.manifest
        try:
            self._made_ms = min(parse_timestamp(manifest.made_at), self.now_ms())
        except InvalidTimestampError as error:
            raise MalformedExportError("the manifest's madeAt is not a time") from error
        self.progress.step("trail", manifest.end - manifest.start)
        for part in manifest.parts:
            self._findings = []
            self._compare_part(result, part)
            result.findings += self._findings
            self.progress.advance(part.end - part.start)
        if self._gone_since:
            result.doubts.append(
                f"the content of {self._gone_since} events: they are no longer in the trail"
            )
        if self._not_compared:
            result.doubts.append(
                f"the content of {self._not_compared} events: another version of prooftrail wrote "
                "the file, or its format is not compared"
            )

    def _compare_part(self, result: ExportResult, part: Part) -> None:
        file_format = FORMATS[result.manifest.file_format]
        with (
            self.folder.open_file(part.event_file.name) as file,
            self.folder.open_file(part.leaf_file.name) as leaves,
        ):
            claims = file_format.read_claims(file)
            claim = next(claims, None)
            for entry in self._read_entries(part, leaves):
                if claim is not None and claim.position == entry.position:
                    self._compare_event(result, part, claim, entry)
                    claim = next(claims, None)
                else:
                    self._explain_absence(result, part, entry)
                if len(self._findings) >= MAX_FINDINGS:
                    return

    def _read_entries(self, part: Part, leaves: BinaryIO) -> Iterator[ExportEntry]:
        """Yield the ledger's entries of a part, if they are the exported ones."""
        for entry in read_entries(
            self.log, self.lookup, part.start, part.end, tenants=None, now_ms=self.now_ms()
        ):
            if hash_leaf(entry.logged.entry) != leaves.read(HASH_LENGTH):
                detail = "the ledger's entry is not the exported one: is it another trail?"
                self._find(FindingKind.LEDGER, LEDGER, detail, entry)
                return
            yield entry

    def _compare_event(
        self, result: ExportResult, part: Part, claim: Claim, entry: ExportEntry
    ) -> None:
        if claim.canonical is not None:
            return
        if not isinstance(entry.event, ExportedEvent):
            self._gone_since += 1
            return
        expected = FORMATS[result.manifest.file_format].make_record(
            _with_claimed_time(entry, entry.event, claim)
        )
        if claim.record is not None and claim.record == expected:
            result.contents += 1
        elif claim.record is None or expected is None or result.manifest.tool != self.tool:
            self._not_compared += 1
        else:
            detail = "it is not what the stored event gives"
            self._find(FindingKind.ALTERED, part.event_file.name, detail, entry)

    def _explain_absence(self, result: ExportResult, part: Part, entry: ExportEntry) -> None:
        manifest = result.manifest
        expires_at = entry.logged.expires_at
        is_named = _is_named(part, entry.position)
        if expires_at is not None and expires_at * 1000 <= self._made_ms:
            result.explained += 1
        elif isinstance(entry.event, ExportedEvent):
            if not manifest.asks_for(entry.event):
                result.explained += 1
            elif not is_named:
                detail = "the export leaves it out, though it is stored and has not expired"
                self._find(FindingKind.MISSING, part.event_file.name, detail, entry)
        elif self._is_ordered(entry) or not manifest.filters.includes_time(entry.logged.id):
            result.explained += 1
        elif manifest.has_all_events and not is_named:
            detail = "the export calls it expired, but by the ledger it had not"
            self._find(FindingKind.MISSING, part.event_file.name, detail, entry)

    def _is_ordered(self, entry: ExportEntry) -> bool:
        """Return whether a committed removal order names the event of an entry."""
        tenant_id = entry.tenant_id
        if tenant_id is None:
            return False
        if tenant_id not in self._ordered:
            orders = self.orders.read_orders(tenant_id, _LOWEST_ID, _HIGHEST_ID)
            self._ordered[tenant_id] = {each for order in orders for each in split_ids(order.ids)}
        return pack_id(entry.logged.id) in self._ordered[tenant_id]

    def _find(self, kind: FindingKind, place: str, detail: str, entry: ExportEntry) -> None:
        self._findings.append(Finding(kind, place, detail, entry.logged.id, entry.position))


def _is_named(part: Part, position: int) -> bool:
    """Return whether the manifest names this position as gone or unreadable."""
    return any(start <= position < end for start, end in part.gone) or any(
        unreadable.position == position for unreadable in part.unreadable
    )


def _with_claimed_time(entry: ExportEntry, event: ExportedEvent, claim: Claim) -> ExportedEvent:
    """Return the event with the time of receipt in the file, if no entry fixes that time.

    A later delivery changes the time of the stored event.
    """
    if entry.logged.receipt is not None:
        return event
    received_at = claim.received_at
    if isinstance(received_at, str):
        try:
            received_at = parse_timestamp(received_at)
        except InvalidTimestampError:
            return event
    if not isinstance(received_at, int) or not 0 <= received_at <= MAX_TIMESTAMP_MS:
        return event
    return replace(event, event=replace(event.event, received_at=received_at))
