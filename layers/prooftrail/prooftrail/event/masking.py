"""Masks secrets in events: by the names of keys, and by patterns in texts.

Null, true, false, 0 and empty values stay under every key: they contain no secret, and
`{"passwordChanged": true}` belongs in an audit log. Masking a masked event changes nothing.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from pydantic.alias_generators import to_camel

from prooftrail.event.canonical import MAX_DEPTH
from prooftrail.event.changes import find_changed_fields
from prooftrail.event.model import AuditEvent, AuditTarget
from prooftrail.event.secret_names import (
    NAMING_KEYS,
    Role,
    SecretKeys,
    describes_secret,
    is_harmless,
    is_session_number,
    looks_random,
)
from prooftrail.event.secret_texts import (
    MASK,
    MIN_LENGTH,
    is_aws_key_id,
    is_aws_secret_key,
    mask_text,
)

__all__ = ["DEFAULT_SECRETS", "MASK", "MASKER", "Masker", "SecretKeys", "mask_text"]

_CACHED_NAMES: Final = 4_096
_MAX_CACHED_LENGTH: Final = 128
_AWS_KEY_ID_LENGTH: Final = 20
_NUMBERS: Final = frozenset((int, float))
_FREE_FIELDS: Final = frozenset({"details", "metadata", "changes"})
# Fields that are stored as they are sent, though `sessionId` is a secret name in details.
_OWN_FIELDS: Final = (
    frozenset(map(to_camel, AuditEvent.model_fields)) - _FREE_FIELDS - {"errorMessage"}
)
FITTED: Final = "fitted"  # the key in metadata of what the library fitted
_SESSION_ID: Final = "sessionId"
_NAMING_KEYS_SET: Final = frozenset(NAMING_KEYS)
_TARGETS: Final = "targets"
_TARGET_NAMES: Final = frozenset(AuditTarget.model_fields)
# A refused body can have an event's values in objects and lists that no event has.
_REFUSED_DEPTH: Final = MAX_DEPTH + 8


DEFAULT_SECRETS: Final = SecretKeys()


class Masker:
    """Masks JSON values. What holds no secret is returned as it is, not copied.

    `secrets` says which names belong to secrets, and `mask` is what replaces one.
    """

    __slots__ = ("_mask", "_roles", "_secrets")

    def __init__(self, secrets: SecretKeys = DEFAULT_SECRETS, mask: str = MASK) -> None:
        self._secrets = secrets
        self._mask = mask
        self._roles: dict[str, Role] = {}  # of names that were seen before

    def is_secret(self, name: str) -> bool:
        """Return whether a value with this name is masked, whatever it is."""
        role = self._find_value_role(name)
        return role is Role.SECRET or role is Role.HOLDER

    def _find_role(self, name: str) -> Role:
        role = self._roles.get(name)
        if role is None:
            has_secret = mask_text(name, self._mask) is not name
            role = Role.TEXT if has_secret else self._secrets.find_role(name)
            if len(name) <= _MAX_CACHED_LENGTH:
                if len(self._roles) >= _CACHED_NAMES:
                    self._roles.clear()
                self._roles[name] = role
        return role

    def _find_value_role(self, name: str) -> Role:
        """Return what a name says about its value, also if a secret in the name is masked."""
        role = self._find_role(name)
        return self._secrets.find_role(mask_text(name, self._mask)) if role is Role.TEXT else role

    def mask_event(self, raw: Any) -> Any:
        """Return an event, given by its decoded JSON, with its secrets masked.

        `details`, `metadata` and `changes` are masked by names and patterns, `errorMessage` by
        patterns. Missing `changes.fields` are found before, because two masked values are equal.
        """
        if type(raw) is not dict:
            return raw
        masked: dict[str, Any] = {}
        for name in ("details", "metadata"):
            value = raw.get(name)
            if value is not None and (new := self._mask_free(name, value, MAX_DEPTH)) is not value:
                masked[name] = new
        if (changes := raw.get("changes")) is not None:
            new = self.mask_changes(changes)
            if new is not changes:
                masked["changes"] = new
        error = raw.get("errorMessage")
        if type(error) is str and (new := mask_text(error, self._mask)) is not error:
            masked["errorMessage"] = new
        return {**raw, **masked} if masked else raw

    def _mask_free(self, name: str, value: Any, depth: int) -> Any:
        """Return a field masked in which the sender chooses the keys, such as `details`."""
        masked = self._mask_value(value, depth)
        if name == "metadata" and masked is not value:
            return self._keep_reason(value, masked)
        return masked

    def _keep_reason(self, metadata: Any, masked: Any) -> Any:
        """Return masked metadata that keeps the library's reason why it fitted `sessionId`.

        The path of that field is also the name of a secret. A value that has a space is a reason:
        a session's id has none.
        """
        report = metadata.get(FITTED) if type(metadata) is dict else None
        reason = report.get(_SESSION_ID) if type(report) is dict else None
        if type(reason) is not str or type(masked[FITTED]) is not dict:
            return masked
        reason = mask_text(reason, self._mask)
        if " " not in reason:  # nor would it have a space when it is masked again
            return masked
        report = {**masked[FITTED], _SESSION_ID: reason}
        kept = {**masked, FITTED: report}
        return metadata if kept == metadata else kept

    def mask_changes(self, changes: Any) -> Any:
        """Return an event's changes masked, with `fields` if something was masked."""
        masked = self.mask_json(changes)
        if masked is changes or type(changes) is not dict or changes.get("fields") is not None:
            return masked
        return {**masked, "fields": self.mask_json(find_fields(changes))}

    def mask_json(self, value: Any) -> Any:
        """Return a JSON value with its secrets masked, to the depth that an event can have."""
        return self._mask_value(value, MAX_DEPTH)

    def _mask_value(self, value: Any, depth: int) -> Any:
        kind = type(value)
        if kind is str:
            return mask_text(value, self._mask) if len(value) >= MIN_LENGTH else value
        if kind is dict:
            return self._mask_object(value, depth)
        if kind is list:
            return self._mask_list(value, depth)
        return value

    # `_mask_list` repeats a part of this loop, to save a call for each value of each event.
    def _mask_object(self, value: dict[str, Any], depth: int) -> dict[str, Any]:
        if depth <= 0:
            return value
        roles = self._roles
        masked: dict[str, Any] | None = None
        needs_another_look = False
        for name, item in value.items():
            try:  # of what a name costs, this is the least
                role = roles[name]
            except KeyError:
                role = self._find_role(name)
            kind = type(item)
            if role:
                new = self._mask_by_role(role, name, item, value, depth)
                if role is Role.TEXT or (kind is str and new is item and is_aws_key_id(item)):
                    needs_another_look = True
            elif kind is str:
                size = len(item)
                if size < MIN_LENGTH:
                    continue
                new = mask_text(item, self._mask)
                if size == _AWS_KEY_ID_LENGTH and is_aws_key_id(item):
                    needs_another_look = True
            elif kind is dict:
                new = self._mask_object(item, depth - 1)
            elif kind is list:
                new = self._mask_list(item, depth - 1)
            else:
                continue
            if new is not item:
                if masked is None:
                    masked = value.copy()
                masked[name] = new
        result = value if masked is None else masked
        return self._mask_aws_keys_and_names(result) if needs_another_look else result

    def _mask_names(self, value: dict[str, Any]) -> dict[str, Any]:
        """Mask the secrets in the names themselves. Names stay different from each other."""
        masked: dict[str, Any] = {}
        counts: dict[str, int] = {}
        for name, item in value.items():
            unique = new = mask_text(name, self._mask)
            while new is not name and (unique in masked or unique in value):
                counts[new] = counts.get(new, 1) + 1
                unique = f"{new}#{counts[new]}"
            masked[unique] = item
        return masked

    def _mask_list(self, values: list[Any], depth: int) -> list[Any]:
        if depth <= 0:
            return values
        masked: list[Any] | None = None
        has_aws_key = False
        new: Any
        for position, item in enumerate(values):
            kind = type(item)
            if kind is str:
                size = len(item)
                if size < MIN_LENGTH:
                    continue
                new = mask_text(item, self._mask)
                if size == _AWS_KEY_ID_LENGTH and is_aws_key_id(item):
                    has_aws_key = True
            elif not item:
                continue
            elif kind is dict:
                new = self._mask_object(item, depth - 1)
            elif kind is list:
                new = self._mask_list(item, depth - 1)
                if 2 <= len(item) <= 3:
                    new = self._mask_header(new)
            else:
                continue
            if new is not item:
                if masked is None:
                    masked = values.copy()
                masked[position] = new
        result = values if masked is None else masked
        if has_aws_key and any(map(_is_aws_secret_key, result)):
            return [self._mask if _is_aws_secret_key(item) else item for item in result]
        return result

    def _mask_header(self, pair: list[Any]) -> list[Any]:
        """Mask the value in a list of name, value and perhaps an object of attributes."""
        name, value, *attributes = pair
        if attributes and type(attributes[0]) is not dict:
            return pair
        if type(name) is not str or _is_never_secret(value) or not self.is_secret(name):
            return pair
        if self._is_harmless(name, value):
            return pair
        return pair if value == self._mask else [name, self._mask, *attributes]

    def _mask_by_role(
        self, role: Role, name: str, item: Any, siblings: Mapping[str, Any], depth: int
    ) -> Any:
        kind = type(item)
        if _is_never_secret(item):
            return item
        if role is Role.TEXT:
            role = self._find_value_role(name)
        if role is Role.VALUE:
            role, name = self._find_named_role(siblings)
        if kind in _NUMBERS and _is_count(role, name):
            return item
        if role and self._is_harmless(name, item):
            return item
        if role is Role.HOLDER and (kind is dict or kind is list):
            return self._mask_holder(item, depth)
        if role is Role.SECRET or (role is Role.HOLDER and not _is_reference(item)):
            return item if item == self._mask else self._mask
        if role is Role.CODE and kind is str and looks_random(item):
            return self._mask
        if role is Role.CODE and kind is list and depth > 1:  # as in the parameters of a query
            items = [self._mask_by_role(role, name, each, {}, depth - 1) for each in item]
            return items if _differ(items, item) else item
        return self._mask_value(item, depth - 1)

    def _is_harmless(self, name: str, value: Any) -> bool:
        """Return whether a value shows that it is no secret, under a name that nobody added."""
        kind = type(value)
        if kind is str:
            shows_it = is_harmless(name, value)
        else:
            shows_it = kind in _NUMBERS and is_session_number(name, value)
        return shows_it and not self._secrets.has_extra(name)

    def _find_named_role(self, siblings: Mapping[str, Any]) -> tuple[Role, str]:
        """Return the role and the name of a value in an object of name and value.

        Form fields, tags and options are such objects.
        """
        if _NAMING_KEYS_SET.isdisjoint(siblings):
            return Role.ORDINARY, ""
        for key in NAMING_KEYS:
            if type(name := siblings.get(key)) is str:
                role = self._find_value_role(name)
                if role and role is not Role.VALUE:
                    return role, name
        return Role.ORDINARY, ""

    def _mask_holder(self, value: Any, depth: int) -> Any:
        """Mask an object or list under the name of a secret.

        An object that describes the secret keeps the description: `credentials` of AWS have the
        `accessKeyId`, `secret` in a volume of Kubernetes has the `secretName`.
        """
        if not value or depth <= 1:
            return value if not value else self._mask
        if type(value) is list:
            items = [self._mask_held(item, depth - 1) for item in value]
            return items if _differ(items, value) else value
        described = {name for name in value if self._describes(name)}
        if not described:
            return self._mask
        masked = {
            name: self._mask_beside_description(name, item, name in described, depth - 1)
            for name, item in value.items()
        }
        result = masked if _differ(masked.values(), value.values()) else value
        return self._mask_aws_keys_and_names(result)

    def _describes(self, name: str) -> bool:
        return not self._find_role(name) and describes_secret(name)

    def _mask_beside_description(self, name: str, item: Any, describes: bool, depth: int) -> Any:
        role = self._find_value_role(name)
        if role is Role.SECRET or role is Role.HOLDER:
            return self._mask_by_role(role, name, item, {}, depth)
        if describes:
            return self._mask_value(item, depth)
        return item if type(item) in _NUMBERS else self._mask_held(item, depth)

    def _mask_held(self, item: Any, depth: int) -> Any:
        kind = type(item)
        if kind is dict or kind is list:
            return self._mask_holder(item, depth)
        return item if _is_never_secret(item) or item == self._mask else self._mask

    def _mask_aws_keys_and_names(self, value: dict[str, Any]) -> dict[str, Any]:
        """Mask texts that look like secret access keys beside the id of one, and names."""
        if any(type(item) is str and is_aws_key_id(item) for item in value.values()):
            found = {name: self._mask for name, item in value.items() if _is_aws_secret_key(item)}
            value = {**value, **found} if found else value
        return self._mask_names(value) if Role.TEXT in map(self._find_role, value) else value

    def mask_refused(self, value: Any) -> Any:
        """Return a decoded JSON value that is not a valid job or event, with its secrets masked.

        Unlike `mask_event` it masks under unknown names too. It leaves an event's other fields as
        they are, wherever they are, so that the event can be corrected. What is deeper than an
        event can be is masked as a whole.
        """
        return self._mask_refused(_hide_deep(value, _REFUSED_DEPTH, self._mask), _REFUSED_DEPTH)

    def _mask_refused(self, value: Any, depth: int) -> Any:
        kind = type(value)
        if kind is str and value.startswith(("{", "[")):
            return self._mask_refused_text(value, depth)
        if kind is not dict and kind is not list:
            return self._mask_value(value, depth)
        if kind is list:
            items = [self._mask_refused_item(item, depth - 1) for item in value]
            return items if _differ(items, value) else value
        masked = {
            name: self._mask_refused_field(name, item, value, depth - 1)
            for name, item in value.items()
        }
        result = masked if _differ(masked.values(), value.values()) else value
        return self._mask_aws_keys_and_names(result)

    def _mask_refused_text(self, text: str, depth: int) -> str:
        """Mask a text that may be JSON itself: an event in the envelope of another service."""
        try:
            value = _hide_deep(json.loads(text), depth, self._mask)
        except (RecursionError, ValueError):
            return mask_text(text, self._mask)
        masked = self._mask_refused(value, depth)
        return text if masked is value else json.dumps(masked, separators=(",", ":"))

    def _mask_refused_item(self, item: Any, depth: int) -> Any:
        masked = self._mask_refused(item, depth)
        if type(masked) is list and 2 <= len(masked) <= 3:
            return self._mask_header(masked)
        return masked

    def _mask_refused_field(
        self, name: str, item: Any, siblings: Mapping[str, Any], depth: int
    ) -> Any:
        if name in _FREE_FIELDS:
            return self._mask_free(name, item, depth)
        if name in _OWN_FIELDS and type(item) is str:
            return item
        if name == _TARGETS and type(item) is list:
            items = [self._mask_refused_target(target, depth - 1) for target in item]
            return items if _differ(items, item) else item
        role = Role.ORDINARY if name in _OWN_FIELDS else self._find_value_role(name)
        if role is Role.VALUE:
            role, name = self._find_named_role(siblings)
        if not role or (role is Role.CODE and type(item) is dict):
            return self._mask_refused(item, depth)
        return self._mask_by_role(role, name, item, {}, depth)

    def _mask_refused_target(self, target: Any, depth: int) -> Any:
        if type(target) is not dict:
            return self._mask_refused(target, depth)
        masked = {
            name: item
            if name in _TARGET_NAMES and type(item) is str
            else self._mask_refused_field(name, item, target, depth - 1)
            for name, item in target.items()
        }
        return masked if _differ(masked.values(), target.values()) else target


