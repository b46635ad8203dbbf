"""Write docs/cli.md from the help texts of `prooftrail` and its commands.

`--check` compares the page with the committed file, for CI.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from prooftrail.cli.main import main as prooftrail

TARGET: Final = Path(__file__).parents[1] / "docs" / "cli.md"
WIDTH: Final = 80
INTRODUCTION: Final = """\
# Command line

`python -m tools.cli_docs` writes this page from the commands' `--help`.

## Install

The command comes with the extra `cli` of the package.
The extra `parquet` adds `prooftrail export --format parquet`.
The extra `console` adds `prooftrail console`; [the console](console.md) says what it shows.
In a clone, `make setup` puts it at `.venv/bin/prooftrail`; `. .venv/bin/activate` sets the path.

```bash
pip install './layers/prooftrail[cli]'    # in a clone of the repository
prooftrail doctor --help
```

`prooftrail completion bash` prints what lets bash complete commands and options.
Zsh and fish work too.

## Choose a stack

Most commands work on one deployed audit log, which they find by its CloudFormation stack.
Give `--stack`, or set it for all commands:

```bash
export PROOFTRAIL_STACK=audit-log-dev
```

`prooftrail verify bundle`, `verify consistency`, `verify log` and `verify export` need no stack.
They read files or a published log.

## Credentials

Profile, region, credentials and endpoint come from the same places as those of the AWS CLI.
The commands read the tables and not the API: they show [personal data](api.md#personal-data).
`--profile` and `--region` take precedence.
`AWS_ENDPOINT_URL` leads the commands to another endpoint, such as that of `make dev`.

## Audited reads

Each read by `query`, `get`, `tail`, `export`, `stats`, `report`, `proof` or `dead-letters show`
becomes [an event](api.md#audited-reads) `audit.trail.read`, unless the stack has
`AuditReads=false`.
It has your ARN, the command, its options and the number of events.
It is sent to the queue once the events are shown, so you need `sqs:SendMessage` on the queue.
A command that goes on, such as `tail -f`, leaves one a minute.
The event belongs to the tenant that was read.
An export of all tenants, and a dead letter, leave it in the tenant `default`.
If it cannot be sent within 2 seconds, the command warns, and its exit code stays.
The other commands leave no such event: they show no events.
`console` asks the API, which records its reads.

## Exit codes

| Code | Meaning |
| --- | --- |
| 0 | done |
| 1 | refuted, refused, not found, or something is left to do |
| 2 | wrong usage |
| 3 | AWS, a log or a file cannot be read or written; or stack, profile or region is missing |
| 4 | `verify`: [not proved](verification.md#exit-codes), and nothing contradicts it |
| 130 | interrupted by Ctrl-C |
| 141 | the reader of the output has ended (`prooftrail query --all \\| head`) |

## Output and JSON

Results go to standard output; errors, hints and progress go to standard error.
On a terminal, tables fit its width and events have headings; in a pipe every row is whole.
In `query` and `tail`, `team/9 +2` is a resource with two further targets.
`support-3 for u-17` is a user who acted on behalf of another.
Colours are for terminals only, and never if `NO_COLOR` is set.
Characters that a terminal would obey are printed as escapes.

With `--json` a command prints one JSON object.
`query`, `tail`, `send` and `dead-letters` print one a line (NDJSON).
An error is `{"error": {"code": …, "message": …}}`: `code` is stable, `message` is for people.
Without `--json` it is one line that begins with what to do, and ends with the code in brackets.

## What `send` reads

| A file of | The place of an event |
| --- | --- |
| events, one a line or spread over lines; lines can be blank | `line 3`, the event's first |
| one JSON list, or one `{"events": […]}` | `event 2` |
| several of these | `event 2 of line 3` |
| several on a line, as Firehose joins them | `value 2 of line 3`, `event 1 of value 2 of line 3` |
| jobs, as they are on the queue | `line 3`, `event 2 of line 3` |
| messages of SQS: events of Lambda, or from `aws sqs receive-message` | `message 1` |
| dead letters, as `dead-letters discard` writes them | as jobs |
| the NDJSON of `export` and `query --json` | `line 3` |
| a page of `GET /audit-logs/unmasked` | `event 2` |

The file is in UTF-8, or in UTF-16 with a byte order mark, as PowerShell writes it.
It can be compressed with gzip.
It is read as it is sent, so that a file of lines may have any length.
A line has at most 8 MiB, unless it is the whole file: a list, or `{"events": […]}`.
A fault costs its own event.
Text that is not JSON is skipped up to the next line that begins an object.
An event of a message without `eventId` or `timestamp` gets those that the processor gives it.
With `--key import-7` an event without `eventId` gets `import-7:` and the numbers of its place,
the outermost first: `import-7:3:2`.
Secrets are masked before the id is computed.
A job with `"masked": true`, and an event in its stored form, are sent as they are.

## What `redrive --set` takes

| `--set` | sets, in each event |
| --- | --- |
| `userId=u-1` | the text `u-1` |
| `details.size=5` | the number 5 |
| `details.size="5"` | the text `5` |
| `details.tags=["a","b"]` | the list |
| `userId=null` | null, so that the event has no `userId` |
| `details.tags[0]=a` | the first element of the list; `[*]` is every element |
| `details.annotations."example.com/size"=5` | the number, under a key with dots |
| `data.events[1].userId=u-1` | the text, in the second event of a bulk job only |

A value that is not JSON is text.
Quote it for the shell: `--set 'details.size="5"'`.
Missing objects on the path are created.
"""


def make_page() -> str:
    """Return the page in Markdown."""
    sections = [INTRODUCTION]
    for names, command in list_commands(prooftrail, ("prooftrail",)):
        level = "#" * min(1 + len(names), 4)
        sections.append(
            f"{level} {' '.join(names)}\n\n```text\n{format_help(names, command)}\n```\n"
        )
    return "\n".join(sections)


def list_commands(
    command: click.Command, names: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield the command and its subcommands, each with its names."""
    yield names, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            if child is not None:
                yield from list_commands(child, (*names, name))


def format_help(names: tuple[str, ...], command: click.Command) -> str:
    """Return the command's help, as on a terminal of 80 columns."""
    settings = {**command.context_settings, "terminal_width": WIDTH, "max_content_width": WIDTH}
    settings["help_option_names"] = ["-h", "--help"]
    context = click.Context(command, info_name=" ".join(names), **settings)
    return "\n".join(line.rstrip() for line in command.get_help(context).splitlines())


def main(arguments: list[str] | None = None) -> int:
    """Write the page, or with `--check` compare it. Return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.cli_docs", description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail if the file is out of date")
    options = parser.parse_args(arguments)
    text = make_page()
    if not options.check:
        TARGET.write_text(text, encoding="utf-8")
        return 0
    if TARGET.is_file() and TARGET.read_text(encoding="utf-8") == text:
        return 0
    print("docs/cli.md is out of date: run `make cli-docs`", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
