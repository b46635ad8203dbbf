"""The statistics in the browser: totals, comparison, chart, and bars that lead into the trail."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from local.system import System
from prooftrail.event.times import format_timestamp, now_ms
from tests.support.accessibility import find_violations

HOUR_MS = 3_600_000
STATISTICS = "**/audit-logs/stats?*"
LIST = "**/audit-logs?*"
SETTLE_SECONDS = 300
LONG = "a" * 128

# Hours ago, action, resource type, user, success, number of events.
EVENTS = (
    (2, "document.read", "document", "ada", True, 12),
    (3, "document.delete", "document", "grace", False, 3),
    (5, "user.login", "user", "ada", True, 5),
    (30, "user.login", "user", "grace", True, 8),
    (31, "user.login", "user", "grace", False, 2),
)


@pytest.fixture(scope="module", autouse=True)
def stored_at(system: System) -> int:
    """Store and count the events of `EVENTS`. Return when, in milliseconds since 1970."""
    at = now_ms()
    events = [
        {
            "eventId": f"{hours}-{number}",
            "timestamp": format_timestamp(at - hours * HOUR_MS),
            "action": action,
            "resourceType": kind,
            "resourceId": "r-1",
            "userId": user,
            "success": success,
        }
        for hours, action, kind, user, success, count in EVENTS
        for number in range(count)
    ]
    body = json.dumps({"type": "bulk_log_events", "data": {"events": events}})
    system.sqs.send_message(QueueUrl=system.queue_url, MessageBody=body)
    system.settle(SETTLE_SECONDS)
    assert read_total(system) == len(events)
    return at


@pytest.fixture(autouse=True)
def _same_hour(page: Page, stored_at: int) -> None:
    """Let the page's clock stand still when the events were stored: another hour may begin."""
    page.clock.set_fixed_time(datetime.fromtimestamp(stored_at / 1000, UTC))


def read_total(system: System) -> int:
    with urlopen(f"{system.api_url}/audit-logs/stats") as response:  # noqa: S310
        return int(json.load(response)["total"])


def get_query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def make_statistics(**fields: Any) -> dict[str, Any]:
    """Return a response of the API."""
    return {
        "startDate": "2026-11-01T00:00:00.000Z",
        "endDate": "2026-11-02T23:59:59.999Z",
        "total": 10,
        "successful": 9,
        "failed": 1,
        "successRate": 90.0,
        "actionBreakdown": [{"action": "user.login", "count": 10, "failed": 1}],
        "resourceTypeBreakdown": [{"resourceType": "user", "count": 10, "failed": 1}],
        "series": [
            {"start": "2026-11-01T00:00:00.000Z", "total": 10, "successful": 9, "failed": 1},
            {"start": "2026-11-02T00:00:00.000Z", "total": 0, "successful": 0, "failed": 0},
        ],
        **fields,
    }


def test_totals_stand_beside_those_of_the_period_before(page: Page) -> None:
    page.goto("?view=statistics&range=24h")
    totals = page.get_by_role("region", name="Totals")
    expect(totals).to_contain_text("Events20▲ 10 more (+100%)")
    expect(totals).to_contain_text("Succeeded17▲ 9 more (+112.5%)")
    expect(totals).to_contain_text("Failed3▲ 1 more (+50%)")
    expect(totals).to_contain_text("Success rate85%▲ +5 points, was 80%")
    expect(totals).to_contain_text("Compared with as many hours before")
    expect(page.get_by_role("list").first).to_be_visible()
    assert not find_violations(page)


