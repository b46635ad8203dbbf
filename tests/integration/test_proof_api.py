"""The published log over the API: its responses are enough to verify an event offline."""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from local.signing_key import create_key_file
from local.template import Stack
from prooftrail.aws.clients import client
from prooftrail.event.times import now_ms, parse_timestamp
from prooftrail.runtime.config import get_settings
from prooftrail.tlog.note import Note, VerifierKey
from prooftrail.tlog.signatures import find_signers
from tests.support.api import TEXT, Api, ApiResponse, load_sample
from tests.support.faults import Fault, inject_fault
from tests.support.pipeline import Pipeline
from tests.support.reference import (
    EMPTY_ROOT,
    EMPTY_STATES,
    compute_path,
    compute_proof,
    compute_root,
)
from tests.support.samples import (
    NOW_MS,
    SENDER,
    bulk_job,
    event_json,
    job,
    make_event_record,
    message,
    queue_event,
)
from tests.support.trail import read_events, read_items
from tests.support.witness_server import is_consistent

ORIGIN = "audit-log-dev.us-east-1.123456789012"
LOGIN = "/audit-logs/01JN8EY2S87N7CETXM8GW8XKH3/proof"  # of events/sqs-good.json
ACME = {"custom:tenantId": "acme"}


CONSISTENCY = "/audit-logs/log/consistency"
INVALID_SIZES = ("", "-1", "1.0", "01", "+1", "x", "\u0663", str(1 << 53), "9" * 200, ["0", "0"])
INVALID_ROOTS = (
    "",
    "x",
    EMPTY_ROOT[:-1],
    EMPTY_ROOT.replace("+", " "),
    EMPTY_ROOT.replace("U=", "V="),
    EMPTY_ROOT * 2,
)


@pytest.fixture
def api(aws: Stack) -> Api:
    return Api(aws)


@pytest.fixture
def pipeline(aws: Stack, api: Api) -> Pipeline:
    return Pipeline(aws, api.runtime)


@pytest.fixture
def published(pipeline: Pipeline) -> Pipeline:
    """Publish `events/sqs-good.json`, three events of acme."""
    pipeline.store(load_sample("sqs-good.json"))
    pipeline.commit()
    pipeline.publish()
    return pipeline


def make_verifier_key() -> str:
    """Make the log's verifier key from its signing key, not from a response of the API."""
    key: Any = load_pem_private_key(create_key_file().read_bytes(), password=None)
    typed = b"\x01" + key.public_key().public_bytes_raw()
    key_id = sha256(ORIGIN.encode() + b"\n" + typed).hexdigest()[:8]
    return f"{ORIGIN}+{key_id}+{b64encode(typed).decode()}"


def read_root(note: str, size: int) -> bytes:
    """Check a checkpoint's origin, size and signature. Return its root hash."""
    text, _, signatures = note.rpartition("\n\n")
    origin, count, root = text.split("\n")
    assert (origin, count) == (ORIGIN, str(size))
    assert signatures.startswith(f"\u2014 {ORIGIN} ")
    name, key_id, key = make_verifier_key().split("+", 2)
    signature = b64decode(signatures.splitlines()[0].split(" ")[2])
    assert (name, key_id) == (ORIGIN, signature[:4].hex())
    public_key = Ed25519PublicKey.from_public_bytes(b64decode(key)[1:])
    public_key.verify(signature[4:], f"{text}\n".encode())
    trusted = VerifierKey.from_text(make_verifier_key())
    assert find_signers(Note.from_text(note), [trusted]) == [trusted]
    return b64decode(root, validate=True)


def assert_proves(proof: str, entry: bytes, entries: Sequence[bytes]) -> None:
    """Check that the tlog-proof has the entry's position in a signed log of these entries."""
    head, _, note = proof.partition("\n\n")
    first, index, *hashes = head.split("\n")
    position = entries.index(entry)
    assert first == "c2sp.org/tlog-proof@v1"
    assert index == f"index {position}"
    assert [b64decode(text, validate=True) for text in hashes] == compute_path(position, entries)
    assert read_root(note, len(entries)) == compute_root(entries)


def make_entry(bundle: Mapping[str, Any]) -> bytes:
    """Return the log's entry of the event in a bundle."""
    content = {"digest": sha256(bundle["event"].encode()).hexdigest(), "id": bundle["id"]}
    if bundle["format"] == "auditlog-bundle/v1":
        return json.dumps({**content, "v": 1}, separators=(",", ":")).encode()
    submitter = sha256(bundle["submittedBy"].encode()).hexdigest()
    receipt = {"receivedAt": bundle["receivedAt"], "submitter": submitter, "v": 2}
    return json.dumps(content | receipt, separators=(",", ":")).encode()


