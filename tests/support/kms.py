"""A fake of AWS KMS: it responds to the requests of a real client, with a real key."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

KEY_ID = "arn:aws:kms:us-east-1:123456789012:key/5f1c9d2e-0000-4000-8000-000000000001"
CURVE_KEY_ID = "arn:aws:kms:us-east-1:123456789012:key/5f1c9d2e-0000-4000-8000-000000000002"
MAX_MESSAGE_LENGTH = 4096
_Refusal = tuple[int, str]


class _Body(BytesIO):
    def stream(self, **_: object) -> Iterator[bytes]:
        yield self.read()


class Kms:
    """A fake KMS with an Ed25519 key, and a P-256 key under `CURVE_KEY_ID`.

    It validates and signs as the KMS API reference says. `refusals` holds the status and code of
    the next responses; `operations` holds the names of the requested operations.
    """

    def __init__(self) -> None:
        self.key = Ed25519PrivateKey.from_private_bytes(bytes(range(32, 64)))
        self.refusals: list[_Refusal] = []
        self.operations: list[str] = []
        self._curve_key = generate_private_key(SECP256R1())

    def attach(self, client: Any) -> None:
        """Respond to the client's requests from now on, without the network."""
        client.meta.events.register("before-send.kms", self._respond)

    def _respond(self, request: AWSPreparedRequest, **_: object) -> AWSResponse:
        operation = _get_target(request).rpartition(".")[2]
        self.operations.append(operation)
        parameters = json.loads(request.body or b"{}")  # type: ignore[arg-type]
        handlers: Mapping[str, Callable[[Mapping[str, Any]], tuple[int, Mapping[str, Any]]]] = {
            "GetPublicKey": self._get_public_key,
            "Sign": self._sign,
        }
        if self.refusals:
            status, content = _make_refusal(*self.refusals.pop(0))
        else:
            status, content = handlers[operation](parameters)
        headers: Any = {"Content-Type": "application/x-amz-json-1.1"}
        return AWSResponse(request.url, status, headers, _Body(json.dumps(content).encode()))

    def _get_public_key(self, parameters: Mapping[str, Any]) -> tuple[int, Mapping[str, Any]]:
        known: Mapping[str, Any] = {KEY_ID: self.key, CURVE_KEY_ID: self._curve_key}
        key = known.get(parameters["KeyId"])
        if key is None:
            return _make_refusal(400, "NotFoundException")
        encoded = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return 200, {"KeyId": parameters["KeyId"], "PublicKey": b64encode(encoded).decode()}

    def _sign(self, parameters: Mapping[str, Any]) -> tuple[int, Mapping[str, Any]]:
        message = b64decode(parameters["Message"], validate=True)
        if parameters["KeyId"] != KEY_ID:
            return _make_refusal(400, "NotFoundException")
        if parameters.get("SigningAlgorithm") != "ED25519_SHA_512":
            return _make_refusal(400, "InvalidKeyUsageException")
        is_raw = parameters.get("MessageType", "RAW") == "RAW"
        if not is_raw or not 1 <= len(message) <= MAX_MESSAGE_LENGTH:
            return _make_refusal(400, "ValidationException")
        signature = b64encode(self.key.sign(message)).decode()
        return 200, {"KeyId": KEY_ID, "Signature": signature}


def _get_target(request: AWSPreparedRequest) -> str:
    target = request.headers["X-Amz-Target"]
    return target.decode() if isinstance(target, bytes) else str(target)


def _make_refusal(status: int, code: str) -> tuple[int, Mapping[str, Any]]:
    return status, {"__type": code, "message": "injected"}
