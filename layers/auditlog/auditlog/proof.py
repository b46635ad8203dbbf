"""An event's proof: that a published checkpoint covers it. Source: C2SP tlog-proof.

A proof is text; a bundle is the JSON of an event's canonical bytes and its proof, and needs
nothing else to be verified but the log's verifier key.
"""

import json
import re
from base64 import b64encode
from dataclasses import dataclass
from typing import Final

from auditlog.checkpoint import Checkpoint, parse_number
from auditlog.entry import entry_of
from auditlog.errors import (
    AuditLogError,
    InvalidProofError,
    MalformedNoteError,
    MalformedProofError,
)
from auditlog.identity import digest_of, make_id, parse_timestamp
from auditlog.merkle import HASH_LENGTH, leaf_hash, verify_inclusion
from auditlog.note import MAX_NOTE_LENGTH, Note, decode_base64

FIRST_LINE: Final = "c2sp.org/tlog-proof@v1"
BUNDLE_FORMAT: Final = "auditlog-bundle/v1"
MAX_BUNDLE_LENGTH: Final = 8_000_000
MAX_HASHES: Final = 63
_EXTRA: Final = "extra "
_INDEX: Final = "index "


@dataclass(frozen=True, slots=True)
class Proof:
    """That an entry stands at an index of the log that a checkpoint covers. Nothing is verified."""

    index: int
    hashes: tuple[bytes, ...]
    note: Note
    extra: bytes | None = None

    def __str__(self) -> str:
        """The proof as C2SP writes it.

        The extra data come first, if there are any; nothing of ours needs them.
        """
        lines = [FIRST_LINE]
        if self.extra is not None:
            lines.append(_EXTRA + b64encode(self.extra).decode())
        lines.append(f"{_INDEX}{self.index}")
        lines += [b64encode(one).decode() for one in self.hashes]
        return "\n".join([*lines, "", str(self.note)])

    @classmethod
    def from_text(cls, text: str) -> "Proof":
        """The proof in this text.

        Raises:
            MalformedProofError: it is none; the text says why.
        """
        if len(text) > MAX_NOTE_LENGTH:
            raise MalformedProofError(f"a proof has at most {MAX_NOTE_LENGTH} characters")
        head, blank, note = text.partition("\n\n")
        lines = head.split("\n")
        if not blank or lines[0] != FIRST_LINE:
            raise MalformedProofError(f"a proof begins with {FIRST_LINE}, and ends in a checkpoint")
        try:
            rest = lines[1:]
            extra = None
            if rest and rest[0].startswith(_EXTRA):
                extra = decode_base64(rest.pop(0).removeprefix(_EXTRA), "the extra data")
            if not rest or not rest[0].startswith(_INDEX):
                raise MalformedProofError("a proof's line after the first gives the index")
            index = parse_number(rest.pop(0).removeprefix(_INDEX), "the index")
            if len(rest) > MAX_HASHES:
                raise MalformedProofError(f"a proof has at most {MAX_HASHES} hashes")
            hashes = tuple(decode_base64(line, "a hash") for line in rest)
            if any(len(one) != HASH_LENGTH for one in hashes):
                raise MalformedProofError(f"a hash has {HASH_LENGTH} bytes")
            proof = cls(index, hashes, Note.from_text(note), extra)
            Checkpoint.of(proof.note)
        except MalformedNoteError as error:
            raise MalformedProofError(str(error)) from error
        return proof

    def check(self, entry: bytes) -> Checkpoint:
        """Check that the checkpoint covers the entry, and answer it; signatures are not looked at.

        Raises:
            InvalidProofError: it does not, by this proof.
        """
        checkpoint = Checkpoint.of(self.note)
        leaf = leaf_hash(entry)
        verify_inclusion(leaf, self.index, checkpoint.size, self.hashes, checkpoint.root)
        return checkpoint


@dataclass(frozen=True, slots=True)
class Bundle:
    """An event and its proof. Nothing is verified."""

    canonical: bytes
    proof: Proof

    def to_json(self) -> str:
        """The JSON text: the event's canonical bytes and the proof, both as they are."""
        content = {
            "format": BUNDLE_FORMAT,
            "id": self.event_id,
            "event": self.canonical.decode(),
            "proof": str(self.proof),
        }
        return json.dumps(content, ensure_ascii=False, separators=(",", ":"))

    @property
    def event_id(self) -> str:
        """The id that the event has by its content.

        Raises:
            MalformedProofError: the content has no time, so it is no event's.
        """
        try:
            event = json.loads(self.canonical)
            return make_id(parse_timestamp(event["timestamp"]), digest_of(self.canonical))
        except (
            AuditLogError,
            AttributeError,
            ValueError,
            KeyError,
            TypeError,
            RecursionError,
        ) as error:
            raise MalformedProofError("the bundle's event is none") from error

    @property
    def entry(self) -> bytes:
        """The log's entry of the event.

        Raises: as `event_id`.
        """
        return entry_of(self.event_id, digest_of(self.canonical))

    @classmethod
    def from_json(cls, text: str) -> "Bundle":
        """The bundle in this JSON.

        Raises:
            MalformedProofError: it is none; the text says why.
            InvalidProofError: the id is not that of the event.
        """
        if len(text) > MAX_BUNDLE_LENGTH:
            raise MalformedProofError(f"a bundle has at most {MAX_BUNDLE_LENGTH} characters")
        try:
            content = json.loads(text, object_pairs_hook=_once)
        except (ValueError, RecursionError) as error:
            raise MalformedProofError("a bundle is a JSON object, each key of it once") from error
        match content:
            case {"format": str() as form} if form != BUNDLE_FORMAT:
                raise MalformedProofError(f"a bundle of the format {form[:50]!r} is not known here")
            case {
                "format": str(),
                "id": str() as event_id,
                "event": str() as event,
                "proof": str() as proof,
            } if len(content) == 4 and _is_unicode(event):
                bundle = cls(event.encode(), Proof.from_text(proof))
            case _:
                raise MalformedProofError(
                    "a bundle has the texts format, id, event and proof, and nothing else"
                )
        if bundle.event_id != event_id:
            raise InvalidProofError(
                f"the bundle's event is not the one with the id {event_id[:26]!r}"
            )
        return bundle


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    content = dict(pairs)
    if len(content) != len(pairs):
        raise MalformedProofError("a bundle has each key once")
    return content


def _is_unicode(text: str) -> bool:
    return re.search("[\ud800-\udfff]", text) is None
