"""`ReferenceStore` on DynamoDB."""

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from prooftrail.aws.dynamodb import write_batches
from prooftrail.aws.errors import translate_aws_errors
from prooftrail.aws.item import load_item, make_event_key
from prooftrail.aws.references import make_references
from prooftrail.errors import CorruptRecordError
from prooftrail.event import keys
from prooftrail.intake.ports import PayloadStore

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


class DynamoReferenceStore:
    """`ReferenceStore` on AuditEvents and the bucket of large payloads."""

    def __init__(
        self,
        client: "DynamoDBClient",
        table: str,
        shard_count: int,
        payloads: PayloadStore,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._table = table
        self._shard_count = shard_count
        self._payloads = payloads
        self._sleep = sleep

    def restore_references(self, addresses: Sequence[tuple[str, str]]) -> int:
        """See `ReferenceStore.restore_references`."""
        count = 0
        for tenant_id, event_id in addresses:
            references = self._make_references(tenant_id, event_id)
            requests = [{"PutRequest": {"Item": item}} for item in references]
            write_batches(self._client, self._table, requests, self._sleep)
            count += len(references)
        return count

    def _make_references(self, tenant_id: str, event_id: str) -> list[dict[str, Any]]:
        with translate_aws_errors():
            item = self._client.get_item(
                TableName=self._table,
                Key=make_event_key(tenant_id, event_id, self._shard_count),
                ConsistentRead=True,
            ).get("Item")
        if item is None:
            return []
        try:
            stored = load_item(item, self._shard_count, self._payloads)
        except CorruptRecordError:
            return []
        return make_references(
            event_id,
            item[keys.DIGEST]["B"],
            stored.fields,
            stored_at=stored.times.stored_at,
            expires_at=stored.times.expires_at,
            held_expires_at=stored.times.held_expires_at,
        )
