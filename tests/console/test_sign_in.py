"""Signing in at a user pool: the function `console`, the page and a stub of Cognito."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from local.api import Router, respond_to
from local.runtime import set_aws_environment, set_function_environment
from local.system import System, run_system
from prooftrail.runtime.config import get_settings
from tests.support.accessibility import find_violations
from tests.support.browser import Watch, open_page
from tests.support.cognito import CLIENT_ID, UserPool, serve_user_pool
from tests.support.deployed_api import serve_deployed_api
from tests.support.samples import bulk_job, event_json
from tests.support.stack import cool_down

PARAMETERS = {
    "AuditReads": "false",
    "UserPoolArn": "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_aB3",
    "ConsoleClientId": CLIENT_ID,
    "ConsoleSignInDomain": "acme.auth.us-east-1.amazoncognito.com",
}
PLACE = "?userId=u-7&range=7d"
API = re.compile(r"/dev/audit-logs")


@dataclass(frozen=True, slots=True)
class Deployed:
    """A stack with the console. `rejected` has the tokens that its authorizer refuses."""

    url: str
    pool: UserPool
    rejected: set[str]


@pytest.fixture(scope="module")
def system() -> Iterator[System]:
    """Return a system whose stack has a user pool and the console."""
    cool_down()  # what this process keeps of another module's system
    with run_system(parameters=PARAMETERS) as system:
        yield system


@pytest.fixture
def deployed(system: System) -> Iterator[Deployed]:
    """Return the stack's API behind a new user pool."""
    rejected: set[str] = set()
    with (
        set_aws_environment(system.endpoint_url),
        set_function_environment(system.stack.functions),
        pytest.MonkeyPatch.context() as patch,
        serve_user_pool() as pool,
    ):
        patch.setenv("SIGN_IN_URL", pool.url)
        get_settings.cache_clear()

        def authorize(token: str | None) -> Mapping[str, str] | None:
            return None if token in rejected else pool.authorize(token)

        with serve_deployed_api(system.stack, system.runtime.invoke, authorize) as url:
            pool.callback_urls = (f"{url}/console",)
            yield Deployed(f"{url}/console", pool, rejected)


@pytest.fixture
def pool(deployed: Deployed) -> UserPool:
    """Return the user pool."""
    return deployed.pool


@pytest.fixture
def page(browser: Browser, deployed: Deployed, watch: Watch) -> Iterator[Page]:
    """Return a page that is not loaded yet. No token may be found in what outlives its memory.

    At the end no script has failed, and nothing broke the Content-Security-Policy.
    """
    addresses: list[str] = []
    logged: list[str] = []
    with open_page(browser, watch, viewport={"width": 1280, "height": 800}) as page:
        page.on("request", lambda request: addresses.append(request.url))
        page.on("console", lambda message: logged.append(message.text))
        yield page
        kept = page.evaluate(
            "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie,"
            " history.state, document.documentElement.outerHTML])"
        )
    for token in deployed.pool.tokens:
        assert not any(token in text for text in (kept, *addresses, *logged))


def sign_in(page: Page, deployed: Deployed, place: str = PLACE) -> None:
    """Open the console and sign in."""
    page.goto(deployed.url + place)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Approve").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    assert page.url == deployed.url + place


def read_tab(page: Page) -> dict[str, str]:
    """Return what the tab keeps."""
    kept: dict[str, str] = json.loads(page.evaluate("JSON.stringify({...sessionStorage})"))
    return kept


def test_a_reader_signs_in_and_comes_back_to_the_same_place(
    page: Page, deployed: Deployed, pool: UserPool
) -> None:
    page.goto(deployed.url + PLACE)
    expect(page.get_by_role("heading", name="Sign in to read the audit log")).to_be_visible()
    assert not find_violations(page)
    sign_in(page, deployed)
    expect(page.get_by_text("ada@example.com")).to_be_visible()
    expect(page.get_by_text("acme", exact=True)).to_be_visible()
    assert "prooftrail.signIn" not in read_tab(page)
    assert not find_violations(page)
    assert (pool.exchanges, pool.renewals) == (1, 0)


