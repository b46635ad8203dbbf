"""Proofs: what the log has published, and that it covers an event."""

import json
from functools import cache
from typing import Any

from aws_lambda_powertools.event_handler import Response

from prooftrail.aws.clients import client
from prooftrail.aws.events_read import DynamoEventReader
from prooftrail.aws.head import read_shard_count
from prooftrail.aws.log import DynamoLog
from prooftrail.aws.payloads import S3PayloadStore
from prooftrail.aws.published_log import S3PublishedLog
from prooftrail.ledger.head import check_shard_count
from prooftrail.ledger.prove import Prover, latest_publication, read_tile
from prooftrail.runtime import http
from prooftrail.runtime.config import settings

app = http.resolver()


@cache
def prover() -> Prover:
    """The prover, composed on first use; refuses a trail that has another shard count."""
    conf = settings()
    dynamodb = client("dynamodb")
    check_shard_count(read_shard_count(dynamodb, conf.ledger_table), conf.shard_count)
    payloads = S3PayloadStore(lambda: client("s3"), conf.overflow_bucket)
    return Prover(
        DynamoEventReader(dynamodb, conf.events_table, conf.shard_count, payloads),
        DynamoLog(dynamodb, conf.ledger_table),
        S3PublishedLog(client("s3"), conf.log_bucket),
    )


@app.get(
    "/audit-logs/<id>/proof",
    operation_id="getProof",
    summary="Prove an event",
    description=(
        "That the latest checkpoint covers the event: a C2SP tlog-proof, or with `format=json` a "
        "bundle of the event's canonical bytes and that proof, which is all that verification "
        "needs besides the verifier key. An event that is stored but not yet published answers "
        "404 with the code `not_published` and `Retry-After`."
    ),
    responses=http.responses(
        "Bundle", "The bundle (`format=json`).", 403, 404, text="The tlog-proof."
    ),
    middlewares=[http.known_parameters_only],
)
def proof_route(
    id: http.EventId,  # noqa: A002
    tenant_id: http.TenantId = None,
    format: http.ProofFormat = "tlog-proof",  # noqa: A002
) -> Response[str]:
    """`GET /audit-logs/{id}/proof`."""
    bundle = prover().prove(http.tenant_of(app, tenant_id), id)
    return http.ok(bundle.to_json()) if format == "json" else http.text(str(bundle.proof))


@app.get(
    "/audit-logs/log",
    operation_id="getLog",
    summary="See which log this is",
    description="The log's name, the key that verifies it, and how many events are published.",
    responses=http.responses("Log", "The log.", 403, 404),
    middlewares=[http.known_parameters_only],
)
def log_route() -> Response[str]:
    """`GET /audit-logs/log`."""
    http.tenant_of(app, None)  # a token that names no tenant opens nothing
    publication = latest_publication(prover().log)
    key = publication.verifier_key
    content = {"origin": key.name, "verifierKey": str(key), "size": publication.size}
    return http.ok(json.dumps(content, ensure_ascii=False))


@app.get(
    "/audit-logs/checkpoint",
    operation_id="getCheckpoint",
    summary="Get the latest checkpoint",
    description="The log's size and root hash as a signed note (C2SP tlog-checkpoint).",
    responses=http.responses(None, "", 403, 404, text="The checkpoint."),
    middlewares=[http.known_parameters_only],
)
def checkpoint_route() -> Response[str]:
    """`GET /audit-logs/checkpoint`."""
    http.tenant_of(app, None)
    return http.text(str(latest_publication(prover().log).note))


@app.get(
    "/audit-logs/tile/.+",
    operation_id="getTile",
    summary="Get a tile",
    description=(
        "A tile of the tree, `tile/<level>/<index>`, or an entry bundle, `tile/entries/<index>` "
        "(C2SP tlog-tiles). Entries name the events of every tenant, so that callers with a token "
        "are refused."
    ),
    responses=http.responses(None, "", 403, 404, binary="The tile."),
    middlewares=[http.known_parameters_only],
)
def tile_route() -> Response[str]:
    """`GET /audit-logs/tile/{path}`."""
    http.refuse_tokens(app)
    path = (app.current_event.path_parameters or {}).get("path", "")
    return http.tile(read_tile(prover().tiles, f"tile/{path}"))


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer a request of API Gateway (REST API, proxy integration)."""
    return app.resolve(event, context)  # type: ignore[arg-type]  # any context will do
