"""Make `docs/openapi.json` from the routes of the functions and the model of the event.

python -m tools.openapi           writes the file
python -m tools.openapi --check   fails if the file is out of date
"""

import argparse
import json
import sys
from importlib import import_module
from pathlib import Path

from prooftrail.event.ids import ID_PATTERN
from prooftrail.event.submitter import MAX_SUBMITTER_LENGTH
from prooftrail.event.times import MAX_TIMESTAMP_LENGTH
from prooftrail.event.traces import TRACE_ID_LENGTH
from prooftrail.intake.reasons import REASONS
from prooftrail.intake.submit import MAX_EVENTS
from prooftrail.ledger.bundle import BUNDLE_FORMAT, BUNDLE_FORMAT_2
from prooftrail.query.personal import MASK, MAX_POINTER_LENGTH, MAX_POINTERS
from prooftrail.query.stats import MAX_DAYS, MAX_NAMES, OTHER
from tools import patterns
from tools.event_schema import (
    EVENT_RULES,
    EXAMPLE,
    Schema,
    make_address_schema,
    make_new_event_schema,
    make_stored_event_schemas,
    tidy,
)

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "docs" / "openapi.json"
FUNCTIONS = ("proof", "query", "stats", "submit")
TILES = "/audit-logs/tile/.+"
REFUSALS = [400, 403, 413, 429, 500, 503]

_MOMENT = {"type": "string", "format": "date-time"}
_ID = {"type": "string", "pattern": ID_PATTERN}
# By the names of parameters: rules that the functions check by code.
_PARAMETERS: dict[str, Schema] = {
    "id": _ID,
    "startDate": {"$ref": "#/components/schemas/Date"},
    "endDate": {"$ref": "#/components/schemas/Date"},
    "ipAddress": {"$ref": "#/components/schemas/Address"},
    "traceId": {
        "type": "string",
        "pattern": patterns.NEW_TRACE_ID,
        "minLength": TRACE_ID_LENGTH,
        "maxLength": TRACE_ID_LENGTH,
    },
    "cursor": {"type": "string", "pattern": patterns.CURSOR},
    "path": {"type": "string", "pattern": patterns.TILE},
}
_COUNT = {"type": "integer", "minimum": 0}
_PERCENT = {
    "type": "number",
    "minimum": 0,
    "maximum": 100,
    "description": "Percent, two digits; 0 if nothing was counted.",
}
_SUBMITTER: Schema = {
    "type": "string",
    "maxLength": MAX_SUBMITTER_LENGTH,
    "description": (
        "Who submitted it, as AWS authenticated them: the SenderId of SQS, or for events sent to "
        "this API the caller's ARN, or `token:` and the token's subject."
    ),
    "examples": ["AROAEXAMPLEID:i-0abc", "token:7d1b…"],
}


def make_document() -> Schema:
    """Return the OpenAPI document of the whole API."""
    if str(ROOT / "functions") not in sys.path:
        sys.path.insert(0, str(ROOT / "functions"))
    paths: Schema = {}
    for function in FUNCTIONS:
        app = import_module(f"{function}.app").app
        generated = json.loads(app.get_openapi_json_schema(title="audit-log", version="1"))
        for path, operations in generated["paths"].items():
            paths.setdefault(path, {}).update(operations)
    paths["/audit-logs"]["post"]["requestBody"] = _make_submission()
    paths[TILES.replace(".+", "{path}")] = _describe_greedy_path(paths.pop(TILES))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Audit log",
            "version": "1",
            "description": (
                "Stores audit events and reads them: who did what to which resource. Times are "
                "UTC, RFC 3339 to the millisecond. A parameter that the route does not have is "
                "refused, and so is a parameter that is given twice."
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
        "paths": {path: _tidy_operations(paths[path]) for path in sorted(paths)},
        "components": {
            "schemas": dict(sorted(_make_schemas().items())),
            "securitySchemes": _make_security_schemes(),
        },
    }


