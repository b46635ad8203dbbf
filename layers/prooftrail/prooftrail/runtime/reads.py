"""Audited reads of the API: who read what, sent to the queue after the response."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import uuid4

from aws_lambda_powertools.event_handler import APIGatewayRestResolver

from prooftrail.aws.clients import quick_client
from prooftrail.errors import InvalidAddressError
from prooftrail.event.addresses import normalize_address
from prooftrail.event.fields import MAX_IDENTIFIER_LENGTH
from prooftrail.event.submitter import TOKEN_PREFIX
from prooftrail.event.times import now_ms
from prooftrail.intake.followers import Followers
from prooftrail.intake.ports import JobQueue
from prooftrail.intake.reads import TrailRead, send_reads
from prooftrail.runtime.after_response import AfterResponse
from prooftrail.runtime.callers import find_submitter
from prooftrail.runtime.config import get_settings
from prooftrail.runtime.telemetry import emit_unrecorded_reads, get_logger

UNKNOWN_READER: Final = "unknown"  # `sam local` authenticates no caller
_TENANT: Final = "tenantId"


class ReadAudit:
    """Records the answered reads of one function of the API, unless `AUDIT_READS` is false."""

    def __init__(self, after_response: AfterResponse) -> None:
        self._is_on = get_settings().audits_reads
        self._after_response = after_response
        self._followers = Followers()

    def record(
        self,
        app: APIGatewayRestResolver,
        tenant_id: str,
        *,
        event_count: int,
        is_masked: bool,
        event_id: str | None = None,
    ) -> None:
        """Record that the current request is answered, after the response.

        `event_count` is how many events the answer holds or counts, `event_id` the event that the
        route names. A fault is counted in a metric and does not reach the caller.
        """
        if not self._is_on:
            return
        read = _describe_request(
            app, tenant_id, event_count=event_count, is_masked=is_masked, event_id=event_id
        )
        self._after_response.add(lambda: self._send(read))

    def _send(self, read: TrailRead) -> None:
        due = self._followers.add(read)
        try:
            refused, fault = send_reads(due, _make_queue()) if due else ((), None)
        except Exception:
            emit_unrecorded_reads(sum(each.read_count for each in due))
            raise
        if refused:
            get_logger().error("reads are not recorded", extra={"reason": str(fault)})
            emit_unrecorded_reads(sum(each.read_count for each in refused))


def _make_queue() -> JobQueue:
    from prooftrail.aws.queue import SqsJobQueue  # after the first response: it starts slowly

    return SqsJobQueue(lambda: quick_client("sqs"), get_settings().queue_url)


def _describe_request(
    app: APIGatewayRestResolver,
    tenant_id: str,
    *,
    event_count: int,
    is_masked: bool,
    event_id: str | None,
) -> TrailRead:
    event = app.current_event
    context = event["requestContext"]
    given = event.resolved_query_string_parameters
    reader = (find_submitter(app) or UNKNOWN_READER).removeprefix(TOKEN_PREFIX)
    return TrailRead(
        id=str(uuid4()),
        time_ms=now_ms(),
        tenant_id=tenant_id,
        reader=reader[-MAX_IDENTIFIER_LENGTH:],  # an ARN ends with the name
        route=f"{event['httpMethod']} {event['resource']}",
        filters={name: values[0] for name, values in given.items() if name != _TENANT},
        event_count=event_count,
        is_masked=is_masked,
        event_id=event_id,
        ip_address=_find_address(context),
        request_id=str(context.get("requestId") or "")[:MAX_IDENTIFIER_LENGTH] or None,
    )


def _find_address(context: Mapping[str, Any]) -> str | None:
    """Return the caller's address, or None if API Gateway does not give one.

    A request of its console's test has `test-invoke-source-ip`, with which no event is stored.
    """
    try:
        return normalize_address((context.get("identity") or {}).get("sourceIp") or "")
    except InvalidAddressError:
        return None
