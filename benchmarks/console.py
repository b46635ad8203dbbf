"""The console in a browser: its first load on a phone, and scrolling through 10,000 loaded rows."""

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
from local.api import CONSOLE_PATH, serve_api
from local.template import Route as ApiRoute
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
PHONE = (412, 823)
# Lighthouse's mobile profile: slow 4G, and a processor that is four times slower.
NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8}
UPLOAD = {"uploadThroughput": 750e3 / 8}
CPU_SLOWDOWN = 4
LOAD_LIMIT_BYTES = 100_000
LOAD_LIMIT_REQUESTS = 3
LOAD_LIMIT_SECONDS = 1.0
# Note when the page has painted its controls (navigation, filters, and the place of the list) and
# its first event: milliseconds of its own clock, since the navigation began. A test tool that asks
# for them would use the same slow processor.
WATCH = """(() => {
  const wanted = new Map([
    ['usable', ['nav a', '.toolbar button', '.list-frame, .list-scroller']],
    ['row', ['.list-row']],
  ]);
  const painted = {};
  window.painted = new Promise((resolve) => {
    const note = (name) => {
      painted[name] = performance.now();
      if ('usable' in painted && 'row' in painted) resolve(painted);
    };
    new MutationObserver(() => {
      for (const [name, selectors] of wanted) {
        if (!selectors.every((each) => document.querySelector(each))) continue;
        wanted.delete(name);
        requestAnimationFrame(() => setTimeout(note, 0, name));
      }
    }).observe(document, { childList: true, subtree: true });
  });
})()"""
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


@dataclass(frozen=True, slots=True)
class _Load:
    """A first load: what came over the network, and when controls and rows were painted."""

    bytes: int
    requests: int
    usable_seconds: float
    row_seconds: float


def run() -> Report:
    """Load the page as a phone does; then load 10,000 rows, scroll, and measure each frame."""
    title = "Console"
    try:
        with launch_browser() as browser:
            load = min(
                (_load(browser) for _ in range(ROUNDS)), key=lambda load: load.usable_seconds
            )
            rounds = _scroll(browser)
    except NoBrowserError:
        return Report(title, "not measured: this machine has no Chromium", [])
    work = statistics.median(one.work_ms for one in rounds)
    elements = max(one.elements for one in rounds)
    best = min(rounds, key=lambda one: one.slowest_ms)
    width, height = VIEWPORT
    return Report(
        title,
        f"first load in Lighthouse's mobile profile, best of {ROUNDS}; "
        f"{ROWS:,} rows loaded, scrolled from the first to the last in {FRAMES} frames, "
        f"{len(rounds)} rounds; Chromium, headless, {width} by {height}",
        [
            Finding(
                "first load: page and scripts, compressed",
                f"{load.bytes / 1000:.1f} kB in {load.requests} requests",
                f"at most {LOAD_LIMIT_BYTES // 1000} kB in {LOAD_LIMIT_REQUESTS}",
                load.bytes <= LOAD_LIMIT_BYTES and load.requests <= LOAD_LIMIT_REQUESTS,
            ),
            Finding(
                "first load: until the page can be used",
                f"{load.usable_seconds:.2f} s",
                f"at most {LOAD_LIMIT_SECONDS:.0f} s",
                load.usable_seconds <= LOAD_LIMIT_SECONDS,
            ),
            Finding("first load: until the first event is there", f"{load.row_seconds:.2f} s"),
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


def _load(browser: Browser) -> _Load:
    """Load the page once, over HTTP, without a cache."""
    body = json.dumps({"items": _make_items()[:100], "nextCursor": None})
    response = {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": body}
    routes = [ApiRoute("GET", "/audit-logs", "QueryFunction")]
    width, height = PHONE
    with serve_api("127.0.0.1", 0, routes, "bench", lambda _, __: response) as port:
        context = browser.new_context(viewport={"width": width, "height": height})
        page = context.new_page()
        sizes: dict[str, int] = {}
        files: set[str] = set()
        network = context.new_cdp_session(page)
        network.send("Network.enable")
        network.send("Network.emulateNetworkConditions", {**NETWORK, **UPLOAD})
        network.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN})

        def note_response(event: Mapping[str, Any]) -> None:
            if urlsplit(event["response"]["url"]).path.startswith(CONSOLE_PATH):
                files.add(event["requestId"])

        def note_size(event: Mapping[str, Any]) -> None:
            sizes[event["requestId"]] = event["encodedDataLength"]

        network.on("Network.responseReceived", note_response)
        network.on("Network.loadingFinished", note_size)
        page.add_init_script(WATCH)
        page.goto(f"http://127.0.0.1:{port}{CONSOLE_PATH}/?range=all")
        painted = page.evaluate("window.painted")
        page.wait_for_load_state("networkidle")  # with what is loaded after the list
        context.close()
    size = sum(sizes.get(each, 0) for each in files)
    return _Load(size, len(files), painted["usable"] / 1000, painted["row"] / 1000)


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
