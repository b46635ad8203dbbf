"""Patterns for JSON Schema that describe what code checks: times, addresses, cursors, tiles.

A test compares them with that code. They use only syntax that the regular expressions of
ECMAScript, Python and Rust share.
"""

from typing import Final


def _join(*choices: str) -> str:
    return f"(?:{'|'.join(choices)})"


_YEAR: Final = "(?:19[7-9][0-9]|[2-9][0-9]{3})"
_LEAP_YEAR: Final = _join(
    "19(?:[79][26]|8[048])",
    "[2-9][0-9](?:0[48]|[2468][048]|[13579][26])",
    "(?:[2468][048]|[3579][26])00",
)
_DAY: Final = _join(
    "(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])",
    "(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)",
    "02-(?:0[1-9]|1[0-9]|2[0-8])",
)
_DATE: Final = _join(f"{_YEAR}-{_DAY}", f"{_LEAP_YEAR}-02-29")
# Not the first and the last year: an offset can move a time out of the years 1970 to 9999.
_INNER_YEAR: Final = "(?:197[1-9]|19[89][0-9]|[2-8][0-9]{3}|9[0-8][0-9]{2}|99[0-8][0-9]|999[0-8])"
_INNER_DATE: Final = _join(f"{_INNER_YEAR}-{_DAY}", f"{_LEAP_YEAR}-02-29")
_HOUR: Final = "(?:[01][0-9]|2[0-3])"
_TIME: Final = rf"[Tt ]{_HOUR}:[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?"
_LEAP_SECOND: Final = rf"{_YEAR}-(?:06-30|12-31)[Tt ]23:59:60(?:\.[0-9]+)?"
_UTC: Final = "(?:[Zz]|[+-]00:?00)"
_ZONE: Final = rf"(?:[Zz]|[+-]{_HOUR}:?[0-5][0-9])"
_TIMESTAMP: Final = _join(
    f"{_INNER_DATE}{_TIME}{_ZONE}", f"{_DATE}{_TIME}{_UTC}", f"{_LEAP_SECOND}{_UTC}"
)

_BYTE: Final = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4: Final = rf"{_BYTE}(?:\.{_BYTE}){{3}}"
_GROUP: Final = "[0-9A-Fa-f]{1,4}"
_END: Final = _join(f"{_GROUP}:{_GROUP}", _IPV4)
_IPV6: Final = _join(
    f"(?:{_GROUP}:){{6}}{_END}",
    f"::(?:{_GROUP}:){{5}}{_END}",
    f"(?:{_GROUP})?::(?:{_GROUP}:){{4}}{_END}",
    *(
        f"(?:(?:{_GROUP}:){{0,{before}}}{_GROUP})?::(?:{_GROUP}:){{{3 - before + 1}}}{_END}"
        for before in (1, 2, 3)
    ),
    f"(?:(?:{_GROUP}:){{0,4}}{_GROUP})?::{_END}",
    f"(?:(?:{_GROUP}:){{0,5}}{_GROUP})?::{_GROUP}",
    f"(?:(?:{_GROUP}:){{0,6}}{_GROUP})?::",
)
_IP: Final = _join(_IPV4, _IPV6)
_PORT: Final = "(?::[0-9]{0,5})"
_ADDRESS: Final = _join(
    rf"{_IP}(?:%[\s\S]*)?", rf"\[{_IP}(?:%[^\]]*)?\]{_PORT}?", f"{_IPV4}{_PORT}"
)

_ANY_GROUP: Final = "x[0-9]{3}"
_FIRST_GROUP: Final = "x(?:[1-9][0-9]{2}|0[1-9][0-9]|00[1-9])"
_INDEX: Final = f"(?:{_FIRST_GROUP}/(?:{_ANY_GROUP}/){{0,5}})?[0-9]{{3}}"
_WIDTH: Final = "(?:[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])"

DATE_OR_TIMESTAMP: Final = f"^{_join(_DATE, _TIMESTAMP)}$"
TIMESTAMP_OR_EMPTY: Final = f"^{_TIMESTAMP}?$"
ADDRESS: Final = f"^ *{_ADDRESS} *$"
ADDRESS_OR_EMPTY: Final = f"^(?: *{_ADDRESS} *)?$"
TRACE_ID: Final = "^[0-9a-f]{32}$"
NEW_TRACE_ID: Final = "^0{0,31}[1-9A-Fa-f][0-9A-Fa-f]{0,31}$"  # of 32 characters
TRACE_ID_OR_EMPTY: Final = "^(?:[0-9A-Fa-f]{32})?$"
TILE: Final = rf"^(?:entries|[0-9]|[1-5][0-9]|6[0-3])/{_INDEX}(?:\.p/{_WIDTH})?$"
CURSOR: Final = "^A[Q-Za-f][A-Za-z0-9_-]{55}[AQgw]$"
