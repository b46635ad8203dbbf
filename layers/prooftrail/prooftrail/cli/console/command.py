"""`prooftrail console`: the command."""

import click

from prooftrail.cli.errors import handle_errors
from prooftrail.cli.installation import Installation, installation_options
from prooftrail.errors import ConfigurationError


@click.command()
@click.option(
    "--port",
    type=click.IntRange(1, 65_535),
    help="Port on 127.0.0.1. Default: one that the stack has each time, or a free one.",
)
@click.option("--no-browser", is_flag=True, help="Print the address, and open no browser.")
@installation_options
@handle_errors
def console(installation: Installation, port: int | None, no_browser: bool) -> None:
    """Show the trail in a browser, until Ctrl-C. Requests are signed with your credentials.

    The page is served on this machine alone. Its address has a token that opens it once; the
    browser that used it keeps a cookie. Only reads of the stack's API pass. Needs the package's
    extra `console`.

    Example: prooftrail console --stack audit-log-dev

    Exit codes: 1 the extra is missing, or the stack serves the console itself; 2 wrong usage, or
    the port is in use; 3 AWS is not reachable or refuses; 130 ended by Ctrl-C.
    """
    try:
        import starlette  # noqa: F401  # is it installed?
        import uvicorn  # noqa: F401
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            f"run `pip install 'prooftrail[console]'`: the console needs {error.name}"
        ) from error
    from prooftrail.cli.console.access import Access
    from prooftrail.cli.console.app import make_app
    from prooftrail.cli.console.server import (
        HOST,
        make_server,
        open_browser,
        open_socket,
        open_usual_socket,
    )

    if installation.console_url:  # its API takes tokens, and no signatures
        raise ConfigurationError(
            f"the stack serves the console to users of its user pool: {installation.console_url}"
        )
    api = installation.api
    try:
        listener = open_socket(port) if port else open_usual_socket(api.url)
    except OSError as error:
        text = f"{HOST}:{port or 0} cannot be used: {error.strerror}"
        raise click.BadParameter(text, param_hint="--port") from error
    with listener:
        access = Access(listener.getsockname()[1])
        address = f"http://{HOST}:{access.port}/?token={access.token}"
        # Stacks of two accounts can have one name, and one port with --port.
        app = make_app(api, access, {"api": "", "stack": installation.stack, "log": api.url})
        click.echo(f"console  {address}")
        click.echo("Ctrl-C ends it. The address opens once, in one browser.", err=True)
        if not no_browser:
            open_browser(address)
        make_server(app).run(sockets=[listener])
