"""Witnesses cosign the real function's checkpoints. No witness can stop or change one."""

import threading
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from checkpoint import app
from local.signing_key import create_key_file
from prooftrail.aws.clients import client
from prooftrail.event.times import HOUR_MS, now_ms
from prooftrail.runtime.config import get_settings
from prooftrail.tlog.note import Note, VerifierKey
from prooftrail.tlog.signatures import find_signers
from prooftrail.tlog.witness import HttpWitnesses
from tests.support.api import Api
from tests.support.pipeline import Pipeline
from tests.support.samples import event_json, job, message, queue_event
from tests.support.stack import deployed
from tests.support.witness_server import (
    Exchange,
    Respond,
    Submission,
    Witness,
    WitnessServer,
    make_cosignature,
    run_witness_server,
    serve_witness,
)

ORIGIN = "audit-log-dev.us-east-1.123456789012"
NAME = "one.example/w"
TIMEOUT_SECONDS = 2
SLACK_SECONDS = 30  # of a busy machine; a slow witness takes longer
ED25519 = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
ML_DSA = MLDSA44PrivateKey.from_seed_bytes(bytes(range(32)))
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes(range(2, 34)))
LOG_KEY: Any = load_pem_private_key(create_key_file().read_bytes(), password=None)
LOGS = {ORIGIN: LOG_KEY.public_key().public_bytes_raw()}


@dataclass(frozen=True, slots=True)
class Log:
    """A deployed log that asks the witnesses with these keys to cosign its checkpoints."""

    api: Api
    pipeline: Pipeline
    keys: Sequence[str]

    @property
    def checkpoint(self) -> str:
        """The published checkpoint. Check that the API returns it and that the log signed it."""
        found = client("s3").get_object(Bucket=get_settings().log_bucket, Key="checkpoint")
        text = found["Body"].read().decode()
        assert self.api.get("/audit-logs/checkpoint") == (200, text)
        line = next(line for line in text.splitlines() if line.startswith(f"\u2014 {ORIGIN} "))
        signed = text.rpartition("\n\n")[0] + "\n"
        LOG_KEY.public_key().verify(b64decode(line.split(" ")[2])[4:], signed.encode())
        return text

    @property
    def cosigners(self) -> list[str]:
        """The names of the witnesses that cosigned the checkpoint and the newest event's proof."""
        text = self.checkpoint
        [listed] = self.api.get("/audit-logs", limit=1)[1]["items"]
        _, proof = self.api.get(f"/audit-logs/{listed['id']}/proof")
        assert proof.endswith("\n\n" + text)
        trusted = [VerifierKey.from_text(key) for key in self.keys]
        return [key.name for key in find_signers(Note.from_text(text), trusted)]

    @property
    def failures(self) -> list[tuple[str, str]]:
        """The witnesses that gave no cosignature since the last read, each with the reason."""
        reports = [line for line in self.api.lines if line.get("message") == "no cosignature"]
        self.api.lines.clear()
        return [(line["witness"], line["reason"]) for line in reports]


@contextmanager
def deploy_log(*witnesses: tuple[Sequence[str], str]) -> Iterator[Log]:
    """Deploy a log whose witnesses have these keys and addresses."""
    entries = [f"{key} {url}" for keys, url in witnesses for key in keys]
    with deployed({"Witnesses": ", ".join(entries)}) as stack:
        api = Api(stack)
        keys = [key for keys, _ in witnesses for key in keys]
        yield Log(api, Pipeline(stack, api.runtime), keys)


@pytest.fixture(scope="module")
def servers() -> Iterator[Sequence[WitnessServer]]:
    """Two servers, whose addresses stay, so that a log with both is deployed once."""
    with run_witness_server() as first, run_witness_server() as second:
        yield first, second


