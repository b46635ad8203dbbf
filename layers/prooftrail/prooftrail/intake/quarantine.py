"""Mask the secrets in the bodies of dead letters.

The queue keeps a dead letter for days, and operators read it. They need no secret to correct the
event, because the secret is masked in the stored event too.
"""

import json
from typing import Any

from prooftrail.errors import MalformedJobError
from prooftrail.event.masking import MASKER, find_fields, mask_text
from prooftrail.intake.jobs import decode_json


def mask_event_to_refuse(event: Any) -> object:
    """Return an event that the model refuses, decoded, with its secrets masked.

    If a secret in `changes` is masked, `changes.fields` is derived first, as for a valid event:
    masked values do not show which of them differ.
    """
    masked = MASKER.mask_refused(event)
    if type(event) is not dict or masked is event:
        return masked
    changes, new = event.get("changes"), masked.get("changes")
    if new is changes or type(changes) is not dict or changes.get("fields") is not None:
        return masked
    return {**masked, "changes": {**new, "fields": MASKER.mask_json(find_fields(changes))}}


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
