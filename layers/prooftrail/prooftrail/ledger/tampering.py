"""Tampering: changes of stored events that the system itself never makes."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from prooftrail.errors import AuditLogError, StoreRejectedError, StoreUnavailableError
from prooftrail.event.hold import HoldKind, HoldOrder
from prooftrail.event.ids import make_highest_id, make_lowest_id, pack_id
from prooftrail.event.orders import ORDER_ACTIONS
from prooftrail.event.removal import RemovalOrder, split_ids
from prooftrail.event.reserved import CLEANUP_ACTION
from prooftrail.event.retention import compute_expiry, make_payloads_prefix
from prooftrail.event.times import DAY_MS, MAX_CLOCK_SKEW_MS
from prooftrail.ledger.changes import CLOCK_SLACK_MS, Change, ChangeKind, EventImage, ReferenceImage
from prooftrail.ledger.held import find_hold_change

QUEUE_RETENTION_MS: Final = 14 * DAY_MS
ORDER_VALIDITY_MS: Final = 7 * DAY_MS  # from an order's time to the changes it allows


class RemovalOrderReader(Protocol):
    """Reads the removal orders that the ledger has committed.

    Strongly consistent, and lazy: what the caller does not ask for is not read. A damaged order is
    left out: it orders nothing. It may raise StoreUnavailableError and StoreRejectedError.
    """

    def read_orders(self, tenant_id: str, first: str, last: str) -> Iterator[RemovalOrder]:
        """Yield the tenant's removal orders with ids from `first` to `last`, newest first."""


class ExpiryOrderReader(Protocol):
    """Reads the hold orders that lift expiries or give them back, as `RemovalOrderReader` does."""

    def read_expiry_orders(self, tenant_id: str, first: str, last: str) -> Iterator[HoldOrder]:
        """Yield the tenant's orders of both kinds with these ids, newest first."""


@dataclass(frozen=True, slots=True)
class Tampering:
    """One change that the system never makes; digests are in hexadecimal."""

    kind: ChangeKind
    item_id: str
    reason: str
    old_digest: str | None
    new_digest: str | None


@dataclass(frozen=True, slots=True)
class ClassifiedRemovals:
    """The removals of a stream batch: the events ordered by tenant, and those without an order.

    References are removed by the order that names their event, and are not counted. `failure` says
    why the orders of a tenant could not be read. Its removals are in neither.
    """

    ordered: Mapping[str, int]
    tampering: Sequence[Tampering]
    failure: AuditLogError | None = None


@dataclass(frozen=True, slots=True)
class ClassifiedExpiries:
    """The lifted and returned expiries of a stream batch that no order names.

    `failure` says why the orders of a tenant could not be read. Its changes are left out.
    """

    tampering: Sequence[Tampering]
    failure: AuditLogError | None = None


def classify_removals(changes: Iterable[Change], reader: RemovalOrderReader) -> ClassifiedRemovals:
    """Separate the removals that a committed order names from those that no order names.

    Read orders only if there are removals that need one, only of their tenants, and no further
    back than they need. One tenant's orders that cannot be read hide nothing of other tenants.
    """
    by_tenant: dict[str, dict[bytes, list[Change]]] = {}
    for change in changes:
        if change.needs_order and change.old:
            by_id = by_tenant.setdefault(change.old.tenant_id, {})
            by_id.setdefault(pack_id(change.old.id), []).append(change)
    ordered: dict[str, int] = {}
    tampering: list[Tampering] = []
    failure: AuditLogError | None = None
    for tenant_id, removals in by_tenant.items():
        try:
            named = _find_named(tenant_id, removals, reader.read_orders)
        except (StoreUnavailableError, StoreRejectedError) as error:
            failure = error
            continue
        events = [
            change
            for event_id in named
            for change in removals[event_id]
            if isinstance(change.old, EventImage)
        ]
        if events:
            ordered[tenant_id] = len(events)
        tampering += [
            _describe_removal(change)
            for event_id, of_event in removals.items()
            if event_id not in named
            for change in of_event
        ]
    return ClassifiedRemovals(ordered, tampering, failure)


