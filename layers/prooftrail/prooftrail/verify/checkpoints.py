"""Find the checkpoint to verify against: the published one and the ledger's, compared."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from prooftrail.errors import AuditLogError, CorruptRecordError, InaccessibleError
from prooftrail.ledger.ports import LogReader, Publication, PublishedCheckpoint
from prooftrail.tlog.checkpoint import Checkpoint
from prooftrail.tlog.note import Note
from prooftrail.tlog.policy import Policy
from prooftrail.tlog.tiles import WIDTH, Tile
from prooftrail.verify.findings import LEDGER, PUBLISHED, SAVED, Finding, FindingKind
from prooftrail.verify.ports import PublishedLogReader
from prooftrail.verify.published import check_growth, check_log_signature
from prooftrail.verify.result import TrailResult
from prooftrail.verify.tree import READERS

ATTEMPTS: Final = 5
NO_CHECKPOINT: Final = "there is no checkpoint"


@dataclass(slots=True)
class CheckpointCheck:
    """Reads the checkpoints of a log and compares them; `result` grows on the way.

    `is_unpublished`: `find_trusted` has found neither of the two checkpoints.
    """

    published_log: PublishedLogReader
    log: LogReader
    policy: Policy
    result: TrailResult
    sleep: Callable[[float], None] = time.sleep
    is_unpublished: bool = False
    _ledger_problem: str = NO_CHECKPOINT

    def find_trusted(self) -> Checkpoint | None:
        """Return the longest checkpoint that the policy trusts, or None.

        A log without any checkpoint is no finding: it may be new.
        """
        publication, published = self._read_both()
        self.is_unpublished = (
            publication is None and published is None and self._ledger_problem == NO_CHECKPOINT
        )
        if self.is_unpublished:
            return None
        if publication is None:
            self._find(LEDGER, self._ledger_problem)
        in_bucket = in_ledger = None
        if published is None:
            self._find(PUBLISHED, NO_CHECKPOINT)
        else:
            in_bucket = self._check_published(published.text, publication)
        if publication is not None:
            in_ledger = self._check_ledger(publication, in_bucket)
        trusted = [checkpoint for checkpoint in (in_bucket, in_ledger) if checkpoint]
        return max(trusted, key=lambda checkpoint: checkpoint.size, default=None)

    def check_saved(self, saved: Note, checkpoint: Checkpoint | None) -> None:
        """Check that the log still begins with what a saved checkpoint covered.

        Without a checkpoint nothing is left of it.

        Raises:
            InaccessibleError: a part of the log cannot be read.
        """
        try:
            earlier = check_log_signature(saved, self.policy)
            if checkpoint is None:
                self._find(SAVED, f"the log of {earlier.size} entries has no checkpoint any more")
                return
            check_growth(earlier, checkpoint, self.published_log)
        except InaccessibleError:
            raise
        except AuditLogError as error:
            self._find(SAVED, str(error))

    def has_tiles(self) -> bool:
        """Return whether any first entry bundle of the log is there."""
        bundles = [Tile(None, 0), *(Tile(None, 0, width) for width in range(1, WIDTH))]
        with ThreadPoolExecutor(READERS) as pool:
            return any(
                content is not None for content in pool.map(self.published_log.read, bundles)
            )

    def _read_both(self) -> tuple[Publication | None, PublishedCheckpoint | None]:
        """Return the ledger's checkpoint and the published one.

        A run of the publisher writes first one and then the other: wait a little if they differ.
        """
        both = self._read_publication(), self.published_log.read_checkpoint()
        for _ in range(ATTEMPTS):
            publication, published = both
            if publication is None or (published and published.text == str(publication.note)):
                break
            self.sleep(1)
            both = self._read_publication(), self.published_log.read_checkpoint()
        return both

    def _read_publication(self) -> Publication | None:
        try:
            return self.log.read_publication()
        except CorruptRecordError as error:
            self._ledger_problem = str(error)
            return None

    def _check_published(self, text: str, publication: Publication | None) -> Checkpoint | None:
        try:
            return self.policy.check(Note.from_text(text))
        except AuditLogError as error:
            if publication and self._is_cosigned_in_ledger(text, publication):
                self._note_lag("the published checkpoint lacks cosignatures that the ledger has")
            else:
                self._find(PUBLISHED, str(error))
            return None

    def _is_cosigned_in_ledger(self, text: str, publication: Publication) -> bool:
        """Return whether the ledger's checkpoint is the same one and meets the policy."""
        try:
            signed = check_log_signature(Note.from_text(text), self.policy)
            return signed == self.policy.check(publication.note)
        except AuditLogError:
            return False

    def _check_ledger(
        self, publication: Publication, published: Checkpoint | None
    ) -> Checkpoint | None:
        """Check the ledger's checkpoint, and that it is the published one or a later one.

        Raises:
            InaccessibleError: a part of the log cannot be read.
        """
        try:
            signed = check_log_signature(publication.note, self.policy)
        except AuditLogError as error:
            self._find(LEDGER, str(error))
            return None
        if (signed.size, signed.root) != (publication.size, publication.edge.compute_root()):
            self._find(LEDGER, "its right edge does not lead to the checkpoint's root")
        if published and published != signed:
            self._compare(published, signed)
        try:
            return self.policy.check(publication.note)
        except AuditLogError as error:
            if not self.result.publication_lags:  # witnesses cosign what is published
                self._find(LEDGER, str(error))
            return None

    def _compare(self, published: Checkpoint, in_ledger: Checkpoint) -> None:
        """Report two different checkpoints; the log may simply have grown from the published one.

        Raises:
            InaccessibleError: a part of the log cannot be read.
        """
        sizes = f"{published.size} and {in_ledger.size} entries"
        detail = f"the published checkpoint and the ledger's differ: {sizes}"
        try:
            check_growth(published, in_ledger, self.published_log)
        except InaccessibleError:
            raise
        except AuditLogError as error:
            self._find(PUBLISHED, f"{detail}: {error}")
            return
        self._note_lag(detail)

    def _note_lag(self, detail: str) -> None:
        self.result.publication_lags = True
        detail += (
            ". The last publication did not end, or the earlier checkpoint was put back; the "
            "checkpoint function publishes the later one again each minute"
        )
        self.result.unproved.append(Finding(FindingKind.UNPROVED, PUBLISHED, detail))

    def _find(self, place: str, detail: str) -> None:
        self.result.findings.append(Finding(FindingKind.CHECKPOINT, place, detail))
