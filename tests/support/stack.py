"""The template's resources in moto, and the functions as after a cold start."""

import logging
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, lru_cache, partial
from typing import Any

from botocore import hooks
from botocore.loaders import JSONFileLoader, Loader
from botocore.session import Session
from moto import mock_aws

from local.runtime import clear_caches, set_function_environment
from local.template import Stack, create_stack
from prooftrail.aws import clients as aws
from prooftrail.runtime import config, telemetry

# Every session would look for the services' models and parse them anew, look at the parameters of
# each of its handlers and at each name of an event. Here that is done once.
_load_file = cache(partial(JSONFileLoader._load_file, JSONFileLoader()))  # type: ignore[attr-defined]
JSONFileLoader._load_file = lambda _, *where: _load_file(*where)  # type: ignore[attr-defined]
_load_own = cache(aws._PlainJsonLoader().load_file)
aws._PlainJsonLoader.load_file = lambda _, path: _load_own(path)  # type: ignore[method-assign, assignment]
_list_services = Loader.list_available_services
_listed: dict[tuple[str, ...], list[str]] = {}


def _list_services_once(loader: Loader, type_name: str) -> list[str]:
    where = (*loader.search_paths, type_name)
    if where not in _listed:
        _listed[where] = _list_services(loader, type_name)
    return _listed[where]


Loader.list_available_services = _list_services_once  # type: ignore[method-assign, assignment]

_accepts_kwargs = lru_cache(maxsize=1_000)(hooks.accepts_kwargs)
hooks.accepts_kwargs = lambda func: _accepts_kwargs(getattr(func, "__func__", func))
_init_aliaser = hooks.EventAliaser.__init__
_aliases: dict[str, str] = {}


def _share_aliases(aliaser: Any, *arguments: Any, **options: Any) -> None:
    _init_aliaser(aliaser, *arguments, **options)
    if aliaser._event_aliases == hooks.EVENT_ALIASES:
        aliaser._alias_name_cache = _aliases


hooks.EventAliaser.__init__ = _share_aliases  # type: ignore[method-assign, assignment]


@lru_cache(maxsize=8)
def _share_session(_environment: tuple[tuple[str, str], ...]) -> Session:
    return aws.make_plain_session()


def _find_session() -> Session:
    """Return the session of these variables of AWS. Its clients are new after each cold start."""
    return _share_session(tuple(sorted(i for i in os.environ.items() if i[0].startswith("AWS_"))))


aws._session = _find_session  # type: ignore[assignment]

_HANDLERS = tuple(
    f"{name}.app"
    for name in (
        "processor",
        "ledger",
        "checkpoint",
        "query",
        "stats",
        "proof",
        "submit",
        "verifier",
        "console",
    )
)


@cache
def make_client(service: str) -> Any:
    """Return the process's client of a service, which the code under test does not have."""
    return Session().create_client(service, region_name="us-east-1")


def cool_down() -> None:
    """Forget what the process has cached, so that the next invocation is a cold start."""
    aws._client.cache_clear()
    aws._quick_client.cache_clear()
    config.get_settings.cache_clear()
    telemetry.get_logger.cache_clear()
    loggers = logging.Logger.manager.loggerDict
    for name in [name for name, one in loggers.items() if getattr(one, "init", False)]:
        del loggers[name]  # Powertools' handlers keep the standard output of their first test
    for module in filter(None, map(sys.modules.get, _HANDLERS)):
        clear_caches(module)


@contextmanager
def deployed(parameters: Mapping[str, str] | None = None) -> Iterator[Stack]:
    """Deploy a fresh stack of `template.yaml`, with the functions' variables in the environment."""
    from tests.support import fast_moto  # it imports all of moto, which few tests need

    with mock_aws(), fast_moto.other_state():
        stack, restore = _create(frozenset((parameters or {}).items()))
        restore()
        with set_function_environment(stack.functions):
            cool_down()
            yield stack
    cool_down()


@cache
def _create(parameters: frozenset[tuple[str, str]]) -> tuple[Stack, Callable[[], None]]:
    """Create a stack, once a process, and return it with what brings it back as it was then."""
    from tests.support import fast_moto, fast_requests

    fast_moto.install()
    fast_requests.install()
    stack = create_stack(dict(parameters))
    return stack, fast_moto.keep_state()
