"""The filters of an export, beside its tenants: time, user and action."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from prooftrail.event.ids import decode_time
from prooftrail.event.times import format_timestamp, parse_timestamp
from prooftrail.query.filters import check_time_range, matches_action

_NAMES: Final = ("since", "until", "userId", "action")


@dataclass(frozen=True, slots=True)
class EventFilters:
    """Which events an export has; None means every one.

    The times are the events' own, in milliseconds since 1970, both included. A user is the one who
    acted, or on whose behalf. An action can end with a star.

    Raises:
        InvalidQueryError: the range ends before it starts.
    """

    start_ms: int | None = None
    end_ms: int | None = None
    user_id: str | None = None
    action: str | None = None

    def __post_init__(self) -> None:
        """Check the range."""
        if self.start_ms is not None and self.end_ms is not None:
            check_time_range(self.start_ms, self.end_ms)

    def __bool__(self) -> bool:
        """Return whether there is any filter."""
        return any(value is not None for value in self._list_values())

    def includes_time(self, event_id: str) -> bool:
        """Return whether the event's time, which its id has, is in the range."""
        time_ms = decode_time(event_id)
        return (self.start_ms is None or self.start_ms <= time_ms) and (
            self.end_ms is None or time_ms <= self.end_ms
        )

    def matches(self, event_id: str, fields: Mapping[str, Any]) -> bool:
        """Return whether the event with this id and these fields belongs to the export."""
        if not self.includes_time(event_id):
            return False
        if self.user_id is not None:
            represented = fields.get("onBehalfOf") or {}
            if self.user_id not in {fields.get("userId"), represented.get("userId")}:
                return False
        return self.action is None or matches_action(self.action, fields["action"])

    def to_json(self) -> dict[str, str]:
        """Return the filters as the manifest has them, without those that are None.

        >>> EventFilters(start_ms=0, action="user.*").to_json()
        {'since': '1970-01-01T00:00:00.000Z', 'action': 'user.*'}
        """
        return {
            name: format_timestamp(value) if isinstance(value, int) else value
            for name, value in zip(_NAMES, self._list_values(), strict=True)
            if value is not None
        }

    @classmethod
    def from_json(cls, content: Any) -> Self:
        """Return the filters in a manifest.

        Raises:
            AttributeError, TypeError, ValueError, AuditLogError: no export writes them.
        """
        values = {name: content.get(name) for name in _NAMES}
        if not all(isinstance(value, str | None) for value in values.values()):
            raise TypeError("a filter is not a text")
        since, until = (
            None if values[name] is None else parse_timestamp(values[name]) for name in _NAMES[:2]
        )
        return cls(since, until, values["userId"], values["action"])

    def __str__(self) -> str:
        """Return the filters as a text for people."""
        return ", ".join(f"{name} {value}" for name, value in self.to_json().items()) or "none"

    def _list_values(self) -> tuple[int | str | None, ...]:
        return (self.start_ms, self.end_ms, self.user_id, self.action)


ALL_EVENTS: Final = EventFilters()
