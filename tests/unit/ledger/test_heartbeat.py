"""The log's own cosignature: it shows that the log is not silent, and never says what is untrue."""

from base64 import b64decode
from dataclasses import dataclass, replace
from hashlib import sha256

import pytest

from prooftrail.errors import CheckpointMovedError, SigningError, UntrustedNoteError
from prooftrail.ledger.heartbeat import RENEWAL_MS, cosign_by_log
from prooftrail.ledger.publish import PublishResult
from prooftrail.tlog.checkpoint import Checkpoint
from prooftrail.tlog.note import Note, Signature, SignatureType, VerifierKey
from prooftrail.tlog.signatures import find_signing_time, verify_checkpoint
from tests.support.log_fakes import Crash, FakeWitnesses
from tests.support.log_samples import (
    LOG_KEY,
    flip_bit,
    make_cosignature,
    make_verifier_key,
    sign_checkpoint,
)
from tests.support.samples import NOW_MS
from tests.unit.ledger.test_publish import (
    ORIGIN,
    OTHER_KEY,
    WITNESS,
    WITNESS_KEY,
    Key,
    Parts,
    assert_published,
    cosign,
)

KEY = make_verifier_key()
HOUR_MS = 3_600_000
SECOND_MS = 1_000


def read_time(parts: Parts) -> int | None:
    """Return the time of the published checkpoint, if it is the ledger's too."""
    text = parts.published_log.checkpoints[-1]
    assert str(parts.log.published[-1].note) == text
    return find_signing_time(Note.from_text(text), KEY)


def test_every_checkpoint_says_when_it_was_the_latest() -> None:
    parts = Parts()
    parts.run(100)
    assert read_time(parts) == NOW_MS
    parts.now_ms += 90 * SECOND_MS
    parts.run(1)
    assert read_time(parts) == NOW_MS + 90 * SECOND_MS


def test_the_cosignature_is_that_of_the_specification() -> None:
    """Name and key of the log, the algorithm byte 4, the time, and the text of three lines."""
    parts = Parts()
    parts.run(100)
    text, _, lines = parts.published_log.checkpoints[-1].partition("\n\n")
    text += "\n"
    plain, cosignature = lines.splitlines()
    assert text.count("\n") == 3
    assert plain.startswith(f"\u2014 {ORIGIN} ")
    name, content = cosignature.removeprefix("\u2014 ").split(" ")
    key_id, time, signature = (
        b64decode(content)[start:end] for start, end in ((0, 4), (4, 12), (12, 76))
    )
    public_key = LOG_KEY.public_key()
    named = ORIGIN.encode() + b"\n\x04" + public_key.public_bytes_raw()
    assert (name, key_id) == (ORIGIN, sha256(named).digest()[:4])
    seconds = NOW_MS // 1000
    assert int.from_bytes(time, "big") == seconds
    public_key.verify(signature, f"cosignature/v1\ntime {seconds}\n{text}".encode())


def test_a_verifier_that_knows_only_the_log_s_signature_accepts_the_checkpoint() -> None:
    """C2SP signed-note: lines of unknown keys are ignored, also those of the same name."""
    parts = Parts()
    parts.run(100)
    text, _, lines = parts.published_log.checkpoints[-1].rpartition("\n\n")
    known = sha256(ORIGIN.encode() + b"\n\x01" + KEY.public_key).digest()[:4]
    contents = [b64decode(line.split(" ")[2]) for line in lines.splitlines()]
    [signature] = [content[4:] for content in contents if content[:4] == known]
    LOG_KEY.public_key().verify(signature, f"{text}\n".encode())
    assert contents[0][:4] == known, "readers that take the first line still get the signature"


def test_a_log_without_news_says_once_an_hour_that_it_has_none() -> None:
    parts = Parts()
    parts.run(300)
    times = []
    for _ in range(24 * 60):
        parts.now_ms += 60 * SECOND_MS
        assert parts.publisher.run() == PublishResult(300, 0, (), is_behind=False)
        times.append(read_time(parts))
        assert parts.now_ms - (times[-1] or 0) < HOUR_MS
    assert len(set(times)) - 1 == 24 * 60 // 55
    assert {Note.from_text(text).text for text in parts.published_log.checkpoints} == {
        parts.log.published[0].note.text
    }
    assert_published(parts)


def test_a_renewal_costs_one_signature_and_two_writes() -> None:
    parts = Parts()
    parts.run(1_000)
    writes, signatures, reads = (
        parts.writes.count,
        len(parts.signer.signed),
        len(parts.published_log.reads),
    )
    parts.now_ms += RENEWAL_MS
    parts.publisher.run()
    assert parts.writes.count == writes + 2
    assert len(parts.signer.signed) == signatures + 1
    assert len(parts.published_log.reads) == reads
    parts.now_ms += RENEWAL_MS - 1
    parts.publisher.run()
    assert parts.writes.count == writes + 2


@pytest.mark.parametrize("nth", [1, 2])
def test_a_crash_in_a_renewal_leaves_what_is_true_and_the_next_run_goes_on(nth: int) -> None:
    parts = Parts()
    parts.run(300)
    parts.now_ms += HOUR_MS
    parts.writes.crash_after = parts.writes.count + nth
    with pytest.raises(Crash):
        parts.publisher.run()
    assert_published(parts)
    assert verify_checkpoint(Note.from_text(parts.published_log.checkpoints[-1]), KEY).size == 300
    parts.now_ms += 60 * SECOND_MS
    assert parts.publisher.run().repaired is None
    assert read_time(parts) == NOW_MS + HOUR_MS
    assert_published(parts)


