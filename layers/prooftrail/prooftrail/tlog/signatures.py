"""Verification of a note's signatures. It needs the package `cryptography`.

Sources: C2SP signed-note (https://c2sp.org/signed-note) and tlog-cosignature
(https://c2sp.org/tlog-cosignature); RFC 8032; FIPS 204.
"""

from collections.abc import Sequence
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from prooftrail.errors import MalformedNoteError, UntrustedNoteError
from prooftrail.tlog.checkpoint import Checkpoint
from prooftrail.tlog.note import (
    TIMESTAMP_LENGTH,
    Note,
    Signature,
    SignatureType,
    VerifierKey,
)

_MAX_TIMESTAMP: Final = (1 << 63) - 1
MAX_SECONDS: Final = 253_402_300_799  # the last second of the year 9999


def find_signers(note: Note, keys: Sequence[VerifierKey]) -> list[VerifierKey]:
    """Return the keys that have signed the note. Signatures of other keys are ignored.

    Raises:
        UntrustedNoteError: a signature names one of the keys, but is not valid.
    """
    found: list[VerifierKey] = []
    for key in keys:
        lines = [line for line in note.signatures if line.names_key(key)]
        for line in lines:
            check_signature(note.text, line, key)
        if lines:
            found.append(key)
    return found


def check_signature(text: str, signature: Signature, key: VerifierKey) -> None:
    """Verify one signature of a note's text.

    Raises:
        UntrustedNoteError: the signature is not valid, or this machine cannot verify it.
    """
    try:
        _verify(text, signature.content, key)
    except (InvalidSignature, MalformedNoteError, ValueError) as error:
        raise UntrustedNoteError(f"the signature of {key.name} is not valid") from error
    except (ImportError, UnsupportedAlgorithm) as error:  # cryptography below 47, or its OpenSSL
        raise UntrustedNoteError(
            f"this machine cannot verify the signature of {key.name}: it needs cryptography 47"
        ) from error


def _verify(text: str, content: bytes, key: VerifierKey) -> None:
    match key.type:
        case SignatureType.ED25519:
            Ed25519PublicKey.from_public_bytes(key.public_key).verify(content, text.encode())
        case SignatureType.ED25519_COSIGNATURE:
            seconds, signature = _split_cosignature(content)
            message = encode_cosigned_message(text, seconds)
            Ed25519PublicKey.from_public_bytes(key.public_key).verify(signature, message)
        case SignatureType.ML_DSA_44_COSIGNATURE:
            from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

            seconds, signature = _split_cosignature(content)
            public_key = MLDSA44PublicKey.from_public_bytes(key.public_key)
            public_key.verify(signature, encode_ml_dsa_message(text, key.name, seconds))


def _split_cosignature(content: bytes) -> tuple[int, bytes]:
    seconds = int.from_bytes(content[:TIMESTAMP_LENGTH], "big")
    if len(content) <= TIMESTAMP_LENGTH or not 0 < seconds <= _MAX_TIMESTAMP:
        raise MalformedNoteError("a cosignature must begin with its time")
    return seconds, content[TIMESTAMP_LENGTH:]


def read_cosigning_time(signature: Signature) -> int:
    """Return the time in a cosignature, in seconds since 1970.

    Raises:
        MalformedNoteError: it does not begin with a time.
    """
    return _split_cosignature(signature.content)[0]


def encode_cosigned_message(text: str, seconds: int) -> bytes:
    """Return what is signed with Ed25519 to cosign a checkpoint's text at a time."""
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def encode_timestamped_signature(seconds: int, signature: bytes) -> bytes:
    """Return the content of a cosignature: its time and the signature."""
    return seconds.to_bytes(TIMESTAMP_LENGTH, "big") + signature


def encode_ml_dsa_message(text: str, cosigner: str, seconds: int) -> bytes:
    """Return what a witness signs with ML-DSA-44: the `cosigned_message` of tlog-cosignature."""
    checkpoint = Checkpoint.from_note(Note(text, ()))
    return b"".join(
        (
            b"subtree/v1\n\0",
            _encode_short_vector(cosigner.encode()),
            seconds.to_bytes(8, "big"),
            _encode_short_vector(checkpoint.origin.encode()),
            (0).to_bytes(8, "big"),
            checkpoint.size.to_bytes(8, "big"),
            checkpoint.root,
        )
    )


def _encode_short_vector(content: bytes) -> bytes:
    """Return a vector of 1 to 255 bytes, as RFC 8446 writes it."""
    if not 1 <= len(content) <= 255:
        raise MalformedNoteError("a name must have 1 to 255 bytes")
    return bytes([len(content)]) + content


def find_signing_time(note: Note, key: VerifierKey) -> int | None:
    """Return when the log with this key last said that the checkpoint is its latest, in ms.

    The log says so with a cosignature of its own. Checkpoints of version 0.2 have no such
    cosignature; then return None.

    Raises:
        UntrustedNoteError: such a cosignature is not valid.
    """
    times: list[int] = []
    for line in note.signatures:
        if line.names_key(key.cosigner):
            check_signature(note.text, line, key.cosigner)
            times.append(read_cosigning_time(line))
    latest = max(times, default=None)
    if latest is not None and latest > MAX_SECONDS:
        raise UntrustedNoteError(f"the cosignature of {key.name} is from after the year 9999")
    return None if latest is None else latest * 1000


def verify_checkpoint(note: Note, key: VerifierKey) -> Checkpoint:
    """Return the checkpoint in a note that the log with this key has signed.

    Raises:
        MalformedNoteError: the note is not a checkpoint.
        UntrustedNoteError: the checkpoint is another log's, or not signed by this key.
    """
    checkpoint = Checkpoint.from_note(note)
    if checkpoint.origin != key.name:
        raise UntrustedNoteError(f"the checkpoint is one of {checkpoint.origin}, not of {key.name}")
    if not find_signers(note, [key]):
        raise UntrustedNoteError(f"the checkpoint is not signed by the given key of {key.name}")
    return checkpoint
