"""`<audit-trail>` in the page of the example, which is another program's."""

import threading
from collections.abc import Iterator

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, Response, expect

from examples import embedded_trail
from local.dev import store_sample_month
from local.system import System, run_system
from tests.support.browser import Watch, watch_page
from tests.support.stack import cool_down

PATIENT_MS = 20_000


@pytest.fixture(scope="module")
def system() -> Iterator[System]:
    """Return a system with a month of events of the tenant acme, among others."""
    cool_down()
    with run_system(parameters={"AuditReads": "false"}) as system:
        store_sample_month(system)
        yield system


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
def page(browser: Browser, address: str, watch: Watch) -> Iterator[Page]:
    """Return a page at the example's address that is not loaded yet."""
    context = browser.new_context(base_url=address)
    page = context.new_page()
    watch_page(page, watch)
    yield page
    context.close()
    assert not watch.errors
    assert not watch.violations


def test_customers_see_their_own_trail_and_verify_an_event(page: Page, address: str) -> None:
    responses: list[Response] = []
    page.on("response", lambda response: responses.append(response))  # it takes no built-in method
    page.goto("/")
    rows = page.locator("audit-trail .list-row")
    expect(rows.first).to_be_visible(timeout=PATIENT_MS)
    names = rows.locator(".list-cell-actor").all_inner_texts()
    assert names
    assert set(names) <= {"Wile Coyote", "Road Runner", "Marvin Green"}

    rows.first.click()
    event = page.get_by_role("region", name="Event", exact=True)
    expect(event.get_by_text("Verified here")).to_be_visible(timeout=PATIENT_MS)
    expect(event.get_by_role("button", name="Copy id")).to_be_visible()
    expect(event.get_by_role("button", name="Copy link")).to_have_count(0)
    assert page.url == f"{address}/"
    assert {response.status for response in responses if "/audit-logs" in response.url} == {200}

    page.keyboard.press("Escape")
    expect(event).to_have_count(0)


def test_the_element_looks_the_same_in_a_page_of_another_style(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto("/")
    trail = page.locator("audit-trail .trail")
    expect(trail).to_be_visible(timeout=PATIENT_MS)
    style = trail.evaluate(
        "trail => { const s = getComputedStyle(trail.getRootNode().host);"
        " return [s.fontFamily.split(',')[0], s.fontSize, s.backgroundColor] }"
    )
    assert style == ["system-ui", "13px", "rgb(20, 23, 28)"]
    assert page.evaluate("getComputedStyle(document.body).fontFamily") == "serif"


def test_the_element_follows_a_page_that_is_always_light(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    page.route("**/page.css", lambda route: route.fulfill(body="", content_type="text/css"))
    page.goto("/")
    trail = page.locator("audit-trail .trail")
    expect(trail).to_be_visible(timeout=PATIENT_MS)
    color = trail.evaluate("trail => getComputedStyle(trail.getRootNode().host).backgroundColor")
    assert color == "rgb(255, 255, 255)"
