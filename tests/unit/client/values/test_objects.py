"""Objects of frameworks give their fields, and multi-dicts all their values."""

import dataclasses
from collections.abc import Callable, Iterator
from email.message import Message
from http.cookies import SimpleCookie
from types import SimpleNamespace
from typing import Any

import attrs
import httpx
import multidict
import pytest
import sqlalchemy as sa
from django.utils.datastructures import MultiValueDict
from pydantic import BaseModel
from pydantic import v1 as pydantic_v1
from requests.cookies import RequestsCookieJar
from sqlalchemy import orm
from starlette import datastructures as starlette
from werkzeug import datastructures as werkzeug

from prooftrail.client import track_changes
from prooftrail.client.values.objects import read_fields
from prooftrail.client.values.plain import to_plain_json

PAIRS: list[Any] = [("role", "admin"), ("role", "user"), ("id", "7")]
LISTS = {"role": ["admin", "user"], "id": "7"}


def _make_cookies() -> RequestsCookieJar:
    made = RequestsCookieJar()
    for position, (name, value) in enumerate(PAIRS):
        made.set(name, value, path=f"/{position}")
    return made


class Bottle(dict[str, Any]):
    """A multi-dict with the methods of Bottle's, whose `items` have the last values only."""

    def getall(self, key: str) -> list[Any]:
        return [value for name, value in PAIRS if name == key]

    def allitems(self) -> Iterator[tuple[str, Any]]:
        return iter(PAIRS)


class Multipart(Bottle):
    """As in the package multipart."""

    iterallitems = Bottle.allitems
    allitems = None  # type: ignore[assignment]  # not to be called


class Tornado(dict[str, Any]):
    """Headers with the methods of Tornado's, whose `items` are joined."""

    def get_list(self, key: str) -> list[Any]:
        return [value for name, value in PAIRS if name == key]

    def get_all(self) -> Iterator[tuple[str, Any]]:
        return iter(PAIRS)


def _make_message() -> Message:
    made = Message()
    for name, value in PAIRS:
        made.add_header(name, value)
    return made


MULTI_DICTS: dict[str, Callable[[], Any]] = {
    "Django": lambda: MultiValueDict({"role": ["admin", "user"], "id": ["7"]}),
    "Starlette QueryParams": lambda: starlette.QueryParams(PAIRS),
    "Starlette MultiDict": lambda: starlette.MultiDict(PAIRS),
    "Starlette FormData": lambda: starlette.FormData(PAIRS),
    "Starlette Headers": lambda: starlette.Headers(
        raw=[(name.encode(), value.encode()) for name, value in PAIRS]
    ),
    "Werkzeug MultiDict": lambda: werkzeug.MultiDict(PAIRS),
    "Werkzeug ImmutableMultiDict": lambda: werkzeug.ImmutableMultiDict(PAIRS),
    "Werkzeug CombinedMultiDict": lambda: werkzeug.CombinedMultiDict(
        [werkzeug.MultiDict(PAIRS[:1]), werkzeug.MultiDict(PAIRS[1:])]
    ),
    "Werkzeug Headers": lambda: werkzeug.Headers(PAIRS),
    "Starlette MutableHeaders": lambda: starlette.MutableHeaders(
        raw=[(name.encode(), value.encode()) for name, value in PAIRS]
    ),
    "multidict": lambda: multidict.MultiDict(PAIRS),
    "multidict CIMultiDictProxy": lambda: multidict.CIMultiDictProxy(multidict.CIMultiDict(PAIRS)),
    "httpx QueryParams": lambda: httpx.QueryParams(PAIRS),
    "httpx Headers": lambda: httpx.Headers(PAIRS),
    "email": _make_message,
    "requests cookies": _make_cookies,
    "Bottle": lambda: Bottle(PAIRS),
    "multipart": lambda: Multipart(PAIRS),
    "Tornado": lambda: Tornado(role="admin,user", id="7"),
}


@pytest.mark.parametrize("name", MULTI_DICTS)
def test_all_values_of_a_repeated_key_are_logged(name: str) -> None:
    assert to_plain_json({"form": MULTI_DICTS[name]()}, "details") == {"form": LISTS}


@pytest.mark.parametrize("name", MULTI_DICTS)
def test_multi_dicts_are_compared_by_all_their_values(name: str) -> None:
    changes = track_changes({"role": "user", "id": "7"}, MULTI_DICTS[name]())
    assert changes["fields"] == ["role"]
    assert changes["after"] == {"role": ["admin", "user"]}


@attrs.define
class Point:
    x: int
    y: int = 2


@dataclasses.dataclass
class Partial:
    x: int
    later: int = dataclasses.field(init=False)


class Base(orm.DeclarativeBase):
    pass


