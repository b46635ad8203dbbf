"""A month of sample events.

A first visit, without reading documentation: who deleted what yesterday, and is that proven? And
`<audit-trail>` in the page of the example, which is another program's.
"""

import re
import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, Locator, Page, Response, expect

from examples import embedded_trail
from local.dev import store_sample_month
from local.system import System, run_system
from tests.support.browser import Watch, open_page
from tests.support.stack import cool_down

AWS_IS_SLOW = "AWS does not respond in time"  # on a busy machine; the call is repeated


@pytest.fixture(scope="module")
def logged() -> list[str]:
    """Return what the functions log as warnings and errors."""
    return []


@pytest.fixture(scope="module")
def system(logged: list[str]) -> Iterator[System]:
    """Return a system with the month of events that `make dev` begins with."""

    def note(function: str, record: Mapping[str, Any]) -> None:
        message = record.get("message")
        is_warning = record.get("level") in {"WARNING", "ERROR", "CRITICAL"}
        if is_warning and message != AWS_IS_SLOW:
            logged.append(f"{function}: {message}")

    cool_down()
    with run_system(parameters={"AuditReads": "false"}, on_log=note) as system:
        store_sample_month(system)
        yield system


@pytest.mark.browser  # its system is that of the tests in a browser
def test_the_functions_report_nothing_of_the_sample_month(
    system: System, logged: list[str]
) -> None:
    assert system.verifier_key
    assert logged == []


def test_a_visitor_finds_who_deleted_what_yesterday_and_sees_it_verified(page: Page) -> None:
    page.goto("./")
    rows = page.locator(".list-row")
    expect(rows.first).to_be_visible()
    page.get_by_role("button", name="Add a filter").click()
    page.get_by_label("Field").select_option("Action")
    value = page.get_by_label("Value")
    expect(page.locator("datalist option[value*=delete]")).to_have_count(1)
    offered = value.evaluate("input => [...input.list.options].map(({ value }) => value)")
    [deletion] = [action for action in offered if "delete" in action]
    value.fill(deletion)
    page.get_by_role("button", name="Apply").click()

    expect(rows).to_have_count(1)
    yesterday = datetime.now(UTC) - timedelta(days=1)
    expect(rows).to_contain_text(f"{yesterday:%b} {yesterday.day}, {yesterday.year}")
    expect(rows).to_contain_text("u-1004")
    expect(rows).to_contain_text("project borealis")
    rows.click()

    event = page.get_by_role("region", name="Event", exact=True)
    expect(event.get_by_text("Verified here")).to_be_visible()
    expect(event).to_contain_text("the log recorded exactly this event")
    expect(event).not_to_contain_text("Dmitri Hanssen")
    event.get_by_role("button", name="Show personal data").click()
    expect(event).to_contain_text("Dmitri Hanssen")
    expect(event).to_contain_text("192.0.2.199")


def test_a_visitor_finds_the_attack_of_that_night_and_how_it_ended(page: Page) -> None:
    page.goto("./")
    page.get_by_role("button", name="Add a filter").click()
    page.get_by_label("Field").select_option("Outcome")
    page.get_by_role("button", name="Apply").click()
    attempt = page.locator(".list-row", has_text="192.0.2.0/24").first
    expect(attempt).to_contain_text("user.login")
    attempt.click()
    event = page.get_by_role("region", name="Event", exact=True)
    expect(event).to_contain_text("wrong password")
    event.get_by_role("button", name="Show personal data").click()
    event.get_by_role("link", name=re.compile(r"^Same address, .*: 20\+ events$")).click()
    login = page.locator('.list-row[data-kind="good"]', has_text="user.login")
    expect(login).to_have_count(1)


