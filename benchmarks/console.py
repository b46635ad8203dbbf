"""The console in a browser: scrolling through 10,000 loaded rows."""

import json
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, Page, Route

from benchmarks.report import Finding, Report
from benchmarks.workload import make_events
from prooftrail.console import site
from prooftrail.event.ids import make_id
from prooftrail.event.times import format_timestamp
from tests.support.browser import NoBrowserError, launch_browser

ROWS = 10_000
NEWEST_MS = 1_764_000_000_000
FRAME_LIMIT_MS = 50
ELEMENTS_LIMIT = 2_000
FRAMES = 240
ROUNDS = 3
ORIGIN = "https://console.invalid"
CONSOLE = "/console/"
VIEWPORT = (1280, 800)
# Load all rows: go to the end until the list knows how many there are.
LOAD = """async (rows) => {
  const list = document.querySelector('.list-scroller');
  const grid = list.querySelector('[role=grid]');
  while (Number(grid.getAttribute('aria-rowcount')) !== rows + 1) {
    list.scrollTop = list.scrollHeight;
    await new Promise((resolve) => setTimeout(resolve));
  }
}"""
# Scroll from the first row to the last. Return the milliseconds of each frame, and the most
# elements that the document had.
SCROLL = """async (frames) => {
  const list = document.querySelector('.list-scroller');
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const distance = (list.scrollHeight - list.clientHeight) / frames;
  const times = [];
  let elements = 0;
  list.scrollTop = 0;
  await frame();
  let last = await frame();
  for (let count = 1; count <= frames; count += 1) {
    list.scrollTop = count * distance;
    const now = await frame();
    times.push(now - last);
    last = now;
    if (count % 10 === 0) elements = Math.max(elements, document.querySelectorAll('*').length);
  }
  return [times, elements];
}"""


@dataclass(frozen=True, slots=True)
class _Round:
    """One way through the list: the slowest frame by the clock, and what its work took at most."""

    slowest_ms: float
    median_ms: float
    work_ms: float
    elements: int


def run() -> Report:
    """Load 10,000 rows, scroll through them, and measure each frame."""
    title = "Console"
    try:
        with launch_browser() as browser:
            rounds = _scroll(browser)
    except NoBrowserError:
        return Report(title, "not measured: this machine has no Chromium", [])
    work = statistics.median(one.work_ms for one in rounds)
    elements = max(one.elements for one in rounds)
    best = min(rounds, key=lambda one: one.slowest_ms)
    width, height = VIEWPORT
    return Report(
        title,
        f"{ROWS:,} rows loaded, scrolled from the first to the last in {FRAMES} frames, "
        f"{len(rounds)} rounds; Chromium, headless, {width} by {height}",
        [
            Finding(
                "CPU of the main thread for a frame, at most",
                f"{work:.0f} ms",
                f"at most {FRAME_LIMIT_MS} ms",
                work <= FRAME_LIMIT_MS,
            ),
            Finding("slowest frame of the best round, by the clock", f"{best.slowest_ms:.0f} ms"),
            Finding("median frame of this round", f"{best.median_ms:.1f} ms"),
            Finding(
                "elements in the document, at most",
                f"{elements:,}",
                f"at most {ELEMENTS_LIMIT:,}",
                elements <= ELEMENTS_LIMIT,
            ),
        ],
    )


def _scroll(browser: Browser) -> Sequence[_Round]:
    width, height = VIEWPORT
    page = browser.new_page(viewport={"width": width, "height": height})
    page.route(f"{ORIGIN}/**", partial(_respond, _make_items()))
    page.goto(f"{ORIGIN}{CONSOLE}?range=all")
    page.wait_for_selector(".list-row")
    page.evaluate(LOAD, ROWS)
    return [_measure(browser, page) for _ in range(ROUNDS)]


def _measure(browser: Browser, page: Page) -> _Round:
    browser.start_tracing(page=page, categories=["disabled-by-default-devtools.timeline"])
    times, elements = page.evaluate(SCROLL, FRAMES)
    work_ms = _find_longest_task_ms(json.loads(browser.stop_tracing())["traceEvents"])
    return _Round(max(times), statistics.median(times), work_ms, elements)


def _find_longest_task_ms(events: Sequence[Mapping[str, Any]]) -> float:
    """Return the most CPU time of a task of the page's main thread: a frame is one task.

    It is time of this thread, so other programs of the machine do not count.
    """
    threads = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    return max(
        float(event.get("tdur", 0)) / 1000  # microseconds
        for event in events
        if event["name"] == "RunTask" and (event["pid"], event["tid"]) in threads
    )


def _make_items() -> Sequence[Mapping[str, Any]]:
    """Return the events as the API does, newest first, one a second."""
    items = []
    for number, event in enumerate(make_events(ROWS)):
        time_ms = NEWEST_MS - number * 1000
        timestamp = format_timestamp(time_ms)
        id_ = make_id(time_ms, bytes(10))
        stored = {"id": id_, "digest": "00" * 32, "receivedAt": timestamp, "v": 1}
        items.append({**event, **stored, "timestamp": timestamp})
    return items


def _respond(items: Sequence[Mapping[str, Any]], route: Route) -> None:
    url = urlsplit(route.request.url)
    if url.path.startswith(CONSOLE):
        file = site.respond(url.path.removeprefix(CONSOLE), "", {"api": ""})
        route.fulfill(status=file.status, headers=dict(file.headers), body=file.body)
    elif url.path == "/audit-logs":
        query = parse_qs(url.query)
        start = int(query.get("cursor", ["0"])[0])
        end = start + int(query["limit"][0])
        cursor = str(end) if end < len(items) else None
        route.fulfill(json={"items": items[start:end], "nextCursor": cursor})
    else:  # the statistics are not measured here
        route.fulfill(status=404, json={})
