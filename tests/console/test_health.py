"""The health of the system in the browser: states, rules, refreshes, and what cannot be read."""

import base64
import hashlib
import json
import time
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from local.system import System
from prooftrail.event.times import format_timestamp, now_ms
from tests.support.accessibility import find_violations
from tests.support.browser import copy_text

METRICS = "**/audit-logs/metrics"
LOG = "**/audit-logs/log"
CHECKPOINT = "**/audit-logs/checkpoint"
SETTLE_SECONDS = 300
SINCE = "2026-11-24T00:00:00.000Z"


@pytest.fixture(scope="module", autouse=True)
def published(system: System) -> None:
    """Store an event, and publish it."""
    event = {
        "eventId": "e-1",
        "timestamp": format_timestamp(now_ms()),
        "action": "user.login",
        "resourceType": "user",
        "resourceId": "u-1",
    }
    body = json.dumps({"type": "log_event", "data": event})
    system.sqs.send_message(QueueUrl=system.queue_url, MessageBody=body)
    system.settle(SETTLE_SECONDS)
    system.run_schedules()


def make_metrics(state: str = "OK", **jobs: Any) -> dict[str, Any]:
    """Return a response of the API."""
    audit = {"eventsLogged": 900, "eventsFailed": 0, "successRate": 100.0}
    return {
        "audit": audit,
        "jobs": {
            "audit": {
                "queued": 0,
                "active": 0,
                "deadLettered": 0,
                "deadLettersByReason": [],
                "completed": 900,
                "failed": 0,
                "successRate": 100.0,
                "averageDuration": 120.5,
                "throughput": 0.625,
                "oldestMessageSeconds": 12.0,
                **jobs,
            }
        },
        "ledger": {"committed": 1},
        "alarms": [{"name": "audit-log-TamperAlarm-1", "state": state, "since": SINCE}],
    }


def find(page: Page, name: str) -> Locator:
    return page.locator(f'.health-finding[data-name="{name}"]')


def test_a_system_that_works_is_fine(page: Page, system: System) -> None:
    """Except its alarms: a local system has none, so their state is not known."""
    page.goto("?view=health")
    expect(page.get_by_role("heading", level=2)).to_have_text(
        "?Not known1 not known, the others are fine"
    )
    expect(find(page, "alarms")).to_contain_text("?Not known")
    expect(find(page, "alarms")).to_contain_text("CloudWatch has no alarm with")
    expect(find(page, "alarms").get_by_text("prooftrail doctor")).to_be_visible()
    expect(find(page, "stored")).to_contain_text("1")
    expect(find(page, "signature")).to_contain_text("valid")
    expect(find(page, "size")).to_contain_text("1")
    key = base64.b64decode(system.verifier_key.split("+", 2)[2])[1:]
    shown = page.locator(".health-facts .health-hash").first.inner_text()
    assert shown.replace(" ", "") == hashlib.sha256(key).hexdigest()
    expect(page.locator(".health-facts")).to_contain_text(system.verifier_key)
    assert not find_violations(page)


def test_alarms_that_are_all_off_are_fine(page: Page) -> None:
    page.route(METRICS, lambda route: route.fulfill(json=make_metrics()))
    page.goto("?view=health")
    expect(page.get_by_role("heading", level=2)).to_have_text(
        "✓FineAll is fine, as far as the API tells"
    )
    expect(find(page, "alarms")).to_contain_text("No alarm of the stack is on.")


def test_what_is_not_fine_says_so_in_words(page: Page) -> None:
    numbers = {"deadLettered": 3, "queued": 4_000, "active": 12, "failed": 300}
    metrics = make_metrics("ALARM", **numbers, successRate=75.0, completed=0)
    page.route(METRICS, lambda route: route.fulfill(json=metrics))
    page.goto("?view=health")
    expect(page.get_by_role("heading", level=2)).to_have_text("✕Wrong3 wrong, 2 to look at")
    for name, state, sentence in (
        ("alarms", "✕Wrong", "On: TamperAlarm for"),
        ("oldest", "✓Fine", "So long has the oldest message waited."),
        ("deadLetters", "✕Wrong", "Messages that could not be stored: 3."),
        ("queue", "!Look", "More messages wait than usual. Being processed: 12."),
        ("stored", "!Look", "Nothing was stored in the last 24 hours."),
        ("attempts", "✕Wrong", "300 of 300 attempts failed; the success rate is 75%."),
        ("batches", "✓Fine", "The processor needs this long for a batch, on average."),
    ):
        expect(find(page, name).locator(".health-state")).to_have_text(state)
        expect(find(page, name)).to_contain_text(sentence)
    assert not find_violations(page)


def test_the_command_for_dead_letters_is_copied(page: Page) -> None:
    page.route(METRICS, lambda route: route.fulfill(json=make_metrics(deadLettered=1)))
    page.goto("?view=health")
    button = find(page, "deadLetters").get_by_role("button", name="Copy the command")
    expect(find(page, "deadLetters")).to_contain_text("At least 1 of those that wait")
    copied = copy_text(page, button)
    assert copied == "prooftrail dead-letters list --stack audit-log"
    expect(page.get_by_text("prooftrail doctor --stack audit-log")).to_be_visible()


