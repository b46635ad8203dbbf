"""An HTTP witness on this machine, written from C2SP tlog-witness and tlog-cosignature.

It shares no code with the package, so what both accept is what the documents say.
"""

import re
import threading
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from http.server import BaseHTTPRequestHandler

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from local.http_server import serve_http

MAX_PROOF_LINES = 63
PLAIN = "text/plain; charset=utf-8"
SIZE = "text/x.tlog.size"
EMPTY = sha256(b"").digest()

Key = Ed25519PrivateKey | MLDSA44PrivateKey
Respond = Callable[["Exchange", bytes], None]


class RefusedError(Exception):
    """The refusal of a request: status, body and content type of the response."""

    def __init__(self, status: int, body: str = "", content_type: str = PLAIN) -> None:
        self.status, self.body, self.content_type = status, body, content_type
        super().__init__(str(status))


@dataclass(frozen=True, slots=True)
class Submission:
    """A parsed add-checkpoint request: old size, proof, and the parts of the checkpoint."""

    old_size: int
    proof: Sequence[bytes]
    text: str
    origin: str
    size: int
    root: bytes
    signatures: Sequence[tuple[str, bytes, bytes]]

    @classmethod
    def from_body(cls, body: bytes) -> "Submission":
        """Parse a request's body.

        Raises:
            RefusedError: 400, the body is not valid.
        """
        try:
            head, _, note = body.decode().partition("\n\n")
            first, *proof = head.split("\n")
            text, _, lines = note.rpartition("\n\n")
            origin, size, root, *_ = text.split("\n")
            submission = cls(
                _parse_number(first, "old "),
                [_parse_hash(line) for line in proof],
                text + "\n",
                origin,
                _parse_number(size),
                _parse_hash(root),
                [_parse_signature(line) for line in lines.splitlines(keepends=True)],
            )
        except ValueError as error:
            raise RefusedError(400) from error
        if len(submission.proof) > MAX_PROOF_LINES or submission.old_size > submission.size:
            raise RefusedError(400)
        return submission


class Witness:
    """A witness with its keys and the logs that it knows.

    `seen` holds size and root of the last checkpoint by origin; `cosigned` holds the text of every
    checkpoint that it cosigned.
    """

    def __init__(
        self,
        name: str,
        keys: Sequence[Key],
        logs: Mapping[str, bytes],
        clock: Callable[[], int] = lambda: 1_764_000_000,
    ) -> None:
        self.name = name
        self.seen: dict[str, tuple[int, bytes]] = {}
        self.cosigned: list[str] = []
        self.requests = 0
        self._keys = keys
        self._logs = logs
        self._clock = clock
        self._turn = threading.Lock()

    @property
    def verifier_keys(self) -> Sequence[str]:
        """The verifier keys, in the form in which a log configures them."""
        return [_make_verifier_key(self.name, key) for key in self._keys]

    def respond(self, exchange: "Exchange", body: bytes) -> None:
        """Send the response to a request over HTTP."""
        try:
            exchange.send(200, self.add_checkpoint(body))
        except RefusedError as error:
            exchange.send(error.status, error.body, error.content_type)

    def add_checkpoint(self, body: bytes) -> str:
        """Return the cosignatures of the checkpoint in this request.

        Raises:
            RefusedError: the witness does not cosign. The status is that of C2SP tlog-witness.
        """
        self.requests += 1
        submission = Submission.from_body(body)
        if submission.origin not in self._logs:
            raise RefusedError(404)
        _check_signature(submission, self._logs[submission.origin])
        with self._turn:
            size, root = self.seen.get(submission.origin, (0, EMPTY))
            if submission.old_size != size:
                raise RefusedError(409, f"{size}\n", SIZE)
            if submission.size == 0 and submission.root != EMPTY:
                raise RefusedError(422)
            if not is_consistent(size, root, submission.size, submission.root, submission.proof):
                raise RefusedError(422)
            self.seen[submission.origin] = submission.size, submission.root
            self.cosigned.append(submission.text)
        return "".join(
            make_cosignature(submission, self.name, key, self._clock()) for key in self._keys
        )


def is_consistent(
    old_size: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]
) -> bool:
    """Tell whether the proof connects the old root to the new root. Source: RFC 9162, 2.1.4.2."""
    if old_size in (0, size):
        return not proof and (old_size == 0 or old_root == root)
    if not proof:
        return False
    path = list(proof)
    if old_size & (old_size - 1) == 0:
        path.insert(0, old_root)
    fn, sn = old_size - 1, size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for c in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = _hash_node(c, fr), _hash_node(c, sr)
            while fn != 0 and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = _hash_node(sr, c)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr == old_root and sr == root


