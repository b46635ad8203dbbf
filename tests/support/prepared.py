"""States of moto in which several tests begin: made once a process, and brought back for each."""

from collections.abc import Callable
from typing import Any, TypeVar

from moto.core.model_instances import model_data

from local.template import Stack
from tests.support.fast_moto import keep_state

Value = TypeVar("Value")

_kept: dict[tuple[int, Callable[[Stack], Any]], tuple[Any, Callable[[], None]]] = {}


def prepare(stack: Stack, build: Callable[[Stack], Value]) -> Value:
    """Bring a fresh stack to what `build` makes of it. Return what `build` returned.

    `build` is called once a process. Tests share the value, so nothing may change it.
    """
    key = id(stack), build  # a process keeps its stacks
    if key not in _kept:
        value = build(stack)
        _kept[key] = value, _keep_state()
        return value
    value, bring_back = _kept[key]
    bring_back()
    return value


def _keep_state() -> Callable[[], None]:
    """Keep moto's state. The end of a test closes the tracked objects of S3: not those kept."""
    models: list[Any] = [model for models in model_data.values() for model in models.values()]
    tracked = [list(model.instances_tracked) for model in models]
    bring_back = keep_state()
    for model, instances in zip(models, tracked, strict=True):
        model.instances_tracked = instances
    return bring_back
