"""The console function: paths, encodings, headers."""

import base64
import gzip
import html
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from console.app import lambda_handler
from prooftrail.console.site import ASSETS
from prooftrail.runtime.config import get_settings

ROOT = Path(__file__).parents[3]
[SCRIPT] = re.findall(r'="./hashed/([^"]+)"', (ASSETS / "index.html").read_text())
FILES = sorted(path.name for path in (ASSETS / "hashed").glob("*.js"))
DOMAIN = "https://acme.auth.eu-west-1.amazoncognito.com"
FORBIDDEN = ("boto3", "botocore", "pydantic", "aws_lambda_powertools", "cryptography")


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SIGN_IN_URL", DOMAIN)
    monkeypatch.setenv("SIGN_IN_CLIENT_ID", "client")
    monkeypatch.setenv("STACK_NAME", "audit-log-prod")
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


def make_request(target: str, **changes: Any) -> dict[str, Any]:
    """Make the event of a request for a path below the stage, such as `/console/x`."""
    event: dict[str, Any] = json.loads((ROOT / "events" / "console.json").read_text())
    proxy = unquote(target.removeprefix("/console").lstrip("/"))
    event |= {"path": target, "pathParameters": {"proxy": proxy} if proxy else None}
    event["requestContext"]["path"] = f"/dev{target}"
    return event | changes


def get(target: str, **changes: Any) -> tuple[int, Mapping[str, str], bytes]:
    """Return status, headers and body of the response to a request."""
    response = lambda_handler(make_request(target, **changes), None)
    assert response["isBase64Encoded"] is True
    return response["statusCode"], response["headers"], base64.b64decode(response["body"])


def read_settings(page: bytes) -> Any:
    """Return the settings in a page."""
    found = re.search(r'<meta name="prooftrail-settings" content="(.*?)" />', page.decode())
    assert found
    return json.loads(html.unescape(found[1]))


@pytest.mark.parametrize("target", ["/console", "/console/", "/console/index.html"])
def test_the_page_finds_its_files_the_api_and_the_sign_in_at_each_of_its_addresses(
    target: str,
) -> None:
    status, headers, page = get(target)
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert headers["Cache-Control"] == "no-cache"
    assert read_settings(page) == {
        "api": "/dev",
        "signIn": {"domain": DOMAIN, "clientId": "client"},
        "stack": "audit-log-prod",
    }
    assert f'src="/dev/console/hashed/{SCRIPT}"' in page.decode()
    assert '="./' not in page.decode()


@pytest.mark.parametrize(
    ("path", "api"),
    [
        ("/console", ""),  # a custom domain for the stage
        ("/audit/console", "/audit"),  # a custom domain with a mapping
        ("/a/b/console/", "/a/b"),
        ("/console/console", "/console"),  # a stage of this name
        ('/"><script>/console', ""),
        ("//evil.example/console", ""),
    ],
)
def test_the_api_is_where_the_console_is(path: str, api: str) -> None:
    event = make_request("/console")
    event["requestContext"]["path"] = path
    page = base64.b64decode(lambda_handler(event, None)["body"])
    assert read_settings(page)["api"] == api
    assert f'src="{api}/console/hashed/' in page.decode()


def test_the_policy_allows_the_page_its_own_files_the_api_and_the_user_pool() -> None:
    for target in ("/console", f"/console/hashed/{SCRIPT}", "/console/nothing"):
        _, headers, _ = get(target)
        policy = dict(
            each.strip().partition(" ")[::2]
            for each in headers["Content-Security-Policy"].split(";")
        )
        assert policy == {
            "default-src": "'none'",
            "script-src": "'self'",
            "style-src": "'self'",
            "img-src": "'self' data:",
            "connect-src": f"'self' {DOMAIN}",
            "base-uri": "'none'",
            "form-action": "'none'",
            "frame-ancestors": "'none'",
        }
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br", "br"),
        ("GZIP;q=0.5, br;q=0", "gzip"),
        ("br; q=0.000, gzip;Q=0", None),
        ("gzip", "gzip"),
        ("identity", None),
        (None, None),
    ],
)
def test_files_are_sent_as_they_were_compressed_and_kept_for_ever(
    name: str, accepted: str | None, encoding: str | None
) -> None:
    headers = {"accept-encoding": accepted} if accepted else None
    status, sent, body = get(f"/console/hashed/{name}", headers=headers)
    assert (status, sent.get("Content-Encoding")) == (200, encoding)
    assert sent["Cache-Control"] == "public, max-age=31536000, immutable"
    assert sent["Vary"] == "Accept-Encoding"
    original = (ASSETS / "hashed" / name).read_bytes()
    if encoding == "br":
        assert body == (ASSETS / "hashed" / f"{name}.br").read_bytes()
    else:
        assert (gzip.decompress(body) if encoding else body) == original


@pytest.mark.parametrize("target", ["/console", f"/console/hashed/{SCRIPT}"])
def test_head_has_the_headers_alone(target: str) -> None:
    status, headers, body = get(target, httpMethod="HEAD")
    assert (status, headers, body) == (*get(target)[:2], b"")


@pytest.mark.parametrize(
    "target",
    [
        "/console/nothing",
        "/console/hashed/",
        "/console/hashed",
        f"/console/hashed/{SCRIPT}.br",
        "/console/../site.py",
        "/console/hashed/../../site.py",
        "/console/%2e%2e/site.py",
        "/console/..%2fsite.py",
        "/console/..%252fsite.py",
        "/console//etc/passwd",
        "/console/hashed/..\\..\\site.py",
        "/console/index.html%00",
        f"/console/hashed/{SCRIPT}/",
        f"/console/{'a' * 8_000}",
        "/console/" + "x/" * 4_000,
    ],
)
def test_there_is_nothing_else(target: str) -> None:
    status, headers, body = get(target)
    assert (status, body) == (404, b"not found\n")
    assert "immutable" not in headers.get("Cache-Control", "")


def test_a_request_without_a_body_of_headers_gets_the_page() -> None:
    assert get("/console", headers=None, multiValueHeaders=None)[0] == 200


def test_a_cold_start_imports_nothing_of_the_trail() -> None:
    """Neither boto3 nor pydantic: each takes longer than all that this function does."""
    code = "import sys, console.app; print('\\n'.join(sys.modules))"
    paths = (str(ROOT / "functions"), str(ROOT / "layers" / "prooftrail"))
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": ":".join(paths)},
        capture_output=True,
        text=True,
        check=True,
    )
    imported = {name.partition(".")[0] for name in done.stdout.split()}
    assert not imported & set(FORBIDDEN)
