"""What every test begins with: credentials that are none, cold functions, no metrics left over."""

import gc
import os
from collections.abc import Iterator

import pytest
from aws_lambda_powertools import Metrics
from aws_lambda_powertools.metrics.provider import cold_start
from hypothesis import HealthCheck, settings

from local.template import Stack
from tests.support.aws_environment import NO_ACCOUNT
from tests.support.stack import cool_down, deployed

settings.register_profile(
    "default", max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("fast", parent=settings.get_profile("default"), max_examples=10)
settings.register_profile("thorough", parent=settings.get_profile("default"), max_examples=2_000)
settings.register_profile("properties", parent=settings.get_profile("default"), max_examples=100)
settings.register_profile("fuzz", parent=settings.get_profile("default"), max_examples=300)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.hookimpl(tryfirst=True)  # before pytest selects by marker
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that use the template's resources in moto."""
    for item in items:
        parameters = item.callspec.params if hasattr(item, "callspec") else {}
        if "aws" in getattr(item, "fixturenames", ()) or "moto" in parameters.values():
            item.add_marker("aws")


def pytest_collection_finish() -> None:
    """Keep the modules and tests out of each garbage collection: none of them will be garbage."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing of this machine's AWS configuration, nothing of the test before."""
    for name in [name for name in os.environ if name.startswith(("AWS_", "POWERTOOLS_"))]:
        monkeypatch.delenv(name)
    for name, value in NO_ACCOUNT.items():
        monkeypatch.setenv(name, value)
    cool_down()
    yield
    cool_down()
    for held in (Metrics._metrics, Metrics._dimensions, Metrics._metadata):
        held.clear()
    Metrics._default_dimensions.clear()
    cold_start.is_cold_start = True


@pytest.fixture
def aws() -> Iterator[Stack]:
    """The template's resources in moto; the environment is the functions'."""
    with deployed() as stack:
        yield stack
