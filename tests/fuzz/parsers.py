"""Every parser of the project that reads what others wrote, as a function of bytes.

Texts are UTF-8; what is not becomes lone surrogates. Some parsers check a digest before anything
else. These also stand here with `sealed` in their name: what they read has a right digest, whatever
its content is, as an attacker would write it.
"""

import io
import json
import zlib
from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Callable, Container, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import query.app
from local.api import make_proxy_event
from local.template import Route
from prooftrail.aws.item import decode_item
from prooftrail.aws.ledger import decode_removal_order
from prooftrail.aws.positions import encode_positions, find_positions
from prooftrail.aws.references import decode_reference, encode_references
from prooftrail.aws.stream import read_changes
from prooftrail.cli.json_input import read_json_values
from prooftrail.client.sending.spool import encode_line, parse_segment
from prooftrail.errors import (
    CanonicalizationError,
    ConfigurationError,
    CorruptRecordError,
    InvalidBodyError,
    InvalidCursorError,
    InvalidEventError,
    InvalidPolicyError,
    InvalidProofError,
    InvalidTimestampError,
    MalformedExportError,
    MalformedJobError,
    MalformedNoteError,
    MalformedProofError,
    MalformedTileError,
    UnknownJobTypeError,
    UntrustedNoteError,
    WitnessError,
)
from prooftrail.event.ids import find_shard_by_digest, make_id
from prooftrail.event.keys import IP_ADDRESS, REQUEST_ID, SESSION_ID, make_event_keys
from prooftrail.event.model import FIELD_NAMES, AuditEvent
from prooftrail.event.record import EventRecord
from prooftrail.event.stored import CHANGES_TYPES, ON_BEHALF_OF_TYPES, TARGET_TYPES
from prooftrail.event.times import parse_timestamp
from prooftrail.export.formats import FORMATS
from prooftrail.export.manifest import Manifest, Part, make_part_name
from prooftrail.export.ports import PartFile
from prooftrail.intake.jobs import encode_bulk_job, encode_single_job, parse_job
from prooftrail.intake.submit import parse_submission
from prooftrail.ledger.bundle import BUNDLE_FORMAT, ProofBundle
from prooftrail.ledger.entry import (
    LoggedEvent,
    encode_entry,
    pack_rows,
    pack_tenants,
    parse_entry,
    unpack_rows,
    unpack_tenants,
)
from prooftrail.ledger.receipt import Receipt, pack_receipts, unpack_receipts
from prooftrail.query.cursor import decode_cursor, encode_cursor
from prooftrail.query.filters import Filters
from prooftrail.tlog.checkpoint import Checkpoint
from prooftrail.tlog.merkle import Edge
from prooftrail.tlog.note import Note, Signature, VerifierKey
from prooftrail.tlog.policy import Policy
from prooftrail.tlog.proof import Proof
from prooftrail.tlog.tiles import Tile, pack_entry_bundle, split_hashes, unpack_entry_bundle
from prooftrail.tlog.witness import _find_signature, _parse_size
from prooftrail.tlog.witness_list import parse_witnesses
from tests.support.export_samples import make_exported_event
from tests.support.fake_reader import FakeEvents
from tests.support.log_samples import (
    make_cosignature,
    make_verifier_key,
    make_witness_key,
    sign_checkpoint,
)
from tests.support.reference import compute_path, compute_root
from tests.support.samples import NOW_MS, event_json, make_event_record
from tests.support.stream_samples import make_item, make_stream_record

SHARDS = 4
ORIGIN = "example.com/log"


@dataclass(frozen=True)
class Parser:
    """A parser, valid examples for it, and the errors that its docstring names.

    `parse` returns what was read. If there is an encoder, `encode` returns bytes that are read as
    the same. `pieces` are what an attacker repeats, beside those that are tried with every parser.
    """

    name: str
    parse: Callable[[bytes], Any]
    examples: Sequence[bytes]
    errors: tuple[type[Exception], ...] = ()
    encode: Callable[[Any], bytes] | None = None
    pieces: Sequence[bytes] = ()