class Customer(Base):
    __tablename__ = "customer"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    name: orm.Mapped[str]
    notes: orm.Mapped[str] = orm.mapped_column(deferred=True)
    orders: orm.Mapped[list["Order"]] = orm.relationship(back_populates="customer")


class Order(Base):
    __tablename__ = "order"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    customer_id: orm.Mapped[int] = orm.mapped_column(sa.ForeignKey("customer.id"))
    customer: orm.Mapped[Customer] = orm.relationship(back_populates="orders")


class Data(orm.MappedAsDataclass, Base):
    __tablename__ = "data"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    name: orm.Mapped[str] = orm.mapped_column(deferred=True)


@pytest.fixture
def session() -> Iterator[orm.Session]:
    """A session on a database that has one customer with an order."""
    engine = sa.create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with orm.Session(engine) as session:
        session.add(Customer(id=1, name="Ada", notes="x", orders=[Order(id=7)]))
        session.add(Data(id=2, name="Bo"))
        session.commit()
        yield session
    engine.dispose()


def _count_statements(session: orm.Session) -> list[str]:
    statements: list[str] = []
    sa.event.listen(
        session.get_bind(),
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_: statements.append(statement),
    )
    return statements


def test_an_instance_of_sqlalchemy_gives_its_loaded_columns_without_a_query(
    session: orm.Session,
) -> None:
    order = session.get_one(Order, 7)
    customer = session.get_one(Customer, 1)
    data = session.get_one(Data, 2)
    statements = _count_statements(session)
    assert to_plain_json([order, customer, data], "details") == [
        {"id": 7, "customer_id": 1},
        {"id": 1, "name": "Ada"},
        {"id": 2},
    ]
    session.expire_all()
    assert to_plain_json(customer, "details") == {"id": 1}
    assert read_fields(Customer(name="new")) == {"name": "new"}
    assert statements == []


def test_a_row_of_sqlalchemy_gives_its_columns_by_name(session: orm.Session) -> None:
    rows = session.execute(sa.select(Customer.id, Customer.name)).all()
    assert to_plain_json({"rows": rows}, "details") == {"rows": [{"id": 1, "name": "Ada"}]}


class Peewee:
    """A model with the shape of peewee's."""

    _meta = SimpleNamespace(sorted_field_names=["id", "name"])

    def __init__(self) -> None:
        self.__data__ = {"id": 1, "name": "Ada"}
        self.__rel__ = {"orders": self}


class Tortoise:
    """A model with the shape of Tortoise's, of which the notes are not loaded."""

    _meta = SimpleNamespace(fields_db_projection={"id": "id", "name": "name", "notes": "notes"})

    def __init__(self) -> None:
        self.id = 1
        self.name = "Ada"
        self._orders = self


class Struct:
    """An object with the shape of msgspec's."""

    __slots__ = __struct_fields__ = ("id", "name")

    def __init__(self) -> None:
        self.id = 1
        self.name = "Ada"


class Old(pydantic_v1.BaseModel):
    id: int = 1
    name: str = "Ada"


@pytest.mark.parametrize("kind", [Peewee, Tortoise, Struct, Old])
def test_models_of_other_libraries_give_the_fields_that_are_loaded(kind: type[Any]) -> None:
    assert to_plain_json(kind(), "details") == {"id": 1, "name": "Ada"}
    assert track_changes({"id": 1, "name": "Bo"}, kind())["fields"] == ["name"]


class Validated(BaseModel):
    id: int


def test_a_model_of_pydantic_with_other_types_warns_of_nothing() -> None:
    made = Validated.model_construct(id="a")
    assert to_plain_json(made, "details") == {"id": "a"}


def test_a_cookie_has_its_value() -> None:
    cookies: SimpleCookie = SimpleCookie("theme=dark")
    cookies["theme"]["path"] = "/"
    assert to_plain_json(cookies, "details") == {"theme": {"value": "dark", "path": "/"}}


def test_attrs_and_dataclasses_give_the_fields_that_are_set() -> None:
    assert to_plain_json([Point(1), Partial(1)], "details") == [{"x": 1, "y": 2}, {"x": 1}]
    assert track_changes(Point(1), Point(3)) == {
        "before": {"x": 1},
        "after": {"x": 3},
        "fields": ["x"],
    }


@pytest.mark.parametrize("method", ["multi_items", "iterallitems", "allitems", "get_all"])
def test_a_multi_dict_that_repeats_a_key_endlessly_is_read_in_part(
    monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    def repeat(_: object) -> Iterator[tuple[str, int]]:
        yield from [("role", 1)] * 10
        raise AssertionError("read to the end")

    monkeypatch.setattr("prooftrail.client.values.objects.MAX_PAIRS", 10)
    kind = type("Endless", (), {method: repeat, "get_list": None})
    assert read_fields(kind()) == {"role": [1] * 10}
