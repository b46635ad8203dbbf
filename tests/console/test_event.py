"""The view of one event: fields, changes, trees, pivots, and what hostile events do to it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from local.system import System
from prooftrail.event.times import format_timestamp, now_ms
from tests.support.accessibility import find_violations
from tests.support.browser import copy_text

SETTLE_SECONDS = 300
TENANT = "acme"
NOW_MS = now_ms()
FULL: Mapping[str, Any] = {
    "eventId": "order-4711-approved",
    "timestamp": format_timestamp(NOW_MS - 3 * 3_600_000),
    "tenantId": TENANT,
    "userId": "u-17",
    "username": "Zoë Öztürk",
    "actorType": "agent",
    "onBehalfOf": {"userId": "u-18", "username": "Ann"},
    "action": "order.approve",
    "resourceType": "order",
    "resourceId": "4711",
    "targets": [
        {"type": "team", "id": "red", "name": "The Reds"},
        {"type": "user", "id": "u-19"},
    ],
    "traceId": "0af7651916cd43dd8448eb211c80319c",
    "details": {
        "approval": {"level": 2, "by": ["needle-a", "b"], "limits": {"max": 5000}},
        "items": [{"sku": f"sku-{n}", "count": n} for n in range(40)],
        "note": "x" * 3_000 + " a needle far behind",
    },
    "metadata": {
        "region": "eu-central-1",
        "build": 1234,
        "canary": False,
        "contactEmail": "zoe@example.com",
    },
    "changes": {
        "before": {
            "state": "open",
            "total": 90,
            "tags": ["a", "b"],
            "ship": {"city": "Bonn", "zip": "1"},
        },
        "after": {
            "state": "approved",
            "total": 90,
            "tags": ["a", "c"],
            "ship": {"city": "Bonn", "zip": "2"},
        },
    },
    "ipAddress": "203.0.113.9",
    "userAgent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/150.0",
    "sessionId": "session-1",
    "requestId": "request-1",
    "success": False,
    "errorMessage": "the payment was refused\nby the bank",
}


def read(system: System, path: str = "", **query: object) -> Any:
    with urlopen(f"{system.api_url}/audit-logs{path}?{urlencode(query)}") as response:  # noqa: S310
        return json.load(response)


def send(system: System, event: Mapping[str, Any]) -> None:
    body = json.dumps({"type": "log_event", "data": event}, ensure_ascii=False)
    system.sqs.send_message(QueueUrl=system.queue_url, MessageBody=body)


def find(system: System, event: Mapping[str, Any]) -> str:
    """Return the id of a stored event."""
    names = ("tenantId", "resourceType", "resourceId")
    query = {name: event[name] for name in names}
    [item] = [
        item for item in read(system, **query)["items"] if item["eventId"] == event["eventId"]
    ]
    return str(item["id"])


@dataclass(frozen=True)
class Stored:
    """The ids of the stored events: the full one, and those with extreme content by name."""

    full: str
    hostile: Mapping[str, str]


def nest(depth: int) -> dict[str, Any]:
    value: dict[str, Any] = {"end": "the deepest"}
    for level in range(depth):
        value = {f"level-{depth - level}": value}
    return value


SCRIPT = "<script>window.hit=1</script><img src=x onerror='window.hit=1'><svg/onload=window.hit=1>"
EXTREMES: Mapping[str, Mapping[str, Any]] = {
    "html": {
        "username": SCRIPT,
        "userAgent": SCRIPT,
        "errorMessage": f"javascript:window.hit=1 {SCRIPT}",
        "sessionId": "javascript:window.hit=1",
        "requestId": "data:text/html,<script>window.hit=1</script>",
        "details": {SCRIPT: SCRIPT, "href": "javascript:window.hit=1", "style": "</style><b>x"},
        "changes": {"before": {"a": SCRIPT}, "after": {"a": "<b>bold</b>", SCRIPT: 1}},
    },
    "hidden": {
        "username": "user\u202egpj.exe",
        "userId": "admin\u200b",
        "userAgent": "a\x00b\x1b[31mred\x7f\ufeff\u2066x\u2069",
        "errorMessage": "e" + "\u0301" * 400 + " \u05d0\u05d1 \U000e0041 \\ud800 \\u202e",
        "details": {
            "p\u0430ypal": "\u202e\u2028\u2029",
            "zero\u200bwidth": "\u00ad",
            "\r\n\t": "\r\n\t",
        },
    },
    "long": {
        "userAgent": "M" * 60_000,
        "errorMessage": "line\n" * 20_000,
        "details": {"text": "\U0001f469\u200d\U0001f469\u200d\U0001f467" * 30_000, "k" * 20_000: 1},
    },
    "wide": {
        "details": {f"key-{number}": number for number in range(5_000)},
        "changes": {
            "before": {f"k{number}": 0 for number in range(1_000)},
            "after": {f"k{number}": 1 for number in range(1_000)},
        },
    },
    "deep": {
        "details": nest(64),
        "changes": {"before": nest(60), "after": {**nest(60), "other": nest(30)}},
    },
    "keys": {
        "details": {
            "__proto__": {"polluted": True},
            "constructor": {"prototype": {"polluted": True}},
            "toString": "x",
            "": "empty",
            "a/b~c": 1,
            "#0": [[], {}, None, True, 0, 1e21],
        },
        "changes": {
            "before": {"__proto__": {"a": 1}, "constructor": 1},
            "after": {"__proto__": {"a": 2}, "hasOwnProperty": 1},
        },
    },
}


@pytest.fixture(scope="module")
def parameters() -> Mapping[str, str]:
    """Return the parameters of the stack."""
    return {"AuditReads": "false", "PersonalKeys": "email"}


@pytest.fixture(scope="module")
def stored(system: System) -> Stored:
    """Store the events through the queue."""
    for number in range(25):
        other = {**FULL, "eventId": f"other-{number}", "resourceId": f"other-{number}"}
        shared = {"requestId", "sessionId", "ipAddress", "traceId"} if number else set()
        send(system, {name: value for name, value in other.items() if name not in shared})
    hostile: dict[str, dict[str, Any]] = {
        name: {
            "eventId": name,
            "tenantId": TENANT,
            "action": f"test.{name}",
            "resourceType": "test",
            "resourceId": name,
            **event,
        }
        for name, event in EXTREMES.items()
    }
    for event in (FULL, *hostile.values()):
        send(system, event)
    system.settle(SETTLE_SECONDS)
    return Stored(find(system, FULL), {name: find(system, each) for name, each in hostile.items()})


def open_event(page: Page, event_id: str, *, shows_personal: bool = True) -> Locator:
    page.goto(f"?tenantId={TENANT}&event={event_id}")
    panel = page.get_by_role("region", name="Event", exact=True)
    expect(panel.get_by_text("Overview")).to_be_visible()
    show = panel.get_by_role("button", name="Show personal data")
    if shows_personal and show.count():
        show.click()
        expect(panel).to_contain_text("as it is stored, with its personal data")
    return panel


def get_fact(panel: Locator, name: str) -> Locator:
    return panel.locator(".event-fact").filter(has=panel.page.locator(f'dt:text-is("{name}")'))


def test_every_field_is_shown(page: Page, system: System, stored: Stored) -> None:
    panel = open_event(page, stored.full)
    event = read(system, f"/{stored.full}/unmasked", tenantId=TENANT)
    expect(panel.get_by_role("heading", name="order.approve")).to_be_visible()
    expect(get_fact(panel, "Outcome")).to_contain_text("Failed")
    expect(get_fact(panel, "Submitted by")).to_contain_text("as AWS authenticated")
    expect(get_fact(panel, "Received")).to_contain_text("after it happened")
    names = {
        "Name": "username",
        "User": "userId",
        "Submitted by": "submittedBy",
        "Action": "action",
        "Resource type": "resourceType",
        "Resource": "resourceId",
        "Error": "errorMessage",
        "Happened": "timestamp",
        "Received": "receivedAt",
        "Address": "ipAddress",
        "User agent": "userAgent",
        "Actor type": "actorType",
        "Trace": "traceId",
        "Session": "sessionId",
        "Request": "requestId",
        "Id": "id",
        "Sender's id": "eventId",
        "Tenant": "tenantId",
        "Digest": "digest",
        "Format": "v",
    }
    for label, name in names.items():
        assert str(event[name]) in (get_fact(panel, label).text_content() or ""), name
    expect(get_fact(panel, "On behalf of")).to_contain_text("u-18")
    expect(get_fact(panel, "On behalf of")).to_contain_text("Ann")
    expect(get_fact(panel, "Targets").get_by_role("listitem")).to_contain_text(
        ["team red The Reds", "user u-19"]
    )
    others = {"success", "changes", "details", "metadata", "targets", "onBehalfOf"}
    assert set(names.values()) | others == set(event)
    for title in ("Changes", "Details", "Metadata", "Canonical JSON"):
        expect(panel.get_by_role("heading", name=title)).to_be_visible()
    expect(panel.locator(".tree").last).to_contain_text("eu-central-1")


def test_personal_data_is_masked_until_the_reader_asks_for_it(page: Page, stored: Stored) -> None:
    panel = open_event(page, stored.full, shows_personal=False)
    expect(panel).to_contain_text("6 values are personal data, and masked.")
    for name, shown in (
        ("Name", "masked"),
        ("On behalf of", "u-18masked"),
        ("Address", "203.0.113.0/24 masked"),
        ("User agent", "masked"),
    ):
        expect(get_fact(panel, name).locator(".event-value")).to_have_text(shown)
    expect(get_fact(panel, "Targets")).to_contain_text("team red masked")
    expect(panel.locator(".tree-row", has_text="contactEmail")).to_contain_text("masked")
    expect(panel.get_by_role("link", name="Same address")).to_have_count(0)
    for personal in ("Zoë", "Ann", "203.0.113.9", "Mozilla", "zoe@example.com", "Reds"):
        assert personal not in panel.inner_text()
    assert not find_violations(page, ".event")
    panel.get_by_role("button", name="Show personal data").click()
    expect(get_fact(panel, "Name")).to_contain_text("Zoë Öztürk")
    expect(panel.locator(".tree-row", has_text="contactEmail")).to_contain_text("zoe@example.com")
    expect(panel.locator(".masked")).to_have_count(0)
    expect(panel.get_by_role("link", name="Same address")).to_contain_text("2 events")
    panel.get_by_role("button", name="Mask again").click()
    expect(get_fact(panel, "Name").locator(".event-value")).to_have_text("masked")


def test_masked_changes_are_told_from_stored_ones(
    page: Page, system: System, stored: Stored
) -> None:
    event = read(system, f"/{stored.full}", tenantId=TENANT)
    mask = "[personal]"
    event["changes"] = {"before": {"email": mask, "state": 1}, "after": {"email": mask, "state": 2}}
    event["masked"] = ["/changes/before/email", "/changes/after/email"]
    page.route(f"**/audit-logs/{stored.full}?*", lambda route: route.fulfill(json=event))
    panel = open_event(page, stored.full, shows_personal=False)
    diff = panel.get_by_role("table", name="Changes")
    diff.get_by_role("button", name="1 unchanged value").click()
    expect(diff.locator(".masked")).to_have_text(["masked", "masked"])


def test_a_missing_right_is_explained(page: Page, stored: Stored) -> None:
    message = "the token does not name the group audit-pii, which this route takes"
    body = {"error": {"code": "group_missing", "message": message}}
    page.route("**/unmasked?*", lambda route: route.fulfill(status=403, json=body))
    panel = open_event(page, stored.full, shows_personal=False)
    proof = panel.get_by_role("region", name="Proof")
    expect(proof.get_by_role("alert")).to_contain_text("Not verified: a right is missing")
    panel.get_by_role("button", name="Show personal data").click()
    alert = panel.get_by_role("alert").filter(has_text="You may not see personal data")
    expect(alert).to_contain_text("needs the group audit-pii")
    expect(alert).to_contain_text("execute-api:Invoke")
    expect(alert).to_contain_text(message)
    assert not find_violations(page, ".event")
    page.unroute("**/unmasked?*")
    alert.get_by_role("button", name="Try again").click()
    expect(get_fact(panel, "Name")).to_contain_text("Zoë Öztürk")


def test_targets_and_the_user_it_was_done_for_lead_to_their_events(
    page: Page, stored: Stored
) -> None:
    panel = open_event(page, stored.full)
    expect(panel.get_by_role("link", name="This user, all time")).to_have_attribute(
        "href", re.compile("userId=u-18")
    )
    assert copy_text(page, panel.get_by_role("button", name="Copy trace id")) == FULL["traceId"]
    panel.get_by_role("link", name="Events of team red, all time").click()
    expect(panel).to_be_hidden()
    expect(page.locator(".chip")).to_have_text([re.compile("team"), re.compile("red")])


def test_the_canonical_form_has_the_digest(page: Page, system: System, stored: Stored) -> None:
    for event_id in (stored.full, stored.hostile["keys"], stored.hostile["hidden"]):
        panel = open_event(page, event_id)
        panel.get_by_role("heading", name="Canonical JSON").click()
        text = copy_text(page, panel.get_by_role("button", name="Copy JSON"))
        expect(panel.get_by_role("status").filter(has_text="Copied")).to_be_visible()
        digest = read(system, f"/{event_id}", tenantId=TENANT)["digest"]
        assert sha256(text.encode()).hexdigest() == digest


def test_a_refused_clipboard_leaves_the_text_selected(page: Page, stored: Stored) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    panel = open_event(page, stored.full)
    panel.get_by_role("button", name="Copy id").click()
    expect(panel.get_by_role("textbox", name="Copy id")).to_be_focused()
    assert page.evaluate("document.activeElement.value") == stored.full
    assert page.evaluate("getSelection().toString()") == stored.full
    panel.get_by_role("button", name="Copy link").click()
    link = panel.get_by_role("textbox", name="Copy link").input_value()
    assert link == page.url


def test_changes_are_compared_side_by_side(page: Page, stored: Stored) -> None:
    panel = open_event(page, stored.full)
    diff = panel.get_by_role("table", name="Changes")
    row = diff.get_by_role("row").filter(has_text="state")
    expect(row.get_by_role("cell").first).to_have_text('\N{MINUS SIGN}state "open"')
    expect(row.get_by_role("cell").last).to_have_text('+state "approved"')
    zips = diff.get_by_role("row").filter(has_text="zip")
    expect(zips.get_by_role("cell").last).to_have_text('+zip "2"')
    expect(diff).not_to_contain_text("Bonn")
    expect(diff).not_to_contain_text("total")
    diff.get_by_role("button", name="1 unchanged value").last.click()
    expect(diff).to_contain_text("total")
    diff.get_by_role("button", name="ship").click()
    expect(diff).not_to_contain_text("zip")
    left, right = (row.get_by_role("cell").nth(index).bounding_box() for index in (0, 1))
    assert left is not None
    assert right is not None
    assert left["y"] == right["y"]
    page.set_viewport_size({"width": 360, "height": 740})
    above, below = (row.get_by_role("cell").nth(index).bounding_box() for index in (0, 1))
    assert above is not None
    assert below is not None
    assert above["x"] == below["x"]
    assert above["y"] < below["y"]


def test_a_tree_is_searched(page: Page, stored: Stored) -> None:
    panel = open_event(page, stored.full)
    tree = panel.locator("details").filter(has=page.get_by_role("heading", name="Details"))
    expect(tree.get_by_role("button", name="items 40 items")).to_have_attribute(
        "aria-expanded", "false"
    )
    search = tree.get_by_label("Search in Details")
    search.fill("NEEDLE")
    expect(tree.get_by_text("2 matches")).to_be_visible()
    expect(tree.locator("mark")).to_have_text(["needle", "needle"])
    expect(tree.locator("li")).to_have_count(4)  # approval, by, its first item, note
    search.fill("sku-39")
    expect(tree.locator("mark")).to_have_text("sku-39")
    search.fill("nothing like it")
    expect(tree.get_by_text("No match")).to_be_visible()
    search.fill("")
    tree.get_by_role("button", name="Fold all").click()
    expect(tree.locator("li")).to_have_count(3)
    tree.get_by_role("button", name="Open all").click()
    expect(tree.get_by_text("sku-20")).to_be_visible()
    expect(tree.locator("li")).to_have_count(100)
    tree.get_by_role("button", name="Show 200 more rows").click()
    expect(tree.get_by_text("far behind")).to_have_count(0)  # a long text is cut


def test_pivots_lead_to_the_filtered_trail(page: Page, stored: Stored) -> None:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    panel = open_event(page, stored.full)
    user = panel.get_by_role("link", name="Same user, all time: 20+ events")
    expect(user).to_be_visible()
    expect(panel.get_by_role("link", name="Same resource, all time: 1 event")).to_be_visible()
    expect(panel.get_by_role("link", name="Same request")).to_contain_text("2 events")
    expect(panel.get_by_role("link", name="Same session")).to_contain_text("2 events")
    expect(panel.get_by_role("link", name="Same address")).to_contain_text("2 events")
    kind = panel.get_by_role("link", name="Same actor type, one hour before and after: 20+ events")
    expect(kind).to_be_visible()
    expect(panel.get_by_role("link", name="Same trace")).to_contain_text("2 events")
    assert sum("limit=21" in url for url in requests) == 8
    user.click()
    expect(panel).to_be_hidden()
    assert "userId=u-17" in page.url
    assert "range=all" in page.url
    page.go_back()
    expect(panel.get_by_role("link", name="Same user, all time: 20+ events")).to_be_visible()
    assert sum("limit=21" in url for url in requests) == 8  # none is counted again


@pytest.mark.parametrize(
    ("pivot", "chip", "events"),
    [
        ("Same trace", "Trace 0af7", "2 events"),
        ("Same actor type", "Actor type agent", "26 events"),
    ],
)
def test_a_trace_and_a_type_of_actor_lead_to_their_events(
    page: Page, stored: Stored, pivot: str, chip: str, events: str
) -> None:
    panel = open_event(page, stored.full)
    panel.get_by_role("link", name=pivot).click()
    expect(panel).to_be_hidden()
    expect(page.locator(".chip")).to_contain_text(re.compile(chip))
    expect(page.locator(".list-count")).to_have_text(events)
    expect(page.get_by_text("No index covers these filters")).to_be_visible()


def test_a_count_that_fails_is_a_dash(page: Page, stored: Stored) -> None:
    page.route("**/audit-logs?*limit=21", lambda route: route.fulfill(status=503, json={}))
    panel = open_event(page, stored.full)
    expect(
        panel.get_by_role("link", name="Same user, all time: could not be counted")
    ).to_have_text("\N{EN DASH} →")


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (404, "a clean-up removed it"),
        (403, "No permission"),
        (401, "Signed out"),
        (503, "Try again"),
    ],
)
def test_an_event_that_cannot_be_read_says_why(
    page: Page, stored: Stored, status: int, text: str
) -> None:
    pattern = f"**/audit-logs/{stored.full}?*"
    page.route(pattern, lambda route: route.fulfill(status=status, json={"error": {}}))
    page.goto(f"?tenantId={TENANT}&event={stored.full}")
    panel = page.get_by_role("region", name="Event", exact=True)
    expect(panel).to_contain_text(text)
    assert not find_violations(page, ".event")
    page.unroute(pattern)
    panel.get_by_role("button", name="Try again").click()
    expect(panel.get_by_text("Overview")).to_be_visible()
    panel.get_by_role("button", name="Close").click()
    expect(panel).to_be_hidden()


def test_an_event_changed_in_the_store_is_said_loudly(page: Page, stored: Stored) -> None:
    def respond(route: Route) -> None:
        item = {"id": stored.full, "unreadable": "its digest differs"}
        route.fulfill(json={"items": [item], "nextCursor": None})

    page.route(f"**/audit-logs/{stored.full}?*", lambda route: route.fulfill(status=500, json={}))
    page.route("**/audit-logs?*startDate=*endDate=*", respond)
    page.goto(f"?tenantId={TENANT}&event={stored.full}")
    panel = page.get_by_role("region", name="Event", exact=True)
    expect(panel.get_by_role("alert")).to_contain_text("its digest differs")
    expect(panel.get_by_role("alert")).to_contain_text("prooftrail verify trail")


@pytest.mark.parametrize("name", EXTREMES)
def test_a_hostile_event_is_only_shown(page: Page, stored: Stored, name: str) -> None:
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 740})
        panel = open_event(page, stored.hostile[name])
        for button in panel.get_by_role("button", name="Open all").all():
            button.click()
        panel.get_by_role("heading", name="Canonical JSON").click()
        for button in panel.get_by_role("button", name="Show more", exact=True).all():
            button.click()
        page.wait_for_function("() => new Promise(requestAnimationFrame)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert panel.evaluate("element => element.scrollWidth - element.clientWidth") <= 0
        assert page.evaluate("document.querySelectorAll('*').length") < 6_000
        assert page.evaluate("document.body.textContent.length") < 120_000
        assert page.evaluate("[window.hit, {}.polluted]") == [None, None]
        assert panel.locator("script, img, b, style, [onload], [onerror]").count() == 0
        hrefs = panel.locator("a").evaluate_all("links => links.map(link => link.protocol)")
        assert set(hrefs) <= {"http:"}


def test_hidden_characters_are_visible(page: Page, stored: Stored) -> None:
    panel = open_event(page, stored.hostile["hidden"])
    expect(get_fact(panel, "Name")).to_contain_text("user⟨U+202E⟩gpj.exe")
    expect(get_fact(panel, "User")).to_contain_text("admin⟨U+200B⟩")
    expect(get_fact(panel, "User agent")).to_contain_text(
        "a⟨U+0000⟩b⟨U+001B⟩[31mred⟨U+007F⟩⟨U+FEFF⟩"
    )
    expect(get_fact(panel, "Error")).to_contain_text("⟨U+0301 \N{MULTIPLICATION SIGN}396⟩")
    expect(get_fact(panel, "Error")).to_contain_text("⟨U+E0041⟩ \\ud800 \\u202e")
    expect(panel.get_by_title("Right-to-left override").first).to_be_visible()
    assert not (set("\u202e\u200b\x00\x1b\ufeff\u2066") & set(panel.inner_text()))
    selection = (
        "getSelection().selectAllChildren(document.querySelector('.event')), `${getSelection()}`"
    )
    assert "user⟨U+202E⟩gpj.exe" in page.evaluate(selection)


def test_a_long_text_is_read_in_steps(page: Page, stored: Stored) -> None:
    panel = open_event(page, stored.hostile["long"])
    agent = get_fact(panel, "User agent")
    expect(agent).to_contain_text("Characters 1 to 500 of 60,000")
    agent.get_by_role("button", name="Show more").click()
    agent.get_by_role("button", name="Show more").click()
    expect(agent).to_contain_text("Characters 1 to 10,000 of 60,000")
    agent.get_by_role("button", name="Next part").click()
    expect(agent).to_contain_text("Characters 10,001 to 20,000 of 60,000")
    agent.get_by_role("button", name="Previous part").click()
    agent.get_by_role("button", name="Show less").click()
    expect(agent).to_contain_text("Characters 1 to 500 of 60,000")


@pytest.mark.parametrize("width", [2560, 1280, 360])
def test_the_view_is_accessible(page: Page, stored: Stored, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    panel = open_event(page, stored.full if width == 1280 else stored.hostile["hidden"])
    panel.get_by_label("Search in Details").fill("e")
    panel.get_by_role("heading", name="Canonical JSON").click()
    assert not find_violations(page, ".event")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