MASKER: Final = Masker()  # of the server, which knows no other names


def find_fields(changes: Mapping[str, Any]) -> list[str] | None:
    """Return the `fields` of unmasked changes that have none; None if the model refuses them."""
    before, after = changes.get("before"), changes.get("after")
    if not (_is_object(before) and _is_object(after)):
        return None
    try:
        return find_changed_fields(before or {}, after or {})
    except (ArithmeticError, RecursionError, TypeError, ValueError):
        return None


def _hide_deep(value: Any, depth: int, mask: str) -> Any:
    """Return a JSON value with a mask for each object and list that is this many levels deep."""
    kind = type(value)
    if (kind is not dict and kind is not list) or not value:
        return value
    if depth <= 0:
        return mask
    hidden: Any = None
    for key, item in value.items() if kind is dict else enumerate(value):
        inner = type(item)
        if item and (inner is dict or inner is list):
            new = _hide_deep(item, depth - 1, mask)
            if new is not item:
                hidden = value.copy() if hidden is None else hidden
                hidden[key] = new
    return value if hidden is None else hidden


def _is_object(value: object) -> bool:
    return value is None or isinstance(value, dict)


def _is_aws_secret_key(value: object) -> bool:
    return type(value) is str and is_aws_secret_key(value)


def _is_reference(value: object) -> bool:
    """Return whether the value names an AWS resource: a role, a secret in its store, a key."""
    return type(value) is str and (value.startswith(("arn:", "alias/")) or is_aws_key_id(value))


def _is_never_secret(value: object) -> bool:
    return value is True or not value


def _is_count(role: Role, name: str) -> bool:
    """Return whether a number under this name is a count: of tokens, of tests that passed."""
    name = name.lower()
    return (role is Role.HOLDER and name.endswith("s")) or name == "pass"


def _differ(masked: Iterable[object], values: Iterable[object]) -> bool:
    return any(new is not old for new, old in zip(masked, values, strict=True))
