"""What stands above the trail: filters, range, histogram, export and commands."""

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, Route, expect

from local.system import System
from prooftrail.event.canonical import canonicalize
from prooftrail.event.times import parse_timestamp
from prooftrail.export.csv import HEADER, encode_record
from prooftrail.export.ports import ExportedEvent
from prooftrail.query.ports import StoredEvent
from tests.support.accessibility import find_violations
from tests.support.browser import Watch, copy_text, open_page
from tests.support.samples import bulk_job, event_json

SETTLE_SECONDS = 300
EVENTS = 60  # one every two hours, the newest half an hour ago
TRACE = "0af7651916cd43dd8448eb211c80319c"
ACTIONS = ("user.login", "user.logout", "order.delete")
HOSTILE = {"errorMessage": '=1+1,"x"\r\n<b>', "details": {"z": [1.5, None], "10": "é"}}
HEADERS = {"Content-Type": "application/json"}


@pytest.fixture(scope="module", autouse=True)
def _events(system: System) -> None:
    now = datetime.now(UTC)
    events = [
        event_json(
            action=ACTIONS[number % 3],
            resourceType="order" if number % 3 == 2 else "user",
            resourceId=f"r-{number % 5}",
            userId=f"u-{number % 4}",
            sessionId=f"s-{number % 2}",
            actorType="robot" if number % 4 == 3 else "user",
            traceId=TRACE if number % 8 == 7 else None,
            requestId="it's $(1)" if number == 7 else f"q-{number}",
            ipAddress="2001:db8::1" if number % 2 else "203.0.113.9",
            success=number % 6 != 5,
            timestamp=(now - timedelta(hours=2 * number, minutes=30)).isoformat(),
            **(HOSTILE if number == 3 else {}),
        )
        for number in range(EVENTS)
    ]
    send(system, *events)
    assert count(system) == EVENTS


def send(system: System, *events: dict[str, Any]) -> None:
    """Send events to the queue, and let the system store and count them."""
    system.sqs.send_message(QueueUrl=system.queue_url, MessageBody=bulk_job(*events))
    system.settle(SETTLE_SECONDS)


def ask(system: System, path: str, **query: str) -> Any:
    """Return the response of the API."""
    with urlopen(f"{system.api_url}/audit-logs{path}?{urlencode(query)}") as response:  # noqa: S310
        return json.load(response)


def count(system: System, **query: str) -> int:
    """Return the number of events by the statistics."""
    return int(ask(system, "/stats", **query)["total"])


def list_all(system: System, **query: str) -> list[dict[str, Any]]:
    """Return every event of a query."""
    page = ask(system, "", limit="1000", **query)
    assert page["nextCursor"] is None
    return list(page["items"])


def get_query(page: Page) -> dict[str, str]:
    """Return the query of the page's address."""
    return {name: value for name, [value] in parse_qs(urlsplit(page.url).query).items()}


def total(page: Page) -> Locator:
    """Return the number of events that the histogram tells."""
    return page.locator(".toolbar-histogram-events")


def add_filter(page: Page, field: str, value: str) -> None:
    """Add a filter by the form."""
    page.get_by_role("button", name="Add a filter").click()
    form = page.get_by_role("dialog", name="Add a filter")
    form.get_by_label("Field").select_option(field)
    box = form.get_by_label("Value")
    box.select_option(value) if field == "Outcome" else box.fill(value)
    form.get_by_role("button", name="Apply").click()


def chip(page: Page, name: str) -> Locator:
    """Return the chip of a filter."""
    return page.locator(".chip-edit", has_text=name)


@pytest.fixture
def asked(page: Page) -> list[str]:
    """Return the API's addresses that the page has requested so far."""
    addresses: list[str] = []

    def note(request: Request) -> None:
        if "/audit-logs" in request.url:
            addresses.append(request.url)

    page.on("request", note)
    return addresses


# Filters


