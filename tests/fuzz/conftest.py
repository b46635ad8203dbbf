"""schemathesis takes two seconds to import, so its tests are collected with `-m fuzz` only."""

from pathlib import Path

import pytest


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Ignore the tests that import schemathesis, unless they are selected."""
    expression = str(config.getoption("markexpr"))
    is_selected = "fuzz" in expression and "not fuzz" not in expression
    return True if collection_path.name == "test_openapi.py" and not is_selected else None
