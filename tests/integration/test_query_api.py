"""`GET /audit-logs` and `GET /audit-logs/{id}`: the real handler on the template's table."""

import base64
import json
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from local.template import Stack
from prooftrail.aws.clients import client
from prooftrail.aws.event_writer import DynamoEventWriter
from prooftrail.aws.payloads import S3PayloadStore
from prooftrail.event.canonical import canonicalize, compute_digest
from prooftrail.event.ids import make_id
from prooftrail.event.record import EventRecord
from prooftrail.event.times import format_timestamp
from prooftrail.runtime.config import get_settings
from tests.support.api import Api, load_sample
from tests.support.faults import Fault, inject_fault
from tests.support.samples import NOW_MS, make_event_record
from tests.support.trail import read_items

Store = Callable[..., list[EventRecord]]


@pytest.fixture
def api(aws: Stack) -> Api:
    return Api(aws)


@pytest.fixture
def store(aws: Stack) -> Store:
    """Return a function that stores records and returns them as a list."""
    payloads = S3PayloadStore(lambda: client("s3"), get_settings().overflow_bucket)
    writer = DynamoEventWriter(
        client("dynamodb"), get_settings().events_table, get_settings().shard_count, payloads
    )

    def put(*records: EventRecord) -> list[EventRecord]:
        assert not writer.put(records)
        return list(records)

    return put


def make_record(number: int, **fields: Any) -> EventRecord:
    """Return the record of an event with a timestamp of its own."""
    return make_event_record(
        eventId=f"e-{number}", timestamp=format_timestamp(NOW_MS + number), **fields
    )


def list_ids(items: list[dict[str, Any]]) -> list[str]:
    return [item["id"] for item in items]


def test_the_sample_requests_return_events(api: Api) -> None:
    api.runtime.invoke("ProcessorFunction", load_sample("sqs-good.json"))
    status, listed = api.send(load_sample("api-list.json"))
    assert status == 200
    assert listed["items"]
    status, one = api.send(load_sample("api-get.json"))
    assert status == 200
    assert one["action"] == "user.login"
    assert one in listed["items"]
    status, filtered = api.send(load_sample("api-list-filtered.json"))
    assert status == 200
    assert one in filtered["items"]
    status, guild = api.send(load_sample("api-list-token.json"))
    assert status == 200
    assert {item["tenantId"] for item in guild["items"]} == {"acme"}
    status, unmasked = api.send(load_sample("api-get-unmasked.json"))
    assert (status, unmasked["id"]) == (200, one["id"])
    for name in ("api-list-unmasked.json", "api-list-unmasked-token.json"):
        status, listed = api.send(load_sample(name))
        assert status == 200
        assert unmasked in listed["items"]


def test_an_event_is_returned_as_it_was_stored(api: Api, store: Store) -> None:
    [one] = store(
        make_event_record(details={"price": 10.5, "tiny": 1e-7, "big": 2**53 - 1, "é": "\u2028"})
    )
    status, body = api.get(f"/audit-logs/{one.id}/unmasked")
    assert status == 200
    assert body.pop("id") == one.id
    assert body.pop("digest") == one.digest.hex()
    assert body.pop("receivedAt") == format_timestamp(one.received_at)
    assert body == json.loads(one.canonical)


def test_joined_pages_contain_all_events(api: Api, store: Store) -> None:
    records = store(*[make_record(number) for number in range(60)])
    for order in ("asc", "desc"):
        expected = sorted((one.id for one in records), reverse=order == "desc")
        for limit in (7, 60, 1_000):
            assert list_ids(api.list_items(limit=limit, order=order)) == expected