def test_every_request_has_the_token_and_its_tenant_decides(page: Page, deployed: Deployed) -> None:
    page.goto(deployed.url + PLACE)
    page.get_by_role("button", name="Sign in").click()
    with page.expect_request(API) as request:
        page.get_by_role("link", name="Approve").click()
    claims = deployed.pool.authorize(request.value.headers["authorization"])
    assert claims is not None
    assert claims["custom:tenantId"] == "acme"
    assert "referer" not in request.value.all_headers()


def test_without_a_session_nothing_is_asked_of_the_api(page: Page, deployed: Deployed) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(deployed.url + PLACE)
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert len(asked) <= 3  # the page and its scripts
    assert not any("/audit-logs" in address for address in asked)


def test_a_denial_is_told_and_can_be_tried_again(page: Page, deployed: Deployed) -> None:
    page.goto(deployed.url + PLACE)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Deny").click()
    expect(page.get_by_role("alert")).to_contain_text("did not let you in")
    assert page.url == deployed.url + PLACE
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Approve").click()
    expect(page.get_by_text("ada@example.com")).to_be_visible()


def test_a_code_that_this_tab_did_not_ask_for_is_not_used(
    page: Page, deployed: Deployed, pool: UserPool
) -> None:
    """An attacker's link would sign the reader in as the attacker."""
    page.goto(deployed.url)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{pool.url}/**")
    page.goto(f"{deployed.url}?view=health&code=stolen&state=of-somebody-else")
    expect(page.get_by_role("alert")).to_contain_text("did not begin in this tab")
    assert page.url == f"{deployed.url}?view=health"
    assert pool.exchanges == 0
    assert not read_tab(page)


def test_a_code_is_of_no_use_without_its_verifier(
    page: Page, deployed: Deployed, pool: UserPool
) -> None:
    page.goto(deployed.url + PLACE)
    page.add_init_script(
        "const kept = JSON.parse(sessionStorage.getItem('prooftrail.signIn') ?? 'null');"
        "if (kept && location.search.includes('code='))"
        " sessionStorage.setItem('prooftrail.signIn',"
        " JSON.stringify({...kept, verifier: 'a'.repeat(43)}));"
    )
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Approve").click()
    expect(page.get_by_role("alert")).to_contain_text("did not let you in")
    assert pool.exchanges == 0
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def test_a_user_pool_that_does_not_respond_is_told(page: Page, deployed: Deployed) -> None:
    page.route("**/oauth2/token", lambda route: route.abort())
    page.goto(deployed.url)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Approve").click()
    expect(page.get_by_role("alert")).to_contain_text("does not respond")


def test_a_session_is_renewed_before_it_ends(
    page: Page, deployed: Deployed, pool: UserPool
) -> None:
    page.clock.install()
    sign_in(page, deployed, "?view=health")
    for count in (1, 2):
        with page.expect_response("**/oauth2/token"):
            page.clock.fast_forward(pool.life_seconds * 1_000)
        assert pool.renewals == count
    with page.expect_response(re.compile(r"/dev/audit-logs\?")) as response:
        page.get_by_role("link", name="Trail").click()
    assert response.value.status == 200
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def test_a_rejected_token_is_renewed_once(page: Page, deployed: Deployed, pool: UserPool) -> None:
    sign_in(page, deployed, "?view=health")
    page.wait_for_load_state("networkidle")
    deployed.rejected.update(pool.tokens)
    statuses: list[int] = []
    page.on("response", lambda each: statuses.append(each.status) if API.search(each.url) else None)
    with page.expect_response(lambda each: bool(API.search(each.url)) and each.ok):
        page.get_by_role("link", name="Trail").click()
    assert statuses[0] == 401
    assert pool.renewals == 1


