"""Checkpoints: the state of a log as it is published.

Source: C2SP tlog-checkpoint (https://c2sp.org/tlog-checkpoint).
"""

import re
from base64 import b64encode
from dataclasses import dataclass, field
from typing import Final

from prooftrail.errors import MalformedNoteError
from prooftrail.tlog.merkle import EMPTY_ROOT, HASH_LENGTH, MAX_SIZE
from prooftrail.tlog.note import Note, decode_base64

ORIGIN_PATTERN: Final = r"^[^\s+]{1,255}$"
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a log: its origin, its number of entries, and the root hash over them.

    `signed_ms` is the last time at which the log has said that this is its latest state, in
    milliseconds since 1970. It is None if that is not known. It is not part of the state.
    """

    origin: str
    size: int
    root: bytes
    signed_ms: int | None = field(default=None, compare=False)

    def __str__(self) -> str:
        """Return the text that the log signs.

        >>> print(Checkpoint("example.com/log", 0, EMPTY_ROOT))
        example.com/log
        0
        47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=
        <BLANKLINE>
        """
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"

    @classmethod
    def from_note(cls, note: Note) -> "Checkpoint":
        """Return the checkpoint in a note. Extension lines are not supported.

        Raises:
            MalformedNoteError: the note is not a checkpoint, or has extension lines.
        """
        lines = note.text[:-1].split("\n")
        if len(lines) != 3 or not lines[0]:
            raise MalformedNoteError(
                "the checkpoint must have three lines: origin, size, root hash"
            )
        origin, size, root = lines
        checkpoint = cls(origin, parse_number(size, "the size"), decode_base64(root, "the root"))
        if len(checkpoint.root) != HASH_LENGTH:
            raise MalformedNoteError(f"the root hash must have {HASH_LENGTH} bytes")
        if checkpoint.size == 0 and checkpoint.root != EMPTY_ROOT:
            raise MalformedNoteError(
                "the root hash of no entries must be the SHA-256 of an empty text"
            )
        return checkpoint


def parse_number(text: str, what: str) -> int:
    """Parse a size or an index: decimal, without leading zeros, below 2^63.

    Raises:
        MalformedNoteError: the text is not such a number. `what` begins the error's text.
    """
    if not _NUMBER.fullmatch(text) or int(text) >= MAX_SIZE:
        raise MalformedNoteError(
            f"{what} must be a decimal number without leading zeros, below 2^63"
        )
    return int(text)