def test_filters_are_in_the_address_and_back_works(page: Page) -> None:
    page.goto("")
    values = {
        "User": ("userId", "u-1"),
        "Action": ("action", "user.*"),
        "Resource type": ("resourceType", "user"),
        "Resource id": ("resourceId", "r-1"),
        "Outcome": ("success", "true"),
        "Actor type": ("actorType", "agent"),
        "Request": ("requestId", "q 1&x=2"),
        "Session": ("sessionId", "s-1"),
        "Trace": ("traceId", TRACE),
        "Address": ("ipAddress", "[2001:db8::1]:443"),
    }
    shown: dict[str, str] = {}
    for field, (name, value) in values.items():
        add_filter(page, field, value)
        shown[name] = value
        expect(page.locator(".chip")).to_have_count(len(shown))
        assert get_query(page) == shown
    page.reload()
    expect(page.locator(".chip")).to_have_count(10)
    page.go_back()
    expect(page.locator(".chip")).to_have_count(9)
    expect(chip(page, "Address")).to_have_count(0)
    page.go_forward()
    expect(chip(page, "Address")).to_contain_text("[2001:db8::1]:443")
    page.get_by_role("button", name="Clear all").click()
    expect(page.locator(".chip")).to_have_count(0)
    assert get_query(page) == {}


