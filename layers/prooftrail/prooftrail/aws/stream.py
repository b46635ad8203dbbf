"""DynamoDB stream records as Lambda delivers them."""

from binascii import a2b_base64
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from prooftrail.aws.dynamodb import Item
from prooftrail.aws.item import StoredItem, decode_item
from prooftrail.aws.references import decode_reference, is_reference
from prooftrail.errors import CorruptRecordError, TooManyNodesError
from prooftrail.event import keys
from prooftrail.event.nodes import MAX_EVENT_NODES
from prooftrail.event.orders import read_order
from prooftrail.ledger.changes import Change, ChangeKind, EventImage, ReferenceImage

MAX_LARGE_IMAGES: Final = 10  # of a batch
_TTL_PRINCIPAL: Final = "dynamodb.amazonaws.com"
# A second put of an event may change these. The payload may be compressed otherwise; the digest
# says whether it is the same.
_NOT_COMPARED: Final = frozenset(
    {
        keys.RECEIVED_AT,
        keys.STORED_AT,
        keys.SUBMITTED_BY,
        keys.EXPIRES_AT,
        keys.HELD_EXPIRES_AT,
        keys.EVENT,
        keys.OVERFLOW,
    }
)


class _Images:
    """Reads the images of one batch.

    At most `MAX_LARGE_IMAGES` of them may have more than `MAX_EVENT_NODES` values. The processor
    stores no such event, but older ones exist. A batch of a thousand would take longer than the
    ledger's function may run, however often it is delivered.
    """

    def __init__(self, shard_count: int) -> None:
        self._shard_count = shard_count
        self._large_left = MAX_LARGE_IMAGES

    def read(self, image: Mapping[str, Any] | None) -> EventImage | ReferenceImage | None:
        """Return the image of a valid event or of a reference, or None."""
        return None if image is None else _parse_image(image, self._decode)

    def _decode(self, item: Item) -> StoredItem:
        try:
            return decode_item(item, self._shard_count, MAX_EVENT_NODES)
        except TooManyNodesError:
            if not self._large_left:
                raise
            self._large_left -= 1
            return decode_item(item, self._shard_count)


def read_changes(event: Mapping[str, Any], shard_count: int) -> Iterator[Change]:
    """Yield the changes in a stream event, in its order, each before the next one is read.

    An image that is neither a valid event nor a reference hides no other record: the change has
    None in its place.

    Raises:
        CorruptRecordError: a record lacks a field that every stream record has.
    """
    try:
        images = _Images(shard_count)
        for record in event["Records"]:
            yield _parse_change(record, images)
    except (ArithmeticError, KeyError, TypeError, ValueError) as error:
        raise CorruptRecordError("not a DynamoDB stream event") from error


def _parse_change(record: Mapping[str, Any], images: _Images) -> Change:
    changed = record["dynamodb"]
    principal = (record.get("userIdentity") or {}).get("principalId")
    return Change(
        kind=ChangeKind(record["eventName"]),
        at_ms=int(float(changed["ApproximateCreationDateTime"]) * 1000),
        sequence_number=changed["SequenceNumber"],
        item_id=changed["Keys"][keys.ID]["S"],
        old=images.read(changed.get("OldImage")),
        new=images.read(changed.get("NewImage")),
        is_expiry=principal == _TTL_PRINCIPAL,
    )


def _parse_image(
    image: Mapping[str, Any], decode: Callable[[Item], StoredItem]
) -> EventImage | ReferenceImage | None:
    """Return the image of a valid event or of a reference, or None.

    The content of an event in S3 is not read here: its keys are only compared with each other.
    """
    try:
        item: dict[str, Any] = {  # as the table's API returns it: bytes, not base64
            name: {"B": a2b_base64(value["B"])} if "B" in value else value
            for name, value in image.items()
        }
        if is_reference(item):
            return _make_reference_image(item)
        stored = decode(item)
    except (CorruptRecordError, AttributeError, KeyError, TypeError, ValueError):
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
        order=read_order(event_id, fields),
        submitted_by=stored.submitted_by,
        stored_at=stored.times.stored_at if keys.STORED_AT in item else None,
        held_expires_at=stored.times.held_expires_at,
    )


def _make_reference_image(item: Item) -> ReferenceImage:
    reference = decode_reference(item)
    return ReferenceImage(
        tenant_id=reference.tenant_id,
        id=reference.id,
        digest=item[keys.DIGEST]["B"],
        content=reference.content,
        stored_at=reference.stored_at,
        expires_at=reference.expires_at,
        held_expires_at=reference.held_expires_at,
    )
