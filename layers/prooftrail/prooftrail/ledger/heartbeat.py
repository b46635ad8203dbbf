"""The log's own cosignature of its latest checkpoint: proof that the log is not silent.

With it the log says that this checkpoint was its latest at a certain time. It is renewed even if
no event arrives, so that a reader can tell a stopped log from one that had nothing to record.

Source: C2SP tlog-cosignature (https://c2sp.org/tlog-cosignature). Readers that do not know the key
of the cosignature ignore its line.
"""

from collections.abc import Callable, Sequence
from typing import Final

from prooftrail.errors import AuditLogError, SigningError
from prooftrail.tlog.note import Note, Signature, VerifierKey
from prooftrail.tlog.signatures import (
    check_signature,
    encode_cosigned_message,
    encode_timestamped_signature,
    find_signing_time,
)

RENEWAL_MS: Final = 55 * 60_000  # runs are a minute apart: at least one an hour


def cosign_by_log(
    note: Note,
    key: VerifierKey,
    sign: Callable[[bytes], bytes],
    now_ms: int,
    previous: Note | None = None,
) -> Note:
    """Return the note with a new cosignature of the log's own, at the end.

    Its time is never before that of `previous`, which the log has cosigned before: a clock that
    went back would otherwise make one of the two untrue.

    Raises:
        SigningError: the key cannot be used now, or signs with another key.
    """
    earlier_ms = find_valid_time(previous, key) if previous else None
    seconds = max(now_ms, earlier_ms or 0) // 1000
    signature = encode_timestamped_signature(
        seconds, sign(encode_cosigned_message(note.text, seconds))
    )
    line = Signature(key.name, key.cosigner.id, signature)
    check_new_signature(note.text, line, key.cosigner)
    others = [other for other in note.signatures if not other.names_key(key.cosigner)]
    return Note(note.text, (*others, line))


def check_new_signature(text: str, signature: Signature, key: VerifierKey) -> None:
    """Check a signature that was just made.

    Raises:
        SigningError: it is not of this key.
    """
    try:
        check_signature(text, signature, key)
    except AuditLogError as error:
        raise SigningError("the signature is not of the log's key") from error


def is_renewal_due(note: Note, key: VerifierKey, now_ms: int) -> bool:
    """Return whether the log's own cosignature is missing, damaged or too old."""
    signed_ms = find_valid_time(note, key)
    return signed_ms is None or now_ms - signed_ms >= RENEWAL_MS


def find_valid_time(note: Note, key: VerifierKey) -> int | None:
    """Return the time of the log's own cosignature, or None if it is missing or damaged."""
    try:
        return find_signing_time(note, key)
    except AuditLogError:
        return None


def list_missing_witnesses(
    note: Note, key: VerifierKey, witnesses: Sequence[VerifierKey]
) -> list[VerifierKey]:
    """Return the witnesses that have not cosigned since the log cosigned the note itself.

    New signatures are added at the end. So those that stand before the log's own cosignature are
    older than it, whatever the clocks of the witnesses say.
    """
    lines = list(note.signatures)
    own = [at for at, line in enumerate(lines) if line.names_key(key.cosigner)]
    since = lines[max(own, default=-1) + 1 :]
    return [witness for witness in witnesses if not any(line.names_key(witness) for line in since)]


def without_signatures(note: Note, keys: Sequence[VerifierKey]) -> Note:
    """Return the note without the signatures of these keys."""
    kept = (line for line in note.signatures if not any(line.names_key(key) for key in keys))
    return Note(note.text, tuple(kept))
