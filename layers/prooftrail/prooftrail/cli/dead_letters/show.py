"""`prooftrail dead-letters show`."""

import json
from typing import Final

import click

from prooftrail.cli.dead_letters.selection import (
    check_complete,
    limit_option,
    open_scan,
    warn_of_hidden,
)
from prooftrail.cli.errors import handle_errors
from prooftrail.cli.installation import Installation, installation_options
from prooftrail.cli.reads import audit_read
from prooftrail.cli.terminal import echo_json, escape, escape_json, json_option
from prooftrail.event.canonical import MAX_DEPTH
from prooftrail.event.keys import DEFAULT_TENANT
from prooftrail.intake.dead_letters import DeadLetterFilter, load_body

_NAME_WIDTH: Final = 16


@click.command()
@click.argument("message_id", metavar="ID")
@limit_option
@json_option
@installation_options
@handle_errors
def show(installation: Installation, message_id: str, limit: int, as_json: bool) -> None:
    """Show the dead letter with this message id: its attributes and its body.

    The start of the id is enough, if only one dead letter has it. A body that is JSON is indented.

    Example: prooftrail dead-letters show 3ea1b6a5-4e2b-4c09-9b57-8ad7c9f1ab1c
    """
    if not message_id:
        raise click.UsageError("give the id of a dead letter")
    filters = DeadLetterFilter([message_id])
    read = audit_read(installation, DEFAULT_TENANT)
    with open_scan(installation, filters, limit, has_bar=not as_json) as scan:
        for [dead_letter] in scan.receive_batches():
            body = load_body(dead_letter, installation.dead_letter_payloads)
            read.note(dead_letter.event_count or 1)
            fields = dead_letter.to_json()
            if as_json:
                content = {**fields, "events": dead_letter.event_count, "body": body}
                echo_json(content, is_ascii=True)
                continue
            for name, value in fields.items():
                text = "-" if value is None else escape(str(value))
                click.echo(f"{name:{_NAME_WIDTH}}  {text}")
            click.echo()
            for line in indent_body(body).split("\n"):
                click.echo(escape(line))
        warn_of_hidden(scan)
    check_complete(scan)


def indent_body(body: str) -> str:
    """Return the body, indented if it is JSON that is no deeper than events may be."""
    try:
        content = json.loads(body)
        if not _is_flat(content, MAX_DEPTH):  # indenting deep JSON would take megabytes
            return body
        return escape_json(json.dumps(content, indent=2, ensure_ascii=False))
    except (ValueError, RecursionError):
        return body


def _is_flat(value: object, depth: int) -> bool:
    if not isinstance(value, dict | list):
        return True
    parts = value.values() if isinstance(value, dict) else value
    return depth > 0 and all(_is_flat(part, depth - 1) for part in parts)
