"""A Lambda function behind API Gateway (REST API, Cognito authorizer) that audits approvals.

Package it with `pip install --target` from `layers/prooftrail` of this repository. Its handler is
`lambda_function.handler`. It needs the environment variable `PROOFTRAIL_QUEUE_URL` and the
permission `sqs:SendMessage` for the queue.
"""

import json
from typing import Any

from prooftrail.client import AuditLogger, audit_context, audited, install

logger = AuditLogger(tenant_id="shop")
install(logger)  # the logger of `audited`
ORDERS = {"4711": {"amount": 12}}


@logger.flushing(timeout=2)  # Lambda stops the process between two invocations
def handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    """Approve the order in the path."""
    request = event["requestContext"]
    claims = request["authorizer"]["claims"]
    with audit_context(
        user_id=claims["sub"],
        username=claims.get("cognito:username"),
        ip_address=request["identity"]["sourceIp"],
        user_agent=request["identity"]["userAgent"],
        request_id=request["requestId"],
    ):
        try:
            approved = approve(event["pathParameters"]["id"], json.loads(event["body"]))
        except LookupError:
            return {"statusCode": 404}
        return {"statusCode": 200, "body": json.dumps({"approved": approved})}


@audited(action="order.approve", resource="order:{order_id}", details=["approval"])
def approve(order_id: str, approval: dict[str, int]) -> int:
    """Approve an order. The event has the result and the approval, with the pin masked."""
    return min(approval["amount"], ORDERS[order_id]["amount"])