def read_error(response: ApiResponse) -> tuple[int, str]:
    """Return the status and the code of an error. A server error must show no internals."""
    error = response.body["error"]
    if response.status >= 500:
        assert len(error["message"]) < 30
        assert set(error) == {"code", "message"}
    assert response.headers["Cache-Control"] == "no-store"
    return response.status, error["code"]


def test_the_samples_of_events_answer(api: Api, published: Pipeline) -> None:
    texts = {name: api.respond(load_sample(f"api-{name}.json")) for name in ("proof", "checkpoint")}
    for response in texts.values():
        assert (response.status, response.headers["Content-Type"]) == (200, TEXT)
    assert texts["proof"].body.endswith("\n\n" + texts["checkpoint"].body)
    status, log = api.send(load_sample("api-log.json"))
    as_of = parse_timestamp(log.pop("asOf"))
    assert now_ms() - 120_000 < as_of <= now_ms()
    named = {"origin": ORIGIN, "verifierKey": make_verifier_key(), "witnesses": []}
    assert (status, log) == (200, {**named, "size": 3})
    status, bundle = api.send(load_sample("api-bundle.json"))
    assert (status, bundle["proof"]) == (200, texts["proof"].body)
    status, bundle = api.send(load_sample("api-tile.json"))
    assert status == 200
    assert bundle == b"".join(len(entry).to_bytes(2, "big") + entry for entry in published.entries)


def test_every_event_of_a_growing_log_has_a_proof(aws: Stack, api: Api, pipeline: Pipeline) -> None:
    for number in (1, 2, 90, 90, 90):
        pipeline.grow(number)
    entries = pipeline.entries
    assert len(entries) == 273
    for position in (0, 1, 2, 127, 255, 256, 272):
        event_id = json.loads(entries[position])["id"]
        status, proof = api.get(f"/audit-logs/{event_id}/proof")
        assert status == 200
        assert_proves(proof, entries[position], entries)
        status, same = api.get(f"/audit-logs/{event_id}/proof", format="tlog-proof")
        assert (status, same) == (200, proof)
        status, bundle = api.get(f"/audit-logs/{event_id}/proof/unmasked")
        assert (status, bundle["format"], bundle["id"]) == (200, "auditlog-bundle/v2", event_id)
        assert bundle["proof"] == proof
        assert make_entry(bundle) == entries[position]
        assert (bundle["receivedAt"], bundle["submittedBy"]) == (NOW_MS, SENDER)
        assert json.loads(bundle["event"]) == read_events(aws)[event_id]


def test_events_without_a_submitter_keep_entries_of_version_1(api: Api, pipeline: Pipeline) -> None:
    """A log of version 1 goes on with entries of version 2, and proves both."""
    for sender_id in ("", SENDER, ""):
        events = [event_json(eventId=f"{sender_id} {pipeline.next_number()}") for _ in range(2)]
        pipeline.store(queue_event(message(bulk_job(*events), sender_id=sender_id)))
        pipeline.commit()
        pipeline.publish()
    entries = pipeline.entries
    assert [json.loads(entry)["v"] for entry in entries] == [1, 1, 2, 2, 1, 1]
    for entry in entries:
        status, bundle = api.get(f"/audit-logs/{json.loads(entry)['id']}/proof/unmasked")
        assert (status, make_entry(bundle)) == (200, entry)
        assert_proves(bundle["proof"], entry, entries)


def test_the_proof_of_an_event_that_was_delivered_again_has_its_first_receipt(
    api: Api, pipeline: Pipeline
) -> None:
    event = event_json(eventId="e-1", timestamp="2025-11-24T08:00:00.000Z")
    pipeline.store(queue_event(message(job(event))))
    pipeline.commit()
    pipeline.publish()
    again = replace(message(job(event)), sent_at=NOW_MS + 60_000, sender_id="AIDAOTHER")
    pipeline.store(queue_event(again))
    [stored] = api.list_items()
    assert stored["submittedBy"] == "AIDAOTHER"
    status, bundle = api.get(f"/audit-logs/{stored['id']}/proof/unmasked")
    assert (status, bundle["receivedAt"], bundle["submittedBy"]) == (200, NOW_MS, SENDER)
    assert_proves(bundle["proof"], make_entry(bundle), pipeline.entries)


