"""Plans: which index a query reads. Filters: which rows match."""

from dataclasses import replace
from typing import Any

import pytest

from prooftrail.errors import InvalidQueryError
from prooftrail.event.ids import make_highest_id, make_id, make_lowest_id
from prooftrail.event.keys import Index
from prooftrail.event.times import MAX_TIMESTAMP_MS
from prooftrail.query.filters import Filters, plan_query
from prooftrail.query.ports import IdRange, Row

ROW = Row("01A", "acme", "user.login", "session", "s-1", success=True, user_id="ada")


@pytest.mark.parametrize(
    ("filters", "index", "partitions", "is_exact"),
    [
        ({}, Index.BASE, ("acme#0", "acme#1"), True),
        ({"user_id": "a#b/ü"}, Index.USER, ("acme#a#b/ü",), True),
        ({"action": "user.login"}, Index.ACTION, ("acme#user.login#0", "acme#user.login#1"), True),
        ({"success": False}, Index.FAILURE, ("acme#0", "acme#1"), True),
        (
            {"resource_type": "guild", "resource_id": "g#1"},
            Index.RESOURCE,
            ("acme#guild#g#1",),
            True,
        ),
        ({"action": "user.*"}, Index.BASE, ("acme#0", "acme#1"), False),
        ({"success": True}, Index.BASE, ("acme#0", "acme#1"), False),
        ({"resource_type": "guild"}, Index.BASE, ("acme#0", "acme#1"), False),
        ({"resource_id": "g-1"}, Index.BASE, ("acme#0", "acme#1"), False),
        ({"request_id": "r-1"}, Index.BASE, ("acme#0", "acme#1"), False),
        ({"trace_id": "1" * 32}, Index.BASE, ("acme#0", "acme#1"), False),
        ({"user_id": "ada", "action": "user.login"}, Index.USER, ("acme#ada",), False),
        ({"user_id": "ada", "actor_type": "agent"}, Index.USER, ("acme#ada",), False),
        (
            {"user_id": "ada", "resource_type": "guild", "resource_id": "1", "success": False},
            Index.RESOURCE,
            ("acme#guild#1",),
            False,
        ),
        (
            {"action": "user.*", "success": False, "ip_address": "::1"},
            Index.FAILURE,
            ("acme#0", "acme#1"),
            False,
        ),
    ],
)
def test_a_plan_reads_the_most_selective_index(
    filters: dict[str, Any], index: Index, partitions: tuple[str, ...], is_exact: bool
) -> None:
    plan = plan_query(Filters("acme", **filters), shard_count=2)
    assert (plan.index, plan.partitions, plan.is_exact) == (index, partitions, is_exact)


def test_the_time_range_becomes_a_range_of_ids_with_both_ends() -> None:
    plan = plan_query(Filters("acme", start_ms=5, end_ms=9), shard_count=1)
    assert plan.id_range == IdRange(make_lowest_id(5), make_highest_id(9))
    for digest in (bytes(32), b"\xff" * 32):
        assert plan.id_range.lowest <= make_id(5, digest) <= plan.id_range.highest
        assert plan.id_range.lowest <= make_id(9, digest) <= plan.id_range.highest
        assert not plan.id_range.lowest <= make_id(4, digest) <= plan.id_range.highest
        assert not plan.id_range.lowest <= make_id(10, digest) <= plan.id_range.highest


def test_a_range_without_an_end_is_open() -> None:
    first, last = make_lowest_id(0), make_highest_id(MAX_TIMESTAMP_MS)
    assert Filters("acme").id_range == IdRange(first, last)
    assert Filters("acme", start_ms=5).id_range == IdRange(make_lowest_id(5), last)
    assert Filters("acme", end_ms=5).id_range == IdRange(first, make_highest_id(5))


def test_a_range_can_be_one_millisecond() -> None:
    filters = Filters("acme", start_ms=5, end_ms=5)
    assert filters.id_range == IdRange(make_lowest_id(5), make_highest_id(5))


def test_a_range_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(InvalidQueryError) as caught:
        Filters("acme", start_ms=2, end_ms=1)
    assert [problem.path for problem in caught.value.problems] == ["startDate"]


