"""Mask the secrets in the bodies of dead letters.

The queue keeps a dead letter for days, and operators read it. They need no secret to correct the
event, because the secret is masked in the stored event too.
"""

import json

from prooftrail.errors import MalformedJobError
from prooftrail.event.masking import MASKER, mask_text
from prooftrail.intake.jobs import decode_json


def mask_event_to_refuse(event: object) -> object:
    """Return an event that the model refuses, decoded, with its secrets masked."""
    return MASKER.mask_refused_event(event)


def mask_body(body: str) -> str:
    """Return a body that is not a valid job with its secrets masked; the same body if it has none.

    In a body that is not JSON, only texts under names of secrets, and patterns, are found.
    """
    try:
        decoded = decode_json(body)
        masked = MASKER.mask_refused(decoded)
        return body if masked is decoded else json.dumps(masked, separators=(",", ":"))
    except (MalformedJobError, RecursionError):  # not JSON, or too deep to be encoded
        return mask_text(body)
