"""One object for each process: forks, and the end."""

import os
import sys
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest

from prooftrail.client.sending import processes
from prooftrail.client.sending.processes import ProcessLocal


class Resource:
    """Records what is called."""

    def __init__(self, *, can_close: bool = True) -> None:
        self.calls: list[str] = []
        self.is_closed = False
        self.is_finished = False
        self.can_close = can_close

    def before_fork(self) -> None:
        self.calls.append("before_fork")

    def after_fork(self) -> None:
        self.calls.append("after_fork")

    def abandon(self) -> None:
        self.calls.append("abandon")

    def send_now(self, seconds: float) -> None:
        self.calls.append(f"send_now {seconds}")

    def close(self, timeout: float | None = None) -> bool:
        self.calls.append(f"close {timeout}")
        self.is_closed = self.is_finished = self.can_close
        return self.can_close


@pytest.fixture
def local() -> Iterator[ProcessLocal[Resource]]:
    """An object that is not closed."""
    local = ProcessLocal(Resource)
    yield local
    processes._open.discard(local)


@pytest.fixture
def become_child(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Give this process another id, as a fork in C does."""
    return lambda: monkeypatch.setattr(os, "getpid", lambda: 4_194_305)


def test_it_is_made_at_the_first_use(local: ProcessLocal[Resource]) -> None:
    assert local.find() is None
    made = local.get()
    assert local.get() is local.find() is made


def test_the_parent_keeps_its_object(local: ProcessLocal[Resource]) -> None:
    resource = local.get()
    processes._before_fork()
    processes._after_fork_in_parent()
    assert local.get() is resource
    assert resource.calls == ["before_fork", "after_fork"]


def test_the_child_gets_its_own(
    local: ProcessLocal[Resource], become_child: Callable[[], None]
) -> None:
    parents = local.get()
    processes._before_fork()
    become_child()
    processes._after_fork_in_child()
    assert local.find() is None
    assert parents.calls == ["before_fork", "abandon"]
    assert local.get() is not parents
    processes._before_fork()
    processes._after_fork_in_parent()
    assert local.get().calls == ["before_fork", "after_fork"]
    assert parents.calls == ["before_fork", "abandon"]


def test_a_child_that_python_did_not_see_gets_its_own(
    local: ProcessLocal[Resource], become_child: Callable[[], None]
) -> None:
    parents = local.get()
    processes._before_fork()  # of another thread of the parent
    become_child()
    assert local.get() is not parents
    assert local.get() is local.get()
    assert parents.calls == ["before_fork", "abandon"]
    processes._before_fork()
    processes._after_fork_in_parent()
    assert local.get().calls == ["before_fork", "after_fork"]


def test_a_child_closes_its_own_only(
    local: ProcessLocal[Resource], become_child: Callable[[], None]
) -> None:
    parents = local.get()
    become_child()
    processes._close_all()
    assert parents.calls == []
    assert local.close(1)
    assert local.get().calls == ["close 1"]
    assert parents.calls == ["abandon"]


def test_what_the_child_used_before_the_hook_stays(
    local: ProcessLocal[Resource], become_child: Callable[[], None]
) -> None:
    local.get()
    become_child()
    childs = local.get()
    processes._after_fork_in_child()
    assert local.get() is childs
    assert childs.calls == []


@pytest.mark.parametrize("is_hooked", [True, False])
def test_what_the_parent_is_closing_is_closed_in_the_child(
    local: ProcessLocal[Resource], become_child: Callable[[], None], is_hooked: bool
) -> None:
    local.get().is_closed = True
    become_child()
    if is_hooked:
        processes._after_fork_in_child()
    assert local.get().calls == ["close 0"]


def test_the_end_of_the_process_closes_it_once(local: ProcessLocal[Resource]) -> None:
    local.get()
    processes._close_all()
    processes._close_all()
    assert local.get().calls == ["close None"]


def test_queues_that_hang_share_the_time_of_the_shutdown(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    given: list[float] = []

    class Hanging(Resource):
        def send_now(self, seconds: float) -> None:
            given.append(seconds)
            clock[0] += seconds

    monkeypatch.setattr("time.monotonic", lambda: clock[0])
    monkeypatch.setattr(processes, "_open", set())
    several = [ProcessLocal(Hanging) for _ in range(3)]
    for local in several:
        local.get()
    processes.send_at_shutdown()
    assert given == [processes.SHUTDOWN_SECONDS, 0.1, 0.1]


def test_what_was_never_used_needs_no_end(local: ProcessLocal[Resource]) -> None:
    processes._close_all()
    assert local.find() is None


def test_what_could_not_be_closed_is_closed_at_the_end(local: ProcessLocal[Resource]) -> None:
    local.get().can_close = False
    assert not local.close(1)
    local.get().can_close = True
    processes._close_all()
    assert local.get().calls == ["close 1", "close None"]
    assert local.get().is_closed


def test_a_closed_object_takes_no_part_in_a_fork(
    local: ProcessLocal[Resource], become_child: Callable[[], None]
) -> None:
    assert local.close(1)
    resource = local.get()
    processes._before_fork()
    become_child()
    processes._after_fork_in_child()
    assert resource.calls == ["close 1"]
    assert local.get().calls == ["close 0"]


class Signal:
    """A signal as Celery's: it calls each receiver once, in the order of their connection."""

    def __init__(self) -> None:
        self.receivers: dict[str, Callable[..., object]] = {}

    def connect(self, receiver: Callable[..., object], *, dispatch_uid: str, **_: object) -> None:
        self.receivers.setdefault(dispatch_uid, receiver)

    def disconnect(self, *, dispatch_uid: str) -> None:
        self.receivers.pop(dispatch_uid, None)


def test_a_module_with_the_name_of_celery_that_has_no_signal_costs_no_event(
    local: ProcessLocal[Resource], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "celery.signals", ModuleType("celery.signals"))
    processes.close_at_worker_end()
    processes._after_fork_in_child()


@pytest.mark.parametrize("has_logged", [True, False])
def test_what_the_application_logs_at_the_end_of_a_celery_process_is_sent(
    local: ProcessLocal[Resource], monkeypatch: pytest.MonkeyPatch, has_logged: bool
) -> None:
    signal = Signal()
    signals = ModuleType("celery.signals")
    vars(signals).update(worker_process_shutdown=signal)
    monkeypatch.setitem(sys.modules, "celery.signals", signals)
    processes.close_at_worker_end()  # in the parent, with its first event
    signal.connect(lambda **_: local.get().send_now(0), dispatch_uid="application")
    if has_logged:
        processes.close_at_worker_end()  # in the child
    else:
        processes._after_fork_in_child()
    for receiver in signal.receivers.values():
        receiver(sender=None)
    assert local.get().calls == ["send_now 0", "close None"]
