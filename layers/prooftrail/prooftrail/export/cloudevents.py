"""CloudEvents 1.0 in JSON, one event a line. Source: CNCF CloudEvents 1.0.2."""

import json
from typing import Final
from urllib.parse import quote

from prooftrail.event.times import format_timestamp
from prooftrail.export.lines import LineFormat, decode_canonical, encode_json_line
from prooftrail.export.ports import Claim, ExportedEvent, parse_receipt

_DATA: Final = b',"data":'


def make_source(origin: str, tenant_id: str) -> str:
    """Return the URN of a tenant's events in a log.

    >>> make_source("example.com/log", "acme")
    'urn:auditlog:example.com/log:acme'
    """
    return f"urn:auditlog:{quote(origin)}:{tenant_id}"


def encode_line(exported: ExportedEvent, origin: str) -> str:
    """Return the event's line. `data` is the canonical bytes, unchanged."""
    event, fields = exported.event, exported.fields
    attributes = encode_json_line(
        {
            "specversion": "1.0",
            "id": event.id,
            "source": make_source(origin, fields["tenantId"]),
            "type": f"auditlog.{fields['action']}",
            "subject": f"{fields['resourceType']}/{fields['resourceId']}",
            "time": fields["timestamp"],
            "datacontenttype": "application/json",
            "sequence": f"{exported.position:020d}",
            "tenantid": fields["tenantId"],
            "receivedat": format_timestamp(event.received_at),
            "submittedby": event.submitted_by,
            "digest": event.digest.hex(),
            "traceid": fields.get("traceId"),
        }
    )
    return f"{attributes[:-1]}{_DATA.decode()}{event.canonical.decode()}}}"


def parse_line(line: bytes) -> Claim:
    """Return what a line says of its event.

    Raises:
        KeyError, TypeError, ValueError: the line is not an event's.
    """
    head, _, data = line.partition(_DATA)
    attributes = json.loads(head + b"}")
    return Claim(
        int(attributes["sequence"]),
        attributes["id"],
        bytes.fromhex(attributes["digest"]),
        data[:-1],
        parse_receipt(attributes["receivedat"], attributes.get("submittedby")),
    )


CLOUDEVENTS: Final = LineFormat("cloudevents.ndjson", encode_line, parse_line, decode_canonical)
