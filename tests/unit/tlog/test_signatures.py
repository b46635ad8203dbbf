"""Signatures and cosignatures against the texts of C2SP signed-note and tlog-cosignature."""

import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import mldsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from prooftrail.errors import AuditLogError, MalformedNoteError, UntrustedNoteError
from prooftrail.tlog.checkpoint import Checkpoint
from prooftrail.tlog.note import Note, Signature, VerifierKey
from prooftrail.tlog.signatures import (
    check_signature,
    encode_ml_dsa_message,
    find_signers,
    verify_checkpoint,
)
from tests.support.log_samples import (
    LOG_KEY,
    flip_bit,
    make_cosignature,
    make_verifier_key,
    make_witness_key,
    sign_checkpoint,
)

OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
ML_DSA_KEY = mldsa.MLDSA44PrivateKey.from_seed_bytes(bytes(range(32)))
CHECKPOINT = Checkpoint("example.com/log", 5, bytes(range(32)))
NOTE = sign_checkpoint(CHECKPOINT)
LOG = make_verifier_key()
WITNESS = "witness.example/w"
SECONDS = 1_764_000_000
WITNESSES = [pytest.param(OTHER_KEY, id="ed25519"), pytest.param(ML_DSA_KEY, id="ml-dsa-44")]
PrivateKey = Ed25519PrivateKey | mldsa.MLDSA44PrivateKey


def is_valid(note: Note, key: VerifierKey) -> bool:
    """Whether the note is a checkpoint of this key's log."""
    try:
        verify_checkpoint(note, key)
    except AuditLogError:
        return False
    return True


def flips(content: bytes) -> Iterator[bytes]:
    return (flip_bit(content, bit) for bit in range(8 * len(content)))


def cosigned_note(key: PrivateKey, seconds: int = SECONDS, name: str = WITNESS) -> Note:
    return NOTE.with_signatures([make_cosignature(NOTE, name, key, seconds)])


def test_the_specifications_key_verifies_its_note() -> None:
    key = VerifierKey.from_text(
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
    )
    note = Note.from_text(
        "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXpp"
        "zi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
    )
    assert find_signers(note, [key]) == [key]
    with pytest.raises(UntrustedNoteError, match=r"signature of example\.com/foo is not valid$"):
        find_signers(replace(note, text="This is an example message\n"), [key])


def test_the_checkpoint_of_a_log_is_accepted() -> None:
    note = Note.from_text(str(NOTE))
    assert find_signers(note, [LOG]) == [LOG]
    assert verify_checkpoint(note, LOG) == CHECKPOINT
    assert is_valid(note, LOG)


def test_every_bit_of_a_signature_counts() -> None:
    [signature] = NOTE.signatures
    for content in flips(signature.content):
        note = replace(NOTE, signatures=(replace(signature, content=content),))
        with pytest.raises(UntrustedNoteError):
            find_signers(note, [LOG])
        assert not is_valid(note, LOG)


def test_every_bit_of_a_key_id_counts() -> None:
    [signature] = NOTE.signatures
    for key_id in flips(signature.key_id):
        note = replace(NOTE, signatures=(replace(signature, key_id=key_id),))
        assert find_signers(note, [LOG]) == []
        assert not is_valid(note, LOG)


def test_every_bit_of_the_text_counts() -> None:
    for content in flips(NOTE.text.encode()):
        note = replace(NOTE, text=content.decode(errors="surrogateescape"))
        with pytest.raises(UntrustedNoteError):
            find_signers(note, [LOG])
        assert not is_valid(note, LOG)


def test_every_bit_of_the_public_key_counts() -> None:
    [signature] = NOTE.signatures
    for public_key in flips(LOG.public_key):
        other = replace(LOG, public_key=public_key)
        assert find_signers(NOTE, [other]) == []
        with pytest.raises(UntrustedNoteError):
            check_signature(NOTE.text, signature, other)
        renamed = replace(signature, key_id=other.id)
        with pytest.raises(UntrustedNoteError):
            find_signers(replace(NOTE, signatures=(renamed,)), [other])


@pytest.mark.parametrize("content", [b"", b"x", bytes(63), bytes(64), bytes(65), bytes(2428)])
def test_signatures_of_another_length_are_wrong(content: bytes) -> None:
    for key in (LOG, make_witness_key(WITNESS, OTHER_KEY), make_witness_key(WITNESS, ML_DSA_KEY)):
        with pytest.raises(UntrustedNoteError):
            check_signature(NOTE.text, Signature(key.name, key.id, content), key)


