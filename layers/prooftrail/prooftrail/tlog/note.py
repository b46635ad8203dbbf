"""Signed notes, and the keys that they are verified with.

Sources: C2SP signed-note, tlog-cosignature (https://c2sp.org). Three kinds of signature are known:
a log's Ed25519, and a witness's timestamped Ed25519 and ML-DSA-44.
"""

import binascii
import re
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256
from typing import Final

from prooftrail.errors import MalformedNoteError

MAX_NOTE_LENGTH: Final = 200_000
MAX_SIGNATURES: Final = 64
KEY_ID_LENGTH: Final = 4
_SIGNATURE_START: Final = "\u2014 "
_FORBIDDEN: Final = re.compile(r"[\x00-\x09\x0b-\x1f\ud800-\udfff]")
_KEY_NAME: Final = re.compile(r"[^\s+]+")


class SignatureType(IntEnum):
    """The kinds of signature that are understood; the values are C2SP's."""

    ED25519 = 0x01
    ED25519_COSIGNATURE = 0x04
    ML_DSA_44_COSIGNATURE = 0x06


_KEY_LENGTHS: Final = {
    SignatureType.ED25519: 32,
    SignatureType.ED25519_COSIGNATURE: 32,
    SignatureType.ML_DSA_44_COSIGNATURE: 1312,
}


def decode_base64(text: str, what: str) -> bytes:
    """The bytes of standard, padded base 64, in its one spelling.

    Raises:
        MalformedNoteError: it is none.
    """
    try:
        content = b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedNoteError(f"{what} is not base 64") from error
    if b64encode(content).decode() != text:
        raise MalformedNoteError(f"{what} is not base 64 as it must be written")
    return content


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with the name that it signs under."""

    name: str
    type: SignatureType
    public_key: bytes

    @property
    def id(self) -> bytes:
        """The key id in signature lines: 4 bytes."""
        named = self.name.encode() + b"\n" + bytes([self.type]) + self.public_key
        return sha256(named).digest()[:KEY_ID_LENGTH]

    @property
    def is_witness(self) -> bool:
        """Whether it cosigns, with a timestamp."""
        return self.type is not SignatureType.ED25519

    def __str__(self) -> str:
        """The key as C2SP writes it: `<name>+<id in hex>+<type and key in base 64>`."""
        content = bytes([self.type]) + self.public_key
        return f"{self.name}+{self.id.hex()}+{b64encode(content).decode()}"

    @classmethod
    def from_text(cls, text: str) -> "VerifierKey":
        """The key in this text.

        Raises:
            MalformedNoteError: it is no verifier key, of a kind not understood, or its id is wrong.

        >>> key = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
        >>> str(VerifierKey.from_text(key)) == key
        True
        """
        name, _, rest = text.partition("+")
        key_id, _, encoded = rest.partition("+")
        if not _is_key_name(name) or not re.fullmatch(r"[0-9a-f]{8}", key_id, re.ASCII):
            raise MalformedNoteError("a verifier key is written <name>+<id>+<key>")
        content = decode_base64(encoded, "the verifier key")
        kind = content[0] if content else -1
        if kind not in _KEY_LENGTHS:
            raise MalformedNoteError(f"the verifier key of {name} is of a kind not known here")
        key = cls(name, SignatureType(kind), content[1:])
        if len(key.public_key) != _KEY_LENGTHS[key.type]:
            raise MalformedNoteError(f"the verifier key of {name} has a wrong length")
        if key.id.hex() != key_id:
            raise MalformedNoteError(f"the verifier key of {name} has a wrong id")
        return key


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature line: whose it says it is, and the signature's bytes."""

    name: str
    key_id: bytes
    content: bytes

    def __str__(self) -> str:
        """The line, without its newline."""
        return f"{_SIGNATURE_START}{self.name} {b64encode(self.key_id + self.content).decode()}"

    @classmethod
    def from_text(cls, line: str) -> "Signature":
        """The signature in a line.

        Raises:
            MalformedNoteError: it is no signature line.
        """
        name, space, encoded = line.removeprefix(_SIGNATURE_START).partition(" ")
        if not line.startswith(_SIGNATURE_START) or not space or not _is_key_name(name):
            raise MalformedNoteError("a signature line is written — <name> <signature>")
        content = decode_base64(encoded, f"the signature of {name[:100]}")
        if len(content) <= KEY_ID_LENGTH:
            raise MalformedNoteError(f"the signature of {name[:100]} is too short")
        return cls(name, content[:KEY_ID_LENGTH], content[KEY_ID_LENGTH:])

    def names_key(self, key: VerifierKey) -> bool:
        """Whether the line says that it is of this key."""
        return (self.name, self.key_id) == (key.name, key.id)


@dataclass(frozen=True, slots=True)
class Note:
    """A text and its signatures, none of which is verified. The text ends in a newline."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        """The note as it is signed, sent and stored."""
        return self.text + "\n" + "".join(f"{one}\n" for one in self.signatures)

    @classmethod
    def from_text(cls, content: str) -> "Note":
        """The note in this text.

        Raises:
            MalformedNoteError: it is none; the text says why.
        """
        if len(content) > MAX_NOTE_LENGTH:
            raise MalformedNoteError(f"a note has at most {MAX_NOTE_LENGTH} characters")
        if _FORBIDDEN.search(content):
            raise MalformedNoteError(
                "a note holds no control characters but newlines, and is Unicode"
            )
        text, blank, lines = content.rpartition("\n\n")
        if not blank or not lines.endswith("\n"):
            raise MalformedNoteError("a note is a text, an empty line and signature lines")
        signatures = lines[:-1].split("\n")
        if len(signatures) > MAX_SIGNATURES:
            raise MalformedNoteError(f"a note has at most {MAX_SIGNATURES} signatures")
        return cls(text + "\n", tuple(Signature.from_text(line) for line in signatures))

    def with_signatures(self, more: Sequence[Signature]) -> "Note":
        """The note with these signatures too, each name and key id once: a later one wins."""
        kept = {(one.name, one.key_id): one for one in (*self.signatures, *more)}
        return Note(self.text, tuple(kept.values()))


def _is_key_name(name: str) -> bool:
    return _KEY_NAME.fullmatch(name) is not None and not _FORBIDDEN.search(name)
