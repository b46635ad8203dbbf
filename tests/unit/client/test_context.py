"""Which fields are bound, where they hold, and faults of bound callables."""

import asyncio
import contextvars
import logging
import threading
from collections.abc import Callable, Coroutine, Iterator
from functools import partial, wraps
from typing import Any

import pytest

from prooftrail.client import audit_context, bind_context, current_context
from prooftrail.client import context as context_module
from prooftrail.client.context import CapturedContext, add_context


@pytest.fixture(autouse=True)
def _nothing_bound() -> Iterator[None]:
    context_module._failed.clear()
    with audit_context():
        yield
    assert current_context() == {}


def run_coroutine(steps: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine that does not wait, and return its result."""
    with pytest.raises(StopIteration) as caught:
        steps.send(None)
    return caught.value.value


def test_inner_values_win_and_outer_ones_come_back() -> None:
    with audit_context(user_id="u-1", tenant_id="acme", session_id="s"):
        with audit_context(user_id="u-2", request_id="r"):
            assert current_context() == {
                "user_id": "u-2",
                "tenant_id": "acme",
                "session_id": "s",
                "request_id": "r",
            }
        assert current_context() == {"user_id": "u-1", "tenant_id": "acme", "session_id": "s"}


def test_none_removes_a_value() -> None:
    with audit_context(user_id="u-1", metadata={"a": 1}, tenant_id="acme"):
        with audit_context(user_id=None, metadata=None):
            assert current_context() == {"tenant_id": "acme"}
        assert current_context() == {"user_id": "u-1", "metadata": {"a": 1}, "tenant_id": "acme"}


def test_metadata_is_merged_by_key() -> None:
    with (
        audit_context(metadata={"a": 1, "b": {"x": 1}}),
        audit_context(metadata=lambda: {"b": {"y": 2}, "c": 3}),
        audit_context(metadata=lambda: None),
    ):
        assert current_context() == {"metadata": {"a": 1, "b": {"y": 2}, "c": 3}}
        merged = add_context({"metadata": {"c": 4}})
        assert merged == {"metadata": {"a": 1, "b": {"y": 2}, "c": 4}}
        assert add_context({"metadata": "not an object"}) == {"metadata": "not an object"}
    assert add_context({"metadata": {"c": 4}}) == {"metadata": {"c": 4}}


def test_explicit_fields_win() -> None:
    with audit_context(user_id="u-1", username="Ada", ip_address="192.0.2.1"):
        assert add_context({"ip_address": "192.0.2.2", "user_id": None, "details": {"a": 1}}) == {
            "user_id": "u-1",
            "username": "Ada",
            "ip_address": "192.0.2.2",
            "details": {"a": 1},
        }


def test_a_name_is_not_combined_with_another_users_id() -> None:
    with audit_context(user_id="u-1", username="Ada"):
        assert add_context({"user_id": "u-2"}) == {"user_id": "u-2"}
        assert add_context({"user_id": "u-1"}) == {"user_id": "u-1", "username": "Ada"}
        assert add_context({"user_id": "u-2", "username": "Bo"})["username"] == "Bo"
        with audit_context(actor_type="service", on_behalf_of=("u-9", "Bo")):
            assert add_context({"user_id": "u-2"}) == {"user_id": "u-2"}
            assert add_context({"user_id": "u-1"}) == {
                "user_id": "u-1",
                "username": "Ada",
                "actor_type": "service",
                "on_behalf_of": ("u-9", "Bo"),
            }
            with audit_context(user_id="u-2", on_behalf_of="u-8"):
                assert current_context() == {"user_id": "u-2", "on_behalf_of": "u-8"}
        with audit_context(user_id="u-2"):
            assert current_context() == {"user_id": "u-2"}
        with audit_context(username="Ada L."):
            assert current_context() == {"user_id": "u-1", "username": "Ada L."}
        with audit_context(actor=lambda: "u-3"):
            assert current_context() == {"user_id": "u-3"}
            bind_context(user_id="u-4")
            assert current_context() == {"user_id": "u-4"}


@pytest.mark.parametrize(
    ("returned", "fields"),
    [
        ("u-1", {"user_id": "u-1"}),
        (("u-1", "Ada"), {"user_id": "u-1", "username": "Ada"}),
        ((None, "Ada"), {"username": "Ada"}),
        (("u-1", "Ada", "L."), {"user_id": ("u-1", "Ada", "L.")}),
        ((7, None), {"user_id": "7"}),
        (("u-1", ""), {"user_id": "u-1"}),
        ("", {}),
        (None, {}),
    ],
)
def test_an_actor_returns_id_and_name(returned: Any, fields: object) -> None:
    with audit_context(actor=lambda: returned):
        assert current_context() == fields


@pytest.mark.parametrize("nobody", [None, "", ()])
def test_nobody_is_acted_for(nobody: Any) -> None:
    with audit_context(on_behalf_of=lambda: nobody):
        assert current_context() == {}


def test_callables_are_called_when_the_context_is_read() -> None:
    user: dict[str, Any] = {}
    with audit_context(user_id=lambda: user.get("id")):
        assert current_context() == {}
        user["id"] = 42
        assert current_context() == {"user_id": "42"}


def test_binding_holds_until_the_surrounding_context_ends() -> None:
    with audit_context(request_id="r"):
        bind_context(user_id="u-1", metadata={"a": 1})
        bind_context(metadata={"b": 2})
        with audit_context(session_id="s"):
            bind_context(user_id="u-2")
            assert current_context()["user_id"] == "u-2"
        assert current_context() == {
            "request_id": "r",
            "user_id": "u-1",
            "metadata": {"a": 1, "b": 2},
        }
    assert current_context() == {}


def test_a_context_ends_with_an_exception() -> None:
    with pytest.raises(ZeroDivisionError), audit_context(user_id="u-1"):
        raise ZeroDivisionError
    assert current_context() == {}


def test_a_context_can_be_entered_again_and_inside_itself() -> None:
    job = audit_context(user_id="u-1")
    for _ in range(2):
        with job, audit_context(tenant_id="acme"), job:
            assert current_context() == {"user_id": "u-1", "tenant_id": "acme"}
        assert current_context() == {}


def test_leaving_in_another_context_removes_nothing() -> None:
    job = audit_context(user_id="u-1")
    contextvars.copy_context().run(job.__enter__)
    with audit_context(tenant_id="acme"):
        job.__exit__(None, None, None)
        assert current_context() == {"tenant_id": "acme"}


def test_it_decorates_functions_and_coroutine_functions() -> None:
    @audit_context(user_id="u-1")
    def work(depth: int) -> list[Any]:
        """Work."""
        seen: list[Any] = [current_context()]
        return seen + (work(depth - 1) if depth else [])

    @audit_context(user_id="u-2")
    async def wait() -> Any:
        return current_context()

    assert (work.__name__, work.__doc__) == ("work", "Work.")
    assert work(1) == [{"user_id": "u-1"}] * 2
    assert asyncio.iscoroutinefunction(wait)
    assert run_coroutine(wait()) == {"user_id": "u-2"}
    assert current_context() == {}


def test_it_holds_in_a_coroutine_that_another_decorator_returns() -> None:
    async def wait() -> Any:
        return current_context()

    @audit_context(user_id="u-1")
    @wraps(wait)
    def call() -> Coroutine[Any, Any, Any]:
        return wait()

    assert run_coroutine(call()) == {"user_id": "u-1"}
    assert current_context() == {}


def test_generator_functions_are_refused() -> None:
    def steps() -> Iterator[int]:
        yield 1

    with pytest.raises(TypeError, match=r"generator function .*steps: use `with audit_context"):
        audit_context(user_id="u-1")(steps)


def test_a_thread_has_no_fields_unless_it_gets_the_context() -> None:
    seen: list[Any] = []

    def run(target: Callable[[], None]) -> None:
        thread = threading.Thread(target=target)
        thread.start()
        thread.join()

    with audit_context(user_id="u-1"):
        run(lambda: seen.append(current_context()))
        run(partial(contextvars.copy_context().run, lambda: seen.append(current_context())))
    assert seen == [{}, {"user_id": "u-1"}]


def test_a_callable_that_raises_is_logged_once_and_its_field_left_out(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def user() -> str:
        raise LookupError("user not found")

    caplog.set_level(logging.DEBUG, logger="prooftrail.client")
    for _ in range(3):
        with audit_context(user_id=user, username=user, request_id="r"):
            assert current_context() == {"request_id": "r"}
    logged = [
        (record.name, record.levelname, record.getMessage().partition("\n")[0])
        for record in caplog.records
    ]
    assert logged == [
        (
            "prooftrail.client",
            "WARNING",
            f"audit_context: {name} is left out: {user.__qualname__} raised LookupError "
            "(logged once)",
        )
        for name in ("user_id", "username")
    ]
    assert 'raise LookupError("user not found")' in caplog.text  # the line of code
    assert "LookupError: user not found" not in caplog.text


def test_an_exception_that_ends_the_process_is_raised() -> None:
    def interrupted() -> str:
        raise KeyboardInterrupt

    with audit_context(user_id=interrupted), pytest.raises(KeyboardInterrupt):
        current_context()
    with audit_context(user_id=lambda: "u-1"):  # callables are called again
        assert current_context() == {"user_id": "u-1"}


def test_a_callable_that_reads_the_context_finds_the_other_values() -> None:
    seen: list[Any] = []

    def user() -> str:
        seen.append(current_context())
        return "u-1"

    with audit_context(user_id=user, tenant_id=user, request_id="r"):
        assert current_context() == {"user_id": "u-1", "tenant_id": "u-1", "request_id": "r"}
    assert seen == [{"request_id": "r"}] * 2


def test_unknown_fields_are_left_out_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    unknown: dict[str, Any] = {"user": "u-1", "action": "a.b"}
    with audit_context(request_id="r", **unknown):
        bind_context(**unknown)
        assert current_context() == {"request_id": "r"}
    assert "audit_context: fields that are not known are left out: action, user" in caplog.text


def test_a_captured_context_continues_where_it_stopped() -> None:
    with audit_context(user_id="u-1"):
        captured = CapturedContext()
    with audit_context(tenant_id="acme"):
        with captured:
            assert current_context() == {"user_id": "u-1"}
            bind_context(request_id="r")
        assert current_context() == {"tenant_id": "acme"}
        with captured:
            assert current_context() == {"user_id": "u-1", "request_id": "r"}


def test_values_that_log_has_to_fit_are_kept() -> None:
    fields: dict[str, Any] = {"username": "x" * 300, "session_id": ["s"], "user_id": Hostile()}
    with audit_context(**fields):
        assert current_context() == fields
        assert add_context({"user_id": Hostile()}).keys() == {"user_id", "session_id"}


def test_metadata_that_cannot_be_merged_costs_itself_alone() -> None:
    hostile: Any = HostileMapping(a=1)
    with audit_context(metadata={"service": "shop"}), audit_context(metadata=hostile):
        assert current_context() == {"metadata": {"service": "shop", "value": hostile}}
    with audit_context(metadata={"service": "shop"}):
        assert add_context({"metadata": hostile}) == {
            "metadata": {"service": "shop", "value": hostile}
        }


class Hostile:
    """An object of the application whose every use fails, but `is`."""

    def __str__(self) -> str:
        raise ValueError

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        raise ValueError

    __hash__ = None  # type: ignore[assignment]  # like an array of numpy


class HostileMapping(dict[str, Any]):
    """A mapping that cannot be read."""

    def keys(self) -> Any:
        raise ValueError

    def __iter__(self) -> Any:
        raise ValueError
