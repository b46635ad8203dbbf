"""NDJSON: the events as the API answers them, each with its position."""

import re
from typing import Final

from prooftrail.export.lines import Lines
from prooftrail.export.ports import Claim, Exported

_LINE: Final = re.compile(
    rb'\{"position":(0|[1-9][0-9]{0,18}),"id":"([0-9A-Z]{26})","digest":"([0-9a-f]{64})",'
    rb'"receivedAt":"[0-9TZ:.-]{24}",(.*\})',
    re.DOTALL,
)


def line_of(exported: Exported, _origin: str) -> str:
    """The event's line; its canonical bytes stand in it as they are, from `"action"` on.

    >>> from prooftrail.query.ports import StoredEvent
    >>> stored = StoredEvent("01A", b"\\xab", 0, b'{"action":"a.b","v":1}')
    >>> line_of(Exported(7, stored, {}), "")[:40]
    '{"position":7,"id":"01A","digest":"ab","'
    """
    return f'{{"position":{exported.position},{exported.event.to_json()[1:]}'


def claim_in(line: bytes) -> Claim:
    """What a line says.

    Raises:
        ValueError: it is none of an event.
    """
    match = _LINE.fullmatch(line)
    if match is None:
        raise ValueError("no exported event")
    position, event_id, digest, rest = match.groups()
    return Claim(int(position), event_id.decode(), bytes.fromhex(digest.decode()), b"{" + rest)


NDJSON: Final = Lines("ndjson", line_of, claim_in)
