"""The query function: returns audit events by id or by filters, as stored or masked."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from aws_lambda_powertools.event_handler import Response

from prooftrail.aws.clients import client
from prooftrail.aws.event_reader import DynamoEventReader
from prooftrail.aws.payloads import S3PayloadStore
from prooftrail.query.filters import Filters
from prooftrail.query.pages import DEFAULT_LIMIT, get_event, list_events
from prooftrail.query.personal import MaskedEvents, PersonalKeys
from prooftrail.query.ports import EventReader, EventSource, ReadableEvent, UnreadableEvent
from prooftrail.runtime import parameters
from prooftrail.runtime.after_response import AfterResponse
from prooftrail.runtime.callers import Right, resolve_tenant
from prooftrail.runtime.config import find_extensions_api, get_settings
from prooftrail.runtime.reads import ReadAudit
from prooftrail.runtime.resolver import make_resolver
from prooftrail.runtime.responses import describe_responses, describe_right, respond_with_json
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


@cache
def get_personal_keys() -> PersonalKeys:
    """Return the names of the keys that are masked, read on first use."""
    return PersonalKeys(get_settings().personal_keys)


@dataclass(frozen=True)
class View:
    """How events look, and who may see them so. `suffix` ends the paths of the view's routes."""

    suffix: str
    right: Right
    name: str
    description: str
    open: Callable[[], EventSource[ReadableEvent]]


MASKED: Final = View(
    "",
    Right.READ,
    "",
    "Personal data is masked, and `masked` has a JSON Pointer to each masked value: an address "
    "becomes its network (/24, /48); `username`, `userAgent`, `onBehalfOf.username`, the names of "
    "`targets` and the values under the stack's `PersonalKeys` become `[personal]`.",
    lambda: MaskedEvents(make_reader(), get_personal_keys()),
)
UNMASKED: Final = View(
    "/unmasked",
    Right.READ_PERSONAL,
    "Unmasked",
    "Personal data is shown as it is stored.",
    lambda: make_reader(),  # tests replace make_reader
)


def add_list_route(view: View) -> None:
    """Add the route that lists events in this view."""

    @app.get(
        f"/audit-logs{view.suffix}",
        operation_id=f"list{view.name}Events",
        summary=f"List {view.name.lower()} events".replace("  ", " "),
        description=(
            "Returns the events that match every parameter, a page at a time. Follow `nextCursor` "
            "until it is null: a request reads a limited number of items, so a page may have fewer "
            "events than `limit`, even none. All pages together hold each matching event once, in "
            f"order, whatever is stored meanwhile. {view.description} {describe_right(view.right)}"
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
        actor_type: parameters.ActorType = None,
        trace_id: parameters.TraceId = None,
        limit: parameters.Limit = DEFAULT_LIMIT,
        order: parameters.Order = "desc",
        cursor: parameters.Cursor = None,
    ) -> Response[str]:
        filters = Filters(
            tenant_id=resolve_tenant(app, tenant_id, view.right),
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
            actor_type=actor_type,
            trace_id=trace_id,
        )
        return _list(view, filters, limit, order, cursor)


def _list(
    view: View, filters: Filters, limit: int, order: str, cursor: str | None
) -> Response[str]:
    page = list_events(
        view.open(),
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
    make_read_audit().record(
        app, filters.tenant_id, event_count=len(page.events), is_masked=view is MASKED
    )
    return respond_with_json(body)


def add_get_route(view: View) -> None:
    """Add the route that returns an event in this view."""

    @app.get(
        f"/audit-logs/<id>{view.suffix}",
        operation_id=f"get{view.name}Event",
        summary=f"Get an {view.name.lower()} event".replace("  ", " "),
        description=(
            f"Returns an event by its id, as soon as it is stored. {view.description} "
            f"{describe_right(view.right)}"
        ),
        responses=describe_responses("StoredEvent", "The event.", 403, 404),
    )
    def get_route(
        id: parameters.EventId,  # noqa: A002
        tenant_id: parameters.TenantId = None,
    ) -> Response[str]:
        tenant = resolve_tenant(app, tenant_id, view.right)
        body = get_event(view.open(), tenant, id).to_json()
        make_read_audit().record(app, tenant, event_count=1, is_masked=view is MASKED, event_id=id)
        return respond_with_json(body)


for _view in (MASKED, UNMASKED):
    add_list_route(_view)
    add_get_route(_view)


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Return the response to a request of API Gateway (REST API, proxy integration)."""
    with after_response.invocation():
        return app.resolve(event, context)  # type: ignore[arg-type]  # any context will do
