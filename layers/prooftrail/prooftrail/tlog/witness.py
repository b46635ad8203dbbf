"""Asking witnesses for their cosignatures, over HTTP. Source: C2SP tlog-witness.

All are asked at once and share one deadline, so that one which is down or slow delays nothing.
"""

import re
import socket
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Final
from urllib.parse import urlsplit

from prooftrail.errors import AuditLogError, ConfigurationError, MalformedNoteError, WitnessError
from prooftrail.tlog.checkpoint import Checkpoint, parse_number
from prooftrail.tlog.note import Note, Signature, VerifierKey
from prooftrail.tlog.signatures import check_signature

TIMEOUT_SECONDS: Final = 4.0
MAX_RESPONSE_LENGTH: Final = 64 * 1024
_CONFLICT: Final = 409
_TEXT: Final = "text/plain; charset=utf-8"
_TOO_SLOW: Final = "it did not answer in time"

MakeConsistencyProof = Callable[[int], Sequence[bytes]]


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness: its key, and the submission prefix of its address."""

    key: VerifierKey
    url: str


def parse_witnesses(text: str) -> tuple[Witness, ...]:
    """The witnesses in a list: `<verifier key> <URL>`, separated by commas.

    Raises:
        ConfigurationError: an entry is none; it says which.
    """
    entries = [entry.split() for entry in text.split(",") if entry.strip()]
    return tuple(_witness_of(number, parts) for number, parts in enumerate(entries, 1))


def _witness_of(number: int, parts: Sequence[str]) -> Witness:
    if len(parts) != 2:
        raise ConfigurationError(f"witness {number} must be a verifier key, a space and a URL")
    try:
        key = VerifierKey.from_text(parts[0])
    except MalformedNoteError as error:
        raise ConfigurationError(f"witness {number}: {error}") from error
    if not key.is_witness:
        raise ConfigurationError(f"witness {number}: {key.name} has a log's key, not a witness's")
    if not _is_address(parts[1]):
        raise ConfigurationError(f"witness {number} must have an address of http or https")
    return Witness(key, parts[1].rstrip("/"))


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


class HttpWitnesses:
    """`Witnesses` at their addresses; `on_failure` gets a witness's name and what went wrong."""

    def __init__(
        self,
        witnesses: Sequence[Witness],
        on_failure: Callable[[str, str], None],
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        self._witnesses = witnesses
        self._on_failure = on_failure
        self._timeout_seconds = timeout_seconds

    @property
    def keys(self) -> Sequence[VerifierKey]:
        """See `Witnesses.keys`."""
        return [witness.key for witness in self._witnesses]

    def cosign(
        self, note: Note, old_size: int, consistency_proof: MakeConsistencyProof
    ) -> Sequence[Signature]:
        """See `Witnesses.cosign`."""
        asked = [
            one for one in self._witnesses if not any(s.names_key(one.key) for s in note.signatures)
        ]
        proofs = _Proofs(consistency_proof)
        outcomes: dict[str, Signature | AuditLogError] = {}

        def ask(witness: Witness, line: _Exchange) -> None:
            try:
                outcome: Signature | AuditLogError = _ask(witness, line, note, old_size, proofs)
            except AuditLogError as error:
                outcome = error
            outcomes[str(witness.key)] = outcome

        lines = [_Exchange(self._timeout_seconds) for _ in asked]
        threads = [
            threading.Thread(target=ask, args=one, daemon=True)
            for one in zip(asked, lines, strict=True)
        ]
        deadline = time.monotonic() + self._timeout_seconds
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        in_time = outcomes.copy()
        for line in lines:
            line.cut()
        signatures: list[Signature] = []
        for witness in asked:
            match in_time.get(str(witness.key)):
                case Signature() as signature:
                    signatures.append(signature)
                case None:
                    self._on_failure(witness.key.name, _TOO_SLOW)
                case error:
                    self._on_failure(witness.key.name, str(error))
        return signatures


def _ask(
    witness: Witness, line: "_Exchange", note: Note, old_size: int, proofs: "_Proofs"
) -> Signature:
    size = Checkpoint.from_note(note).size
    url = f"{witness.url}/add-checkpoint"
    status, answer = line.post(url, _submission(note, old_size, proofs))
    if status == _CONFLICT:
        old_size = _size_in(answer)
        if old_size > size:
            raise WitnessError(f"it has seen {old_size} entries, more than there are")
        status, answer = line.post(url, _submission(note, old_size, proofs))
    if status != 200:
        raise WitnessError(f"it answered {status}")
    return _signature_in(answer, note, witness.key)


def _submission(note: Note, old_size: int, proofs: "_Proofs") -> bytes:
    proof = [b64encode(one).decode() for one in proofs.from_size(old_size)]
    return "\n".join([f"old {old_size}", *proof, "", str(note)]).encode()


class _Exchange:
    """The way to a witness; another thread may cut it, or an answer could drip for ever."""

    def __init__(self, timeout_seconds: float) -> None:
        self._timeout_seconds = timeout_seconds
        self._socket: socket.socket | None = None
        self._is_cut = threading.Event()

    def post(self, url: str, body: bytes) -> tuple[int, str]:
        """The status and the beginning of the answer.

        Raises:
            WitnessError: there is none.
        """
        parts = urlsplit(url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        port = parts.port or kind.default_port
        connection = kind(parts.hostname or "", port, timeout=self._timeout_seconds)
        try:
            connection.connect()
            self._socket = connection.sock
            if self._is_cut.is_set():
                raise WitnessError(_TOO_SLOW)
            connection.request("POST", parts.path, body, {"Content-Type": _TEXT})
            with connection.getresponse() as answer:
                return answer.status, answer.read(MAX_RESPONSE_LENGTH).decode(errors="replace")
        except TimeoutError as error:
            raise WitnessError(_TOO_SLOW) from error
        except (HTTPException, OSError, ValueError) as error:
            raise WitnessError(f"it cannot be reached: {type(error).__name__}") from error
        finally:
            connection.close()

    def cut(self) -> None:
        """Let nothing more come or go."""
        self._is_cut.set()
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)


class _Proofs:
    """Consistency proofs, each made once, one at a time."""

    def __init__(self, make: MakeConsistencyProof) -> None:
        self._make = make
        self._made: dict[int, Sequence[bytes]] = {}
        self._turn = threading.Lock()

    def from_size(self, old_size: int) -> Sequence[bytes]:
        with self._turn:
            if old_size not in self._made:
                self._made[old_size] = self._make(old_size)
            return self._made[old_size]


def _size_in(answer: str) -> int:
    try:
        return parse_number(answer.removesuffix("\n"), "the size")
    except MalformedNoteError as error:
        raise WitnessError("it knows another size, but does not say which") from error


def _signature_in(answer: str, note: Note, key: VerifierKey) -> Signature:
    """The witness's own signature in its answer; others are ignored."""
    for line in re.split("\n", answer):
        try:
            signature = Signature.from_text(line)
        except MalformedNoteError:
            continue
        if signature.names_key(key):
            check_signature(note.text, signature, key)
            return signature
    raise WitnessError("its answer holds no signature of its key")
