"""Items that somebody with access to the table could store: each under the digest of its bytes."""

import json
import zlib
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

from prooftrail.event.ids import make_id
from tests.support.samples import NOW_MS

SHARDS = 4
TENANT = "acme"
TIME = "2025-11-24T16:00:00.000Z"
EVENT: Mapping[str, Any] = {
    "action": "user.login",
    "errorMessage": "no luck",
    "eventId": "poison",
    "resourceId": "s-1",
    "resourceType": "session",
    "success": False,
    "tenantId": TENANT,
    "timestamp": TIME,
    "v": 1,
}
Item = dict[str, Any]
Attributes = Mapping[str, Mapping[str, Any] | None]


def make_bomb(mebibytes: int) -> bytes:
    """Return bytes that zlib unpacks to so many MiB; they are about a thousandth of that."""
    packer = zlib.compressobj(9)
    head = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + block * mebibytes


def make_poison(canonical: bytes, attributes: Attributes, packed: bytes | None = None) -> Item:
    """Return the item of these bytes, with id, digest and keys as an event's. None removes one."""
    digest = sha256(canonical).digest()
    shard = digest[0] % SHARDS
    item: dict[str, Any] = {
        "pk": {"S": f"{TENANT}#{shard}"},
        "id": {"S": make_id(NOW_MS, digest)},
        "resourceKey": {"S": f"{TENANT}#session#s-1"},
        "actionKey": {"S": f"{TENANT}#user.login#{shard}"},
        "failureKey": {"S": f"{TENANT}#{shard}"},
        "event": {"B": zlib.compress(canonical) if packed is None else packed},
        "digest": {"B": digest},
        "receivedAt": {"N": str(NOW_MS)},
        "storedAt": {"N": str(NOW_MS)},
        "v": {"N": "1"},
    } | dict(attributes)
    return {name: value for name, value in item.items() if value is not None}


def _encode(fields: Mapping[str, Any], number: int) -> bytes:
    """Return JSON as the canonical form would be, of values that may have none."""
    text = json.dumps({**fields, "username": f"n{number}"}, sort_keys=True, separators=(",", ":"))
    return text.encode()


def _without(name: str) -> Mapping[str, Any]:
    return {key: value for key, value in EVENT.items() if key != name}


def _nest(depth: int) -> bytes:
    inner = b"[" * depth + b"]" * depth
    return _encode({**EVENT, "details": {"a": 0}}, depth).replace(b'"a":0', b'"a":' + inner)


