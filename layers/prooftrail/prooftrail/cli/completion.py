"""`prooftrail completion`: what a shell needs to complete the command line."""

import click
from click.shell_completion import get_completion_class

from prooftrail.cli.terminal import answering


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
@answering
def completion(context: click.Context, shell: str) -> None:
    """Print the completion script of a shell, to be sourced where it starts:

    \b
    bash  eval "$(prooftrail completion bash)"            in ~/.bashrc
    zsh   eval "$(prooftrail completion zsh)"             in ~/.zshrc
    fish  prooftrail completion fish | source             in ~/.config/fish/config.fish
    """
    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101  # a typing aid: the three are click's own
    root = context.find_root().command
    click.echo(kind(root, {}, "prooftrail", "_PROOFTRAIL_COMPLETE").source())
