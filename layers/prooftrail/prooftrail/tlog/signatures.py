"""Are a note's signatures those of the keys that one trusts? Needs `cryptography`.

Sources: C2SP signed-note, tlog-cosignature; RFC 8032; FIPS 204.
"""

from collections.abc import Sequence
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from prooftrail.errors import MalformedNoteError, UntrustedNoteError
from prooftrail.tlog.checkpoint import Checkpoint
from prooftrail.tlog.note import Note, Signature, SignatureType, VerifierKey

TIMESTAMP_LENGTH: Final = 8
_MAX_TIMESTAMP: Final = (1 << 63) - 1


def find_signers(note: Note, keys: Sequence[VerifierKey]) -> list[VerifierKey]:
    """Which of the keys have signed the note. Signatures of other keys are ignored.

    Raises:
        UntrustedNoteError: a signature says that it is of one of the keys, and is not.
    """
    found: list[VerifierKey] = []
    for key in keys:
        lines = [one for one in note.signatures if one.names_key(key)]
        for line in lines:
            check_signature(note.text, line, key)
        if lines:
            found.append(key)
    return found


def check_signature(text: str, signature: Signature, key: VerifierKey) -> None:
    """Check one signature of a note's text.

    Raises:
        UntrustedNoteError: it is not that of the key.
    """
    try:
        _check(text, signature.content, key)
    except (InvalidSignature, MalformedNoteError, ValueError) as error:
        raise UntrustedNoteError(f"the signature of {key.name} is wrong") from error
    except (ImportError, UnsupportedAlgorithm) as error:  # before cryptography 47; its OpenSSL
        raise UntrustedNoteError(f"this machine cannot verify what {key.name} signs") from error


def _check(text: str, content: bytes, key: VerifierKey) -> None:
    match key.type:
        case SignatureType.ED25519:
            Ed25519PublicKey.from_public_bytes(key.public_key).verify(content, text.encode())
        case SignatureType.ED25519_COSIGNATURE:
            seconds, signature = _timestamped(content)
            message = f"cosignature/v1\ntime {seconds}\n{text}".encode()
            Ed25519PublicKey.from_public_bytes(key.public_key).verify(signature, message)
        case SignatureType.ML_DSA_44_COSIGNATURE:
            from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

            seconds, signature = _timestamped(content)
            public_key = MLDSA44PublicKey.from_public_bytes(key.public_key)
            public_key.verify(signature, encode_ml_dsa_message(text, key.name, seconds))


def _timestamped(content: bytes) -> tuple[int, bytes]:
    seconds = int.from_bytes(content[:TIMESTAMP_LENGTH], "big")
    if len(content) <= TIMESTAMP_LENGTH or not 0 < seconds <= _MAX_TIMESTAMP:
        raise MalformedNoteError("a cosignature begins with its time")
    return seconds, content[TIMESTAMP_LENGTH:]


def encode_ml_dsa_message(text: str, cosigner: str, seconds: int) -> bytes:
    """What a witness signs with ML-DSA-44: the `cosigned_message` of C2SP tlog-cosignature."""
    checkpoint = Checkpoint.from_note(Note(text, ()))
    return b"".join(
        (
            b"subtree/v1\n\0",
            _short(cosigner.encode()),
            seconds.to_bytes(8, "big"),
            _short(checkpoint.origin.encode()),
            (0).to_bytes(8, "big"),
            checkpoint.size.to_bytes(8, "big"),
            checkpoint.root,
        )
    )


def _short(content: bytes) -> bytes:
    """A vector of 1 to 255 bytes of RFC 8446."""
    if not 1 <= len(content) <= 255:
        raise MalformedNoteError("a name has 1 to 255 bytes")
    return bytes([len(content)]) + content


def verify_checkpoint(note: Note, key: VerifierKey) -> Checkpoint:
    """The checkpoint of the log whose key this is.

    Raises:
        MalformedNoteError: the note is no checkpoint.
        UntrustedNoteError: it is another log's, or not signed by this key.
    """
    checkpoint = Checkpoint.from_note(note)
    if checkpoint.origin != key.name:
        raise UntrustedNoteError(f"the checkpoint is one of {checkpoint.origin}, not {key.name}")
    if not find_signers(note, [key]):
        raise UntrustedNoteError(f"the checkpoint is not signed by the given key of {key.name}")
    return checkpoint
