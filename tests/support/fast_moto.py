"""Shortcuts in moto and in botocore's parser: they do the same, several times faster."""

import copy
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from types import SimpleNamespace
from typing import Any, Final

from botocore.parsers import BaseJSONParser
from moto.cloudformation.models import CloudFormationBackend, Stack
from moto.core import models as core
from moto.core import responses as core_responses
from moto.core.base_backend import BackendDict, BaseBackend
from moto.core.model_instances import model_data, reset_model_data
from moto.core.parse import RequestParser
from moto.core.serialize import BaseJSONSerializer, JSONSerializer
from moto.core.utils import method_names_from_class
from moto.dynamodb import models as dynamodb
from moto.dynamodb import responses
from moto.dynamodb.exceptions import ItemSizeTooLarge, ItemSizeToUpdateTooLarge
from moto.dynamodb.models import DynamoDBBackend, dynamo_type, utilities
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.models.table import Table
from moto.kms import models as kms
from moto.kms.utils import generate_private_key
from moto.sqs.models import Queue, SQSBackend

from local.patches import QueueAttributes

MAX_ITEM_BYTES: Final = 405_000  # moto's
UNCHANGED: Final = frozenset({"S", "N", "BOOL", "NULL"})  # types that have the same form in JSON
SCALARS: Final = UNCHANGED | {"B"}
_ADDITION = re.compile(r"(#\d+) (:\d+)")
_ADDITIONS = re.compile(r"ADD #\d+ :\d+(, #\d+ :\d+)*")

# The services that are in use, each with its accounts, each with its regions.
_services: list[Any] = BackendDict._instances  # type: ignore[misc]  # of any kind of backend


def _replace(owner: Any, name: str, replacement: object) -> None:
    if not hasattr(owner, name):
        raise AttributeError(f"moto has no {owner.__name__}.{name} any more: is it fast now?")
    setattr(owner, name, replacement)


def _parse_template(template: str) -> Any:
    """Parse a template that is JSON, which moto reads as YAML, in a tenth of a second."""
    return json.loads(template)


_serialize_structure = JSONSerializer._serialize_type_structure


def _serialize_type_structure(self: Any, serialized: Any, value: Any, shape: Any, key: str) -> None:
    """Serialize the one member that an attribute value has, rather than look for all ten."""
    if shape.name == "AttributeValue" and key and type(value) is dict and len(value) == 1:
        [(kind, content)] = value.items()
        wrapper: dict[str, Any] = {}
        self._serialize(wrapper, content, shape.members[kind], kind)
        self._default_serialize(serialized, wrapper, shape, key)
    else:
        _serialize_structure(self, serialized, value, shape, key)


