"""Requests for the cosignatures of witnesses, over HTTP.

Source: C2SP tlog-witness (https://c2sp.org/tlog-witness). All witnesses are asked at once and share
one deadline, so that a witness which is down or slow does not delay the others.
"""

import socket
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Sequence
from contextlib import suppress
from http.client import (
    HTTPConnection,
    HTTPException,
    HTTPSConnection,
    IncompleteRead,
    RemoteDisconnected,
)
from typing import Final
from urllib.parse import urlsplit

from prooftrail.errors import AuditLogError, MalformedNoteError, WitnessError
from prooftrail.tlog.checkpoint import Checkpoint, parse_number
from prooftrail.tlog.note import Note, Signature, VerifierKey
from prooftrail.tlog.signatures import MAX_SECONDS, check_signature, read_cosigning_time
from prooftrail.tlog.witness_list import Witness

TIMEOUT_SECONDS: Final = 4.0
MAX_RESPONSE_LENGTH: Final = 64 * 1024
_CONFLICT: Final = 409
_TEXT: Final = "text/plain; charset=utf-8"
_TOO_SLOW: Final = "it did not respond in time"

MakeConsistencyProof = Callable[[int], Sequence[bytes]]


class HttpWitnesses:
    """`Witnesses` over HTTP. `on_failure` gets a witness's name and what went wrong."""

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
            witness
            for witness in self._witnesses
            if not any(line.names_key(witness.key) for line in note.signatures)
        ]
        proofs = _ConsistencyProofs(consistency_proof)
        outcomes: dict[str, Signature | AuditLogError] = {}

        def ask(witness: Witness, exchange: _Exchange) -> None:
            try:
                outcome: Signature | AuditLogError = _ask(witness, exchange, note, old_size, proofs)
            except AuditLogError as error:
                outcome = error
            outcomes[str(witness.key)] = outcome

        exchanges = [_Exchange(self._timeout_seconds) for _ in asked]
        threads = [
            threading.Thread(target=ask, args=pair, daemon=True)
            for pair in zip(asked, exchanges, strict=True)
        ]
        deadline = time.monotonic() + self._timeout_seconds
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        in_time = outcomes.copy()
        for exchange in exchanges:
            exchange.abort()
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
    witness: Witness, exchange: "_Exchange", note: Note, old_size: int, proofs: "_ConsistencyProofs"
) -> Signature:
    size = Checkpoint.from_note(note).size
    url = f"{witness.url}/add-checkpoint"
    status, response = exchange.post(url, _encode_submission(note, old_size, proofs))
    if status == _CONFLICT:
        old_size = _parse_size(response)
        if old_size > size:
            raise WitnessError(f"it has seen {old_size} entries, but the log has {size}")
        status, response = exchange.post(url, _encode_submission(note, old_size, proofs))
    if status != 200:
        raise WitnessError(f"it responded with status {status}")
    return _find_signature(response, note, witness.key)


def _encode_submission(note: Note, old_size: int, proofs: "_ConsistencyProofs") -> bytes:
    proof = [b64encode(node).decode() for node in proofs.from_size(old_size)]
    return "\n".join([f"old {old_size}", *proof, "", str(note)]).encode()


class _Exchange:
    """One exchange with a witness.

    Another thread can abort it, so that a slow response cannot block.
    """

    def __init__(self, timeout_seconds: float) -> None:
        self._timeout_seconds = timeout_seconds
        self._socket: socket.socket | None = None
        self._is_aborted = threading.Event()

    def post(self, url: str, body: bytes) -> tuple[int, str]:
        """Return the status, and at most `MAX_RESPONSE_LENGTH` bytes of the response as text.

        Raises:
            WitnessError: there is no response, or it is not valid.
        """
        parts = urlsplit(url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        port = parts.port or kind.default_port
        connection = kind(parts.hostname or "", port, timeout=self._timeout_seconds)
        try:
            connection.connect()
            self._socket = connection.sock
            if self._is_aborted.is_set():
                raise WitnessError(_TOO_SLOW)
            connection.request("POST", parts.path, body, {"Content-Type": _TEXT})
            with connection.getresponse() as response:
                return response.status, response.read(MAX_RESPONSE_LENGTH).decode(errors="replace")
        except TimeoutError as error:
            raise WitnessError(_TOO_SLOW) from error
        except (HTTPException, OSError, ValueError) as error:
            raise WitnessError(_describe_fault(error)) from error
        finally:
            connection.close()

    def abort(self) -> None:
        """End the exchange. What it waits for in another thread fails."""
        self._is_aborted.set()
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)


def _describe_fault(error: Exception) -> str:
    match error:
        case RemoteDisconnected():
            return "it closed the connection without a response"
        case IncompleteRead():
            return "its response is incomplete"
        case OSError():
            return f"it cannot be reached: {error.strerror or error}"
        case _:
            return "its response is not valid HTTP"


class _ConsistencyProofs:
    """Consistency proofs by old size. Each is made once.

    The lock is held while a proof is made: witnesses with the same size share one proof, and one
    thread at a time reads the tiles.
    """

    def __init__(self, make: MakeConsistencyProof) -> None:
        self._make = make
        self._made: dict[int, Sequence[bytes]] = {}
        self._lock = threading.Lock()

    def from_size(self, old_size: int) -> Sequence[bytes]:
        with self._lock:
            if old_size not in self._made:
                self._made[old_size] = self._make(old_size)
            return self._made[old_size]


def _parse_size(response: str) -> int:
    try:
        return parse_number(response.removesuffix("\n"), "the size")
    except MalformedNoteError as error:
        raise WitnessError(
            "it responded with status 409, but without the size that it has seen"
        ) from error


def _find_signature(response: str, note: Note, key: VerifierKey) -> Signature:
    """Return the witness's own signature, verified. Other signatures are ignored."""
    for line in response.split("\n"):
        try:
            signature = Signature.from_text(line)
        except MalformedNoteError:
            continue
        if signature.names_key(key):
            check_signature(note.text, signature, key)
            if read_cosigning_time(signature) > MAX_SECONDS:
                raise WitnessError("its cosignature is from after the year 9999")
            return signature
    raise WitnessError("its response has no signature of its key")