def _make_security_schemes() -> Schema:
    header = {"type": "apiKey", "name": "Authorization", "in": "header"}
    pool = "An ID token of the stack's Cognito user pool, if it has one."
    return {
        "iam": {**header, "description": "AWS Signature Version 4; the default."},
        "userPool": {**header, "description": pool},
    }


def _describe_greedy_path(path: Schema) -> Schema:
    """Describe the last parameter: the rest of the path. OpenAPI has no greedy parameters."""
    parameter = {
        "name": "path",
        "in": "path",
        "required": True,
        "description": "`<level>/<index>` or `entries/<index>`, such as `0/x001/067.p/12`.",
        "schema": _PARAMETERS["path"],
    }
    return {method: {**operation, "parameters": [parameter]} for method, operation in path.items()}


def _tidy_operations(path: Schema) -> Schema:
    """Return the operations of a path without the 422 response of Powertools: ours is 400."""
    for operation in path.values():
        operation["responses"].pop("422", None)
        operation["responses"] = dict(sorted(operation["responses"].items()))
        for parameter in operation.get("parameters", []):
            parameter["schema"].pop("description", None)
            parameter["schema"] = _PARAMETERS.get(parameter["name"], parameter["schema"])
            if parameter["in"] == "header":
                parameter["name"] = parameter["name"].title()  # Powertools writes it in lower case
    tidied: Schema = tidy(path)
    return tidied


def _make_submission() -> Schema:
    """Return the request body of the route that accepts events."""
    schema = {"oneOf": [_make_reference("NewEvent"), _make_reference("NewEvents")]}
    examples = {
        "one": {"summary": "One event", "value": EXAMPLE},
        "several": {"summary": "A list of events", "value": {"events": [EXAMPLE]}},
    }
    return {
        "required": True,
        "content": {"application/json": {"schema": schema, "examples": examples}},
    }


def _make_schemas() -> dict[str, Schema]:
    event, nested = make_stored_event_schemas("#/components/schemas/{model}")
    return {
        **nested,
        **_make_submission_schemas(),
        "Address": make_address_schema(),
        "Date": _make_date_schema(),
        "StoredEvent": _make_stored_event(event),
        "Bundle": _make_bundle(
            format={"type": "string", "enum": [BUNDLE_FORMAT, BUNDLE_FORMAT_2]},
            id=_ID,
            event={"type": "string", "description": "The canonical bytes of the event, as text."},
            proof={"type": "string", "description": "The C2SP tlog-proof, with its checkpoint."},
        ),
        "Log": _make_log(),
        "Consistency": _make_object(
            oldSize=_COUNT,
            size=_COUNT,
            hashes={
                **_make_list({"type": "string", "contentEncoding": "base64"}),
                "description": "SHA-256 hashes, in the order of RFC 9162, 2.1.4.1.",
                "maxItems": 64,
            },
        ),
        **_make_page_schemas(),
        "Statistics": _make_statistics(),
        "Metrics": _make_object(
            audit=_make_object(eventsLogged=_COUNT, eventsFailed=_COUNT, successRate=_PERCENT),
            jobs=_make_object(audit=_make_jobs()),
            ledger=_make_object(
                committed={**_COUNT, "description": "Events that the ledger has committed."}
            ),
            alarms=_make_list(_make_alarm()),
        ),
        "Error": _make_object(error=_make_error()),
    }


def _make_page_schemas() -> dict[str, Schema]:
    return {
        "EventPage": _make_object(
            items={
                "type": "array",
                "items": {
                    "oneOf": [_make_reference("StoredEvent"), _make_reference("UnreadableEvent")]
                },
                "maxItems": 1000,
            },
            nextCursor={
                "type": ["string", "null"],
                "description": "Opaque; null on the last page.",
            },
        ),
        "UnreadableEvent": {
            **_make_object(
                id={"type": "string"},
                unreadable={"type": "string", "description": "What is wrong with the event."},
            ),
            "description": "In place of an event that somebody changed or deleted in the store.",
        },
    }