def test_a_filter_is_changed_and_removed_by_the_keyboard_alone(page: Page) -> None:
    page.goto("?action=user.login&userId=u-1")
    chip(page, "Action").focus()
    page.keyboard.press("Enter")
    form = page.get_by_role("dialog", name="Change the filter: Action")
    expect(form.get_by_label("Action")).to_be_focused()
    expect(form.get_by_label("Action")).to_have_value("user.login")
    page.keyboard.press("Control+a")
    page.keyboard.type("order.*")
    page.keyboard.press("Enter")
    expect(form).to_have_count(0)
    assert get_query(page) == {"action": "order.*", "userId": "u-1"}
    expect(chip(page, "Action")).to_be_focused()
    page.keyboard.press("Backspace")
    expect(chip(page, "Action")).to_have_count(0)
    expect(page.get_by_role("button", name="Add a filter")).to_be_focused()
    page.get_by_role("button", name="Remove the filter: User").click()
    expect(page.locator(".chip")).to_have_count(0)
    page.keyboard.press("/")
    expect(page.get_by_role("dialog", name="Add a filter").get_by_label("Field")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_what_the_api_would_refuse_is_not_sent(page: Page, asked: list[str]) -> None:
    page.goto("")
    expect(total(page)).to_have_text(f"{EVENTS} events")
    before = len(asked)
    page.get_by_role("button", name="Add a filter").click()
    form = page.get_by_role("dialog")
    for field, value, problem in (
        ("User", "", "Enter a value."),
        ("Session", "x" * 257, "At most 256 characters."),
        ("Action", "us*er", "A star can end it"),
        ("Resource type", "user.*", "Up to 128 letters"),
        ("Actor type", "a robot", "Up to 128 letters"),
        ("Trace", TRACE[1:], "32 digits or letters from a to f"),
        ("Address", "203.0.113.256", "Not an IPv4 or IPv6 address"),
    ):
        form.get_by_label("Field").select_option(field)
        form.get_by_label("Value").fill(value)
        form.get_by_role("button", name="Apply").click()
        expect(form.locator(".toolbar-form-problem")).to_contain_text(problem)
        expect(form.get_by_label("Value")).to_have_attribute("aria-invalid", "true")
    assert len(asked) == before
    assert get_query(page) == {}


def test_an_invalid_filter_in_the_address_is_told_with_the_servers_text(page: Page) -> None:
    page.goto("?action=us*er")
    expect(chip(page, "Action")).to_contain_text("not valid")
    expect(page.locator(".toolbar-histogram-failure")).to_contain_text(
        "The audit log refused these filters: action"
    )


def test_known_names_are_offered(page: Page) -> None:
    page.goto("")
    expect(total(page)).to_have_text(f"{EVENTS} events")
    expect(page.locator("#content")).to_contain_text("u-3")
    page.get_by_role("button", name="Add a filter").click()
    form = page.get_by_role("dialog")
    form.get_by_label("Field").select_option("Action")
    options = form.locator("datalist option")
    offered = options.evaluate_all("all => all.map(each => each.value)")
    assert sorted(offered) == sorted([*ACTIONS, "user.*"])
    form.get_by_label("Field").select_option("Resource type")
    expect(options).to_have_count(2)
    form.get_by_label("Field").select_option("User")
    expect(options).to_have_count(4)
    form.get_by_label("Field").select_option("Actor type")
    expect(options).to_have_count(6)  # the five of docs/event.md, and `robot`


def test_a_hostile_value_is_text(page: Page) -> None:
    page.goto("?" + urlencode({"userId": "<img src=x onerror=alert(1)>\u202etxt" + "x" * 200}))
    value = chip(page, "User")
    expect(value).to_contain_text("<img src=x")
    assert value.locator("img").count() == 0
    assert "\u202e" not in value.inner_text()
    box = page.locator(".chip").bounding_box()
    assert box
    assert box["width"] < 400


def test_slow_filters_are_told(page: Page) -> None:
    hint = page.get_by_text("No index covers these filters")
    page.goto("?sessionId=s-1")
    expect(hint).to_be_visible()
    add_filter(page, "User", "u-1")
    expect(hint).to_have_count(0)


# Range


def test_presets(page: Page, system: System) -> None:
    page.goto("")
    group = page.get_by_role("group", name="Time range")
    expect(group.get_by_role("button", name="Last 30 days")).to_have_attribute(
        "aria-pressed", "true"
    )
    for name, value, events in (
        ("Last hour", "1h", 1),
        ("Last 24 hours", "24h", 12),
        ("Last 7 days", "7d", EVENTS),
        ("Last 90 days", "90d", EVENTS),
        ("All time", "all", EVENTS),
    ):
        group.get_by_role("button", name=name).press("Enter")
        expect(group.get_by_role("button", name=name)).to_have_attribute("aria-pressed", "true")
        expect(total(page)).to_have_text(re.compile(rf"^({events}|{events + 1}) events?$"))
        assert get_query(page) == {"range": value}
    page.go_back()
    expect(group.get_by_role("button", name="Last 90 days")).to_have_attribute(
        "aria-pressed", "true"
    )


def test_the_picker_takes_local_times(browser: Browser, system: System, watch: Watch) -> None:
    with open_page(browser, watch, timezone_id="Europe/Berlin", locale="en-GB") as page:
        choose_a_range(page, system)


def choose_a_range(page: Page, system: System) -> None:
    page.goto(f"{system.api_url}/console/?range=7d")
    page.get_by_role("button", name="Custom").click()
    form = page.get_by_role("dialog", name="Choose a time range")
    expect(form).to_contain_text("Europe/Berlin (GMT+1)")
    form.get_by_label("From").fill("2025-11-24T09:00")
    form.get_by_label("To").fill("2025-11-24T09:00")
    form.get_by_role("button", name="Apply").click()
    expect(form).to_contain_text("The end must be after the start.")
    form.get_by_label("To").fill("2025-11-24T10:30")
    form.get_by_role("button", name="Apply").click()
    chosen = page.get_by_role("group", name="Time range").locator("[aria-haspopup]")
    expect(chosen).to_contain_text("09:00")
    expect(chosen).to_contain_text("10:30")
    assert get_query(page) == {
        "startDate": "2025-11-24T08:00:00.000Z",
        "endDate": "2025-11-24T09:30:00.000Z",
    }


# Histogram


def test_a_brush_chooses_whole_hours(page: Page, system: System) -> None:
    page.goto("?range=7d")
    expect(total(page)).to_have_text(f"{EVENTS} events")
    plot = page.locator(".u-over").bounding_box()
    assert plot
    middle = plot["y"] + plot["height"] / 2
    page.mouse.move(plot["x"] + plot["width"] * 0.5, middle)
    page.mouse.down()
    page.mouse.move(plot["x"] + plot["width"] * 0.8, middle, steps=4)
    page.mouse.up()
    page.wait_for_url("**startDate**")
    chosen = get_query(page)
    assert all(each.endswith(":00:00.000Z") for each in chosen.values())
    start, end = (parse_timestamp(chosen[name]) for name in ("startDate", "endDate"))
    assert 48 <= (end - start) / 3_600_000 <= 54
    events = count(system, startDate=chosen["startDate"], endDate=iso(end - 1))
    assert 0 < events < EVENTS
    expect(total(page)).to_have_text(f"{events} events")
    page.get_by_role("button", name="Zoom out").click()
    expect(total(page)).to_have_text(f"{EVENTS} events")
    assert get_query(page) == {"range": "7d"}
    page.go_back()
    expect(total(page)).to_have_text(f"{events} events")


def iso(ms: int) -> str:
    """Return an instant as the API writes it."""
    return datetime.fromtimestamp(ms / 1_000, UTC).isoformat().replace("+00:00", "Z")


def test_a_click_on_a_bar_chooses_it_and_a_double_click_goes_back(page: Page) -> None:
    page.goto("?range=24h")
    expect(total(page)).to_have_text(re.compile("^1[23] events$"))  # the first hour is whole
    plot = page.locator(".u-over")
    box = plot.bounding_box()
    assert box
    plot.click(position={"x": box["width"] * 0.5, "y": 5})
    page.wait_for_url("**startDate**")
    chosen = get_query(page)
    start, end = (parse_timestamp(chosen[name]) for name in ("startDate", "endDate"))
    assert end - start == 3_600_000
    expect(page.get_by_role("button", name="Zoom out")).to_be_visible()
    expect(page.locator(".toolbar-histogram")).to_have_attribute("aria-busy", "false")
    plot.dblclick(position={"x": 20, "y": 5})
    page.wait_for_url("**range=24h")
    expect(total(page)).to_have_text(re.compile("^1[23] events$"))


def test_the_keyboard_chooses_bars_and_says_which(page: Page, system: System) -> None:
    page.goto("?range=7d")
    expect(total(page)).to_have_text(f"{EVENTS} events")
    slider = page.get_by_role("slider", name="Choose a range by the bars")
    bars = int(slider.get_attribute("aria-valuemax") or 0)
    slider.focus()
    page.keyboard.press("ArrowLeft")
    expect(slider).to_have_attribute("aria-valuenow", str(bars - 1))
    for _ in range(3):
        page.keyboard.press("Shift+ArrowLeft")
    expect(slider).to_have_attribute("aria-valuetext", re.compile(": 2 succeeded, 0 failed$"))
    expect(page.locator(".u-select")).to_be_visible()
    told = slider.get_attribute("aria-valuetext") or ""
    expect(total(page)).to_have_text(told.rpartition(":")[0])
    assert not find_violations(page, ".toolbar")
    page.keyboard.press("Escape")
    expect(total(page)).to_have_text(f"{EVENTS} events")
    page.keyboard.press("Home")
    page.keyboard.press("Shift+PageUp")
    page.keyboard.press("Enter")
    page.wait_for_url("**startDate**")
    chosen = get_query(page)
    start, end = (parse_timestamp(chosen[name]) for name in ("startDate", "endDate"))
    assert end - start == 11 * 3_600_000
    expect(slider).to_be_focused()
    expect(slider).to_have_attribute("aria-valuemax", "11")


PRESS_AT_ONCE = """
new MutationObserver((_, observer) => {
  const slider = document.querySelector('[role=slider]');
  if (!slider) return;
  observer.disconnect();
  slider.focus();
  slider.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft', bubbles: true }));
}).observe(document, { childList: true, subtree: true });
"""


def test_keys_choose_bars_before_the_chart_is_drawn(page: Page) -> None:
    page.add_init_script(PRESS_AT_ONCE)
    page.goto("?range=7d")
    slider = page.get_by_role("slider")
    last = slider.get_attribute("aria-valuemax") or ""
    expect(slider).to_have_attribute("aria-valuenow", str(int(last) - 1))
    page.keyboard.press("Shift+ArrowLeft")
    expect(slider).to_have_attribute("aria-valuenow", str(int(last) - 2))
    told = slider.get_attribute("aria-valuetext") or ""
    expect(page.locator(".u-select")).to_be_visible()
    expect(total(page)).to_have_text(told.rpartition(":")[0])


def test_days_of_the_histogram_are_told_to_be_in_utc(page: Page, system: System) -> None:
    page.goto("?range=30d")
    expect(total(page)).to_have_text(f"{EVENTS} events")
    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowLeft")
    expect(total(page)).to_have_text(re.compile(r" \(UTC\)$"))
    rows = page.get_by_role("table", name="Events over time").locator("tbody th")
    expect(rows.first).to_have_text(re.compile(r" \(UTC\)$"))


def test_the_histogram_follows_what_statistics_know(
    page: Page, system: System, asked: list[str]
) -> None:
    page.goto("?range=7d")
    expect(total(page)).to_have_text(f"{EVENTS} events")
    add_filter(page, "Action", "user.*")
    expect(total(page)).to_have_text("40 events")
    expect(page.locator(".toolbar-histogram-legend")).to_contain_text("40 succeeded")
    before = sum("/stats" in address for address in asked)
    add_filter(page, "Outcome", "false")
    expect(total(page)).to_have_text("0 events")
    add_filter(page, "Session", "s-1")
    add_filter(page, "Address", "203.0.113.9")
    expect(page.get_by_text("The histogram ignores: Session, Address")).to_be_visible()
    assert sum("/stats" in address for address in asked) == before


def test_the_bars_are_told_in_a_table(page: Page, system: System) -> None:
    page.goto("?range=7d")
    rows = page.get_by_role("table", name="Events over time").locator("tbody tr")
    expect(rows).to_have_count(EVENTS)
    cells = rows.locator("td").all_inner_texts()
    assert sum(map(int, cells[::2])) == 50
    assert sum(map(int, cells[1::2])) == 10
    expect(page.locator(".toolbar-histogram-legend")).to_contain_text("Busiest:")


def test_a_changed_filter_asks_the_api_twice_at_most(page: Page, asked: list[str]) -> None:
    page.goto("?range=7d")
    expect(total(page)).to_have_text(f"{EVENTS} events")
    page.wait_for_load_state("networkidle")
    asked.clear()
    add_filter(page, "Action", "order.delete")
    expect(total(page)).to_have_text("20 events")
    page.wait_for_load_state("networkidle")
    assert len(asked) <= 2
    assert sum("/stats" in address for address in asked) == 1


def test_superseded_counts_are_aborted(page: Page) -> None:
    held: list[Route] = []
    aborted: list[str] = []
    page.on("requestfailed", lambda request: aborted.append(request.url))
    page.route("**/stats*action=user.login*", lambda route: held.append(route))
    page.goto("?range=7d")
    expect(total(page)).to_have_text(f"{EVENTS} events")
    add_filter(page, "Action", "user.login")
    expect(page.locator(".toolbar-histogram")).to_have_attribute("aria-busy", "true")
    page.go_back()
    expect(page.locator(".toolbar-histogram")).to_have_attribute("aria-busy", "false")
    assert len(held) == 1
    assert any("/stats" in url and "action=user.login" in url for url in aborted)
    expect(total(page)).to_have_text(f"{EVENTS} events")


def test_what_arrives_in_live_mode_is_counted(page: Page, system: System) -> None:
    send(system, event_json(tenantId="acme", userId="u-early"))
    page.clock.install()
    page.goto("?tenantId=acme")
    expect(total(page)).to_have_text("1 event")
    page.get_by_role("button", name="Live").click()
    send(system, event_json(tenantId="acme", userId="u-late"))
    page.clock.fast_forward("00:30")
    expect(page.locator("#content")).to_contain_text("u-late")
    page.clock.fast_forward("01:01")
    expect(total(page)).to_have_text("2 events")


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (400, "must leave at most 50000 events of the user in the range"),
        (401, "Signed out"),
        (403, "No permission"),
        (429, "Too many requests"),
        (503, "Not available"),
        (0, "No connection"),
    ],
)
def test_the_histogram_says_why_it_is_missing(page: Page, status: int, text: str) -> None:
    def fail(route: Route) -> None:
        if status == 0:
            return route.abort("internetdisconnected")
        body = json.dumps({"error": {"code": "x", "message": text, "fields": []}})
        return route.fulfill(status=status, body=body, headers=HEADERS)

    page.route("**/audit-logs/stats*", fail)
    page.goto("?userId=u-1&range=7d")
    failure = page.locator(".toolbar-histogram-failure")
    expect(failure).to_contain_text(text)
    assert not find_violations(page, ".toolbar")
    page.unroute("**/audit-logs/stats*")
    failure.get_by_role("button", name="Try again").click()
    expect(total(page)).to_have_text("15 events")