def classify_expiries(changes: Iterable[Change], reader: ExpiryOrderReader) -> ClassifiedExpiries:
    """Return the expiries that were lifted or given back without a hold order that names the event.

    Orders are read as in `classify_removals`.
    """
    by_need: dict[tuple[str, HoldKind], dict[bytes, list[Change]]] = {}
    for change in changes:
        kind = find_hold_change(change)
        if kind is not None and change.new:
            by_id = by_need.setdefault((change.new.tenant_id, kind), {})
            by_id.setdefault(pack_id(change.new.id), []).append(change)
    tampering: list[Tampering] = []
    failure: AuditLogError | None = None
    for (tenant_id, kind), of_tenant in by_need.items():

        def read(tenant: str, first: str, last: str, kind: HoldKind = kind) -> Iterator[HoldOrder]:
            orders = reader.read_expiry_orders(tenant, first, last)
            return (order for order in orders if order.kind is kind)

        try:
            named = _find_named(tenant_id, of_tenant, read)
        except (StoreUnavailableError, StoreRejectedError) as error:
            failure = error
            continue
        verb = "lifted" if kind is HoldKind.LIFT else "given back"
        tampering += [
            _describe(change, f"the expiry of a stored event was {verb} without a hold order")
            for event_id, of_event in of_tenant.items()
            if event_id not in named
            for change in of_event
        ]
    return ClassifiedExpiries(tampering, failure)


def _find_named(
    tenant_id: str,
    changes: Mapping[bytes, Sequence[Change]],
    read: Callable[[str, str, str], Iterator[RemovalOrder] | Iterator[HoldOrder]],
) -> set[bytes]:
    """Return the changed events that orders name."""
    times = [change.at_ms for of_event in changes.values() for change in of_event]
    first = make_lowest_id(max(0, min(times) - ORDER_VALIDITY_MS))
    last = make_highest_id(max(times) + MAX_CLOCK_SKEW_MS)
    unnamed = set(changes)
    for order in read(tenant_id, first, last):
        unnamed.difference_update(split_ids(order.ids))
        if not unnamed:
            break
    return changes.keys() - unnamed


def detect_tampering(change: Change, retention_days: int) -> Tampering | None:
    """Return the tampering that a stream record shows by itself, or None.

    A second put of the same event may show as a MODIFY of `receivedAt`, `submittedBy`, `storedAt`,
    `expiresAt` and of where the payload is stored, within what a message of the queue can give.
    A legal hold lifts expiries and gives them back (see `classify_expiries`). Nothing else in a
    stored event ever changes. Only time to live and clean-ups remove events (see
    `classify_removals`). An order is kept for good. A reference changes only as its event
    does. Whether its event has it, only a verification can say.
    """
    if find_hold_change(change):
        return None
    match change:
        case Change(old=ReferenceImage()) | Change(new=ReferenceImage()):
            return _detect_reference_tampering(change, retention_days)
        case Change(kind=ChangeKind.INSERT, new=EventImage() as new):
            reason = _explain_insert(new, change.at_ms)
        case Change(kind=ChangeKind.INSERT):
            reason = "an inserted item is not a valid event"
        case Change(kind=ChangeKind.MODIFY, old=EventImage() as old, new=EventImage() as new):
            reason = _explain_modification(old, new, change.at_ms, retention_days)
        case Change(kind=ChangeKind.MODIFY):
            reason = "a stored event was changed"
        case Change(kind=ChangeKind.REMOVE, old=EventImage(order=RemovalOrder())):
            reason = "a removal order was removed"
        case Change(kind=ChangeKind.REMOVE, old=EventImage(order=HoldOrder())):
            reason = "a hold order was removed"
        case Change(kind=ChangeKind.REMOVE, is_expiry=False) if not change.needs_order:
            reason = "a stored event was removed"
        case _:
            reason = None
    return None if reason is None else _describe(change, reason)


def _explain_insert(new: EventImage, at_ms: int) -> str | None:
    """Return why the system never inserts this event, or None if it can."""
    if new.action in ORDER_ACTIONS and not new.valid_order:
        what = "removal" if new.action == CLEANUP_ACTION else "hold"
        return f"an event with the action of {what} orders is not a valid {what} order"
    if new.held_expires_at is not None:
        return "an inserted event has an expiry that a hold lifted"
    if not is_time_of_receipt(new.received_at, at_ms):
        return "an inserted event's time of receipt is not that of a message"
    return None


def _explain_modification(
    old: EventImage, new: EventImage, at_ms: int, retention_days: int
) -> str | None:
    """Return why the system never makes this change of an event, or None if it can."""
    is_same = old.digest == new.digest and old.content == new.content
    is_expiry_allowed = _is_expiry_allowed(old, new, at_ms, retention_days)
    reason = None
    if not is_same or not _is_payload_allowed(old, new, retention_days):
        reason = "a stored event was changed"
    elif _is_earlier(new.expires_at, old.expires_at) and (old.order or not is_expiry_allowed):
        reason = "a stored event's expiry was brought forward"
    elif _is_hold_dropped(old, new, at_ms, retention_days):
        reason = "the expiry that a hold lifted was changed"
    elif not _is_receipt_allowed(old, new, at_ms):
        reason = "a stored event's time of receipt or its submitter was changed"
    elif not is_expiry_allowed:
        reason = "a stored event's expiry was put off"
    elif old.stored_at is not None and new.stored_at is None:
        reason = "a stored event's time of storing was removed"
    return reason


