"""What axe-core finds in a page."""

import json
from collections.abc import Sequence

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

_VIOLATIONS = {"resultTypes": ["violations"]}
_CONTRAST = {**_VIOLATIONS, "runOnly": ["color-contrast"]}


def find_violations(page: Page, part: str | None = None) -> Sequence[tuple[str, str]]:
    """Return the violations in a light page, or in a part of it, as rules and elements.

    Every rule in light, and the contrast in dark too. `part` is a CSS selector.
    """
    if page.evaluate("!window.axe"):
        page.evaluate(AXE_SCRIPT)
    found = _run(page, part, _VIOLATIONS)
    page.emulate_media(color_scheme="dark")
    found += _run(page, part, _CONTRAST)
    page.emulate_media(color_scheme="light")
    return found


def _run(page: Page, part: str | None, options: object) -> list[tuple[str, str]]:
    arguments = ", ".join(json.dumps(each) for each in (part, options) if each is not None)
    violations = page.evaluate(f"axe.run({arguments}).then((results) => results.violations)")
    return [(each["id"], each["nodes"][0]["html"]) for each in violations]
