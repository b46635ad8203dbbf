"""A trail that the tests of a module change and put back."""

from collections.abc import Iterator

import pytest

from tests.support.mutated_trail import State, Trail, build_trail


@pytest.fixture(scope="module")
def credentials() -> Iterator[None]:
    """Credentials for moto."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        patch.setenv("AWS_ACCOUNT_ID_ENDPOINT_MODE", "disabled")
        yield


@pytest.fixture(scope="module")
def whole(credentials: None) -> Iterator[tuple[Trail, State]]:
    """A trail, and its state at the first checkpoint. At the end, no change is left in it."""
    with build_trail() as (trail, earlier):
        yield trail, earlier
        assert trail.verify().is_verified


@pytest.fixture
def trail(whole: tuple[Trail, State]) -> Iterator[Trail]:
    """The trail, without what the test before did to it."""
    made, _ = whole
    yield made
    made.restore()