def test_two_requests_count_both_periods(page: Page) -> None:
    asked: list[dict[str, list[str]]] = []
    page.on(
        "request",
        lambda request: (
            asked.append(parse_qs(urlsplit(request.url).query)) if "/stats" in request.url else None
        ),
    )
    page.goto("?view=statistics&range=24h&action=user.*&success=false")
    expect(page.get_by_role("region", name="Totals")).to_contain_text("Compared with")
    now, before = asked
    assert now["action"] == before["action"] == ["user.*"]
    assert "success" not in now
    assert now["interval"] == ["hour"]
    assert before["endDate"][0] < now["startDate"][0]


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("document.delete", {"action": ["document.delete"]}),
        ("document", {"resourceType": ["document"]}),
        ("ada", {"userId": ["ada"]}),
    ],
)
def test_a_bar_leads_into_the_trail(page: Page, name: str, query: dict[str, list[str]]) -> None:
    page.goto("?view=statistics&range=24h")
    page.locator(".breakdown-row").filter(
        has=page.locator(".breakdown-name", has_text=name).and_(page.locator(f'[title="{name}"]'))
    ).click()
    expect(page).to_have_title("Trail · default · Audit trail")
    assert get_query(page) == {"range": ["24h"], **query}
    page.go_back()
    expect(page.get_by_role("region", name="Totals")).to_be_visible()


def test_a_total_leads_into_the_trail(page: Page) -> None:
    page.goto("?view=statistics&range=7d&action=user.*")
    page.get_by_role("link", name="Failed", exact=True).click()
    assert get_query(page) == {"range": ["7d"], "action": ["user.*"], "success": ["false"]}


def test_filters_that_the_statistics_do_not_know_are_named(page: Page) -> None:
    page.goto("?view=statistics&action=user.*&success=false&ipAddress=10.0.0.1")
    expect(page.get_by_role("note")).to_contain_text("Not followed here: Outcome, Address.")
    expect(page.get_by_role("region", name="Totals")).to_contain_text("Events15")
    page.get_by_role("button", name="Remove the filter: Action").click()
    expect(page.get_by_role("region", name="Totals")).to_contain_text("Events30")
    assert "action" not in get_query(page)


def test_the_events_of_one_user_are_counted(page: Page) -> None:
    page.goto("?view=statistics&range=7d")
    page.get_by_label("Count one user").fill("grace")
    page.get_by_role("button", name="Count", exact=True).click()
    expect(page.get_by_role("region", name="Totals")).to_contain_text("Events13")
    assert get_query(page)["userId"] == ["grace"]
    page.get_by_role("link", name="Count the events of every user").click()
    expect(page.get_by_role("region", name="Totals")).to_contain_text("Events30")


def test_the_success_of_each_action_is_told(page: Page) -> None:
    page.goto("?view=statistics&range=7d")
    actions = page.locator(".breakdown").filter(has_text="By action").locator(".breakdown-row")
    expect(actions.filter(has_text="user.login")).to_contain_text("2 failed, success rate 86.7%")
    expect(actions.filter(has_text="document.delete")).to_contain_text("3 failed, success rate 0%")
    expect(actions.filter(has_text="document.read")).not_to_contain_text("failed")


def test_users_are_ranked_by_all_events_if_these_are_few(page: Page) -> None:
    with page.expect_response(LIST):
        page.goto("?view=statistics&range=24h")
    expect(find_users(page)).to_have_text(["ada1785%", "grace315%3 failed, success rate 0%"])
    users = page.locator(".breakdown").filter(has_text="By user")
    expect(users).to_contain_text("Every event of this period is counted.")


def find_users(page: Page) -> Locator:
    return page.locator(".breakdown").filter(has_text="By user").locator(".breakdown-row")


def cut_list(page: Page) -> None:
    """Let the list have further pages after its first two events, one each of ada and grace."""

    def respond(route: Route) -> None:
        events = route.fetch().json()["items"]
        items = [
            next(event for event in events if event["userId"] == user) for user in ("grace", "ada")
        ]
        route.fulfill(json={"items": items, "nextCursor": "more"})

    page.route(LIST, respond)


