"""The audit event: who did what to which resource, from where, and with which outcome."""

from collections.abc import Iterator, Sequence, Set
from contextlib import suppress
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Final, NamedTuple, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails

from prooftrail.errors import (
    MISSING,
    InvalidEventError,
    InvalidTimestampError,
    Problem,
    describe_type,
    shorten_path,
)
from prooftrail.event.changes import find_changed_fields
from prooftrail.event.fields import (
    MAX_EVENT_ID_LENGTH,
    Identifier,
    IpAddress,
    Name,
    TenantId,
    Timestamp,
    TraceId,
)
from prooftrail.event.keys import DEFAULT_TENANT
from prooftrail.event.nodes import MAX_EVENT_NODES, check_event_nodes
from prooftrail.event.reserved import UNSENT_ACTIONS, find_reserved
from prooftrail.event.times import (
    MAX_CLOCK_SKEW_MS,
    check_milliseconds,
    format_timestamp,
    parse_timestamp,
)

SCHEMA_VERSION: Final = 1
MAX_TARGETS: Final = 20


class AuditAction(StrEnum):
    """The well-known actions. An event may have any other action of the same form."""

    GUILD_CREATE = "guild.create"
    GUILD_UPDATE = "guild.update"
    GUILD_DELETE = "guild.delete"
    GUILD_SETTINGS_UPDATE = "guild.settings.update"
    GUILD_FLAGS_UPDATE = "guild.flags.update"
    MEMBER_ADD = "member.add"
    MEMBER_REMOVE = "member.remove"
    MEMBER_UPDATE = "member.update"
    MEMBER_ROLE_UPDATE = "member.role.update"
    USER_LOGIN = "user.login"
    USER_LOGOUT = "user.logout"
    USER_PREFERENCES_UPDATE = "user.preferences.update"
    ADMIN_ACCESS = "admin.access"
    ADMIN_CONFIG_UPDATE = "admin.config.update"
    SYSTEM_CONFIG_UPDATE = "system.config.update"
    SYSTEM_MAINTENANCE = "system.maintenance"
    CODE_REPORT = "code.report"
    CODE_VERIFY = "code.verify"
    CODE_DELETE = "code.delete"
    CLUB_ANALYSIS_CREATE = "club.analysis.create"
    CLUB_ANALYSIS_DELETE = "club.analysis.delete"
    CLUB_ANALYSIS_EXPORT = "club.analysis.export"
    FEATURE_FLAG_UPDATE = "feature.flag.update"


class ActorType(StrEnum):
    """The well-known types of actors. An event may have any other type of the same form."""

    USER = "user"
    SERVICE = "service"
    API_KEY = "apiKey"
    SYSTEM = "system"
    AGENT = "agent"


JsonObject = dict[str, Any]


class _Model(BaseModel):
    model_config = ConfigDict(
        strict=True, frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True
    )

    _aliases: ClassVar[tuple[tuple[str, str], ...]] = ()

    @classmethod
    def __pydantic_init_subclass__(cls, **_: object) -> None:
        cls._aliases = tuple((name, to_camel(name)) for name in cls.model_fields)

    def to_json(self) -> JsonObject:
        """Return the JSON object, with camelCase keys and without absent fields."""
        fields = self.__dict__
        return {
            alias: value for name, alias in self._aliases if (value := fields[name]) is not None
        }


class AuditChanges(_Model):
    """What an update changed. `fields` are the keys added, changed and removed."""

    before: JsonObject | None = None
    after: JsonObject | None = None
    fields: Annotated[list[str], Field(fail_fast=True)] | None = None

    def model_post_init(self, _: object) -> None:
        """Derive `fields` if the producer left it out."""
        if self.fields is None:
            self.__dict__["fields"] = find_changed_fields(self.before or {}, self.after or {})


class AuditTarget(_Model):
    """A further resource that an operation concerned. `name` is for readers."""

    type: Name
    id: Identifier
    name: Identifier | None = None


class OnBehalfOf(_Model):
    """The user for whom the actor acted."""

    user_id: Identifier
    username: Identifier | None = None


