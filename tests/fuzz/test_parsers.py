"""Broken input to every parser: documented errors only, in bounded time and memory.

`corpus/<parser>/` has inputs that were once a problem, or nearly. `make test` replays all of them;
`make fuzz` makes new ones.
"""

import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.mutations import mutants
from tests.fuzz.parsers import PARSERS, Parser

CORPUS = Path(__file__).parent / "corpus"
BY_NAME = {parser.name: parser for parser in PARSERS}
MAX_CPU_SECONDS = 1.0  # of an input of some kilobytes
MAX_MESSAGE_LENGTH = 10_000
PIECES = [b"[", b"]", b"{", b'"', b"\\", b"\n", b"\n\n", b" ", b"A", b"9", b"=", b"\xff", b","]
LONG = 1 << 12
TIMES = 16
QUICK_SECONDS = 0.02  # what grows with the square of 64 KB takes longer
MAX_RATIO = 100  # of the times for sixteen times the length: 16 is linear, 256 is quadratic
MEMORY_FACTOR = 100  # a Python object for each byte or two of the input
MEMORY_RESERVE = 1 << 20

each_parser = pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.name)


def check(parser: Parser, content: bytes) -> None:
    """Check what the parser does with this input."""
    started = time.thread_time()
    found, message = read(parser, content)
    if parser.encode is not None and found is not None:
        assert parser.parse(parser.encode(found)) == found, "encoded and read, it differs"
    assert len(message) <= MAX_MESSAGE_LENGTH
    assert time.thread_time() - started < MAX_CPU_SECONDS


def read(parser: Parser, content: bytes) -> tuple[Any, str]:
    """Return what the parser reads, and the text of its error, which must be a documented one."""
    try:
        return parser.parse(content), ""
    except parser.errors as error:
        return None, str(error)


@each_parser
def test_the_examples_are_valid(parser: Parser) -> None:
    for example in parser.examples:
        assert parser.parse(example) is not None or parser.name == "parameters"
        check(parser, example)


def list_corpus() -> Iterator[Any]:
    for path in sorted(CORPUS.glob("*/*")):
        yield pytest.param(path.parent.name, path, id=f"{path.parent.name}-{path.name}")


@pytest.mark.parametrize(("name", "path"), list(list_corpus()))
def test_the_corpus(name: str, path: Path) -> None:
    check(BY_NAME[name], path.read_bytes())


def test_the_corpus_has_inputs_for_every_parser() -> None:
    assert {path.name for path in CORPUS.iterdir()} == set(BY_NAME)


@pytest.mark.fuzz
@each_parser
@given(data=st.data())
def test_broken_input(parser: Parser, data: st.DataObject) -> None:
    """A failure shows the input: keep it in the corpus."""
    kept = [path.read_bytes() for path in sorted((CORPUS / parser.name).glob("*"))]
    check(parser, data.draw(mutants([*parser.examples, *kept])))


def list_long_inputs(parser: Parser, size: int) -> Iterator[bytes]:
    """Yield inputs that begin validly, or not, and go on with one piece again and again."""
    for piece in {*PIECES, *parser.pieces}:
        for start in (b"", parser.examples[0][: len(parser.examples[0]) // 2]):
            yield start + piece * (size // len(piece))


def measure(parser: Parser, content: bytes) -> float:
    """Return the CPU seconds for an input."""
    started = time.thread_time()
    read(parser, content)
    return time.thread_time() - started


@pytest.mark.fuzz
@each_parser
def test_time_grows_with_the_length(parser: Parser) -> None:
    for small, large in zip(
        list_long_inputs(parser, LONG), list_long_inputs(parser, TIMES * LONG), strict=True
    ):
        seconds = measure(parser, large)
        if seconds > QUICK_SECONDS:
            assert seconds / measure(parser, small) < MAX_RATIO, small[:100]


@pytest.mark.fuzz
@each_parser
def test_memory_is_bounded(parser: Parser) -> None:
    for content in list_long_inputs(parser, LONG):
        tracemalloc.start()
        try:
            read(parser, content)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert peak < MEMORY_FACTOR * len(content) + MEMORY_RESERVE, content[:100]
