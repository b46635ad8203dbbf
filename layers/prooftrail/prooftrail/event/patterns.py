"""Regular expressions that a function's start does not wait for."""

import re
from collections.abc import Callable
from functools import cached_property

Match = re.Match[str]


class LazyPattern:
    """A regular expression that is compiled when it is first used. See `re.Pattern`."""

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self._pattern = pattern
        self._flags = flags

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self._pattern, self._flags)

    def match(self, text: str) -> Match | None:
        """Return the match at the beginning of the text."""
        return self._compiled.match(text)

    def fullmatch(self, text: str) -> Match | None:
        """Return the match of the whole text."""
        return self._compiled.fullmatch(text)

    def search(self, text: str) -> Match | None:
        """Return the first match in the text."""
        return self._compiled.search(text)

    def sub(self, replacement: str | Callable[[Match], str], text: str) -> str:
        """Return the text with every match replaced."""
        return self._compiled.sub(replacement, text)