def test_users_of_the_latest_events_are_counted_over_the_whole_period(page: Page) -> None:
    cut_list(page)
    asked: list[dict[str, list[str]]] = []
    page.on(
        "request",
        lambda request: (
            asked.append(parse_qs(urlsplit(request.url).query))
            if "userId=" in request.url
            else None
        ),
    )
    page.goto("?view=statistics&range=7d")
    expect(find_users(page)).to_have_text(
        ["ada1756.7%", "grace1343.3%5 failed, success rate 61.5%"]
    )
    users = page.locator(".breakdown").filter(has_text="By user")
    expect(users).to_contain_text("By user ≥ 2")
    expect(users).to_contain_text("Users of the latest 2 of 30 events.")
    expect(users).to_contain_text("The first 2 are counted over the whole period")
    assert sorted(each["userId"][0] for each in asked) == ["ada", "grace"]
    assert asked[0]["startDate"] == asked[1]["startDate"]
    assert not find_violations(page)
    page.unroute(LIST)
    page.get_by_role("link", name="grace").click()
    assert get_query(page) == {"range": ["7d"], "userId": ["grace"]}


def test_a_user_who_cannot_be_counted_has_at_least_what_was_seen(page: Page) -> None:
    def respond(route: Route) -> None:
        if "userId=ada" in route.request.url:
            error = {"code": "range_too_large", "message": "too many", "fields": []}
            route.fulfill(status=400, json={"error": error})
        elif "userId=grace" in route.request.url:
            route.fulfill(status=503, body="{}")
        else:
            route.continue_()

    cut_list(page)
    page.route(STATISTICS, respond)
    page.goto("?view=statistics&range=24h")
    expect(find_users(page)).to_have_text(["ada≥ 50,000", "grace≥ 1"])
    expect(page.get_by_role("alert")).to_contain_text("Not available")
    page.unroute(STATISTICS)
    page.get_by_role("button", name="Try again").click()
    expect(find_users(page)).to_have_text(["ada1785%", "grace315%3 failed, success rate 0%"])
    expect(page.get_by_role("alert")).to_have_count(0)


def test_the_series_is_by_hour_or_by_day(page: Page) -> None:
    page.goto("?view=statistics&range=7d")
    day, hour = (page.get_by_role("button", name=name, exact=True) for name in ("Day", "Hour"))
    expect(day).to_have_attribute("aria-pressed", "true")
    with page.expect_request(lambda request: "interval=hour" in request.url):
        hour.click()
    expect(hour).to_have_attribute("aria-pressed", "true")
    page.goto("?view=statistics&range=90d")
    expect(page.get_by_role("region", name="Events over time")).to_be_visible()
    expect(hour).to_have_count(0)


def test_the_series_is_a_table_too(page: Page) -> None:
    page.goto("?view=statistics&range=24h")
    page.get_by_text("Show as a table").click()
    rows = page.locator(".series-table tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.locator("td")).to_have_text(["12", "12", "0", "3", "0", "3", "5", "5", "0"])
    rows.first.get_by_role("link").click()
    query = get_query(page)
    assert "view" not in query
    assert query["startDate"][0].endswith(":00:00.000Z")
    assert query["endDate"][0] > query["startDate"][0]


def test_a_range_is_brushed(page: Page) -> None:
    page.goto("?view=statistics&range=24h")
    box = page.locator(".u-over").bounding_box()
    assert box
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.6, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 2, middle, steps=4)
    page.mouse.up()
    page.wait_for_url("**startDate=*")
    query = get_query(page)
    assert query["startDate"][0].endswith(":00:00.000Z")
    assert query["endDate"][0].endswith(":00:00.000Z")
    expect(page.get_by_role("region", name="Totals")).to_contain_text("Events20")


def test_the_keyboard_chooses_a_range(page: Page) -> None:
    page.goto("?view=statistics&range=24h")
    slider = page.get_by_role("slider")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowLeft")
    expect(page.locator(".chart-legend")).to_contain_text("Succeeded: 12")
    page.keyboard.press("Enter")
    page.wait_for_url("**startDate=*")
    expect(page.get_by_role("region", name="Totals")).to_contain_text("Events12")


