"""A FastAPI service that audits approvals of orders and changes of customers.

Run it in a clone of this repository:

pip install ./layers/prooftrail fastapi uvicorn
make dev                                     # in another terminal; export what it prints
uvicorn examples.fastapi_app:app
curl -u ada:lovelace localhost:8000/orders/4711/approve --json '{"amount": 12, "pin": "0000"}'
curl -u ada:lovelace localhost:8000/customers/7 -X PATCH --json '{"city": "Kiel"}'
"""

import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.security import HTTPBasic, HTTPBasicCredentials
from pydantic import BaseModel

from prooftrail.client import AuditLogger, audited, bind_context, install, track_changes
from prooftrail.client.middleware.asgi import AuditContextMiddleware

PASSWORDS = {"ada": "lovelace"}
ORDERS = {4711}
CUSTOMERS = {7: {"name": "Grace", "city": "Bonn"}}


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Make one logger for the process. At the end it sends the remaining events."""
    with AuditLogger(tenant_id="shop") as logger:
        install(logger)  # the logger of `audited`
        app.state.audit = logger
        yield


async def authenticate(credentials: Annotated[HTTPBasicCredentials, Depends(HTTPBasic())]) -> None:
    """Check the password. It is async because fields bound in a thread stay in that thread."""
    password = PASSWORDS.get(credentials.username, "")
    if not password or not secrets.compare_digest(password, credentials.password):
        raise HTTPException(401)
    bind_context(user_id=credentials.username)


app = FastAPI(lifespan=lifespan, dependencies=[Depends(authenticate)])
app.add_middleware(
    AuditContextMiddleware, trusted_proxies=int(os.environ.get("TRUSTED_PROXIES", "0"))
)


class Approval(BaseModel):
    """The body of an approval."""

    amount: int
    pin: str


@app.post("/orders/{order_id}/approve")
@audited(action="order.approve", resource="order:{order_id}", details=["approval"])
def approve(order_id: int, approval: Approval) -> dict[str, int]:
    """Approve an order. The event has the result and the approval, with the pin masked."""
    if order_id not in ORDERS:
        raise HTTPException(404, "order not found")
    return {"approved": approval.amount}


@app.patch("/customers/{customer_id}")
def change(customer_id: int, changes: dict[str, str], request: Request) -> dict[str, str]:
    """Change a customer. The event has the changed fields."""
    before = CUSTOMERS[customer_id]
    after = CUSTOMERS[customer_id] = {**before, **changes}
    request.app.state.audit.log(
        action="customer.update",
        resource_type="customer",
        resource_id=str(customer_id),
        changes=track_changes(before, after),
    )
    return after
