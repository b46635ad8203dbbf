"""The page that `prooftrail console` serves: opened with the token, in one browser."""

from collections.abc import Iterator

import pytest
from botocore.credentials import Credentials
from playwright.sync_api import Browser, Page, expect

from local.system import System, run_system
from prooftrail.aws.signed_api import SignedApi
from prooftrail.errors import CredentialsError
from tests.support.browser import Watch, open_page
from tests.support.console_server import Console, RecordingApi, run_console
from tests.support.samples import event_json, job
from tests.support.stack import cool_down

SETTLE_SECONDS = 120


@pytest.fixture(scope="module")
def system() -> Iterator[System]:
    """Return a system with one event."""
    cool_down()  # what this process keeps of another module's system
    with run_system(parameters={"AuditReads": "false"}) as system:
        body = job(event_json(userId="u-17", action="order.delete"))
        system.sqs.send_message(QueueUrl=system.queue_url, MessageBody=body)
        system.settle(SETTLE_SECONDS)
        yield system


@pytest.fixture
def api(system: System, monkeypatch: pytest.MonkeyPatch) -> RecordingApi:
    """Return the system's API."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", system.endpoint_url)
    credentials = Credentials("local", "local")
    return RecordingApi(SignedApi(system.api_url, "us-east-1", lambda: credentials))


@pytest.fixture
def console(api: RecordingApi) -> Iterator[Console]:
    """Return the local server before the API."""
    with run_console(api) as console:
        yield console


@pytest.fixture
def page(browser: Browser, watch: Watch) -> Iterator[Page]:
    """Return a page of a browser of its own. At the end no script has failed."""
    with open_page(browser, watch) as page:
        yield page


def get_base(console: Console) -> str:
    return f"http://127.0.0.1:{console.access.port}/"


def test_the_token_opens_the_trail_and_a_reload_keeps_it(console: Console, page: Page) -> None:
    page.goto(f"{get_base(console)}?token={console.access.token}")
    assert console.access.token not in page.url
    expect(page.get_by_text("order.delete").first).to_be_visible()
    page.get_by_role("link", name="Health").click()
    page.reload()
    expect(page.get_by_role("link", name="Health")).to_have_attribute("aria-current", "page")
    page.get_by_role("link", name="Trail").click()
    expect(page.get_by_text("order.delete").first).to_be_visible()
    [cookie] = page.context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
    assert page.evaluate("document.cookie") == ""


def test_a_second_browser_is_refused(console: Console, page: Page, browser: Browser) -> None:
    page.goto(f"{get_base(console)}?token={console.access.token}")
    other = browser.new_context()
    for address in (
        get_base(console),
        page.url,
        f"{get_base(console)}?token={console.access.token}",
    ):
        tab = other.new_page()
        response = tab.goto(address)
        assert response is not None
        assert response.status == 403
        expect(tab.get_by_text("Start again")).to_be_visible()
    other.close()


def test_another_page_reads_nothing_with_the_readers_cookie(
    console: Console, api: RecordingApi, page: Page, system: System
) -> None:
    page.goto(f"{get_base(console)}?token={console.access.token}")
    expect(page.get_by_text("order.delete").first).to_be_visible()
    elsewhere = page.context.new_page()
    elsewhere.goto(f"{system.api_url}/audit-logs")  # another port of this machine: the same site
    api.requests.clear()
    script = "([target, mode]) => fetch(target, { mode, credentials: 'include' }).catch(String)"
    for mode in ("cors", "no-cors"):
        result = elsewhere.evaluate(script, [f"{get_base(console)}audit-logs", mode])
        assert result == "TypeError: Failed to fetch"
    assert not api.requests


def test_expired_credentials_are_told_and_renewed_ones_go_on(
    console: Console, api: RecordingApi, page: Page
) -> None:
    api.fault = CredentialsError("AWS refuses the credentials (ExpiredTokenException)")
    page.goto(f"{get_base(console)}?token={console.access.token}")
    expect(page.get_by_text("ExpiredTokenException").first).to_be_visible()
    api.fault = None
    page.get_by_role("button", name="Try again").last.click()
    expect(page.get_by_text("order.delete").first).to_be_visible()


def test_a_server_that_was_started_again_asks_for_its_own_token(
    console: Console, page: Page
) -> None:
    page.goto(f"{get_base(console)}?token={console.access.token}")
    expect(page.get_by_text("order.delete").first).to_be_visible()
    expect(page.locator(".u-over")).to_be_visible()  # all of the page's code is loaded
    console.access.session = "another"
    page.get_by_role("link", name="Statistics").click()
    expect(page.get_by_role("alert").first).to_contain_text("Signed out")
