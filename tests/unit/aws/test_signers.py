"""The log's key: in a PEM file, and in KMS through its client."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ReadTimeoutError
from botocore.session import Session
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa_key
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)

from prooftrail.aws import clients as aws
from prooftrail.aws.signers import FileSigner, KmsSigner, open_signer
from prooftrail.errors import SigningError
from prooftrail.tlog.note import SignatureType
from tests.support.kms import CURVE_KEY_ID, KEY_ID, Kms

ORIGIN = "example.com/log"
MESSAGE = b"example.com/log\n1\nroot\n"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def pem(key: Any, encryption: KeySerializationEncryption | None = None) -> bytes:
    text: bytes = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption or NoEncryption())
    return text


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "key.pem"


def test_a_file_key_signs_for_its_verifier_key(file: Path) -> None:
    file.write_bytes(pem(KEY))
    signer = open_signer(str(file))
    assert isinstance(signer, FileSigner)
    key = signer.read_verifier_key(ORIGIN)
    assert (key.name, key.type) == (ORIGIN, SignatureType.ED25519)
    assert key.public_key == KEY.public_key().public_bytes_raw()
    Ed25519PublicKey.from_public_bytes(key.public_key).verify(signer.sign(MESSAGE), MESSAGE)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"garbage",
        b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        pem(KEY)[:-40],
        pem(KEY, BestAvailableEncryption(b"password")),
        pem(generate_private_key(SECP256R1())),
        pem(generate_rsa_key(65_537, 2_048)),
    ],
    ids=["empty", "garbage", "no key", "cut off", "encrypted", "EC", "RSA"],
)
def test_a_file_without_a_plain_ed25519_key_is_refused(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(SigningError) as refused:
        open_signer(str(file))
    assert str(file) in str(refused.value)


def test_a_file_that_cannot_be_read_is_refused(file: Path) -> None:
    with pytest.raises(SigningError, match="No such file"):
        FileSigner(file)
    with pytest.raises(SigningError, match="directory"):
        FileSigner(file.parent)


@pytest.fixture
def kms() -> Kms:
    return Kms()


@pytest.fixture
def client(kms: Kms) -> Iterator[Any]:
    """A KMS client that sends each request to the stand-in, once."""
    client: Any = Session().create_client("kms", config=Config(retries={"total_max_attempts": 1}))
    kms.attach(client)
    yield client
    client.close()


def test_kms_signs_for_its_verifier_key(kms: Kms, client: Any) -> None:
    signer = KmsSigner(client, KEY_ID)
    key = signer.read_verifier_key(ORIGIN)
    assert (key.name, key.type) == (ORIGIN, SignatureType.ED25519)
    assert key.public_key == kms.key.public_key().public_bytes_raw()
    Ed25519PublicKey.from_public_bytes(key.public_key).verify(signer.sign(MESSAGE), MESSAGE)
    assert kms.operations == ["GetPublicKey", "Sign"]


def test_the_public_key_is_read_from_kms_once(kms: Kms, client: Any) -> None:
    signer = KmsSigner(client, KEY_ID)
    kms.refusals = [(400, "ThrottlingException")]
    with pytest.raises(SigningError):
        signer.read_verifier_key(ORIGIN)
    assert [signer.read_verifier_key(name).name for name in ("a", "b", "a")] == ["a", "b", "a"]
    assert kms.operations == ["GetPublicKey"] * 2


@pytest.mark.parametrize(
    "refusal",
    [
        (400, "ThrottlingException"),
        (400, "AccessDeniedException"),
        (400, "DisabledException"),
        (400, "KMSInvalidStateException"),
        (500, "KMSInternalException"),
    ],
    ids=str,
)
def test_a_refusal_of_kms_is_a_signing_error_with_its_code(
    kms: Kms, client: Any, refusal: tuple[int, str]
) -> None:
    signer = KmsSigner(client, KEY_ID)
    kms.refusals = [refusal] * 2
    with pytest.raises(SigningError, match=refusal[1]):
        signer.read_verifier_key(ORIGIN)
    with pytest.raises(SigningError, match=refusal[1]):
        signer.sign(MESSAGE)


def test_a_kms_key_of_another_spec_is_refused(client: Any) -> None:
    signer = KmsSigner(client, CURVE_KEY_ID)
    with pytest.raises(SigningError, match="not an Ed25519 key"):
        signer.read_verifier_key(ORIGIN)
    with pytest.raises(SigningError, match="NotFoundException"):
        signer.sign(MESSAGE)


def test_a_name_without_pem_is_a_key_of_kms(kms: Kms) -> None:
    kms.attach(aws.client("kms"))
    signer = open_signer(KEY_ID)
    assert isinstance(signer, KmsSigner)
    kms.key.public_key().verify(signer.sign(MESSAGE), MESSAGE)


def test_a_broken_connection_is_a_signing_error(client: Any) -> None:
    client.meta.events.register_first("before-send.kms", _breaks)
    signer = KmsSigner(client, KEY_ID)
    with pytest.raises(SigningError, match="AWS does not respond in time"):
        signer.sign(MESSAGE)
    with pytest.raises(SigningError, match="AWS does not respond in time"):
        signer.read_verifier_key(ORIGIN)


def _breaks(**_: object) -> None:
    raise ReadTimeoutError(endpoint_url="https://kms.example")