def test_a_visitor_needs_no_mouse(page: Page) -> None:
    page.goto("./")
    rows = page.locator(".list-row")
    expect(rows.first).to_be_visible()
    tab_to(page, page.get_by_role("button", name="Add a filter"))
    page.keyboard.press("Enter")
    expect(page.get_by_label("Field")).to_be_focused()
    page.keyboard.press("o")  # a letter chooses in a list: Outcome
    expect(page.get_by_label("Field")).to_have_value("success")
    tab_to(page, page.get_by_role("button", name="Apply"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("success=false"))
    expect(page.locator('.list-row[data-kind="good"]')).to_have_count(0)
    tab_to(page, page.locator(".list-row[tabindex='0']"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    event = page.get_by_role("region", name="Event", exact=True)
    expect(event.get_by_text("Verified here")).to_be_visible()
    tab_to(page, event.get_by_text("Steps and key"))
    page.keyboard.press("Enter")
    expect(event.locator('[data-step="signature"]')).to_be_visible()
    page.keyboard.press("Escape")
    expect(event).to_have_count(0)
    tab_to(page, page.get_by_role("link", name="Statistics"), "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Totals")).to_be_visible()
    tab_to(page, page.locator("a.breakdown-row").first)
    page.keyboard.press("Enter")
    expect(rows.first).to_be_visible()
    assert "action=" in page.url


def tab_to(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Press a key until the element has the focus."""
    for _ in range(80):
        page.keyboard.press(key)
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"the focus does not reach {wanted}")


# The element


@pytest.fixture(scope="module")
def address(system: System) -> Iterator[str]:
    """Return the address of the example, which passes requests on to the system."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(embedded_trail, "API_URL", system.api_url)
        server = uvicorn.Server(uvicorn.Config(embedded_trail.app, port=0, log_level="error"))
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started and thread.is_alive():
            thread.join(0.02)
        try:
            yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture
def embedded(browser: Browser, address: str, watch: Watch) -> Iterator[Page]:
    """Return a page at the example's address that is not loaded yet."""
    with open_page(browser, watch, base_url=address) as page:
        yield page


def test_customers_see_their_own_trail_and_verify_an_event(embedded: Page, address: str) -> None:
    responses: list[Response] = []
    embedded.on("response", lambda response: responses.append(response))  # it refuses built-ins
    embedded.goto("/")
    rows = embedded.locator("audit-trail .list-row")
    expect(rows.first).to_be_visible()
    names = rows.locator(".list-cell-actor").all_inner_texts()
    assert names
    assert {name.rpartition(" for ")[2] for name in names} <= {"acme-7", "acme-12", "acme-31"}

    rows.first.click()
    event = embedded.get_by_role("region", name="Event", exact=True)
    expect(event.get_by_text("Verified here")).to_be_visible()
    expect(event.get_by_role("button", name="Copy id")).to_be_visible()
    expect(event.get_by_role("button", name="Copy link")).to_have_count(0)
    assert embedded.url == f"{address}/"
    assert {response.status for response in responses if "/audit-logs" in response.url} == {200}

    embedded.keyboard.press("Escape")
    expect(event).to_have_count(0)


def test_the_element_looks_the_same_in_a_page_of_another_style(embedded: Page) -> None:
    embedded.emulate_media(color_scheme="dark")
    embedded.goto("/")
    trail = embedded.locator("audit-trail .trail")
    expect(trail).to_be_visible()
    style = trail.evaluate(
        "trail => { const s = getComputedStyle(trail.getRootNode().host);"
        " return [s.fontFamily.split(',')[0], s.fontSize, s.backgroundColor] }"
    )
    assert style == ["system-ui", "13px", "rgb(20, 23, 28)"]
    assert embedded.evaluate("getComputedStyle(document.body).fontFamily") == "serif"


def test_the_element_follows_a_page_that_is_always_light(embedded: Page) -> None:
    embedded.emulate_media(color_scheme="dark")
    embedded.route("**/page.css", lambda route: route.fulfill(body="", content_type="text/css"))
    embedded.goto("/")
    trail = embedded.locator("audit-trail .trail")
    expect(trail).to_be_visible()
    color = trail.evaluate("trail => getComputedStyle(trail.getRootNode().host).backgroundColor")
    assert color == "rgb(255, 255, 255)"