def test_tooltips_and_titles_show_characters_that_hide(page: Page) -> None:
    name = "user\u202egnp.exe"
    answer = make_statistics(actionBreakdown=[{"action": name, "count": 10}])
    page.route(STATISTICS, lambda route: route.fulfill(json=answer))
    page.goto("?view=statistics&tenantId=a%E2%80%AEb")
    expect(page.get_by_title("user⟨U+202E⟩gnp.exe")).to_be_visible()
    expect(page).to_have_title("Statistics · a⟨U+202E⟩b · Audit trail")


def test_a_tenant_without_events_is_told_so(page: Page) -> None:
    page.goto("?view=statistics&tenantId=nobody&action=user.*")
    expect(page.get_by_text("No events in this range")).to_be_visible()
    assert not find_violations(page)
    page.get_by_role("link", name="Remove the filters").click()
    assert "action" not in get_query(page)
    page.get_by_role("link", name="Count all time").click()
    expect(page.get_by_text("There is no period before to compare with.")).to_be_visible()


def test_the_period_before_may_fail_alone(page: Page) -> None:
    def respond(route: Route) -> None:
        if "interval=" in route.request.url:
            route.continue_()
        else:
            route.fulfill(status=503, body="{}")

    page.route(STATISTICS, respond)
    page.goto("?view=statistics&range=24h")
    totals = page.get_by_role("region", name="Totals")
    expect(totals).to_contain_text("Events20")
    expect(totals).to_contain_text("The period before could not be counted.")
    page.unroute(STATISTICS)
    totals.get_by_role("button", name="Try again").click()
    expect(totals).to_contain_text("▲ 10 more")


def test_the_users_may_fail_alone(page: Page) -> None:
    page.route("**/audit-logs?*", lambda route: route.fulfill(status=403, body="{}"))
    page.goto("?view=statistics&range=24h")
    expect(page.get_by_role("region", name="Totals")).to_contain_text("Events20")
    expect(page.get_by_role("alert")).to_contain_text("No permission")


@pytest.mark.parametrize("width", [360, 2560])
def test_many_and_long_names_are_cut_and_the_rest_is_explained(page: Page, width: int) -> None:
    names = [LONG, *(f"action-{number}" for number in range(68)), "(other)"]
    answer = make_statistics(
        total=1_000_000_000,
        actionBreakdown=[{"action": name, "count": 100 - at} for at, name in enumerate(names)],
    )
    page.route(STATISTICS, lambda route: route.fulfill(json=answer))
    page.set_viewport_size({"width": width, "height": 740})
    page.goto("?view=statistics&range=90d")
    actions = page.locator(".breakdown").filter(has_text="By action")
    expect(actions.locator(".breakdown-row")).to_have_count(10)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.get_by_role("main").evaluate("main => main.scrollWidth <= main.clientWidth")
    actions.get_by_role("button", name="Show 50 of 60 more").click()
    actions.get_by_role("button", name="Show 10 more").click()
    expect(actions.locator(".breakdown-row")).to_have_count(70)
    other = actions.locator(".breakdown-row").last
    expect(other).to_contain_text("(other)")
    assert other.evaluate("row => row.tagName") == "SPAN"
    expect(actions).to_contain_text("names that are too rare or too many")
    assert not find_violations(page)


def test_a_late_response_to_an_earlier_question_is_dropped(page: Page) -> None:
    held: list[Route] = []

    def respond(route: Route) -> None:
        if "interval=day" in route.request.url:
            held.append(route)
        else:
            route.continue_()

    page.route(STATISTICS, respond)
    with page.expect_request(lambda request: "interval=day" in request.url):
        page.goto("?view=statistics&range=30d")
    page.get_by_role("button", name="Last 24 hours").click()
    expect(page.get_by_role("region", name="Totals")).to_contain_text("Events20")
    for route in held:
        route.fulfill(json=make_statistics(total=777))
    expect(page.get_by_role("region", name="Totals")).not_to_contain_text("777")
