"""Pages: complete, in order and bounded, even if events arrive or reads fail in between."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prooftrail.errors import (
    EventNotFoundError,
    InvalidCursorError,
    InvalidQueryError,
    StoreUnavailableError,
)
from prooftrail.event.ids import decode_time
from prooftrail.event.keys import make_target_key
from prooftrail.event.record import EventRecord
from prooftrail.event.times import DAY_MS, format_timestamp
from prooftrail.query.filters import Filters
from prooftrail.query.pages import Page, get_event, list_events, list_pages
from prooftrail.query.ports import Row, StoredEvent
from prooftrail.query.rows import ROW_BUDGET
from tests.support.fake_reader import FakeEvents
from tests.support.samples import NOW_MS, make_event_record

SHARDS = 4


def make_records(count: int, *, every_ms: int = 1, **fields: Any) -> list[EventRecord]:
    """Return events at equal intervals, the first now."""
    return [
        make_event_record(
            eventId=f"e-{number}", timestamp=format_timestamp(NOW_MS + number * every_ms), **fields
        )
        for number in range(count)
    ]


EVERYTHING = Filters("default")


def read_page(
    reader: FakeEvents, filters: Filters = EVERYTHING, **options: Any
) -> Page[StoredEvent]:
    return list_events(reader, filters, shard_count=SHARDS, **options)


def list_ids(page: Page[StoredEvent]) -> list[str]:
    return [event.id for event in page.events]


def read_pages(
    reader: FakeEvents, filters: Filters, *, max_pages: int = 1_000, **options: Any
) -> Iterator[Page[StoredEvent]]:
    cursor = None
    for _ in range(max_pages):
        page = read_page(reader, filters, cursor=cursor, **options)
        yield page
        cursor = page.next_cursor
        if cursor is None:
            return
    pytest.fail("the pages do not end")


EVENTS = st.fixed_dictionaries(
    {
        "at": st.integers(0, 40),
        "tenantId": st.sampled_from(["default", "default.2"]),
        "action": st.sampled_from(["user.login", "user.logout", "guild.update"]),
        "resourceType": st.sampled_from(["guild", "guild.x"]),
        "resourceId": st.sampled_from(["1", "#1", "1#", "a/b", "é"]),
        "success": st.booleans(),
    },
    optional={
        "userId": st.sampled_from(["ada", "ada#", "ad", "é"]),
        "sessionId": st.sampled_from(["s", "t"]),
        "requestId": st.sampled_from(["r", "q"]),
        "ipAddress": st.sampled_from(["10.0.0.1", "::1"]),
        "actorType": st.sampled_from(["user", "agent"]),
        "traceId": st.sampled_from(["1" * 32, "2" * 32]),
        "onBehalfOf": st.sampled_from(["ada", "ad", "é"]).map(lambda user: {"userId": user}),
        "targets": st.lists(
            st.fixed_dictionaries(
                {
                    "type": st.sampled_from(["guild", "guild.x"]),
                    "id": st.sampled_from(["1", "#1", "1#", "é"]),
                }
            ),
            max_size=5,
        ),
    },
)
FILTERS = st.builds(
    Filters,
    tenant_id=st.sampled_from(["default", "default.2", "def"]),
    user_id=st.sampled_from([None, None, "ada", "ada#", "ad", "é"]),
    action=st.sampled_from([None, None, "user.login", "user.*", "guild.*", "guild"]),
    resource_type=st.sampled_from([None, "guild", "guild.x"]),
    resource_id=st.sampled_from([None, "1", "#1", "1#", "é"]),
    success=st.sampled_from([None, None, True, False]),
    start_ms=st.sampled_from([None, NOW_MS + 5]),
    end_ms=st.sampled_from([None, NOW_MS + 30]),
    request_id=st.sampled_from([None, None, "r"]),
    session_id=st.sampled_from([None, None, "s"]),
    ip_address=st.sampled_from([None, None, "::1"]),
    actor_type=st.sampled_from([None, None, None, "agent"]),
    trace_id=st.sampled_from([None, None, None, "1" * 32]),
)


def make_record(number: int, fields: dict[str, Any]) -> EventRecord:
    rest = {name: value for name, value in fields.items() if name != "at"}
    moment = format_timestamp(NOW_MS + fields["at"])
    return make_event_record(eventId=f"e-{number}", timestamp=moment, **rest)


def matches(record: EventRecord, filters: Filters) -> bool:
    """Return whether a record matches, independently of `Filters`, as the API documents it."""
    event = json.loads(record.canonical)
    at = decode_time(record.id)
    users = {event.get("userId"), event.get("onBehalfOf", {}).get("userId")}
    resources = [(event["resourceType"], event["resourceId"])]
    if filters.resource_type and filters.resource_id:
        resources += [(target["type"], target["id"]) for target in event.get("targets", [])]
    equal = {
        "success": filters.success,
        "requestId": filters.request_id,
        "sessionId": filters.session_id,
        "ipAddress": filters.ip_address,
        "actorType": filters.actor_type,
        "traceId": filters.trace_id,
    }
    action = filters.action or "*"
    same_action = (
        event["action"][: len(action) - 1] == action[:-1]
        if action[-1] == "*"
        else event["action"] == action
    )
    return (
        event["tenantId"] == filters.tenant_id
        and all(value is None or event.get(name) == value for name, value in equal.items())
        and (filters.user_id is None or filters.user_id in users)
        and any(
            filters.resource_type in (None, kind) and filters.resource_id in (None, name)
            for kind, name in resources
        )
        and same_action
        and (filters.start_ms is None or at >= filters.start_ms)
        and (filters.end_ms is None or at <= filters.end_ms)
    )


@given(
    before=st.lists(EVENTS, max_size=40),
    arriving=st.lists(EVENTS, max_size=20),
    filters=FILTERS,
    limits=st.lists(st.integers(1, 12), min_size=1, max_size=8),
    max_rows=st.integers(1, 30),
    descending=st.booleans(),
)
def test_joined_pages_are_the_complete_result(
    before: list[dict[str, Any]],
    arriving: list[dict[str, Any]],
    filters: Filters,
    limits: list[int],
    max_rows: int,
    descending: bool,
) -> None:
    """In order, without gaps or repeats, in pages of any size, while events arrive."""
    reader = FakeEvents(
        [make_record(number, one) for number, one in enumerate(before)], SHARDS, max_rows
    )
    at_first = {one.id for one in reader.records.values() if matches(one, filters)}
    later = iter([make_record(1_000 + number, one) for number, one in enumerate(arriving)])
    joined: list[str] = []
    cursor = None
    for turn in range(200):
        page = list_events(
            reader,
            filters,
            shard_count=SHARDS,
            limit=limits[turn % len(limits)],
            descending=descending,
            cursor=cursor,
        )
        assert len(page.events) <= limits[turn % len(limits)]
        joined += list_ids(page)
        cursor = page.next_cursor
        if cursor is None:
            break
        if (record := next(later, None)) is not None:
            reader.add(record)
    assert cursor is None
    assert joined == sorted(set(joined), reverse=descending)
    at_last = {one.id for one in reader.records.values() if matches(one, filters)}
    assert at_first <= set(joined) <= at_last


@given(
    stored=st.lists(EVENTS, max_size=40),
    filters=FILTERS,
    trace_id=st.sampled_from([None, "1" * 32]),
    limit=st.integers(1, 12),
    budgets=st.fixed_dictionaries(
        {
            "pages.EVENTS_PER_READ": st.integers(1, 6),
            "pages.EXAMINED_BUDGET": st.integers(0, 2_000),
            "pages.RESPONSE_BUDGET": st.integers(0, 4_000),
            "rows.ROW_BUDGET": st.integers(1, 30),
        }
    ),
    faulty=st.lists(st.integers(0, 39), max_size=6),
    descending=st.booleans(),
)
def test_joined_pages_are_complete_with_filters_on_events_and_any_budget(
    stored: list[dict[str, Any]],
    filters: Filters,
    trace_id: str | None,
    limit: int,
    budgets: dict[str, int],
    faulty: list[int],
    descending: bool,
) -> None:
    """Events that cannot be read are part of the result, and those that are gone are not."""
    filters = replace(filters, actor_type="agent", trace_id=trace_id)
    reader = FakeEvents([make_record(number, one) for number, one in enumerate(stored)], SHARDS)
    ids = [record.id for record in reader.records.values()]
    reader.damaged = {ids[at] for at in faulty[::2] if at < len(ids)}
    reader.hidden = {ids[at] for at in faulty[1::2] if at < len(ids)}
    on_rows = replace(filters, actor_type=None, trace_id=None)
    expected = {
        record.id
        for record in reader.records.values()
        if matches(record, on_rows if record.id in reader.damaged else filters)
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in budgets.items():
            patch.setattr(f"prooftrail.query.{name}", value)
        pages = list(read_pages(reader, filters, limit=limit, descending=descending))
    joined = [one for page in pages for one in list_ids(page)]
    assert joined == sorted(expected - reader.hidden, reverse=descending)
    assert max(len(page.events) for page in pages) <= limit


@given(FILTERS, st.booleans())
def test_a_page_with_all_events_has_no_cursor(filters: Filters, descending: bool) -> None:
    reader = FakeEvents(
        [make_record(number, {"at": number, "userId": "ada"}) for number in range(20)], SHARDS
    )
    page = read_page(reader, filters, limit=1_000, descending=descending)
    assert page.next_cursor is None


INDEXED: list[tuple[str, Filters]] = [
    ("none", Filters("default")),
    ("user", Filters("default", user_id="ada")),
    ("resource", Filters("default", resource_type="guild", resource_id="g")),
    ("action", Filters("default", action="user.login")),
    ("failure", Filters("default", success=False)),
    ("range", Filters("default", start_ms=NOW_MS)),
]
FIELDS: dict[str, Any] = {
    "userId": "ada",
    "resourceType": "guild",
    "resourceId": "g",
    "success": False,
}


@cache
def make_thousand() -> list[EventRecord]:
    return make_records(1_000, **FIELDS)


@pytest.mark.parametrize(("name", "filters"), INDEXED)
def test_a_page_of_fifty_reads_little_more_than_fifty_rows(name: str, filters: Filters) -> None:
    reader = FakeEvents(make_thousand(), SHARDS)
    page = read_page(reader, filters, limit=50)
    assert len(page.events) == 50
    partitions = 1 if name in {"user", "resource"} else SHARDS
    assert reader.rows_read <= (51 if partitions == 1 else 110)
    assert reader.loaded == 50


@pytest.fixture
def row_budget(monkeypatch: pytest.MonkeyPatch) -> int:
    """Return a tenth of the rows that a page may read otherwise."""
    monkeypatch.setattr("prooftrail.query.rows.ROW_BUDGET", ROW_BUDGET // 10)
    return ROW_BUDGET // 10


def test_a_query_without_matches_stays_within_the_budget_of_each_page(row_budget: int) -> None:
    reader = FakeEvents(make_records(3 * row_budget), SHARDS)
    pages = list(read_pages(reader, Filters("default", request_id="none")))
    assert [len(page.events) for page in pages] == [0, 0, 0]
    assert reader.rows_read / len(pages) < 1.5 * row_budget
    assert reader.loaded == 0


def test_few_matches_among_many_rows_are_all_found(row_budget: int) -> None:
    needles = make_records(3, every_ms=row_budget + 50, requestId="needle")
    reader = FakeEvents([*make_records(3 * row_budget), *needles], SHARDS)
    pages = list(read_pages(reader, Filters("default", request_id="needle"), descending=False))
    assert [one for page in pages for one in list_ids(page)] == [one.id for one in needles]


TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.mark.parametrize(
    "filters", [Filters("default", trace_id=TRACE), Filters("default", "ada", trace_id=TRACE)]
)
def test_a_rare_trace_is_found_within_the_budget_of_each_page(
    filters: Filters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("prooftrail.query.rows.ROW_BUDGET", 300)
    needles = make_records(3, every_ms=200, traceId=TRACE, userId="ada")
    others = make_records(900, userId="ada", actorType="user")
    reader = FakeEvents([*others, *needles], SHARDS)
    pages = list(read_pages(reader, filters, limit=2, descending=False))
    assert [one for page in pages for one in list_ids(page)] == [one.id for one in needles]
    assert [len(page.events) for page in pages] == [2, 1, 0, 0]
    assert reader.rows_read / len(pages) < 1.5 * 300
    assert reader.loaded < 1.1 * len(reader.records)


def test_a_page_of_a_frequent_type_of_actor_reads_little_more_than_it_shows() -> None:
    reader = FakeEvents(make_records(1_000, userId="ada", actorType="agent"), SHARDS)
    page = read_page(reader, Filters("default", "ada", actor_type="agent"), limit=50)
    assert len(page.events) == 50
    assert (reader.rows_read, reader.loaded) == (51, 50)
    page = read_page(reader, Filters("default", actor_type="agent"), limit=50)
    assert len(page.events) == 50
    assert reader.rows_read <= 51 + 110


def test_a_page_reads_a_limited_number_of_bytes_that_it_does_not_show(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("prooftrail.query.pages.EXAMINED_BUDGET", 20_000)
    large = make_records(30, details={"text": "x" * 3_000}, userId="ada")
    [needle] = make_records(1, every_ms=0, traceId=TRACE, userId="ada")
    reader = FakeEvents([*large, needle], SHARDS)
    pages = []
    loaded = [0]
    for page in read_pages(reader, Filters("default", "ada", trace_id=TRACE)):
        pages.append(page)
        loaded.append(reader.loaded)
    assert [one for page in pages for one in list_ids(page)] == [needle.id]
    assert len(pages) == 5
    assert max(after - before for before, after in pairwise(loaded)) <= 7


def test_events_that_have_expired_are_part_of_what_a_page_may_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("prooftrail.query.pages.EXAMINED_BUDGET", 20_000)
    records = make_records(30, details={"text": "x" * 3_000}, userId="ada")
    expired = [one._replace(received_at=NOW_MS - DAY_MS, retention_days=1) for one in records]
    reader = FakeEvents(expired, SHARDS)
    pages = list(read_pages(reader, Filters("default", "ada", trace_id=TRACE)))
    assert [len(page.events) for page in pages] == [0] * 5


def test_a_store_that_returns_single_rows_still_makes_progress(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("prooftrail.query.rows.CALL_BUDGET", 3)
    reader = FakeEvents(make_records(50), SHARDS, max_rows=1)
    pages = list(read_pages(reader, Filters("default"), limit=40))
    assert all(page.events for page in pages)
    assert len(pages) > 5
    joined = [one for page in pages for one in list_ids(page)]
    assert joined == sorted((one.id for one in reader.records.values()), reverse=True)


def test_a_page_ends_before_the_response_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("prooftrail.query.pages.RESPONSE_BUDGET", 20_000)
    large = make_records(30, details={"text": '"' * 3_000}, userId="ada")
    reader = FakeEvents(large, SHARDS)
    for filters in (Filters("default"), Filters("default", user_id="ada")):
        pages = list(read_pages(reader, filters, descending=False))
        assert len(pages) > 10
        for page in pages:
            assert len(page.events) == 1 or len(json.dumps(page.to_json())) < 21_000
        assert [one for page in pages for one in list_ids(page)] == [one.id for one in large]


def test_an_event_larger_than_the_budget_is_a_page_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("prooftrail.query.pages.RESPONSE_BUDGET", 10)
    reader = FakeEvents(make_records(3), SHARDS)
    assert [len(page.events) for page in read_pages(reader, Filters("default"))] == [1, 1, 1]


def test_all_pages_are_listed_without_a_limit() -> None:
    stored = make_records(1_100)
    reader = FakeEvents(stored, SHARDS)
    pages = list(list_pages(reader, EVERYTHING, shard_count=SHARDS, descending=False))
    assert [len(page.events) for page in pages] == [1_000, 100]
    assert [one for page in pages for one in list_ids(page)] == [one.id for one in stored]
    assert pages[-1].next_cursor is None


@pytest.mark.parametrize(
    ("limit", "sizes"), [(1, [1]), (10, [10]), (11, [10, 1]), (20, [10, 10]), (30, [10, 10, 5])]
)
def test_pages_are_listed_up_to_a_limit(
    limit: int, sizes: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("prooftrail.query.pages.MAX_LIMIT", 10)
    stored = make_records(25)
    reader = FakeEvents(stored, SHARDS)
    pages = list(list_pages(reader, EVERYTHING, shard_count=SHARDS, limit=limit, descending=False))
    assert [len(page.events) for page in pages] == sizes
    assert [one for page in pages for one in list_ids(page)] == [one.id for one in stored[:limit]]
    assert (pages[-1].next_cursor is None) == (limit > 25)


def test_pages_start_with_the_newest_event_and_are_read_on_demand() -> None:
    stored = make_records(1_100)
    reader = FakeEvents(stored, SHARDS)
    pages = list_pages(reader, EVERYTHING, shard_count=SHARDS)
    assert list_ids(next(pages)) == [one.id for one in stored[:-1_001:-1]]
    assert reader.loaded == 1_000


def test_a_page_has_a_hundred_events_by_default_the_newest_first() -> None:
    stored = make_records(101)
    page = read_page(FakeEvents(stored, SHARDS))
    assert list_ids(page) == [one.id for one in stored[:0:-1]]


def test_an_event_that_expired_between_index_and_table_is_left_out() -> None:
    stored = make_records(10, userId="ada")
    reader = FakeEvents(stored, SHARDS)
    reader.hidden = {stored[3].id, stored[9].id}
    filters = Filters("default", user_id="ada")
    pages = list(read_pages(reader, filters, limit=2, descending=False))
    found = [one for page in pages for one in list_ids(page)]
    assert found == [one.id for one in stored if one.id not in reader.hidden]


def test_a_page_of_expired_events_only_has_a_cursor() -> None:
    stored = make_records(4, userId="ada")
    reader = FakeEvents(stored, SHARDS)
    reader.hidden = {stored[0].id, stored[1].id}
    page = read_page(reader, Filters("default", user_id="ada"), limit=2, descending=False)
    assert not page.events
    assert page.next_cursor is not None


TEAM = Filters("default", resource_type="team", resource_id="7")
TARGETS = [{"type": "team", "id": "7"}, {"type": "user", "id": "b"}]


def test_a_page_by_a_target_reads_little_more_than_its_events() -> None:
    reader = FakeEvents(make_records(1_000, targets=TARGETS), SHARDS)
    page = read_page(reader, TEAM, limit=50)
    assert len(page.events) == 50
    assert (reader.rows_read, reader.loaded, reader.calls) == (51, 50, 2)


def test_a_user_and_a_resource_find_events_by_actor_represented_user_and_target() -> None:
    team = {"resourceType": "team", "resourceId": "7"}
    by_fields: list[dict[str, Any]] = [
        team | {"userId": "ada"},
        team | {"userId": "bob", "onBehalfOf": {"userId": "ada"}},
        {"userId": "ada", "targets": TARGETS},
        {"onBehalfOf": {"userId": "ada"}, "targets": TARGETS},
        team | {"userId": "ada", "onBehalfOf": {"userId": "ada"}, "targets": TARGETS},
        team | {"userId": "bob"},
        {"userId": "ada"},
    ]
    stored = [make_record(at, {"at": at, **fields}) for at, fields in enumerate(by_fields)]
    page = read_page(FakeEvents(stored, SHARDS), replace(TEAM, user_id="ada"), descending=False)
    assert list_ids(page) == [one.id for one in stored[:5]]


def make_forged_row(record: EventRecord, **changes: Any) -> Row:
    row = Row(
        record.id,
        record.tenant_id,
        record.action,
        record.resource_type,
        record.resource_id,
        success=record.success,
        user_id=record.user_id,
        is_reference=True,
        target=("team", "7"),
    )
    return replace(row, **changes)


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_a_forged_reference_shows_no_event_hides_none_and_repeats_none(limit: int) -> None:
    of_team = make_records(4, resourceType="team", resourceId="7")
    others = make_records(6, every_ms=3)[1:]
    reader = FakeEvents([*of_team, *others], SHARDS)
    [gone] = make_records(1, requestId="gone")
    forged = [make_forged_row(record) for record in (*of_team, *others, gone)]
    reader.forged[make_target_key("default", "team", "7")] = forged
    for descending in (True, False):
        pages = read_pages(reader, TEAM, limit=limit, descending=descending)
        found = [one for page in pages for one in list_ids(page)]
        assert found == sorted((one.id for one in of_team), reverse=descending)


@pytest.mark.parametrize("budget", range(1, 6))
def test_the_rows_of_one_event_are_never_on_two_pages(
    budget: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The index's row does not say who was represented. Only the reference of its id matches."""
    monkeypatch.setattr("prooftrail.query.rows.ROW_BUDGET", budget)
    of_team = make_records(5, resourceType="team", resourceId="7", onBehalfOf={"userId": "ada"})
    reader = FakeEvents(of_team, SHARDS)
    pages = read_pages(reader, replace(TEAM, user_id="ada"), descending=False)
    assert [one for page in pages for one in list_ids(page)] == [one.id for one in of_team]


