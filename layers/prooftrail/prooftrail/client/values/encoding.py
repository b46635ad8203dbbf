"""Encodes events for the queue, with the ids that they will be stored with."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from prooftrail.client.values.exact import name_type
from prooftrail.client.values.fitting import (
    TEXT_FIELDS,
    cut_fields,
    drop_free_fields,
    fit_fields,
    tell_report,
)
from prooftrail.client.values.masking import Masking
from prooftrail.client.values.objects import find_number
from prooftrail.client.values.references import READERS
from prooftrail.client.values.report import FittingReport
from prooftrail.client.values.salting import add_salt
from prooftrail.client.values.texts import convert_to_text
from prooftrail.errors import AuditLogError, EventTooLargeError, InvalidEventError, Problem
from prooftrail.event.canonical import canonicalize, compute_digest
from prooftrail.event.ids import make_id
from prooftrail.event.masking import FITTED
from prooftrail.event.model import AuditEvent
from prooftrail.event.times import parse_timestamp
from prooftrail.intake.packing import MAX_MESSAGE_BYTES, check_size

_dump_json = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode
_JSON_NAMES: Final = {
    "user_id": "userId",
    "username": "username",
    "actor_type": "actorType",
    "on_behalf_of": "onBehalfOf",
    "targets": "targets",
    "tenant_id": "tenantId",
    "details": "details",
    "metadata": "metadata",
    "changes": "changes",
    "ip_address": "ipAddress",
    "user_agent": "userAgent",
    "session_id": "sessionId",
    "request_id": "requestId",
    "trace_id": "traceId",
    "success": "success",
    "error_message": "errorMessage",
    "event_id": "eventId",
    "timestamp": "timestamp",
    "action": "action",
    "resource_type": "resourceType",
    "resource_id": "resourceId",
}


_SCALARS: Final = frozenset({"success", "timestamp"})  # can be numbers of numpy


class EncodedEvent(NamedTuple):
    """The id that an event will be stored with, its JSON in ASCII for a message, its tenant."""

    id: str
    text: str
    tenant_id: str


class EventEncoder:
    """Masks, validates and encodes events, given by the arguments of `log`."""

    def __init__(
        self,
        tenant_id: str,
        masking: Masking,
        clock_ms: Callable[[], int],
        make_event_id: Callable[[], str],
        salt_key: bytes | None = None,
    ) -> None:
        self._tenant_id = tenant_id
        self._masking = masking
        self._clock_ms = clock_ms
        self._make_event_id = make_event_id
        self._salt_key = salt_key

    def encode(self, fields: Mapping[str, Any], *, is_strict: bool = False) -> EncodedEvent:
        """Encode an event that needs no fitting; time, tenant and event id are filled in.

        `metadata.fitted` is reserved for what was fitted, unless `is_strict`: then nothing is.

        Raises:
            AuditLogError: The event breaks a rule.
        """
        try:
            return self._encode(fields, is_strict=is_strict)
        except AuditLogError:
            raise
        except Exception as error:  # reading the application's objects runs their code
            rule = f"the event could not be read ({name_type(error)})"
            raise InvalidEventError([Problem("", rule)]) from error

    def _encode(self, fields: Mapping[str, Any], *, is_strict: bool) -> EncodedEvent:
        raw = self._name_fields(fields, _convert)
        for name, read in READERS.items():
            if name in raw:
                raw[name] = read(raw[name])
        masked = self._masking.mask_event(raw)
        metadata = masked.get("metadata")
        if type(metadata) is dict and FITTED in metadata and not is_strict:
            raise InvalidEventError([Problem(f"metadata.{FITTED}", "is reserved")])
        return encode_event(self._complete(masked))

    def encode_fitted(self, fields: Mapping[str, Any], report: FittingReport) -> EncodedEvent:
        """Encode any event; what loses something is added to `report`, and told in the event.

        Raises:
            InvalidEventError: Action, resource type or tenant break a rule.
        """
        raw = self._name_fields(fields)
        try:
            return self._encode_cut(self._fit(raw, report), report)
        except Exception:  # noqa: BLE001  # a fault of ours, or the end of the stack
            return self._encode_told(self._fit(drop_free_fields(raw, report), report), report)

    def _fit(self, raw: Mapping[str, Any], report: FittingReport) -> dict[str, Any]:
        return fit_fields(raw, self._masking, self._validate, report)

    def _encode_cut(self, fields: Mapping[str, Any], report: FittingReport) -> EncodedEvent:
        try:
            return self._encode_told(fields, report)
        except EventTooLargeError:
            return self._encode_told(cut_fields(fields, report, MAX_MESSAGE_BYTES), report)

    def _encode_told(self, fields: Mapping[str, Any], report: FittingReport) -> EncodedEvent:
        return encode_event(self._complete(tell_report(fields, report)))

    def _name_fields(
        self, fields: Mapping[str, Any], convert: Callable[[str, Any], Any] = lambda _, value: value
    ) -> dict[str, Any]:
        """Return the fields that are given, by their JSON names; `convert` is for all but texts."""
        raw = {
            (json_name := _JSON_NAMES.get(name, name)): (
                value if type(value) is str else convert(json_name, value)
            )
            for name, value in fields.items()
            if value is not None
        }
        tenant_id = raw.get("tenantId", "")
        if type(tenant_id) is str and not tenant_id:
            raw["tenantId"] = self._tenant_id
        return raw

    def _complete(self, fields: Mapping[str, Any]) -> AuditEvent:
        """Return the valid event, with a salt if its event id is the application's."""
        event = self._validate(fields)
        if self._salt_key is None or not fields.get("eventId"):
            return event
        return self._validate(add_salt(event.to_json(), self._salt_key))

    def _validate(self, fields: Mapping[str, Any]) -> AuditEvent:
        now_ms = self._clock_ms()
        return AuditEvent.from_json(
            fields,
            default_event_id=self._make_event_id(),
            default_timestamp_ms=now_ms,
            now_ms=now_ms,
        )


def encode_event(event: AuditEvent) -> EncodedEvent:
    """Return an event's id, and its JSON in ASCII for a message.

    Raises:
        CanonicalizationError: A value has no RFC 8785 form.
        EventTooLargeError: The event does not fit in a message.
    """
    fields = event.to_json()
    canonical = canonicalize(fields)
    event_id = make_id(parse_timestamp(event.timestamp), compute_digest(canonical))
    text = canonical.decode()
    if not text.isascii():
        text = _dump_json(fields)
    check_size(text)
    return EncodedEvent(event_id, text, event.tenant_id)


def _convert(json_name: str, value: Any) -> Any:
    if json_name in TEXT_FIELDS:
        return convert_to_text(value)
    if type(value) is dict or type(value) is bool:  # first, because most are
        return value
    if isinstance(value, datetime):
        return _format_in_utc(value)
    if json_name in _SCALARS:
        to_number = find_number(type(value))
        return value if to_number is None else to_number(value)
    return value


def _format_in_utc(moment: datetime) -> str:
    if moment.tzinfo is None:
        rule = "must have a time zone"
        raise InvalidEventError([Problem("timestamp", rule, "naive datetime")])
    return moment.astimezone(UTC).isoformat()
