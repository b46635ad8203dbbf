"""The verifier function: a CloudFormation custom resource with the log's verifier key."""

import json
from typing import Any
from urllib.request import Request, urlopen

from prooftrail.aws.signers import open_signer
from prooftrail.errors import AuditLogError
from prooftrail.runtime.config import get_settings
from prooftrail.runtime.telemetry import get_logger

TIMEOUT_SECONDS = 10


def lambda_handler(event: dict[str, Any], context: object) -> None:
    """Send CloudFormation the verifier key, or the failure. It waits for one of the two."""
    response = {name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")}
    response["PhysicalResourceId"] = event.get("PhysicalResourceId", event["LogicalResourceId"])
    try:
        if event["RequestType"] != "Delete":
            conf = get_settings()
            key = str(open_signer(conf.signing_key).read_verifier_key(conf.log_origin))
            response |= {"PhysicalResourceId": key, "Data": {"VerifierKey": key}}
        response["Status"] = "SUCCESS"
    except Exception as error:  # noqa: BLE001  # without a response the deployment hangs for an hour
        get_logger().error("no verifier key", exc_info=error)
        code = error.code if isinstance(error, AuditLogError) else AuditLogError.code
        response |= {"Status": "FAILED", "Reason": f"{code}: {error}"}
    request = Request(  # noqa: S310  # an https address of CloudFormation
        event["ResponseURL"],
        data=json.dumps(response).encode(),
        headers={"Content-Type": ""},  # the address is signed for this value
        method="PUT",
    )
    with urlopen(request, timeout=TIMEOUT_SECONDS):  # noqa: S310
        pass
