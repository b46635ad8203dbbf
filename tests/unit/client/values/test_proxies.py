"""A lazy proxy is logged and compared as the object behind it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import wrapt
from django.utils.functional import SimpleLazyObject
from pydantic import BaseModel
from werkzeug.local import LocalProxy

from prooftrail.client import audited, track_changes
from tests.support.recorder import Recording, recording

PROXIES: dict[str, Callable[[Callable[[], Any]], Any]] = {
    "Django": SimpleLazyObject,
    "Werkzeug": LocalProxy,
    "wrapt": lambda find: wrapt.ObjectProxy(find()),
}


@dataclass
class Card:
    owner: str
    pin: str


class Account(BaseModel):
    owner: str
    password: str


@dataclass
class User:
    """As Django's: an object with fields whose text is a name."""

    name: str
    password: str

    def __str__(self) -> str:
        return self.name


VALUES: dict[str, Any] = {
    "text": "ada",
    "empty": "",
    "bytes": b"ab",
    "integer": 42,
    "large integer": 2**60,
    "NaN": float("nan"),
    "boolean": True,
    "none": None,
    "time": datetime(2026, 11, 24, tzinfo=UTC),
    "UUID": UUID(int=1),
    "decimal": Decimal("1.50"),
    "list": ["a", 1],
    "header": ("token", "hunter2"),
    "object": {"password": "hunter2", "n": 1},
    "dataclass": Card("ada", "hunter2"),
    "pydantic": Account(owner="ada", password="hunter2"),  # noqa: S106  # not a password
}


@pytest.fixture
def recorder() -> Iterator[Recording]:
    with recording() as recorder:
        yield recorder


@pytest.mark.parametrize("proxy", PROXIES)
@pytest.mark.parametrize("name", VALUES)
def test_a_proxy_is_logged_as_its_object(recorder: Recording, name: str, proxy: str) -> None:
    value = VALUES[name]
    for logged in (value, PROXIES[proxy](lambda: value)):
        recorder.log(
            action="a.b",
            resource_type="t",
            resource_id="1",
            user_id=logged,
            on_behalf_of=(logged, "Ada"),
            targets=[("user", logged)],
            details={"value": logged, "values": [logged]},
            changes={"before": {"value": logged}, "after": {"value": value}},
        )
    plain, proxied = recorder.events
    assert proxied == plain
    assert "hunter2" not in str(proxied)


@pytest.mark.parametrize("proxy", PROXIES)
def test_a_proxy_of_a_user_is_its_text_as_id_and_its_fields_as_details(
    recorder: Recording, proxy: str
) -> None:
    user = PROXIES[proxy](lambda: User("ada", "hunter2"))

    @audited(action="a.b", resource="user:{user}", details=lambda given: given["user"])
    def work(user: object) -> None: ...

    work(user)
    recorder.log(action="a.b", resource_type="t", resource_id="1", user_id=user)
    assert recorder.events[0]["resourceId"] == recorder.events[1]["userId"] == "ada"
    assert recorder.events[0]["details"] == {"name": "ada", "password": "[masked]"}


@pytest.mark.parametrize("proxy", PROXIES)
def test_changes_of_a_proxied_object_are_tracked(proxy: str) -> None:
    before = PROXIES[proxy](lambda: User("ada", "hunter2"))
    changes = track_changes(before, User("bob", "hunter2"))
    assert changes == {"before": {"name": "ada"}, "after": {"name": "bob"}, "fields": ["name"]}
    same = PROXIES[proxy](lambda: "ada")
    assert track_changes({"name": same}, {"name": "ada"})["fields"] == []


@pytest.mark.parametrize("proxy", ["Django", "Werkzeug"])
def test_a_proxy_without_its_object_costs_its_own_field(recorder: Recording, proxy: str) -> None:
    def find() -> object:
        raise LookupError("hunter2")

    broken = PROXIES[proxy](find)
    fields: dict[str, Any] = {"user_id": broken, "details": {"value": broken, "ok": 1}}
    recorder.log(action="a.b", resource_type="t", resource_id="1", **fields)
    [event] = recorder.events
    kind = f"({type(broken).__name__})"
    assert (event["userId"], event["details"]) == (kind, {"value": kind, "ok": 1})
