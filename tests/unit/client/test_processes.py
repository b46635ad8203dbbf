"""One object for each process: forks, and the end."""

from collections.abc import Iterator

import pytest

from prooftrail.client import processes
from prooftrail.client.processes import ProcessLocal


class Resource:
    """Records what is called."""

    def __init__(self, *, can_close: bool = True) -> None:
        self.calls: list[str] = []
        self.is_closed = False
        self.is_finished = False
        self.can_close = can_close

    def start(self) -> None:
        self.calls.append("start")

    def before_fork(self) -> None:
        self.calls.append("before_fork")

    def after_fork(self) -> None:
        self.calls.append("after_fork")

    def abandon(self) -> None:
        self.calls.append("abandon")

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


def test_the_parent_keeps_its_object(local: ProcessLocal[Resource]) -> None:
    resource = local.get()
    processes._before_fork()
    processes._after_fork_in_parent()
    assert local.get() is resource
    assert resource.calls == ["start", "before_fork", "after_fork"]


def test_the_child_gets_one_that_has_not_started(local: ProcessLocal[Resource]) -> None:
    parents = local.get()
    processes._before_fork()
    processes._after_fork_in_child()
    assert local.get() is not parents
    assert parents.calls == ["start", "before_fork", "abandon"]
    assert local.get().calls == []
    processes._before_fork()
    processes._after_fork_in_parent()
    assert local.get().calls == ["before_fork", "after_fork"]


def test_a_fork_in_c_calls_the_child_only(local: ProcessLocal[Resource]) -> None:
    parents = local.get()
    processes._after_fork_in_child()
    assert local.get() is not parents
    assert parents.calls == ["start", "abandon"]


def test_what_the_parent_is_closing_is_closed_in_the_child(local: ProcessLocal[Resource]) -> None:
    local.get().is_closed = True
    processes._before_fork()
    processes._after_fork_in_child()
    assert local.get().calls == ["close 0"]


def test_the_end_of_the_process_closes_it_once(local: ProcessLocal[Resource]) -> None:
    processes._close_all()
    processes._close_all()
    assert local.get().calls == ["start", "close None"]


def test_what_could_not_be_closed_is_closed_at_the_end(local: ProcessLocal[Resource]) -> None:
    local.get().can_close = False
    assert not local.close(1)
    local.get().can_close = True
    processes._close_all()
    assert local.get().calls == ["start", "close 1", "close None"]
    assert local.get().is_closed


def test_a_closed_object_takes_no_part_in_a_fork(local: ProcessLocal[Resource]) -> None:
    assert local.close(1)
    resource = local.get()
    processes._before_fork()
    processes._after_fork_in_child()
    assert local.get() is resource
    assert resource.calls == ["start", "close 1"]