class AuditEvent(_Model):
    """One audited operation.

    `user_id` is who really acted, `on_behalf_of` for whom: the user whom support impersonated, or
    who delegated to an agent. `success` is the outcome of the operation, not of logging it.
    `timestamp` is in UTC, to the millisecond. An absent field is None here, and is left out of the
    JSON object.
    """

    event_id: Annotated[str, StringConstraints(min_length=1, max_length=MAX_EVENT_ID_LENGTH)]
    timestamp: Timestamp
    tenant_id: TenantId = DEFAULT_TENANT
    user_id: Identifier | None = None
    username: Identifier | None = None
    actor_type: Name | None = None
    on_behalf_of: OnBehalfOf | None = None
    action: Name
    resource_type: Name
    resource_id: Identifier
    targets: Annotated[list[AuditTarget], Field(max_length=MAX_TARGETS, fail_fast=True)] | None = (
        None
    )
    details: JsonObject | None = None
    metadata: JsonObject | None = None
    changes: AuditChanges | None = None
    ip_address: IpAddress | None = None
    user_agent: str | None = None
    session_id: Identifier | None = None
    request_id: Identifier | None = None
    trace_id: TraceId | None = None
    success: bool = True
    error_message: str | None = None
    v: Annotated[int, Field(ge=SCHEMA_VERSION, le=SCHEMA_VERSION)] = SCHEMA_VERSION

    def to_json(self) -> JsonObject:
        """Return the JSON object, with camelCase keys and without absent fields."""
        fields = super().to_json()
        if self.changes is not None:
            fields["changes"] = self.changes.to_json()
        if self.on_behalf_of is not None:
            fields["onBehalfOf"] = self.on_behalf_of.to_json()
        if self.targets is not None:
            fields["targets"] = [target.to_json() for target in self.targets]
        return fields

    @classmethod
    def from_json(
        cls,
        raw: object,
        *,
        default_event_id: str,
        default_timestamp_ms: int,
        now_ms: int,
        is_of_system: bool = False,
        node_count: int | None = None,
    ) -> Self:
        """Return the event in a decoded JSON value, as producers in any language send it.

        A null means that the field is absent, and so does an empty text in an optional text field,
        and an empty list of targets. An integer becomes text in an id, and a time in `timestamp`;
        5.0 is an integer too. Reading the JSON of the returned event gives the same event.

        Reserved actions (see `event.reserved`) are refused, unless the sender is a function of the
        system itself. The action of removal orders is refused from every sender: a clean-up stores
        its orders without the queue. An event with more than `MAX_EVENT_NODES` values, as it is
        sent or as it is stored, is refused too. `node_count` is an upper bound for the number of
        its values, if the caller has checked it.

        Raises:
            InvalidEventError: fields break a rule. `problems` has each field, its rule, and the
                type or length of its value, never the value. Of names that are not fields it has
                the first `MAX_LISTED_UNKNOWN`, of `changes.fields` the first that is wrong.
        """
        if not isinstance(raw, dict):
            raise InvalidEventError(
                [Problem("", "an event must be a JSON object", describe_type(raw))]
            )
        if node_count is None:
            node_count = check_event_nodes(raw)
        fields, unknown = _split_off_unknown(_normalize_event(raw))
        if not fields:  # nothing for the model to check
            missing = [Problem(to_camel(name), MISSING) for name in _REQUIRED]
            raise InvalidEventError([*missing, *unknown.problems], unknown.unlisted_count)
        fields.setdefault("eventId", default_event_id)
        if "timestamp" not in fields:
            fields["timestamp"] = format_timestamp(default_timestamp_ms)
        try:
            event = cls.model_validate(fields, by_alias=True, by_name=False)
        except ValidationError as error:
            problems = [*_list_problems(error), *unknown.problems]
            raise InvalidEventError(problems, unknown.unlisted_count) from error
        except RecursionError as error:
            raise InvalidEventError([Problem("", "nests too deeply")]) from error
        if unknown.problems:
            raise InvalidEventError(unknown.problems, unknown.unlisted_count)
        _check_action(event.action, is_of_system=is_of_system)
        if 2 * node_count + len(FIELD_NAMES) > MAX_EVENT_NODES:  # `changes.fields` can be new
            check_event_nodes(event.to_json())
        _check_ahead(event.timestamp, now_ms)
        return event


