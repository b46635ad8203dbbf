"""Personal data in the responses of the API: masked, unless the route is one that shows it.

An address becomes its network, and every other value a text. `masked` beside the event's fields has
a JSON Pointer (RFC 6901) to each value, so that a program can tell them from stored ones. Texts
that only contain personal data, such as `errorMessage`, stay as they are.
"""

import ipaddress
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import accumulate
from typing import Any, Final

from prooftrail.errors import CanonicalizationError, CorruptRecordError, InvalidAddressError
from prooftrail.event.addresses import normalize_address
from prooftrail.event.canonical import canonicalize
from prooftrail.event.keys import Index
from prooftrail.event.secret_names import (
    NAMING_KEYS,
    Role,
    SecretKeys,
    split_name,
)
from prooftrail.query.ports import (
    EventReader,
    EventTest,
    IdRange,
    Row,
    RowBatch,
    SkippedEvent,
    StoredEvent,
    UnreadableEvent,
    accept_event,
)

MASK: Final = "[personal]"  # secrets are `[masked]`, and nobody can see them
IPV4_PREFIX: Final = 24
IPV6_PREFIX: Final = 48
SIX_TO_FOUR_PREFIX: Final = 16 + IPV4_PREFIX  # these addresses contain an IPv4 address
MAX_POINTERS: Final = 100  # into one field
MAX_POINTER_LENGTH: Final = 200
# The keys of personal data in fields that have a form of their own.
_KEYS_OF_FIELDS: Final = {"onBehalfOf": "username", "targets": "name"}
_WHOLE_FIELDS: Final = frozenset({"username", "userAgent"})
_OWN_NAMES: Final = _WHOLE_FIELDS | {"ipAddress"}
_PERSONAL_FIELDS: Final = _OWN_NAMES | _KEYS_OF_FIELDS.keys()
# Contacts of persons are pairs of a type and a value in SCIM and FHIR. No secret is one.
_NAMING_KEYS: Final = frozenset(NAMING_KEYS) | {
    *("type", "kind", "label", "system"),
    *("Type", "Kind", "Label", "System"),
}
_CONTAINERS: Final = (dict, list)
_CACHED_KEYS: Final = 4_096
_MAX_CACHED_LENGTH: Final = 128
_SECRETS: Final = SecretKeys()

_Steps = tuple[Any, str | int]  # the steps to the container, and the key or position in it


@dataclass(frozen=True, slots=True)
class PersonalKeys:
    """The names of keys that contain personal data, in the objects whose keys producers choose.

    A name matches the keys that have it, or contain it as whole words: `email` matches
    `customerEmail`. Case and separators do not matter, within the name neither. The names of the
    event's own personal fields are always among them: a recorded read has its filters in `details`.

    >>> keys = PersonalKeys(frozenset({"email", "firstName"}))
    >>> [key for key in ("customer_e-mail", "UserFirstname", "emails", "name") if keys.match(key)]
    ['customer_e-mail', 'UserFirstname']
    """

    names: frozenset[str] = frozenset()
    _joined: frozenset[str] = field(init=False, repr=False, compare=False)
    _known: dict[str, bool] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        joined = {"".join(split_name(name)) for name in self.names | _OWN_NAMES}
        object.__setattr__(self, "_joined", frozenset(filter(None, joined)))

    def match(self, key: str) -> bool:
        """Return whether the values under this key are personal data."""
        found = self._known.get(key)
        if found is None:
            found = _contains_words(split_name(key), self._joined)
            if len(key) <= _MAX_CACHED_LENGTH:
                if len(self._known) >= _CACHED_KEYS:
                    self._known.clear()
                self._known[key] = found
        return found


def _contains_words(words: Sequence[str], names: Iterable[str]) -> bool:
    """Return whether some of the words, one after the other and joined, are one of the names."""
    joined = "".join(words)
    bounds = {0, *accumulate(map(len, words))}
    return any(
        match.start(1) in bounds and match.end(1) in bounds
        for name in names
        if name in joined
        for match in re.finditer(f"(?=({re.escape(name)}))", joined)
    )


