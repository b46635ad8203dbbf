"""The console of a running system, in a browser."""

from collections.abc import Iterator, Mapping

import pytest
from playwright.sync_api import Browser, Page

from local.system import System, run_system
from tests.support.browser import Watch, open_browser, open_page
from tests.support.stack import cool_down

pytestmark = pytest.mark.browser


@pytest.hookimpl(tryfirst=True)  # before pytest selects by marker
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need a browser."""
    for item in items:
        if {"page", "browser"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")


@pytest.fixture(autouse=True)
def environment() -> None:
    """Keep the environment of the system, which the tests of a module share."""


@pytest.fixture(scope="session", autouse=True)
def _fast_moto() -> None:
    """Let the systems of the tests store and read faster: a page waits for them all the time."""
    from tests.support import fast_moto  # it imports all of moto, which few tests need

    fast_moto.install()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return a browser. Without one on this machine, the test is skipped."""
    with open_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def parameters() -> Mapping[str, str]:
    """Return the parameters of the stack. Reads are no events, as the tests count events."""
    return {"AuditReads": "false"}


@pytest.fixture(scope="module")
def system(parameters: Mapping[str, str]) -> Iterator[System]:
    """Return an empty system. No poller runs beside the tests: `settle` stores what is sent."""
    cool_down()  # what this process keeps of another module's system
    with run_system(parameters=parameters) as system:
        yield system


@pytest.fixture
def watch() -> Watch:
    """Return what the page reports. A test that expects an error clears it."""
    return Watch()


@pytest.fixture
def page(browser: Browser, system: System, watch: Watch) -> Iterator[Page]:
    """Return a page at the console's address that is not loaded yet.

    At the end no script has failed, and nothing broke the Content-Security-Policy.
    """
    viewport = {"width": 1280, "height": 800}
    address = f"{system.api_url}/console/"
    with open_page(browser, watch, base_url=address, viewport=viewport) as page:
        yield page