def test_a_large_events_bundle_holds_the_whole_event(
    aws: Stack, api: Api, pipeline: Pipeline
) -> None:
    pipeline.store(load_sample("sqs-oversize.json"))
    pipeline.commit()
    pipeline.publish()
    assert client("s3").list_objects_v2(Bucket=get_settings().overflow_bucket)["KeyCount"] >= 1
    stored = read_events(aws)
    assert stored
    for event_id, event in stored.items():
        status, bundle = api.get(f"/audit-logs/{event_id}/proof/unmasked", tenantId="acme")
        assert status == 200
        assert json.loads(bundle["event"]) == event
        assert_proves(bundle["proof"], make_entry(bundle), pipeline.entries)
    assert max(len(json.dumps(event)) for event in stored.values()) > 400_000


def test_an_unpublished_event_says_when_to_retry(api: Api, pipeline: Pipeline) -> None:
    steps = (
        lambda: pipeline.store(load_sample("sqs-good.json")),
        pipeline.commit,
        lambda: pipeline.store(queue_event(message(job(event_json(tenantId="acme"))))),
        pipeline.commit,
    )
    for number, step in enumerate(steps):
        step()
        if number == 2:
            pipeline.publish()
        path = LOGIN if number < 2 else f"/audit-logs/{find_newest_id(api)}/proof"
        for form in ("", "/unmasked"):
            response = api.get_response(f"{path}{form}", tenantId="acme")
            assert read_error(response) == (404, "not_published")
            assert response.headers["Retry-After"] == "60"
    pipeline.publish()
    for path in (LOGIN, f"/audit-logs/{find_newest_id(api)}/proof"):
        assert api.get(path, tenantId="acme")[0] == 200


def find_newest_id(api: Api) -> str:
    """Return the id of acme's newest event."""
    event_id: str = api.list_items(tenantId="acme")[0]["id"]
    return event_id


@pytest.mark.parametrize("path", ["/audit-logs/log", "/audit-logs/checkpoint"])
def test_a_log_without_a_checkpoint_says_when_to_retry(api: Api, path: str) -> None:
    response = api.get_response(path)
    assert read_error(response) == (404, "not_published")
    assert response.headers["Retry-After"] == "60"


def test_an_invalid_parameter_is_refused(api: Api, published: Pipeline) -> None:
    refused: list[tuple[str, Mapping[str, object], str]] = [
        (LOGIN, {"format": "xml"}, "format"),
        (LOGIN, {"format": ["tlog-proof", "tlog-proof"]}, "format"),
        (f"{LOGIN}/unmasked", {"format": "json"}, "format"),
        (LOGIN, {"formats": "json"}, "formats"),
        (LOGIN, {"tenantId": "a/b"}, "tenantId"),
        ("/audit-logs/nonsense/proof", {}, "id"),
        (LOGIN.lower(), {}, "id"),
        ("/audit-logs/log", {"tenantId": "acme"}, "tenantId"),
        ("/audit-logs/checkpoint", {"size": "1"}, "size"),
        ("/audit-logs/tile/0/000.p/3", {"width": "3"}, "width"),
        (CONSISTENCY, {**EMPTY_STATES, "tenantId": "acme"}, "tenantId"),
        *((CONSISTENCY, {**EMPTY_STATES, "oldSize": size}, "oldSize") for size in INVALID_SIZES),
        *((CONSISTENCY, {**EMPTY_STATES, "root": root}, "root") for root in INVALID_ROOTS),
        (CONSISTENCY, {**EMPTY_STATES, "oldSize": "1"}, "oldSize"),
        *(
            (CONSISTENCY, {n: value for n, value in EMPTY_STATES.items() if n != name}, name)
            for name in EMPTY_STATES
        ),
    ]
    for path, parameters, field in refused:
        response = api.get_response(path, **parameters)
        assert read_error(response) == (400, "invalid_query"), path
        [problem] = response.body["error"]["fields"]
        assert problem["field"] == field
        assert problem["rule"]


def test_a_tenant_gets_its_own_proofs_alone(api: Api, published: Pipeline) -> None:
    absent = f"/audit-logs/{make_event_record().id}/proof"
    assert read_error(api.get_response(absent)) == (404, "event_not_found")
    assert read_error(api.get_response(LOGIN)) == (404, "event_not_found")
    assert read_error(api.get_response(LOGIN, tenantId="acm")) == (404, "event_not_found")
    assert api.get(LOGIN, claims=ACME) == api.get(LOGIN, tenantId="acme")
    assert api.get(LOGIN, claims=ACME, tenantId="acme")[0] == 200
    other = {"custom:tenantId": "other"}
    assert read_error(api.get_response(LOGIN, claims=other)) == (404, "event_not_found")
    assert read_error(api.get_response(LOGIN, claims=other, tenantId="acme")) == (
        403,
        "tenant_forbidden",
    )


