"""Work after the response: a thread that is an internal extension of Lambda.

Lambda returns a response as soon as the function has it, and freezes the process only once each
extension has asked for the next invocation. So the thread has the time between: the caller does not
wait for it, the next invocation of this process does. Outside Lambda the work is done before the
response. docs/adr/0021-audited-reads.md has the alternatives.

Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html
"""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from queue import SimpleQueue
from threading import Thread
from typing import Final

from prooftrail.runtime.telemetry import get_logger

EXTENSION_NAME: Final = "prooftrail-after-response"
_REGISTER_PATH: Final = "/2020-01-01/extension/register"
_NEXT_PATH: Final = "/2020-01-01/extension/event/next"
_ID_HEADER: Final = "Lambda-Extension-Identifier"
_REGISTER_SECONDS: Final = 2.0
# For the runtime to send the response: the task's work would compete with it for the interpreter.
HEAD_START_SECONDS: Final = 0.01
_OK: Final = 200

Task = Callable[[], None]


class ExtensionsApiError(Exception):
    """Lambda's Extensions API does not respond, or refuses."""


class AfterResponse:
    """Runs the tasks of an invocation after its response, if Lambda has registered the extension.

    `api` is the address of the Extensions API, empty outside Lambda. Lambda takes registrations
    only before the first invocation, so make this at import.
    """

    def __init__(self, api: str) -> None:
        self._api = api
        self._tasks: list[Task] = []
        self._finished: SimpleQueue[Sequence[Task]] = SimpleQueue()
        self._extension_id = self._register() if api else None
        if self._extension_id:
            Thread(target=self._work, args=(self._extension_id,), daemon=True).start()

    def add(self, task: Task) -> None:
        """Have the task run after the response to the current invocation."""
        self._tasks.append(task)

    @contextmanager
    def invocation(self) -> Iterator[None]:
        """Hand over the tasks that the block adds. Without an extension, run them."""
        self._tasks = []
        try:
            yield
        finally:
            # Even without a task: Lambda waits until the extension asks for the next invocation.
            if self._extension_id:
                self._finished.put(self._tasks)
            else:
                _run(self._tasks)

    def _register(self) -> str | None:
        """Return the extension's id, or None if Lambda did not register it."""
        body = json.dumps({"events": ["INVOKE"]}).encode()
        headers = {"Lambda-Extension-Name": EXTENSION_NAME}
        try:
            return self._call("POST", _REGISTER_PATH, headers, body, _REGISTER_SECONDS)
        except ExtensionsApiError as error:
            get_logger().warning("no work after the response", extra={"reason": str(error)})
            return None

    def _work(self, extension_id: str) -> None:
        """Run the tasks of each invocation, then ask for the next, which says that they are done.

        An API that fails is not asked again. Lambda then waits for this process until the
        function's timeout, and starts another one.
        """
        is_asking = True
        while True:
            if is_asking:
                try:
                    self._call("GET", _NEXT_PATH, {_ID_HEADER: extension_id})
                except ExtensionsApiError as error:
                    is_asking = False
                    get_logger().error("the extension is lost", extra={"reason": str(error)})
            if tasks := self._finished.get():
                time.sleep(HEAD_START_SECONDS)
                _run(tasks)

    def _call(
        self,
        method: str,
        path: str,
        headers: dict[str, str],
        body: bytes | None = None,
        timeout_seconds: float | None = None,
    ) -> str | None:
        """Return the extension's id, if the response has it. It may come after a long time.

        Raises:
            ExtensionsApiError: the API does not respond, or refuses.
        """
        connection = HTTPConnection(self._api, timeout=timeout_seconds)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            response.read()
        except (OSError, HTTPException) as error:
            raise ExtensionsApiError(str(error)) from error
        finally:
            connection.close()
        if response.status != _OK:
            raise ExtensionsApiError(f"{path} returned {response.status}")
        return response.getheader(_ID_HEADER)


def _run(tasks: Sequence[Task]) -> None:
    for task in tasks:
        try:
            task()
        except Exception as error:  # noqa: BLE001  # the thread must reach the next invocation
            get_logger().error("a task after the response failed", exc_info=error)
