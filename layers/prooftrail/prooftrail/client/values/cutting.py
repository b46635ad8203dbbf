"""Cuts JSON values to a size in bytes, or to a number of values.

The largest parts are cut first, so that small ones stay whole.
"""

import json
from collections.abc import Mapping
from itertools import accumulate, islice, takewhile
from typing import Any, Final

from prooftrail.client.values.report import FittingReport, join_path, join_position
from prooftrail.client.values.texts import compute_short_digest, make_cut_end

MIN_PART_BYTES: Final = 128
_MAX_FLOAT_BYTES: Final = len("-1.2345678901234567e-300")  # 1e20 has 21 digits in RFC 8785
_DIGEST_BYTES: Final = len(json.dumps(make_cut_end("")))
_encode = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


def measure(value: object) -> int:
    """Return the bytes of a JSON value in ASCII; of a float at least those of its other forms."""
    if type(value) is float:
        return _MAX_FLOAT_BYTES
    if type(value) is str and value.isascii() and value.isprintable():
        return len(value) + value.count('"') + value.count("\\") + 2
    return len(_encode(value))


class Cutter:
    """Cuts values, and adds each cut to the report. Every size is in bytes of ASCII JSON."""

    def __init__(self, report: FittingReport) -> None:
        self._report = report
        self._sizes: dict[int, int] = {}  # of the containers, by their ids

    def cut(self, value: Any, max_size: int, path: str) -> Any:
        """Return the value if it has at most `max_size` bytes, otherwise what fits of it."""
        self._sizes.clear()
        self._measure(value)
        return self._cut(value, max_size, path)

    def _measure(self, value: Any) -> int:
        if isinstance(value, dict):
            size = 2 + sum(measure_key(key) + self._measure(part) for key, part in value.items())
        elif isinstance(value, list):
            size = 2 + sum(1 + self._measure(part) for part in value)
        else:
            return measure(value)
        self._sizes[id(value)] = size
        return size

    def _size(self, value: Any) -> int:
        return self._sizes[id(value)] if isinstance(value, dict | list) else measure(value)

    def _cut(self, value: Any, max_size: int, path: str) -> Any:
        if self._size(value) <= max_size:
            return value
        if isinstance(value, dict):
            return self._cut_object(value, max_size, path)
        if isinstance(value, list):
            return self._cut_list(value, max_size, path)
        self._report.add(path, "too large: cut")
        return _cut_to_size(value if isinstance(value, str) else str(value), max_size)

    def _cut_object(self, value: Mapping[str, Any], max_size: int, path: str) -> dict[str, Any]:
        sizes = [measure_key(key) + self._size(part) for key, part in value.items()]
        share, kept = _share(sizes, max_size - 2, MIN_PART_BYTES)
        cut: dict[str, Any] = {}
        for key, part in islice(value.items(), kept):
            name = key
            if measure_key(key) > share // 2:
                name = _cut_to_size(key, share // 2 - 2)
                self._report.add(join_path(path, name), "too large: key cut")
            cut[name] = self._cut(part, share - measure_key(name), join_path(path, name))
        _note_rest(self._report, value, kept, path, "too large")
        return cut

    def _cut_list(self, value: list[Any], max_size: int, path: str) -> list[Any]:
        sizes = [1 + self._size(part) for part in value]
        share, kept = _share(sizes, max_size - 2, MIN_PART_BYTES)
        cut = [
            self._cut(part, share - 1, f"{path}[{position}]")
            for position, part in enumerate(value[:kept])
        ]
        _note_rest(self._report, value, kept, path, "too large")
        return cut


class NodeCutter:
    """Cuts values to a number of nodes, and adds each cut to the report. See `count_nodes`."""

    def __init__(self, report: FittingReport) -> None:
        self._report = report
        self._counts: dict[int, int] = {}  # of the containers, by their ids

    def cut(self, value: Any, max_nodes: int, path: str) -> Any:
        """Return the value if it has at most `max_nodes` nodes, otherwise what fits of it."""
        self._counts.clear()
        self._count(value)
        return self._cut(value, max_nodes, path)

    def _count(self, value: Any) -> int:
        if not isinstance(value, dict | list):
            return 1
        parts = value.values() if isinstance(value, dict) else value
        count = 1 + sum(map(self._count, parts))
        self._counts[id(value)] = count
        return count

    def _cut(self, value: Any, max_nodes: int, path: str) -> Any:
        if self._counts.get(id(value), 1) <= max_nodes:
            return value
        parts = value.values() if isinstance(value, dict) else value
        share, kept = _share([self._counts.get(id(part), 1) for part in parts], max_nodes - 1, 1)
        cut: Any
        if isinstance(value, dict):
            cut = {
                key: self._cut(part, share, join_path(path, key))
                for key, part in islice(value.items(), kept)
            }
        else:
            cut = [
                self._cut(part, share, join_position(path, position))
                for position, part in enumerate(value[:kept])
            ]
        _note_rest(self._report, value, kept, path, "too many values")
        return cut


def _note_rest(report: FittingReport, value: Any, kept: int, path: str, reason: str) -> None:
    if kept < len(value):
        name = "keys" if isinstance(value, dict) else "values"
        digest = compute_short_digest(_encode(value))
        detail = f"{len(value) - kept} of {len(value)}; sha256 of the whole {digest}"
        report.add(path, f"{reason}: {name} left out", detail=detail)


def measure_key(key: str) -> int:
    """Return the bytes of a key with its colon and comma."""
    return measure(key) + 2


def _share(sizes: list[int], room: int, min_part: int) -> tuple[int, int]:
    """Return the size that a part may have, and how many of the parts fit into the room.

    Parts below that size stay whole, and what they leave of their share is for the larger ones. It
    is at least `min_part`.
    """
    left, waiting = room, len(sizes)
    for size in sorted(sizes):
        if size * waiting > left:
            break
        left -= size
        waiting -= 1
    if not waiting:
        return max(sizes, default=0), len(sizes)
    if left // waiting >= min_part:
        return left // waiting, len(sizes)
    used = accumulate(min(size, min_part) for size in sizes)
    return min_part, sum(1 for _ in takewhile(lambda size: size <= room, used))


def _cut_to_size(text: str, max_size: int) -> str:
    """Return the beginning of a text and the digest of the whole, in at most `max_size` bytes."""
    room = max_size - _DIGEST_BYTES
    low, high = 0, max(min(len(text) - 1, room), 0)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if measure(text[:middle]) <= room else (low, middle - 1)
    return text[:low] + make_cut_end(text)
