"""The proof function: returns the published log, and proofs that it covers an event."""

import json
from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from typing import Any

from aws_lambda_powertools.event_handler import Response

from prooftrail.aws.clients import client
from prooftrail.aws.event_reader import DynamoEventReader
from prooftrail.aws.log import DynamoLog
from prooftrail.aws.payloads import S3PayloadStore
from prooftrail.aws.published_log import S3PublishedLog
from prooftrail.event.times import format_timestamp
from prooftrail.ledger.consistency import LogState, prove_consistency
from prooftrail.ledger.prove import Prover, read_latest_publication, read_tile
from prooftrail.runtime import parameters
from prooftrail.runtime.after_response import AfterResponse
from prooftrail.runtime.callers import Right, require_iam_caller, resolve_tenant
from prooftrail.runtime.config import find_extensions_api, get_settings
from prooftrail.runtime.reads import ReadAudit
from prooftrail.runtime.resolver import make_resolver
from prooftrail.runtime.responses import (
    describe_responses,
    describe_right,
    respond_with_json,
    respond_with_text,
    respond_with_tile,
)
from prooftrail.runtime.shard_count import require_same_shard_count
from prooftrail.tlog.note import VerifierKey
from prooftrail.tlog.witness_list import parse_witnesses

app = make_resolver()
after_response = AfterResponse(find_extensions_api())


@cache
def make_prover() -> Prover:
    """Return the prover, made on first use. Refuse a trail with another shard count."""
    conf = get_settings()
    dynamodb = client("dynamodb")
    require_same_shard_count()
    payloads = S3PayloadStore(lambda: client("s3"), conf.overflow_bucket)
    return Prover(
        DynamoEventReader(dynamodb, conf.events_table, conf.shard_count, payloads),
        DynamoLog(dynamodb, conf.ledger_table),
        S3PublishedLog(client("s3"), conf.log_bucket),
    )


@cache
def get_witness_keys() -> Sequence[VerifierKey]:
    """Return the keys of the witnesses that the log asks for cosignatures."""
    return [witness.key for witness in parse_witnesses(get_settings().witnesses)]


@cache
def make_read_audit() -> ReadAudit:
    """Return the audit of this function's reads, made on first use."""
    return ReadAudit(after_response)


@app.get(
    "/audit-logs/<id>/proof",
    operation_id="getProof",
    summary="Prove an event",
    description=(
        "Returns a proof that the latest checkpoint covers the event: a C2SP tlog-proof, which "
        "does not hold the event. For an event that is stored and not yet published, the status is "
        "404, with the code `not_published` and `Retry-After`. " + describe_right(Right.AUDIT)
    ),
    responses=describe_responses(None, "", 403, 404, text="The tlog-proof."),
)
def proof_route(
    id: parameters.EventId,  # noqa: A002
    tenant_id: parameters.TenantId = None,
    format: parameters.ProofFormat = "tlog-proof",  # noqa: A002
) -> Response[str]:
    """`GET /audit-logs/{id}/proof`."""
    tenant = resolve_tenant(app, tenant_id, Right.AUDIT)
    proof = make_prover().prove(tenant, id).proof
    make_read_audit().record(app, tenant, event_count=1, is_masked=True, event_id=id)
    return respond_with_text(str(proof))


@app.get(
    "/audit-logs/<id>/proof/unmasked",
    operation_id="getBundle",
    summary="Prove an event, with the event",
    description=(
        "Returns a bundle of the event's canonical bytes and the proof: all that verification "
        "needs, besides the verifier key. The event is in it as it is stored, with its personal "
        "data. For an event that is stored and not yet published, the status is 404, with the code "
        "`not_published` and `Retry-After`. " + describe_right(Right.READ_PERSONAL)
    ),
    responses=describe_responses("Bundle", "The bundle.", 403, 404),
)
def bundle_route(
    id: parameters.EventId,  # noqa: A002
    tenant_id: parameters.TenantId = None,
) -> Response[str]:
    """`GET /audit-logs/{id}/proof/unmasked`."""
    tenant = resolve_tenant(app, tenant_id, Right.READ_PERSONAL)
    bundle = make_prover().prove(tenant, id).to_json()
    make_read_audit().record(app, tenant, event_count=1, is_masked=False, event_id=id)
    return respond_with_json(bundle)


