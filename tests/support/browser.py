"""A Chromium for the tests of the console, and what its pages report."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    Route,
    expect,
    sync_playwright,
)

PATIENCE_MS = 60_000
LATER_MS = 250
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

READ_COPIED = """async () => {
  for (;;) {
    const text = await navigator.clipboard.readText();
    if (text) return text;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}"""


@dataclass
class Watch:
    """What a page reported: exceptions and errors of its scripts, and violations of its policy."""

    errors: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)


class NoBrowserError(Exception):
    """This machine has no Chromium that starts."""


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Start this machine's Chromium, or Playwright's own.

    Without either, skip the test. Fail it where the environment has `REQUIRE_BROWSER`, as in CI.
    """
    try:
        with launch_browser() as browser:
            yield browser
    except NoBrowserError as error:
        if os.environ.get("REQUIRE_BROWSER"):
            raise
        pytest.skip(str(error))


@contextmanager
def launch_browser() -> Iterator[Browser]:
    """Start this machine's Chromium, or Playwright's own.

    Raises:
        NoBrowserError: there is neither.
    """
    expect.set_options(timeout=PATIENCE_MS)
    found = next(filter(None, map(shutil.which, NAMES)), None)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(
                executable_path=found, args=["--no-sandbox"], chromium_sandbox=False
            )
        except Error as error:
            advice = "install chromium, or run `playwright install chromium`"
            text = f"no browser: {advice}: {error.message.splitlines()[0]}"
            raise NoBrowserError(text) from error
        yield browser
        browser.close()


@contextmanager
def open_page(browser: Browser, watch: Watch, **options: Any) -> Iterator[Page]:
    """Open a page in a context with these options. At the end, nothing was reported to `watch`.

    A slow machine has time: what is waited for is there as soon as it can be.
    """
    context = browser.new_context(**options)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    watch_page(page, watch)
    slow_down(page, float(os.environ.get("SLOW") or 1))
    yield page
    context.close()
    assert not watch.errors
    assert not watch.violations


def slow_down(page: Page, factor: float) -> None:
    """Slow the page down by this factor, and delay its second script.

    This reveals a test that does not wait, and a page that loses what the reader did meanwhile.
    """
    if factor <= 1:
        return

    def delay(route: Route) -> None:
        with suppress(Error):  # the test has ended
            page.wait_for_timeout(factor * LATER_MS)
            route.continue_()

    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": factor})
    page.route("**/hashed/later*", delay)


def copy_text(page: Page, button: Locator) -> str:
    """Click a button that copies a text. Return the text."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("navigator.clipboard.writeText('')")
    button.click()
    return str(page.evaluate(READ_COPIED))


def watch_page(page: Page, watch: Watch) -> None:
    """Note what the page reports from now on."""

    def note(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            watch.violations.append(message.text)
        elif message.type == "error" and "Failed to load resource" not in message.text:
            watch.errors.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: watch.errors.append(str(error)))
