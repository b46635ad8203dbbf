"""The bodies of dead letters: what was refused, with its secrets masked.

The queue keeps a dead letter for days and operators read it. No secret in it is needed to correct
the event: once the event is stored, the secret is masked anyway.
"""

import json
import re
from typing import Final

from prooftrail.errors import MalformedJobError
from prooftrail.event.masking import MASK, MASKER, mask_text
from prooftrail.intake.jobs import decode_json

# The name and the text of a member of an object, in text that may not be JSON as a whole.
_MEMBER: Final = re.compile(
    r'("((?:[^"\\\r\n]|\\.){1,64}+)"\s{0,8}+:\s{0,8}+")((?:[^"\\]|\\.)*+)', re.DOTALL
)


def mask_event_to_refuse(event: object) -> object:
    """Return an event that the model refuses, decoded, with its secrets masked."""
    return MASKER.mask_refused(MASKER.mask_event(event))


def mask_body(body: str) -> str:
    """Return a body that is not a valid job with its secrets masked, or as it is without any.

    In a body that is not JSON, only texts under the names of secrets and patterns are found.
    """
    try:
        decoded = decode_json(body)
        masked = MASKER.mask_refused(decoded)
        return body if masked is decoded else json.dumps(masked, separators=(",", ":"))
    except (MalformedJobError, RecursionError):  # not JSON, or too deep to be encoded
        return mask_text(_MEMBER.sub(_mask_member, body))


def _mask_member(found: re.Match[str]) -> str:
    return found[1] + MASK if MASKER.is_secret(found[2]) else found[0]