def _make_bundle(**properties: Schema) -> Schema:
    """Return the schema of both formats; the second has the receipt too."""
    receipt: dict[str, Schema] = {
        "receivedAt": {"type": "integer", "description": "In milliseconds since 1970."},
        "submittedBy": _SUBMITTER,
    }
    bundle = _make_object(**properties)
    return {**bundle, "properties": {**bundle["properties"], **receipt}}


def _make_stored_event(event: Schema) -> Schema:
    return {
        **event,
        "description": (
            "A stored event. `digest` is the SHA-256 of its RFC 8785 form as it is stored, without "
            "`id`, `digest`, `receivedAt`, `submittedBy` and `masked`. Absent fields are left out. "
            "Of a masked event, `ipAddress` is a network, and other masked values are "
            f"`{MASK}`, whatever their type was."
        ),
        "properties": {
            "id": _ID,
            "digest": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "receivedAt": {**_MOMENT, "description": "When the queue received it."},
            "submittedBy": _SUBMITTER,
            "masked": {
                **_make_list({"type": "string", "format": "json-pointer"}),
                "description": (
                    "Of a masked event: a JSON Pointer (RFC 6901) to each value that is masked. If "
                    f"a field has more than {MAX_POINTERS} of them, or a pointer would have more "
                    f"than {MAX_POINTER_LENGTH} characters, it points to the field, in which each "
                    f"`{MASK}` is masked. Absent if the event is shown as it is stored."
                ),
                "examples": [["/ipAddress", "/details/email"]],
            },
            **event["properties"],
        },
        "required": sorted(
            {"id", "digest", "receivedAt", "timestamp", "tenantId", "success", "v"}
            | set(event["required"])
        ),
    }


def _make_date_schema() -> Schema:
    return {
        "type": "string",
        "maxLength": MAX_TIMESTAMP_LENGTH,
        "pattern": patterns.DATE_OR_TIMESTAMP,
        "description": (
            "A date, or a date and time of RFC 3339 with an offset, within the years 1970 to 9999 "
            "in UTC."
        ),
        "examples": ["2026-11-24", "2026-11-24T08:00:00.000Z"],
    }


def _make_new_event() -> Schema:
    return {
        **make_new_event_schema(),
        "description": (
            "An event to store. `eventId` and `timestamp` together are the producer's idempotency "
            "key. Without `eventId`, one is derived from `Idempotency-Key`, or a new one is made. "
            f"`tenantId`: see the parameter. {EVENT_RULES}"
        ),
        "examples": [EXAMPLE],
    }


def _make_submission_schemas() -> dict[str, Schema]:
    text = {"type": "string"}
    accepted = {
        "id": _ID,
        "eventId": text,
        "timestamp": _MOMENT,
        "tenantId": text,
    }
    results = _make_results(accepted)
    failed = _make_object(error=_make_error())
    failed["properties"] |= results
    return {
        "NewEvent": _make_new_event(),
        "NewEvents": _make_object(
            events={
                **_make_list(_make_reference("NewEvent")),
                "minItems": 1,
                "maxItems": MAX_EVENTS,
            }
        ),
        "AcceptedEvent": _make_object(**accepted),
        "SubmissionResults": _make_object(**results),
        "Submitted": {
            "oneOf": [_make_reference("AcceptedEvent"), _make_reference("SubmissionResults")]
        },
        "SubmissionError": {
            **failed,
            "description": "Has `results` if no event of a list was accepted.",
        },
    }


def _make_results(accepted: Schema) -> Schema:
    """Return the properties of the results of a list of events."""
    return {
        "results": {
            **_make_list(
                {
                    "oneOf": [
                        _make_object(status={"const": 202}, **accepted),
                        _make_object(
                            status={"type": "integer", "enum": REFUSALS}, error=_make_error()
                        ),
                    ]
                }
            ),
            "minItems": 1,
            "maxItems": MAX_EVENTS,
            "description": "What became of each event, in order.",
        },
        "accepted": {**_COUNT, "description": "How many events are on the queue."},
        "rejected": {**_COUNT, "description": "How many events may not be on the queue."},
    }


