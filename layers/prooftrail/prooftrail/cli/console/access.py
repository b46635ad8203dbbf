"""Who may use the local server: the browser that was opened with its token, and no other page.

A server on the loopback can be reached by every page in the browser and by every program and user
of the machine. So each request must name this server as its host (DNS rebinding), must not come
from another page (`Origin`, `Sec-Fetch-Site`), and must carry the session's cookie.
"""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

_OWN_SITES: Final = frozenset({"same-origin", "none"})  # none: the reader's own navigation


@dataclass
class Access:
    """The token and the session of one server, which listens on `port`."""

    port: int
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    session: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    _is_used: bool = False
    _has_ended: bool = False
    _lock: Lock = field(default_factory=Lock, repr=False)

    @property
    def cookie_name(self) -> str:
        """The cookie's name. Browsers send a cookie to every port of a host."""
        return f"prooftrail-console-{self.port}"

    @property
    def hosts(self) -> frozenset[str]:
        """The values of `Host` that name this server."""
        return frozenset({f"127.0.0.1:{self.port}", f"localhost:{self.port}"})

    def use_token(self, given: str) -> bool:
        """Return whether this is the token and is used for the first time.

        A second use ends the session: one of the two was not the operator's browser. Others of
        the machine can see the address among the arguments of the browser's process.
        """
        with self._lock:
            if not _is_equal(given, self.token):
                return False
            self._has_ended = self._is_used
            self._is_used = True
            return not self._has_ended

    def has_session(self, cookies: Mapping[str, str]) -> bool:
        """Return whether the cookies hold the session of this server."""
        is_equal = _is_equal(cookies.get(self.cookie_name, ""), self.session)
        return is_equal and not self._has_ended

    def is_from_here(self, headers: Mapping[str, str]) -> bool:
        """Return whether a request is to this server and from its own page or the address bar.

        The names of `headers` are in lower case, or their case does not matter.
        """
        host = headers.get("host", "")
        origin = headers.get("origin", f"http://{host}")
        site = headers.get("sec-fetch-site", "none")  # programs and old browsers send none
        return host in self.hosts and origin == f"http://{host}" and site in _OWN_SITES


def _is_equal(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected.encode())
