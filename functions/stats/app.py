"""The stats function: returns counts of events, and the state of the pipeline."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from aws_lambda_powertools.event_handler import Response

from prooftrail.aws.activity import (
    CloudWatchActivity,
    CloudWatchAlarms,
    DynamoLedgerSize,
    SqsQueueDepths,
)
from prooftrail.aws.clients import client
from prooftrail.aws.counters import DynamoCounterReader
from prooftrail.aws.event_reader import DynamoRowReader
from prooftrail.event.times import now_ms
from prooftrail.operate.snapshot import Sources as SnapshotSources
from prooftrail.operate.snapshot import take_snapshot
from prooftrail.query.ports import CounterReader, RowReader
from prooftrail.query.stats import StatsQuery, count_events
from prooftrail.runtime import parameters
from prooftrail.runtime.after_response import AfterResponse
from prooftrail.runtime.callers import Right, resolve_tenant
from prooftrail.runtime.config import find_extensions_api, get_settings
from prooftrail.runtime.reads import ReadAudit
from prooftrail.runtime.resolver import make_resolver
from prooftrail.runtime.responses import describe_responses, describe_right, respond_with_json
from prooftrail.runtime.shard_count import require_same_shard_count
from prooftrail.runtime.telemetry import NAMESPACE

app = make_resolver()
after_response = AfterResponse(find_extensions_api())


@dataclass(frozen=True)
class Sources:
    """The adapters that the statistics are read from."""

    counters: CounterReader
    rows: RowReader
    snapshot: SnapshotSources


@cache
def make_sources() -> Sources:
    """Return the adapters, made on first use. Refuse a trail with another shard count."""
    conf = get_settings()
    dynamodb = client("dynamodb")
    require_same_shard_count()
    return Sources(
        DynamoCounterReader(dynamodb, conf.ledger_table),
        DynamoRowReader(dynamodb, conf.events_table),
        SnapshotSources(
            CloudWatchActivity(
                lambda: client("cloudwatch"),
                NAMESPACE,
                conf.service,
                conf.queue_url.rpartition("/")[2],
            ),
            SqsQueueDepths(lambda: client("sqs"), conf.queue_url, conf.dead_letter_queue_url),
            DynamoLedgerSize(dynamodb, conf.ledger_table),
            CloudWatchAlarms(lambda: client("cloudwatch"), conf.stack_name),
        ),
    )


@cache
def make_read_audit() -> ReadAudit:
    """Return the audit of this function's reads, made on first use."""
    return ReadAudit(after_response)


@app.get(
    "/audit-logs/stats",
    operation_id="getStatistics",
    summary="Count events",
    description=(
        "Counts the events from `startDate` to `endDate`, by default of the last 30 days. The "
        "counts lag by some seconds. The range is widened to whole hours (UTC); the response "
        "names the counted range. With `userId`, the events of the user are counted one by one; "
        "more than 50,000 are refused. " + describe_right(Right.READ)
    ),
    responses=describe_responses("Statistics", "The counts.", 403),
)
def stats_route(
    tenant_id: parameters.TenantId = None,
    user_id: parameters.UserId = None,
    action: parameters.Action = None,
    resource_type: parameters.ResourceType = None,
    start_date: parameters.StartDate = None,
    end_date: parameters.EndDate = None,
    interval: parameters.Interval = None,
) -> Response[str]:
    """`GET /audit-logs/stats`."""
    tenant = resolve_tenant(app, tenant_id, Right.READ)
    question = StatsQuery.from_dates(
        tenant,
        now_ms=now_ms(),
        start_ms=parameters.parse_start_date(start_date),
        end_ms=parameters.parse_end_date(end_date),
        user_id=user_id,
        action=action,
        resource_type=resource_type,
        interval=interval,
    )
    parts = make_sources()
    statistics = count_events(
        question, parts.counters, parts.rows, shard_count=get_settings().shard_count
    )
    make_read_audit().record(app, tenant, event_count=statistics.total, is_masked=True)
    return respond_with_json(statistics.to_json())


@app.get(
    "/audit-logs/metrics",
    operation_id="getMetrics",
    summary="Get the state of the pipeline",
    description=(
        "Returns what was logged in the last 24 hours, a minute or two behind, how many messages "
        "wait, how many events are committed, and the state of the alarms, for all tenants "
        "together. `eventsFailed` counts events that were not logged, not operations that failed. "
        "`deadLettersByReason` counts the dead letters that the processor made in these 24 hours, "
        "most first, whether they are still in the queue or not. Messages that SQS itself moved to "
        "the dead-letter queue have no reason; only `deadLettered` counts them. "
        + describe_right(Right.READ)
    ),
    responses=describe_responses("Metrics", "The snapshot.", 403),
)
def metrics_route() -> Response[str]:
    """`GET /audit-logs/metrics`."""
    resolve_tenant(app, None, Right.READ)  # a token without a tenant gives no access
    snapshot = take_snapshot(make_sources().snapshot, now_ms=now_ms())
    return respond_with_json(snapshot.to_json())


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Return the response to a request of API Gateway (REST API, proxy integration)."""
    with after_response.invocation():
        return app.resolve(event, context)  # type: ignore[arg-type]  # any context will do
