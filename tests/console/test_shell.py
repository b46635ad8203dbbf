"""The console's page: its bar, its navigation, and what it says when a request fails."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.support.accessibility import find_violations
from tests.support.browser import Watch

STATISTICS = "**/audit-logs/stats?*"


def fail(status: int, message: str = "why", **headers: str) -> Callable[[Route], None]:
    """Return a response of the API with this status."""
    body = json.dumps({"error": {"code": "code", "message": message}})

    def respond(route: Route) -> None:
        route.fulfill(
            status=status, body=body, headers={"Content-Type": "application/json", **headers}
        )

    return respond


def test_the_views_are_reached_and_left(page: Page) -> None:
    page.goto("")
    for name in ("Statistics", "Health"):
        page.get_by_role("link", name=name).click()
        expect(page.get_by_role("link", name=name)).to_have_attribute("aria-current", "page")
        assert f"view={name.lower()}" in page.url
        assert not find_violations(page)
    page.go_back()
    expect(page.get_by_role("link", name="Statistics")).to_have_attribute("aria-current", "page")


def test_the_address_without_a_slash_leads_to_the_page(page: Page) -> None:
    page.goto("../console")
    assert page.url.endswith("/console/")


def test_title_and_focus_follow_the_view(page: Page) -> None:
    page.goto("?tenantId=acme")
    expect(page).to_have_title("Trail · acme · Audit trail")
    page.get_by_role("link", name="Statistics").click()
    expect(page).to_have_title("Statistics · acme · Audit trail")
    expect(page.get_by_role("main")).to_be_focused()


def test_the_bar_can_be_skipped(page: Page) -> None:
    page.goto("?view=statistics")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    assert "#" not in page.url


def test_a_theme_is_kept(page: Page) -> None:
    page.emulate_media(color_scheme="light")
    page.goto("?view=health")
    page.get_by_role("combobox", name="Theme").select_option("Dark")
    body = page.locator("body")
    expect(body).to_have_css("background-color", "rgb(20, 23, 28)")
    page.reload()
    expect(page.get_by_role("combobox", name="Theme")).to_have_value("dark")
    expect(body).to_have_css("background-color", "rgb(20, 23, 28)")
    page.get_by_role("combobox", name="Theme").select_option("System theme")
    expect(body).to_have_css("background-color", "rgb(255, 255, 255)")


def test_a_tenant_is_chosen_and_offered_again(page: Page) -> None:
    page.goto("?view=statistics&action=user.*")
    tenant = page.get_by_role("combobox", name="Tenant")
    for name in ("acme", "globex"):
        tenant.fill(name)
        tenant.press("Enter")
        expect(page).to_have_title(f"Statistics · {name} · Audit trail")
        assert f"tenantId={name}" in page.url
        assert "action=user" in page.url
    assert page.locator("datalist option").evaluate_all(
        "options => options.map(option => option.value)"
    ) == ["globex", "acme"]
    page.go_back()
    expect(tenant).to_have_value("acme")
    tenant.fill("")
    tenant.press("Enter")
    expect(page).to_have_title("Statistics · default · Audit trail")


def test_a_tenant_that_cannot_be_one_is_refused(page: Page) -> None:
    page.goto("?view=statistics")
    tenant = page.get_by_role("combobox", name="Tenant")
    tenant.fill("a tenant/..")
    tenant.press("Enter")
    assert tenant.evaluate("input => input.matches(':invalid')")
    assert "tenantId" not in page.url


@pytest.mark.parametrize("view", ["trail", "statistics", "health"])
@pytest.mark.parametrize("width", [360, 2560])
def test_a_view_fits_the_screen(page: Page, view: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(f"?view={view}&tenantId={'t' * 64}")
    expect(page.get_by_role("main")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    bar = page.get_by_role("banner").bounding_box()
    assert bar
    assert bar["height"] < (90 if width == 360 else 50)


@pytest.mark.parametrize(
    ("status", "title", "advice"),
    [
        (400, "Not a valid request", "Change the filters"),
        (401, "Signed out", "start `prooftrail console` again"),
        (403, "No permission", "Choose another tenant"),
        (404, "Not found", "Check the tenant"),
        (429, "Too many requests", "tries again by itself"),
        (500, "Something failed", "Try again"),
        (503, "Not available", "in a moment"),
    ],
)
def test_a_failure_says_what_to_do(page: Page, status: int, title: str, advice: str) -> None:
    page.route(STATISTICS, fail(status, "the server's own words", **{"Retry-After": "600"}))
    page.goto("?view=statistics")
    expect(page.get_by_role("alert")).to_contain_text(title)
    expect(page.get_by_role("main")).to_contain_text(advice)
    expect(page.get_by_role("main")).to_contain_text("the server's own words")
    assert not find_violations(page)
    page.unroute(STATISTICS)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("No events in this range")).to_be_visible()


def test_a_throttled_request_is_repeated_after_the_time(page: Page) -> None:
    attempts: list[str] = []

    def respond(route: Route) -> None:
        attempts.append(route.request.url)
        if len(attempts) < 3:
            fail(429, "slow down", **{"Retry-After": "1"})(route)
        else:
            route.continue_()

    page.clock.install()
    page.route(STATISTICS, respond)
    page.goto("?view=statistics")
    for count in (1, 2):
        expect(page.get_by_role("timer")).to_have_text("Tries again in 1 s")
        assert len(attempts) == count
        page.clock.fast_forward(1_000)
    expect(page.get_by_text("No events in this range")).to_be_visible()


def test_a_lost_connection_is_found_again(page: Page) -> None:
    page.goto("?view=statistics")
    expect(page.get_by_text("No events in this range")).to_be_visible()
    page.context.set_offline(True)
    page.get_by_role("button", name="Refresh").click()
    expect(page.get_by_role("alert")).to_contain_text("No connection")
    page.context.set_offline(False)
    expect(page.get_by_text("No events in this range")).to_be_visible()


def test_the_message_of_a_failure_is_only_text(page: Page) -> None:
    message = "<img src=x onerror='window.hit=1'> \u202etxt.exe"
    page.route(STATISTICS, fail(400, message))
    page.goto("?view=statistics")
    expect(page.get_by_text("<img src=x onerror='window.hit=1'>")).to_be_visible()
    assert "\u202e" not in page.get_by_role("main").inner_text()
    assert page.evaluate("window.hit") is None


def test_a_view_that_fails_leaves_the_page(page: Page, watch: Watch) -> None:
    page.route(STATISTICS, lambda route: route.fulfill(json={"total": 1}))
    page.goto("?view=statistics")
    expect(page.get_by_role("alert")).to_contain_text("This view has a fault")
    assert not find_violations(page)
    page.get_by_role("link", name="Health").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    page.go_back()
    expect(page.get_by_role("alert")).to_be_visible()
    page.unroute(STATISTICS)
    page.get_by_role("button", name="Load the view again").click()
    expect(page.get_by_text("No events in this range")).to_be_visible()
    watch.errors.clear()


def test_a_part_that_cannot_be_loaded_is_told(page: Page) -> None:
    page.route("**/hashed/later*", lambda route: route.abort())
    page.goto("?view=statistics")
    expect(page.get_by_role("alert")).to_contain_text("Something failed")
    assert not find_violations(page)
    page.unroute("**/hashed/later*")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("No events in this range")).to_be_visible()


def test_the_first_load_is_three_requests(page: Page) -> None:
    files: list[str] = []
    page.on("request", lambda request: files.append(request.url.rpartition("/console/")[2]))
    page.goto("")
    expect(page.get_by_text("No events here")).to_be_visible()
    page.get_by_role("link", name="Health").click()
    expect(page.get_by_role("heading", level=2).first).to_be_visible()
    kinds = [name.partition("-")[0] for name in files if "audit-logs" not in name]
    assert kinds == ["", "hashed/index", "hashed/later"]


def test_the_page_is_usable_before_its_second_script_is_loaded(page: Page) -> None:
    held: list[Route] = []
    page.route("**/hashed/later*", lambda route: held.append(route))
    with page.expect_request("**/audit-logs?*"):
        page.goto("?range=all")
    page.get_by_role("button", name="Last 30 days").click()
    assert "range=" not in page.url
    page.keyboard.press("/")
    expect(page.get_by_role("dialog", name="Add a filter")).to_be_visible()
    assert not find_violations(page)
    assert len(held) == 1
    held[0].continue_()
    field = page.get_by_role("dialog").get_by_role("combobox", name="Field")
    expect(field).to_be_focused()
    expect(page.get_by_text("No events here")).to_be_visible()


def test_nothing_moves_for_a_reader_who_wants_that(page: Page) -> None:
    routes: list[Route] = []
    page.route(STATISTICS, lambda route: routes.append(route))
    page.emulate_media(reduced_motion="reduce")
    page.goto("?view=statistics")
    spinner = page.locator(".state-spinner")
    expect(spinner).to_be_visible()
    expect(spinner).to_have_css("animation-name", "none")
    assert not find_violations(page)
    for route in routes:
        route.abort()