def _detect_reference_tampering(change: Change, retention_days: int) -> Tampering | None:
    if change.kind is not ChangeKind.MODIFY:
        return None
    match change:
        case Change(old=ReferenceImage() as old, new=ReferenceImage() as new):
            if old.content != new.content:
                return _describe(change, "a reference to an event was changed")
            is_same = (new.expires_at, new.held_expires_at) == (old.expires_at, old.held_expires_at)
            if not is_same and not _is_put(new, change.at_ms, retention_days):
                return _describe(change, "the expiry of a reference to an event was changed")
            return None
        case _:
            return _describe(change, "a reference to an event was changed")


def _is_put(image: EventImage | ReferenceImage, at_ms: int, retention_days: int) -> bool:
    """Return whether the processor can have put this just now; it knows no hold."""
    return image.held_expires_at is None and _is_counted_from_put(image, at_ms, retention_days)


def _is_hold_dropped(old: EventImage, new: EventImage, at_ms: int, retention_days: int) -> bool:
    """Return whether the lifted expiry was changed by something else than a second put."""
    if new.held_expires_at == old.held_expires_at:
        return False
    return not _is_put(new, at_ms, retention_days)


def _describe_removal(change: Change) -> Tampering:
    is_event = isinstance(change.old, EventImage)
    what = "a stored event" if is_event else "a reference to a stored event"
    return _describe(change, f"{what} was removed")


def _describe(change: Change, reason: str) -> Tampering:
    return Tampering(
        change.kind, change.item_id, reason, _format_digest(change.old), _format_digest(change.new)
    )


def _is_earlier(new: int | None, old: int | None) -> bool:
    return new is not None and (old is None or new < old)


def _is_payload_allowed(old: EventImage, new: EventImage, retention_days: int) -> bool:
    """Return whether the payload is in the item, where it was, or where it is put today."""
    today = f"{make_payloads_prefix(retention_days)}/{new.digest.hex()}"
    in_bucket = old.payload_key is not None and new.payload_key in (old.payload_key, today)
    return new.payload_key is None or in_bucket


def _is_expiry_allowed(old: EventImage, new: EventImage, at_ms: int, retention_days: int) -> bool:
    """Return whether a second put at this time can leave the event with this expiry.

    The processor counts the expiry from the put. So a later put moves it later, unless the
    retention is shorter than before, or the clock of one put is slower than that of the other.
    """
    if new.expires_at == old.expires_at or _is_counted_from_put(new, at_ms, retention_days):
        return True
    return _is_counted_from_receipt(old, new, at_ms, retention_days)


def _is_counted_from_put(
    image: EventImage | ReferenceImage, at_ms: int, retention_days: int
) -> bool:
    """Return whether the processor gives this expiry to what it puts at this time."""
    return (
        image.stored_at is not None
        and abs(at_ms - image.stored_at) <= CLOCK_SLACK_MS
        and image.expires_at == compute_expiry(image.stored_at, retention_days)
    )


def _is_counted_from_receipt(
    old: EventImage, new: EventImage, at_ms: int, retention_days: int
) -> bool:
    """Return whether a second put by version 0.2 can give the event this expiry.

    It counts the expiry from the receipt. An older message can bring it forward, but not into the
    past, and only if version 0.2 has stored the event before. Otherwise whoever can write to the
    table could end any event earlier.
    """
    if new.expires_at != compute_expiry(new.received_at, retention_days):
        return False
    if not is_time_of_receipt(new.received_at, at_ms):
        return False
    if new.expires_at is None or not _is_earlier(new.expires_at, old.expires_at):
        return True
    return old.stored_at is None and new.expires_at * 1000 > at_ms


def _is_receipt_allowed(old: EventImage, new: EventImage, at_ms: int) -> bool:
    """Return whether a message that is delivered at this time can give the event this receipt.

    The queue keeps a message for 14 days. Two senders can send one event in the same millisecond. A
    version of this system that recorded no submitter may have stored it first.
    """
    if new.received_at == old.received_at:
        if old.submitted_by in {None, new.submitted_by}:
            return True
        if new.submitted_by is None:
            return False
    return is_time_of_receipt(new.received_at, at_ms)


def is_time_of_receipt(received_at: int, at_ms: int) -> bool:
    """Return whether a message that is stored at this time (ms) can have been received then."""
    oldest, latest = at_ms - QUEUE_RETENTION_MS - CLOCK_SLACK_MS, at_ms + CLOCK_SLACK_MS
    return oldest <= received_at <= latest


def _format_digest(image: EventImage | ReferenceImage | None) -> str | None:
    return image.digest.hex() if image else None
