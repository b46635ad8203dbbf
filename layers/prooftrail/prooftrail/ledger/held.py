"""Expiries that a legal hold lifts and gives back: what a stream record shows of it."""

from dataclasses import replace
from typing import Final

from prooftrail.event.hold import HoldKind
from prooftrail.event.retention import make_held_key
from prooftrail.event.times import DAY_MS
from prooftrail.ledger.changes import (
    CLOCK_SLACK_MS,
    Change,
    ChangeKind,
    EventImage,
    ReferenceImage,
)

RETURNED_FOR_MS: Final = DAY_MS  # an event whose expiry has passed ends so long after its return


def compute_returned_expiry(held_expires_at: int, now_ms: int) -> int:
    """Return the expiry that is given back to an event, in seconds since 1970.

    It is the one that was lifted, but at least a day from now.

    >>> compute_returned_expiry(1_000_000, 1_000), compute_returned_expiry(5, 1_000)
    (1000000, 86401)
    """
    return max(held_expires_at, (now_ms + RETURNED_FOR_MS) // 1000)


def find_hold_change(change: Change) -> HoldKind | None:
    """Return the kind of order that a change needs if it lifts an expiry or gives it back.

    None for any other change. An event or a reference whose expiry is lifted is unchanged
    otherwise, but for the place of a payload in S3. Orders are kept for good and have no expiry.
    """
    if change.kind is not ChangeKind.MODIFY:
        return None
    match change.old, change.new:
        case EventImage(order=None) as old, EventImage(order=None) as new:
            if _strip(old) != _strip(new):
                return None
            if _is_lifted(old, new) and new.payload_key == _hold(old.payload_key):
                return HoldKind.LIFT
            if _is_returned(old, new, change.at_ms) and old.payload_key == _hold(new.payload_key):
                return HoldKind.RETURN
        case ReferenceImage() as old, ReferenceImage() as new:
            if replace(old, expires_at=None, held_expires_at=None) != replace(
                new, expires_at=None, held_expires_at=None
            ):
                return None
            if _is_lifted(old, new):
                return HoldKind.LIFT
            if _is_returned(old, new, change.at_ms):
                return HoldKind.RETURN
    return None


def _strip(image: EventImage) -> EventImage:
    return replace(image, expires_at=None, held_expires_at=None, payload_key=None)


def _hold(payload_key: str | None) -> str | None:
    return None if payload_key is None else make_held_key(payload_key)


def _is_lifted(old: EventImage | ReferenceImage, new: EventImage | ReferenceImage) -> bool:
    return (
        old.expires_at is not None
        and old.held_expires_at is None
        and new.expires_at is None
        and new.held_expires_at == old.expires_at
    )


def _is_returned(
    old: EventImage | ReferenceImage, new: EventImage | ReferenceImage, at_ms: int
) -> bool:
    held, returned = old.held_expires_at, new.expires_at
    if held is None or returned is None or new.held_expires_at is not None or returned < held:
        return False
    return returned == held or abs(returned * 1000 - at_ms - RETURNED_FOR_MS) <= CLOCK_SLACK_MS
