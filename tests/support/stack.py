"""The template's resources in moto, and the functions as after a cold start."""

import logging
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache, partial

from botocore.loaders import JSONFileLoader
from moto import mock_aws

from local.runtime import clear_caches, set_function_environment
from local.template import Stack, create_stack
from prooftrail.aws import clients as aws
from prooftrail.runtime import config, telemetry

# Every session would parse the services' models anew; here they are parsed once.
_load_file = cache(partial(JSONFileLoader._load_file, JSONFileLoader()))  # type: ignore[attr-defined]
JSONFileLoader._load_file = lambda _, *where: _load_file(*where)  # type: ignore[attr-defined]
_load_own = cache(aws._PlainJsonLoader().load_file)
aws._PlainJsonLoader.load_file = lambda _, path: _load_own(path)  # type: ignore[method-assign, assignment]

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
    )
)


def cool_down() -> None:
    """Forget what the process has cached, so that the next invocation is a cold start."""
    aws._client.cache_clear()
    aws._session.cache_clear()
    config.get_settings.cache_clear()
    telemetry.get_logger.cache_clear()
    loggers = logging.Logger.manager.loggerDict
    for name in [name for name, one in loggers.items() if getattr(one, "init", False)]:
        del loggers[name]  # Powertools' handlers keep the standard output of their first test
    for module in filter(None, map(sys.modules.get, _HANDLERS)):
        clear_caches(module)


@contextmanager
def deployed(parameters: Mapping[str, str] | None = None) -> Iterator[Stack]:
    """A fresh stack of `template.yaml`, with the functions' variables in the environment."""
    with mock_aws():
        stack = create_stack(parameters)
        with set_function_environment(stack.functions):
            cool_down()
            yield stack
    cool_down()
