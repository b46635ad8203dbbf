"""Fixtures for `template.yaml` as plain CloudFormation."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from local.template import transform_template

SelectType = Callable[[str], Mapping[str, Mapping[str, Any]]]


@pytest.fixture
def template() -> Mapping[str, Any]:
    """Return the transformed template."""
    return transform_template()


@pytest.fixture
def resources(template: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the resources of the transformed template by logical id."""
    found: Mapping[str, Any] = template["Resources"]
    return found


@pytest.fixture
def select_type(resources: Mapping[str, Any]) -> SelectType:
    """Return a function that selects the properties of all resources of a type by logical id."""

    def select_resources(kind: str) -> Mapping[str, Mapping[str, Any]]:
        return {
            name: resource["Properties"]
            for name, resource in resources.items()
            if resource["Type"] == kind
        }

    return select_resources
