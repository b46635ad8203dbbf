"""CloudEvents 1.0 in its JSON format, an event a line. Source: CNCF CloudEvents 1.0.2."""

import json
from typing import Final
from urllib.parse import quote

from prooftrail.event.times import format_timestamp
from prooftrail.export.lines import Lines, json_line
from prooftrail.export.ports import Claim, Exported

_DATA: Final = b',"data":'


def source_of(origin: str, tenant_id: str) -> str:
    """The URN that says whose events these are, of which log.

    >>> source_of("example.com/log", "acme")
    'urn:auditlog:example.com/log:acme'
    """
    return f"urn:auditlog:{quote(origin)}:{tenant_id}"


def line_of(exported: Exported, origin: str) -> str:
    """The event's line; `data` is its canonical bytes as they are."""
    event, fields = exported.event, exported.fields
    attributes = json_line(
        {
            "specversion": "1.0",
            "id": event.id,
            "source": source_of(origin, fields["tenantId"]),
            "type": f"auditlog.{fields['action']}",
            "subject": f"{fields['resourceType']}/{fields['resourceId']}",
            "time": fields["timestamp"],
            "datacontenttype": "application/json",
            "sequence": f"{exported.position:020d}",
            "tenantid": fields["tenantId"],
            "receivedat": format_timestamp(event.received_at),
            "digest": event.digest.hex(),
        }
    )
    return f"{attributes[:-1]}{_DATA.decode()}{event.canonical.decode()}}}"


def claim_in(line: bytes) -> Claim:
    """What a line says.

    Raises:
        KeyError, TypeError, ValueError: it is none of an event.
    """
    head, _, data = line.partition(_DATA)
    attributes = json.loads(head + b"}")
    return Claim(
        int(attributes["sequence"]),
        attributes["id"],
        bytes.fromhex(attributes["digest"]),
        data[:-1],
    )


CLOUDEVENTS: Final = Lines("cloudevents.ndjson", line_of, claim_in)
