"""What the library masks before an event leaves the process: secrets, and addresses."""

import ipaddress
from collections.abc import Callable, Mapping
from typing import Any, Literal

from prooftrail.client.values.plain import to_plain_json
from prooftrail.errors import InvalidAddressError
from prooftrail.event.addresses import normalize_address
from prooftrail.event.masking import DEFAULT_SECRETS, MASK, Masker, SecretKeys, find_fields

__all__ = ["MASK", "Masking", "SecretKeys"]

Convert = Callable[..., Any]  # with the parameters of `to_plain_json`
Addresses = Literal["keep", "truncate", "drop"]


class Masking:
    """What is masked in an event, after its values are converted to JSON (`to_plain_json`)."""

    def __init__(
        self,
        secrets: SecretKeys = DEFAULT_SECRETS,
        addresses: Addresses = "keep",
        *,
        replacement: str = MASK,
    ) -> None:
        self._addresses = addresses
        self._replacement = replacement
        self._masker = Masker(secrets, replacement)

    def mask_event(
        self, raw: Mapping[str, Any], convert: Convert = to_plain_json
    ) -> dict[str, Any]:
        """Return a masked copy of an event, given by its JSON fields (camelCase).

        `convert` makes JSON of the values, as `to_plain_json` does.

        Raises:
            InvalidEventError: A value contains itself, is too deep or too large, has two keys with
                the same text, or is an object that failed while it was read.
        """
        plain = dict(raw)
        for name in ("details", "metadata", "changes"):
            if (value := plain.get(name)) is not None:
                plain[name] = self._convert(value, name, convert)
        if (changes := plain.get("changes")) is not None and not _has_fields(changes):
            # Compared as they are, because two masked values are equal.
            plain["changes"]["fields"] = find_fields(
                to_plain_json(raw["changes"], "changes", keeps_decimals=True)
            )
        if self._addresses != "keep" and (address := plain.get("ipAddress")) is not None:
            plain["ipAddress"] = self.mask_address(address)
        masked: dict[str, Any] = self._masker.mask_event(plain)
        return masked

    def mask_value(self, value: object, path: str, convert: Convert = to_plain_json) -> Any:
        """Return a masked copy of one value, as JSON. `path` names the value in errors.

        Raises:
            InvalidEventError: See `mask_event`.
        """
        return self._masker.mask_json(self._convert(value, path, convert))

    def mask_changes(self, changes: object) -> Any:
        """Return a masked copy of an event's changes, with their `fields`.

        Raises:
            InvalidEventError: See `mask_event`.
        """
        return self.mask_event({"changes": changes})["changes"]

    def _convert(self, value: object, path: str, convert: Convert) -> Any:
        return convert(value, path, self._masker.is_secret, self._replacement)

    def mask_address(self, address: str) -> str | None:
        """Return an address as it is, cut to its network (IPv4 /24, IPv6 /48), or None.

        >>> Masking(addresses="truncate").mask_address("203.0.113.77")
        '203.0.113.0'
        """
        match self._addresses:
            case "keep":
                return address
            case "drop":
                return None
            case "truncate":
                return _truncate_address(address)


def _has_fields(changes: object) -> bool:
    return not isinstance(changes, dict) or changes.get("fields") is not None


def _truncate_address(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(normalize_address(address))
    except InvalidAddressError:
        return address  # the model refuses it later
    prefix = 24 if parsed.version == 4 else 48
    return str(ipaddress.ip_network(f"{parsed}/{prefix}", strict=False).network_address)
