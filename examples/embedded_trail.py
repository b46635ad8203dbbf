"""A product's page that shows customers their own audit trail, with the element `<audit-trail>`.

Run it in a clone of this repository, then open http://127.0.0.1:8000:

pip install ./layers/prooftrail fastapi uvicorn httpx
make dev                                     # in another terminal; export what it prints
uvicorn examples.embedded_trail:app
"""

import os
import re
from typing import Annotated
from urllib.parse import quote, urlencode

import httpx
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.session import Session
from fastapi import Depends, FastAPI, HTTPException, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from prooftrail.console import site

API_URL = os.environ.get("API_URL", "http://127.0.0.1:3000")
REGION = os.environ.get("AWS_DEFAULT_REGION", "us-east-1")
# What the element asks for; the API's other routes are not the customers'. Those that end with
# /unmasked show personal data: leave them out if customers may not see it.
PATHS = re.compile(r"(/stats|/[0-9A-Z]{26}(/proof)?)?|(/[0-9A-Z]{26}(/proof)?)?/unmasked")
LOG_PATHS = re.compile(r"/log(/consistency)?|/checkpoint")  # hashes and keys, of all tenants
TENANTS = {"session-of-a-customer": "acme"}  # by the token of the product's own session
PAGE = """<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Your account</title>
    <link rel="stylesheet" href="/page.css" />
    <script type="module" src="/page.js"></script>
  </head>
  <body>
    <h1>What happened in your account</h1>
    <audit-trail tenant="acme"></audit-trail>
  </body>
</html>
"""
STYLE = """
:root { color-scheme: light dark }
body { margin: 2rem; font-family: serif }
audit-trail { height: 80vh; border: 1px solid gray }
"""
# The token is there before the element is defined, and so before its first request.
SCRIPT = """
document.querySelector("audit-trail").getToken = async () => "Bearer session-of-a-customer";
await import("/audit-trail.js");
"""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

app = FastAPI()


def find_tenant(
    credentials: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())],
) -> str:
    """Return the tenant of the customer whose session it is."""
    tenant_id = TENANTS.get(credentials.credentials)
    if tenant_id is None:
        raise HTTPException(401)
    return tenant_id


@app.get("/")
async def show_page() -> Response:
    """Return the page. Its policy allows what the element needs, and no more."""
    return Response(PAGE, media_type="text/html", headers={"Content-Security-Policy": POLICY})


@app.get("/page.css")
async def show_style() -> Response:
    """Return the page's style."""
    return Response(STYLE, media_type="text/css")


@app.get("/page.js")
async def show_script() -> Response:
    """Return the page's script."""
    return Response(SCRIPT, media_type="text/javascript")


@app.get("/audit-trail.js")
async def show_element() -> Response:
    """Return the element, which is part of the package."""
    response = site.respond("audit-trail.js", "", {})
    return Response(response.body, media_type="text/javascript")


@app.get("/audit-logs{path:path}")
async def pass_on(
    path: str, request: Request, tenant_id: Annotated[str, Depends(find_tenant)]
) -> Response:
    """Pass a request on to the audit log, for the customer's own tenant and no other."""
    if PATHS.fullmatch(path):
        query = {**request.query_params, "tenantId": tenant_id}
    elif LOG_PATHS.fullmatch(path):
        query = dict(request.query_params)
    else:
        raise HTTPException(404)
    # As AWS writes it before it compares the signature: a space is %20, and no sign stays as it is.
    url = f"{API_URL}/audit-logs{path}?{urlencode(query, quote_via=quote, safe='')}"
    credentials = Session().get_credentials()
    if credentials is None:
        raise HTTPException(503, "this machine has no AWS credentials")
    signed = AWSRequest("GET", url)
    SigV4Auth(credentials, "execute-api", REGION).add_auth(signed)
    async with httpx.AsyncClient() as client:
        response = await client.get(url, headers=dict(signed.headers))
    # Retry-After tells the element that an event is not published yet, or when to ask again.
    headers = {name: value for name, value in response.headers.items() if name == "retry-after"}
    return Response(response.content, response.status_code, headers, "application/json")
