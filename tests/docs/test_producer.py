"""The snippets of docs/producer.md run in order, and its names and numbers are correct."""

import json
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import pytest
from starlette.datastructures import QueryParams

from prooftrail import client
from prooftrail.client import Delivery, Limits, install
from prooftrail.client.logger import OnOutage
from prooftrail.client.values.plain import to_plain_json
from prooftrail.client.values.report import MAX_PATHS
from tests.support.queue_fakes import QUEUE_URL, FlakyQueue, SqsStub

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "producer.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"^```python\n(.*?)^```$", DOCUMENT, flags=re.DOTALL | re.MULTILINE)


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[FlakyQueue]:
    """The queue of every logger that the test makes."""
    queue = FlakyQueue()
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PROOFTRAIL_QUEUE_URL", QUEUE_URL)
    monkeypatch.setattr("prooftrail.client.logger.connect", lambda _url: SqsStub(queue))
    yield queue
    install(None)


def test_the_snippets_run(queue: FlakyQueue) -> None:
    names: dict[str, Any] = {}
    for snippet in SNIPPETS:
        exec(compile(snippet, "producer.md", "exec"), names)  # noqa: S102  # from this repository
    names["handler"]({}, None)
    assert names["audit"].close(10)
    by_action = {event["action"]: event for event in queue.events}
    assert len(queue.events) == 7
    assert by_action["member.add"]["targets"][0] == {
        "type": "user",
        "id": "17",
        "name": "Ada Lovelace",
    }
    assert by_action["member.add"]["onBehalfOf"]["userId"] == "u-17"
    assert by_action["order.cancel"]["errorMessage"] == "already shipped"
    assert by_action["user.login"]["ipAddress"] == "203.0.113.9"
    assert by_action["order.approve"]["details"] == {"amount": 12}
    assert by_action["customer.update"]["changes"]["fields"] == ["city", "vat"]
    [masked] = [event for event in queue.events if "card_pin" in event.get("details", {})]
    assert masked["details"]["card_pin"] == "[masked]"
    assert names["masking"].mask_address("203.0.113.9") == "203.0.113.0"


def test_choices_counts_and_limits_are_those_of_the_library() -> None:
    rows = re.findall(r"^\| `(\w+)`(?: \(default\))? \| .* \| ", DOCUMENT, flags=re.MULTILINE)
    assert rows == ["on_outage", *get_args(OnOutage)]
    counts = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \| [^|]* \|$", DOCUMENT, flags=re.MULTILINE)
    counted = {name for row in counts for name in re.findall(r"`(\w+)`", row)}
    assert counted == {field.name for field in fields(Delivery)}
    limits = Limits()
    for name, value in re.findall(r"`Limits\.(\w+)` \((\d+)", DOCUMENT):
        limit = getattr(limits, name)
        assert limit in {int(value), int(value) * 1024 * 1024}, name


def test_its_names_exist() -> None:
    for name in re.findall(r"from prooftrail\.client import (.*)", DOCUMENT):
        assert set(name.split(", ")) <= set(client.__all__)
    for module in ("asgi", "wsgi", "django"):
        assert (Path(client.__path__[0]) / "middleware" / f"{module}.py").exists()


def test_the_example_of_a_fitted_event_is_what_log_makes(queue: FlakyQueue) -> None:
    [example] = re.findall(r"^```json\n(.*?)^```$", DOCUMENT, flags=re.DOTALL | re.MULTILINE)
    with client.AuditLogger(on_outage="drop") as audit:
        audit.log(
            action="a.b", resource_type="a", resource_id="1", details={"amount": float("nan")}
        )
    [event] = queue.events
    assert {name: event[name] for name in ("details", "metadata")} == json.loads(example)
    assert f"at most {MAX_PATHS} paths" in DOCUMENT


def test_the_example_of_a_multi_dict_is_what_is_logged() -> None:
    text, shown = re.findall(r"^`(\S*&\S*)` is `(.*)`\.$", DOCUMENT, flags=re.MULTILINE)[0]
    assert to_plain_json(QueryParams(text), "details") == json.loads(shown)
