"""`docs/openapi.json`, from the routes of the functions and the model of the event.

python -m tools.openapi           writes the file
python -m tools.openapi --check   fails where it is not what it would write
"""

import argparse
import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from prooftrail.event.model import AuditEvent
from prooftrail.intake.submit import MAX_EVENTS
from prooftrail.ledger.bundle import BUNDLE_FORMAT
from prooftrail.query.stats import MAX_DAYS, MAX_NAMES, OTHER

Schema = dict[str, Any]

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "docs" / "openapi.json"
FUNCTIONS = ("proof", "query", "stats", "submit")
TILES = "/audit-logs/tile/.+"
REFUSALS = [400, 403, 413, 429, 500, 503]
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

_MOMENT = {"type": "string", "format": "date-time"}
_COUNT = {"type": "integer", "minimum": 0}
_PERCENT = {
    "type": "number",
    "minimum": 0,
    "maximum": 100,
    "description": "Percent, two digits; 0 where nothing was counted.",
}


def make_document() -> Schema:
    """The OpenAPI document of the whole API."""
    if str(ROOT / "functions") not in sys.path:
        sys.path.insert(0, str(ROOT / "functions"))
    paths: Schema = {}
    for function in FUNCTIONS:
        app = import_module(f"{function}.app").app
        generated = json.loads(app.get_openapi_json_schema(title="audit-log", version="1"))
        for path, operations in generated["paths"].items():
            paths.setdefault(path, {}).update(operations)
    paths["/audit-logs"]["post"]["requestBody"] = _submission()
    paths[TILES.replace(".+", "{path}")] = _with_path(paths.pop(TILES))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Audit log",
            "version": "1",
            "description": (
                "Sends events to the trail of who did what, and reads it. Times are UTC, RFC 3339 "
                "to the millisecond. Parameters that a route does not have are refused, and so is "
                "one given twice."
            ),
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [
            {
                "url": "https://{api}.execute-api.{region}.amazonaws.com/{stage}",
                "variables": {
                    "api": {"default": "api"},
                    "region": {"default": "us-east-1"},
                    "stage": {"default": "dev"},
                },
            }
        ],
        "security": [{"iam": []}, {"userPool": []}],
        "paths": {path: _operations(paths[path]) for path in sorted(paths)},
        "components": {
            "schemas": {name: _tidy(schema) for name, schema in sorted(_schemas().items())},
            "securitySchemes": {
                "iam": {
                    "type": "apiKey",
                    "name": "Authorization",
                    "in": "header",
                    "description": "AWS Signature Version 4; the default.",
                },
                "userPool": {
                    "type": "apiKey",
                    "name": "Authorization",
                    "in": "header",
                    "description": "An ID token of the stack's Cognito user pool, if it has one.",
                },
            },
        },
    }


def _with_path(path: Schema) -> Schema:
    """A path whose last parameter takes the rest of the address, which OpenAPI cannot say."""
    parameter = {
        "name": "path",
        "in": "path",
        "required": True,
        "description": "`<level>/<index>` or `entries/<index>`, such as `0/x001/067.p/12`.",
        "schema": {"type": "string"},
    }
    return {method: {**operation, "parameters": [parameter]} for method, operation in path.items()}


def _operations(path: Schema) -> Schema:
    """A path's operations without Powertools' own validation answer: ours is 400."""
    for operation in path.values():
        operation["responses"].pop("422", None)
        operation["responses"] = dict(sorted(operation["responses"].items()))
        for parameter in operation.get("parameters", []):
            parameter["schema"].pop("description", None)
            if parameter["in"] == "header":
                parameter["name"] = parameter["name"].title()  # Powertools makes it lower-case
    tidy: Schema = _tidy(path)
    return tidy


