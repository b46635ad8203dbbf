"""Sessions of the command line: what botocore imports, and what it still can."""

import sys
from collections.abc import Iterator
from importlib.util import find_spec

import botocore.docs
import pytest

from prooftrail.aws import sessions
from prooftrail.aws.clients import NotAwsResponses
from prooftrail.aws.documentation import skip_documentation


@pytest.fixture
def _without_docs(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Forget botocore's documentation, as before its first import."""
    for name in [name for name in sys.modules if name.startswith("botocore.docs")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(botocore, "docs", botocore.docs)
    yield
    for name in [name for name in sys.modules if name.startswith("botocore.docs")]:
        del sys.modules[name]


@pytest.mark.usefixtures("_without_docs")
def test_clients_have_empty_docstrings_and_anything_else_is_real() -> None:
    skip_documentation()
    from botocore.docs.docstring import ClientMethodDocstring

    assert ClientMethodDocstring(operation_model=None) == ""
    assert find_spec("botocore.docs")  # of a module that looks at modules
    assert "botocore.docs.service" not in sys.modules
    from botocore.docs.docstring import LazyLoadedDocstring  # boto3 imports it
    from botocore.docs.method import document_model_driven_method

    assert issubclass(LazyLoadedDocstring, str)
    assert callable(document_model_driven_method)
    from botocore.docs import generate_docs

    assert callable(generate_docs)


def test_documentation_that_is_imported_already_stays() -> None:
    before = sys.modules["botocore.docs"]
    skip_documentation()
    assert sys.modules["botocore.docs"] is before


def test_a_session_has_its_profile_and_region_and_checks_what_responds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "of-the-environment")
    session = sessions.make_session("named", "eu-west-1")
    assert session.profile == "named"
    monkeypatch.delenv("AWS_PROFILE")
    client = sessions.make_session(None, "eu-west-1").create_client("sqs")
    assert isinstance(client, NotAwsResponses)
    assert client.meta.region_name == "eu-west-1"
