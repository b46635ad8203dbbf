"""A proof bundle: a JSON object with an event's canonical bytes and its proof.

The verifier needs only the bundle and the log's verifier key.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from prooftrail.errors import AuditLogError, InvalidProofError, MalformedProofError
from prooftrail.event.canonical import compute_digest
from prooftrail.event.ids import make_id
from prooftrail.event.submitter import is_submitter
from prooftrail.event.times import MAX_TIMESTAMP_MS, parse_timestamp
from prooftrail.ledger.entry import encode_entry
from prooftrail.ledger.receipt import Receipt
from prooftrail.tlog.proof import Proof

BUNDLE_FORMAT: Final = "auditlog-bundle/v1"
BUNDLE_FORMAT_2: Final = "auditlog-bundle/v2"  # with the receipt, for an entry of version 2
MAX_BUNDLE_LENGTH: Final = 8_000_000


@dataclass(frozen=True, slots=True)
class ProofBundle:
    """An event and its proof, neither of them verified.

    `receipt` is that of the entry, None if the entry has version 1.
    """

    canonical: bytes
    proof: Proof
    receipt: Receipt | None = None

    def to_json(self) -> str:
        """Return the JSON text; it contains the event's canonical bytes and the proof unchanged."""
        content: dict[str, object] = {
            "format": BUNDLE_FORMAT,
            "id": self.event_id,
            "event": self.canonical.decode(),
            "proof": str(self.proof),
        }
        if self.receipt is not None:
            content["format"] = BUNDLE_FORMAT_2
            content["receivedAt"] = self.receipt.received_at
            content["submittedBy"] = self.receipt.submitted_by
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
        return encode_entry(self.event_id, compute_digest(self.canonical), self.receipt)

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
            case {"format": str() as form} if form not in {BUNDLE_FORMAT, BUNDLE_FORMAT_2}:
                raise MalformedProofError(f"the bundle's format {form[:50]!r} is not known")
            case {
                "format": str() as form,
                "id": str() as event_id,
                "event": str() as event,
                "proof": str() as proof,
                **rest,
            } if _is_unicode(event):
                receipt = _parse_receipt(form, rest)
                bundle = cls(event.encode(), Proof.from_text(proof), receipt)
            case _:
                raise MalformedProofError("the bundle must have the texts format, id, event, proof")
        if bundle.event_id != event_id:
            raise InvalidProofError(f"the bundle's event does not have the id {event_id[:26]!r}")
        return bundle


def _parse_receipt(form: str, rest: Mapping[Any, object]) -> Receipt | None:
    """Return the receipt in a bundle's other fields.

    Raises:
        MalformedProofError: they are not those of the bundle's format.
    """
    if form == BUNDLE_FORMAT and not rest:
        return None
    received_at, submitted_by = rest.get("receivedAt"), rest.get("submittedBy")
    if (
        form == BUNDLE_FORMAT_2
        and rest.keys() == {"receivedAt", "submittedBy"}
        and type(received_at) is int
        and 0 <= received_at <= MAX_TIMESTAMP_MS
        and isinstance(submitted_by, str)
        and is_submitter(submitted_by)
    ):
        return Receipt.from_submitter(received_at, submitted_by)
    fields = ", receivedAt (ms) and submittedBy" if form == BUNDLE_FORMAT_2 else ""
    raise MalformedProofError(
        f"the bundle must have format, id, event, proof{fields}, and nothing else"
    )


def _make_object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    content = dict(pairs)
    if len(content) != len(pairs):
        raise MalformedProofError("the bundle has a key twice")
    return content


def _is_unicode(text: str) -> bool:
    return re.search("[\ud800-\udfff]", text) is None
