"""The console's files as HTTP responses: settings in the page, compressed assets, strict policies.

`console/` has the source; `make console` builds `assets/`.
"""

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from prooftrail.errors import ConfigurationError

ASSETS: Final = Path(__file__).with_name("assets")
_HASHED: Final = "hashed/"  # these files have their content's hash in their names
_PLACEHOLDER: Final = '<meta name="prooftrail-settings" content="{}" />'
_TYPES: Final[Mapping[str, str]] = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
}
_REFUSED: Final = re.compile(r"q=0(?:\.0*)?")
_ENCODINGS: Final = {"br": ".br", "gzip": ".gz"}  # the better one first


@dataclass(frozen=True, slots=True)
class SiteResponse:
    """An HTTP response. `headers` has no name twice."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def respond(
    path: str, accept_encoding: str, settings: Mapping[str, Any], folder: str = "./"
) -> SiteResponse:
    """Return the response to a GET of a path below the console's address, without a slash at first.

    An empty path is the page, with `settings` for console/src/settings.ts in it. The page finds its
    files in `folder`, a path that ends with a slash; name it where the page's own address may not.

    Raises:
        ConfigurationError: the package has no built console.
    """
    common = make_headers(settings)
    if path in {"", "index.html"}:
        page = _read_page().replace(_PLACEHOLDER, _make_element(settings))
        page = page.replace(f'="./{_HASHED}', f'="{html.escape(folder)}{_HASHED}')
        return SiteResponse(
            200,
            {**common, "Content-Type": _TYPES[".html"], "Cache-Control": "no-cache"},
            page.encode(),
        )
    files = _list_files()
    suffix = Path(path).suffix
    if path not in files or suffix not in _TYPES:
        return SiteResponse(404, {**common, "Content-Type": _TYPES[".txt"]}, b"not found\n")
    is_hashed = path.startswith(_HASHED)
    headers = {
        **common,
        "Content-Type": _TYPES[suffix],
        "Cache-Control": "public, max-age=31536000, immutable" if is_hashed else "no-cache",
    }
    if is_hashed:
        headers["Vary"] = "Accept-Encoding"
        accepted = _parse_encodings(accept_encoding)
        for encoding, ending in _ENCODINGS.items():
            if encoding in accepted and path + ending in files:
                headers["Content-Encoding"] = encoding
                return SiteResponse(200, headers, (ASSETS / (path + ending)).read_bytes())
    return SiteResponse(200, headers, (ASSETS / path).read_bytes())


def _parse_encodings(text: str) -> frozenset[str]:
    """Return the encodings that a header `Accept-Encoding` names and does not refuse (`;q=0`).

    >>> sorted(_parse_encodings("BR, gzip;q=0.5, deflate; Q=0.0"))
    ['br', 'gzip']
    """
    found = [each.lower().partition(";") for each in text.split(",")]
    return frozenset(
        name.strip() for name, _, weight in found if not _REFUSED.fullmatch(weight.strip())
    )


def make_headers(settings: Mapping[str, Any]) -> dict[str, str]:
    """Return the headers of every response: nothing inline, nothing from elsewhere, no frames."""
    origins = [_find_origin(settings.get("api", ""))]
    origins.append(_find_origin((settings.get("signIn") or {}).get("domain", "")))
    connect = " ".join(["'self'", *sorted({origin for origin in origins if origin})])
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        f"connect-src {connect}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
    }


def _find_origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def _make_element(settings: Mapping[str, Any]) -> str:
    content = html.escape(json.dumps(settings), quote=True)
    return f'<meta name="prooftrail-settings" content="{content}" />'


@cache
def _read_page() -> str:
    try:
        page = (ASSETS / "index.html").read_text("utf-8")
    except FileNotFoundError:
        raise ConfigurationError(
            f"the console is not built: {ASSETS} has no index.html; see docs/console.md"
        ) from None
    if _PLACEHOLDER not in page:
        raise ConfigurationError(f"the console in {ASSETS} has no place for its settings")
    return page


@cache
def _list_files() -> frozenset[str]:
    return frozenset(
        path.relative_to(ASSETS).as_posix() for path in ASSETS.rglob("*") if path.is_file()
    )