def as_text(content: bytes) -> str:
    """Return the text of the bytes. Bytes that are not UTF-8 become lone surrogates."""
    return content.decode(errors="surrogateescape")


def as_bytes(text: object) -> bytes:
    """Return the bytes of the text of a value."""
    return str(text).encode(errors="surrogateescape")


def of_text(parse: Callable[[str], Any]) -> Callable[[bytes], Any]:
    """Return the parser of a text as one of bytes."""
    return lambda content: parse(as_text(content))


def load(content: bytes) -> Any:
    """Return the JSON value in the bytes, or None: the text is not what the parser reads."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


# Events

EVENTS = [
    event_json(),
    event_json(
        eventId="e-1",
        timestamp="2025-11-24T16:00:00.123Z",
        tenantId="acme",
        userId=42,
        username="ada",
        details={"a": [1, 2.5, {"b": None}], "password": "x"},
        metadata={},
        changes={"before": {"a": 1}, "after": {"a": 2}, "fields": ["a"]},
        ipAddress="[2001:db8::1]:443",
        userAgent="curl",
        sessionId="s",
        requestId="r",
        success=False,
        errorMessage="no",
        v=1,
    ),
]
RAW_EVENTS = [json.dumps(event).encode() for event in EVENTS]
RECORDS = [make_event_record(**EVENTS[1]), make_event_record(), make_event_record(success=False)]


def parse_event(content: bytes) -> EventRecord | None:
    """Parse an event as the processor does."""
    try:
        raw = json.loads(content)
    except (ValueError, RecursionError):
        return None
    event = AuditEvent.from_json(
        raw, default_event_id="e-1", default_timestamp_ms=NOW_MS, now_ms=NOW_MS
    )
    return EventRecord.from_event(event, received_at=NOW_MS, retention_days=0)


def encode_job(job: Any) -> bytes:
    """Return the body of a job."""
    if job.is_bulk:
        return encode_bulk_job(job.events, is_masked=job.is_masked).encode()
    return encode_single_job(job.events[0], is_masked=job.is_masked).encode()


# Stored items


def dump_item(item: Mapping[str, Any]) -> bytes:
    """Return an item in JSON, with its bytes in base64, as a stream has them."""
    encoded = {
        name: {"B": b64encode(value["B"]).decode()} if "B" in value else value
        for name, value in item.items()
    }
    return json.dumps(encoded).encode()


def load_item(content: bytes) -> dict[str, Any] | None:
    """Return the item in JSON with bytes in place of base64, as the table returns it."""
    item = load(content)
    try:
        return {
            name: {"B": b64decode(value["B"])} if "B" in value else value
            for name, value in item.items()
        }
    except (AttributeError, TypeError, ValueError):
        return None


def parse_item(item: dict[str, Any] | None) -> Any:
    """Verify an item as everything does that reads one."""
    if item is None:
        return None
    stored = decode_item(item, SHARDS)
    if stored.payload_key is None:  # the fields have the model's types; later versions add some
        fields = {name: stored.fields[name] for name in stored.fields if name in FIELD_NAMES}
        if "changes" in fields:
            fields["changes"] = _keep_names(fields["changes"], CHANGES_TYPES)
        if "onBehalfOf" in fields:
            fields["onBehalfOf"] = _keep_names(fields["onBehalfOf"], ON_BEHALF_OF_TYPES)
        if "targets" in fields:
            fields["targets"] = [_keep_names(each, TARGET_TYPES) for each in fields["targets"]]
        AuditEvent.model_validate(fields | {"v": 1}, by_alias=True, by_name=False)
    return stored


def _keep_names(value: Mapping[str, Any], names: Container[str]) -> dict[str, Any]:
    return {name: item for name, item in value.items() if name in names}


def seal_item(content: bytes) -> dict[str, Any] | None:
    """Return an item with this event, whose digest, id and keys are as right as they can be."""
    event, digest = load(content), sha256(content).digest()
    fields = event if isinstance(event, dict) else {}
    try:
        time_ms = parse_timestamp(fields["timestamp"])
    except Exception:  # noqa: BLE001  # an attacker chooses any other id then
        time_ms = NOW_MS
    keys = make_event_keys(
        tenant_id=str(fields.get("tenantId")),
        shard=find_shard_by_digest(digest, SHARDS),
        action=str(fields.get("action")),
        resource_type=str(fields.get("resourceType")),
        resource_id=str(fields.get("resourceId")),
        user_id=fields.get("userId") and str(fields["userId"]),
        success=bool(fields.get("success")),
    )
    named = {"requestId": REQUEST_ID, "sessionId": SESSION_ID, "ipAddress": IP_ADDRESS}
    texts = keys | {to: str(fields[name]) for name, to in named.items() if name in fields}
    item: dict[str, Any] = {name: {"S": text} for name, text in texts.items()}
    item |= {"id": {"S": make_id(time_ms, digest)}, "digest": {"B": digest}, "v": {"N": "1"}}
    item |= {"receivedAt": {"N": str(NOW_MS)}, "storedAt": {"N": str(NOW_MS)}}
    return item | {"event": {"B": zlib.compress(content)}}


def parse_reference(content: bytes) -> Any:
    """Parse a reference, as the ledger, verification and queries do."""
    item = load_item(content)
    if item is None:
        return None
    found = decode_reference(item)
    assert isinstance(found.fingerprint, bytes)
    return found.partition, found.id, found.stored_at, found.expires_at


def parse_stream(content: bytes) -> Any:
    """Parse a batch of the stream."""
    event = load(content)
    return list(read_changes(event, SHARDS)) if isinstance(event, dict) else None


def parse_sealed_stream(content: bytes) -> Any:
    """Parse a batch of the stream with one new item that has this event."""
    record = make_stream_record("INSERT", 1, new=seal_item(content))
    return list(read_changes({"Records": [record]}, SHARDS))


REFERRED = make_event_record(
    targets=[{"type": "team", "id": "7"}], onBehalfOf={"userId": "ada"}, success=False
)
REFERENCES = encode_references(REFERRED, make_item(REFERRED))
STREAM = json.dumps(
    {
        "Records": [
            make_stream_record("INSERT", 1, new=make_item(RECORDS[0])),
            make_stream_record("MODIFY", 2, old=make_item(RECORDS[1]), new=make_item(RECORDS[2])),
            make_stream_record("REMOVE", 3, old=REFERENCES[0]),
        ]
    }
).encode()


ORDER_ITEM = {
    "pk": {"S": "removals#acme"},
    "sk": {"S": RECORDS[0].id},
    "ids": {"B": bytes(32)},
}


def parse_ledger_item(content: bytes, parse: Callable[[Any], Any]) -> Any:
    """Parse an item of the ledger. It has its keys: no item is without them."""
    item = load_item(content)
    if item is None or not all(isinstance(v, dict) for v in item.values()):
        return None
    if not all(isinstance(item.get(name, {}).get("S"), str) for name in ("pk", "sk")):
        return None
    return parse(item)


# The log

RECEIPTS = [None, *[Receipt.from_submitter(NOW_MS + n, f"AROA{n}:x") for n in range(2)]]
ENTRIES = [
    encode_entry(record.id, record.digest, receipt)
    for record, receipt in zip(RECORDS, RECEIPTS, strict=True)
]
CHECKPOINT = Checkpoint(ORIGIN, len(ENTRIES), compute_root(ENTRIES))
NOTE = sign_checkpoint(CHECKPOINT)
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
COSIGNED = NOTE.with_signatures([make_cosignature(NOTE, "witness", OTHER_KEY, 1_764_000_000)])
WITNESS_KEY = make_witness_key("witness", OTHER_KEY)
PROOF = Proof(1, tuple(compute_path(1, ENTRIES)), NOTE)
LOGGED = [
    LoggedEvent(NOW_MS, record.digest, NOW_MS // 1000, receipt)
    for record, receipt in zip(RECORDS, RECEIPTS, strict=True)
]
POLICY = (
    f"# trusted\nlog {make_verifier_key()}\nwitness w1 {WITNESS_KEY}\ngroup g any w1\nquorum g\n"
)


def parse_checkpoint(text: str) -> Checkpoint:
    """Parse a note and the checkpoint in it."""
    return Checkpoint.from_note(Note.from_text(text))


def seal_bundle(content: bytes) -> str:
    """Return a bundle of this event, with the id that it has if it is one."""
    try:
        time_ms = parse_timestamp(json.loads(content)["timestamp"])
    except Exception:  # noqa: BLE001  # the bundle then names any id
        time_ms = 0
    event_id = make_id(time_ms, sha256(content).digest())
    event = content.decode(errors="replace")
    found = {"format": BUNDLE_FORMAT, "id": event_id, "event": event, "proof": str(PROOF)}
    return json.dumps(found)


def parse_receipts(content: bytes) -> Any:
    """Parse the receipts of three events; the first byte is the length of their times."""
    end = 1 + (content[0] if content else 0)
    return unpack_receipts(content[1:end], content[end:], len(RECEIPTS))


def encode_receipts(receipts: Any) -> bytes:
    """Return the receipts in bytes, see `parse_receipts`. All-absent ones have no bytes."""
    times, submitters = pack_receipts(receipts) or (b"", b"")
    return bytes([len(times)]) + times + submitters


def parse_tenants(content: bytes) -> list[str]:
    """Parse the tenants of a commit; the first byte is their number."""
    return unpack_tenants(content[1:], content[0] if content else 0)


def parse_edge(content: bytes) -> Edge:
    """Parse the right edge of a tree; the first eight bytes are its size."""
    return Edge.from_bytes(int.from_bytes(content[:8], "big"), content[8:])


def parse_positions(content: bytes) -> Any:
    """Parse an item with positions."""
    find = partial(find_positions, digest=RECORDS[0].digest)
    return parse_ledger_item(content, find)


def parse_witness_answer(content: bytes) -> Signature:
    """Parse the response of a witness to a checkpoint."""
    return _find_signature(content.decode(errors="replace"), NOTE, WITNESS_KEY)


# Exports


def write_lines(name: str) -> bytes:
    """Return a file of an export with this format."""
    file = io.BytesIO()
    writer = FORMATS[name].make_writer(file, ORIGIN)
    for position in range(2):
        writer.write(make_exported_event(position, **EVENTS[position]))
    writer.finish()
    return file.getvalue()


def parse_lines(name: str, content: bytes) -> Any:
    """Read a file of an export with this format."""
    return list(FORMATS[name].read_claims(io.BytesIO(content)))


LINE_FORMATS = [name for name in FORMATS if name != "parquet"]


def make_manifest() -> Manifest:
    """Return a valid manifest."""
    name, files = "ndjson", ("ndjson", "leaves")
    event_file, leaf_file = (
        PartFile(make_part_name(0, len(ENTRIES), each), 10, "0" * 64) for each in files
    )
    part = Part(0, 3, event_file, leaf_file, 1, 0, 0, ((1, 2),), ())
    edge = Edge().with_leaves([sha256(b"\0" + entry).digest() for entry in ENTRIES])
    made_at = "2026-11-24T08:00:00.000Z"
    return Manifest(name, ("acme",), NOTE, Edge(), edge, (), (part,), "prooftrail", made_at)


def seal_manifest(content: bytes) -> str:
    """Return a manifest with this content and its right digest."""
    found = load(content)
    fields = found if isinstance(found, dict) else {}
    fields.pop("digest", None)

    def write() -> str:
        return json.dumps(fields, ensure_ascii=False, indent=1) + "\n"

    with suppress(UnicodeEncodeError):
        fields["digest"] = sha256(write().encode()).hexdigest()
    return write()


# Requests

FILTERS = Filters("acme", user_id="u-1")
ROUTE = Route("GET", "/audit-logs", "")


def seal_cursor(content: bytes) -> str:
    """Return a cursor of the right version and filters with any id."""
    raw = b"\x01" + FILTERS.fingerprint(descending=True) + content
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


class RefusedRequestError(Exception):
    """The API responded 400."""


def parse_parameters(content: bytes) -> Any:
    """Send a query string to `GET /audit-logs`, in front of these records."""
    target = f"/audit-logs?{quote(content, safe='&=+%')}"
    event = make_proxy_event(ROUTE, target, path_parameters={})
    with patch.object(query.app, "make_reader", lambda: FakeEvents(RECORDS)):
        response = query.app.lambda_handler(event, None)
    if response["statusCode"] == 400:
        raise RefusedRequestError(response["body"])
    assert response["statusCode"] == 200, response["body"]
    return None


REFUSED_EVENT = (InvalidEventError, CanonicalizationError)
REFUSED_JOB = (MalformedJobError, UnknownJobTypeError)
JOB_PIECES = [b'{"a":', b"[[],", b"1.5,", b'"a":1,']

PARSERS = [
    Parser("event", parse_event, RAW_EVENTS, REFUSED_EVENT, lambda record: record.canonical),
    Parser(
        "job",
        of_text(parse_job),
        [encode_single_job(EVENTS[1]).encode(), encode_bulk_job(EVENTS, is_masked=True).encode()],
        REFUSED_JOB,
        encode_job,
        JOB_PIECES,
    ),
    Parser(
        "submission",
        of_text(parse_submission),
        [*RAW_EVENTS, json.dumps({"events": EVENTS}).encode()],
        (InvalidBodyError,),
    ),
    Parser(
        "json-file",
        lambda content: sum(1 for _ in read_json_values(io.BytesIO(content))),
        [b"\n".join(RAW_EVENTS), json.dumps({"events": EVENTS}, indent=1).encode()],
        (MalformedJobError,),
        pieces=[b"{\n"],
    ),
    Parser(
        "timestamp",
        of_text(parse_timestamp),
        [b"2026-11-24T08:00:00.123Z", b"1990-12-31 15:59:60-0800"],
        (InvalidTimestampError,),
    ),
    Parser(
        "cursor",
        of_text(partial(decode_cursor, filters=FILTERS, descending=True)),
        [encode_cursor(FILTERS, RECORDS[0].id, descending=True).encode()],
        (InvalidCursorError,),
        lambda found: encode_cursor(FILTERS, found, descending=True).encode(),
    ),
    Parser(
        "cursor-sealed",
        lambda content: decode_cursor(seal_cursor(content), FILTERS, descending=True),
        [RECORDS[0].id.encode()],
        (InvalidCursorError,),
    ),
    Parser(
        "parameters",
        parse_parameters,
        [
            b"tenantId=acme&userId=u-1&limit=5&order=asc&startDate=2025-01-01",
            b"action=user.*&success=false&ipAddress=%5B%3A%3A1%5D&endDate=2025-11-24T08:00:00%2B01:00",
        ],
        (RefusedRequestError,),
    ),
    Parser(
        "note",
        of_text(Note.from_text),
        [as_bytes(NOTE), as_bytes(COSIGNED)],
        (MalformedNoteError,),
        as_bytes,
    ),
    Parser("checkpoint", of_text(parse_checkpoint), [as_bytes(NOTE)], (MalformedNoteError,)),
    Parser(
        "verifier-key",
        of_text(VerifierKey.from_text),
        [as_bytes(WITNESS_KEY)],
        (MalformedNoteError,),
        as_bytes,
    ),
    Parser(
        "policy",
        of_text(Policy.from_text),
        [POLICY.encode()],
        (InvalidPolicyError,),
        pieces=[b"quorum g\n", b"group x any g\n", b"# \n"],
    ),
    Parser(
        "witnesses",
        of_text(parse_witnesses),
        [f"{WITNESS_KEY} https://w.example/x".encode()],
        (ConfigurationError,),
    ),
    Parser("witness-size", of_text(_parse_size), [b"12\n"], (WitnessError,)),
    Parser(
        "witness-answer",
        parse_witness_answer,
        [as_bytes(COSIGNED.signatures[-1]) + b"\n"],
        (WitnessError, UntrustedNoteError, MalformedNoteError),
    ),
    Parser("proof", of_text(Proof.from_text), [as_bytes(PROOF)], (MalformedProofError,), as_bytes),
    Parser(
        "bundle",
        of_text(ProofBundle.from_json),
        [
            ProofBundle(RECORDS[1].canonical, PROOF).to_json().encode(),
            ProofBundle(RECORDS[1].canonical, PROOF, RECEIPTS[1]).to_json().encode(),
        ],
        (MalformedProofError, InvalidProofError),
        lambda found: as_bytes(found.to_json()),
    ),
    Parser(
        "bundle-sealed",
        lambda content: ProofBundle.from_json(seal_bundle(content)),
        [record.canonical for record in RECORDS],
        (MalformedProofError, InvalidProofError),
        lambda found: found.canonical,
    ),
    Parser(
        "tile-path",
        of_text(Tile.from_path),
        [b"tile/0/x001/067.p/12", b"tile/entries/000"],
        (MalformedTileError,),
        lambda tile: tile.path.encode(),
        [b"/x001", b"x"],
    ),
    Parser(
        "tile",
        partial(split_hashes, Tile(0, 0, 3)),
        [b"".join(PROOF.hashes) + bytes(32)],
        (MalformedTileError,),
        b"".join,
    ),
    Parser(
        "entry-bundle",
        lambda content: unpack_entry_bundle(content, len(ENTRIES)),
        [pack_entry_bundle(ENTRIES)],
        (MalformedTileError,),
        pack_entry_bundle,
    ),
    Parser("entry", parse_entry, ENTRIES, (MalformedTileError,), lambda found: found.entry),
    Parser("rows", unpack_rows, [pack_rows(LOGGED)], (MalformedTileError,), pack_rows),
    Parser("receipts", parse_receipts, [encode_receipts(RECEIPTS)], (MalformedTileError,)),
    Parser(
        "tenants",
        parse_tenants,
        [b"\x02" + pack_tenants(["acme", "acme"]), b"\x02" + pack_tenants(["acme", "b"])],
        (MalformedTileError,),
    ),
    Parser(
        "edge",
        parse_edge,
        [bytes(7) + b"\x03" + bytes(64)],
        (InvalidProofError,),
        lambda edge: edge.size.to_bytes(8, "big") + edge.to_bytes(),
    ),
    Parser(
        "positions",
        parse_positions,
        [dump_item(item) for item in encode_positions(LOGGED, 7)],
        (CorruptRecordError,),
    ),
    Parser(
        "removal-order",
        lambda content: parse_ledger_item(content, decode_removal_order),
        [dump_item(ORDER_ITEM)],
        (CorruptRecordError,),
    ),
    Parser(
        "item",
        lambda content: parse_item(load_item(content)),
        [dump_item(make_item(record)) for record in RECORDS],
        (CorruptRecordError,),
    ),
    Parser(
        "item-sealed",
        lambda content: parse_item(seal_item(content)),
        [record.canonical for record in RECORDS],
        (CorruptRecordError,),
    ),
    Parser(
        "reference",
        parse_reference,
        [dump_item(item) for item in REFERENCES],
        (CorruptRecordError,),
    ),
    Parser("stream", parse_stream, [STREAM], (CorruptRecordError,)),
    Parser(
        "stream-sealed",
        parse_sealed_stream,
        [record.canonical for record in RECORDS],
        (CorruptRecordError,),
    ),
    Parser(
        "manifest",
        of_text(Manifest.from_json),
        [make_manifest().to_json().encode()],
        (MalformedExportError,),
        lambda manifest: as_bytes(manifest.to_json()),
    ),
    Parser(
        "manifest-sealed",
        lambda content: Manifest.from_json(seal_manifest(content)),
        [make_manifest().to_json().encode()],
        (MalformedExportError,),
        lambda manifest: as_bytes(manifest.to_json()),
    ),
    *(
        Parser(
            f"export-{name}",
            partial(parse_lines, name),
            [write_lines(name)],
            (MalformedExportError,),
        )
        for name in LINE_FORMATS
    ),
    Parser("spool", parse_segment, [encode_line("{}") + encode_line('{"a": 1}')]),
]
