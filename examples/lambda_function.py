"""An audited Lambda function behind API Gateway (a REST API with a Cognito authorizer).

Handler `lambda_function.handler`, variable `PROOFTRAIL_QUEUE_URL`, permission `sqs:SendMessage` on
the queue.
"""

import json
from typing import Any

from prooftrail.client import AuditLogger, audit_context, audited, install

logger = AuditLogger(tenant_id="shop")
install(logger)  # for `audited`
ORDERS = {"4711": {"amount": 12}}


@logger.flushing(timeout=2)  # Lambda stops the process between two invocations
def handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    """Approve the order of the path."""
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
    """Recorded with its outcome; `approval["pin"]` is masked by its name."""
    return min(approval["amount"], ORDERS[order_id]["amount"])
