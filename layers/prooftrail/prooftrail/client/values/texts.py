"""Makes any text or object fit: cut texts, replaced surrogates, the text of an object."""

import traceback
from collections.abc import Mapping, Sequence, Set
from hashlib import sha256
from types import WrapperDescriptorType
from typing import Any, Final, cast

from pydantic import ValidationError

from prooftrail.client.values.exact import exact_text, is_kind, is_text, name_type
from prooftrail.client.values.objects import find_reader, has_fields, resolve_proxy
from prooftrail.client.values.plain import KEPT, SECRETS, simplify
from prooftrail.event.masking import MASKER, mask_text

_DIGEST_LENGTH: Final = 32
_UTF_16: Final = "utf-16-le"
_MAX_ARGUMENT_PARTS: Final = 1_000  # of what Python itself writes as the text of an exception
_ATOMS: Final = KEPT | {bytes}
_COLLECTIONS: Final = frozenset((dict, list, tuple, set, frozenset))


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


def convert_to_text(value: Any) -> Any:
    """Return an identifier of another type as text, or the value itself if it has no such text.

    Texts, integers and None stay as they are. UUIDs, enumerations, dates, decimals, paths,
    addresses, UTF-8 bytes and objects with a text of their own (`__str__`) become text.

    >>> convert_to_text(b"alice"), convert_to_text(1.5), convert_to_text({"id": 1})
    ('alice', 1.5, {'id': 1})
    """
    if type(value) is bool:
        return value
    if issubclass(type(value), bytes | bytearray):
        try:
            return str(value, "utf-8")
        except UnicodeDecodeError:
            return value
    proxied = resolve_proxy(value)
    if proxied is not value:
        return read_text(proxied) if has_custom_text(proxied) else convert_to_text(proxied)
    simple = simplify(value)
    kind = type(simple)
    if kind is str or kind is int or simple is None:
        return simple
    return read_text(value) if simple is value and has_text(value) else value


def has_custom_text(value: object) -> bool:
    """Return whether an object with fields has a text that its class defines, as a user's name.

    The texts of collections and of pydantic show all that is in them.
    """
    kind: Any = type(value)
    if not has_fields(value) or hasattr(kind, "items") or is_kind(value, (Mapping, Sequence)):
        return False
    module = getattr(kind.__str__, "__module__", "")
    return kind.__str__ is not object.__str__ and module.partition(".")[0] != "pydantic"


def has_text(value: object) -> bool:
    """Return whether an object has a text of its own, and is neither a secret nor a collection."""
    return (
        type(value).__str__ is not object.__str__
        and find_reader(type(value)) is None
        and not is_kind(value, (*SECRETS, Mapping, Sequence, Set))
        and not MASKER.is_secret(name_type(value))  # such as Starlette's `Secret`
    )


def read_text(value: object) -> str:
    """Return the text of an object, of an exception without what can be secret.

    That is the `__repr__` of its arguments, what pydantic refused and what SQLAlchemy passed. What
    the code of the application raises is raised.
    """
    if _shows_arguments(value):
        return ", ".join(map(_read_argument, _read_arguments(value)))
    kind = type(value)
    if issubclass(kind, ValidationError):
        return _read_validation_error(cast("ValidationError", value))
    if issubclass(kind, BaseException) and hasattr(kind, "statement") and hasattr(kind, "params"):
        return _read_statement_error(value)
    return exact_text(str(value))


def _read_validation_error(error: ValidationError) -> str:
    """Return the text of pydantic's exception without the values that it refused."""
    problems = error.errors(include_url=False, include_context=False, include_input=False)
    places = (".".join(map(str, problem["loc"])) for problem in problems)
    return "; ".join(
        f"{place}: {problem['msg']}" if place else problem["msg"]
        for place, problem in zip(places, problems, strict=True)
    )


def _read_statement_error(error: Any) -> str:
    """Return the text of SQLAlchemy's exception without the parameters of the statement."""
    text = ", ".join(map(_read_argument, _read_arguments(error)))
    return f"{text}\n[SQL: {error.statement}]" if error.statement else text


def _shows_arguments(value: object) -> bool:
    """Return whether Python writes the text of this exception with the `__repr__` of others."""
    kind = type(value)
    return (
        issubclass(kind, BaseException)
        and type(kind.__str__) is WrapperDescriptorType
        and not issubclass(kind, BaseExceptionGroup)  # has a text, and the number of its parts
        and not all(map(_is_simple, _read_arguments(value)))
    )


def _read_arguments(error: object) -> tuple[Any, ...]:
    arguments: tuple[Any, ...] = vars(BaseException)["args"].__get__(error)
    return arguments


def _is_simple(value: object) -> bool:
    """Return whether a text of the value by Python is short and runs no code of others."""
    waiting, left = [value], _MAX_ARGUMENT_PARTS
    while waiting:
        part: Any = waiting.pop()
        kind = type(part)
        if kind in _ATOMS:
            continue
        if kind not in _COLLECTIONS or len(part) > left:
            return False
        left -= len(part) + 1
        waiting.extend(part)
        if kind is dict:
            waiting.extend(part.values())
    return True


def _read_argument(value: object) -> str:
    if is_text(value):
        return exact_text(value)
    if _is_simple(value):
        return exact_text(str(value))
    return f"({name_type(value)})" if _shows_arguments(value) else describe_object(value)


def describe_object(value: object) -> str:
    """Return the type of an object, and its text if it has one of its own. It never raises.

    The text of `__repr__` does not count: it shows all fields, and can run a query.

    >>> describe_object(LookupError("not found")), describe_object(print)
    ('LookupError: not found', '(builtin_function_or_method)')
    """
    name = name_type(value)
    try:
        text = read_text(value) if has_text(value) else ""
    except Exception:  # noqa: BLE001  # code of the application
        text = ""
    return f"{name}: {text}" if text else f"({name})"


def describe_exception(error: object) -> str:
    """Return the type and the text of an exception. It never raises.

    >>> describe_exception(ValueError("order not found"))
    'ValueError: order not found'
    """
    name = name_type(error)
    try:
        is_exception = issubclass(type(error), BaseException)
        text = read_text(error) if is_exception or has_text(error) else ""
    except Exception as failure:  # noqa: BLE001  # code of the application
        text = f"(its text raised {name_type(failure)})"
    return f"{name}: {text}" if text else name


def mask_exception(error: object) -> str:
    """Return the type and the text of an exception for a log line: with its secrets masked."""
    try:
        return mask_text(describe_exception(error))
    except Exception:  # noqa: BLE001  # a fault of ours must not reach the application
        return name_type(error)


def describe_origin(error: BaseException) -> str:
    """Return the lines of code that raised an exception, without its text or a value."""
    try:
        return "".join(traceback.format_tb(error.__traceback__)).rstrip()
    except Exception:  # noqa: BLE001  # as above
        return ""
