"""Batches of 6 MB that make the processor need the most memory; any producer could send them.

Each shape fills one message of 1 MB, or of a few KB. A batch repeats it up to 6 MB, which is what
Lambda delivers. Bodies differ in a number, so that no event is another's duplicate.
"""

import json
import random
from collections.abc import Callable, Mapping
from typing import Any, Final

from benchmarks.workload import make_events

BATCH_BYTES: Final = 6_000_000
MESSAGE_BYTES: Final = 1_000_000
URL: Final = "postgres://app:hunter2@db/orders?password=hunter2"
_EVENT: Final = {"action": "a", "resourceType": "b", "resourceId": "c"}


def make_batch(shape: str) -> list[str]:
    """Return the bodies of the batch with this shape."""
    bodies: list[str] = []
    size = 0
    while True:
        body = SHAPES[shape](len(bodies))
        size += len(body.encode())
        if size > BATCH_BYTES:
            return bodies
        bodies.append(body)


def _single(event: Mapping[str, Any]) -> str:
    return json.dumps({"type": "log_event", "data": event}, separators=(",", ":"))


def _bulk(events: str) -> str:
    return f'{{"type":"bulk_log_events","data":{{"events":[{events}]}}}}'


def _filled(number: int, unit: str, *, ending: str = "", opening: str = "") -> str:
    """Return an event whose details are a list that repeats `unit` up to 1 MB."""
    room = MESSAGE_BYTES - 200 - len(opening) - len(ending)
    items = ",".join([unit] * (room // (len(unit) + 1)))
    event = json.dumps({**_EVENT, "eventId": str(number), "details": {"a": "HERE"}})
    filled = event.replace('"HERE"', f"{opening}[{items}]{ending}")
    return f'{{"type":"log_event","data":{filled}}}'


def _text(number: int, size: int) -> str:
    [event] = make_events(1, seed=number, padding=0)
    text = random.Random(number).randbytes((size - 700) // 2).hex()
    return _single({**event, "details": {"text": text}})


def _keys(number: int, place: str, value: str = "1") -> str:
    """Return an event with as many keys as fit: its own, or those of an object in a field."""
    fields = ",".join(f'"{n:05x}x":{value}' for n in range(MESSAGE_BYTES // (len(value) + 10)))
    event = json.dumps({**_EVENT, "eventId": str(number)})[:-1]
    return f'{{"type":"log_event","data":{event},{place.replace("KEYS", fields)}}}}}'


def _bulk_of(make: Callable[[int], str], number: int, count: int = 5_000) -> str:
    return _bulk(",".join(make(number * count + n) for n in range(count)))


def _minimal(number: int) -> str:
    return f'{{"action":"a","resourceType":"b","resourceId":"{number}"}}'


SHAPES: Final[Mapping[str, Callable[[int], str]]] = {
    "6 messages of 1 MB": lambda n: _text(n, MESSAGE_BYTES),
    "1,000 messages of 6 KB": lambda n: _text(n, 6_000),
    "5,000 empty objects a message": lambda _: _bulk(",".join(["{}"] * 5_000)),
    "5,000 numbers for events": lambda _: _bulk(",".join(["1"] * 5_000)),
    "5,000 minimal events a message": lambda n: _bulk_of(_minimal, n),
    "5,000 events of 200 bytes": lambda n: _bulk_of(
        lambda k: (
            f'{{"action":"a","resourceType":"b","resourceId":"{k}","userAgent":"{"x" * 130}"}}'
        ),
        n,
    ),
    "5,000 equal events a message": lambda _: _bulk(
        ",".join([_minimal(1)[:-1] + ',"eventId":"e","timestamp":"2025-01-01T00:00:00Z"}'] * 5_000)
    ),
    "5,000 events, each bad in its own way": lambda n: _bulk_of(
        lambda k: f'{{"stray-{k}":1,"{k}":2,"v":"{k}"}}', n
    ),
    "events with 20 stray keys each": lambda _: _bulk(
        ",".join("{" + ",".join(f'"{k}.{m}":1' for m in range(20)) + "}" for k in range(4_000))
    ),
    "empty lists": lambda n: _filled(n, "[]"),
    "empty objects": lambda n: _filled(n, "{}"),
    "lists in lists": lambda n: _filled(n, "[" * 90 + "]" * 90),
    "objects in objects": lambda n: _filled(n, '{"a":' * 90 + "1" + "}" * 90),
    "fractions": lambda n: _filled(n, "1.5"),
    "large integers": lambda n: _filled(n, "1000000000000000000"),
    "one-letter texts": lambda n: _filled(n, '"a"'),
    "objects of one key": lambda n: _filled(n, '{"a":1}'),
    "keys in details": lambda n: _keys(n, '"details":{KEYS}'),
    "keys that are no fields": lambda n: _keys(n, "KEYS"),
    "keys in changes": lambda n: _keys(n, '"changes":{KEYS}'),
    "numbers in changes.fields": lambda n: _filled(n, "1").replace(
        '"details": {"a": [', '"changes": {"fields": ['
    ),
    "changes of many keys": lambda n: _keys(n, '"changes":{"after":{KEYS}}'),
    "secrets by name": lambda n: _filled(n, '{"password":"x"}'),
    "secrets in texts": lambda n: _filled(n, f'"{URL}"'),
    "one text of secrets": lambda n: _single(
        {**_EVENT, "eventId": str(n), "errorMessage": f"{URL} " * (MESSAGE_BYTES // 52)}
    ),
    "a text of JSON with secrets": lambda n: _single(
        {**_EVENT, "eventId": str(n), "errorMessage": '{"password":"x"},' * (MESSAGE_BYTES // 23)}
    ),
    "secrets in refused events": lambda _: _bulk(
        ",".join([f'{{"a":{{"password":"{URL}","b":[{{"token":"x"}}]}}}}'] * 5_000)
    ),
    "refused events of small objects": lambda _: _bulk(
        ",".join(['{"a":[' + ",".join(['{"password":"x"}'] * 20) + "]}"] * 2_500)
    ),
    "refused lists in a text": lambda _: _single(
        {"a": "[" + "[]," * (MESSAGE_BYTES // 3 - 99) + "1]"}
    ),
    "no job, lists": lambda _: "[" + "[]," * (MESSAGE_BYTES // 3) + "1]",
    "no job, secrets": lambda _: "[" + '{"password":"x"},' * (MESSAGE_BYTES // 17) + "1]",
    "not JSON": lambda n: "{" + f'"password":"{n}",' * (MESSAGE_BYTES // 16),
    "emoji": lambda _: json.dumps(
        {"type": "log_event", "data": {**_EVENT, "details": {"a": "\U0001f600" * 249_000}}},
        ensure_ascii=False,
    ),
    "escaped emoji": lambda _: _single({**_EVENT, "details": {"a": "\U0001f600" * 80_000}}),
    "accents in refused events": lambda n: json.dumps(
        {"type": "log_event", "data": {"a": "é" * 490_000, "b": n}}, ensure_ascii=False
    ),
    "control characters": lambda _: _single({**_EVENT, "details": {"a": "\x01" * 165_000}}),
}