def _hash_node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def _parse_number(line: str, start: str = "") -> int:
    match = re.fullmatch(f"{start}(0|[1-9][0-9]*)", line, re.ASCII)
    if match is None:
        raise ValueError(line)
    return int(match[1])


def _parse_hash(line: str) -> bytes:
    content = b64decode(line, validate=True)
    if len(content) != 32:
        raise ValueError(line)
    return content


def _parse_signature(line: str) -> tuple[str, bytes, bytes]:
    match = re.fullmatch(r"\u2014 ([^\s+]+) ([A-Za-z0-9+/=]+)\n", line)
    if match is None:
        raise ValueError(line)
    content = b64decode(match[2], validate=True)
    return match[1], content[:4], content[4:]


def _check_signature(submission: Submission, public_key: bytes) -> None:
    """Check that the log signed the checkpoint.

    Raises:
        RefusedError: 403, the log's signature is missing or not valid.
    """
    name, key_id = submission.origin, _compute_key_id(submission.origin, b"\x01" + public_key)
    found = [
        signature
        for signer, signer_id, signature in submission.signatures
        if (signer, signer_id) == (name, key_id)
    ]
    try:
        for content in found:
            key = Ed25519PublicKey.from_public_bytes(public_key)
            key.verify(content, submission.text.encode())
    except InvalidSignature as error:
        raise RefusedError(403) from error
    if not found:
        raise RefusedError(403)


def _compute_key_id(name: str, key: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + key).digest()[:4]


def _encode_key(key: Key) -> bytes:
    kind = b"\x04" if isinstance(key, Ed25519PrivateKey) else b"\x06"
    return kind + key.public_key().public_bytes_raw()


def _make_verifier_key(name: str, key: Key) -> str:
    encoded = _encode_key(key)
    return f"{name}+{_compute_key_id(name, encoded).hex()}+{b64encode(encoded).decode()}"


def encode_signed_message(submission: Submission, name: str, key: Key, seconds: int) -> bytes:
    """Return the message that this key signs to cosign the checkpoint."""
    if isinstance(key, Ed25519PrivateKey):
        return f"cosignature/v1\ntime {seconds}\n{submission.text}".encode()
    origin = submission.origin.encode()
    return b"".join(
        (
            b"subtree/v1\n\x00",
            bytes([len(name.encode())]) + name.encode(),
            seconds.to_bytes(8, "big"),
            bytes([len(origin)]) + origin,
            bytes(8),
            submission.size.to_bytes(8, "big"),
            submission.root,
        )
    )


def make_cosignature(submission: Submission, name: str, key: Key, seconds: int) -> str:
    """Return the signature line of this key."""
    signature = key.sign(encode_signed_message(submission, name, key, seconds))
    content = _compute_key_id(name, _encode_key(key)) + seconds.to_bytes(8, "big") + signature
    return f"\u2014 {name} {b64encode(content).decode()}\n"


class Exchange(BaseHTTPRequestHandler):
    """One request and its response; `stopped` is set when the server stops."""

    protocol_version = "HTTP/1.1"
    stopped: threading.Event
    respond: Respond

    def do_POST(self) -> None:
        """Pass the request's body to `respond`."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path != "/w/add-checkpoint":
            self.send(404, "")
            return
        self.stopped = type(self).stopped  # the next witness has one of its own
        try:
            type(self).respond(self, body)
        except ConnectionError:
            self.close_connection = True

    def send(self, status: int, body: str, content_type: str = PLAIN) -> None:
        """Send a complete response."""
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Write no log."""


@dataclass(frozen=True, slots=True)
class WitnessServer:
    """A server for one witness after another, so that their log is deployed once."""

    url: str
    handler: type[Exchange]

    @contextmanager
    def serve(self, respond: Respond) -> Iterator[str]:
        """Let this witness respond. Yield the submission prefix."""
        stopped = threading.Event()
        self.handler.stopped, self.handler.respond = stopped, staticmethod(respond)
        try:
            yield self.url
        finally:
            stopped.set()


@contextmanager
def run_witness_server(port: int = 0) -> Iterator[WitnessServer]:
    """Listen on loopback; port 0 takes a free port."""
    handler = type("Handler", (Exchange,), {})
    with serve_http(handler, port=port) as bound_port:
        yield WitnessServer(f"http://127.0.0.1:{bound_port}/w/", handler)


@contextmanager
def serve_witness(respond: Respond, port: int = 0) -> Iterator[str]:
    """Serve on loopback and yield the submission prefix; port 0 takes a free port."""
    with run_witness_server(port) as server, server.serve(respond) as url:
        yield url