@contextmanager
def deploy_log_of_two(
    servers: Sequence[WitnessServer], *witnesses: tuple[Sequence[str], Respond]
) -> Iterator[Log]:
    """Deploy a log whose two witnesses have these keys and respond like this."""
    with ExitStack() as stack:
        entries = [
            (keys, stack.enter_context(server.serve(respond)))
            for server, (keys, respond) in zip(servers, witnesses, strict=True)
        ]
        yield stack.enter_context(deploy_log(*entries))


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def test_witnesses_cosign_every_checkpoint_of_a_growing_log() -> None:
    plain = Witness("plain.example/w", [ED25519], LOGS)
    quantum = Witness("quantum.example/w", [ML_DSA], LOGS)
    with ExitStack() as stack:
        witnesses = [
            (witness.verifier_keys, stack.enter_context(serve_witness(witness.respond)))
            for witness in (plain, quantum)
        ]
        log = stack.enter_context(deploy_log(*witnesses))
        for number in (1, 1, 3, 60):
            log.pipeline.grow(number)
            assert log.cosigners == [plain.name, quantum.name]
            text = log.checkpoint.rpartition("\n\n")[0] + "\n"
            assert plain.cosigned[-1] == quantum.cosigned[-1] == text
        assert log.api.get("/audit-logs/log")[1]["witnesses"] == [
            {"name": witness.name, "verifierKey": key}
            for witness in (plain, quantum)
            for key in witness.verifier_keys
        ]
        assert not log.failures
        before = log.checkpoint
        log.pipeline.publish()
        assert log.checkpoint == before
        assert plain.requests == quantum.requests == 4


