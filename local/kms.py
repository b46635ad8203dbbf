"""AWS KMS with one key, the key of the key file, because moto has no Ed25519 keys.

A function in a container cannot read the file. It signs through this KMS, as in AWS. See
https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from local.runtime import ACCOUNT_ID
from local.signing_key import create_key_file
from local.template import REGION
from prooftrail.aws.signers import FileSigner

KEY_ARN = f"arn:aws:kms:{REGION}:{ACCOUNT_ID}:key/local"
_SIGN = "TrentService.Sign"
_GET_PUBLIC_KEY = "TrentService.GetPublicKey"
TARGETS = frozenset({_SIGN, _GET_PUBLIC_KEY})


def respond(target: str, parameters: Mapping[str, Any]) -> dict[str, str] | None:
    """Return the response to a request of `TARGETS`, or None if it is for another key."""
    if parameters.get("KeyId") != KEY_ARN:
        return None
    signer = FileSigner(create_key_file())
    if target == _SIGN:
        signature = signer.sign(b64decode(parameters["Message"]))
        return {"KeyId": KEY_ARN, "Signature": b64encode(signature).decode()}
    raw = signer.read_verifier_key("local").public_key
    key = Ed25519PublicKey.from_public_bytes(raw)
    encoded = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return {"KeyId": KEY_ARN, "PublicKey": b64encode(encoded).decode()}
