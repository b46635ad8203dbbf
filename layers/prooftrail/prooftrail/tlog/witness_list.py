"""The witnesses that a log is configured with: their keys and addresses."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from prooftrail.errors import ConfigurationError, MalformedNoteError
from prooftrail.tlog.note import VerifierKey


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness: its key, and its URL (the submission prefix of C2SP tlog-witness)."""

    key: VerifierKey
    url: str


def parse_witnesses(text: str) -> tuple[Witness, ...]:
    """Parse a list of witnesses: `<verifier key> <URL>`, separated by commas.

    Raises:
        ConfigurationError: an entry is not a witness. The error gives its number.
    """
    entries = [entry.split() for entry in text.split(",") if entry.strip()]
    return tuple(_parse_witness(number, parts) for number, parts in enumerate(entries, 1))


def _parse_witness(number: int, parts: Sequence[str]) -> Witness:
    if len(parts) != 2:
        raise ConfigurationError(f"witness {number} must be a verifier key, a space and a URL")
    try:
        key = VerifierKey.from_text(parts[0])
    except MalformedNoteError as error:
        raise ConfigurationError(f"witness {number}: {error}") from error
    if not key.is_witness:
        raise ConfigurationError(
            f"witness {number}: {key.name} has the key of a log, not of a witness"
        )
    if not _is_http_url(parts[1]):
        raise ConfigurationError(f"witness {number} must have a URL of http or https")
    return Witness(key, parts[1].rstrip("/"))


def _is_http_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
