"""The query function: returns audit events by id or by filters."""

from functools import cache
from typing import Any

from aws_lambda_powertools.event_handler import Response

from prooftrail.aws.clients import client
from prooftrail.aws.event_reader import DynamoEventReader
from prooftrail.aws.payloads import S3PayloadStore
from prooftrail.query.filters import Filters
from prooftrail.query.pages import DEFAULT_LIMIT, get_event, list_events
from prooftrail.query.ports import EventReader, UnreadableEvent
from prooftrail.runtime import parameters
from prooftrail.runtime.after_response import AfterResponse
from prooftrail.runtime.callers import resolve_tenant
from prooftrail.runtime.config import find_extensions_api, get_settings
from prooftrail.runtime.reads import ReadAudit
from prooftrail.runtime.resolver import make_resolver
from prooftrail.runtime.responses import describe_responses, respond_with_json
from prooftrail.runtime.shard_count import require_same_shard_count
from prooftrail.runtime.telemetry import get_logger

app = make_resolver()
after_response = AfterResponse(find_extensions_api())


@cache
def make_reader() -> EventReader:
    """Return the event reader, made on first use. Refuse a trail with another shard count."""
    conf = get_settings()
    require_same_shard_count()
    payloads = S3PayloadStore(lambda: client("s3"), conf.overflow_bucket)
    return DynamoEventReader(client("dynamodb"), conf.events_table, conf.shard_count, payloads)


@cache
def make_read_audit() -> ReadAudit:
    """Return the audit of this function's reads, made on first use."""
    return ReadAudit(after_response)


@app.get(
    "/audit-logs",
    operation_id="listEvents",
    summary="List events",
    description=(
        "Returns the events that match every parameter, a page at a time. Follow `nextCursor` "
        "until it is null: a request reads a limited number of items, so a page may have fewer "
        "events than `limit`, even none. All pages together hold each matching event once, in "
        "order, whatever is stored meanwhile."
    ),
    responses=describe_responses("EventPage", "A page of events.", 403),
)
def list_route(
    tenant_id: parameters.TenantId = None,
    user_id: parameters.UserId = None,
    action: parameters.Action = None,
    resource_type: parameters.ResourceType = None,
    resource_id: parameters.ResourceId = None,
    success: parameters.Success = None,
    start_date: parameters.StartDate = None,
    end_date: parameters.EndDate = None,
    request_id: parameters.RequestId = None,
    session_id: parameters.SessionId = None,
    ip_address: parameters.IpAddress = None,
    limit: parameters.Limit = DEFAULT_LIMIT,
    order: parameters.Order = "desc",
    cursor: parameters.Cursor = None,
) -> Response[str]:
    """`GET /audit-logs`."""
    tenant = resolve_tenant(app, tenant_id)
    filters = Filters(
        tenant_id=tenant,
        user_id=user_id,
        action=action,
        resource_type=resource_type,
        resource_id=resource_id,
        success=None if success is None else success == "true",
        start_ms=parameters.parse_start_date(start_date),
        end_ms=parameters.parse_end_date(end_date),
        request_id=request_id,
        session_id=session_id,
        ip_address=ip_address,
    )
    page = list_events(
        make_reader(),
        filters,
        shard_count=get_settings().shard_count,
        limit=limit,
        descending=order == "desc",
        cursor=cursor,
    )
    for event in page.events:
        if isinstance(event, UnreadableEvent):
            get_logger().error("unreadable", extra={"eventId": event.id, "reason": event.problem})
    body = page.to_json()
    make_read_audit().record(app, tenant, event_count=len(page.events), is_masked=False)
    return respond_with_json(body)


@app.get(
    "/audit-logs/<id>",
    operation_id="getEvent",
    summary="Get an event",
    description="Returns an event by its id, as soon as it is stored.",
    responses=describe_responses("StoredEvent", "The event.", 403, 404),
)
def get_route(id: parameters.EventId, tenant_id: parameters.TenantId = None) -> Response[str]:  # noqa: A002
    """`GET /audit-logs/{id}`."""
    tenant = resolve_tenant(app, tenant_id)
    body = get_event(make_reader(), tenant, id).to_json()
    make_read_audit().record(app, tenant, event_count=1, is_masked=False, event_id=id)
    return respond_with_json(body)


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Return the response to a request of API Gateway (REST API, proxy integration)."""
    with after_response.invocation():
        return app.resolve(event, context)  # type: ignore[arg-type]  # any context will do
