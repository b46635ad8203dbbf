"""The actions under which the audit log records what is done to itself. No producer can send them.

`audit.events.dropped` is not reserved: the library of a producer sends it.
"""

from typing import Final

CLEANUP_ACTION: Final = "audit.cleanup"
HOLD_PREFIX: Final = "audit.hold."
RESERVED_PREFIXES: Final = ("audit.dead-letters.", HOLD_PREFIX, "audit.trail.")
# Those of orders, which are never sent: commands write them into the table.
UNSENT_ACTIONS: Final = (CLEANUP_ACTION, f"{HOLD_PREFIX}*")
DISCARD_ACTION: Final = "audit.dead-letters.discard"
READ_ACTION: Final = "audit.trail.read"
# As a regular expression: for the API's document.
RESERVED_PATTERN: Final = r"^audit\.(cleanup$|dead-letters\.|hold\.|trail\.)"


def find_reserved(action: str) -> str | None:
    """Return the reserved name, or the prefix and a star, that the action has; else None.

    >>> find_reserved("audit.cleanup"), find_reserved("audit.trail.read")
    ('audit.cleanup', 'audit.trail.*')
    >>> find_reserved("audit.events.dropped"), find_reserved("audit.cleanups")
    (None, None)
    """
    if not action.startswith("audit."):
        return None
    if action == CLEANUP_ACTION:
        return action
    return next((f"{prefix}*" for prefix in RESERVED_PREFIXES if action.startswith(prefix)), None)
