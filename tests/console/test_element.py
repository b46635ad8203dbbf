"""`<audit-trail>` in the page of the example, which is another program's."""

import threading
from collections.abc import Iterator

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect

from examples import embedded_trail
from local.dev import store_sample
from local.system import System, run_system
from tests.support.browser import Watch, watch_page


@pytest.fixture(scope="module")
def system() -> Iterator[System]:
    """Return a system with the events of the tenant acme."""
    with run_system() as system:
        store_sample(system)
        yield system


@pytest.fixture
def page(browser: Browser, system: System, watch: Watch) -> Iterator[Page]:
    """Return the example's page."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(embedded_trail, "API_URL", system.api_url)
        server = uvicorn.Server(uvicorn.Config(embedded_trail.app, port=0, log_level="error"))
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            thread.join(0.02)
        port = server.servers[0].sockets[0].getsockname()[1]
        context = browser.new_context(base_url=f"http://127.0.0.1:{port}")
        page = context.new_page()
        watch_page(page, watch)
        yield page
        context.close()
        server.should_exit = True
        thread.join()
    assert not watch.errors
    assert not watch.violations


def test_a_customer_sees_their_trail_and_an_event(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_text("user.login")).to_be_visible()
    assert page.url.endswith("/")
    page.get_by_text("user.login").click()
    expect(page.get_by_role("complementary")).to_contain_text("203.0.113")
    assert page.url.endswith("/"), "the element keeps nothing in the URL"
