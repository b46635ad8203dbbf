"""Verify the published log alone: that it only grows, and that its tiles fit its checkpoint."""

from collections.abc import Iterator, Sequence
from typing import Final

from prooftrail.errors import InvalidProofError, MalformedTileError, UnprovedError
from prooftrail.ledger.entry import parse_entry
from prooftrail.progress import NoProgress, Progress
from prooftrail.tlog.checkpoint import Checkpoint
from prooftrail.tlog.merkle import verify_consistency
from prooftrail.tlog.note import Note
from prooftrail.tlog.policy import Policy
from prooftrail.tlog.tiles import TileReader, TreeReader
from prooftrail.verify.findings import PUBLISHED, Finding, FindingKind
from prooftrail.verify.ports import PublishedLogReader
from prooftrail.verify.result import TrailResult
from prooftrail.verify.tree import Chunk, TreeCheck

NO_CHECKPOINT: Final = (
    "there is no checkpoint: nothing is published there yet, it is not the place of a log, or the "
    "checkpoint was removed"
)


def verify_append_only(old: Note, new: Note, tiles: TileReader, policy: Policy) -> Checkpoint:
    """Check that the log still begins with what an earlier checkpoint covered.

    Return the later checkpoint. Of the earlier one only the log's signature is required.

    Raises:
        MalformedNoteError, UntrustedNoteError: see `Policy.check`.
        InvalidProofError: the later checkpoint contradicts the earlier.
        TileMissingError, MalformedTileError: a part of the log that shows it is damaged.
    """
    later = policy.check(new)
    check_growth(check_log_signature(old, policy), later, tiles)
    return later


def check_log_signature(note: Note, policy: Policy) -> Checkpoint:
    """Return the checkpoint in a note, if the log has signed it; ask for no witness.

    Raises:
        MalformedNoteError, UntrustedNoteError: see `Policy.check`.
    """
    return Policy(policy.logs, {}, {}).check(note)


def check_growth(earlier: Checkpoint, later: Checkpoint, tiles: TileReader) -> None:
    """Check that the earlier tree is the beginning of the later one.

    Raises:
        InvalidProofError: it is not.
        TileMissingError, MalformedTileError: a part of the log that shows it is damaged.
    """
    if earlier.origin != later.origin:
        raise InvalidProofError(f"{earlier.origin} and {later.origin} are two different logs")
    if earlier.size > later.size:
        raise InvalidProofError(f"the log shrank from {earlier.size} entries to {later.size}")
    proof: Sequence[bytes] = ()
    if earlier.size < later.size:
        proof = TreeReader.from_tiles(tiles, later.size).make_consistency_proof(earlier.size)
    verify_consistency(earlier.size, earlier.root, later.size, later.root, proof)


def verify_log(
    published_log: PublishedLogReader, policy: Policy, progress: Progress | None = None
) -> TrailResult:
    """Check that the entries and tiles of the published log are those of its checkpoint.

    Raises:
        UnprovedError: there is no checkpoint.
        MalformedNoteError, UntrustedNoteError: the checkpoint is not trusted.
        InaccessibleError: the log cannot be read.
    """
    published = published_log.read_checkpoint()
    if published is None:
        raise UnprovedError(NO_CHECKPOINT)
    checkpoint = policy.check(Note.from_text(published.text))
    shown = progress or NoProgress()
    shown.step("log", checkpoint.size)
    result = TrailResult(checkpoint, entries=checkpoint.size)
    check = TreeCheck(published_log, checkpoint.size, result.findings)
    for chunk in check.read_chunks():
        result.findings += _compare_hashes(chunk)
        shown.advance(chunk.width)
    if check.edge is None or check.edge.compute_root() != checkpoint.root:
        detail = "its entries do not lead to the checkpoint's root"
        result.findings.append(Finding(FindingKind.CHECKPOINT, PUBLISHED, detail))
    return result


def _compare_hashes(chunk: Chunk) -> Iterator[Finding]:
    """Yield the entries of a chunk that differ from their hashes in the tile."""
    if chunk.entries is None or chunk.hashes is None or chunk.leaves == chunk.hashes:
        return
    for position, (entry, leaf, stored) in enumerate(
        zip(chunk.entries, chunk.leaves or (), chunk.hashes, strict=True), chunk.start
    ):
        if leaf != stored:
            detail = "the hash in the tile is not the hash of the entry"
            yield Finding(
                FindingKind.TILE, chunk.tile.path, detail, _parse_event_id(entry), position
            )


def _parse_event_id(entry: bytes) -> str | None:
    try:
        return parse_entry(entry).id
    except MalformedTileError:
        return None
