"""The logger of the process."""

from typing import Any

import pytest

from prooftrail.client import get_installed, install
from prooftrail.client.aio import AsyncAuditLogger
from prooftrail.errors import ConfigurationError
from tests.support.recorder import Recording, recording


def test_the_last_logger_wins() -> None:
    assert get_installed() is None
    with recording() as first:
        assert get_installed() is first
        install(second := Recording())
        assert get_installed() is second
    assert get_installed() is None


def test_a_logger_that_has_to_be_awaited_is_refused() -> None:
    logger: Any = object.__new__(AsyncAuditLogger)
    with pytest.raises(ConfigurationError, match="install does not take an AsyncAuditLogger"):
        install(logger)
    assert get_installed() is None