def test_a_token_sees_the_log_and_no_tile(api: Api, published: Pipeline) -> None:
    for path in ("/audit-logs/log", "/audit-logs/checkpoint"):
        assert api.get(path, claims=ACME) == api.get(path)
        for claims in ({}, {"sub": "1"}, {"custom:tenantId": "a#b"}):
            assert read_error(api.get_response(path, claims=claims)) == (403, "tenant_forbidden")
    for tile in ("0/000.p/3", "entries/000.p/3", "entries/000"):
        response = api.get_response(f"/audit-logs/tile/{tile}", claims=ACME)
        assert read_error(response) == (403, "tenant_forbidden")


def test_the_checkpoint_and_the_tiles_equal_the_objects_of_the_bucket(
    api: Api, pipeline: Pipeline
) -> None:
    for number in (5, 90, 90, 90):
        pipeline.grow(number)
    bucket = get_settings().log_bucket
    objects = {
        item["Key"]: client("s3").get_object(Bucket=bucket, Key=item["Key"])["Body"].read()
        for item in client("s3").list_objects_v2(Bucket=bucket)["Contents"]
    }
    checkpoint = api.get_response("/audit-logs/checkpoint")
    assert checkpoint.headers["Content-Type"] == TEXT
    assert checkpoint.body.encode() == objects.pop("checkpoint")
    assert read_root(checkpoint.body, 275) == compute_root(pipeline.entries)
    assert {"tile/0/000", "tile/0/001.p/19", "tile/1/000.p/1", "tile/entries/000"} <= objects.keys()
    for path, content in objects.items():
        response = api.get_response(f"/audit-logs/{path}")
        assert (response.status, response.body) == (200, content)
        assert response.headers["Content-Type"] == "application/octet-stream"
        assert response.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    leaves = [sha256(b"\x00" + entry).digest() for entry in pipeline.entries]
    assert objects["tile/0/000"] + objects["tile/0/001.p/19"] == b"".join(leaves)
    assert objects["tile/1/000.p/1"] == compute_root(pipeline.entries[:256])


def prove_consistency(
    api: Api, old: tuple[int, bytes], new: tuple[int, bytes], claims: Any = None
) -> ApiResponse:
    """Return the response to a request for the proof between two states, each of size and root."""
    states = {"oldSize": old[0], "oldRoot": b64encode(old[1]).decode()}
    states |= {"size": new[0], "root": b64encode(new[1]).decode()}
    return api.get_response(CONSISTENCY, claims=claims, **states)


def test_the_checkpoints_of_a_growing_log_are_consistent(api: Api, pipeline: Pipeline) -> None:
    before = prove_consistency(api, (0, compute_root([])), (0, compute_root([])))
    assert read_error(before) == (404, "not_published")
    states = [(0, compute_root([]))]
    for number in (1, 2, 60):
        pipeline.grow(number)
        size = len(pipeline.entries)
        states.append((size, read_root(api.get("/audit-logs/checkpoint")[1], size)))
    for at, new in enumerate(states):
        for old in states[: at + 1]:
            response = prove_consistency(api, old, new, claims=ACME)
            assert response.status == 200
            assert (response.body["oldSize"], response.body["size"]) == (old[0], new[0])
            hashes = [b64decode(text, validate=True) for text in response.body["hashes"]]
            expected = compute_proof(old[0], pipeline.entries[: new[0]]) if old[0] else []
            assert hashes == expected
            assert is_consistent(*old, *new, hashes)
    assert response.body == prove_consistency(api, old, new).body  # of an IAM caller


def test_a_state_that_the_log_never_had_gets_no_proof(api: Api, published: Pipeline) -> None:
    """So nobody learns the hash of an entry by asking for any two sizes."""
    roots = [compute_root(published.entries[:size]) for size in range(4)]
    other = sha256(b"other").digest()
    for old, new, reason in (
        ((2, other), (3, roots[3]), "the log of 2 entries does not have the given root hash"),
        ((2, roots[3]), (3, roots[3]), "the log of 2 entries does not have"),
        ((2, roots[2]), (3, roots[2]), "the log of 3 entries does not have"),
        ((0, other), (3, roots[3]), "the log of 0 entries does not have"),
        ((3, roots[3]), (4, other), "the log has 3 entries, not 4"),
        ((4, other), (4, other), "the log has 3 entries, not 4"),
    ):
        response = prove_consistency(api, old, new)
        assert read_error(response) == (404, "checkpoint_not_in_log")
        assert reason in response.body["error"]["message"]
        assert "hashes" not in response.body