def test_a_damaged_reference_still_finds_its_event() -> None:
    [about, other] = make_records(1, targets=TARGETS) + make_records(1, requestId="r")
    reader = FakeEvents([about, other], SHARDS)
    damaged = [
        make_forged_row(record, action="", problem="damaged", target=None)
        for record in (about, other)
    ]
    reader.forged[make_target_key("default", "team", "7")] = damaged
    assert list_ids(read_page(reader, TEAM)) == [about.id]


def test_a_fault_of_the_store_is_raised() -> None:
    reader = FakeEvents(make_records(10), SHARDS)
    reader.fault = StoreUnavailableError("injected")
    with pytest.raises(StoreUnavailableError):
        read_page(reader)


def test_a_cursor_of_another_tenant_is_refused() -> None:
    reader = FakeEvents([*make_records(5), *make_records(5, tenantId="acme")], SHARDS)
    cursor = read_page(reader, Filters("acme"), limit=2).next_cursor
    with pytest.raises(InvalidCursorError):
        read_page(reader, Filters("default"), cursor=cursor)


def test_the_json_of_an_event_contains_its_canonical_bytes() -> None:
    one = make_event_record(details={"price": 10.0, "big": 2**53 - 1, "small": 1e-7, "é": "\u2028"})
    event = get_event(FakeEvents([one], SHARDS), "default", one.id)
    assert event.to_json().endswith(one.canonical[1:].decode())
    decoded = json.loads(event.to_json())
    assert (decoded.pop("id"), decoded.pop("digest")) == (one.id, one.digest.hex())
    assert decoded.pop("receivedAt") == format_timestamp(one.received_at)
    assert decoded == json.loads(one.canonical)


def test_a_page_is_one_json_object() -> None:
    reader = FakeEvents(make_records(3), SHARDS)
    page = read_page(reader, limit=2)
    decoded = json.loads(page.to_json())
    assert [item["id"] for item in decoded["items"]] == list_ids(page)
    assert decoded["nextCursor"] == page.next_cursor
    assert json.loads(Page((), None).to_json()) == {"items": [], "nextCursor": None}


@pytest.mark.parametrize("damage", [str.lower, lambda text: text[1:], lambda text: text + "0"])
def test_an_invalid_id_is_refused(damage: Callable[[str], str]) -> None:
    one = make_event_record()
    with pytest.raises(InvalidQueryError) as caught:
        get_event(FakeEvents([one], SHARDS), "default", damage(one.id))
    assert [problem.path for problem in caught.value.problems] == ["id"]


def test_an_event_of_another_tenant_is_not_found() -> None:
    one = make_event_record(tenantId="acme")
    with pytest.raises(EventNotFoundError) as caught:
        get_event(FakeEvents([one], SHARDS), "default", one.id)
    assert caught.value.event_id == one.id