def test_the_end_of_a_session_is_told_and_the_place_is_kept(
    page: Page, deployed: Deployed, pool: UserPool
) -> None:
    page.clock.install()
    pool.renews = False
    sign_in(page, deployed)
    page.clock.fast_forward(pool.life_seconds * 1_000)
    banner = page.get_by_role("alert").filter(has_text="Your session has ended.")
    expect(banner).to_be_visible()
    expect(page.get_by_text("ada@example.com")).to_be_visible()
    assert not find_violations(page)
    pool.renews = True
    banner.get_by_role("button", name="Sign in again").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    expect(banner).to_be_hidden()
    assert page.url == deployed.url + PLACE


def test_signing_out_ends_the_session_here_and_at_the_user_pool(
    page: Page, deployed: Deployed, pool: UserPool
) -> None:
    sign_in(page, deployed)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert pool.revoked.wait(30)  # the browser sends it beside the way to the user pool
    assert page.url == deployed.url
    assert not pool.has_session
    assert pool.count_refresh_tokens() == 0
    assert not read_tab(page)
    page.reload()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def test_a_reload_signs_in_again_without_a_question(page: Page, deployed: Deployed) -> None:
    sign_in(page, deployed)
    page.reload()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    assert page.url == deployed.url + PLACE
    assert deployed.pool.exchanges == 2


def test_a_reload_asks_if_the_user_pool_s_session_has_ended(page: Page, deployed: Deployed) -> None:
    sign_in(page, deployed)
    deployed.pool.has_session = False
    page.reload()
    page.get_by_role("link", name="Approve").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    assert page.url == deployed.url + PLACE


@pytest.mark.parametrize("address", ["", "/index.html"])
def test_each_address_of_the_page_comes_back_to_one_that_the_client_lists(
    page: Page, deployed: Deployed, address: str
) -> None:
    page.goto(deployed.url + address)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Approve").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    assert page.url == deployed.url


def publish(system: System, user: str) -> str:
    """Store an event of the reader's tenant and publish a checkpoint. Return the event's id."""
    body = bulk_job(event_json(tenantId="acme", userId=user, username="Ada"))
    system.sqs.send_message(QueueUrl=system.queue_url, MessageBody=body)
    system.settle(120)
    system.run_schedules()
    router = Router(system.stack.routes)
    response = respond_to(
        "GET",
        f"/audit-logs?tenantId=acme&userId={user}",
        router=router,
        invoke=system.runtime.invoke,
    )
    return str(json.loads(response["body"])["items"][0]["id"])


def test_a_reader_without_the_right_sees_masked_values_and_which_right_is_missing(
    page: Page, deployed: Deployed, system: System
) -> None:
    deployed.pool.claims = {**deployed.pool.claims, "cognito:groups": "audit-readers"}
    sign_in(page, deployed, f"?event={publish(system, 'u-3')}")
    proof = page.get_by_role("region", name="Proof")
    expect(proof.get_by_role("alert")).to_contain_text("Not verified: a right is missing")
    event = page.get_by_role("region", name="Event", exact=True)
    event.get_by_role("button", name="Show personal data").click()
    alert = event.get_by_role("alert").filter(has_text="You may not see personal data")
    expect(alert).to_contain_text("the token does not name the group audit-pii")
    assert not find_violations(page, ".event")


def test_a_reader_with_a_token_verifies_an_event_of_the_tenant(
    page: Page, deployed: Deployed, system: System
) -> None:
    event_id = publish(system, "u-1")
    sign_in(page, deployed, f"?event={event_id}")
    proof = page.get_by_role("region", name="Proof")
    expect(proof).to_contain_text("Verified here")
    page.goto(f"{deployed.url}?event={publish(system, 'u-2')}")
    expect(proof).to_contain_text("Verified here")
    history = proof.locator('[data-step="history"]')
    expect(history).to_have_attribute("data-state", "passed")
