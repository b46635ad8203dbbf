"""`prooftrail completion`: the script that a shell needs to complete commands and options."""

import click
from click.shell_completion import get_completion_class

from prooftrail.cli.errors import handle_errors


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
@handle_errors
def completion(context: click.Context, shell: str) -> None:
    """Print a shell's completion script. Add one line to the file that the shell reads first:

    \b
    bash  eval "$(prooftrail completion bash)"            in ~/.bashrc
    zsh   eval "$(prooftrail completion zsh)"             in ~/.zshrc
    fish  prooftrail completion fish | source             in ~/.config/fish/config.fish
    """
    completion_class = get_completion_class(shell)
    assert completion_class is not None  # noqa: S101  # a typing aid: click has all three
    root = context.find_root().command
    click.echo(completion_class(root, {}, "prooftrail", "_PROOFTRAIL_COMPLETE").source())
