"""Logs, and metrics in CloudWatch's embedded metric format (EMF).

All metrics have one namespace and one dimension, the service. Each distinct value of a dimension is
billed, so action, resource type and tenant are properties of the log line. `DETAILED_METRICS` turns
the first two into dimensions. Dead letters have the dimension `reason` too, a closed list.
"""

from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Final

from aws_lambda_powertools.logging import Logger
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

from prooftrail.intake.reasons import find_reason
from prooftrail.runtime.config import get_settings

if TYPE_CHECKING:  # a function imports its own use case only
    from prooftrail.intake.ingest import IngestResult

NAMESPACE: Final = "AuditLog"
MAX_GROUPS: Final = 100
MAX_COUNTED_GROUPS: Final = 1_000
Group = tuple[str, str, str]  # action, resource type, tenant
_OTHER: Final = ("(other)", "(other)", "(other)")


@cache
def get_logger() -> Logger:
    """Return the logger of the functions. Powertools' variables set its level and service."""
    return Logger(utc=True)


def emit(
    metrics: Mapping[str, tuple[float, MetricUnit]],
    properties: Mapping[str, str] | None = None,
    dimensions: Mapping[str, str] | None = None,
) -> None:
    """Print one EMF line with these metrics."""
    line = EphemeralMetrics(namespace=NAMESPACE, service=get_settings().service)
    for name, value in (dimensions or {}).items():
        line.add_dimension(name, value)
    for name, value in (properties or {}).items():
        line.add_metadata(name, value)
    for name, (amount, unit) in metrics.items():
        line.add_metric(name, unit, amount)
    line.flush_metrics()


class IngestCounts:
    """What the results of an invocation's chunks add up to. The results need not be kept.

    Groups beyond `MAX_COUNTED_GROUPS` are counted as one, so the memory is bounded.
    """

    def __init__(self) -> None:
        self.stored_count = 0
        self.failed_count = 0
        self.dead_letters: Counter[str] = Counter()
        self._stored: Counter[Group] = Counter()
        self._failed: Counter[Group] = Counter()

    def add(self, result: "IngestResult") -> None:
        """Add the result of a chunk."""
        self.stored_count += len(result.stored)
        self.failed_count += result.failed_count
        self.dead_letters.update(find_reason(each.error_type) for each in result.quarantined)
        for record in result.stored:
            group = (record.action, record.resource_type, record.tenant_id)
            if group not in self._stored and len(self._stored) >= MAX_COUNTED_GROUPS:
                group = _OTHER
            self._stored[group] += 1
            if not record.success:
                self._failed[group] += 1

    @property
    def quarantined_count(self) -> int:
        """The number of dead letters that were made."""
        return self.dead_letters.total()

    def make_groups(self) -> Mapping[Group, tuple[int, int]]:
        """Return the stored events and failed operations by action, resource type and tenant.

        The rarest groups beyond `MAX_GROUPS` become one.
        """
        groups = {
            group: (count, self._failed[group])
            for group, count in self._stored.most_common(MAX_GROUPS)
        }
        rest = [group for group in self._stored if group not in groups]
        if rest:
            stored, failed = groups.pop(_OTHER, (0, 0))
            groups[_OTHER] = (
                stored + sum(self._stored[group] for group in rest),
                failed + sum(self._failed[group] for group in rest),
            )
        return groups


def emit_ingest(counts: IngestCounts, *, duration_ms: float, lag_ms: float) -> None:
    """Emit the metrics of a batch of the processor. `lag_ms` is the age of its oldest message."""
    milliseconds = MetricUnit.Milliseconds
    emit({"BatchDuration": (duration_ms, milliseconds), "IngestLag": (lag_ms, milliseconds)})
    for group, (stored, failed) in counts.make_groups().items():
        action, resource_type, tenant_id = group
        properties = {"action": action, "resourceType": resource_type, "tenantId": tenant_id}
        metrics = {"AuditEventsLogged": (float(stored), MetricUnit.Count)}
        if failed:
            metrics["AuditedOperationsFailed"] = (float(failed), MetricUnit.Count)
        if get_settings().has_detailed_metrics:
            by_name = {"action": action, "resourceType": resource_type}
            emit(metrics, {"tenantId": tenant_id}, by_name)
            emit(metrics)
        else:
            emit(metrics, properties)
    if counts.failed_count:
        emit(
            {"AuditEventsFailed": (float(counts.failed_count), MetricUnit.Count)},
            {"action": "audit_log_failure", "resourceType": "system"},
        )
    for reason, count in counts.dead_letters.items():
        emit({"AuditDeadLetters": (float(count), MetricUnit.Count)}, dimensions={"reason": reason})


def emit_unchecked_rate() -> None:
    """Emit that a request was accepted without a look at its tenant's rate."""
    emit({"AuditRateUnchecked": (1.0, MetricUnit.Count)})


def emit_unrecorded_reads(count: int) -> None:
    """Emit how many answered reads the queue did not take, so that no event records them."""
    emit({"AuditReadsUnrecorded": (float(count), MetricUnit.Count)})


def emit_skipped(count: int, reason: str) -> None:
    """Emit how many events were dropped without being stored."""
    emit({"AuditEventsSkipped": (float(count), MetricUnit.Count)}, {"reason": reason})


def emit_tampering(count: int) -> None:
    """Emit how much tampering was found. Emit 0 too, so that the alarm has data."""
    emit({"AuditTamperDetected": (float(count), MetricUnit.Count)})


def emit_removed(count: int) -> None:
    """Emit how many events a clean-up removed, by a committed order."""
    emit({"AuditEventsRemoved": (float(count), MetricUnit.Count)})


def emit_committed(count: int) -> None:
    """Emit how many events a stream batch added to the ledger."""
    emit({"AuditEventsCommitted": (float(count), MetricUnit.Count)})


def emit_published(count: int) -> None:
    """Emit how many events a checkpoint newly covers. 0 shows that a run took place."""
    emit({"AuditEventsPublished": (float(count), MetricUnit.Count)})
