"""Signed notes, and the keys that verify them.

Sources: C2SP signed-note (https://c2sp.org/signed-note) and tlog-cosignature
(https://c2sp.org/tlog-cosignature). Three types of signature are supported: Ed25519 of a log, and
timestamped Ed25519 and ML-DSA-44 of a witness. A log can cosign too, with its own Ed25519 key.
"""

import binascii
import re
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from hashlib import sha256
from typing import Final

from prooftrail.errors import MalformedNoteError

MAX_NOTE_LENGTH: Final = 200_000
MAX_SIGNATURES: Final = 64
KEY_ID_LENGTH: Final = 4
TIMESTAMP_LENGTH: Final = 8
_SIGNATURE_START: Final = "\u2014 "
_FORBIDDEN: Final = re.compile(r"[\x00-\x09\x0b-\x1f\ud800-\udfff]")
_KEY_NAME: Final = re.compile(r"[^\s+]+")


class SignatureType(IntEnum):
    """The supported types of signature. The values are those of C2SP."""

    ED25519 = 0x01
    ED25519_COSIGNATURE = 0x04
    ML_DSA_44_COSIGNATURE = 0x06


_KEY_LENGTHS: Final = {
    SignatureType.ED25519: 32,
    SignatureType.ED25519_COSIGNATURE: 32,
    SignatureType.ML_DSA_44_COSIGNATURE: 1312,
}


def decode_base64(text: str, what: str) -> bytes:
    """Decode standard base64 with padding, written in its only canonical form.

    Raises:
        MalformedNoteError: the text is not such base64. `what` begins the error's text.
    """
    try:
        content = b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedNoteError(f"{what} is not base64") from error
    if b64encode(content).decode() != text:
        raise MalformedNoteError(f"{what} is not base64 in its canonical form")
    return content


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key, and the name under which it signs."""

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
        """Whether the key is that of a witness, which cosigns with a timestamp."""
        return self.type is not SignatureType.ED25519

    @property
    def cosigner(self) -> "VerifierKey":
        """The key under which a log cosigns its own checkpoints: same name, same public key."""
        return replace(self, type=SignatureType.ED25519_COSIGNATURE)

    def __str__(self) -> str:
        """Return the key as C2SP writes it: `<name>+<id in hex>+<type and key in base64>`."""
        content = bytes([self.type]) + self.public_key
        return f"{self.name}+{self.id.hex()}+{b64encode(content).decode()}"

    @classmethod
    def from_text(cls, text: str) -> "VerifierKey":
        """Parse a verifier key.

        Raises:
            MalformedNoteError: the text is not a verifier key, its type is not supported, or its id
                does not match.

        >>> key = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
        >>> str(VerifierKey.from_text(key)) == key
        True
        """
        name, _, rest = text.partition("+")
        key_id, _, encoded = rest.partition("+")
        if not _is_key_name(name) or not re.fullmatch(r"[0-9a-f]{8}", key_id, re.ASCII):
            raise MalformedNoteError("a verifier key must have the form <name>+<id>+<key>")
        content = decode_base64(encoded, "the verifier key")
        kind = content[0] if content else -1
        if kind not in _KEY_LENGTHS:
            raise MalformedNoteError(f"the verifier key of {name} has a type that is not supported")
        key = cls(name, SignatureType(kind), content[1:])
        if len(key.public_key) != _KEY_LENGTHS[key.type]:
            raise MalformedNoteError(f"the verifier key of {name} has a wrong length")
        if key.id.hex() != key_id:
            raise MalformedNoteError(f"the verifier key of {name} has a wrong id")
        return key


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature line: the name and id of the key that it names, and the signature's bytes."""

    name: str
    key_id: bytes
    content: bytes

    @property
    def claimed_ms(self) -> int:
        """The time that a cosignature claims, in milliseconds since 1970; not verified."""
        return int.from_bytes(self.content[:TIMESTAMP_LENGTH], "big") * 1000

    def __str__(self) -> str:
        """Return the line, without its newline."""
        return f"{_SIGNATURE_START}{self.name} {b64encode(self.key_id + self.content).decode()}"

    @classmethod
    def from_text(cls, line: str) -> "Signature":
        """Parse a signature line.

        Raises:
            MalformedNoteError: the text is not a signature line.
        """
        name, space, encoded = line.removeprefix(_SIGNATURE_START).partition(" ")
        if not line.startswith(_SIGNATURE_START) or not space or not _is_key_name(name):
            raise MalformedNoteError("a signature line must have the form — <name> <signature>")
        content = decode_base64(encoded, f"the signature of {name[:100]}")
        if len(content) <= KEY_ID_LENGTH:
            raise MalformedNoteError(f"the signature of {name[:100]} is too short")
        return cls(name, content[:KEY_ID_LENGTH], content[KEY_ID_LENGTH:])

    def names_key(self, key: VerifierKey) -> bool:
        """Return whether the line names this key. The signature itself is not verified."""
        return (self.name, self.key_id) == (key.name, key.id)


@dataclass(frozen=True, slots=True)
class Note:
    """A text and its signatures. The text ends in a newline; no signature is verified."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        """Return the note as it is sent and stored."""
        return self.text + "\n" + "".join(f"{line}\n" for line in self.signatures)

    @classmethod
    def from_text(cls, content: str) -> "Note":
        """Parse a note.

        Raises:
            MalformedNoteError: the text is not a note.
        """
        if len(content) > MAX_NOTE_LENGTH:
            raise MalformedNoteError(f"a note must have at most {MAX_NOTE_LENGTH} characters")
        if _FORBIDDEN.search(content):
            raise MalformedNoteError(
                "a note must not have control characters except newlines, or lone surrogates"
            )
        text, blank, lines = content.rpartition("\n\n")
        if not blank or not lines.endswith("\n"):
            raise MalformedNoteError("a note must have a text, an empty line and signature lines")
        signatures = lines[:-1].split("\n")
        if len(signatures) > MAX_SIGNATURES:
            raise MalformedNoteError(f"a note must have at most {MAX_SIGNATURES} signatures")
        return cls(text + "\n", tuple(Signature.from_text(line) for line in signatures))

    def with_signatures(self, more: Sequence[Signature]) -> "Note":
        """Return the note with more signatures. A later one replaces an equal name and key id."""
        kept = {(line.name, line.key_id): line for line in (*self.signatures, *more)}
        return Note(self.text, tuple(kept.values()))


def _is_key_name(name: str) -> bool:
    return _KEY_NAME.fullmatch(name) is not None and not _FORBIDDEN.search(name)
