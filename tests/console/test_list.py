"""The list of the trail: pages, live mode, keys, columns, and every state of it."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Locator, Page, Request, Route, expect

from local.system import System
from tests.support.accessibility import find_violations
from tests.support.samples import bulk_job, event_json, message, queue_event

LIST = re.compile(r"/audit-logs(\?|$)")
SOME = "some"  # a tenant with `COUNT` events, one a minute, that no test adds to
COUNT = 130
BATCH = 500
# Rows in sight by their numbers, while the list is scrolled to its end or to a row.
READ_ROWS = """async (last) => {
  const list = document.querySelector('.list-scroller');
  const grid = list.querySelector('[role=grid]');
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const seen = {};
  let most = 0;
  for (;;) {
    await frame();
    await frame();
    const rows = [...list.querySelectorAll('.list-row')];
    most = Math.max(most, rows.length);
    for (const row of rows) {
      (seen[row.getAttribute('aria-rowindex')] ??= new Set()).add(row.dataset.id);
    }
    const count = Number(grid.getAttribute('aria-rowcount'));
    const isAtEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - 1;
    if (Object.keys(seen).length >= last || (isAtEnd && count > 0)) break;
    list.scrollTop += list.clientHeight * 0.8;
  }
  return [most, Object.entries(seen).map(([index, ids]) => [Number(index), ...ids])];
}"""


# Hides or shows the page, as another tab in front of it does.
HIDE = """(isHidden) => {
  Object.defineProperty(document, 'hidden', { get: () => isHidden, configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
}"""


def make_event(number: int, at: datetime, **fields: Any) -> dict[str, Any]:
    """Return an event of this moment; each seventh failed."""
    failure = {"success": False, "errorMessage": "not allowed"} if number % 7 == 6 else {}
    return event_json(
        eventId=f"n-{number}",
        timestamp=at.isoformat(),
        userId=f"u-{number % 5}",
        requestId=f"q-{number}",
        **failure,
        **fields,
    )


def store(system: System, tenant_id: str, events: Sequence[Mapping[str, Any]]) -> None:
    """Store these events of a tenant with the processor."""
    for start in range(0, len(events), BATCH):
        batch = [{**event, "tenantId": tenant_id} for event in events[start : start + BATCH]]
        system.runtime.invoke("ProcessorFunction", queue_event(message(bulk_job(*batch))))


def make_minutes(count: int) -> list[dict[str, Any]]:
    """Return events, one a minute, the newest of a minute ago."""
    now = datetime.now(UTC)
    return [make_event(number, now - timedelta(minutes=number + 1)) for number in range(count)]


def list_ids(system: System, tenant_id: str) -> list[str]:
    """Return the ids of a tenant's events, newest first."""
    query = urlencode({"tenantId": tenant_id, "limit": 1000})
    ids: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        more = f"&cursor={cursor}" if cursor else ""
        url = f"{system.api_url}/audit-logs?{query}{more}"
        with urlopen(url) as response:  # noqa: S310
            body = json.load(response)
        ids += [item["id"] for item in body["items"]]
        cursor = body["nextCursor"]
    return ids


@pytest.fixture(scope="module", autouse=True)
def _some_events(system: System) -> None:
    store(system, SOME, make_minutes(COUNT))


@pytest.fixture
def rows(page: Page) -> Locator:
    """Return the rows of the list that are in the document."""
    return page.locator(".list-row")


@pytest.fixture
def lists(page: Page) -> list[Request]:
    """Return the requests for pages of the list so far."""
    requests: list[Request] = []
    page.on(
        "request",
        lambda request: requests.append(request) if LIST.search(request.url) else None,
    )
    return requests


def respond(route: Route, items: Sequence[object], cursor: str | None) -> None:
    """Respond with a page of the list."""
    route.fulfill(json={"items": items, "nextCursor": cursor})


def test_pages_are_joined_while_more_events_arrive(
    page: Page, system: System, rows: Locator
) -> None:
    page.set_viewport_size({"width": 1280, "height": 1_800})
    store(system, "joined", make_minutes(2_000))
    expected = list_ids(system, "joined")
    page.goto("?tenantId=joined")
    expect(rows.first).to_be_visible()
    seen: dict[int, set[str]] = {}
    for number, last in enumerate((150, 400, 10_000)):
        most, found = page.evaluate(READ_ROWS, last)
        assert most < 80
        for index, *ids in found:
            seen.setdefault(index, set()).update(ids)
        store(system, "joined", [make_event(9_000 + number, datetime.now(UTC))])
    assert [seen[index] for index in sorted(seen)] == [{each} for each in expected]
    assert sorted(seen) == list(range(2, 2_002))
    expect(page.get_by_text("These are all events of this range.")).to_be_visible()
    expect(page.locator(".list-count")).to_have_text("2,000 events")


def test_the_keyboard_alone_is_enough(page: Page, rows: Locator) -> None:
    page.goto(f"?tenantId={SOME}")
    expect(rows.first).to_be_visible()
    page.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    second = rows.nth(1)
    expect(second).to_be_focused()
    page.keyboard.press("Enter")
    expect(second).to_have_attribute("aria-selected", "true")
    assert parse_qs(urlsplit(page.url).query)["event"] == [second.get_attribute("data-id")]
    page.keyboard.press("Escape")
    assert "event=" not in page.url
    expect(rows.and_(page.locator("[aria-selected=true]"))).to_have_count(0)
    page.keyboard.press("End")
    expect(page.locator("[aria-rowindex='101']")).to_be_focused()
    page.keyboard.press("Home")
    expect(page.locator("[aria-rowindex='2']:not(.list-head-row)")).to_be_focused()


def test_letters_are_text_in_a_field(page: Page, rows: Locator) -> None:
    page.goto(f"?tenantId={SOME}")
    expect(rows.first).to_be_visible()
    page.keyboard.press("/")
    field = page.get_by_role("dialog").locator("input, select").first
    expect(field).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keys")).to_be_hidden()
    expect(field).to_be_focused()


def test_the_keys_are_listed_and_letters_can_be_turned_off(page: Page, rows: Locator) -> None:
    page.goto(f"?tenantId={SOME}")
    expect(rows.first).to_be_visible()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    page.keyboard.press("j")
    dialog.get_by_label("Use single letters as keys").uncheck()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("j")
    expect(page.locator(".list-row:focus")).to_have_count(0)


def test_an_open_event_is_marked_and_back_closes_it(page: Page, rows: Locator) -> None:
    page.goto(f"?tenantId={SOME}")
    row = rows.nth(12)
    id_ = row.get_attribute("data-id")
    row.click()
    expect(page.locator(".trail-event")).to_be_visible()
    marked = page.locator(f".list-row[data-id='{id_}']")
    expect(marked).to_have_attribute("aria-selected", "true")
    expect(marked).to_be_in_viewport(ratio=1)
    page.go_back()
    expect(page.locator(".trail-event")).to_have_count(0)
    page.go_forward()
    expect(page.locator(".trail-event")).to_be_visible()
    page.reload()
    expect(marked).to_have_attribute("aria-selected", "true")


def test_columns_are_chosen_ordered_and_kept(page: Page) -> None:
    page.goto(f"?tenantId={SOME}")
    page.get_by_role("button", name="Columns").click()
    page.get_by_label("Address", exact=True).uncheck()
    page.get_by_label("Error", exact=True).check()
    page.get_by_role("button", name="Move Error up").click()
    page.keyboard.press("Escape")
    names = ["Time", "Who", "Action", "Resource", "Error", "Outcome"]
    for _ in range(2):
        expect(page.locator(".list [role=columnheader]")).to_have_text(
            [re.compile(name) for name in names]
        )
        failed = page.locator(".list-row[data-kind=bad]").first
        expect(failed.get_by_role("gridcell").nth(4)).to_have_text("not allowed")
        expect(failed.get_by_role("gridcell").nth(5)).to_have_text("✕ Failed")
        page.reload()


def test_times_are_absolute_or_relative(page: Page, system: System) -> None:
    store(system, "times", [make_event(0, datetime.now(UTC) - timedelta(minutes=10, seconds=1))])
    page.goto("?tenantId=times")
    time = page.locator(".list-row time")
    expect(time).to_have_text(re.compile(r"^\w{3} \d\d, \d{4}, \d\d:\d\d:\d\d$"))
    page.get_by_label("Times").select_option("relative")
    expect(time).to_have_text("10 min. ago")
    expect(time).to_have_attribute("title", re.compile(r"\.\d{3} UTC \(10 min\. ago\)$"))
    page.reload()
    expect(time).to_have_text("10 min. ago")


def test_relative_times_go_on(page: Page, system: System) -> None:
    store(system, "clock", [make_event(0, datetime.now(UTC) - timedelta(minutes=10, seconds=1))])
    page.clock.install()
    page.goto("?tenantId=clock")
    page.get_by_label("Times").select_option("relative")
    time = page.locator(".list-row time")
    expect(time).to_have_text("10 min. ago")
    page.clock.fast_forward(120_000)
    expect(time).to_have_text("12 min. ago")


def test_live_mode_shows_what_arrives(page: Page, system: System, rows: Locator) -> None:
    store(system, "live", make_minutes(60))
    page.clock.install()
    page.goto("?tenantId=live")
    expect(rows.first).to_be_visible()
    page.get_by_role("button", name="Live").click()
    expect(page.get_by_role("button", name="Live")).to_have_attribute("aria-pressed", "true")
    late = make_event(300, datetime.now(UTC) - timedelta(minutes=10, seconds=30))
    store(system, "live", [make_event(301, datetime.now(UTC)), late])
    page.clock.fast_forward(6_000)
    expect(page.get_by_role("status").get_by_text("2 new")).to_be_visible()
    ids = list_ids(system, "live")
    expect(rows.first).to_have_attribute("data-id", ids[0])
    expect(page.locator("[aria-rowindex='13']")).to_have_attribute("data-id", ids[11])
    expect(page.locator(".list-count")).to_have_text("62 events")

    scroller = page.locator(".list-scroller")
    scroller.evaluate("list => { list.scrollTop = 20 * 36 + 7 }")
    reading = page.locator(f".list-row[data-id='{ids[25]}']")
    before = reading.bounding_box()
    store(system, "live", [make_event(310 + n, datetime.now(UTC)) for n in range(12)])
    page.clock.fast_forward(6_000)
    expect(page.get_by_role("status").get_by_text("12 new")).to_be_visible()
    assert reading.bounding_box() == before
    page.get_by_role("button", name="12 new").click()
    expect(rows.first).to_be_in_viewport()
    expect(page.locator(".list-count")).to_have_text("74 events")


def test_live_mode_rests_in_a_hidden_tab(
    page: Page, system: System, rows: Locator, lists: list[Request]
) -> None:
    store(system, "hidden", make_minutes(3))
    page.clock.install()
    page.goto("?tenantId=hidden")
    expect(rows).to_have_count(3)
    page.get_by_role("button", name="Live").click()
    with page.expect_request(LIST):
        page.clock.fast_forward(6_000)
    page.evaluate(HIDE, True)
    before = len(lists)
    page.clock.fast_forward(60_000)
    store(system, "hidden", [make_event(400, datetime.now(UTC))])
    page.clock.fast_forward(60_000)
    expect(rows).to_have_count(3)
    assert len(lists) == before
    page.evaluate(HIDE, False)
    page.clock.fast_forward(100)
    expect(rows).to_have_count(4)


def test_live_mode_is_not_offered_for_a_range_that_has_ended(page: Page) -> None:
    page.goto(f"?tenantId={SOME}&startDate=2026-01-01T00:00:00Z&endDate=2026-01-02T00:00:00Z")
    expect(page.get_by_role("button", name="Live")).to_be_disabled()


def test_pages_that_spent_their_budget_are_followed(page: Page, rows: Locator) -> None:
    waiting: list[Route] = []
    answers: list[Callable[[Route], None]] = [
        lambda route: respond(route, [], "c1"),
        lambda route: respond(route, [make_item(0)], "c2"),
        waiting.append,
    ]
    page.route(LIST, lambda route: answers.pop(0)(route))
    page.goto("")
    expect(page.get_by_text("Few events match. 2 pages were read")).to_be_visible()
    expect(rows).to_have_count(1)
    assert "cursor=c2" in waiting[0].request.url
    assert "limit=99" in waiting[0].request.url
    respond(waiting[0], [make_item(1)], None)
    expect(rows).to_have_count(2)
    expect(page.get_by_text("Few events match")).to_have_count(0)


def test_many_empty_pages_wait_for_the_reader(page: Page, lists: list[Request]) -> None:
    page.route(LIST, lambda route: respond(route, [], f"c{len(lists)}"))
    page.goto("")
    go_on = page.get_by_role("button", name="Read on")
    expect(go_on).to_be_visible()
    assert len(lists) == 20
    go_on.click()
    expect(go_on).to_be_visible()
    assert len(lists) == 40


def make_item(number: int, **fields: Any) -> dict[str, Any]:
    """Return an event as the API does; a higher number is older."""
    return {
        "id": f"01M8693800{chr(ord('Z') - number)}4JW22X9C2F49PPP",
        "digest": "00" * 32,
        "receivedAt": "2026-11-24T08:00:00.000Z",
        "eventId": f"e-{number}",
        "timestamp": "2026-11-24T08:00:00.000Z",
        "tenantId": "default",
        "action": "user.login",
        "resourceType": "user",
        "resourceId": "u-1",
        "success": True,
        "v": 1,
        **fields,
    }


def test_an_unreadable_event_has_a_row_between_the_others(page: Page, rows: Locator) -> None:
    broken = {"id": make_item(1)["id"], "unreadable": "the item holds no event"}
    page.route(LIST, lambda route: respond(route, [make_item(0), broken, make_item(2)], None))
    page.goto("?range=all")
    expect(rows).to_have_count(3)
    expect(rows.nth(1)).to_contain_text("Not readable: the item holds no event")
    expect(rows.nth(1)).to_contain_text(broken["id"])
    assert not find_violations(page, ".list")
    rows.nth(1).click()
    expect(rows.nth(1)).to_have_attribute("aria-selected", "true")


def test_masked_values_are_told_from_stored_ones(page: Page, rows: Locator) -> None:
    items = [
        make_item(0, userId="u-1", username="[personal]", masked=["/username"]),
        make_item(1, username="[personal]", masked=["/username"]),
        make_item(2, userId="u-3", username="[personal]"),  # a producer sent this text
        make_item(3, ipAddress="203.0.113.0/24", masked=["/ipAddress"]),
    ]
    page.route(LIST, lambda route: respond(route, items, None))
    page.goto("?range=all")
    expect(rows.locator(".list-cell-actor")).to_have_text(
        ["u-1", "masked", "[personal]", re.compile("not given")]
    )
    expect(rows.locator(".list-cell-ipAddress").nth(3)).to_have_text("203.0.113.0/24 masked")
    assert not find_violations(page, ".list")


def test_whom_it_was_for_and_targets_have_their_places(page: Page, rows: Locator) -> None:
    item = make_item(
        0,
        userId="u-1",
        actorType="agent",
        onBehalfOf={"userId": "u-2"},
        targets=[{"type": "team", "id": "red"}, {"type": "team", "id": "blue"}],
        traceId="0af7651916cd43dd8448eb211c80319c",
    )
    page.route(LIST, lambda route: respond(route, [item], None))
    page.set_viewport_size({"width": 2560, "height": 800})
    page.goto("?range=all")
    expect(rows.locator(".list-cell-actor")).to_have_text("u-1 for u-2")
    expect(rows.locator(".list-cell-resource")).to_have_text("user u-1 +2")
    page.get_by_role("button", name="Columns").click()
    for name in ("Trace", "Actor type", "On behalf of", "Targets"):
        page.get_by_label(name, exact=True).check()
    page.keyboard.press("Escape")
    for name, text in (
        ("traceId", item["traceId"]),
        ("actorType", "agent"),
        ("onBehalfOf", "u-2"),
        ("targets", "team red, team blue"),
    ):
        expect(rows.locator(f".list-cell-{name}")).to_have_text(text)
    assert not find_violations(page, ".list")


def test_hostile_values_stay_in_their_cells(page: Page, rows: Locator) -> None:
    hostile = "<img src=x onerror=alert(1)>\n" * 20_000
    item = make_item(0, username="\u202egnp.exe", resourceId=hostile, requestId="a\u0300" * 9_000)
    page.route(LIST, lambda route: respond(route, [item, make_item(1)], None))
    page.goto("?range=all")
    expect(rows).to_have_count(2)
    heights = [box["height"] for box in map(Locator.bounding_box, rows.all()) if box]
    assert len(set(heights)) == 1
    assert page.locator(".list img").count() == 0
    assert "\u202e" not in rows.first.inner_text()


STATES: Sequence[tuple[int, str]] = [
    (401, "Signed out"),
    (403, "No permission"),
    (400, "Not a valid request"),
    (503, "Not available"),
    (500, "Something failed"),
]


@pytest.mark.parametrize(("status", "title"), STATES)
def test_a_failure_is_explained(page: Page, rows: Locator, status: int, title: str) -> None:
    error = {"error": {"code": "x", "message": "the reason"}}
    page.route(LIST, lambda route: route.fulfill(status=status, json=error))
    page.goto(f"?tenantId={SOME}")
    alert = page.locator(".list").get_by_role("alert")
    expect(alert).to_contain_text(title)
    assert not find_violations(page, ".list")
    page.unroute(LIST)
    page.locator(".list").get_by_role("button", name="Try again").click()
    expect(rows.first).to_be_visible()
    expect(alert).to_have_count(0)


def test_offline_is_explained(page: Page, rows: Locator) -> None:
    page.route(LIST, lambda route: route.abort("internetdisconnected"))
    page.goto(f"?tenantId={SOME}")
    expect(page.locator(".list").get_by_role("alert")).to_contain_text("No connection")
    page.unroute(LIST)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(rows.first).to_be_visible()


def test_throttled_waits_and_tries_again(page: Page, rows: Locator) -> None:
    page.route(
        LIST,
        lambda route: route.fulfill(status=429, headers={"Retry-After": "1"}, body="{}"),
        times=1,
    )
    page.clock.install()
    page.goto(f"?tenantId={SOME}")
    expect(page.locator(".list").get_by_role("alert")).to_contain_text("Too many requests")
    page.clock.fast_forward(1_000)
    expect(rows.first).to_be_visible()


def test_a_later_page_that_fails_keeps_what_is_loaded(page: Page, rows: Locator) -> None:
    def refuse(route: Route) -> None:
        if "cursor=" in route.request.url:
            route.fulfill(status=503, json={"error": {"code": "x", "message": "busy"}})
        else:
            route.continue_()

    page.route(LIST, refuse)
    page.goto(f"?tenantId={SOME}")
    expect(rows.first).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("End")
    expect(page.locator(".list").get_by_role("alert")).to_contain_text("Not available")
    expect(page.locator(".list-count")).to_have_text("100 events so far")
    page.unroute(LIST)
    page.locator(".list").get_by_role("button", name="Try again").click()
    expect(page.locator(".list-count")).to_have_text(f"{COUNT} events")


def test_loading_holds_the_place_of_the_rows(page: Page, rows: Locator) -> None:
    waiting: list[Route] = []
    page.route(LIST, lambda route: waiting.append(route), times=1)
    page.goto(f"?tenantId={SOME}")
    expect(page.get_by_role("button", name="Live")).to_be_visible()  # the list's own code is there
    bone = page.locator(".list-row-bones").nth(2)
    expect(bone).to_be_visible()
    before = bone.bounding_box()
    assert before
    waiting[0].continue_()
    expect(rows.first).to_be_visible()
    box = rows.nth(2).bounding_box()
    assert box
    assert (box["y"], box["height"]) == (before["y"], before["height"])


def test_an_empty_list_says_what_to_do(page: Page, rows: Locator) -> None:
    page.goto(f"?tenantId={SOME}&action=order.*&range=1h")
    expect(page.get_by_text("No event in this range matches all filters.")).to_be_visible()
    assert not find_violations(page, ".list")
    page.get_by_role("button", name="Show all time").click()
    expect(page.get_by_role("button", name="Show all time")).to_have_count(0)
    page.get_by_role("button", name="Remove the filters").click()
    expect(rows.first).to_be_visible()


def test_a_changed_filter_ends_what_runs_and_asks_once(
    page: Page, rows: Locator, lists: list[Request]
) -> None:
    waiting: list[Route] = []
    failed: list[Request] = []
    page.on("requestfailed", lambda request: failed.append(request))
    page.route(LIST, lambda route: waiting.append(route), times=1)
    page.goto(f"?tenantId={SOME}&action=order.*&range=1h")
    expect(page.get_by_role("status").get_by_text("Loading").first).to_be_attached()
    with page.expect_request(LIST):
        page.get_by_role("button", name=re.compile("Remove the filter: Action")).click()
    expect(rows.first).to_be_visible()
    assert [request for request in failed if LIST.search(request.url)] == lists[:1]
    assert len(lists) == 2
    assert "action" not in lists[1].url


def test_axe_finds_nothing(page: Page, rows: Locator) -> None:
    page.goto(f"?tenantId={SOME}")
    expect(rows.first).to_be_visible()
    assert not find_violations(page, ".list")
    rows.first.click()
    rows.nth(2).hover()
    assert not find_violations(page, ".list")
    page.get_by_role("button", name="Columns").click()
    assert not find_violations(page, ".list")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="List of keys").click()
    assert not find_violations(page, ".list")


def test_a_phone_has_two_lines_a_row_and_a_way_back(page: Page, rows: Locator) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"?tenantId={SOME}")
    expect(rows.first).to_be_visible()
    expect(page.locator(".list-compact")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.locator(".list-scroller").evaluate("list => list.scrollWidth <= list.clientWidth")
    expect(rows.first.locator(".list-line")).to_have_count(2)
    assert not find_violations(page, ".list")
    page.locator(".list-scroller").evaluate("list => { list.scrollTop = 1000 }")
    row = page.locator("[aria-rowindex='25']")
    before = row.bounding_box()
    row.click()
    expect(page.locator(".list-scroller")).to_be_hidden()
    page.get_by_role("link", name="Back to the list").click()
    expect(page.locator(".list-scroller")).to_be_visible()
    assert row.bounding_box() == before
    expect(row).to_be_focused()