def test_a_path_that_is_not_a_tile_is_not_found(api: Api, published: Pipeline) -> None:
    for path in (
        "../checkpoint",
        "0/../../checkpoint",
        "0/000.p/03",
        "00/000.p/3",
        "0/0000.p/3",
        "0/000.p/3/",
        "0/000.p/3%00",
        "0/x000/000.p/3",
        "0/000.p/2",
        "0/000.p/4",
        "0/000.p/256",
        "0/000",
        "0/001",
        "1/000.p/1",
        "entries/000.p/\u0663",
        "entries",
        "checkpoint",
        "64/000",
        "0/" + "x999/" * 6 + "999",
    ):
        response = api.get_response(f"/audit-logs/tile/{path}")
        assert read_error(response) == (404, "tile_not_found"), path


@pytest.mark.parametrize("damage", ["own leaf", "neighbour", "cut off", "longer", "gone"])
def test_a_damaged_tile_proves_nothing(api: Api, published: Pipeline, damage: str) -> None:
    bucket, key = get_settings().log_bucket, "tile/0/000.p/3"
    content = client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    offset = 32 if damage == "neighbour" else 0
    changed = {
        "cut off": content[:-1],
        "longer": content + bytes(32),
    }.get(damage, content[:offset] + bytes([content[offset] ^ 1]) + content[offset + 1 :])
    client("s3").delete_object(Bucket=bucket, Key=key)
    if damage != "gone":
        client("s3").put_object(Bucket=bucket, Key=key, Body=changed)
    for path in (LOGIN, f"{LOGIN}/unmasked"):
        response = api.get_response(path, tenantId="acme")
        assert read_error(response) == (500, "internal_error")
    old, new = (compute_root(published.entries[:size]) for size in (2, 3))
    assert read_error(prove_consistency(api, (2, old), (3, new))) == (500, "internal_error")
    client("s3").put_object(Bucket=bucket, Key=key, Body=content)
    assert api.get(LOGIN, tenantId="acme")[0] == 200
    assert prove_consistency(api, (2, old), (3, new)).status == 200


@pytest.mark.parametrize(
    ("partition", "attribute", "value"),
    [
        ("positions#", "rows", {"S": "text"}),
        ("positions#", "rows", {"B": b"seven b"}),
        ("positions#", "rows", None),
        ("checkpoint", "note", {"S": "no note"}),
        ("checkpoint", "edge", {"B": bytes(64)}),
        ("checkpoint", "edge", {"B": bytes(63)}),
        ("checkpoint", "size", {"N": "2"}),
        ("checkpoint", "verifierKey", {"S": "example.com+0+0"}),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_damaged_position_or_checkpoint_proves_nothing(
    aws: Stack, api: Api, published: Pipeline, partition: str, attribute: str, value: Any
) -> None:
    for item in read_items(aws, "AuditLedgerTable"):
        if item["pk"]["S"].startswith(partition):
            damaged = {name: stored for name, stored in item.items() if name != attribute}
            damaged |= {attribute: value} if value else {}
            client("dynamodb").put_item(TableName=get_settings().ledger_table, Item=damaged)
    assert read_error(api.get_response(LOGIN, tenantId="acme")) == (500, "internal_error")


def test_a_throttled_store_says_when_to_retry(api: Api, published: Pipeline) -> None:
    assert api.get(LOGIN, tenantId="acme")[0] == 200
    old, new = (b64encode(compute_root(published.entries[:size])).decode() for size in (2, 3))
    paths: dict[str, dict[str, str]] = {
        LOGIN: {"tenantId": "acme"},
        "/audit-logs/log": {},
        "/audit-logs/tile/0/000.p/3": {},
        CONSISTENCY: {"oldSize": "2", "oldRoot": old, "size": "3", "root": new},
    }
    counts = []
    for path, parameters in paths.items():
        with inject_fault() as calls:
            assert api.get(path, **parameters)[0] == 200
        counts.append(len(calls))
        for nth in range(len(calls)):
            for fault in (Fault.REFUSED, Fault.RESPONSE_LOST):
                with inject_fault(nth, fault):
                    response = api.get_response(path, **parameters)
                assert read_error(response) == (503, "store_unavailable")
                assert response.headers["Retry-After"] == "2"
    assert counts == [6, 1, 1, 2]
