"""Shortcuts on a request's way from botocore to moto and back: the same, in less time."""

import json
from base64 import b64encode
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSPreparedRequest, HeadersDict
from moto.cloudformation.responses import CloudFormationResponse
from moto.core import botocore_stubber
from moto.core import responses as core_responses
from moto.core.common_types import TYPE_RESPONSE
from moto.core.request import normalize_request
from moto.core.responses import ActionResult
from moto.dynamodb.responses import DynamoResult
from moto.utilities.aws_headers import gen_amzn_requestid_long

SIGNED: Final = ("execute-api", "s3")  # tests read these signatures, or moto reads what is signed
ITEMS: Final = frozenset(  # operations whose results are items, and have no times or enumerations
    ("BatchGetItem", "GetItem", "Query", "Scan", "PutItem", "UpdateItem", "TransactWriteItems")
)

_sign = SigV4Auth.add_auth


def _name_credentials(self: Any, request: Any) -> None:
    """Name the credentials, as a signature does. moto verifies none."""
    if self.credentials is None or self._service_name in SIGNED:
        _sign(self, request)
        return
    scope = f"{self.credentials.access_key}/20260101/{self._region_name}/{self._service_name}"
    request.headers["Authorization"] = f"AWS4-HMAC-SHA256 Credential={scope}/aws4_request"


class JsonRequest:
    """A request of a JSON protocol, with what moto reads of werkzeug's `Request`."""

    from_wsgi_server = False
    content_encoding = None
    form: Mapping[str, str] = {}  # nothing changes it
    files: Mapping[str, Any] = {}
    values: Mapping[str, str] = {}

    def __init__(self, request: AWSPreparedRequest) -> None:
        self.method = request.method
        self.url = self.raw_url = request.url
        self.path = self.raw_path = urlsplit(request.url).path
        self.headers = HeadersDict(
            (name, value.decode() if isinstance(value, bytes) else value)
            for name, value in request.headers.items()
        )
        self.content_type = self.headers["Content-Type"]
        self.data = request.body
        self.environ: dict[str, Any] = {}


def _normalize(request: Any) -> Any:
    if isinstance(request, AWSPreparedRequest) and "X-Amz-Target" in request.headers:
        return JsonRequest(request)
    return normalize_request(request)


def _encode_bytes(value: Any) -> str:
    if isinstance(value, bytes):
        return b64encode(value).decode()
    raise TypeError(f"{type(value).__name__} is not a value of DynamoDB")


def _execute_result(self: Any, context: Any) -> TYPE_RESPONSE:
    """Write items as JSON, where moto looks for the shape of each value."""
    operation = context.operation_model
    if operation.name not in ITEMS:
        return ActionResult.execute_result(self, context)
    members = operation.output_shape.members
    result = {
        name: value for name, value in self.result.items() if name in members and value is not None
    }
    headers = {"Content-Type": "application/x-amz-json-1.0"}
    return 200, headers, json.dumps(result, default=_encode_bytes)


class _StackResult(ActionResult):
    """The description of one stack, written again only if the stack has changed."""

    def __init__(self, stack: Any, result: object) -> None:
        super().__init__(result)
        self._stack = stack

    def execute_result(self, context: Any) -> TYPE_RESPONSE:
        """Return status, headers and body of the response."""
        stack = self._stack
        state = repr((stack.status, stack.parameters, stack.tags, stack.outputs))
        if _descriptions.get(stack, (None,))[0] != state:
            _descriptions[stack] = state, super().execute_result(context)
        code, headers, body = _descriptions[stack][1]
        return code, dict(headers), body


_descriptions: WeakKeyDictionary[Any, tuple[Any, TYPE_RESPONSE]] = WeakKeyDictionary()
_describe_stacks = CloudFormationResponse.describe_stacks


def _describe_stack(self: Any) -> ActionResult:
    described: Any = _describe_stacks(self)
    stacks = described.result["Stacks"]
    return _StackResult(stacks[0], described.result) if len(stacks) == 1 else described


_enrich_response = core_responses.BaseResponse._enrich_response


def _add_request_id(headers: dict[str, str], body: Any) -> tuple[dict[str, str], Any]:
    """Add a request's id. Only XML repeats it, which moto looks for in every body."""
    if isinstance(body, str) and not body.startswith("{"):
        return _enrich_response(headers, body)
    if "status" in headers:
        headers["status"] = str(headers["status"])
    gen_amzn_requestid_long(headers)
    return headers, body


def install() -> None:
    """Install the shortcuts in this process."""
    for owner, name, replacement in (
        (SigV4Auth, "add_auth", _name_credentials),
        (botocore_stubber, "normalize_request", _normalize),
        (DynamoResult, "execute_result", _execute_result),
        (CloudFormationResponse, "describe_stacks", _describe_stack),
        (core_responses.BaseResponse, "_enrich_response", staticmethod(_add_request_id)),
    ):
        getattr(owner, name)  # raises AttributeError if moto or botocore no longer has it
        setattr(owner, name, replacement)