def _tidy(node: Any) -> Any:
    """The schema without pydantic's titles, and without null: no parameter or event has one."""
    if isinstance(node, list):
        return [_tidy(each) for each in node]
    if not isinstance(node, dict):
        return node
    choices = [each for each in node.get("anyOf", []) if each != {"type": "null"}]
    rest = {key: value for key, value in node.items() if key not in {"anyOf", "title"}}
    if len(choices) == 1 and len(node["anyOf"]) == 2:
        if rest.get("default", 0) is None:
            del rest["default"]
        return _tidy({**choices[0], **rest})
    if choices:
        rest["anyOf"] = node["anyOf"]
    return {
        key: {name: _tidy(each) for name, each in value.items()}
        if key == "properties"
        else _tidy(value)
        for key, value in rest.items()
    }


def _submission() -> Schema:
    """The body of the route that takes events."""
    schema = {"oneOf": [_reference("NewEvent"), _reference("NewEvents")]}
    examples = {
        "one": {"summary": "One event", "value": EXAMPLE},
        "several": {"summary": "A list of events", "value": {"events": [EXAMPLE]}},
    }
    return {
        "required": True,
        "content": {"application/json": {"schema": schema, "examples": examples}},
    }


def _schemas() -> dict[str, Schema]:
    event = AuditEvent.model_json_schema(ref_template="#/components/schemas/{model}")
    nested: dict[str, Schema] = event.pop("$defs")
    event["properties"]["v"]["description"] = "The version of the event's form."
    stored = {
        **event,
        "description": (
            "An event as it is stored: without `id`, `digest` and `receivedAt`, in the form of "
            "RFC 8785, its SHA-256 is `digest`. Absent fields are left out."
        ),
        "properties": {
            "id": {"type": "string", "pattern": "^[0-7][0-9A-HJKMNP-TV-Z]{25}$"},
            "digest": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "receivedAt": {**_MOMENT, "description": "When the queue received it."},
            **event["properties"],
        },
        "required": sorted(
            {"id", "digest", "receivedAt", "timestamp", "tenantId", "success", "v"}
            | set(event["required"])
        ),
    }
    return {
        **nested,
        **_submission_schemas(event, stored),
        "StoredEvent": stored,
        "Bundle": _object(
            format={"type": "string", "const": BUNDLE_FORMAT},
            id=stored["properties"]["id"],
            event={"type": "string", "description": "The event's canonical bytes, as text."},
            proof={"type": "string", "description": "The C2SP tlog-proof, checkpoint included."},
        ),
        "Log": _object(
            origin={"type": "string", "description": "The log's name, as in its checkpoints."},
            verifierKey={"type": "string", "description": "As C2SP signed-note writes it."},
            size={**_COUNT, "description": "How many events are published."},
        ),
        "EventPage": _object(
            items={
                "type": "array",
                "items": {"oneOf": [_reference("StoredEvent"), _reference("UnreadableEvent")]},
                "maxItems": 1000,
            },
            nextCursor={
                "type": ["string", "null"],
                "description": "Opaque; null when nothing follows.",
            },
        ),
        "UnreadableEvent": {
            **_object(
                id={"type": "string"},
                unreadable={"type": "string", "description": "What is wrong with it."},
            ),
            "description": "In an event's place: changed or lost behind the system's back.",
        },
        "Statistics": _statistics(),
        "Metrics": _object(
            audit=_object(eventsLogged=_COUNT, eventsFailed=_COUNT, successRate=_PERCENT),
            jobs=_object(audit=_jobs()),
        ),
        "Error": _object(error=_error()),
    }


