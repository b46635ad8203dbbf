"""A stub of a Cognito user pool: its sign-in pages and token endpoint, with PKCE checked."""

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from threading import Event
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from local.http_server import serve_http

CLIENT_ID = "3n4b5urk1ft4fl3mg5e62d9ado"
_KEY = secrets.token_bytes(32)


class RefusedError(Exception):
    """The request is not valid. The message is OAuth's error code."""


@dataclass
class UserPool:
    """A user pool with one user. A test changes the fields.

    `has_session`: the user has signed in at the pool, which then does not ask again.
    """

    url: str = ""
    claims: Mapping[str, str] = field(
        default_factory=lambda: {
            "sub": "u-1",
            "email": "ada@example.com",
            "custom:tenantId": "acme",
            "cognito:groups": "audit-readers,audit-pii,audit-auditors",
        }
    )
    callback_urls: tuple[str, ...] = ()
    life_seconds: int = 3600
    has_session: bool = False
    renews: bool = True
    exchanges: int = 0
    renewals: int = 0
    tokens: list[str] = field(default_factory=list)
    revoked: Event = field(default_factory=Event)
    _codes: dict[str, Mapping[str, str]] = field(default_factory=dict)
    _refresh_tokens: set[str] = field(default_factory=set)

    def begin(self, query: Mapping[str, str]) -> None:
        """Check a request to sign in."""
        expected = {
            "response_type": "code",
            "client_id": CLIENT_ID,
            "code_challenge_method": "S256",
            "scope": "openid",
        }
        if {name: query.get(name) for name in expected} != expected:
            raise RefusedError("invalid_request")
        if query.get("redirect_uri") not in self.callback_urls:
            raise RefusedError("redirect_mismatch")
        if len(query.get("code_challenge", "")) != 43 or not query.get("state"):
            raise RefusedError("invalid_request")

    def make_code(self, query: Mapping[str, str]) -> str:
        """Return a code for a checked request."""
        code = secrets.token_urlsafe()
        self._codes[code] = query
        self.has_session = True
        return code

    def exchange(self, form: Mapping[str, str]) -> dict[str, Any]:
        """Return the tokens for a code or a refresh token."""
        if form.get("client_id") != CLIENT_ID:
            raise RefusedError("invalid_client")
        if form.get("grant_type") == "refresh_token":
            if not self.renews or form.get("refresh_token") not in self._refresh_tokens:
                raise RefusedError("invalid_grant")
            self.renewals += 1
            return self._make_tokens()
        query = self._codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if (
            form.get("grant_type") != "authorization_code"
            or query is None
            or query["redirect_uri"] != form.get("redirect_uri")
            or query["code_challenge"] != _encode(digest)
        ):
            raise RefusedError("invalid_grant")
        self.exchanges += 1
        refresh_token = secrets.token_urlsafe()
        self._refresh_tokens.add(refresh_token)
        self.tokens.append(refresh_token)
        return {**self._make_tokens(), "refresh_token": refresh_token}

    def revoke(self, form: Mapping[str, str]) -> dict[str, Any]:
        """Forget a refresh token."""
        self._refresh_tokens.discard(form.get("token", ""))
        self.revoked.set()
        return {}

    def count_refresh_tokens(self) -> int:
        """Return how many refresh tokens are valid."""
        return len(self._refresh_tokens)

    def _make_tokens(self) -> dict[str, Any]:
        claims = {**self.claims, "aud": CLIENT_ID, "exp": time.time() + self.life_seconds}
        signed = ".".join(_encode(json.dumps(part).encode()) for part in ({"alg": "HS256"}, claims))
        token = f"{signed}.{_sign(signed)}"
        self.tokens.append(token)
        return {"id_token": token, "expires_in": self.life_seconds, "token_type": "Bearer"}

    def authorize(self, token: str | None) -> Mapping[str, str] | None:
        """Return the claims of a token, as API Gateway's authorizer does, or None."""
        signed, _, signature = (token or "").rpartition(".")
        if not hmac.compare_digest(_sign(signed), signature):
            return None
        claims = json.loads(base64.urlsafe_b64decode(signed.split(".")[1] + "=="))
        expires = claims.pop("exp")
        return claims if time.time() < expires else None


def _encode(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _sign(text: str) -> str:
    return _encode(hmac.digest(_KEY, text.encode(), "sha256"))


@contextmanager
def serve_user_pool() -> Iterator[UserPool]:
    """Serve a user pool inside the block, at its `url`."""
    pool = UserPool()

    class Handler(_Handler):
        user_pool = pool

    with serve_http(Handler) as port:
        pool.url = f"http://127.0.0.1:{port}"
        yield pool


class _Handler(BaseHTTPRequestHandler):
    user_pool: UserPool

    def do_GET(self) -> None:
        split = urlsplit(self.path)
        query = dict(parse_qsl(split.query))
        try:
            match split.path:
                case "/oauth2/authorize":
                    self._begin(query)
                case "/approve":
                    self._approve(query)
                case "/deny":
                    self._redirect(query, {"error": "access_denied", "state": query["state"]})
                case "/logout":
                    self._end(query)
                case _:
                    self._send(404, "text/plain", "")
        except RefusedError as error:
            self._send(400, "text/plain", str(error))

    def do_POST(self) -> None:
        form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        pool = self.user_pool
        respond = {"/oauth2/token": pool.exchange, "/oauth2/revoke": pool.revoke}[self.path]
        try:
            status, body = 200, respond(form)
        except RefusedError as error:
            status, body = 400, {"error": str(error)}
        self._send(status, "application/json", json.dumps(body))

    def _begin(self, query: Mapping[str, str]) -> None:
        self.user_pool.begin(query)
        if self.user_pool.has_session:
            self._approve(query)
            return
        rest = urlencode(query).replace("&", "&amp;")
        links = f'<a href="/approve?{rest}">Approve</a> <a href="/deny?{rest}">Deny</a>'
        page = f'<!doctype html><html lang="en"><link rel="icon" href="data:,">{links}</html>'
        self._send(200, "text/html", page)

    def _approve(self, query: Mapping[str, str]) -> None:
        self._redirect(query, {"code": self.user_pool.make_code(query), "state": query["state"]})

    def _end(self, query: Mapping[str, str]) -> None:
        if query.get("client_id") != CLIENT_ID:
            raise RefusedError("invalid_client")
        if query.get("logout_uri") not in self.user_pool.callback_urls:
            raise RefusedError("redirect_mismatch")
        self.user_pool.has_session = False
        self._redirect({"redirect_uri": query["logout_uri"]}, {})

    def _redirect(self, query: Mapping[str, str], result: Mapping[str, str]) -> None:
        address = query["redirect_uri"] + (f"?{urlencode(result)}" if result else "")
        self._send(302, "text/plain", "", {"Location": address})

    def _send(
        self, status: int, kind: str, body: str, headers: Mapping[str, str] | None = None
    ) -> None:
        content = body.encode()
        self.send_response(status)
        for name, value in {
            "Content-Type": kind,
            "Content-Length": str(len(content)),
            "Access-Control-Allow-Origin": "*",
            **(headers or {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Print nothing."""
