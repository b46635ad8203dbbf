"""The log's verifier key as a value for the stack's outputs: a CloudFormation custom resource."""

import json
from typing import Any
from urllib.request import Request, urlopen

from prooftrail.aws.signers import open_signer
from prooftrail.runtime.config import get_settings
from prooftrail.runtime.telemetry import get_logger

ANSWER_SECONDS = 10


def lambda_handler(event: dict[str, Any], context: object) -> None:
    """Tell CloudFormation the verifier key, or what went wrong; it waits for either."""
    answer = {name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")}
    answer["PhysicalResourceId"] = event.get("PhysicalResourceId", event["LogicalResourceId"])
    try:
        if event["RequestType"] != "Delete":
            conf = get_settings()
            key = str(open_signer(conf.signing_key).read_verifier_key(conf.log_origin))
            answer |= {"PhysicalResourceId": key, "Data": {"VerifierKey": key}}
        answer["Status"] = "SUCCESS"
    except Exception as error:  # noqa: BLE001  # without an answer the deployment hangs for an hour
        get_logger().error("no verifier key", exc_info=error)
        answer |= {"Status": "FAILED", "Reason": f"{type(error).__name__}: {error}"}
    request = Request(  # noqa: S310  # CloudFormation's own address, of https
        event["ResponseURL"],
        data=json.dumps(answer).encode(),
        headers={"Content-Type": ""},  # as the address was signed
        method="PUT",
    )
    with urlopen(request, timeout=ANSWER_SECONDS):  # noqa: S310
        pass
