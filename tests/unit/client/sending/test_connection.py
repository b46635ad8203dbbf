"""The connection under gevent."""

import ssl
import sys
from types import ModuleType

import pytest
import urllib3.util.ssl_
from botocore import httpsession

from prooftrail.client.sending.connection import _follow_gevent

PYTHONS_CONTEXT = ssl.SSLContext


class GeventsContext(ssl.SSLContext):
    """What gevent puts into `ssl`."""


class AnotherContext(ssl.SSLContext):
    """What another library put into urllib3."""


@pytest.mark.parametrize(
    ("is_patched", "before", "after"),
    [
        (True, PYTHONS_CONTEXT, GeventsContext),
        (True, AnotherContext, AnotherContext),
        (False, PYTHONS_CONTEXT, PYTHONS_CONTEXT),
    ],
)
def test_boto3_follows_gevent(
    monkeypatch: pytest.MonkeyPatch, is_patched: bool, before: type, after: type
) -> None:
    monkey = ModuleType("gevent.monkey")
    vars(monkey).update(
        is_module_patched=lambda _: is_patched, get_original=lambda *_: PYTHONS_CONTEXT
    )
    monkeypatch.setitem(sys.modules, "gevent.monkey", monkey)
    modules = (urllib3.util.ssl_, httpsession)
    for module in modules:
        monkeypatch.setattr(module, "SSLContext", before)
    with monkeypatch.context() as patched:
        patched.setattr(ssl, "SSLContext", GeventsContext)
        _follow_gevent()
    assert [module.SSLContext for module in modules] == [after, after]