@pytest.mark.parametrize(
    ("filters", "matches"),
    [
        ({}, True),
        ({"user_id": "ada"}, True),
        ({"user_id": "ad"}, False),
        ({"action": "user.*"}, True),
        ({"action": "user*"}, True),
        ({"action": "use"}, False),
        ({"action": "user.login.*"}, False),
        ({"resource_type": "session", "resource_id": "s-1"}, True),
        ({"resource_id": "s-"}, False),
        ({"success": True}, True),
        ({"success": False}, False),
        ({"request_id": "r-1"}, False),
        ({"session_id": "s"}, False),
        ({"ip_address": "::1"}, False),
    ],
)
def test_a_row_matches_if_it_meets_every_filter(filters: dict[str, Any], matches: bool) -> None:
    assert Filters("acme", **filters).matches(ROW) is matches


@pytest.mark.parametrize(
    ("filters", "references"),
    [
        ({"user_id": "a#b"}, ("acme#behalf#a#b",)),
        ({"resource_type": "guild", "resource_id": "g#1"}, ("acme#target#guild#g#1",)),
        (
            {"user_id": "ada", "resource_type": "guild", "resource_id": "1"},
            ("acme#target#guild#1", "acme#behalf#ada"),
        ),
        ({"resource_type": "guild"}, ()),
        ({"action": "user.login", "success": False}, ()),
        ({}, ()),
    ],
)
def test_a_plan_reads_the_references_of_a_user_and_of_a_resource(
    filters: dict[str, Any], references: tuple[str, ...]
) -> None:
    assert plan_query(Filters("acme", **filters), shard_count=2).references == references


@pytest.mark.parametrize("stored", ["203.0.113.77", "::ffff:203.0.113.77"])
def test_an_address_matches_in_the_form_of_earlier_versions_too(stored: str) -> None:
    row = replace(ROW, ip_address=stored)
    assert Filters("acme", ip_address="203.0.113.77").matches(row)
    assert not Filters("acme", ip_address="203.0.113.7").matches(row)


EVENT = {
    "tenantId": "acme",
    "action": "user.login",
    "resourceType": "session",
    "resourceId": "s-1",
    "success": True,
}


@pytest.mark.parametrize(
    ("filters", "fields", "matches"),
    [
        ({"actor_type": "agent"}, {"actorType": "agent"}, True),
        ({"actor_type": "agent"}, {"actorType": "agents"}, False),
        ({"actor_type": "agent"}, {}, False),
        ({"trace_id": "1" * 32}, {"traceId": "1" * 32}, True),
        ({"trace_id": "1" * 32}, {"traceId": "2" * 32}, False),
        ({"trace_id": "1" * 32}, {}, False),
        ({"trace_id": "1" * 32, "user_id": "ada"}, {"traceId": "1" * 32}, False),
        ({"trace_id": "1" * 32, "actor_type": "agent"}, {"traceId": "1" * 32}, False),
        ({}, {"actorType": "agent", "traceId": "1" * 32}, True),
    ],
)
def test_only_the_event_itself_says_whether_trace_and_type_of_actor_match(
    filters: dict[str, Any], fields: dict[str, Any], matches: bool
) -> None:
    wanted = Filters("acme", **filters)
    assert wanted.needs_events is bool(filters)
    assert wanted.matches_event(EVENT | fields) is matches
    assert Filters("acme", trace_id="1" * 32).matches(ROW)


@pytest.mark.parametrize("tenant", ["acm", "acme2", "ACME", "a"])
def test_a_row_of_another_tenant_never_matches(tenant: str) -> None:
    assert not Filters(tenant).matches(ROW)


@pytest.mark.parametrize("descending", [True, False])
def test_after_an_id_come_its_neighbours_and_not_itself(descending: bool) -> None:
    ids = [make_id(7, number.to_bytes(10, "big")) for number in range(70)]
    for position, event_id in enumerate(ids):
        rest = IdRange(ids[0], ids[-1]).after(event_id, descending=descending)
        found = [one for one in ids if rest.lowest <= one <= rest.highest]
        assert found == (ids[:position] if descending else ids[position + 1 :])