@pytest.mark.parametrize("what", ["size", "signature", "time"])
def test_a_checkpoint_that_was_tampered_with_is_wrong(page: Page, what: str) -> None:
    def respond(route: Route) -> None:
        note = route.fetch().text()
        text, lines = note.split("\n\n")
        if what == "size":
            origin, size, root = text.split("\n")
            text = f"{origin}\n{int(size) + 1}\n{root}"
        else:
            each = lines.splitlines()
            at = 0 if what == "signature" else 1
            start, _, content = each[at].rpartition(" ")
            data = bytearray(base64.b64decode(content))
            data[11] ^= 1  # of the signature, or of the cosignature's time
            each[at] = f"{start} {base64.b64encode(data).decode()}"
            lines = "\n".join(each) + "\n"
        route.fulfill(body=f"{text}\n\n{lines}")

    page.route(CHECKPOINT, respond)
    page.goto("?view=health")
    expect(find(page, "signature")).to_contain_text("Wrong")
    expect(find(page, "signature")).to_contain_text("not valid")


@pytest.mark.parametrize(("hours", "state"), [(0.5, "Fine"), (1.5, "Look"), (2.5, "Wrong")])
def test_the_age_of_the_checkpoint_counts(page: Page, hours: float, state: str) -> None:
    page.clock.install(time=time.time() + hours * 3_600)
    page.goto("?view=health")
    expect(find(page, "checkpoint").locator(".health-state")).to_contain_text(state)


def test_it_refreshes_every_minute_while_it_is_visible(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.install()
    page.goto("?view=health")
    expect(page.get_by_text("As of")).to_be_visible()
    page.route(METRICS, lambda route: route.fulfill(json=make_metrics(deadLettered=7)))
    page.clock.run_for(61_000)
    expect(find(page, "deadLetters").locator(".health-value")).to_have_text("7")
    page.wait_for_load_state("networkidle")  # a part that is still loaded would count as new later
    page.evaluate(
        "Object.defineProperty(document, 'visibilityState', {value: 'hidden', writable: true})"
    )
    count = len(asked)
    page.clock.run_for(300_000)
    assert len(asked) == count
    with page.expect_request(METRICS):
        page.evaluate(
            "document.visibilityState = 'visible';"
            "document.dispatchEvent(new Event('visibilitychange'))"
        )


def test_a_part_that_cannot_be_read_leaves_the_others(page: Page) -> None:
    page.route(METRICS, lambda route: route.fulfill(status=403, body="{}"))
    page.goto("?view=health")
    expect(page.get_by_role("alert")).to_contain_text("No permission")
    expect(page.get_by_role("heading", level=2)).to_have_text(
        "?Not known1 not known. Part of it could not be read"
    )
    expect(find(page, "lag")).to_contain_text("The API did not tell how many events are committed.")
    expect(find(page, "signature")).to_contain_text("Fine")
    assert not find_violations(page)


def test_a_refresh_that_fails_keeps_the_values(page: Page) -> None:
    page.goto("?view=health")
    expect(find(page, "signature")).to_contain_text("Fine")
    page.route(LOG, lambda route: route.fulfill(status=503, body="{}"))
    page.get_by_role("button", name="Refresh").click()
    expect(page.get_by_role("alert")).to_contain_text("Not available")
    expect(page.get_by_text("Below are the values of")).to_be_visible()
    expect(find(page, "size")).to_be_visible()
    page.unroute(LOG)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_log_without_a_checkpoint_is_told(page: Page, system: System) -> None:
    log = {"origin": "log", "verifierKey": system.verifier_key, "size": 0}
    page.route(LOG, lambda route: route.fulfill(json=log))
    page.route(CHECKPOINT, lambda route: route.fulfill(status=404, body="{}"))
    page.goto("?view=health")
    expect(page.get_by_text("The log has no checkpoint yet.")).to_be_visible()
    expect(find(page, "size")).to_contain_text("Events were stored, but none is published yet.")
    expect(find(page, "checkpoint")).to_have_count(0)


@pytest.mark.parametrize("width", [360, 2560])
def test_hostile_names_do_not_break_the_page(page: Page, width: int) -> None:
    log = {"origin": "<b>log</b>\u202e" + "x" * 500, "verifierKey": "k" * 2_000, "size": 9}
    page.route(LOG, lambda route: route.fulfill(json=log))
    page.set_viewport_size({"width": width, "height": 740})
    page.goto("?view=health")
    facts = page.locator(".health-facts")
    expect(facts).to_contain_text("<b>log</b>")
    assert "\u202e" not in facts.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.get_by_role("main").evaluate("main => main.scrollWidth <= main.clientWidth")


def test_dead_letters_are_shown_with_their_reasons(page: Page, system: System) -> None:
    bad = json.dumps({"type": "log_event", "data": {"action": "user.login"}})
    for body in ("{", bad, bad):
        system.sqs.send_message(QueueUrl=system.queue_url, MessageBody=body)
    system.settle(SETTLE_SECONDS)
    page.goto("?view=health")
    letters = find(page, "deadLetters")
    expect(letters.locator(".health-state")).to_have_text("✕Wrong")
    expect(letters).to_contain_text("Dead letters made in the last 24 hours: 3. Their reasons:")
    expect(letters.locator(".health-details li")).to_contain_text(
        ["2InvalidEventError", "1MalformedJobError"]
    )
    expect(letters.get_by_text("prooftrail dead-letters list")).to_be_visible()
    assert not find_violations(page)
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.get_by_role("main").evaluate("main => main.scrollWidth <= main.clientWidth")
    system.sqs.purge_queue(QueueUrl=system.stack.resources["AuditDeadLetterQueue"])
    page.get_by_role("button", name="Refresh").click()
    expect(letters).to_contain_text("No dead letter waits: those of the last 24 hours")
