"""A trail in memory that is exported to a real folder."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from prooftrail.errors import StoreUnavailableError
from prooftrail.event.record import EventRecord
from prooftrail.event.retention import compute_expiry
from prooftrail.export.filters import ALL_EVENTS, EventFilters
from prooftrail.export.folder import ERASURES, MANIFEST, DiskFolder
from prooftrail.export.formats import FORMATS
from prooftrail.export.ports import Claim, ExportFolder
from prooftrail.export.run import Exporter, ExportSummary
from prooftrail.ledger.entry import LoggedEvent
from prooftrail.ledger.publish import Publisher
from prooftrail.ledger.receipt import Receipt
from prooftrail.tlog.policy import Policy
from prooftrail.verify.export import ExportResult, verify_export
from prooftrail.verify.ports import PublishedLogReader
from tests.support.fake_reader import FakeEvents
from tests.support.log_fakes import FakeWitnesses, MemoryLog, MemoryPublishedLog
from tests.support.log_samples import make_verifier_key
from tests.support.samples import NOW_MS
from tests.unit.ledger.test_publish import ORIGIN, Key

POLICY = Policy.from_key(make_verifier_key())


@dataclass
class ExportedTrail:
    """Events, their log, the published log, and the folder of the export."""

    folder: Path
    log: MemoryLog = field(default_factory=MemoryLog)
    published_log: MemoryPublishedLog = field(default_factory=MemoryPublishedLog)
    events: FakeEvents = field(default_factory=FakeEvents)

    def commit(self, records: Sequence[EventRecord]) -> None:
        """Store these events and commit them."""
        self.events.add(*records)
        self.log.append(
            [
                LoggedEvent.from_id(
                    record.id,
                    record.digest,
                    compute_expiry(record.received_at, record.retention_days),
                    (
                        record.submitted_by
                        and Receipt.from_submitter(record.received_at, record.submitted_by)
                    )
                    or None,
                )
                for record in records
            ],
            [record.tenant_id for record in records],
        )

    def publish(self) -> None:
        """Publish the committed events."""
        Publisher(
            self.log, self.published_log, Key(), FakeWitnesses(), ORIGIN, lambda: NOW_MS
        ).run()

    def grow(self, records: Sequence[EventRecord], commit_size: int = 50) -> None:
        """Store, commit and publish these events."""
        for start in range(0, len(records), commit_size):
            self.commit(records[start : start + commit_size])
        self.publish()

    def export(
        self,
        file_format: str = "ndjson",
        *,
        tenants: Sequence[str] | None = None,
        first: int | None = None,
        last: int | None = None,
        part_entries: int = 100,
        filters: EventFilters = ALL_EVENTS,
        folder: ExportFolder | None = None,
    ) -> ExportSummary:
        """Run the export into this folder, or into that on disk."""
        return Exporter(
            self.log,
            self.published_log,
            self.events,
            folder or DiskFolder(self.folder),
            file_format,
            None if tenants is None else tuple(tenants),
            lambda: NOW_MS,
            "prooftrail 0",
            part_entries,
            filters=filters,
        ).run(first, last)

    def verify(self, published_log: PublishedLogReader | None = None) -> ExportResult:
        """Verify the export."""
        return verify_export(DiskFolder(self.folder), POLICY, published_log)

    def files(self) -> dict[str, bytes]:
        """Return the content of each file in the folder by name, without hidden files."""
        if not self.folder.is_dir():
            return {}
        return {
            path.name: path.read_bytes()
            for path in sorted(self.folder.iterdir())
            if not path.name.startswith(".")
        }

    def parts(self) -> dict[str, bytes]:
        """Return the content of each file of events by name."""
        return {
            name: content
            for name, content in self.files().items()
            if name not in {MANIFEST, ERASURES} and not name.endswith(".leaves")
        }

    def claims(self) -> list[Claim]:
        """Return the claims in the files, in order."""
        found: list[Claim] = []
        for name in self.parts():
            extension = name.split(".", 1)[1]
            [format_] = [known for known in FORMATS.values() if known.extension == extension]
            with (self.folder / name).open("rb") as file:
                found += format_.read_claims(file)
        return found


@contextmanager
def fail_lookups_after(events: FakeEvents, calls: int) -> Iterator[None]:
    """Make each lookup after the first `calls` fail."""
    original = events.get_many
    made: list[None] = []

    def get_many(addresses: Any) -> Any:
        made.append(None)
        if len(made) > calls:
            raise StoreUnavailableError("injected")
        return original(addresses)

    with patch.object(events, "get_many", get_many):
        yield