@dataclass(frozen=True, slots=True)
class MaskedEvent:
    """A stored event with its personal data masked, as the JSON object for readers."""

    id: str
    text: str

    def to_json(self) -> str:
        """Return the JSON object for readers: as that of a stored event, with `masked`."""
        return self.text


@dataclass(frozen=True, slots=True)
class MaskedEvents:
    """An `EventSource` of masked events. Rows are not masked: filters compare stored values."""

    events: EventReader
    keys: PersonalKeys

    def read_rows(
        self, index: Index, partition: str, id_range: IdRange, *, descending: bool, limit: int
    ) -> RowBatch:
        """See `RowReader.read_rows`."""
        return self.events.read_rows(index, partition, id_range, descending=descending, limit=limit)

    def load(
        self, tenant_id: str, rows: Sequence[Row], matches: EventTest = accept_event
    ) -> Iterator[MaskedEvent | UnreadableEvent | SkippedEvent]:
        """See `EventSource.load`. What matches is decided by the event as it is stored."""
        for event in self.events.load(tenant_id, rows, matches):
            yield self._mask_readable(event) if isinstance(event, StoredEvent) else event

    def get(self, tenant_id: str, event_id: str) -> MaskedEvent | None:
        """See `EventSource.get`."""
        event = self.events.get(tenant_id, event_id)
        return None if event is None else mask_event(event, self.keys)

    def _mask_readable(self, event: StoredEvent) -> MaskedEvent | UnreadableEvent:
        try:
            return mask_event(event, self.keys)
        except CorruptRecordError as error:
            return UnreadableEvent(event.id, str(error))


def mask_event(event: StoredEvent, keys: PersonalKeys) -> MaskedEvent:
    """Return the event with its personal data masked, and `masked` with a pointer to each value.

    Raises:
        CorruptRecordError: the bytes are not those of an event.
    """
    try:
        fields, pointers = mask_fields(json.loads(event.canonical), keys)
        canonical = canonicalize({**fields, "masked": pointers})
    except (AttributeError, CanonicalizationError, RecursionError, ValueError) as error:
        raise CorruptRecordError("the event is not JSON as events are stored") from error
    return MaskedEvent(event.id, replace(event, canonical=canonical).to_json())


def mask_fields(fields: dict[str, Any], keys: PersonalKeys) -> tuple[dict[str, Any], list[str]]:
    """Return an event's fields with the personal data masked, and a pointer to each masked value.

    If a field has more than `MAX_POINTERS` masked values, or one that is too deep for a pointer of
    `MAX_POINTER_LENGTH` characters, the pointer names the field. A null and an empty text, object
    or list are not masked: they contain nothing.

    >>> fields = {"username": "ada", "details": {"email": "a@b.c", "plan": "pro"}}
    >>> mask_fields(fields, PersonalKeys(frozenset({"email"})))
    ({'username': '[personal]', 'details': {'email': '[personal]', 'plan': 'pro'}}, \
['/username', '/details/email'])
    """
    masked: dict[str, Any] = {}
    pointers: list[str] = []
    for name, value in fields.items():
        if type(value) in _CONTAINERS or name in _PERSONAL_FIELDS:
            field = _Field(keys, _KEYS_OF_FIELDS.get(name))
            masked[name] = field.mask(name, value)
            pointers += field.make_pointers(name)
        else:
            masked[name] = value
    return masked, pointers


@lru_cache(maxsize=4096)
def cut_address(text: str) -> str:
    """Return the network of an address: /24 of IPv4, /48 of IPv6; `MASK` if it is no address.

    >>> cut_address("203.0.113.77"), cut_address("::ffff:203.0.113.77")
    ('203.0.113.0/24', '203.0.113.0/24')
    >>> cut_address("2001:db8:1:2::3"), cut_address("2002:cb00:714d::1")
    ('2001:db8:1::/48', '2002:cb00:7100::/40')
    """
    try:
        address = ipaddress.ip_address(normalize_address(text))
    except InvalidAddressError:
        return MASK
    if isinstance(address, ipaddress.IPv4Address):
        prefix = IPV4_PREFIX
    else:
        prefix = IPV6_PREFIX if address.sixtofour is None else SIX_TO_FOUR_PREFIX
    return str(ipaddress.ip_network((address, prefix), strict=False))