def test_witnesses_cosign_again_when_nothing_new_came_for_an_hour(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    times = iter((1_764_000_000, 1_764_003_600))
    witness = Witness(NAME, [ED25519], LOGS, lambda: next(times))
    with serve_witness(witness.respond) as url, deploy_log((witness.verifier_keys, url)) as log:
        log.pipeline.grow(5)
        text = log.checkpoint.partition("\n\n")[0]
        later = replace(app.make_publisher(), now_ms=lambda: now_ms() + HOUR_MS)
        monkeypatch.setattr(app, "make_publisher", lambda: later)
        log.pipeline.publish()
        assert log.checkpoint.partition("\n\n")[0] == text
        assert log.cosigners == [NAME]
        key = VerifierKey.from_text(*log.keys)
        lines = Note.from_text(log.checkpoint).signatures
        assert [line.claimed_ms for line in lines if line.names_key(key)] == [1_764_003_600_000]
        assert (witness.requests, log.failures) == (2, [])


def test_a_witness_with_two_keys_signs_with_both() -> None:
    both = Witness("both.example/w", [ED25519, ML_DSA], LOGS)
    with serve_witness(both.respond) as url, deploy_log((both.verifier_keys, url)) as log:
        log.pipeline.grow(2)
        assert log.cosigners.count(both.name) >= 1
        log.pipeline.publish()
        assert log.cosigners == [both.name, both.name]


def test_a_witness_catches_up_after_an_outage() -> None:
    witness = Witness("one.example/w", [ED25519], LOGS)
    with serve_witness(witness.respond) as url:
        port = int(url.split(":")[2].split("/")[0])
    with deploy_log((witness.verifier_keys, url)) as log:
        with serve_witness(witness.respond, port):
            log.pipeline.grow(3)
            assert log.cosigners == [witness.name]
        for _ in range(2):
            log.pipeline.grow(5)
            assert log.cosigners == []
            assert log.failures == [(witness.name, "it cannot be reached: Connection refused")]
        with serve_witness(witness.respond, port):
            log.pipeline.publish()
            assert log.cosigners == [witness.name]
            log.pipeline.grow(5)
            assert log.cosigners == [witness.name]
        assert [text.split("\n")[1] for text in witness.cosigned] == ["3", "13", "18"]
        assert not log.failures


def test_a_witness_that_joins_late_needs_no_proof() -> None:
    witness = Witness("one.example/w", [ML_DSA], LOGS)
    with serve_witness(witness.respond) as url, deploy_log((witness.verifier_keys, url)) as log:
        log.pipeline.grow(4)
        witness.seen.clear()
        log.pipeline.grow(4)
        assert log.cosigners == [witness.name]
        assert witness.requests == 3


def make_other_tree(size: int) -> bytes:
    """Return a submission of another tree that the log's key has signed too."""
    text = f"{ORIGIN}\n{size}\n{'A' * 43}=\n"
    signature = LOG_KEY.sign(text.encode())
    head = f"{text}\n\u2014 {ORIGIN} "
    key_id = sha256(ORIGIN.encode() + b"\n\x01" + LOGS[ORIGIN]).digest()[:4]
    return f"old 0\n\n{head}{b64encode(key_id + signature).decode()}\n".encode()


@pytest.mark.parametrize(
    ("size", "reason"),
    [
        (5, "it responded with status 422"),
        (2, "it responded with status 422"),
        (6, "it responded with status 422"),
        (9, "it has seen 9 entries, but the log has 6"),
    ],
)
def test_a_witness_of_another_tree_refuses(
    servers: Sequence[WitnessServer], size: int, reason: str
) -> None:
    witness = Witness(NAME, [ED25519], LOGS)
    honest = Witness("honest.example/w", [ML_DSA], LOGS)
    pair = [(one.verifier_keys, one.respond) for one in (witness, honest)]
    with deploy_log_of_two(servers, *pair) as log:
        assert witness.add_checkpoint(make_other_tree(size))
        log.pipeline.grow(5)
        log.pipeline.grow(1)
        assert log.cosigners == [honest.name]
        assert log.checkpoint.split("\n")[1] == "6"
        assert log.failures[-1] == (witness.name, reason)
        assert len(witness.cosigned) == 1


def send_response(status: int, body: str, content_type: str = "text/plain") -> Respond:
    return lambda exchange, _: exchange.send(status, body, content_type)


def cosign_with(
    key: Ed25519PrivateKey,
    name: str = NAME,
    change: Callable[[str], str] = str,
    seconds: int = 1_764_000_000,
) -> Respond:
    """Return a witness that changes the submission's text and cosigns it with this key."""

    def respond(exchange: Exchange, body: bytes) -> None:
        submission = Submission.from_body(change(body.decode()).encode())
        exchange.send(200, make_cosignature(submission, name, key, seconds))

    return respond


def redirect(exchange: Exchange, _: bytes) -> None:
    exchange.send_response(307)
    exchange.send_header("Location", "http://127.0.0.1:1/elsewhere")
    exchange.send_header("Content-Length", "0")
    exchange.end_headers()


def hang_up(exchange: Exchange, _: bytes) -> None:
    exchange.close_connection = True


def break_off(exchange: Exchange, _: bytes) -> None:
    exchange.send_response(500)
    exchange.send_header("Transfer-Encoding", "chunked")
    exchange.end_headers()
    exchange.wfile.write(b"9\r\nhalf")
    exchange.close_connection = True


def send_no_http(exchange: Exchange, _: bytes) -> None:
    exchange.wfile.write(b"\x00\xff" * 100 + b"\r\n\r\n")
    exchange.close_connection = True


def respond_slowly(exchange: Exchange, _: bytes) -> None:
    exchange.stopped.wait(120)


def refuse_slowly(exchange: Exchange, _: bytes) -> None:
    exchange.send_response(500)
    exchange.send_header("Content-Length", "100")
    exchange.end_headers()
    exchange.stopped.wait(120)


def drip(start: bytes) -> Respond:
    """Return a witness that sends one byte every 50 ms, so that no single read times out."""

    def respond(exchange: Exchange, _: bytes) -> None:
        exchange.wfile.write(start)
        while not exchange.stopped.wait(0.05):
            exchange.wfile.write(b"x")

    return respond


FAULTY_WITNESSES: Mapping[str, tuple[Respond, str]] = {
    "empty": (send_response(200, ""), "no signature of its key"),
    "garbage": (send_response(200, "\x00\ufffd\n\u2014 a b\n" * 99), "no signature of its key"),
    "huge": (send_response(200, "x" * 40_000_000), "no signature of its key"),
    "huge conflict": (
        send_response(409, "1" * 40_000_000, "text/x.tlog.size"),
        "without the size that it has seen",
    ),
    "other key": (cosign_with(STRANGER), "no signature of its key"),
    "other name": (cosign_with(ED25519, "two.example/w"), "no signature of its key"),
    "other text": (
        cosign_with(ED25519, NAME, lambda text: text.replace("\n1\n", "\n3\n")),
        f"the signature of {NAME} is not valid",
    ),
    "no time": (cosign_with(ED25519, seconds=0), f"the signature of {NAME} is not valid"),
    "far future": (cosign_with(ED25519, seconds=1 << 62), "from after the year 9999"),
    "redirect": (redirect, "it responded with status 307"),
    "conflict without size": (
        send_response(409, "one\n", "text/x.tlog.size"),
        "without the size that it has seen",
    ),
    "conflict for ever": (
        send_response(409, "1\n", "text/x.tlog.size"),
        "it responded with status 409",
    ),
    "negative size": (
        send_response(409, "-1\n", "text/x.tlog.size"),
        "without the size that it has seen",
    ),
    "error": (send_response(500, "oops"), "it responded with status 500"),
    "nothing to say": (send_response(204, ""), "it responded with status 204"),
    "hangs up": (hang_up, "it closed the connection without a response"),
    "breaks off": (break_off, "its response is incomplete"),
    "no HTTP": (send_no_http, "its response is not valid HTTP"),
    "slow": (respond_slowly, "it did not respond in time"),
    "slow to refuse": (refuse_slowly, "it did not respond in time"),
    "drips": (drip(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"), "in time"),
    "drips a header": (drip(b"HTTP/1.1 200 OK\r\nX: "), "in time"),
}


LIKE_OTHERS = {
    "garbage",
    "huge conflict",
    "negative size",
    "no time",
    "nothing to say",
    "other name",
    "slow to refuse",
    "drips a header",
}


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(kind, marks=pytest.mark.slow if kind in LIKE_OTHERS else ())
        for kind in FAULTY_WITNESSES
    ],
)
def test_a_faulty_witness_neither_stops_nor_changes_a_checkpoint(
    servers: Sequence[WitnessServer], kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    respond, reason = FAULTY_WITNESSES[kind]
    timeout = TIMEOUT_SECONDS if reason.endswith("in time") else SLACK_SECONDS
    waiting = partial(HttpWitnesses, timeout_seconds=timeout)
    monkeypatch.setattr("checkpoint.app.HttpWitnesses", waiting)
    honest = Witness("honest.example/w", [ML_DSA], LOGS)
    faulty = Witness(NAME, [ED25519], LOGS)
    pair = (faulty.verifier_keys, respond), (honest.verifier_keys, honest.respond)
    with deploy_log_of_two(servers, *pair) as log:
        log.pipeline.store(queue_event(message(job(event_json()))))
        log.pipeline.commit()
        begun = time.monotonic()
        log.pipeline.publish()
        assert time.monotonic() - begun < TIMEOUT_SECONDS + SLACK_SECONDS
        assert log.cosigners == [honest.name]
        assert NAME not in log.checkpoint
        [(name, found)] = log.failures
        assert name == NAME
        assert reason in found
        threads = [thread for thread in threading.enumerate() if "(ask)" in thread.name]
        for thread in threads:
            thread.join(SLACK_SECONDS)
        assert not [thread for thread in threads if thread.is_alive()], (
            "a witness still blocks a thread"
        )
