"""Make `schemas/` from the model of the event: JSON Schema of events and jobs, for producers.

python -m tools.event_schema           writes the files
python -m tools.event_schema --check   fails if a file is out of date
"""

import argparse
import json
import sys
from collections.abc import Mapping, Set
from pathlib import Path
from typing import Any, Final

from prooftrail.event.addresses import MAX_ADDRESS_LENGTH
from prooftrail.event.model import ID_FIELDS, AuditEvent
from prooftrail.event.nodes import MAX_EVENT_NODES, MAX_JOB_NODES
from prooftrail.event.reserved import RESERVED_PATTERN
from prooftrail.event.times import MAX_TIMESTAMP_LENGTH, MAX_TIMESTAMP_MS, MIN_INTEGER_MS
from prooftrail.event.traces import NO_TRACE
from prooftrail.intake.jobs import BULK_LOG_EVENTS, LOG_EVENT, MAX_BULK_EVENTS
from tools import patterns

Schema = dict[str, Any]

FOLDER: Final = Path(__file__).parent.parent / "schemas"
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
EXAMPLE: Schema = {
    "eventId": "order-4711-approved",
    "timestamp": "2026-11-24T08:00:00.000Z",
    "tenantId": "acme",
    "userId": "u-17",
    "action": "order.approve",
    "resourceType": "order",
    "resourceId": "4711",
    "changes": {"before": {"state": "open"}, "after": {"state": "approved"}},
    "ipAddress": "203.0.113.9",
    "requestId": "req-1",
}
EVENT_RULES: Final = (
    "An optional field that is null is absent, and so is an optional text or `targets` that are "
    "empty. An integer in an id becomes its text, and 5.0 is an integer; no text of an id is "
    "longer than `maxLength`. In `details`, `changes` and `metadata` nothing nests deeper than "
    "100 levels, and an integer beyond ±(2^53-1) must be what RFC 8785 writes for a double. No "
    "text has a lone surrogate, and no object has a key twice."
)
DESCRIPTIONS: Final[Mapping[str, str]] = {
    "eventId": "With `timestamp` it identifies the event for its producer: an event that is sent "
    "twice with both is stored once. Absent: the id of the message.",
    "tenantId": "Whose trail the event belongs to. Absent: `default`.",
    "userId": "Who really acted.",
    "username": "The name of who really acted.",
    "actorType": "`user`, `service`, `apiKey`, `system`, `agent`, or a name of the producer's.",
    "onBehalfOf": "For whom the actor acted: the user who is impersonated, or who delegated.",
    "action": "What was done, such as `user.login`.",
    "resourceType": "The type of the resource that the action changed or read.",
    "resourceId": "The id of that resource.",
    "targets": "Further resources that the action concerned. `name` is for readers.",
    "details": "What else is to be known. Secrets in it are masked.",
    "metadata": "What is to be known of the event itself. Secrets in it are masked.",
    "ipAddress": "From where: an IPv4 or IPv6 address. Spaces, port, zone and brackets are left "
    "out.",
    "userAgent": "The client that was used.",
    "sessionId": "The session. Send no credential: send a digest of it.",
    "requestId": "The request, to correlate events with other logs.",
    "traceId": "The trace id of W3C Trace Context: 32 hexadecimal digits, not all zeros.",
    "success": "Whether the operation succeeded. Absent: true.",
    "errorMessage": "Why the operation failed. Secrets in it are masked.",
}


def make_stored_event_schemas(ref_template: str) -> tuple[Schema, dict[str, Schema]]:
    """Return the schema of an event as it is stored, and the schemas that it refers to."""
    event: Schema = tidy(AuditEvent.model_json_schema(ref_template=ref_template))
    nested: dict[str, Schema] = event.pop("$defs")
    event["properties"]["v"]["description"] = "The version of the event's format."
    event["properties"]["traceId"] |= {
        "pattern": patterns.TRACE_ID,
        "description": "The trace id of W3C Trace Context; not all zeros.",
    }
    return event, nested


def tidy(node: Any) -> Any:
    """Return a schema without titles and without null: no parameter or stored field is null."""
    if isinstance(node, list):
        return [tidy(item) for item in node]
    if not isinstance(node, dict):
        return node
    choices = [choice for choice in node.get("anyOf", []) if choice != {"type": "null"}]
    rest = {key: value for key, value in node.items() if key not in {"anyOf", "title"}}
    if len(choices) == 1 and len(node["anyOf"]) == 2:
        if rest.get("default", 0) is None:
            del rest["default"]
        return tidy({**choices[0], **rest})
    if choices:
        rest["anyOf"] = node["anyOf"]
    return {
        key: {name: tidy(schema) for name, schema in value.items()}
        if key == "properties"
        else tidy(value)
        for key, value in rest.items()
    }


def make_address_schema() -> Schema:
    return {
        "type": "string",
        "maxLength": MAX_ADDRESS_LENGTH,
        "pattern": patterns.ADDRESS,
        "description": "An IPv4 or IPv6 address. Spaces, a port, a zone and brackets are left out.",
        "examples": ["203.0.113.9", "[2001:db8::1]:443"],
    }


