"""The console's page, its navigation and its headers."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

AXE = Axe()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_views_are_reached_and_left(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto("")
    for name in ("Statistics", "Health"):
        page.get_by_role("link", name=name).click()
        expect(page.get_by_role("link", name=name)).to_have_attribute("aria-current", "page")
        assert f"view={name.lower()}" in page.url
        assert not AXE.run(page).response["violations"]
    page.go_back()
    expect(page.get_by_role("link", name="Statistics")).to_have_attribute("aria-current", "page")


def test_the_address_without_a_slash_leads_to_the_page(page: Page) -> None:
    page.goto("../console")
    assert page.url.endswith("/console/")