FIELD_NAMES: Final = frozenset(map(to_camel, AuditEvent.model_fields))
MAX_LISTED_UNKNOWN: Final = 100
_TARGETS: Final = "targets"
_TARGET_NAMES: Final = frozenset(AuditTarget.model_fields)
_ON_BEHALF_OF: Final = "onBehalfOf"
_OBJECT_NAMES: Final = {
    "changes": frozenset(AuditChanges.model_fields),
    _ON_BEHALF_OF: frozenset(map(to_camel, OnBehalfOf.model_fields)),
}
_OBJECT_FIELDS: Final = frozenset({_TARGETS, *_OBJECT_NAMES})  # of fixed names
_REQUIRED: Final = ("action", "resource_type", "resource_id")
ID_FIELDS: Final = (
    "eventId",
    "tenantId",
    "userId",
    "username",
    "resourceId",
    "sessionId",
    "requestId",
)
_OPTIONAL_TEXTS: Final = frozenset(ID_FIELDS) - {"resourceId"} | {
    "actorType",
    "traceId",
    "timestamp",
    "ipAddress",
    "userAgent",
    "errorMessage",
}
_FIRST_TOO_LONG: Final = 10**256  # as the text of an id


def is_absent(value: object) -> bool:
    """Return whether this value of an optional text field means that the event has no such field.

    >>> is_absent(None), is_absent(""), is_absent("u-1")
    (True, True, False)
    """
    return value is None or value == ""


class _Shape(NamedTuple):
    """The names that an object has, its optional text fields, and its ids."""

    names: Set[str]
    optional_texts: Set[str]
    ids: Set[str]


_EVENT_SHAPE: Final = _Shape(FIELD_NAMES, _OPTIONAL_TEXTS, frozenset(ID_FIELDS))
_TARGET_SHAPE: Final = _Shape(_TARGET_NAMES, {"name"}, {"id", "name"})
_ON_BEHALF_OF_SHAPE: Final = _Shape(
    _OBJECT_NAMES[_ON_BEHALF_OF], {"username"}, {"userId", "username"}
)


def _normalize_event(raw: dict[str, Any]) -> dict[str, Any]:
    """Return the fields in the types that the model takes, without those that are absent."""
    fields: dict[str, Any] = _normalize(raw, _EVENT_SHAPE)
    if (actor := fields.get(_ON_BEHALF_OF)) is not None:
        fields[_ON_BEHALF_OF] = _normalize(actor, _ON_BEHALF_OF_SHAPE)
    if type(targets := fields.get(_TARGETS)) is list:
        if targets:
            fields[_TARGETS] = [_normalize(target, _TARGET_SHAPE) for target in targets]
        else:
            del fields[_TARGETS]
    return fields


def _normalize(raw: Any, shape: _Shape) -> Any:
    """Return the fields of an object as `_normalize_event` does; anything else as it is."""
    if type(raw) is not dict:
        return raw
    fields = raw.copy()
    for name, value in raw.items():
        kind = type(value)
        if kind is str:
            if not value and name in shape.optional_texts:
                del fields[name]
        elif value is None:
            if name in shape.names:  # any other name is refused
                del fields[name]
        elif kind is int or kind is float:
            fields[name] = _normalize_number(name, value, shape.ids)
    return fields


def _normalize_number(name: str, number: float, ids: Set[str]) -> object:
    """Return what the number stands for in this field; unchanged if the model refuses it."""
    if isinstance(number, float):
        if not number.is_integer():
            return number
        number = int(number)  # JSON has one kind of number: 5.0 is the integer 5
    if name == "timestamp":
        with suppress(InvalidTimestampError):
            return format_timestamp(check_milliseconds(number))
    elif name in ids and abs(number) < _FIRST_TOO_LONG:
        return str(number)
    return number


def _check_action(action: str, *, is_of_system: bool) -> None:
    reserved = find_reserved(action)
    if reserved and not (is_of_system and reserved not in UNSENT_ACTIONS):
        rule = f"{reserved} is reserved for what the audit log records of itself"
        raise InvalidEventError([Problem("action", rule)])


