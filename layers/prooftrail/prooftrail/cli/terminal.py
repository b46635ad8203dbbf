"""What the commands share about terminals: safe text, JSON, width, and a reader that has ended."""

import json
import select
import shutil
import sys

import click

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
ndjson_option = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object a line (NDJSON)."
)


def escape(text: str) -> str:
    """Return the text with everything spelled out that a terminal would obey instead of show.

    Events hold what users of the logging applications sent: control characters, marks of writing
    direction and the like must not reach an operator's terminal.

    >>> escape("a\\x1b[2J\\u202eb\\n")
    'a\\\\x1b[2J\\\\u202eb\\\\n'
    """
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text
    )


def escape_json(text: str) -> str:
    """Return JSON of the same meaning, without a character that a terminal would obey.

    Line feeds stay: JSON has them only between its tokens.

    >>> escape_json('{"a":"\\x9b2J"}')
    '{"a":"\\\\u009b2J"}'
    """
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() or character == "\n" else _escape_in_json(character)
        for character in text
    )


def _escape_in_json(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def echo_json(content: object, *, is_ascii: bool = False) -> None:
    """Print the content as JSON on one line, in ASCII alone if `is_ascii`."""
    click.echo(escape_json(json.dumps(content, ensure_ascii=is_ascii)))


def get_terminal_width() -> int | None:
    """Return the width of the terminal that standard output is, or None if it is not a terminal."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def check_reader() -> None:
    """Check that standard output still has a reader, without writing to it.

    Raises:
        BrokenPipeError: the reader of the pipe has ended. Never raised for a file, nor on a system
            without `poll`.
    """
    if not hasattr(select, "poll"):  # Windows
        return
    try:
        descriptor = sys.stdout.fileno()
    except OSError:  # standard output has no descriptor
        return
    poll = select.poll()
    poll.register(descriptor, 0)  # 0: report errors and hang-ups only
    if poll.poll(0):
        raise BrokenPipeError
