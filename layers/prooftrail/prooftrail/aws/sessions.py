"""Sessions of botocore for the command line: a named profile, and a fast start."""

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

import botocore

if TYPE_CHECKING:
    from botocore.session import Session

_DOCS: Final = "botocore.docs"
_DOCSTRING: Final = "botocore.docs.docstring"
_CLASSES: Final = frozenset({"ClientMethodDocstring", "PaginatorDocstring", "WaiterDocstring"})


class _WithoutDocs(ModuleType):
    """Stands for a module of botocore's documentation, which nobody reads here.

    Clients import it for their docstrings, and with it a generator of documentation and an HTML
    parser: a third of the time of `import botocore.session`. The docstrings are empty. For any
    other name the real module takes its place.
    """

    def __getattr__(self, name: str) -> Any:
        if name in _CLASSES:
            return _make_empty_docstring
        if name.startswith("__"):
            raise AttributeError(name)
        for module in (_DOCS, _DOCSTRING):
            if isinstance(sys.modules.get(module), _WithoutDocs):
                del sys.modules[module]
        return getattr(import_module(self.__name__), name)


def _make_empty_docstring(**_: object) -> str:
    return ""


def _skip_documentation() -> None:
    if _DOCS in sys.modules:
        return
    docs = _WithoutDocs(_DOCS)
    docs.__path__ = [str(Path(botocore.__file__).with_name("docs"))]  # of its other modules
    sys.modules[_DOCS] = docs
    sys.modules[_DOCSTRING] = _WithoutDocs(_DOCSTRING)


def make_session(profile: str | None, region: str | None) -> "Session":
    """Return a session with this profile and region; None means botocore's default.

    Its clients raise `NotAwsError` for what is not a response of AWS.
    """
    _skip_documentation()
    from prooftrail.aws.clients import NotAwsResponses, make_plain_session

    def add_base(**arguments: Any) -> None:
        arguments["base_classes"].insert(0, NotAwsResponses)

    session = make_plain_session()
    for name, value in (("profile", profile), ("region", region)):
        if value is not None:
            session.set_config_variable(name, value)
    session.register("creating-client-class", add_base)
    return session
