"""The types of single fields, for the event's model and for the API's parameters.

They stand apart from the model because the functions that only read start faster without it.
"""

from typing import Annotated, Final

from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

from prooftrail.errors import InvalidAddressError, InvalidTimestampError, InvalidTraceIdError
from prooftrail.event.addresses import MAX_ADDRESS_LENGTH, normalize_address
from prooftrail.event.keys import NAME_PATTERN, TENANT_PATTERN
from prooftrail.event.times import format_timestamp, parse_timestamp
from prooftrail.event.traces import normalize_trace_id

MAX_EVENT_ID_LENGTH: Final = 128
MAX_IDENTIFIER_LENGTH: Final = 256
_TIMESTAMP_LENGTH: Final = len("2026-11-24T08:00:00.000Z")


def _convert_to_utc(text: str) -> str:
    try:
        timestamp_ms = parse_timestamp(text)
    except InvalidTimestampError as error:
        raise PydanticCustomError("timestamp", "{rule}", {"rule": str(error)}) from error
    is_in_utc = len(text) == _TIMESTAMP_LENGTH and text[10] == "T" and text[-1] == "Z"
    is_leap_second = text[17] == "6"
    return text if is_in_utc and not is_leap_second else format_timestamp(timestamp_ms)


def _normalize_address(text: str) -> str:
    try:
        return normalize_address(text)
    except InvalidAddressError as error:
        raise PydanticCustomError("ip_address", "{rule}", {"rule": str(error)}) from error


def _normalize_trace_id(text: str) -> str:
    try:
        return normalize_trace_id(text)
    except InvalidTraceIdError as error:
        raise PydanticCustomError("trace_id", "{rule}", {"rule": str(error)}) from error


Name = Annotated[str, StringConstraints(pattern=NAME_PATTERN)]
TenantId = Annotated[str, StringConstraints(pattern=TENANT_PATTERN)]
Identifier = Annotated[str, StringConstraints(min_length=1, max_length=MAX_IDENTIFIER_LENGTH)]
IpAddress = Annotated[
    str, StringConstraints(max_length=MAX_ADDRESS_LENGTH), AfterValidator(_normalize_address)
]
Timestamp = Annotated[str, AfterValidator(_convert_to_utc)]
TraceId = Annotated[str, AfterValidator(_normalize_trace_id)]
