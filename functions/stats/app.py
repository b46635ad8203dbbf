"""Statistics: counts of events, and the state of the pipeline."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from aws_lambda_powertools.event_handler import Response

from prooftrail.aws.activity import CloudWatchActivity, SqsQueueDepths
from prooftrail.aws.clients import client
from prooftrail.aws.events_read import DynamoCounterReader, DynamoRowReader
from prooftrail.aws.head import read_shard_count
from prooftrail.event.times import now_ms
from prooftrail.ledger.head import check_shard_count
from prooftrail.operate.snapshot import ActivitySource, QueueDepthSource, take_snapshot
from prooftrail.query.ports import CounterReader, RowReader
from prooftrail.query.stats import StatsQuery, count_events
from prooftrail.runtime import http
from prooftrail.runtime.config import settings
from prooftrail.runtime.telemetry import NAMESPACE

app = http.resolver()


@dataclass(frozen=True)
class Sources:
    """What the statistics are made of."""

    counters: CounterReader
    rows: RowReader
    activity: ActivitySource
    depths: QueueDepthSource


@cache
def sources() -> Sources:
    """The sources, composed on first use; refuses a trail that has another shard count."""
    conf = settings()
    dynamodb = client("dynamodb")
    check_shard_count(read_shard_count(dynamodb, conf.ledger_table), conf.shard_count)
    return Sources(
        DynamoCounterReader(dynamodb, conf.ledger_table),
        DynamoRowReader(dynamodb, conf.events_table),
        CloudWatchActivity(lambda: client("cloudwatch"), NAMESPACE, conf.service),
        SqsQueueDepths(lambda: client("sqs"), conf.queue_url, conf.dead_letter_queue_url),
    )


@app.get(
    "/audit-logs/stats",
    operation_id="getStatistics",
    summary="Count events",
    description=(
        "Counts of the events from `startDate` to `endDate`, by default of the last 30 days, some "
        "seconds behind. The range is widened to whole hours (UTC); the answer names what it "
        "counted. With `userId` the user's events are counted one by one, and more than 50,000 "
        "are refused."
    ),
    responses=http.responses("Statistics", "The counts.", 403),
    middlewares=[http.known_parameters_only],
)
def stats_route(  # the API's parameters
    tenant_id: http.TenantId = None,
    user_id: http.UserId = None,
    action: http.Action = None,
    resource_type: http.ResourceType = None,
    start_date: http.StartDate = None,
    end_date: http.EndDate = None,
    interval: http.Interval = None,
) -> Response[str]:
    """`GET /audit-logs/stats`."""
    question = StatsQuery.from_dates(
        http.tenant_of(app, tenant_id),
        now_ms=now_ms(),
        start_ms=http.start_of(start_date),
        end_ms=http.end_of(end_date),
        user_id=user_id,
        action=action,
        resource_type=resource_type,
        interval=interval,
    )
    parts = sources()
    statistics = count_events(
        question, parts.counters, parts.rows, shard_count=settings().shard_count
    )
    return http.ok(statistics.to_json())


@app.get(
    "/audit-logs/metrics",
    operation_id="getMetrics",
    summary="See how the pipeline does",
    description=(
        "What was logged in the last 24 hours, a minute or two behind, and how many messages wait, "
        "of all tenants. `eventsFailed` counts events that were not logged, not failed operations."
    ),
    responses=http.responses("Metrics", "The snapshot.", 403),
    middlewares=[http.known_parameters_only],
)
def metrics_route() -> Response[str]:
    """`GET /audit-logs/metrics`."""
    http.tenant_of(app, None)  # a token that names no tenant opens nothing
    parts = sources()
    return http.ok(take_snapshot(parts.activity, parts.depths, now_ms=now_ms()).to_json())


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer a request of API Gateway (REST API, proxy integration)."""
    return app.resolve(event, context)  # type: ignore[arg-type]  # any context will do