def _submission_schemas(event: Schema, stored: Schema) -> dict[str, Schema]:
    tenant = event["properties"]["tenantId"]
    new = {
        **event,
        "properties": {
            **event["properties"],
            "timestamp": _MOMENT,
            "tenantId": {name: rule for name, rule in tenant.items() if name != "default"},
        },
        "description": (
            "An event to be stored. `eventId` is the producer's own idempotency key, together with "
            "`timestamp`; absent, it is made up or follows from `Idempotency-Key`. `timestamp`: "
            "RFC 3339 with an offset, at most 24 hours in the future; absent, the present. "
            "`tenantId`: see the parameter."
        ),
        "required": sorted(set(event["required"]) - {"eventId", "timestamp"}),
        "examples": [EXAMPLE],
    }
    text = {"type": "string"}
    accepted = {
        "id": stored["properties"]["id"],
        "eventId": text,
        "timestamp": _MOMENT,
        "tenantId": text,
    }
    results: Schema = {
        "results": {
            **_list(
                {
                    "oneOf": [
                        _object(status={"const": 202}, **accepted),
                        _object(status={"type": "integer", "enum": REFUSALS}, error=_error()),
                    ]
                }
            ),
            "minItems": 1,
            "maxItems": MAX_EVENTS,
            "description": "What became of each event, in order.",
        },
        "accepted": {**_COUNT, "description": "How many events are on the queue."},
        "rejected": {**_COUNT, "description": "How many may not be."},
    }
    failed = _object(error=_error())
    failed["properties"] |= results
    return {
        "NewEvent": new,
        "NewEvents": _object(
            events={**_list(_reference("NewEvent")), "minItems": 1, "maxItems": MAX_EVENTS}
        ),
        "AcceptedEvent": _object(**accepted),
        "SubmissionResults": _object(**results),
        "Submitted": {"oneOf": [_reference("AcceptedEvent"), _reference("SubmissionResults")]},
        "SubmissionError": {
            **failed,
            "description": "With `results` where none of a list's events was accepted.",
        },
    }


def _statistics() -> Schema:
    statistics = _object(
        startDate=_MOMENT,
        endDate=_MOMENT,
        total=_COUNT,
        successful=_COUNT,
        failed=_COUNT,
        successRate=_PERCENT,
        actionBreakdown=_list(_object(action={"type": "string"}, count=_COUNT)),
        resourceTypeBreakdown=_list(_object(resourceType={"type": "string"}, count=_COUNT)),
    )
    tally = _object(start=_MOMENT, total=_COUNT, successful=_COUNT, failed=_COUNT)
    statistics["properties"]["series"] = {
        **_list(tally),
        "maxItems": MAX_DAYS,
        "description": "Every interval of the range, the empty ones too; only with `interval`.",
    }
    return {
        **statistics,
        "description": (
            "The breakdowns are in descending order; the rarest of more than "
            f"{MAX_NAMES} names come last, together as `{OTHER}`."
        ),
    }


def _jobs() -> Schema:
    return _object(
        queued={**_COUNT, "description": "Messages that wait, about."},
        active={**_COUNT, "description": "Messages being processed, about."},
        deadLettered={**_COUNT, "description": "Messages in the dead-letter queue, about."},
        completed={**_COUNT, "description": "Events stored in the last 24 hours."},
        failed={**_COUNT, "description": "Events not stored by an attempt in the last 24 hours."},
        successRate=_PERCENT,
        averageDuration={
            "type": "number",
            "minimum": 0,
            "description": "Milliseconds a batch, mean of the last 24 hours.",
        },
        throughput={
            "type": "number",
            "minimum": 0,
            "description": "Events stored a minute, mean of the last 24 hours.",
        },
    )


def _error() -> Schema:
    field = _object(
        field={"type": "string", "description": "The parameter, or the place in the event."},
        rule={"type": "string", "description": "The rule it breaks."},
        got={"type": "string", "description": "The value's type or length; empty if it has none."},
    )
    error = _object(
        code={
            "type": "string",
            "description": "Stable, for machines.",
            "examples": ["invalid_query", "invalid_event", "event_not_found", "queue_throttled"],
        },
        message={"type": "string", "description": "For people."},
    )
    error["properties"]["fields"] = _list(field)
    return error


def _object(**properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _reference(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def main(arguments: list[str] | None = None) -> int:
    """Write the document, or compare it; answers the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.openapi", description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail where the file is out of date")
    options = parser.parse_args(arguments)
    text = json.dumps(make_document(), indent=2, ensure_ascii=False) + "\n"
    if not options.check:
        TARGET.write_text(text, encoding="utf-8")
        return 0
    if TARGET.is_file() and TARGET.read_text(encoding="utf-8") == text:
        return 0
    print("docs/openapi.json is out of date: run `make openapi`", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
