"""Changes of stored events, as the table's stream reports them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from prooftrail.event.orders import Order
from prooftrail.event.times import HOUR_MS
from prooftrail.ledger.receipt import Receipt

CLOCK_SLACK_MS: Final = HOUR_MS  # between the clocks of SQS and DynamoDB, and of a slow delivery
STREAM_MEMORY_MS: Final = 25 * HOUR_MS  # a stream keeps its records for 24 hours


class ChangeKind(StrEnum):
    """What a stream record says happened to an item."""

    INSERT = "INSERT"
    MODIFY = "MODIFY"
    REMOVE = "REMOVE"


@dataclass(frozen=True, slots=True)
class EventImage:
    """A stored event as a stream record shows it.

    `received_at` is in milliseconds, `expires_at` in seconds since 1970. `payload_key` is the S3
    key of the event's JSON, or None if the item itself holds it. `content` is only compared.
    `order` is the order in the event, if any. `submitted_by` is None for an event that was stored
    before this was recorded. `stored_at` is when it was written, in milliseconds, or None if
    version 0.2 or an earlier one wrote it. `held_expires_at` is the expiry that a hold lifted.
    """

    tenant_id: str
    id: str
    digest: bytes
    action: str
    resource_type: str
    success: bool
    received_at: int
    expires_at: int | None
    payload_key: str | None
    content: Mapping[str, object]
    order: Order | None = None
    submitted_by: str | None = None
    stored_at: int | None = None
    held_expires_at: int | None = None

    @property
    def receipt(self) -> Receipt | None:
        """When and from whom the event was received, for its entry."""
        if self.submitted_by is None:
            return None
        return Receipt.from_submitter(self.received_at, self.submitted_by)

    @property
    def valid_order(self) -> Order | None:
        """The order in the event, if the event is kept for good, as an order has to be."""
        return self.order if self.expires_at is None else None


@dataclass(frozen=True, slots=True)
class ReferenceImage:
    """A reference (`event.references`) as a stream record shows it.

    `id` and `digest` are those of the event that it names. `content` is only compared. `stored_at`
    is when it was written, in milliseconds, `expires_at` in seconds since 1970. `held_expires_at`
    is the expiry that a hold lifted.
    """

    tenant_id: str
    id: str
    digest: bytes
    content: Mapping[str, object]
    stored_at: int
    expires_at: int | None
    held_expires_at: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One stream record.

    `at_ms` is the approximate time of the change, in milliseconds since 1970. `old` and `new` are
    None if the record has no such image, or if it shows neither a valid event nor a reference.
    """

    kind: ChangeKind
    at_ms: int
    sequence_number: str
    item_id: str
    old: EventImage | ReferenceImage | None
    new: EventImage | ReferenceImage | None
    is_expiry: bool = False

    @property
    def needs_order(self) -> bool:
        """Whether this removes a valid event or a reference, which only a removal order may do."""
        if self.kind is not ChangeKind.REMOVE or self.is_expiry:
            return False
        match self.old:
            case EventImage(order=None) | ReferenceImage():
                return True
            case _:
                return False