class _Field:
    """The masking of one field of an event. `_found` has the steps to what was masked."""

    def __init__(self, keys: PersonalKeys, own_key: str | None) -> None:
        self._match: Callable[[str], bool] = keys.match
        self._own_key = own_key
        self._found: list[_Steps] = []

    def mask(self, name: str, value: Any) -> Any:
        """Return the value of the field with this name, masked."""
        steps = (None, name)
        if name == "ipAddress" and type(value) is str and value:
            self._note(steps)
            return cut_address(value)
        is_own = self._own_key is not None and type(value) not in _CONTAINERS
        if name in _OWN_NAMES or is_own:
            return self._hide(value, steps)
        return self._mask_value(value, steps)

    def make_pointers(self, name: str) -> list[str]:
        """Return a pointer to each masked value, or only one to the field."""
        if not self._found:
            return []
        pointers = [pointer for steps in self._found if (pointer := _make_pointer(steps))]
        if len(pointers) < len(self._found) or len(pointers) > MAX_POINTERS:
            return [_make_pointer((None, name)) or ""]
        return pointers

    def _note(self, steps: _Steps) -> None:
        if len(self._found) <= MAX_POINTERS:
            self._found.append(steps)

    def _hide(self, value: Any, steps: _Steps) -> Any:
        if value is None or (not value and type(value) in (str, *_CONTAINERS)):
            return value
        self._note(steps)
        return MASK

    def _mask_value(self, value: Any, steps: _Steps) -> Any:
        if type(value) is dict:
            return self._mask_object(value, steps)
        return self._mask_list(value, steps) if type(value) is list else value

    def _mask_object(self, value: dict[str, Any], steps: _Steps) -> dict[str, Any]:
        match = self._match
        is_named = self._names_personal_data(value)
        masked: dict[str, Any] = {}
        for key, item in value.items():
            is_personal = key == self._own_key or match(key)
            if is_personal or (is_named and _SECRETS.find_role(key) is Role.VALUE):
                masked[key] = self._hide(item, (steps, key))
            elif type(item) in _CONTAINERS:
                masked[key] = self._mask_value(item, (steps, key))
            else:
                masked[key] = item
        return masked

    def _names_personal_data(self, value: dict[str, Any]) -> bool:
        """Return whether an object is a name and its value: `{"name": "email", "value": …}`."""
        return not _NAMING_KEYS.isdisjoint(value) and any(
            type(name := value.get(key)) is str and self._match(name) for key in _NAMING_KEYS
        )

    def _mask_list(self, values: list[Any], steps: _Steps) -> list[Any]:
        return [
            self._mask_pair(item, (steps, position))
            if type(item) is list and 2 <= len(item) <= 3
            else self._mask_value(item, (steps, position))
            for position, item in enumerate(values)
        ]

    def _mask_pair(self, pair: list[Any], steps: _Steps) -> list[Any]:
        """Mask the value in a list of name, value and perhaps attributes, as headers are."""
        masked = self._mask_list(pair, steps)
        if type(pair[0]) is str and self._match(pair[0]):
            masked[1] = self._hide(pair[1], (steps, 1))
        return masked


def _make_pointer(steps: _Steps) -> str | None:
    """Return the JSON Pointer of these steps; None if it is too long."""
    parts: list[str] = []
    length = 0
    at: Any = steps
    while at is not None:
        at, step = at
        if length + len(str(step)) > MAX_POINTER_LENGTH:
            return None
        parts.append("/" + str(step).replace("~", "~0").replace("/", "~1"))
        length += len(parts[-1])
    return "".join(reversed(parts)) if length <= MAX_POINTER_LENGTH else None