FIELDS: Mapping[str, Mapping[str, Any]] = {
    "a number as timestamp": {**EVENT, "timestamp": 5},
    "a list as timestamp": {**EVENT, "timestamp": [TIME]},
    "a list as success": {**EVENT, "success": []},
    "an object as success": {**EVENT, "success": {}},
    "a number as success": {**EVENT, "success": 0},
    "a null as success": {**EVENT, "success": None},
    "a list as tenant": {**EVENT, "tenantId": [TENANT]},
    "an object as action": {**EVENT, "action": {"user.login": 1}},
    "a number as resource type": {**EVENT, "resourceType": 5},
    "a null as resource": {**EVENT, "resourceId": None},
    "a list as user": {**EVENT, "userId": ["u"]},
    "a number as error message": {**EVENT, "errorMessage": 7},
    "a text as details": {**EVENT, "details": "x"},
    "a list as metadata": {**EVENT, "metadata": [1]},
    "a list as changes": {**EVENT, "changes": [1]},
    "a text as changed fields": {**EVENT, "changes": {"fields": "ab"}},
    "numbers as changed fields": {**EVENT, "changes": {"fields": [1]}},
    "a list as what was before": {**EVENT, "changes": {"before": [], "fields": []}},
    "a text as version": {**EVENT, "v": "1"},
    "not a number": {**EVENT, "details": {"a": float("nan")}},
    "infinity": {**EVENT, "details": {"a": float("inf")}},
    "minus infinity": {**EVENT, "details": {"a": [float("-inf")]}},
    "a lone surrogate": {**EVENT, "errorMessage": "\ud800"},
    "no action": _without("action"),
    "no success": _without("success"),
    "no event id": _without("eventId"),
}
BYTES: Mapping[str, bytes] = {
    "an infinite number": _encode({**EVENT, "details": {"a": 0}}, 1).replace(b":0", b":1e999"),
    "a number of 5,000 digits": _encode({**EVENT, "details": {"a": 0}}, 2).replace(
        b":0", b":" + b"9" * 5_000
    ),
    "nested 150 deep": _nest(150),
    "nested 20,000 deep": _nest(20_000),
    "six hundred thousand values": _encode({**EVENT, "details": {"a": [0] * 600_000}}, 3),
    "a list": b"[]",
    "a text": b'"x"',
    "null": b"null",
    "nothing": b"",
    "not UTF-8": b'{"a":"\xff"}',
    "not JSON": b'{"action":',
    "two values": _encode(EVENT, 4) + b"{}",
}
ATTRIBUTES: Mapping[str, Attributes] = {
    "a negative expiry": {"expiresAt": {"N": "-1"}},
    "an expiry that no row holds": {"expiresAt": {"N": str(1 << 40)}},
    "an enormous expiry": {"expiresAt": {"N": "9" * 38}},
    "a fraction as expiry": {"expiresAt": {"N": "4000000000.5"}},
    "a text as expiry": {"expiresAt": {"S": "x"}},
    "a null as expiry": {"expiresAt": {"NULL": True}},
    "a negative receipt": {"receivedAt": {"N": "-1"}},
    "a receipt after the year 9999": {"receivedAt": {"N": "9" * 15}},
    "a list as receipt": {"receivedAt": {"L": []}},
    "no receipt": {"receivedAt": None},
    "a boolean as time of storing": {"storedAt": {"BOOL": True}},
    "a negative time of storing": {"storedAt": {"N": "-5"}},
    "a text as digest": {"digest": {"S": "x"}},
    "a number as digest": {"digest": {"N": "1"}},
    "a short digest": {"digest": {"B": b"x"}},
    "no digest": {"digest": None},
    "a map as event": {"event": {"M": {}}},
    "a null as event": {"event": {"NULL": True}},
    "a number as event": {"event": {"N": "5"}},
    "a set as event": {"event": {"BS": [b"x"]}},
    "no event": {"event": None},
    "a number as payload's key": {"event": None, "overflow": {"N": "5"}},
    "a number as request": {"requestId": {"N": "5"}},
    "a list as address": {"ip": {"L": []}},
    "a boolean as session": {"sessionId": {"BOOL": False}},
    "a number as submitter": {"submittedBy": {"N": "5"}},
    "an empty submitter": {"submittedBy": {"S": ""}},
    "a submitter of 600 characters": {"submittedBy": {"S": "x" * 600}},
    "control characters as submitter": {"submittedBy": {"S": "\x1b[2J"}},
    "a resource without parts": {"resourceKey": {"S": "x"}},
    "an action without parts": {"actionKey": {"S": "x"}},
    "an action of another": {"actionKey": {"S": f"{TENANT}#a#b#c#d"}},
    "another tenant's resource": {"resourceKey": {"S": "other#session#s-1"}},
}
PACKED: Mapping[str, Callable[[bytes], bytes]] = {
    "not compressed": lambda canonical: canonical,
    "cut": lambda canonical: zlib.compress(canonical)[:-5],
    "with more after it": lambda canonical: zlib.compress(canonical) + b"more",
    "a bomb": lambda _: make_bomb(64),
}


def _make_payload_keys() -> dict[str, Item]:
    """Return items whose payload would be in S3, under keys that the processor never makes."""
    poisons = {}
    for number, (name, prefix) in enumerate(
        {
            "a payload's key that is too long": "overflow/" + "x" * 1_500,
            "a payload's key elsewhere": "dead-letters",
            "a payload's key with a path": "overflow/../secrets",
        }.items(),
        300,
    ):
        canonical = _encode(EVENT, number)
        key = f"{prefix}/{sha256(canonical).hexdigest()}"
        poisons[name] = make_poison(canonical, {"event": None, "overflow": {"S": key}})
    return poisons


def make_poisons() -> Mapping[str, Item]:
    """Return every poisoned item by its name. Each has an id of its own."""
    poisons = _make_payload_keys()
    for number, (name, fields) in enumerate(FIELDS.items()):
        poisons[name] = make_poison(_encode(fields, number), {})
    for name, canonical in BYTES.items():
        poisons[name] = make_poison(canonical, {})
    for number, (name, attributes) in enumerate(ATTRIBUTES.items(), 100):
        poisons[name] = make_poison(_encode(EVENT, number), attributes)
    for number, (name, pack) in enumerate(PACKED.items(), 200):
        canonical = _encode(EVENT, number)
        poisons[name] = make_poison(canonical, {}, pack(canonical))
    assert len({item["id"]["S"] for item in poisons.values()}) == len(poisons)
    return poisons


POISONS = make_poisons()
