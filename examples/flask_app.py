"""A Flask application that audits approvals and exports of orders.

Run it in a clone of this repository:

pip install ./layers/prooftrail flask
make dev                                     # in another terminal; export what it prints
flask --app examples/flask_app run -p 8000   # `make dev` uses 5000
curl -u ada:lovelace localhost:8000/orders/4711/approve -X POST -d pin=0000
curl -u ada:lovelace localhost:8000/orders
"""

import os
import secrets
from collections.abc import Iterator

from flask import Flask, Response, abort, g, request, stream_with_context

from prooftrail.client import AuditLogger, audited, install
from prooftrail.client.middleware.wsgi import AuditContextMiddleware

PASSWORDS = {"ada": "lovelace"}
ORDERS = {"4711": {"amount": 12}}


def create_app() -> Flask:
    """Make the application, with one logger for the process."""
    app = Flask(__name__)
    logger = app.extensions["audit"] = AuditLogger(tenant_id="shop")
    install(logger)  # the logger of `audited`
    app.wsgi_app = AuditContextMiddleware(  # type: ignore[method-assign]  # as Flask's docs say
        app.wsgi_app,
        trusted_proxies=int(os.environ.get("TRUSTED_PROXIES", "0")),
        actor=lambda _: g.get("user"),  # with Flask-Login: `current_user.get_id()`
    )
    app.before_request(authenticate)
    app.post("/orders/<order_id>/approve")(approve)
    app.get("/orders")(export)
    return app


def authenticate() -> None:
    """Check the password (HTTP basic authentication)."""
    given = request.authorization
    name = (given and given.username) or ""
    password = PASSWORDS.get(name, "")
    if not password or not secrets.compare_digest(password, (given and given.password) or ""):
        abort(401)
    g.user = name


@audited(
    action="order.approve",
    resource="order:{order_id}",
    details=lambda _: {"form": request.form},
)
def approve(order_id: str) -> dict[str, int]:
    """Approve an order. The event has the result and the form, with the pin masked."""
    if order_id not in ORDERS:
        abort(404, "order not found")
    return {"approved": ORDERS[order_id]["amount"]}


@audited(action="order.export", resource="order:all")
def make_lines() -> Iterator[str]:
    """Make the lines. The event is logged after the last one, or when the client disconnects."""
    for order_id, order in ORDERS.items():
        yield f"{order_id},{order['amount']}\n"


def export() -> Response:
    """Return all orders as a stream."""
    return Response(stream_with_context(make_lines()), mimetype="text/csv")