def test_public_keys_of_another_length_verify_nothing() -> None:
    for key in (LOG, make_witness_key(WITNESS, OTHER_KEY), make_witness_key(WITNESS, ML_DSA_KEY)):
        short = replace(key, public_key=key.public_key[:-1])
        content = SECONDS.to_bytes(8, "big") + bytes(2420)
        with pytest.raises(UntrustedNoteError):
            check_signature(NOTE.text, Signature(key.name, key.id, content), short)


def test_keys_that_are_not_asked_for_are_ignored() -> None:
    other = make_verifier_key("example.com/other", OTHER_KEY)
    same_name = make_verifier_key(LOG.name, OTHER_KEY)
    assert other.id != LOG.id != same_name.id
    assert find_signers(NOTE, [other, same_name]) == []
    assert find_signers(NOTE, [other, LOG, same_name]) == [LOG]
    for key in (other, same_name):
        with pytest.raises(UntrustedNoteError):
            verify_checkpoint(NOTE, key)


def test_signatures_of_unknown_keys_may_be_anything() -> None:
    strangers = [
        Signature("stranger.example", b"0000", b"junk"),
        Signature("stranger.example", LOG.id, b"junk"),
        Signature(LOG.name, b"0000", b"junk"),
    ]
    for signatures in ([*strangers, *NOTE.signatures], [*NOTE.signatures, *strangers]):
        note = Note.from_text(str(replace(NOTE, signatures=tuple(signatures))))
        assert find_signers(note, [LOG]) == [LOG]
        assert verify_checkpoint(note, LOG) == CHECKPOINT
    assert find_signers(replace(NOTE, signatures=tuple(strangers)), [LOG]) == []


def test_one_wrong_signature_of_a_known_key_spoils_the_note() -> None:
    wrong = Signature(LOG.name, LOG.id, bytes(64))
    for signatures in ((*NOTE.signatures, wrong), (wrong, *NOTE.signatures)):
        with pytest.raises(UntrustedNoteError):
            find_signers(replace(NOTE, signatures=signatures), [LOG])


def test_a_repeated_signature_is_one() -> None:
    assert find_signers(replace(NOTE, signatures=NOTE.signatures * 2), [LOG]) == [LOG]


def test_a_checkpoint_belongs_to_the_log_that_its_key_names() -> None:
    text = str(replace(CHECKPOINT, origin="example.com/other"))
    note = Note(text, (Signature(LOG.name, LOG.id, LOG_KEY.sign(text.encode())),))
    assert find_signers(note, [LOG]) == [LOG]
    with pytest.raises(UntrustedNoteError, match=r"one of example\.com/other"):
        verify_checkpoint(note, LOG)


def test_a_signed_text_that_is_not_a_checkpoint_is_refused() -> None:
    text = "example.com/log\n5\n"
    note = Note(text, (Signature(LOG.name, LOG.id, LOG_KEY.sign(text.encode())),))
    assert find_signers(note, [LOG]) == [LOG]
    with pytest.raises(MalformedNoteError):
        verify_checkpoint(note, LOG)
    assert not is_valid(note, LOG)


@pytest.mark.parametrize("key", WITNESSES)
def test_the_cosignature_of_a_witness_is_accepted(key: PrivateKey) -> None:
    witness = make_witness_key(WITNESS, key)
    note = Note.from_text(str(cosigned_note(key)))
    assert find_signers(note, [witness, LOG]) == [witness, LOG]
    assert find_signers(note, [LOG]) == [LOG]


@pytest.mark.parametrize("key", WITNESSES)
@pytest.mark.parametrize("seconds", [0, 2**63, 2**64 - 1])
def test_the_time_of_a_cosignature_is_after_1970_and_below_2_to_63(
    key: PrivateKey, seconds: int
) -> None:
    with pytest.raises(UntrustedNoteError):
        find_signers(cosigned_note(key, seconds), [make_witness_key(WITNESS, key)])


@pytest.mark.parametrize("key", WITNESSES)
@pytest.mark.parametrize("seconds", [1, 2**63 - 1])
def test_the_time_of_a_cosignature_may_be_any_other(key: PrivateKey, seconds: int) -> None:
    witness = make_witness_key(WITNESS, key)
    assert find_signers(cosigned_note(key, seconds), [witness]) == [witness]


@pytest.mark.parametrize("key", WITNESSES)
def test_a_cosignature_covers_time_origin_size_and_root(key: PrivateKey) -> None:
    witness = make_witness_key(WITNESS, key)
    note = cosigned_note(key)
    for other in (
        replace(CHECKPOINT, origin="example.com/lag"),
        replace(CHECKPOINT, size=6),
        replace(CHECKPOINT, root=bytes(32)),
    ):
        with pytest.raises(UntrustedNoteError):
            find_signers(replace(note, text=str(other)), [witness])
    signature = note.signatures[-1]
    for bit in [*range(64), *range(64, 8 * len(signature.content), 97)]:
        wrong = replace(signature, content=flip_bit(signature.content, bit))
        with pytest.raises(UntrustedNoteError):
            check_signature(NOTE.text, wrong, witness)


