"""Proofs that a published checkpoint covers an entry.

Source: C2SP tlog-proof (https://c2sp.org/tlog-proof).
"""

from base64 import b64encode
from dataclasses import dataclass
from typing import Final

from prooftrail.errors import MalformedNoteError, MalformedProofError
from prooftrail.tlog.checkpoint import Checkpoint, parse_number
from prooftrail.tlog.merkle import HASH_LENGTH, hash_leaf, verify_inclusion
from prooftrail.tlog.note import MAX_NOTE_LENGTH, Note, decode_base64

FIRST_LINE: Final = "c2sp.org/tlog-proof@v1"
MAX_HASHES: Final = 63
_EXTRA: Final = "extra "
_INDEX: Final = "index "


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof that a checkpoint's log has an entry at an index. Nothing in it is verified.

    `extra` is application data that C2SP allows in a proof. This project writes none.
    """

    index: int
    hashes: tuple[bytes, ...]
    note: Note
    extra: bytes | None = None

    def __str__(self) -> str:
        """Return the proof as C2SP writes it."""
        lines = [FIRST_LINE]
        if self.extra is not None:
            lines.append(_EXTRA + b64encode(self.extra).decode())
        lines.append(f"{_INDEX}{self.index}")
        lines += [b64encode(node).decode() for node in self.hashes]
        return "\n".join([*lines, "", str(self.note)])

    @classmethod
    def from_text(cls, text: str) -> "Proof":
        """Parse a proof.

        Raises:
            MalformedProofError: the text is not a proof.
        """
        if len(text) > MAX_NOTE_LENGTH:
            raise MalformedProofError(f"a proof must have at most {MAX_NOTE_LENGTH} characters")
        head, blank, note = text.partition("\n\n")
        lines = head.split("\n")
        if not blank or lines[0] != FIRST_LINE:
            raise MalformedProofError(
                f"a proof must begin with {FIRST_LINE} and end in a checkpoint"
            )
        try:
            rest = lines[1:]
            extra = None
            if rest and rest[0].startswith(_EXTRA):
                extra = decode_base64(rest.pop(0).removeprefix(_EXTRA), "the extra data")
            if not rest or not rest[0].startswith(_INDEX):
                raise MalformedProofError("a proof must have an index line before its hashes")
            index = parse_number(rest.pop(0).removeprefix(_INDEX), "the index")
            if len(rest) > MAX_HASHES:
                raise MalformedProofError(f"a proof must have at most {MAX_HASHES} hashes")
            hashes = tuple(decode_base64(line, "a hash") for line in rest)
            if any(len(node) != HASH_LENGTH for node in hashes):
                raise MalformedProofError(f"a hash must have {HASH_LENGTH} bytes")
            proof = cls(index, hashes, Note.from_text(note), extra)
            Checkpoint.from_note(proof.note)
        except MalformedNoteError as error:
            raise MalformedProofError(str(error)) from error
        return proof

    def check(self, entry: bytes) -> Checkpoint:
        """Verify that the checkpoint covers the entry, and return the checkpoint.

        No signature is verified: see `Policy.check`.

        Raises:
            InvalidProofError: the proof does not prove that.
        """
        checkpoint = Checkpoint.from_note(self.note)
        leaf = hash_leaf(entry)
        verify_inclusion(leaf, self.index, checkpoint.size, self.hashes, checkpoint.root)
        return checkpoint