@pytest.mark.parametrize(
    "parameters",
    [
        {"userId": "ada#1"},
        {"action": "user.login"},
        {"action": "user.*"},
        {"resourceType": "guild"},
        {"resourceId": "g#1/é"},
        {"resourceType": "guild", "resourceId": "g#1/é"},
        {"success": "false"},
        {"success": "true"},
        {"requestId": "r 1"},
        {"sessionId": "s&1=2"},
        {"ipAddress": "2001:DB8::0001"},
        {"actorType": "agent"},
        {"traceId": "4BF92F3577B34DA6A3CE929D0E0E4736"},
        {"startDate": format_timestamp(NOW_MS + 3), "endDate": format_timestamp(NOW_MS + 17)},
        {"userId": "ada#1", "action": "user.*", "success": "false", "limit": "2"},
        {"action": "user.login", "resourceType": "guild", "limit": "1", "order": "asc"},
        {"userId": "ada#1", "actorType": "agent", "limit": "1"},
    ],
    ids=str,
)
def test_every_filter_finds_its_events(api: Api, store: Store, parameters: dict[str, str]) -> None:
    wanted = {
        "userId": "ada#1",
        "action": "user.login",
        "resourceType": "guild",
        "resourceId": "g#1/é",
        "success": False,
        "requestId": "r 1",
        "sessionId": "s&1=2",
        "ipAddress": "2001:db8::1",
        "actorType": "agent",
        "traceId": "4bf92f3577b34da6a3ce929d0e0e4736",
    }
    other = {
        "userId": "ada",
        "action": "users.login",
        "resourceType": "guild.1",
        "resourceId": "g",
        "success": True,
        "requestId": "r",
        "sessionId": "s",
        "ipAddress": "2001:db8::2",
        "actorType": None,
        "traceId": "4bf92f3577b34da6a3ce929d0e0e4737",
    }
    records = [
        make_record(
            number,
            **{
                name: (wanted if number % (place + 2) == 0 else other)[name]
                for place, name in enumerate(wanted)
            },
        )
        for number in range(60)
    ]
    store(*records)

    def matches(record: EventRecord) -> bool:
        event = json.loads(record.canonical)
        tests: dict[str, Callable[[str], bool]] = {
            "action": lambda text: event["action"].startswith(text.rstrip("*")),
            "success": lambda text: event["success"] is (text == "true"),
            "startDate": lambda text: event["timestamp"] >= text,
            "endDate": lambda text: event["timestamp"] <= text,
            "ipAddress": lambda _: event["ipAddress"] == "2001:db8::1",
            "actorType": lambda text: event.get("actorType") == text,
            "traceId": lambda text: event["traceId"] == text.lower(),
        }
        return all(
            tests.get(name, lambda text, name=name: event[name] == text)(text)
            for name, text in parameters.items()
            if name not in {"limit", "order"}
        )

    expected = [one.id for one in records if matches(one)]
    found = list_ids(api.list_items(**parameters))
    assert found == sorted(expected, reverse=parameters.get("order") != "asc")
    assert found


@pytest.mark.parametrize(
    "parameters",
    [
        {"action": "Microsoft.Sql/servers/write"},
        {"action": "Microsoft.Sql/*"},
        {"resourceType": "pods/exec"},
        {"resourceType": "pods/exec", "resourceId": "a/b"},
    ],
    ids=str,
)
def test_names_with_a_slash_are_found(api: Api, store: Store, parameters: dict[str, str]) -> None:
    wanted, _ = store(
        make_record(
            1, action="Microsoft.Sql/servers/write", resourceType="pods/exec", resourceId="a/b"
        ),
        make_record(2, action="Microsoft.Sql", resourceType="pods", resourceId="exec#a/b"),
    )
    assert list_ids(api.list_items(**parameters)) == [wanted.id]


@pytest.mark.parametrize(
    ("parameters", "rule"),
    [
        ({"traceId": "4bf9"}, "must be a trace id: 32 hexadecimal digits"),
        ({"traceId": "g" * 32}, "must be a trace id: 32 hexadecimal digits"),
        (
            {"traceId": "0" * 32},
            "is all zeros, which means that there is no trace: leave it out",
        ),
        ({"actorType": "an agent"}, "must match ^[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$"),
        ({"actorType": ""}, "must match ^[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$"),
    ],
    ids=str,
)
def test_a_trace_or_type_of_actor_that_no_event_can_have_is_refused(
    api: Api, parameters: dict[str, str], rule: str
) -> None:
    for path in ("/audit-logs", "/audit-logs/unmasked"):
        status, body = api.get(path, **parameters)
        assert (status, body["error"]["code"]) == (400, "invalid_query")
        [field] = body["error"]["fields"]
        assert (field["field"], field["rule"]) == (*parameters, rule)


