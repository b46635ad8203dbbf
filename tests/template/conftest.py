"""`template.yaml` as CloudFormation sees it."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from local.template import transform_template

OfType = Callable[[str], Mapping[str, Mapping[str, Any]]]


@pytest.fixture
def template() -> Mapping[str, Any]:
    """The transformed template."""
    return transform_template()


@pytest.fixture
def resources(template: Mapping[str, Any]) -> Mapping[str, Any]:
    """The transformed template's resources by logical id."""
    found: Mapping[str, Any] = template["Resources"]
    return found


@pytest.fixture
def of_type(resources: Mapping[str, Any]) -> OfType:
    """The properties of all resources of a type, by logical id."""

    def select(kind: str) -> Mapping[str, Mapping[str, Any]]:
        return {
            name: resource["Properties"]
            for name, resource in resources.items()
            if resource["Type"] == kind
        }

    return select
