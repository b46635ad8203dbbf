"""Lambda's runtime in this process: the real handlers, their environment, their output.

One invocation runs at a time. In Lambda each function has its own process. Here all functions share
one process, with one standard output and one metrics buffer of Powertools.
"""

import importlib
import io
import json
import os
import sys
import threading
import time
import traceback
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from local.senders import send_as
from local.template import REGION, ROOT, Function

Invoke = Callable[[str, Mapping[str, Any]], Any]

ACCOUNT_ID = "123456789012"


class FunctionError(Exception):
    """A function raised an exception. The message is its type and text."""


@dataclass(frozen=True, slots=True)
class Context:
    """The context of an invocation: the attributes that Powertools and the handlers read."""

    function_name: str
    memory_limit_in_mb: int
    invoked_function_arn: str
    aws_request_id: str
    log_group_name: str
    log_stream_name: str
    deadline: float
    function_version: str = "$LATEST"

    def get_remaining_time_in_millis(self) -> int:
        """Return the remaining time of the function's timeout, in milliseconds."""
        return max(0, int((self.deadline - time.monotonic()) * 1000))


class Runtime:
    """Invokes functions by their logical ids.

    After each invocation, `on_line` gets every line that the handler printed: log records and
    embedded metrics.
    """

    def __init__(
        self, functions: Mapping[str, Function], on_line: Callable[[str, str], None]
    ) -> None:
        self._functions = functions
        self._on_line = on_line
        self._handlers: dict[str, Callable[[Any, Any], Any]] = {}
        self._lock = threading.RLock()

    def invoke(self, name: str, event: Mapping[str, Any]) -> Any:
        """Invoke a function and return its result. Event and result pass through JSON.

        Raises:
            FunctionError: the handler raised an exception, or its module cannot be imported.
        """
        function = self._functions[name]
        with self._lock:
            start = _OUTPUT.length()
            try:
                with redirect_stdout(_OUTPUT), send_as(name):
                    handler = self._load_handler(function)
                    result = handler(json.loads(json.dumps(event)), _make_context(function))
                    return json.loads(json.dumps(result))
            except Exception as error:  # Lambda continues after any exception of a handler
                _OUTPUT.write(_make_traceback_line(error))
                raise FunctionError(f"{type(error).__name__}: {error}") from error
            finally:
                for line in _OUTPUT.take(start):
                    self._on_line(name, line)

    def restart(self) -> None:
        """Let the next invocation of each function be a cold start, with the present variables."""
        from prooftrail.runtime.config import get_settings

        with self._lock:
            self._handlers.clear()
            get_settings.cache_clear()

    def _load_handler(self, function: Function) -> Callable[[Any, Any], Any]:
        if function.name not in self._handlers:
            module_name, attribute = function.handler.rsplit(".", 1)
            module = importlib.import_module(module_name)
            clear_caches(module)
            self._handlers[function.name] = getattr(module, attribute)
        return self._handlers[function.name]


def clear_caches(handlers: ModuleType) -> None:
    """Clear the caches of a handler module, as a cold start does: they may be another stack's."""
    for part in vars(handlers).values():
        if getattr(part, "__module__", "") == handlers.__name__ and hasattr(part, "cache_clear"):
            part.cache_clear()


class _Output(io.TextIOBase):
    """Standard output while a handler runs.

    The process has only one instance, because a logger keeps the stream it was created with.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []

    def write(self, text: str) -> int:
        self._parts.append(text)
        return len(text)

    def length(self) -> int:
        return len(self._parts)

    def take(self, start: int) -> list[str]:
        """Take the lines from this length on: a function can be invoked while another runs."""
        text = "".join(self._parts[start:])
        del self._parts[start:]
        return [line for line in text.splitlines() if line.strip()]


_OUTPUT = _Output()


def _make_traceback_line(error: Exception) -> str:
    trace = "".join(traceback.format_exception(error))
    return json.dumps({"level": "ERROR", "message": str(error), "exception": trace}) + "\n"


def _make_context(function: Function) -> Context:
    return Context(
        function_name=function.name,
        memory_limit_in_mb=function.memory_mb,
        invoked_function_arn=make_function_arn(function.name),
        aws_request_id=str(uuid.uuid4()),
        log_group_name=f"/aws/lambda/{function.name}",
        log_stream_name="local",
        deadline=time.monotonic() + function.timeout_seconds,
    )


def make_function_arn(name: str) -> str:
    """Return the ARN of the function with this name, in the account of moto."""
    return f"arn:aws:lambda:{REGION}:{ACCOUNT_ID}:function:{name}"


@contextmanager
def set_aws_environment(endpoint: str) -> Iterator[None]:
    """Point every AWS client of this process at the endpoint, with placeholder credentials."""
    variables = {
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }
    dropped = {"AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN"}
    with _set_environment(
        variables, dropped | {name for name in os.environ if "_ENDPOINT_URL_" in name}
    ):
        yield


@contextmanager
def set_function_environment(functions: Mapping[str, Function]) -> Iterator[None]:
    """Set the variables of all functions and make the handlers importable.

    Raises:
        ValueError: two functions have different values of one variable.
    """
    from prooftrail.runtime.config import get_settings

    variables = {"POWERTOOLS_TRACE_DISABLED": "true"}
    for function in functions.values():
        for key, value in function.environment.items():
            if variables.setdefault(key, value) != value:
                raise ValueError(f"{key} of {function.name} differs from that of another function")
    source = str(ROOT / "functions")
    if source not in sys.path:
        sys.path.insert(0, source)
    with _set_environment(variables, set()):
        get_settings.cache_clear()
        try:
            yield
        finally:
            get_settings.cache_clear()


@contextmanager
def _set_environment(variables: Mapping[str, str], dropped: set[str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(variables)
    for name in dropped:
        os.environ.pop(name, None)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