def _check_ahead(timestamp: str, now_ms: int) -> None:
    ahead_ms = parse_timestamp(timestamp) - now_ms
    if ahead_ms > MAX_CLOCK_SKEW_MS:
        rule = "must not lie more than 24 hours in the future"
        raise InvalidEventError([Problem("timestamp", rule, f"{ahead_ms // 1000} s ahead")])


class _Unknown(NamedTuple):
    """The names in an event that are not fields: the problems of the first, and how many follow."""

    problems: Sequence[Problem] = ()
    unlisted_count: int = 0


_NO_UNKNOWN: Final = _Unknown()


def _split_off_unknown(fields: JsonObject) -> tuple[JsonObject, _Unknown]:
    """Return the fields that an event has, and the problems of the other names. Change `fields`.

    The model would return a problem of half a kilobyte for each of thousands of names.
    """
    if fields.keys() <= FIELD_NAMES and _OBJECT_FIELDS.isdisjoint(fields):  # most events
        return fields, _NO_UNKNOWN
    found: list[tuple[str, object]] = []
    for name, names in _OBJECT_NAMES.items():
        if name in fields:
            fields[name] = _keep_known(fields[name], names, name, found)
    if type(targets := fields.get(_TARGETS)) is list:
        fields[_TARGETS] = [
            _keep_known(target, _TARGET_NAMES, f"{_TARGETS}.{position}", found)
            for position, target in enumerate(targets)
        ]
    if not found and fields.keys() <= FIELD_NAMES:
        return fields, _NO_UNKNOWN
    found += [(name, value) for name, value in fields.items() if name not in FIELD_NAMES]
    rule = _RULES["extra_forbidden"]
    problems = [
        Problem(shorten_path(path), rule, describe_type(value))
        for path, value in found[:MAX_LISTED_UNKNOWN]
    ]
    known = {name: value for name, value in fields.items() if name in FIELD_NAMES}
    return known, _Unknown(problems, len(found) - len(problems))


def _keep_known(value: Any, names: Set[str], path: str, found: list[tuple[str, object]]) -> Any:
    """Return an object without the names that it cannot have, and add their paths to `found`."""
    if type(value) is not dict or value.keys() <= names:
        return value
    found += [(f"{path}.{name}", value[name]) for name in value if name not in names]
    return {name: value[name] for name in value if name in names}


_RULES: Final = {
    "string_type": "must be a string",
    "bool_type": "must be true or false",
    "dict_type": "must be a JSON object",
    "list_type": "must be a list",
    "model_type": "must be a JSON object",
    "int_type": "must be an integer",
    "extra_forbidden": "is not a field of an audit event",
    "string_unicode": "must be Unicode without lone surrogates",
}
_RULES_OF_EMPTY: Final = {"string_too_short", "string_pattern_mismatch"}  # for an empty text


def _list_problems(error: ValidationError) -> Iterator[Problem]:
    for detail in error.errors(include_url=False):
        path = shorten_path(".".join(str(part) for part in detail["loc"]))
        if detail["type"] == "missing":
            yield Problem(path, MISSING)
        elif detail["input"] == "" and detail["type"] in _RULES_OF_EMPTY:
            yield Problem(path, "must not be empty")
        else:
            yield Problem(path, _describe_rule(detail), describe_type(detail["input"]))


def _describe_rule(detail: ErrorDetails) -> str:
    context = detail.get("ctx", {})
    match detail["type"]:
        case "string_type" if detail["loc"] == ("timestamp",):
            return _describe_timestamp_rule(detail["input"])
        case "string_too_long":
            return f"must have at most {context['max_length']} characters"
        case "too_long":
            return f"must have at most {context['max_length']} items"
        case "string_pattern_mismatch":
            return f"must match {context['pattern']}"
        case "greater_than_equal" | "less_than_equal":
            return f"must be {SCHEMA_VERSION}"
        case kind:
            return _RULES.get(kind, detail["msg"])


def _describe_timestamp_rule(value: object) -> str:
    if type(value) is int:
        try:
            check_milliseconds(value)
        except InvalidTimestampError as error:
            return str(error)
    return "must be an RFC 3339 text, or an integer: milliseconds since 1970"