def _make_statistics() -> Schema:
    statistics = _make_object(
        startDate=_MOMENT,
        endDate=_MOMENT,
        total=_COUNT,
        successful=_COUNT,
        failed=_COUNT,
        successRate=_PERCENT,
        actionBreakdown=_make_list(
            _make_object(action={"type": "string"}, count=_COUNT, failed=_COUNT)
        ),
        resourceTypeBreakdown=_make_list(
            _make_object(resourceType={"type": "string"}, count=_COUNT, failed=_COUNT)
        ),
    )
    tally = _make_object(start=_MOMENT, total=_COUNT, successful=_COUNT, failed=_COUNT)
    statistics["properties"]["series"] = {
        **_make_list(tally),
        "maxItems": MAX_DAYS,
        "description": "Every interval of the range, empty ones too; only with `interval`.",
    }
    return {
        **statistics,
        "description": (
            f"The breakdowns are in descending order. Of more than {MAX_NAMES} names, the rarest "
            f"come last, together as `{OTHER}`."
        ),
    }


def _make_alarm() -> Schema:
    return _make_object(
        name={"type": "string", "description": "CloudWatch's; it begins with the stack's name."},
        state={"type": "string", "enum": ["OK", "ALARM", "INSUFFICIENT_DATA"]},
        since=_MOMENT,
    )


def _make_jobs() -> Schema:
    return _make_object(
        queued={**_COUNT, "description": "Messages that wait, approximately."},
        active={**_COUNT, "description": "Messages being processed, approximately."},
        deadLettered={**_COUNT, "description": "Messages in the dead-letter queue, approximately."},
        deadLettersByReason=_make_list(
            _make_object(
                reason={
                    "type": "string",
                    "description": "The `errorType` of the dead letters.",
                    "enum": list(REASONS),
                },
                count=_COUNT,
            )
        ),
        completed={**_COUNT, "description": "Events stored in the last 24 hours."},
        failed={
            **_COUNT,
            "description": "Failed attempts to store an event, in the last 24 hours.",
        },
        successRate=_PERCENT,
        averageDuration={
            "type": "number",
            "minimum": 0,
            "description": "Milliseconds for a batch, mean of the last 24 hours.",
        },
        throughput={
            "type": "number",
            "minimum": 0,
            "description": "Events stored in a minute, mean of the last 24 hours.",
        },
        oldestMessageSeconds={
            "type": ["number", "null"],
            "description": "How long the oldest message has waited; null if it was not measured.",
        },
    )


def _make_error() -> Schema:
    field = _make_object(
        field={"type": "string", "description": "The parameter, or the path in the event."},
        rule={"type": "string", "description": "The rule it breaks."},
        got={
            "type": "string",
            "description": "The type or length of the value; empty if there is none.",
        },
    )
    error = _make_object(
        code={
            "type": "string",
            "description": "Stable, for machines.",
            "examples": ["invalid_query", "invalid_event", "event_not_found", "queue_throttled"],
        },
        message={"type": "string", "description": "For people."},
    )
    error["properties"]["fields"] = _make_list(field)
    return error


def _make_log() -> Schema:
    log = _make_object(
        origin={"type": "string", "description": "The log's name, as in its checkpoints."},
        verifierKey={"type": "string", "description": "In the format of C2SP signed-note."},
        witnesses={
            **_make_list(_make_witness()),
            "description": "The witnesses that the log asks to cosign its checkpoints.",
        },
        size={**_COUNT, "description": "How many events are published."},
        asOf={
            **_MOMENT,
            "description": "When the log last signed that this is its latest state; else absent.",
        },
    )
    return {**log, "required": ["origin", "verifierKey", "witnesses", "size"]}


def _make_witness() -> Schema:
    return _make_object(
        name={"type": "string", "description": "The witness's name, as in its cosignatures."},
        verifierKey={"type": "string", "description": "In the format of C2SP tlog-cosignature."},
    )


def _make_object(**properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _make_list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _make_reference(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def main(arguments: list[str] | None = None) -> int:
    """Write the document, or with `--check` compare it. Return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.openapi", description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail if the file is out of date")
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
