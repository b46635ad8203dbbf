"""Makes any text or object fit: cut texts, replaced surrogates, the text of an object."""

from collections.abc import Mapping, Sequence, Set
from hashlib import sha256
from typing import Any, Final

from prooftrail.client.objects import find_reader
from prooftrail.client.plain import SECRETS, simplify
from prooftrail.event.masking import MASKER

_DIGEST_LENGTH: Final = 32
_UTF_16: Final = "utf-16-le"


def cut_text(text: str, max_length: int, *, original: str | None = None) -> str:
    """Return a text of at most `max_length` characters: the beginning, and a digest of the whole.

    The digest is the first 32 hex digits of the SHA-256 of the text in UTF-8, so two long texts
    stay two. It is that of `original`, if characters of that were replaced before.

    >>> cut_text("x" * 300, 50)
    'xxxxxxxxxx…sha256:0d4e2ca9e9cbced7a7a5380eb29e1a37'
    """
    if len(text) <= max_length:
        return text
    end = make_cut_end(text if original is None else original)
    return text[: max(max_length - len(end), 0)] + end


def make_cut_end(whole: str) -> str:
    """Return what stands behind the beginning of a text that is cut."""
    return f"…sha256:{compute_short_digest(whole)}"


def compute_short_digest(text: str) -> str:
    """Return the first 32 hex digits of the SHA-256 of a text, lone surrogates included."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST_LENGTH]


def has_surrogates(text: str) -> bool:
    """Return whether the text has surrogates, which have no UTF-8 form."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def replace_surrogates(text: str) -> str:
    r"""Return the text with each lone surrogate replaced, and each pair as its character.

    >>> replace_surrogates("a\ud800b \ud83d\ude00") == "a\ufffdb \U0001f600"
    True
    """
    return text.encode(_UTF_16, "surrogatepass").decode(_UTF_16, "replace")


def format_integer(number: int) -> str:
    """Return an integer's digits; those of base 16, if Python refuses to write so many."""
    try:
        return str(number)
    except ValueError:
        return hex(number)


def convert_to_text(value: Any) -> Any:
    """Return an identifier of another type as text, or the value itself if it has no such text.

    Texts, integers and None stay as they are. UUIDs, enumerations, dates, decimals, paths,
    addresses, UTF-8 bytes and objects with a text of their own (`__str__`) become text.

    >>> convert_to_text(b"alice"), convert_to_text(1.5), convert_to_text({"id": 1})
    ('alice', 1.5, {'id': 1})
    """
    if isinstance(value, bool):
        return value
    if isinstance(value, bytes | bytearray):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return value
    simple = simplify(value)
    kind = type(simple)
    if kind is str or kind is int or simple is None:
        return simple
    return str(value) if simple is value and has_text(value) else value


def has_text(value: object) -> bool:
    """Return whether an object has a text of its own, and is neither a secret nor a collection."""
    return (
        type(value).__str__ is not object.__str__
        and find_reader(type(value)) is None
        and not isinstance(value, (*SECRETS, Mapping, Sequence, Set))
        and not MASKER.is_secret(type(value).__name__)  # such as Starlette's `Secret`
    )


def describe_object(value: object) -> str:
    """Return the type of an object, and its text if it has one of its own.

    The text of `__repr__` does not count: it shows all fields, and can run a query.

    >>> describe_object(LookupError("not found")), describe_object(print)
    ('LookupError: not found', '(builtin_function_or_method)')
    """
    name = type(value).__name__
    try:
        text = str(value) if has_text(value) else ""
    except Exception:  # noqa: BLE001  # code of the application
        text = ""
    return f"{name}: {text}" if text else f"({name})"
