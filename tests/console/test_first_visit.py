"""A first visit: who deleted what yesterday, and is that proven? Without reading documentation."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from local.dev import store_sample_month
from local.system import System, run_system
from tests.support.stack import cool_down

PATIENT_MS = 20_000


@pytest.fixture(scope="module")
def logged() -> list[str]:
    """Return what the functions log as warnings and errors."""
    return []


@pytest.fixture(scope="module")
def system(logged: list[str]) -> Iterator[System]:
    """Return a system with the month of events that `make dev` begins with."""

    def note(function: str, record: Mapping[str, Any]) -> None:
        if record.get("level") in {"WARNING", "ERROR", "CRITICAL"}:
            logged.append(f"{function}: {record.get('message')}")

    cool_down()
    with run_system(parameters={"AuditReads": "false"}, on_log=note) as system:
        store_sample_month(system)
        yield system


def test_the_functions_report_nothing_of_the_sample_month(
    system: System, logged: list[str]
) -> None:
    assert system.verifier_key
    assert logged == []


def test_a_visitor_finds_who_deleted_what_yesterday_and_sees_it_verified(page: Page) -> None:
    page.goto("./")
    rows = page.locator(".list-row")
    expect(rows.first).to_be_visible(timeout=PATIENT_MS)
    page.get_by_role("button", name="Add a filter").click()
    page.get_by_label("Field").select_option("Action")
    value = page.get_by_label("Value")
    offered = value.evaluate("input => [...input.list.options].map(({ value }) => value)")
    [deletion] = [action for action in offered if "delete" in action]
    value.fill(deletion)
    page.get_by_role("button", name="Apply").click()

    expect(rows).to_have_count(1, timeout=PATIENT_MS)
    yesterday = datetime.now(UTC) - timedelta(days=1)
    expect(rows).to_contain_text(f"{yesterday:%b} {yesterday.day}, {yesterday.year}")
    expect(rows).to_contain_text("Dmitri Hanssen")
    expect(rows).to_contain_text("project borealis")
    rows.click()

    event = page.get_by_role("region", name="Event", exact=True)
    expect(event.get_by_text("Verified here")).to_be_visible(timeout=PATIENT_MS)
    expect(event).to_contain_text("the log recorded exactly this event")
    expect(event).to_contain_text("192.0.2.199")


def test_a_visitor_finds_the_attack_of_that_night_and_how_it_ended(page: Page) -> None:
    page.goto("./")
    page.get_by_role("button", name="Add a filter").click()
    page.get_by_label("Field").select_option("Outcome")
    page.get_by_role("button", name="Apply").click()
    attempt = page.locator(".list-row", has_text="192.0.2.199").first
    expect(attempt).to_contain_text("user.login", timeout=PATIENT_MS)
    attempt.click()
    event = page.get_by_role("region", name="Event", exact=True)
    expect(event).to_contain_text("wrong password", timeout=PATIENT_MS)
    event.get_by_role("link", name=re.compile(r"^Same address, .*: 20\+ events$")).click()
    login = page.locator('.list-row[data-kind="good"]', has_text="user.login")
    expect(login).to_have_count(1, timeout=PATIENT_MS)
