"""Paths into bodies: what they set, and which are refused."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prooftrail.errors import InvalidDeadLetterError
from prooftrail.intake.body_path import Every, parse_path, set_field, split_assignment
from tests.support.samples import bulk_job, job

BODY = '{"data":{"list":[[1],{"b":2}]}}'


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("data.a", '{"data":{"a":1,"list":[[1],{"b":2}]}}'),
        ("data.list[1].b", '{"data":{"list":[[1],{"b":1}]}}'),
        ("data.list[0][0]", '{"data":{"list":[[1],{"b":2}]}}'),
        ("data.list[*]", '{"data":{"list":[1,1]}}'),
        ("data", '{"data":1}'),
        ("type", '{"data":{"list":[[1],{"b":2}]},"type":1}'),
        ("a", '{"data":{"list":[[1],{"b":2}],"a":1}}'),
        ("list[1].b", '{"data":{"list":[[1],{"b":1}]}}'),
        ("x.y", '{"data":{"list":[[1],{"b":2}],"x":{"y":1}}}'),
        ('"list"[1]."a.b=c"', '{"data":{"list":[[1],{"b":2,"a.b=c":1}]}}'),
        ('"\\u006cist"[0]', '{"data":{"list":[1,{"b":2}]}}'),
        ('"[*]"', '{"data":{"list":[[1],{"b":2}],"[*]":1}}'),
        ("list[1].b.c", None),
        ("data.list[2]", None),
        ("data.list[0].b", None),
        ("data.list.b", None),
        ("data[0]", None),
        ("x[0]", None),
        ("data.list[*].b.c", None),
        ("a..b", None),
    ],
)
def test_fields_are_set(path: str, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(InvalidDeadLetterError, match=r"is not in the body"):
            set_field(BODY, path, 1)
    else:
        assert json.loads(set_field(BODY, path, 1)) == json.loads(expected)


def test_a_body_that_is_not_json_is_refused() -> None:
    with pytest.raises(InvalidDeadLetterError, match="not JSON"):
        set_field("nonsense", "a", 1)


@pytest.mark.parametrize("path", ['details.annotations."example.com/size"', "userId"])
def test_a_path_begins_at_each_event_of_a_job(path: str) -> None:
    def read(body: str) -> list[Any]:
        data = json.loads(set_field(body, path, "v"))["data"]
        return [
            event.get("userId") or event["details"]["annotations"]["example.com/size"]
            for event in data.get("events", [data])
        ]

    assert read(job({})) == ["v"]
    assert read(job({"details": None})) == ["v"]
    assert read(bulk_job({}, {"details": {"annotations": {}}})) == ["v", "v"]
    with pytest.raises(InvalidDeadLetterError, match=r"is not in the body"):
        set_field(bulk_job({}, 3), path, "v")


def test_null_under_a_new_key_is_kept_as_it_is() -> None:
    changed = json.loads(set_field(job({"userId": "u"}), "userId", None))
    assert changed["data"] == {"userId": None}


@given(st.text('.[]*ab01"\\', max_size=12))
def test_a_path_is_read_whole_or_not_at_all(text: str) -> None:
    steps = parse_path(text)
    if steps and '"' not in text:
        joined = "".join(
            f".{step}" if isinstance(step, str) else "[*]" if step is Every.ELEMENT else f"[{step}]"
            for step in steps
        )
        assert joined[1:].replace("[", "") == text.replace("[0", "[").replace("[", "")


@given(st.lists(st.text(min_size=0, max_size=6), min_size=1, max_size=4), st.text(max_size=5))
def test_any_key_can_be_quoted(keys: list[str], value: str) -> None:
    path = ".".join(json.dumps(key) for key in keys)
    assert parse_path(path) == keys
    assert split_assignment(f"{path}={value}") == (path, value)
