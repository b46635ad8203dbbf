"""Do without botocore's documentation: an HTML parser and a generator that every client imports."""

import sys
from importlib import import_module
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import botocore

_DOCS: Final = "botocore.docs"
_DOCSTRING: Final = "botocore.docs.docstring"
_CLASSES: Final = frozenset({"ClientMethodDocstring", "PaginatorDocstring", "WaiterDocstring"})


class _WithoutDocs(ModuleType):
    """Stands for a module of botocore's documentation, which nobody reads here.

    The docstrings of clients are empty. For any other name the real module takes its place.
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


def skip_documentation() -> None:
    """Let clients have empty docstrings, unless botocore's documentation is imported already.

    The documentation takes 5 ms. Call this before the import of `botocore.session`.
    """
    if _DOCS in sys.modules:
        return
    docs = _WithoutDocs(_DOCS)
    docs.__path__ = [str(Path(botocore.__file__).with_name("docs"))]  # of its other modules
    for module in (docs, _WithoutDocs(_DOCSTRING)):
        module.__spec__ = ModuleSpec(module.__name__, None)
        sys.modules[module.__name__] = module