def _split(values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return copies of the attribute values that have the same form in JSON, and the others."""
    unchanged = {
        name: dict(value)
        for name, value in values.items()
        if type(value) is dict and len(value) == 1 and not UNCHANGED.isdisjoint(value)
    }
    if len(unchanged) == len(values):
        return unchanged, {}
    return unchanged, {name: value for name, value in values.items() if name not in unchanged}


_serialize_map = BaseJSONSerializer._serialize_type_map


def _serialize_type_map(self: Any, serialized: Any, values: Any, shape: Any, key: str) -> None:
    """Serialize an item: copy what does not change, where moto walks through every string."""
    if shape.value.name != "AttributeValue":
        _serialize_map(self, serialized, values, shape, key)
        return
    unchanged, others = _split(values)
    _serialize_map(self, serialized, others, shape, key)
    serialized[self.get_serialized_name(shape, key)].update(unchanged)


_parse_request_map: Callable[..., Any] = vars(RequestParser)["_parse_map"]
_parse_response_map: Callable[..., Any] = vars(BaseJSONParser)["_handle_map"]


def _make_map_parser(parse_map: Callable[..., Any]) -> Callable[..., Any]:
    """Return a parser of maps that does the same for the items of a request or a response."""

    def parse(self: Any, shape: Any, values: Any) -> Any:
        if shape.value.name != "AttributeValue":
            return parse_map(self, shape, values)
        unchanged, others = _split(values)
        parsed = parse_map(self, shape, others)
        parsed.update(unchanged)
        return parsed

    return parse


def _get_backend(self: Any, account_id: str) -> Any:
    """Return what a service keeps of an account, without moto's lock if there is anything."""
    if dict.__contains__(self, account_id) and any(held is self for held in _services):
        return dict.__getitem__(self, account_id)
    return _get_or_make_backend(self, account_id)


_get_or_make_backend = BackendDict.__getitem__


_urls: dict[type[BaseBackend], Mapping[str, Any]] = {}
_make_urls: Callable[[Any], Mapping[str, Any]] = vars(BaseBackend)["urls"].fget


def _get_urls(self: Any) -> Mapping[str, Any]:
    """Return the URLs of a service, which moto puts together for each request."""
    if type(self) not in _urls:
        _urls[type(self)] = _make_urls(self)
    return _urls[type(self)]


def _measure_text(text: Any) -> int:
    """Measure a text, without encoding it if it is ASCII."""
    return len(text) if type(text) is bytes or text.isascii() else len(text.encode())


def _measure_item(self: Any) -> int:
    """Measure an item. Most of its values are texts."""
    return sum(
        _measure_text(name) + (_measure_text(value.value) if value.type == "S" else value.size())
        for name, value in self.attrs.items()
    )


def _expand(value: Any) -> Any:
    """Replace moto's objects in a response. Look for the most common types first."""
    kind = type(value)
    if kind is str or kind is bool:
        return value
    if kind is dict:
        return {name: _expand(each) for name, each in value.items()}
    if kind is list:
        return [_expand(each) for each in value]
    return _expand_any(value)


_expand_any = utilities.dynamo_to_dict


def _copy_item(self: Any, memo: dict[int, Any]) -> Any:
    """Copy an item, but share its scalars: nothing changes these in place."""
    copied: Any = Item.__new__(type(self))
    copied.hash_key, copied.range_key = self.hash_key, self.range_key
    copied.attrs = LimitedSizeDict()
    dict.update(
        copied.attrs,
        {
            name: value if value.type in SCALARS else copy.deepcopy(value, memo)
            for name, value in self.attrs.items()
        },
    )
    return copied


def _sort_items(self: Any) -> list[Any]:
    """Sort the items by the values of their keys, where moto compares the types each time."""
    if not self.range_key_attr:
        return sorted(self.items.values(), key=lambda item: item.hash_key.cast_value)
    items = [item for same_hash in self.items.values() for item in same_hash.values()]
    return sorted(items, key=lambda item: (item.hash_key.cast_value, item.range_key.cast_value))


def _make_item(self: Any, hash_key: Any, range_key: Any, attrs: Mapping[str, Any]) -> None:
    """Measure an item once, where moto measures all of it for each attribute it adds."""
    self.hash_key, self.range_key = hash_key, range_key
    self.attrs = LimitedSizeDict()
    dict.update(self.attrs, {name: DynamoType(value) for name, value in attrs.items()})
    if self.size() > MAX_ITEM_BYTES:
        raise ItemSizeTooLarge


_transact_write_items = DynamoDBBackend.transact_write_items


def _transact_and_restore(self: Any, transact_items: list[dict[str, Any]]) -> None:
    """Copy the items that a transaction writes, where moto copies whole tables for each item."""
    restores = [_restore(self, write) for write in transact_items]
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(2 * limit)  # moto recurses over the actions of an update: up to a hundred
    try:
        _transact_write_items(self, transact_items)
    except Exception:
        for restore in restores:
            restore()
        raise
    finally:
        sys.setrecursionlimit(limit)


def _restore(backend: Any, write: Mapping[str, Any]) -> Callable[[], None]:
    """Return what puts the item of this write, and the table's stream, back to what they are."""
    [(kind, operation)] = write.items()
    table = backend.get_table(operation["TableName"])
    key = backend.get_keys_value(table, operation["Item" if kind == "Put" else "Key"])
    before = copy.deepcopy(table.get_item(*key))
    stream = table.stream_shard.items if table.stream_shard else []
    length = len(stream)

    def restore() -> None:
        hash_key, range_key = key
        items, last = (table.items[hash_key], range_key) if range_key else (table.items, hash_key)
        if before is None:
            items.pop(last, None)
        else:
            items[last] = before
        del stream[length:]

    return restore


_update_item = DynamoDBBackend.update_item


def _add_numbers(
    self: Any, table_name: str, key: Any, update_expression: str, *others: Any, **options: Any
) -> Any:
    """Add numbers to attributes, where moto parses and validates a tree for each."""
    table = self.get_table(table_name)
    names = options.get("expression_attribute_names")
    values = options.get("expression_attribute_values")
    is_simple = not others and table.stream_shard is None
    conditions = options.get("condition_expression"), options.get("expected")
    if (
        not (is_simple and names and values)
        or any(conditions)
        or not _ADDITIONS.fullmatch(update_expression or "")
    ):
        return _update_item(self, table_name, key, update_expression, *others, **options)
    keys = self.get_keys_value(table, key)
    item = table.get_item(*keys) or table.put_item(dict(key))
    for placeholder, value in _ADDITION.findall(update_expression):
        name, added = names[placeholder], int(values[value]["N"])
        before = int(item.attrs[name].value) if name in item.attrs else 0
        dict.__setitem__(item.attrs, name, DynamoType({"N": str(before + added)}))
    if item.size() > MAX_ITEM_BYTES:
        raise ItemSizeToUpdateTooLarge
    return item


def _deepcopy(value: Any, *memo: Any) -> Any:
    return value if isinstance(value, Table) else copy.deepcopy(value, *memo)


_generate_key_once = cache(generate_private_key)


@contextmanager
def other_state() -> Iterator[None]:
    """Set moto's state aside for the duration, so that another stack has the account to itself."""
    accounts, regions = _list_accounts(), _list_regions()
    held = [(region, dict(vars(region))) for region in regions]
    models: list[Any] = [model for models in model_data.values() for model in models.values()]
    instances = [(model, model.instances_tracked) for model in models]
    reset_model_data()  # else the other stack's end would close the objects of this one's buckets
    for backends, _ in accounts:
        backends.clear()
    _services.clear()
    try:
        yield
    finally:
        BackendDict.reset()
        _put_back(accounts, held)
        for model, tracked in instances:
            model.instances_tracked = tracked


def keep_state() -> Callable[[], None]:
    """Return what brings moto's state back to what it is now.

    Stacks of CloudFormation are shared: they say what was created, not what became of it.
    """
    accounts, regions = _list_accounts(), _list_regions()
    shared = [*regions, *(one for region in regions for one in _find_shared(region))]

    def copied(values: Any) -> Any:
        return copy.deepcopy(values, {id(one): one for one in shared})

    kept = copied([vars(region) for region in regions])
    return lambda: _put_back(accounts, zip(regions, copied(kept), strict=True))


def _list_accounts() -> list[tuple[Any, dict[str, Any]]]:
    return [(backends, dict(backends)) for backends in _services]


def _list_regions() -> list[BaseBackend]:
    return [one for backends in _services for *_, one in backends.iter_backends()]


def _put_back(
    accounts: Sequence[tuple[Any, Mapping[str, Any]]],
    regions: Iterable[tuple[BaseBackend, Mapping[str, Any]]],
) -> None:
    for backends, held in accounts:
        backends.update(held)
    _services[:] = [backends for backends, _ in accounts]
    for region, attributes in regions:
        vars(region).clear()
        vars(region).update(attributes)


def _find_shared(backend: BaseBackend) -> Iterator[object]:
    match backend:
        case CloudFormationBackend():
            yield from backend.stacks.values()
        case SQSBackend():
            yield from (queue._messages_lock for queue in backend.queues.values())


def install() -> None:
    """Install the shortcuts in this process."""
    _replace(Stack, "parse_template", staticmethod(_parse_template))
    _replace(JSONSerializer, "_serialize_type_structure", _serialize_type_structure)
    _replace(BaseJSONSerializer, "_serialize_type_map", _serialize_type_map)
    _replace(RequestParser, "_parse_map", _make_map_parser(_parse_request_map))
    _replace(BaseJSONParser, "_handle_map", _make_map_parser(_parse_response_map))
    _replace(BackendDict, "__getitem__", _get_backend)
    _replace(core_responses, "method_names_from_class", cache(method_names_from_class))
    _replace(BaseBackend, "urls", property(_get_urls))
    _replace(dynamo_type, "bytesize", _measure_text)
    _replace(Item, "size", _measure_item)
    _replace(utilities, "dynamo_to_dict", _expand)
    _replace(responses, "dynamo_to_dict", _expand)
    _replace(Item, "__deepcopy__", _copy_item)
    _replace(Table, "all_items", _sort_items)
    _replace(Item, "__init__", _make_item)
    _replace(DynamoDBBackend, "update_item", _add_numbers)
    _replace(DynamoDBBackend, "transact_write_items", _transact_and_restore)
    _replace(Queue, "attributes", property(QueueAttributes))
    _replace(dynamodb, "copy", SimpleNamespace(deepcopy=_deepcopy))
    # Nobody encrypts with the tables' key: one RSA key is enough.
    _replace(kms, "generate_private_key", _generate_key_once)
    # Hundreds of mocks for the library requests, which boto3 does not use.
    core.RESPONSES_METHODS.clear()
