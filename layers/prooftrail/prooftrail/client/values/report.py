"""What was fitted in an event."""

from typing import Final

from prooftrail.client.values.texts import cut_text, replace_surrogates
from prooftrail.errors import shorten_path
from prooftrail.event.masking import mask_text
from prooftrail.event.model import FIELD_NAMES

MAX_PATHS: Final = 20
_REST: Final = "…"
_MAX_PATH_LENGTH: Final = 200  # more than is shown, so that different paths stay different
_UNKNOWN: Final = "an unknown field"  # whose name can be anybody's input


def join_path(path: str, key: str) -> str:
    """Return the path of a key in an object, of a bounded length, though a key can have 1 MiB.

    >>> join_path("details", "a"), len(join_path("details", "k" * 1_000_000)) < 300
    ('details.a', True)
    """
    if len(path) > 3 * _MAX_PATH_LENGTH:
        return path
    if len(key) > _MAX_PATH_LENGTH:
        key = cut_text(key, _MAX_PATH_LENGTH)
    return f"{path}.{key}" if path else key


def join_position(path: str, position: int) -> str:
    """Return the path of a value in a list, of a bounded length.

    >>> join_position("details.items", 3)
    'details.items[3]'
    """
    return path if len(path) > 3 * _MAX_PATH_LENGTH else f"{path}[{position}]"


class FittingReport:
    """The paths of what was fitted, with reasons: `MAX_PATHS` of them, and the number of others."""

    def __init__(self) -> None:
        self._reasons: dict[str, str] = {}
        self._paths: dict[str, str] = {}  # those of the reasons, in full
        self._others = 0
        self.kinds: dict[tuple[str, str], None] = {}  # fields and reasons, in order

    def __bool__(self) -> bool:
        return bool(self._reasons)

    def add(self, path: str, reason: str, *, detail: str = "") -> None:
        """Add a path. `reason` is one of a few texts, `detail` is of this event alone."""
        field = path.partition(".")[0].partition("[")[0]
        self.kinds[field if field in FIELD_NAMES else _UNKNOWN, reason] = None
        shown = shorten_path(mask_text(replace_surrogates(path)))
        if shown in self._reasons:
            self._others += self._paths[shown] != path  # only the beginnings are the same
        elif len(self._reasons) < MAX_PATHS:
            self._reasons[shown] = f"{reason} ({detail})" if detail else reason
            self._paths[shown] = path
        else:
            self._others += 1

    def to_json(self) -> dict[str, str]:
        """Return the paths and reasons as the event tells them."""
        if not self._others:
            return dict(self._reasons)
        return {**self._reasons, _REST: f"and {self._others} more"}