def test_every_bit_of_an_ed25519_cosignature_counts() -> None:
    witness = make_witness_key(WITNESS, OTHER_KEY)
    signature = make_cosignature(NOTE, WITNESS, OTHER_KEY, SECONDS)
    for content in flips(signature.content):
        with pytest.raises(UntrustedNoteError):
            check_signature(NOTE.text, replace(signature, content=content), witness)


def test_an_ml_dsa_cosignature_covers_the_name_of_its_cosigner() -> None:
    other = make_witness_key("witness.example/x", ML_DSA_KEY)
    claimed = replace(make_cosignature(NOTE, WITNESS, ML_DSA_KEY, SECONDS), name=other.name)
    with pytest.raises(UntrustedNoteError):
        check_signature(NOTE.text, claimed, other)


def test_a_signature_is_not_a_cosignature_and_a_cosignature_not_a_signature() -> None:
    as_witness = make_witness_key(LOG.name, LOG_KEY)
    assert as_witness.id != LOG.id
    [plain] = NOTE.signatures
    timed = SECONDS.to_bytes(8, "big") + plain.content
    with pytest.raises(UntrustedNoteError):
        check_signature(NOTE.text, Signature(LOG.name, as_witness.id, timed), as_witness)
    cosignature = make_cosignature(NOTE, LOG.name, LOG_KEY, SECONDS)
    for content in (cosignature.content, cosignature.content[8:]):
        with pytest.raises(UntrustedNoteError):
            check_signature(NOTE.text, Signature(LOG.name, LOG.id, content), LOG)


def test_what_a_witness_signs_with_ml_dsa_is_laid_out_as_specified() -> None:
    assert encode_ml_dsa_message(NOTE.text, "w", 0x0102) == (
        b"subtree/v1\n\x00" + b"\x01w" + bytes(6) + b"\x01\x02" + b"\x0fexample.com/log"
        b"\0\0\0\0\0\0\0\0" + b"\0\0\0\0\0\0\0\x05" + bytes(range(32))
    )


@pytest.mark.parametrize("text", ["no checkpoint\n", f"{'x' * 256}\n{NOTE.text[16:]}"])
def test_ml_dsa_cosignatures_are_of_checkpoints_with_short_names(text: str) -> None:
    witness = make_witness_key(WITNESS, ML_DSA_KEY)
    with pytest.raises(MalformedNoteError):
        encode_ml_dsa_message(text, WITNESS, SECONDS)
    with pytest.raises(UntrustedNoteError):
        check_signature(text, make_cosignature(NOTE, WITNESS, ML_DSA_KEY, SECONDS), witness)
    for name in ("", "x" * 256):
        with pytest.raises(MalformedNoteError, match="1 to 255 bytes"):
            encode_ml_dsa_message(NOTE.text, name, SECONDS)


def test_a_machine_without_ml_dsa_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: bytes) -> None:
        raise UnsupportedAlgorithm("no ML-DSA here")

    monkeypatch.setattr(mldsa.MLDSA44PublicKey, "from_public_bytes", refuse)
    with pytest.raises(AuditLogError, match=r"cannot verify the signature of witness\.example/w"):
        find_signers(cosigned_note(ML_DSA_KEY), [make_witness_key(WITNESS, ML_DSA_KEY)])


def test_a_cryptography_without_ml_dsa_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, mldsa.__name__, None)
    with pytest.raises(
        UntrustedNoteError, match=r"cannot verify the signature of witness\.example/w"
    ):
        find_signers(cosigned_note(ML_DSA_KEY), [make_witness_key(WITNESS, ML_DSA_KEY)])


@pytest.mark.skipif(sys.version_info < (3, 12), reason="aics-tlog needs Python 3.12")
def test_signatures_are_those_of_aics_tlog() -> None:
    import aics_tlog  # type: ignore[import-not-found,unused-ignore]

    log_key = aics_tlog.parse_vkey(str(LOG))
    assert aics_tlog.verify_note(aics_tlog.parse_note(str(NOTE)), [log_key])
    content, line = aics_tlog.sign_cosignature(
        OTHER_KEY, WITNESS, SECONDS, CHECKPOINT.origin, CHECKPOINT.size, CHECKPOINT.root
    )
    ours = make_cosignature(NOTE, WITNESS, OTHER_KEY, SECONDS)
    assert (line.name, line.key_id, content) == (ours.name, ours.key_id, ours.content)
    check_signature(NOTE.text, ours, make_witness_key(WITNESS, OTHER_KEY))
