"""The log's state as it is published. Source: C2SP tlog-checkpoint."""

import re
from base64 import b64encode
from dataclasses import dataclass
from typing import Final

from prooftrail.errors import MalformedNoteError
from prooftrail.tlog.merkle import EMPTY_ROOT, HASH_LENGTH, MAX_SIZE
from prooftrail.tlog.note import Note, decode_base64

ORIGIN_PATTERN: Final = r"^[^\s+]{1,255}$"
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Which log, how many entries it has, and the root hash over them."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        """The text that is signed.

        >>> print(Checkpoint("example.com/log", 0, EMPTY_ROOT))
        example.com/log
        0
        47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=
        <BLANKLINE>
        """
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"

    @classmethod
    def from_note(cls, note: Note) -> "Checkpoint":
        """The checkpoint that a note is; extension lines are not understood here.

        Raises:
            MalformedNoteError: it is none.
        """
        lines = note.text[:-1].split("\n")
        if len(lines) != 3 or not lines[0]:
            raise MalformedNoteError("a checkpoint has three lines: origin, size, root hash")
        origin, size, root = lines
        checkpoint = cls(origin, parse_number(size, "the size"), decode_base64(root, "the root"))
        if len(checkpoint.root) != HASH_LENGTH:
            raise MalformedNoteError(f"the root hash has {HASH_LENGTH} bytes")
        if checkpoint.size == 0 and checkpoint.root != EMPTY_ROOT:
            raise MalformedNoteError("the root hash of no entries is that of an empty text")
        return checkpoint


def parse_number(text: str, what: str) -> int:
    """A size or an index: decimal, without leading zeros, below 2^63.

    Raises:
        MalformedNoteError: it is none.
    """
    if not _NUMBER.fullmatch(text) or int(text) >= MAX_SIZE:
        raise MalformedNoteError(f"{what} must be a decimal number without leading zeros")
    return int(text)
