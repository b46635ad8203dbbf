"""Results that are files: to standard output, or to a file of the operator's."""

import os
from pathlib import Path
from typing import Final

import click

from prooftrail.cli.files import convert_file_errors
from prooftrail.cli.terminal import escape_json, get_terminal_width

_FILE_MODE: Final = 0o600  # it may hold personal data

output_option = click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The file to write, for its user alone if it is new. Default: standard output.",
)


def write_output(text: str, path: Path | None) -> None:
    """Write the text, exactly as it is, to the file or to standard output.

    A terminal gets no character that it would obey, and a line feed at the end.

    Raises:
        LocalFileError: the file cannot be written.
    """
    if path is None:
        if get_terminal_width() is None:
            click.echo(text, nl=False)
        else:
            click.echo(escape_json(text.removesuffix("\n")))
        return
    with convert_file_errors(path):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _FILE_MODE)
        with open(descriptor, "w", encoding="utf-8", newline="") as file:  # noqa: PTH123  # a descriptor
            file.write(text)
