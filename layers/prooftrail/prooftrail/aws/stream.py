"""DynamoDB stream records as Lambda delivers them."""

from binascii import a2b_base64
from collections.abc import Iterator, Mapping
from typing import Any, Final

from prooftrail.aws.item import decode_item
from prooftrail.errors import CorruptRecordError
from prooftrail.event import keys
from prooftrail.event.removal import RemovalOrder
from prooftrail.ledger.changes import Change, ChangeKind, EventImage

_TTL_PRINCIPAL: Final = "dynamodb.amazonaws.com"
# A second put of an event may change these. The payload may be compressed otherwise; the digest
# says whether it is the same.
_NOT_COMPARED: Final = frozenset(
    {
        keys.RECEIVED_AT,
        keys.STORED_AT,
        keys.SUBMITTED_BY,
        keys.EXPIRES_AT,
        keys.EVENT,
        keys.OVERFLOW,
    }
)


def read_changes(event: Mapping[str, Any], shard_count: int) -> Iterator[Change]:
    """Yield the changes in a stream event, in its order, each before the next one is read.

    An image that is not a valid event hides no other record: the change has None in its place.

    Raises:
        CorruptRecordError: a record lacks a field that every stream record has.
    """
    try:
        for record in event["Records"]:
            yield _parse_change(record, shard_count)
    except (ArithmeticError, KeyError, TypeError, ValueError) as error:
        raise CorruptRecordError("not a DynamoDB stream event") from error


def _parse_change(record: Mapping[str, Any], shard_count: int) -> Change:
    changed = record["dynamodb"]
    principal = (record.get("userIdentity") or {}).get("principalId")
    return Change(
        kind=ChangeKind(record["eventName"]),
        at_ms=int(float(changed["ApproximateCreationDateTime"]) * 1000),
        sequence_number=changed["SequenceNumber"],
        item_id=changed["Keys"][keys.ID]["S"],
        old=_parse_image(changed.get("OldImage"), shard_count),
        new=_parse_image(changed.get("NewImage"), shard_count),
        is_expiry=principal == _TTL_PRINCIPAL,
    )


def _parse_image(image: Mapping[str, Any] | None, shard_count: int) -> EventImage | None:
    """Return the image of a valid event, or None.

    The content of an event in S3 is not read here: its keys are only compared with each other.
    """
    if image is None:
        return None
    try:
        item: dict[str, Any] = {  # as the table's API returns it: bytes, not base64
            name: {"B": a2b_base64(value["B"])} if "B" in value else value
            for name, value in image.items()
        }
        stored = decode_item(item, shard_count)
    except (CorruptRecordError, AttributeError, TypeError, ValueError):
        return None
    fields, event_id = stored.fields, item[keys.ID]["S"]
    return EventImage(
        tenant_id=fields["tenantId"],
        id=event_id,
        digest=item[keys.DIGEST]["B"],
        action=fields["action"],
        resource_type=fields["resourceType"],
        success=fields["success"],
        received_at=stored.times.received_at,
        expires_at=stored.times.expires_at,
        payload_key=stored.payload_key,
        content={name: value for name, value in item.items() if name not in _NOT_COMPARED},
        order=RemovalOrder.from_fields(event_id, fields),
        submitted_by=stored.submitted_by,
    )
