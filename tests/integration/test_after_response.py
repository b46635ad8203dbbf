"""Work after the response, with a stand-in for Lambda's Extensions API.

Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html
"""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import SimpleQueue
from threading import Event, Thread
from typing import Any

import pytest

from prooftrail.runtime.after_response import EXTENSION_NAME, AfterResponse

WAIT_SECONDS = 5


class ExtensionsApi:
    """Serves `register` and `event/next`. An invocation begins when `begin` is called.

    `asked` gets an item whenever the extension asks for the next invocation: only then does Lambda
    take the one before as done.
    """

    def __init__(self) -> None:
        self.registered: list[tuple[str, object]] = []
        self.asked: SimpleQueue[str] = SimpleQueue()
        self.statuses = {"register": 200, "next": 200}
        self._invocations: SimpleQueue[None] = SimpleQueue()
        api = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                api.registered.append((self.headers["Lambda-Extension-Name"], json.loads(body)))
                self._respond("register", {"Lambda-Extension-Identifier": "x-1"})

            def do_GET(self) -> None:
                api.asked.put(self.headers["Lambda-Extension-Identifier"])
                if api.statuses["next"] == 200:
                    api._invocations.get()
                self._respond("next", {})

            def _respond(self, what: str, headers: dict[str, str]) -> None:
                self.send_response(api.statuses[what])
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Print nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server.server_port}"

    def begin(self) -> None:
        """Begin an invocation: the extension's request for it returns."""
        self._invocations.put(None)


@pytest.fixture
def api() -> Iterator[ExtensionsApi]:
    api = ExtensionsApi()
    yield api
    api.server.shutdown()
    api.server.server_close()


def test_the_extension_registers_for_invocations(api: ExtensionsApi) -> None:
    AfterResponse(api.address)
    assert api.registered == [(EXTENSION_NAME, {"events": ["INVOKE"]})]
    assert api.asked.get(timeout=WAIT_SECONDS) == "x-1"


def test_a_task_runs_after_the_response_and_before_the_next_invocation(api: ExtensionsApi) -> None:
    after_response = AfterResponse(api.address)
    api.asked.get(timeout=WAIT_SECONDS)
    may_run, has_run = Event(), Event()

    def run() -> None:
        assert may_run.wait(WAIT_SECONDS)
        has_run.set()

    api.begin()
    with after_response.invocation():
        after_response.add(run)
    assert not has_run.is_set(), "the caller has its response"
    assert api.asked.empty(), "Lambda must not freeze the process yet"
    may_run.set()
    api.asked.get(timeout=WAIT_SECONDS)
    assert has_run.is_set()


def fail() -> None:
    raise RuntimeError("a bug")


@pytest.mark.parametrize("task", [None, fail])
def test_the_next_invocation_is_asked_for_whatever_happens(
    api: ExtensionsApi, task: Callable[[], None] | None
) -> None:
    after_response = AfterResponse(api.address)
    api.asked.get(timeout=WAIT_SECONDS)
    api.begin()
    with suppress(KeyError), after_response.invocation():
        if task:
            after_response.add(task)
        raise KeyError
    api.asked.get(timeout=WAIT_SECONDS)


def test_tasks_of_one_invocation_do_not_run_in_the_next(api: ExtensionsApi) -> None:
    after_response = AfterResponse(api.address)
    ran: list[int] = []
    for number in range(3):
        api.asked.get(timeout=WAIT_SECONDS)
        api.begin()
        with after_response.invocation():
            after_response.add(lambda number=number: ran.append(number))  # type: ignore[misc]  # bound
    api.asked.get(timeout=WAIT_SECONDS)
    assert ran == [0, 1, 2]


def test_outside_lambda_the_task_runs_before_the_response() -> None:
    after_response = AfterResponse("")
    ran: list[bool] = []
    with after_response.invocation():
        after_response.add(fail)
        after_response.add(lambda: ran.append(True))
        assert not ran
    assert ran


def test_a_refused_registration_leaves_the_work_before_the_response(api: ExtensionsApi) -> None:
    api.statuses["register"] = 403
    after_response = AfterResponse(api.address)
    ran: list[bool] = []
    with after_response.invocation():
        after_response.add(lambda: ran.append(True))
    assert ran


def test_an_api_that_does_not_respond_leaves_the_work_before_the_response() -> None:
    after_response = AfterResponse("127.0.0.1:9")
    ran: list[bool] = []
    with after_response.invocation():
        after_response.add(lambda: ran.append(True))
    assert ran


def test_a_lost_extension_still_runs_its_tasks(api: ExtensionsApi) -> None:
    api.statuses["next"] = 500
    after_response = AfterResponse(api.address)
    api.asked.get(timeout=WAIT_SECONDS)
    for _ in range(2):
        has_run = Event()
        with after_response.invocation():
            after_response.add(has_run.set)
        assert has_run.wait(WAIT_SECONDS)
    assert api.asked.empty(), "it is not asked again"
