"""JSON values in a file: one a line, spread over lines, or several a line.

The file is read as it goes.
"""

import gzip
import io
import re
import sys
import zlib
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import IO, Final, cast

from prooftrail.errors import MalformedJobError
from prooftrail.intake.jobs import decode_json, decode_json_at

MAX_LINE_BYTES: Final = 8 * 1024 * 1024  # an event has at most 1 MiB; its text may be less compact
_MAX_RETURNS: Final = 4  # of a line: broken values that begin within each other are not all tried
MAX_DEPTH: Final = 200  # lines that open more brackets are not joined: events nest less deeply
_GZIP: Final = b"\x1f\x8b"
# A small file of gzip can decompress to more than memory holds.
MAX_DECOMPRESSED_BYTES: Final = 256 * 1024 * 1024  # of a value, or a file in UTF-16
_LINE_COST: Final = 256  # the memory in bytes for each of a value's lines, besides its text
_DAMAGED: Final = "the file was compressed with gzip, and is cut or damaged"
# What can stand before a value: a byte order mark, in each of the files that were joined to this
# one, and the record separator of RFC 7464.
_MARKS: Final = re.compile(rb"(?:\xef\xbb\xbf|\x1e)+")
_MARK_STARTS: Final = (b"\xef", b"\x1e")
_SPACE: Final = re.compile(r"[ \t\n\r]*")
_UTF_16_BOMS: Final = (b"\xff\xfe", b"\xfe\xff")
# A first line that begins like this can hold the whole file, so it may have any length.
_WHOLE_FILE: Final = re.compile(rb'\s*(\[|\{\s*"(events|Records|Messages)")')
_STRING: Final = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*("|\\?\Z)')  # or the rest, if it does not end
_BRACKET: Final = re.compile(rb"[][{}]")
_CLOSES: Final = {ord("}"): ord("{"), ord("]"): ord("[")}
_LINE_OF_ERROR: Final = re.compile(r" at line ([0-9]+) column ([0-9]+)$")


@dataclass(frozen=True, slots=True)
class JsonValue:
    """A value, or the error in its place. `line` is the number of its first line.

    `part` is its number among the values that begin on this line, or 0 if it is the only one.
    `is_only` if the file has nothing else.
    """

    line: int
    value: object = None
    error: MalformedJobError | None = None
    is_only: bool = False
    part: int = 0


def read_json_values(file: IO[bytes]) -> Iterator[JsonValue]:
    """Yield the values of a file in UTF-8, or in UTF-16 with a byte order mark; gzip is read too.

    Blank lines may be anywhere. A value begins on a line of its own; an object or list can also
    begin directly after another one. Text that is not JSON is one value with an error, and the
    values after it are read.

    Raises:
        MalformedJobError: the file has the byte order mark of UTF-16, but is not valid UTF-16.
    """
    lines = _Lines(file)
    is_first = True
    for line in lines:
        if not line.text:
            continue
        found = _read_values(line, lines)
        if is_first and len(found) == 1 and lines.is_at_end():
            found = [replace(found[0], is_only=True)]
        is_first = False
        yield from found
    if lines.damage:
        yield lines.damage


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    raw: bytes
    exceeded: int = 0  # the limit that it exceeds, in bytes; only its start was read
    returns: int = 0  # how often it was given back
    part: int = 0  # see `JsonValue`

    @property
    def is_too_long(self) -> bool:
        return self.exceeded > 0

    @property
    def text(self) -> bytes:
        """The line without white space around it."""
        return self.raw.strip()

    @property
    def indent(self) -> int:
        """How many bytes of white space it begins with."""
        return len(self.raw) - len(self.raw.lstrip())


class _Lines:
    """The lines of a file, numbered from 1. `damage` is why they end early, if they do.

    `max_value_bytes` is how much memory a value can take that may be the whole file.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = _decompress(file)
        is_gzip = isinstance(self._file, gzip.GzipFile)
        self.max_value_bytes = MAX_DECOMPRESSED_BYTES if is_gzip else sys.maxsize
        self.damage: JsonValue | None = None
        self._number = 0
        self._returned: deque[_Line] = deque()

    def __iter__(self) -> Iterator[_Line]:
        return self

    def __next__(self) -> _Line:
        if self._returned:
            return self._returned.popleft()
        try:
            return self._read_line()
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            self._file = io.BytesIO()
            self.damage = JsonValue(self._number + 1, error=MalformedJobError(_DAMAGED))
            raise StopIteration from error

    def _read_line(self) -> _Line:
        line = self._file.readline(MAX_LINE_BYTES)
        if not line:
            raise StopIteration
        self._number += 1
        if self._number == 1:
            line = self._decode_first(line)
        if line[:1] in _MARK_STARTS and (mark := _MARKS.match(line)):
            line = line[mark.end() :]
        is_cut = len(line) >= MAX_LINE_BYTES and not line.endswith(b"\n")
        if is_cut and self._number == 1 and _WHOLE_FILE.match(line):
            line += self._file.readline(self.max_value_bytes - len(line))
            if len(line) >= self.max_value_bytes and not line.endswith(b"\n"):
                self._skip_line()
                return _Line(1, line[:1], exceeded=self.max_value_bytes)
        elif is_cut:
            self._skip_line()
            begin = line.lstrip()[:1] or b"?"  # not blank: blank lines are not reported
            return _Line(self._number, begin, exceeded=MAX_LINE_BYTES)
        return _Line(self._number, line.rstrip())

    def give_back(self, *lines: _Line) -> None:
        """Return these lines again, before all others."""
        self._returned.extendleft(replace(line, returns=line.returns + 1) for line in lines[::-1])

    def is_at_end(self) -> bool:
        """Return whether all other lines are blank."""
        for line in self:
            if line.text:
                self.give_back(line)
                return False
        return True

    def _decode_first(self, line: bytes) -> bytes:
        """Return the first line in UTF-8."""
        if line.startswith(_UTF_16_BOMS):  # as PowerShell writes; such files are rarely large
            try:
                content = (line + self._read_rest()).decode("utf-16")
            except UnicodeDecodeError as error:
                raise MalformedJobError(
                    "the file has the byte order mark of UTF-16, but is not valid UTF-16"
                ) from error
            self._file = io.BytesIO(content.encode())
            line = self._file.readline(MAX_LINE_BYTES)
        return line

    def _read_rest(self) -> bytes:
        if self.max_value_bytes == sys.maxsize:
            return self._file.read()
        rest = self._file.read(self.max_value_bytes)
        if self._file.read(1):
            raise MalformedJobError(
                f"a compressed file in UTF-16 must have at most {self.max_value_bytes:,} bytes"
            )
        return rest

    def _skip_line(self) -> None:
        while (rest := self._file.readline(MAX_LINE_BYTES)) and not rest.endswith(b"\n"):
            pass


def _decompress(file: IO[bytes]) -> io.BufferedIOBase:
    """Return the file, or what it decompresses to if it begins as gzip does."""
    if isinstance(file, io.BufferedReader):
        reader = file
    else:
        reader = io.BufferedReader(cast("io.RawIOBase", file))
    return gzip.GzipFile(fileobj=reader) if reader.peek(2)[:2] == _GZIP else reader


def _read_values(first: _Line, lines: _Lines) -> list[JsonValue]:
    """Return the value that begins on this line. Take further lines if it does not end there.

    Return several values if they follow each other without a line break.
    """
    if first.is_too_long:
        error = MalformedJobError(f"must have at most {first.exceeded:,} bytes")
        return [JsonValue(first.number, error=error)]
    value = _OpenValue()
    try:
        return [JsonValue(first.number, _decode([first]), part=first.part)]
    except MalformedJobError as error:
        if not value.add(first) or value.is_complete:
            return _split_values([first], lines) or [
                JsonValue(first.number, error=error, part=first.part)
            ]
    taken = value.lines
    size = 0
    for line in lines:
        size += len(line.raw) + _LINE_COST
        if line.is_too_long or size > lines.max_value_bytes:
            lines.give_back(line)
            break
        if not value.add(line):
            taken = [*value.lines, line]  # so that the error is the one of this line
            break
        if value.is_complete:
            break
    try:
        return [JsonValue(first.number, _decode(taken), part=first.part)]
    except MalformedJobError as error:
        if found := _split_values(taken, lines):
            return found
        lines.give_back(*taken[1:])
        _skip_broken_value(first, lines)
        return [JsonValue(first.number, error=error, part=first.part)]


def _split_values(taken: list[_Line], lines: _Lines) -> list[JsonValue]:
    """Return the objects and lists that follow each other in these lines. Give back the rest.

    Return nothing, and give back nothing, if there is only one, or none that is complete.
    """
    try:
        text = "\n".join(line.raw.decode() for line in taken)
    except UnicodeDecodeError:
        return []
    found: list[JsonValue] = []
    begun = Counter({taken[0].number: max(taken[0].part - 1, 0)})  # values, by line
    index, at = 0, _skip_space(text, 0)
    while text.startswith(("{", "["), at):
        try:
            value, end = decode_json_at(text, at)
        except MalformedJobError:
            break
        number = taken[index].number
        begun[number] += 1
        found.append(JsonValue(number, value, part=begun[number]))
        at, last = _skip_space(text, end), at
        index += text.count("\n", last, at)
    if not found or (len(found) == 1 and not text.startswith(("{", "["), at)):
        return []
    if at < len(text):
        begun[taken[index].number] += 1
        part = begun[taken[index].number]
        rest = [_Line(line.number, line.raw) for line in taken[index + 1 :]]
        raw = text[at:].partition("\n")[0].encode()
        lines.give_back(_Line(taken[index].number, raw, part=part if part > 1 else 0), *rest)
    return [each if begun[each.line] > 1 else replace(each, part=0) for each in found]


def _skip_space(text: str, start: int) -> int:
    """Return the position of the next character that is not white space of JSON."""
    found = _SPACE.match(text, start)
    return found.end() if found else start


def _skip_broken_value(first: _Line, lines: _Lines) -> None:
    """Skip what follows the first line of a broken value, up to where another seems to begin."""
    for line in lines:
        begins = line.text.startswith((b"{", b"[")) and line.indent <= first.indent
        if begins and line.returns < _MAX_RETURNS:
            lines.give_back(line)
            return


def _decode(lines: list[_Line]) -> object:
    try:
        return decode_json(b"\n".join(line.raw for line in lines).decode())
    except UnicodeDecodeError as error:
        raise MalformedJobError("must be UTF-8") from error
    except MalformedJobError as error:
        raise MalformedJobError(_tell_line(str(error), lines)) from error


def _tell_line(reason: str, lines: list[_Line]) -> str:
    """Return the reason with the line as it is numbered in the file, if there are several."""
    found = _LINE_OF_ERROR.search(reason)
    if found is None:
        return reason
    at, column = int(found[1]), found[2]
    line = f"line {lines[at - 1].number} " if len(lines) > 1 else ""
    return f"{reason[: found.start()]} at {line}column {column}"


@dataclass(slots=True)
class _OpenValue:
    """The lines of a value that is not complete, as long as they can be the start of JSON.

    Only brackets, and what stands at the ends of lines, are looked at. That tells a value spread
    over lines from a line that was cut, soon enough to read the lines after it.
    """

    lines: list[_Line] = field(default_factory=list)
    _open: list[int] = field(default_factory=list)  # the brackets
    _last: int = ord("[")  # the last character so far, a quote for a string

    @property
    def is_complete(self) -> bool:
        """Whether every bracket is closed."""
        return not self._open

    def add(self, line: _Line) -> bool:
        """Add a line. Return False, and add nothing, if it cannot be the next one."""
        if not line.text:
            self.lines.append(line)
            return True
        rest = _STRING.sub(rb'"\1', line.text)  # a whole string becomes an empty one
        if rest.count(b'"') % 2 or not self._can_follow(rest[0]):
            return False
        still_open = self._open.copy()
        for bracket in _BRACKET.findall(rest):
            code = bracket[0]
            if code not in _CLOSES:
                still_open.append(code)
            elif not still_open or still_open.pop() != _CLOSES[code]:
                return False
        if len(still_open) > MAX_DEPTH:
            return False
        self.lines.append(line)
        self._open, self._last = still_open, rest[-1]
        return True

    def _can_follow(self, character: int) -> bool:
        """Return whether the character can be the next after the last line."""
        if not self.lines:
            return character in b"[{"
        is_object = self._open[-1] == ord("{")
        is_value = character not in b",:]}"
        if self._last == ord(":"):
            return is_value
        if self._last in b"[{," and is_value:
            return character == ord('"') or not is_object
        closes = _CLOSES.get(character) == self._open[-1]
        if self._last in b"[{":
            return closes
        return self._last != ord(",") and (closes or character in b",:")
