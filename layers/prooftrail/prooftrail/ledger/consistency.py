"""Proofs that the log of one checkpoint is the beginning of the log of another."""

from collections.abc import Sequence
from dataclasses import dataclass

from prooftrail.errors import CheckpointNotInLogError, InvalidQueryError, Problem
from prooftrail.ledger.ports import LogReader
from prooftrail.ledger.prove import read_latest_publication
from prooftrail.tlog.checkpoint import Checkpoint
from prooftrail.tlog.merkle import verify_consistency
from prooftrail.tlog.note import decode_base64
from prooftrail.tlog.tiles import TileReader, TreeReader


@dataclass(frozen=True, slots=True)
class LogState:
    """What a checkpoint says of a log: its number of entries, and the root hash over them."""

    size: int
    root: bytes

    @classmethod
    def from_text(cls, size: int, root: str) -> "LogState":
        """Return the state with this root hash, in base64 as checkpoints have it.

        Raises:
            MalformedNoteError: the root hash is not base64.
        """
        return cls(size, decode_base64(root, "the root hash"))


def prove_consistency(
    log: LogReader, tiles: TileReader, old: LogState, new: LogState
) -> Sequence[bytes]:
    """Return the hashes that prove that the log of `old` is the beginning of the log of `new`.

    The order is that of RFC 9162, 2.1.4.1. A caller has to know both root hashes: by proofs
    between any two sizes it could collect the hash of every entry.

    Raises:
        InvalidQueryError: the old log is larger.
        NotPublishedError: there is no checkpoint yet.
        CheckpointNotInLogError: the log never had one of the two states.
        TileMissingError, MalformedTileError, InvalidProofError, CorruptRecordError: what is
            published is damaged.
        StoreUnavailableError, StoreRejectedError: a part cannot be read now.
    """
    if old.size > new.size:
        problem = Problem("oldSize", "must be at most size", f"{old.size} and {new.size}")
        raise InvalidQueryError([problem])
    publication = read_latest_publication(log)
    latest = Checkpoint.from_note(publication.note)
    tree = TreeReader(tiles, publication.edge)
    for state in (old, new):
        _check_state(state, tree, latest)
    hashes = tree.make_consistency_proof(old.size, new.size)
    verify_consistency(old.size, old.root, new.size, new.root, hashes)
    return hashes


def _check_state(state: LogState, tree: TreeReader, latest: Checkpoint) -> None:
    """Check that the log had this state. What the tiles say must lead to the latest checkpoint."""
    if state.size > latest.size:
        raise CheckpointNotInLogError(f"the log has {latest.size} entries, not {state.size}")
    root = tree.read_edge(state.size).compute_root()
    hashes = tree.make_consistency_proof(state.size)
    verify_consistency(state.size, root, latest.size, latest.root, hashes)
    if root != state.root:
        raise CheckpointNotInLogError(
            f"the log of {state.size} entries does not have the given root hash"
        )
