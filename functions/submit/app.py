"""The submit function: accepts audit events over HTTP and puts them on the queue."""

from functools import cache
from typing import Any
from uuid import uuid4

from aws_lambda_powertools.event_handler import Response

from prooftrail.aws.clients import client, quick_client
from prooftrail.aws.queue import SqsJobQueue
from prooftrail.aws.usage import DynamoUsageCounter
from prooftrail.errors import AuditLogError
from prooftrail.event.times import now_ms
from prooftrail.intake.ports import JobQueue
from prooftrail.intake.rate import TenantRate
from prooftrail.intake.submit import AcceptedEvent, parse_submission, submit
from prooftrail.runtime import parameters
from prooftrail.runtime.callers import Right, find_submitter, resolve_required_tenant
from prooftrail.runtime.config import get_settings
from prooftrail.runtime.resolver import make_resolver
from prooftrail.runtime.responses import (
    describe_right,
    describe_submission_responses,
    respond_to_event,
    respond_to_events,
)
from prooftrail.runtime.telemetry import emit_unchecked_rate, get_logger

app = make_resolver()


@cache
def make_queue() -> JobQueue:
    """Return the queue, made on first use."""
    return SqsJobQueue(lambda: client("sqs"), get_settings().queue_url)


@cache
def make_rate() -> TenantRate | None:
    """Return the limit of each tenant, made on first use; None if the stack has none."""
    conf = get_settings()
    if not conf.tenant_events_per_second:
        return None
    counter = DynamoUsageCounter(lambda: quick_client("dynamodb"), conf.usage_table)
    return TenantRate(counter, conf.tenant_events_per_second, _report_unchecked)


def _report_unchecked(fault: AuditLogError) -> None:
    get_logger().warning("the tenant's rate is not checked", extra={"reason": str(fault)})
    emit_unchecked_rate()


@app.post(
    "/audit-logs",
    operation_id="submitEvents",
    summary="Send events",
    description=(
        "Puts an event, or up to 100 as `events`, on the queue. Returns the `id` of each, under "
        "which it can be read once it is stored, in some seconds. Secrets in an event are masked "
        "first, unless the stack has `MaskSecrets=false`. Each event of a list is accepted or "
        "refused by itself. A request has at most 4.5 MB. Status 429 says that the tenant has sent "
        "more events a second than the stack's parameter `TenantEventsPerSecond` allows. "
        + describe_right(Right.SUBMIT)
    ),
    responses=describe_submission_responses(),
)
def submit_route(
    tenant_id: parameters.SentTenantId = None, idempotency_key: parameters.IdempotencyKey = None
) -> Response[str]:
    """`POST /audit-logs`."""
    tenant = resolve_required_tenant(app, tenant_id, Right.SUBMIT)
    submission = parse_submission(parameters.read_body(app))
    outcomes = submit(
        submission,
        make_queue(),
        tenant_id=tenant,
        idempotency_key=idempotency_key,
        now_ms=now_ms(),
        make_event_id=lambda: str(uuid4()),
        masks_secrets=get_settings().masks_secrets,
        submitted_by=find_submitter(app),
        rate=make_rate(),
    )
    results = [
        outcome.to_json() if isinstance(outcome, AcceptedEvent) else outcome for outcome in outcomes
    ]
    return respond_to_events(results) if submission.is_list else respond_to_event(results[0])


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Return the response to a request of API Gateway (REST API, proxy integration)."""
    return app.resolve(event, context)  # type: ignore[arg-type]  # any context will do
