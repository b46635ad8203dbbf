"""The command `prooftrail`."""

import os
from collections.abc import Mapping
from importlib import import_module
from typing import Final

import click
from click.shell_completion import CompletionItem

# Each in a module of its own name, which is imported when the command is run.
COMMANDS: Final[Mapping[str, str]] = {
    "cleanup": "Remove a tenant's old events, by orders that the log keeps.",
    "completion": "Print a shell's completion script.",
    "dead-letters": "See, send again or remove what could not be stored.",
    "doctor": "Check an installation's parts.",
    "export": "Write the trail to files: NDJSON, CSV, Parquet, OCSF, ECS or CloudEvents.",
    "get": "Show an event.",
    "query": "List events.",
    "reconcile": "Compare the events' table with ledger, counters and published log, and repair.",
    "report": "Report who did what how often, and what failed.",
    "send": "Send events.",
    "stats": "Count events.",
    "tail": "Show the newest events, and those that come.",
    "verify": "Check what the audit log claims.",
}


class _Commands(click.Group):
    """The commands, imported one by one: most of them need libraries that take a while."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's
        """Their names."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # click's
        """The command of this name."""
        if cmd_name not in COMMANDS:
            return None
        name = cmd_name.replace("-", "_")
        command = getattr(import_module(f"prooftrail.cli.{name}"), name)
        assert isinstance(command, click.Command)  # noqa: S101  # a typing aid
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands that begin so, without importing any."""
        found = [
            CompletionItem(name, help=text)
            for name, text in COMMANDS.items()
            if name.startswith(incomplete)
        ]
        return found + click.Command.shell_complete(self, ctx, incomplete)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  # click's
        """The list of commands for `--help`."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="prooftrail")
@click.pass_context
def main(context: click.Context) -> None:
    """Work with an audit log, and check it.

    Colours are for terminals alone, and for none where NO_COLOR is set.

    Exit codes: 0 done, 1 refuted, refused or not found, 2 wrong usage, 3 AWS cannot be reached or
    refuses, 130 interrupted, 141 the reader of the output went away.
    """
    if os.environ.get("NO_COLOR"):  # https://no-color.org
        context.color = False
