"""Shortcuts in moto: it does the same, several times faster."""

import copy
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from types import SimpleNamespace
from typing import Any

from moto.cloudformation.models import CloudFormationBackend, Stack
from moto.core import models as core
from moto.core.base_backend import BackendDict, BaseBackend
from moto.core.model_instances import model_data, reset_model_data
from moto.core.serialize import JSONSerializer
from moto.dynamodb import models as dynamodb
from moto.dynamodb.exceptions import ItemSizeTooLarge, ItemSizeToUpdateTooLarge
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.models.table import Table
from moto.kms import models as kms
from moto.kms.utils import generate_private_key
from moto.sqs.models import SQSBackend

MAX_ITEM_BYTES = 405_000  # moto's
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
    _replace(Item, "__init__", _make_item)
    _replace(DynamoDBBackend, "update_item", _add_numbers)
    _replace(DynamoDBBackend, "transact_write_items", _transact_and_restore)
    _replace(dynamodb, "copy", SimpleNamespace(deepcopy=_deepcopy))
    # Nobody encrypts with the tables' key: one RSA key is enough.
    _replace(kms, "generate_private_key", cache(generate_private_key))
    # Hundreds of mocks for the library requests, which boto3 does not use.
    core.RESPONSES_METHODS.clear()