def test_a_renewal_never_replaces_a_longer_log() -> None:
    """Another run publishes between this run's reading and its signature."""
    parts = Parts()
    parts.run(100)
    parts.now_ms += HOUR_MS

    @dataclass
    class Racing(Key):
        def sign(self, message: bytes) -> bytes:
            signature = super().sign(message)
            parts.signer = Key()
            parts.run(50)
            return signature

    parts.signer = Racing()
    with pytest.raises(CheckpointMovedError):
        parts.publisher.run()
    assert [publication.size for publication in parts.log.published] == [100, 150]
    assert read_time(parts) == NOW_MS + HOUR_MS


def test_time_does_not_go_back_when_the_clock_does() -> None:
    parts = Parts()
    parts.run(100)
    parts.now_ms -= 10 * SECOND_MS
    parts.run(1)
    assert read_time(parts) == NOW_MS
    parts.publisher.run()
    assert len(parts.log.published) == 2


def test_a_checkpoint_of_an_older_version_gets_a_time_at_once() -> None:
    parts = Parts()
    parts.run(100)
    [publication] = parts.log.published
    plain = replace(publication, note=sign_checkpoint(Checkpoint.from_note(publication.note)))
    parts.log.published[:] = [plain]
    parts.published_log.checkpoints[:] = [str(plain.note)]
    assert read_time(parts) is None
    assert parts.publisher.run().repaired is None
    assert read_time(parts) == NOW_MS


@pytest.mark.parametrize("position", [0, 8, 71])
def test_a_damaged_time_is_not_believed_and_is_replaced(position: int) -> None:
    parts = Parts()
    parts.run(100)
    [publication] = parts.log.published
    signature, own = publication.note.signatures
    damaged = replace(own, content=flip_bit(own.content, 8 * position))
    note = Note(publication.note.text, (signature, damaged))
    with pytest.raises(UntrustedNoteError):
        find_signing_time(note, KEY)
    parts.log.published[:] = [replace(publication, note=note)]
    parts.publisher.run()
    assert read_time(parts) == NOW_MS


def test_another_key_does_not_speak_for_the_log() -> None:
    note = sign_checkpoint(Checkpoint(ORIGIN, 7, bytes(32)))
    stranger = make_cosignature(note, ORIGIN, OTHER_KEY, NOW_MS // 1000)
    assert find_signing_time(note.with_signatures([stranger]), KEY) is None
    claimed = replace(stranger, key_id=KEY.cosigner.id)
    with pytest.raises(UntrustedNoteError):
        find_signing_time(note.with_signatures([claimed]), KEY)
    with pytest.raises(SigningError, match="not of the log's key"):
        cosign_by_log(note, KEY, OTHER_KEY.sign, NOW_MS)


def test_the_last_of_several_times_counts() -> None:
    note = sign_checkpoint(Checkpoint(ORIGIN, 7, bytes(32)))
    early, late = (make_cosignature(note, ORIGIN, LOG_KEY, seconds) for seconds in (5, 9))
    for lines in ((early, late), (late, early)):
        assert find_signing_time(Note(note.text, (*note.signatures, *lines)), KEY) == 9_000


def test_a_time_after_the_year_9999_is_not_a_time() -> None:
    note = sign_checkpoint(Checkpoint(ORIGIN, 7, bytes(32)))
    never = make_cosignature(note, ORIGIN, LOG_KEY, 1 << 60)
    with pytest.raises(UntrustedNoteError, match="year 9999"):
        find_signing_time(note.with_signatures([never]), KEY)


def test_the_cosigner_s_key_has_the_name_and_bytes_of_the_log_s() -> None:
    assert KEY.cosigner == VerifierKey(
        ORIGIN, SignatureType.ED25519_COSIGNATURE, LOG_KEY.public_key().public_bytes_raw()
    )
    assert KEY.cosigner.id != KEY.id


def test_witnesses_are_asked_again_with_each_renewal() -> None:
    parts = Parts(witnesses=FakeWitnesses([WITNESS_KEY], cosign))
    parts.run(100)
    assert len(parts.witnesses.requests) == 1
    parts.now_ms += HOUR_MS
    assert parts.publisher.run().cosigned_by == (WITNESS_KEY.name,)
    assert parts.witnesses.requests[1:] == [(100, [])]
    parts.publisher.run()
    assert len(parts.witnesses.requests) == 2
    assert parts.published_log.checkpoints[-1].count("\u2014") == 3
    assert read_time(parts) == NOW_MS + HOUR_MS


def test_the_cosignature_of_a_witness_that_is_down_is_kept_until_it_is_back() -> None:
    parts = Parts(witnesses=FakeWitnesses([WITNESS_KEY], cosign))
    parts.run(100)
    parts.witnesses = FakeWitnesses([WITNESS_KEY])
    parts.now_ms += HOUR_MS
    for attempts in (1, 2):
        assert parts.publisher.run().cosigned_by == (WITNESS_KEY.name,)
        assert len(parts.witnesses.requests) == attempts

    def cosign_later(note: Note, _: int) -> list[Signature]:
        assert not any(line.names_key(WITNESS_KEY) for line in note.signatures)
        return [make_cosignature(note, WITNESS_KEY.name, WITNESS, 1_800_000_000)]

    parts.witnesses = FakeWitnesses([WITNESS_KEY], cosign_later)
    for _ in range(2):
        parts.publisher.run()
    assert len(parts.witnesses.requests) == 1
    [line] = [
        line for line in parts.log.published[-1].note.signatures if line.names_key(WITNESS_KEY)
    ]
    assert int.from_bytes(line.content[:8], "big") == 1_800_000_000
