"""`Signer` with an Ed25519 key in AWS KMS, which never reveals it, or in a local file."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
    load_pem_private_key,
)

from prooftrail.aws.clients import client
from prooftrail.aws.errors import AWS_ERRORS, to_store_error
from prooftrail.errors import SigningError
from prooftrail.ledger.ports import Signer
from prooftrail.tlog.note import SignatureType, VerifierKey

if TYPE_CHECKING:
    from types_boto3_kms import KMSClient

ALGORITHM: Final = "ED25519_SHA_512"
KEY_FILE_ENDING: Final = ".pem"


def open_signer(key: str) -> Signer:
    """Return the signer for a key: the ARN or id of a KMS key, or the path of a `.pem` file.

    Raises:
        SigningError: the file has no Ed25519 private key.
    """
    if key.endswith(KEY_FILE_ENDING):
        return FileSigner(Path(key))
    return KmsSigner(client("kms"), key)


class KmsSigner:
    """`Signer` with a KMS key of the spec ECC_NIST_EDWARDS25519."""

    def __init__(self, client: "KMSClient", key_id: str) -> None:
        self._client = client
        self._key_id = key_id
        self._public_key: bytes | None = None

    def read_verifier_key(self, origin: str) -> VerifierKey:
        """See `Signer.read_verifier_key`. The public key is read from KMS once."""
        if self._public_key is None:
            try:
                response = self._client.get_public_key(KeyId=self._key_id)
                self._public_key = _encode_raw(load_der_public_key(response["PublicKey"]))
            except AWS_ERRORS as error:
                reason = to_store_error(error)
                raise SigningError(f"KMS does not return the public key: {reason}") from error
            except (UnsupportedAlgorithm, ValueError) as error:
                raise SigningError("the KMS key is not an Ed25519 key") from error
        return VerifierKey(origin, SignatureType.ED25519, self._public_key)

    def sign(self, message: bytes) -> bytes:
        """See `Signer.sign`."""
        try:
            return self._client.sign(
                KeyId=self._key_id,
                Message=message,
                MessageType="RAW",
                SigningAlgorithm=ALGORITHM,
            )["Signature"]
        except AWS_ERRORS as error:
            raise SigningError(f"KMS does not sign: {to_store_error(error)}") from error


class FileSigner:
    """`Signer` with a private key in a local PEM file (PKCS 8), for development and tests."""

    def __init__(self, path: Path) -> None:
        try:
            key = load_pem_private_key(path.read_bytes(), password=None)
        except (OSError, TypeError, UnsupportedAlgorithm, ValueError) as error:
            raise SigningError(f"{path} has no readable private key: {error}") from error
        if not isinstance(key, Ed25519PrivateKey):
            raise SigningError(f"{path} has a private key that is not an Ed25519 key")
        self._key = key

    def read_verifier_key(self, origin: str) -> VerifierKey:
        """See `Signer.read_verifier_key`."""
        return VerifierKey(origin, SignatureType.ED25519, _encode_raw(self._key.public_key()))

    def sign(self, message: bytes) -> bytes:
        """See `Signer.sign`."""
        return self._key.sign(message)


def _encode_raw(key: object) -> bytes:
    if not isinstance(key, Ed25519PublicKey):
        raise SigningError("the KMS key is not an Ed25519 key")
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)
