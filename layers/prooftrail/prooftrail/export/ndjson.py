"""NDJSON: the events as the API returns them, with their positions."""

import json
import re
from typing import Final

from prooftrail.export.lines import LineFormat, decode_canonical
from prooftrail.export.ports import Claim, ExportedEvent, parse_receipt

_LINE: Final = re.compile(
    rb'\{"position":(0|[1-9][0-9]{0,18}),"id":"([0-9A-Z]{26})","digest":"([0-9a-f]{64})",'
    rb'"receivedAt":"([0-9TZ:.-]{24})",(?:"submittedBy":("(?:[^"\\]|\\["\\])*"),)?(.*\})',
    re.DOTALL,
)


def encode_line(exported: ExportedEvent, _origin: str) -> str:
    """Return the event's line. From `"action"` on it is the canonical bytes, unchanged.

    >>> from prooftrail.query.ports import StoredEvent
    >>> stored = StoredEvent("01A", b"\\xab", 0, b'{"action":"a.b","v":1}')
    >>> encode_line(ExportedEvent(7, stored, {}), "")[:40]
    '{"position":7,"id":"01A","digest":"ab","'
    """
    return f'{{"position":{exported.position},{exported.event.to_json()[1:]}'


def parse_line(line: bytes) -> Claim:
    """Return what a line says of its event.

    Raises:
        ValueError: the line is not an event's.
    """
    match = _LINE.fullmatch(line)
    if match is None:
        raise ValueError("not an exported event")
    position, event_id, digest, received_at, submitted_by, rest = match.groups()
    receipt = None
    if submitted_by is not None:
        receipt = parse_receipt(received_at.decode(), json.loads(submitted_by))
    return Claim(
        int(position), event_id.decode(), bytes.fromhex(digest.decode()), b"{" + rest, receipt
    )


NDJSON: Final = LineFormat("ndjson", encode_line, parse_line, decode_canonical)