@pytest.mark.parametrize(
    "others",
    [
        {},
        {"userId": "ada"},
        {"resourceType": "team", "resourceId": "7"},
    ],
    ids=str,
)
def test_a_trace_is_found_by_the_event_itself_whatever_index_is_read(
    api: Api, store: Store, others: dict[str, str]
) -> None:
    """With a payload in S3, and masked too."""
    noise = Random(2).randbytes(500_000).hex()
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    stored = store(
        *[
            make_record(
                number,
                userId="ada",
                success=False,
                targets=[{"type": "team", "id": "7"}],
                traceId=trace if number % 5 == 0 else None,
                details={"noise": noise if number == 5 else ""},
            )
            for number in range(15)
        ]
    )
    expected = [stored[at].id for at in (0, 5, 10)]
    for path in ("/audit-logs", "/audit-logs/unmasked"):
        pages = list(api.list_pages(path, **others, traceId=trace, limit=1, order="asc"))
        assert [one for page in pages for one in list_ids(page)] == expected
        assert len(pages) <= 4
        cursor = api.get(path, **others, traceId=trace, limit=1)[1]["nextCursor"]
        status, body = api.get(path, **others, cursor=cursor)
        assert (status, body["error"]["code"]) == (400, "invalid_cursor")


@pytest.mark.parametrize(
    "given", ["203.0.113.77", "::ffff:203.0.113.77", "203.0.113.77:41234", "[::ffff:cb00:714d]:1"]
)
def test_an_address_is_found_in_every_form(api: Api, store: Store, given: str) -> None:
    """Versions up to 0.2 stored an IPv4 address that is mapped into IPv6 as such."""
    earlier = make_record(0, ipAddress="203.0.113.77")
    fields = json.loads(earlier.canonical) | {"ipAddress": "::ffff:203.0.113.77"}
    canonical = canonicalize(fields)
    digest = compute_digest(canonical)
    earlier = earlier._replace(
        canonical=canonical,
        digest=digest,
        id=make_id(NOW_MS, digest),
        ip_address="::ffff:203.0.113.77",
    )
    records = store(
        earlier,
        make_record(1, ipAddress="203.0.113.77"),
        make_record(2, ipAddress="::ffff:203.0.113.77"),
        make_record(3, ipAddress="203.0.113.77:41234"),
    )
    store(make_record(4, ipAddress="203.0.113.7"))
    found = api.list_items("/audit-logs/unmasked", ipAddress=given, order="asc")
    assert list_ids(found) == [one.id for one in records]
    assert {item["ipAddress"] for item in found[1:]} == {"203.0.113.77"}


@pytest.mark.parametrize(
    "moment",
    ["2025-03-01T00:00:00Z", "2025-03-01 00:00:00z", "2025-03-01t01:00:00.000+0100", "2025-03-01"],
)
def test_dates_are_read_as_those_of_events_are(api: Api, store: Store, moment: str) -> None:
    times = ["2025-02-28T23:59:59.999Z", "2025-03-01T00:00:00.000Z"]
    stored = store(*[make_event_record(eventId=one, timestamp=one) for one in times])
    assert list_ids(api.list_items(startDate=moment)) == [stored[1].id]


@pytest.mark.parametrize("moment", ["1740787200000", "2025-03-01T00:00:00", "0001-01-01T00:00:00Z"])
def test_other_dates_are_refused(api: Api, moment: str) -> None:
    assert api.get("/audit-logs", startDate=moment)[0] == 400


def test_bare_dates_mean_whole_days(api: Api, store: Store) -> None:
    moments = [
        "2025-02-28T23:59:59.999Z",
        "2025-03-01T00:00:00.000Z",
        "2025-03-02T23:59:59.999Z",
        "2025-03-03T00:00:00.000Z",
    ]
    stored = store(*[make_event_record(eventId=one, timestamp=one) for one in moments])
    found = list_ids(api.list_items(startDate="2025-03-01", endDate="2025-03-02", order="asc"))
    assert found == [one.id for one in stored[1:3]]


