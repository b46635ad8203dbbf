"""The query: audit events by their id, or by what they have in common."""

from functools import cache
from typing import Any

from aws_lambda_powertools.event_handler import Response

from prooftrail.aws.clients import client
from prooftrail.aws.events_read import DynamoEventReader
from prooftrail.aws.head import read_shard_count
from prooftrail.aws.payloads import S3PayloadStore
from prooftrail.ledger.head import check_shard_count
from prooftrail.query.filters import Filters
from prooftrail.query.pages import DEFAULT_LIMIT, get_event, list_events
from prooftrail.query.ports import EventReader, UnreadableEvent
from prooftrail.runtime import http
from prooftrail.runtime.config import settings
from prooftrail.runtime.telemetry import logger

app = http.resolver()


@cache
def reader() -> EventReader:
    """The events' table, on first use; refuses a trail that has another shard count."""
    conf = settings()
    check_shard_count(read_shard_count(client("dynamodb"), conf.ledger_table), conf.shard_count)
    payloads = S3PayloadStore(lambda: client("s3"), conf.overflow_bucket)
    return DynamoEventReader(client("dynamodb"), conf.events_table, conf.shard_count, payloads)


@app.get(
    "/audit-logs",
    operation_id="listEvents",
    summary="List events",
    description=(
        "The events that match every parameter, a page at a time. Follow `nextCursor` until it is "
        "null: a page may hold fewer events than `limit`, even none, when what it may read is "
        "spent. Pages joined hold each matching event once, in order, whatever arrives meanwhile."
    ),
    responses=http.responses("EventPage", "A page of events.", 403),
    middlewares=[http.known_parameters_only],
)
def list_route(  # the API's parameters
    tenant_id: http.TenantId = None,
    user_id: http.UserId = None,
    action: http.Action = None,
    resource_type: http.ResourceType = None,
    resource_id: http.ResourceId = None,
    success: http.Success = None,
    start_date: http.StartDate = None,
    end_date: http.EndDate = None,
    request_id: http.RequestId = None,
    session_id: http.SessionId = None,
    ip_address: http.IpAddress = None,
    limit: http.Limit = DEFAULT_LIMIT,
    order: http.Order = "desc",
    cursor: http.Cursor = None,
) -> Response[str]:
    """`GET /audit-logs`."""
    filters = Filters(
        tenant_id=http.tenant_of(app, tenant_id),
        user_id=user_id,
        action=action,
        resource_type=resource_type,
        resource_id=resource_id,
        success=None if success is None else success == "true",
        start_ms=http.start_of(start_date),
        end_ms=http.end_of(end_date),
        request_id=request_id,
        session_id=session_id,
        ip_address=ip_address,
    )
    page = list_events(
        reader(),
        filters,
        shard_count=settings().shard_count,
        limit=limit,
        descending=order == "desc",
        cursor=cursor,
    )
    for event in page.events:
        if isinstance(event, UnreadableEvent):
            logger().error("unreadable", extra={"eventId": event.id, "reason": event.problem})
    return http.ok(page.to_json())


@app.get(
    "/audit-logs/<id>",
    operation_id="getEvent",
    summary="Get an event",
    description="One event by its id, as soon as it is stored.",
    responses=http.responses("StoredEvent", "The event.", 403, 404),
    middlewares=[http.known_parameters_only],
)
def get_route(id: http.EventId, tenant_id: http.TenantId = None) -> Response[str]:  # noqa: A002
    """`GET /audit-logs/{id}`."""
    return http.ok(get_event(reader(), http.tenant_of(app, tenant_id), id).to_json())


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer a request of API Gateway (REST API, proxy integration)."""
    return app.resolve(event, context)  # type: ignore[arg-type]  # any context will do
