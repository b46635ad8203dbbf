"""The promises of `PayloadStore`, tested on the fake and on S3."""

from hashlib import sha256

import pytest

from prooftrail.aws.clients import client
from prooftrail.aws.payloads import S3PayloadStore
from prooftrail.errors import CorruptRecordError
from prooftrail.intake.ports import PayloadStore
from prooftrail.runtime.config import get_settings
from tests.support.fakes import MemoryPayloadStore

PAYLOADS = [b"", b"{}", b"\x00\xff" * 400_000]


@pytest.fixture(params=["memory", "moto"])
def store(request: pytest.FixtureRequest) -> PayloadStore:
    if request.param == "memory":
        return MemoryPayloadStore()
    request.getfixturevalue("aws")
    return S3PayloadStore(lambda: client("s3"), get_settings().overflow_bucket)


@pytest.mark.parametrize("payload", PAYLOADS, ids=len)
def test_a_payload_is_found_under_its_key(store: PayloadStore, payload: bytes) -> None:
    digest = sha256(payload).digest()
    key = store.save(digest, payload)
    assert key == f"overflow/{digest.hex()}"
    assert store.save(digest, payload) == key
    assert store.load(key) == payload


@pytest.mark.parametrize("key", ["overflow/" + "00" * 32, "other", ""])
def test_a_missing_payload_is_an_error(store: PayloadStore, key: str) -> None:
    with pytest.raises(CorruptRecordError):
        store.load(key)
