"""A group of commands that imports a command only when it is run."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import click
from click.shell_completion import CompletionItem


@dataclass(frozen=True, slots=True)
class LazyCommand:
    """A command's module and name in it (`module:name`), and its line in the list of commands."""

    target: str
    summary: str

    def load(self) -> click.Command:
        """Import the command."""
        module, _, name = self.target.partition(":")
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)  # noqa: S101  # a typing aid
        return command


class LazyGroup(click.Group):
    """A group of commands that need slow libraries. Its list and completion import none of them."""

    def __init__(
        self, *args: Any, lazy_commands: Mapping[str, LazyCommand], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self._commands = lazy_commands

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """Return the names of the commands."""
        return list(self._commands)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # click's signature
        """Import and return the command with this name, or return None."""
        command = self._commands.get(cmd_name)
        return command.load() if command else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the arguments name.

        Raises:
            click.NoSuchCommand: the group does not have it. The error suggests similar names.
        """
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:  # click knows none of the names of this group
            raise click.NoSuchCommand(
                error.command_name, possibilities=self._commands, ctx=ctx
            ) from error

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the commands that begin with `incomplete`."""
        items = [
            CompletionItem(name, help=command.summary)
            for name, command in self._commands.items()
            if name.startswith(incomplete)
        ]
        return items + click.Command.shell_complete(self, ctx, incomplete)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  # click's signature
        """Write the list of commands for `--help`."""
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, command.summary) for name, command in self._commands.items()]
            )
