"""What the library asks uWSGI's module, and what it tells it."""

import sys
from collections.abc import Callable
from types import ModuleType

import pytest

from prooftrail.client.sending import uwsgi


@pytest.fixture
def make_uwsgi(monkeypatch: pytest.MonkeyPatch) -> Callable[..., ModuleType]:
    """Return a function that makes uWSGI's module as one of its processes has it."""

    def make(
        *, has_threads: int = 1, worker: int = 0, mule: int = 0, is_spooler: bool = False
    ) -> ModuleType:
        module = ModuleType("uwsgi")
        vars(module).update(
            has_threads=has_threads,
            worker_id=lambda: worker,
            mule_id=lambda: mule,
        )
        if is_spooler:
            vars(module)["i_am_the_spooler"] = lambda: True
        monkeypatch.setitem(sys.modules, "uwsgi", module)
        return module

    return make


def test_other_processes_have_threads() -> None:
    assert not uwsgi.is_alone()
    assert uwsgi.find_warning() is None
    uwsgi.run_after_requests(lambda: None)


def test_no_thread_starts_before_the_fork(make_uwsgi: Callable[..., ModuleType]) -> None:
    make_uwsgi(worker=0)
    assert uwsgi.is_alone()
    make_uwsgi(worker=1)
    assert not uwsgi.is_alone()
    make_uwsgi(worker=1, has_threads=0)
    assert not uwsgi.is_alone()


def test_mules_and_spoolers_are_not_forked_again(make_uwsgi: Callable[..., ModuleType]) -> None:
    make_uwsgi(mule=1)
    assert not uwsgi.is_alone()
    make_uwsgi(is_spooler=True)
    assert not uwsgi.is_alone()
    make_uwsgi(mule=1, has_threads=0)
    assert uwsgi.is_alone()


def test_without_threads_work_is_done_after_requests(
    make_uwsgi: Callable[..., ModuleType],
) -> None:
    module = make_uwsgi(has_threads=0)
    calls = []
    vars(module)["after_req_hook"] = lambda: calls.append("the application's")
    uwsgi.run_after_requests(lambda: calls.append("ours"))
    vars(module)["after_req_hook"]()
    assert calls == ["the application's", "ours"]
    assert "enable-threads" in (uwsgi.find_warning() or "")


def test_with_threads_there_is_no_hook(make_uwsgi: Callable[..., ModuleType]) -> None:
    module = make_uwsgi()
    uwsgi.run_after_requests(lambda: None)
    assert "after_req_hook" not in vars(module)
    assert uwsgi.find_warning() is None
