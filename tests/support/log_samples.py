"""Keys, checkpoints, cosignatures and damaged texts for the log's tests."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from hypothesis import strategies as st

from prooftrail.tlog.checkpoint import Checkpoint
from prooftrail.tlog.note import Note, Signature, SignatureType, VerifierKey

LOG_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
CHARACTERS = "\x00\t\n\r +-/=0Az_—é\u2028\ud800😀\"'\\{}[],:"


def make_verifier_key(
    name: str = "example.com/log", key: Ed25519PrivateKey = LOG_KEY
) -> VerifierKey:
    """Return the verifier key of a log's private key."""
    return VerifierKey(name, SignatureType.ED25519, key.public_key().public_bytes_raw())


def make_witness_key(name: str, key: Ed25519PrivateKey | MLDSA44PrivateKey) -> VerifierKey:
    """Return the verifier key of a witness's private key."""
    kind = (
        SignatureType.ED25519_COSIGNATURE
        if isinstance(key, Ed25519PrivateKey)
        else SignatureType.ML_DSA_44_COSIGNATURE
    )
    return VerifierKey(name, kind, key.public_key().public_bytes_raw())


def sign_checkpoint(checkpoint: Checkpoint, key: Ed25519PrivateKey = LOG_KEY) -> Note:
    """Return the checkpoint signed with the key, under the name of its origin."""
    text = str(checkpoint)
    key_id = make_verifier_key(checkpoint.origin, key).id
    return Note(text, (Signature(checkpoint.origin, key_id, key.sign(text.encode())),))


def make_cosignature(
    note: Note, name: str, private_key: Ed25519PrivateKey | MLDSA44PrivateKey, seconds: int
) -> Signature:
    """Return a witness's cosignature of the note. Source: C2SP tlog-cosignature."""
    time = seconds.to_bytes(8, "big")
    if isinstance(private_key, Ed25519PrivateKey):
        message = f"cosignature/v1\ntime {seconds}\n{note.text}".encode()
    else:
        checkpoint = Checkpoint.from_note(note)
        cosigner, origin = name.encode(), checkpoint.origin.encode()
        message = b"subtree/v1\n\0" + bytes([len(cosigner)]) + cosigner + time
        message += bytes([len(origin)]) + origin + bytes(8)
        message += checkpoint.size.to_bytes(8, "big") + checkpoint.root
    return Signature(name, make_witness_key(name, private_key).id, time + private_key.sign(message))


def flip_bit(content: bytes, bit: int) -> bytes:
    """Return the bytes with this bit inverted."""
    return bytes(byte ^ (1 << bit % 8) * (at == bit // 8) for at, byte in enumerate(content))


@st.composite
def damaged(draw: st.DrawFn, text: str) -> str:
    """Generate the text with one character or line changed, or cut short; never unchanged."""
    at = draw(st.integers(0, len(text) - 1))
    character = draw(st.sampled_from(CHARACTERS) | st.characters())
    line = draw(st.sampled_from(text.splitlines(keepends=True)))
    return draw(
        st.sampled_from(
            [
                text[:at] + text[at + 1 :],
                text[:at] + character + text[at:],
                text[:at] + character + text[at + 1 :],
                text[:at],
                text[:at] + text[at].swapcase() + text[at + 1 :],
                text.replace(line, line + line, 1),
            ]
        ).filter(lambda changed: changed != text)
    )
