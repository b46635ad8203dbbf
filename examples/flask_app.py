"""An audited Flask application: who approves orders, and who exports them.

pip install './layers/prooftrail' flask
make dev                                     # and export what it prints
flask --app examples/flask_app run -p 8000  # 5000 is `make dev`'s
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
    """The application, audited from the first request to the end of the process."""
    app = Flask(__name__)
    logger = app.extensions["audit"] = AuditLogger(tenant_id="shop")
    install(logger)  # for `audited`
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
    """HTTP's basic authentication."""
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
    """Recorded with its outcome and the form, of which the pin is masked by its name."""
    if order_id not in ORDERS:
        abort(404, "no such order")
    return {"approved": ORDERS[order_id]["amount"]}


@audited(action="order.export", resource="order:all")
def lines() -> Iterator[str]:
    """Recorded when the last line is sent, or the client is gone."""
    for order_id, order in ORDERS.items():
        yield f"{order_id},{order['amount']}\n"


def export() -> Response:
    """All orders, streamed."""
    return Response(stream_with_context(lines()), mimetype="text/csv")
