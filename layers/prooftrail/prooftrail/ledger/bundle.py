"""A proof bundle: a JSON object with an event's canonical bytes and its proof.

The verifier needs only the bundle and the log's verifier key.
"""

import json
import re
from dataclasses import dataclass
from typing import Final

from prooftrail.errors import AuditLogError, InvalidProofError, MalformedProofError
from prooftrail.event.canonical import compute_digest
from prooftrail.event.ids import make_id
from prooftrail.event.times import parse_timestamp
from prooftrail.ledger.entry import encode_entry
from prooftrail.tlog.proof import Proof

BUNDLE_FORMAT: Final = "auditlog-bundle/v1"
MAX_BUNDLE_LENGTH: Final = 8_000_000


@dataclass(frozen=True, slots=True)
class ProofBundle:
    """An event and its proof, neither of them verified."""

    canonical: bytes
    proof: Proof

    def to_json(self) -> str:
        """Return the JSON text; it contains the event's canonical bytes and the proof unchanged."""
        content = {
            "format": BUNDLE_FORMAT,
            "id": self.event_id,
            "event": self.canonical.decode(),
            "proof": str(self.proof),
        }
        return json.dumps(content, ensure_ascii=False, separators=(",", ":"))

    @property
    def event_id(self) -> str:
        """The event's id, computed from its content.

        Raises:
            MalformedProofError: the content is not a valid event.
        """
        try:
            event = json.loads(self.canonical)
            return make_id(parse_timestamp(event["timestamp"]), compute_digest(self.canonical))
        except (
            AuditLogError,
            AttributeError,
            ValueError,
            KeyError,
            TypeError,
            RecursionError,
        ) as error:
            raise MalformedProofError("the bundle contains no valid event") from error

    @property
    def entry(self) -> bytes:
        """The event's entry in the log.

        Raises: see `event_id`.
        """
        return encode_entry(self.event_id, compute_digest(self.canonical))

    @classmethod
    def from_json(cls, text: str) -> "ProofBundle":
        """Parse a bundle.

        Raises:
            MalformedProofError: the text is not a bundle; the error says why.
            InvalidProofError: the id is not that of the event.
        """
        if len(text) > MAX_BUNDLE_LENGTH:
            raise MalformedProofError(f"the bundle is longer than {MAX_BUNDLE_LENGTH} characters")
        try:
            content = json.loads(text, object_pairs_hook=_make_object)
        except (ValueError, RecursionError) as error:
            raise MalformedProofError("the bundle is not a JSON object") from error
        match content:
            case {"format": str() as form} if form != BUNDLE_FORMAT:
                raise MalformedProofError(f"the bundle's format {form[:50]!r} is not known")
            case {
                "format": str(),
                "id": str() as event_id,
                "event": str() as event,
                "proof": str() as proof,
            } if len(content) == 4 and _is_unicode(event):
                bundle = cls(event.encode(), Proof.from_text(proof))
            case _:
                raise MalformedProofError(
                    "the bundle must have the texts format, id, event and proof, and nothing else"
                )
        if bundle.event_id != event_id:
            raise InvalidProofError(f"the bundle's event does not have the id {event_id[:26]!r}")
        return bundle


def _make_object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    content = dict(pairs)
    if len(content) != len(pairs):
        raise MalformedProofError("the bundle has a key twice")
    return content


def _is_unicode(text: str) -> bool:
    return re.search("[\ud800-\udfff]", text) is None