@pytest.mark.parametrize("size", [500, 20_000, 900_000])
def test_payloads_are_returned_complete(api: Api, store: Store, size: int) -> None:
    text = Random(3).randbytes(size // 2).hex()
    [one] = store(make_event_record(details={"text": text}, userId="ada"))
    assert api.get(f"/audit-logs/{one.id}")[1]["details"] == {"text": text}
    [listed] = api.list_items()
    [by_user] = api.list_items(userId="ada")
    assert listed == by_user
    assert listed["details"] == {"text": text}


def test_large_events_make_short_pages_and_small_responses(api: Api, store: Store) -> None:
    large = base64.b64encode(Random(3).randbytes(600_000)).decode()
    records = store(*[make_record(number, details={"text": large}) for number in range(9)])
    pages = list(api.list_pages(limit=1_000, order="asc"))
    assert len(pages) > 1
    assert [one for page in pages for one in list_ids(page)] == [one.id for one in records]
    for page in pages:
        assert len(json.dumps(json.dumps(page))) < 6_000_000


TENANTS = ["acme", "acme.", "acme-1", "acm", "ACME", "a"]


@pytest.mark.parametrize("reader", TENANTS)
def test_a_tenant_sees_only_its_own_events(api: Api, store: Store, reader: str) -> None:
    user, name = "u#0", "#/é#1"
    stored = store(
        *[
            make_record(
                number,
                tenantId=tenant,
                userId=user,
                resourceType="guild",
                resourceId=name,
                success=False,
            )
            for number, tenant in enumerate(TENANTS)
        ]
    )
    [own] = [one for one in stored if one.tenant_id == reader]
    queries: list[dict[str, str]] = [
        {},
        {"userId": user},
        {"action": "user.login"},
        {"success": "false"},
        {"resourceType": "guild", "resourceId": name},
        {"resourceId": name},
    ]
    claims = {"custom:tenantId": reader}
    for parameters in queries:
        assert list_ids(api.list_items(tenantId=reader, **parameters)) == [own.id]
        assert list_ids(api.list_items(claims=claims, **parameters)) == [own.id]
    for one in stored:
        status, body = api.get(f"/audit-logs/{one.id}", claims=claims)
        assert status == (200 if one is own else 404), body
        status, body = api.get("/audit-logs", claims=claims, tenantId=one.tenant_id)
        assert status == (200 if one is own else 403), body


def test_a_cursor_works_only_for_its_tenant_and_filters(api: Api, store: Store) -> None:
    store(*[make_record(number, tenantId="acme") for number in range(5)])
    cursor = api.get("/audit-logs", tenantId="acme", limit=2)[1]["nextCursor"]
    assert api.get("/audit-logs", tenantId="acme", limit=3, cursor=cursor)[0] == 200
    foreign: list[dict[str, object]] = [
        {},
        {"tenantId": "acme2"},
        {"tenantId": "acme", "order": "asc"},
        {"tenantId": "acme", "action": "user.login"},
        {"claims": {"custom:tenantId": "default"}},
    ]
    for parameters in foreign:
        claims: Any = parameters.pop("claims", None)
        status, body = api.get("/audit-logs", claims=claims, cursor=cursor, **parameters)
        assert (status, body["error"]["code"]) == (400, "invalid_cursor")


@pytest.mark.parametrize("cursor", ["", "x", "AAAA", "é", "=" * 58, "A" * 5_000, "%00", "e30"])
def test_an_invalid_cursor_is_refused(api: Api, cursor: str) -> None:
    status, body = api.get("/audit-logs", cursor=cursor)
    assert (status, body["error"]["code"]) == (400, "invalid_cursor")


@pytest.mark.parametrize(
    "path", ["nonsense", "01arz3ndektsv4rrffq69g5fav", "9" * 26, "%20" * 26, "0" * 27]
)
def test_a_malformed_id_is_refused(api: Api, path: str) -> None:
    status, body = api.get(f"/audit-logs/{path}")
    assert (status, body["error"]["code"]) == (400, "invalid_query")
    assert [field["field"] for field in body["error"]["fields"]] == ["id"]


def test_a_missing_event_is_not_found(api: Api) -> None:
    status, body = api.get(f"/audit-logs/{make_event_record().id}")
    assert (status, body["error"]["code"]) == (404, "event_not_found")


def test_a_range_that_ends_before_it_starts_is_refused(api: Api) -> None:
    status, body = api.get("/audit-logs", startDate="2025-03-02", endDate="2025-03-01")
    assert (status, body["error"]["code"]) == (400, "invalid_query")
    assert [field["field"] for field in body["error"]["fields"]] == ["startDate"]


def test_a_throttled_store_is_reported_as_retryable(api: Api, store: Store) -> None:
    store(*[make_record(number, userId="ada") for number in range(3)])
    with inject_fault() as calls:
        assert api.get("/audit-logs", userId="ada")[0] == 200
    assert calls == ["GetItem", "Query", "Query", "BatchGetItem", "SendMessageBatch"]
    for nth, fault in [(0, Fault.REFUSED), (1, Fault.RESPONSE_LOST), (2, Fault.HALF_DONE)]:
        with inject_fault(nth, fault):
            status, body = api.get("/audit-logs", userId="ada")
        assert (status, body["error"]["code"]) == (503, "store_unavailable")
    assert len(api.list_items(userId="ada")) == 3


@pytest.mark.parametrize(
    "parameters",
    [{}, {"userId": "ada"}, {"actorType": "agent"}, {"userId": "ada", "actorType": "agent"}],
    ids=str,
)
def test_an_event_that_cannot_be_read_does_not_hide_others(
    api: Api, store: Store, aws: Stack, parameters: dict[str, str]
) -> None:
    noise = Random(2).randbytes(500_000).hex()
    stored = store(
        make_record(1, userId="ada", actorType="agent"),
        make_record(2, userId="ada", details={"noise": noise}),
        make_record(3, userId="ada"),
        make_record(4, userId="ada", actorType="agent"),
    )
    lost, changed = stored[1], stored[2]
    [held] = client("s3").list_objects_v2(Bucket=get_settings().overflow_bucket)["Contents"]
    client("s3").delete_object(Bucket=get_settings().overflow_bucket, Key=held["Key"])
    [item] = [one for one in read_items(aws, "AuditEventsTable") if one["id"]["S"] == changed.id]
    client("dynamodb").put_item(
        TableName=get_settings().events_table, Item={**item, "event": {"B": b"no zlib"}}
    )
    pages = list(api.list_pages(**parameters, limit=2, order="asc"))
    assert [list_ids(page) for page in pages] == [
        list_record_ids(stored[:2]),
        list_record_ids(stored[2:]),
    ]
    assert pages[0][1] == {"id": lost.id, "unreadable": f"{held['Key']} is not in the bucket"}
    assert set(pages[1][0]) == {"id", "unreadable"}
    logged = [line["eventId"] for line in api.lines if line.get("message") == "unreadable"]
    assert logged == [lost.id, changed.id]
    assert api.get(f"/audit-logs/{lost.id}")[0] == 500


def list_record_ids(records: list[EventRecord]) -> list[str]:
    return [one.id for one in records]


def test_a_trail_of_another_shard_count_is_not_read(
    api: Api, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    store(make_record(1))
    client("dynamodb").put_item(
        TableName=get_settings().ledger_table,
        Item={
            "pk": {"S": "ledger"},
            "sk": {"S": "head"},
            "size": {"N": "1"},
            "shardCount": {"N": "8"},
        },
    )
    for _ in range(2):
        status, body = api.get("/audit-logs")
        assert (status, body["error"]["code"]) == (500, "internal_error")
    assert {line["exception_name"] for line in api.lines} == {"ShardCountMismatchError"}


INDEXED: list[dict[str, str]] = [
    {},
    {"userId": "ada"},
    {"action": "user.login"},
    {"success": "false"},
    {"resourceType": "session", "resourceId": "s-1"},
    {"userId": "ada", "actorType": "agent"},
]


def test_the_cost_of_a_page_does_not_depend_on_the_size_of_the_table(
    api: Api, store: Store
) -> None:
    """The newest ten events are the same, however many older events there are."""
    fields = {"userId": "ada", "success": False, "actorType": "agent"}
    costs = []
    for first, count in ((10_000, 60), (1_000, 60), (2_000, 200)):
        store(*[make_record(first + n, **fields) for n in range(count)])
        costs.append([_count_items_read(api, parameters) for parameters in INDEXED])
    assert costs[0] == costs[1] == costs[2]
    assert max(costs[0]) <= 10 + 30


def _count_items_read(api: Api, parameters: dict[str, str]) -> int:
    counts: list[int] = []

    def note(parsed: dict[str, Any], **_: object) -> None:
        counts.append(parsed.get("ScannedCount", 0))
        counts.extend(len(items) for items in parsed.get("Responses", {}).values())

    events = client("dynamodb").meta.events
    events.register("after-call.dynamodb", note)
    try:
        status, body = api.get("/audit-logs", limit="10", **parameters)
    finally:
        events.unregister("after-call.dynamodb", note)
    assert (status, len(body["items"])) == (200, 10)
    return sum(counts)
