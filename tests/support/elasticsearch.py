"""A model of how Elasticsearch maps documents, strict in what it refuses.

The first type of a path stays; a value that the type cannot take refuses the document. Sources:
the pages "Dynamic field mapping", "Flattened", "Keyword" and "Date detection" of the reference, and
FlattenedFieldParser in Elasticsearch's repository.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any

MAX_TERM_BYTES = 32_766
MAX_LONG = 2**63 - 1
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d(:\d\d(:\d\d(\.\d{1,9})?)?)?(Z|[+-]\d\d:?\d\d)?)?)?)?")
_DYNAMIC_DATE = re.compile(rf"{_DATE.pattern}|\d{{4}}/\d\d/\d\d.*")
_OBJECT: Mapping[str, Any] = {"type": "object"}


class RefusedDocumentError(Exception):
    """The index refuses the document."""


@dataclass
class Index:
    """An index with these mappings."""

    mappings: Mapping[str, Any] = field(default_factory=dict)
    types: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Take the explicit mappings."""
        self.types.update(_list_properties(self.mappings))

    def add(self, document: Mapping[str, Any]) -> None:
        """Map a document.

        Raises:
            RefusedDocumentError: a value does not fit its path's type, or a key is not valid.
        """
        added = dict(self.types)
        self._map_object("", document, added)
        self.types = added  # a refused document maps nothing

    def _map_object(self, path: str, value: Mapping[str, Any], types: dict[str, Any]) -> None:
        for key, inner in value.items():
            if not key.strip() or any(not part for part in key.split(".")):
                raise RefusedDocumentError(f"{path}: a key is empty, or has an empty part")
            names = key.split(".")
            for count in range(1, len(names)):
                self._map_value(f"{path}{'.'.join(names[:count])}", {}, types)
            self._map_value(f"{path}{key}", inner, types)

    def _map_value(self, path: str, value: Any, types: dict[str, Any]) -> None:
        if value is None:
            return
        mapping = types.get(path)
        if mapping is None:
            if self.mappings.get("dynamic") is False:
                return
            mapping = self._derive_type(value)
            if mapping is None:
                return
            types[path] = mapping
        if mapping.get("enabled") is False:
            return
        if mapping["type"] == "flattened":
            _check_flattened(path, value, mapping)
        elif isinstance(value, list):
            for item in value:
                self._map_value(path, item, types)
        elif isinstance(value, dict) != (mapping["type"] == "object"):
            raise RefusedDocumentError(f"{path}: an object and a value")
        elif isinstance(value, dict):
            self._map_object(f"{path}.", value, types)
        elif not _fits(value, mapping):
            raise RefusedDocumentError(f"{path}: a value that is not of type {mapping['type']}")

    def _derive_type(self, value: Any) -> Mapping[str, Any] | None:
        match value:
            case list():
                found = (self._derive_type(item) for item in value if item is not None)
                return next((mapping for mapping in found if mapping), None)
            case dict():
                return _OBJECT
            case bool():
                return {"type": "boolean"}
            case int():
                return {"type": "long"}
            case float():
                return {"type": "float"}
            case None:
                return None
        for templates in self.mappings.get("dynamic_templates", ()):
            for template in templates.values():
                assert template["match_mapping_type"] == "string"
                mapping: Mapping[str, Any] = template["mapping"]
                return mapping
        if self.mappings.get("date_detection", True) and _DYNAMIC_DATE.fullmatch(value):
            return {"type": "date"}
        return {"type": "text"}


def _list_properties(
    mapping: Mapping[str, Any], path: str = ""
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, inner in mapping.get("properties", {}).items():
        yield f"{path}{name}", inner if "type" in inner else _OBJECT
        yield from _list_properties(inner, f"{path}{name}.")


def _fits(value: Any, mapping: Mapping[str, Any]) -> bool:
    text = str(value)
    match mapping["type"]:
        case "text" | "match_only_text":
            return True
        case "keyword":
            is_indexed = len(text) <= mapping.get("ignore_above", MAX_LONG)
            return not is_indexed or len(text.encode()) <= MAX_TERM_BYTES
        case "boolean":
            return value in (True, False, "true", "false", "")
        case "long" | "integer" | "float":
            try:
                return type(value) is not bool and abs(float(value)) <= MAX_LONG
            except ValueError:
                return False
        case "date" if mapping.get("format") == "epoch_millis":
            return type(value) is int
        case "date":
            return _DATE.fullmatch(text) is not None or type(value) is int
        case "ip":
            try:
                return bool(ip_address(text))
            except ValueError:
                return False
    raise AssertionError(mapping)


def _check_flattened(path: str, value: Any, mapping: Mapping[str, Any]) -> None:
    if isinstance(value, list):
        for item in value:
            _check_flattened(path, item, mapping)
    elif not isinstance(value, dict):
        raise RefusedDocumentError(f"{path}: flattened needs an object")
    else:
        for keys, leaf in _list_leaves(value, mapping.get("depth_limit", 20)):
            key = ".".join(keys)
            if "\0" in key:
                raise RefusedDocumentError(f"{path}: a key has a NUL")
            text = "" if leaf is None else str(leaf)
            is_indexed = len(text.encode("utf-16-le")) // 2 <= mapping.get("ignore_above", MAX_LONG)
            if leaf is not None and is_indexed and len(f"{key}\0{text}".encode()) > MAX_TERM_BYTES:
                raise RefusedDocumentError(f"{path}: an immense term")


def _list_leaves(value: Any, depth: int) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, list):
        for item in value:
            yield from _list_leaves(item, depth)
    elif isinstance(value, dict):
        if depth == 0:
            raise RefusedDocumentError("flattened: too deep")
        for key, inner in value.items():
            for keys, leaf in _list_leaves(inner, depth - 1):
                yield (key, *keys), leaf
    else:
        yield (), value