def make_new_event_schema() -> Schema:
    """Return the schema of an event as producers send it: the model's, and what it normalises."""
    event, nested = make_stored_event_schemas("#/{model}")
    required = sorted(set(event["required"]) - {"eventId", "timestamp"})
    properties = {
        name: _make_new_field(rule, is_id=name in ID_FIELDS, is_required=name in required)
        for name, rule in event["properties"].items()
    }
    del properties["tenantId"]["default"]  # a caller with a token has another
    properties["action"]["not"] = {"pattern": RESERVED_PATTERN}
    properties["timestamp"] = {
        "type": ["string", "integer", "null"],
        "pattern": patterns.TIMESTAMP_OR_EMPTY,
        "maxLength": MAX_TIMESTAMP_LENGTH,
        "minimum": MIN_INTEGER_MS,
        "maximum": MAX_TIMESTAMP_MS,
        "description": (
            "RFC 3339 with an offset, or milliseconds since 1970 as an integer; at most 24 hours "
            "in the future, and within the years 1970 to 9999 in UTC. Absent: now."
        ),
    }
    properties["ipAddress"] = {
        **make_address_schema(),
        "type": ["string", "null"],
        "pattern": patterns.ADDRESS_OR_EMPTY,
    }
    properties["traceId"] |= {
        "pattern": patterns.TRACE_ID_OR_EMPTY,
        "not": {"const": NO_TRACE},
    }
    properties["changes"] = _make_new_changes()
    properties["onBehalfOf"] = {
        **_make_new_object(nested["OnBehalfOf"], ids={"userId", "username"}),
        "type": ["object", "null"],
    }
    properties["targets"] = {
        **properties["targets"],
        "type": ["array", "null"],
        "items": _make_new_object(nested["AuditTarget"], ids={"id", "name"}),
    }
    return {
        **event,
        "properties": properties,
        "required": required,
    }


def _make_new_object(schema: Schema, ids: Set[str]) -> Schema:
    """Return the schema of an object within an event as producers send it."""
    fields = {
        name: _make_new_field(rule, is_id=name in ids, is_required=name in schema["required"])
        for name, rule in schema["properties"].items()
    }
    return {**schema, "properties": fields}


def _make_new_field(rule: Schema, *, is_id: bool, is_required: bool) -> Schema:
    """Return the rule of a field with the other types that producers may send."""
    new = {**rule}
    types = [new["type"]] if "type" in new else []
    if is_id:
        types.append("integer")
    if is_required:
        return {**new, "type": types if len(types) > 1 else types[0]}
    new.pop("minLength", None)
    if "pattern" in new:
        new["pattern"] = f"{new['pattern']}|^$"
    return {**new, "type": [*types, "null"]}


def _make_new_changes() -> Schema:
    values = {"type": ["object", "null"], "additionalProperties": True}
    fields = {"type": ["array", "null"], "items": {"type": "string"}}
    return {
        "type": ["object", "null"],
        "properties": {"before": values, "after": values, "fields": fields},
        "additionalProperties": False,
        "description": "What an update changed. Without `fields`, they are derived.",
    }


def make_event_schema() -> Schema:
    """Return the JSON Schema of an event for producers."""
    return {
        "$schema": DIALECT,
        "$id": "urn:prooftrail:schema:event",
        "title": "Audit event",
        **_make_described_event(),
        "examples": [EXAMPLE],
    }


def _make_described_event() -> Schema:
    event = make_new_event_schema()
    properties = event["properties"].items()
    return {
        **event,
        "description": (
            "Who did what to which resource, from where, and how it ended. "
            f"{EVENT_RULES} An event has at most {MAX_EVENT_NODES} values and 1 MiB."
        ),
        "properties": {name: {**rule, **_describe(name)} for name, rule in properties},
    }


def _describe(name: str) -> Schema:
    return {"description": DESCRIPTIONS[name]} if name in DESCRIPTIONS else {}


def make_job_schema() -> Schema:
    """Return the JSON Schema of the body of a message: a job with one event or several."""
    event = {"$ref": "#/$defs/event"}
    events = {"type": "array", "items": event, "minItems": 1, "maxItems": MAX_BULK_EVENTS}
    bulk = {"type": "object", "properties": {"events": events}, "required": ["events"]}
    return {
        "$schema": DIALECT,
        "$id": "urn:prooftrail:schema:job",
        "title": "Job",
        "description": "The body of a message to the queue. Each event is stored or refused by "
        "itself. A job has at most 1 MiB and "
        f"{MAX_JOB_NODES} values, and its events are of one tenant: send it with the tenant as "
        "`MessageGroupId`.",
        "type": "object",
        "properties": {
            "masked": {
                "type": "boolean",
                "description": "Whether the sender has masked the secrets in the events.",
            }
        },
        "required": ["type", "data"],
        "oneOf": [
            {"properties": {"type": {"const": LOG_EVENT}, "data": event}},
            {"properties": {"type": {"const": BULK_LOG_EVENTS}, "data": bulk}},
        ],
        "$defs": {"event": _make_described_event()},
    }


def make_files() -> dict[Path, str]:
    """Return the text of each file."""
    schemas = {"event": make_event_schema(), "job": make_job_schema()}
    return {
        FOLDER / f"{name}.schema.json": json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        for name, schema in schemas.items()
    }


def main(arguments: list[str] | None = None) -> int:
    """Write the files, or with `--check` compare them. Return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.event_schema", description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail if a file is out of date")
    options = parser.parse_args(arguments)
    for path, text in make_files().items():
        if not options.check:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            print(f"schemas/{path.name} is out of date: run `make schemas`", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