# Export


@pytest.fixture
def without_picker(page: Page) -> None:
    """Take the File System Access API away, as in Firefox and Safari."""
    page.add_init_script("delete window.showSaveFilePicker")


@pytest.mark.usefixtures("without_picker")
def test_ndjson_has_every_event_of_the_view(page: Page, system: System, tmp_path: Path) -> None:
    page.goto("?range=all&action=user.*&sessionId=s-1")
    page.get_by_role("button", name="Export").click()
    expect(page.get_by_text("at most 100,000")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as NDJSON").click()
    expect(page.locator(".toolbar-export-status")).to_contain_text("Exported 20 events.")
    download.value.save_as(tmp_path / "file")
    assert re.fullmatch(r"audit-events-\d{4}-\d\d-\d\d\.ndjson", download.value.suggested_filename)
    lines = (tmp_path / "file").read_text().splitlines()
    expected = list_all(system, action="user.*", sessionId="s-1")
    assert [json.loads(line) for line in lines] == expected
    page.get_by_role("button", name="Close").click()
    expect(page.locator(".toolbar-export-status")).to_be_empty()


@pytest.mark.usefixtures("without_picker")
def test_csv_is_the_command_lines_without_positions(
    page: Page, system: System, tmp_path: Path
) -> None:
    page.goto("?range=all")
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as CSV").click()
    download.value.save_as(tmp_path / "file")
    expected = [make_csv_record(item) for item in list_all(system)]
    assert len(expected) == EVENTS
    assert (tmp_path / "file").read_bytes().decode() == HEADER.decode() + "".join(expected)
    assert '"\'=1+1,""x""\r\n<b>"' in "".join(expected)


def make_csv_record(item: dict[str, Any]) -> str:
    """Return the record that the command line writes, without the position."""
    receipt = ("id", "digest", "receivedAt", "submittedBy")
    fields = {name: value for name, value in item.items() if name not in receipt}
    stored = StoredEvent(
        item["id"],
        bytes.fromhex(item["digest"]),
        parse_timestamp(item["receivedAt"]),
        canonicalize(fields),
        item.get("submittedBy"),
    )
    return encode_record(ExportedEvent(0, stored, fields)).removeprefix('"0"')


PICKER = """
window.showSaveFilePicker = async ({ suggestedName }) => {
  const folder = await navigator.storage.getDirectory();
  return folder.getFileHandle(suggestedName, { create: true });
};
window.readExported = async () => {
  const folder = await navigator.storage.getDirectory();
  for await (const [, handle] of folder.entries()) return (await handle.getFile()).text();
};
"""


def test_a_file_is_written_while_pages_are_read(page: Page, system: System) -> None:
    def shorten(route: Route) -> None:
        route.continue_(url=route.request.url.replace("limit=1000", "limit=25"))

    page.add_init_script(PICKER)
    page.route("**/audit-logs?*limit=1000*", shorten)
    page.goto("?range=all")
    page.get_by_role("button", name="Export").click()
    expect(page.get_by_text("at most 1,000,000")).to_be_visible()
    page.get_by_role("button", name="Download as NDJSON").click()
    expect(page.locator(".toolbar-export-status")).to_contain_text(f"Exported {EVENTS} events.")
    lines = page.evaluate("readExported()").splitlines()
    assert [json.loads(line)["id"] for line in lines] == [each["id"] for each in list_all(system)]


def test_a_cancelled_export_keeps_nothing(page: Page) -> None:
    held: list[Route] = []

    def hold_second(route: Route) -> None:
        if "cursor=" in route.request.url:
            held.append(route)
        else:
            route.continue_(url=route.request.url.replace("limit=1000", "limit=25"))

    page.add_init_script(PICKER)
    page.route("**/audit-logs?*limit=1000*", hold_second)
    page.goto("?range=all")
    page.get_by_role("button", name="Export").click()
    page.get_by_role("button", name="Download as NDJSON").click()
    status = page.locator(".toolbar-export-status")
    expect(status).to_contain_text("Exporting: 25 events")
    status.get_by_role("button", name="Cancel").click()
    expect(status).to_contain_text("The export was cancelled. Nothing is kept.")
    assert page.evaluate("readExported()") == ""


@pytest.mark.usefixtures("without_picker")
def test_an_export_that_fails_says_why(page: Page) -> None:
    body = json.dumps({"error": {"code": "forbidden", "message": "no", "fields": []}})
    page.goto("?range=all")
    page.route(
        "**/audit-logs?*limit=1000*",
        lambda route: route.fulfill(status=403, body=body, headers=HEADERS),
    )
    page.get_by_role("button", name="Export").click()
    page.get_by_role("button", name="Download as CSV").click()
    expect(page.locator(".toolbar-export-status")).to_contain_text("failed: No permission")


# Commands


VIEWS = [
    "?range=all&requestId=it%27s%20%24(1)",
    "?range=7d&action=user.*&success=false&ipAddress=2001:db8::1&sessionId=s-1",
    "?range=all&resourceType=order&resourceId=r-2&userId=u-0",
    "?range=30d&actorType=robot&traceId=" + TRACE.upper(),
    "?range=24h",
]


@pytest.mark.parametrize("view", VIEWS)
def test_the_copied_commands_list_the_events_of_the_view(
    page: Page, system: System, view: str
) -> None:
    page.goto(view)
    page.get_by_role("button", name="Export").click()
    curl = copy_text(page, page.get_by_role("button", name="Copy as curl"))
    listed = json.loads(run_shell(system, f"{curl} -sS"))["items"]
    command = copy_text(page, page.get_by_role("button", name="Copy as command"))
    assert "--stack=audit-log" in command
    lines = run_shell(system, f"{command} --json").splitlines()
    assert [json.loads(line)["id"] for line in lines] == [each["id"] for each in listed]
    query = {name: value for name, value in get_query(page).items() if name != "range"}
    expected = {each["id"] for each in list_all(system, **query)}
    assert {each["id"] for each in listed} <= expected
    assert "24h" in view or {each["id"] for each in listed} == expected


def run_shell(system: System, command: str) -> str:
    """Return what a command prints, where `prooftrail` is on the path and AWS is the system's."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "AWS_ENDPOINT_URL": system.endpoint_url}
    done = subprocess.run(
        ["/bin/bash", "-c", command], env=environment, check=True, capture_output=True, text=True
    )
    return done.stdout


# Access


@pytest.mark.parametrize("width", [360, 1280, 2560])
def test_everything_is_accessible(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    page.goto("?action=user.*&sessionId=s-1&success=true&startDate=2026-01-01&endDate=2026-01-02")
    if width == 360:
        fold = page.get_by_role("button", name="3 filters")
        expect(page.get_by_role("button", name="Add a filter")).to_be_hidden()
        fold.click()
    expect(page.locator(".toolbar-histogram")).to_have_attribute("aria-busy", "false")
    for name in ("Filter", "Export", "Jan", "Session"):
        page.locator(".toolbar-disclosure > button", has_text=name).click()
        panel = page.get_by_role("dialog")
        expect(panel).to_be_visible()
        box = panel.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert not find_violations(page, ".toolbar")
        page.keyboard.press("Escape")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
