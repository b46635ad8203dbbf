"""One thread at a time works."""

import threading

import pytest

from prooftrail.client.sending.worker import Worker


def test_one_thread_works_however_often_it_is_started() -> None:
    end = threading.Event()
    working = []

    def work() -> None:
        working.append(threading.current_thread())
        end.wait(10)

    worker = Worker(work)
    for _ in range(20):
        worker.start()
        assert worker.is_running
    with worker.claim() as is_claimed:
        assert not is_claimed
    end.set()
    working[0].join(10)
    assert len(working) == 1
    assert not worker.is_running
    worker.start()
    working[-1].join(10)
    assert len(working) == 2


def test_no_thread_starts_while_the_caller_works() -> None:
    worked: list[int] = []
    worker = Worker(lambda: worked.append(1))
    with worker.claim() as is_claimed:
        assert is_claimed
        assert worker.is_running
        worker.start()
    assert not worker.is_running
    assert worked == []


def test_a_fault_of_the_work_lets_another_thread_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(threading, "excepthook", lambda _: None)

    def fail() -> None:
        raise SystemExit

    worker = Worker(fail)
    worker.start()
    with worker.claim() as is_claimed:
        assert is_claimed