@app.get(
    "/audit-logs/log",
    operation_id="getLog",
    summary="Get the log's name and keys",
    description=(
        "Returns the log's name, its verifier key, the keys of the witnesses that it asks to "
        "cosign, how many events are published, and when the log last signed that this is its "
        "latest state, which it does at least once an hour. Compare the keys with those that the "
        "log's owner and the witnesses gave you: a stack can name keys of its own. "
        + describe_right(Right.AUDIT)
    ),
    responses=describe_responses("Log", "The log.", 403, 404),
)
def log_route() -> Response[str]:
    """`GET /audit-logs/log`."""
    resolve_tenant(app, None, Right.AUDIT)  # a token without a tenant gives no access
    publication = read_latest_publication(make_prover().log)
    key = publication.verifier_key
    content: dict[str, object] = {
        "origin": key.name,
        "verifierKey": str(key),
        "witnesses": [
            {"name": witness.name, "verifierKey": str(witness)} for witness in get_witness_keys()
        ],
        "size": publication.size,
    }
    if publication.signed_ms is not None:
        content["asOf"] = format_timestamp(publication.signed_ms)
    return respond_with_json(json.dumps(content, ensure_ascii=False))


@app.get(
    "/audit-logs/checkpoint",
    operation_id="getCheckpoint",
    summary="Get the latest checkpoint",
    description=(
        "Returns the log's size and root hash as a signed note (C2SP tlog-checkpoint). "
        + describe_right(Right.AUDIT)
    ),
    responses=describe_responses(None, "", 403, 404, text="The checkpoint."),
)
def checkpoint_route() -> Response[str]:
    """`GET /audit-logs/checkpoint`."""
    resolve_tenant(app, None, Right.AUDIT)
    return respond_with_text(str(read_latest_publication(make_prover().log).note))


@app.get(
    "/audit-logs/log/consistency",
    operation_id="getConsistency",
    summary="Prove that the log only grew",
    description=(
        "Returns the hashes that prove that the log of the older checkpoint is the beginning of "
        "the log of the newer one (RFC 9162, 2.1.4). Both must be checkpoints of this log: the "
        "hashes name no entry, and a caller learns those between two checkpoints that it has. If "
        "the log never had such a checkpoint, the status is 404, with the code "
        "`checkpoint_not_in_log`: the log was rewritten, or the checkpoint is of another log. "
        + describe_right(Right.AUDIT)
    ),
    responses=describe_responses("Consistency", "The proof.", 403, 404),
)
def consistency_route(
    old_size: parameters.OldSize,
    old_root: parameters.OldRoot,
    size: parameters.Size,
    root: parameters.Root,
) -> Response[str]:
    """`GET /audit-logs/log/consistency`."""
    resolve_tenant(app, None, Right.AUDIT)
    old, new = LogState.from_text(old_size, old_root), LogState.from_text(size, root)
    prover = make_prover()
    hashes = prove_consistency(prover.log, prover.tiles, old, new)
    content = {
        "oldSize": old.size,
        "size": new.size,
        "hashes": [b64encode(each).decode() for each in hashes],
    }
    return respond_with_json(json.dumps(content))


@app.get(
    "/audit-logs/tile/.+",
    operation_id="getTile",
    summary="Get a tile",
    description=(
        "Returns a tile of the tree, `tile/<level>/<index>`, or an entry bundle, "
        "`tile/entries/<index>` (C2SP tlog-tiles). Entries name the events of every tenant, so "
        "callers with a token are refused."
    ),
    responses=describe_responses(None, "", 403, 404, binary="The tile."),
)
def tile_route() -> Response[str]:
    """`GET /audit-logs/tile/{path}`."""
    require_iam_caller(app)
    path = (app.current_event.path_parameters or {}).get("path", "")
    return respond_with_tile(read_tile(make_prover().tiles, f"tile/{path}"))


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Return the response to a request of API Gateway (REST API, proxy integration)."""
    with after_response.invocation():
        return app.resolve(event, context)  # type: ignore[arg-type]  # any context will do
