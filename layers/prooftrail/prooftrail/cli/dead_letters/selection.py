"""What the commands for dead letters share: which ones to take, and the scan of the queue."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from typing import Any, Final

import click

from prooftrail.cli.filters import DurationType
from prooftrail.cli.installation import Installation
from prooftrail.cli.progress import show_progress
from prooftrail.cli.text import format_count
from prooftrail.errors import AmbiguousIdError, AuditLogError, DeadLettersNotFoundError
from prooftrail.event.times import now_ms
from prooftrail.intake.dead_letters import (
    EXTENDED_TIMEOUT_SECONDS,
    DeadLetterFilter,
    DeadLetterScan,
    ReceivedDeadLetter,
)

DEFAULT_LIMIT: Final = 1_000

limit_option = click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=DEFAULT_LIMIT,
    show_default=True,
    help="The most dead letters to receive.",
)


def filter_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that filter dead letters. The command gets `filters` and `limit`."""

    @wraps(command)
    def run(*, text: str | None, older_than_ms: int | None, **options: Any) -> None:
        command(filters=DeadLetterFilter(None, text, older_than_ms), **options)

    return _add_filters(run)


def selection_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add ids, `--all` and the filters. The command gets `filters` and `limit`."""

    @wraps(command)
    def run(
        *,
        ids: tuple[str, ...],
        is_all: bool,
        text: str | None,
        older_than_ms: int | None,
        **options: Any,
    ) -> None:
        if bool(ids) == is_all or not all(ids):
            raise click.UsageError("give the ids of dead letters, or --all")
        filters = DeadLetterFilter(tuple(dict.fromkeys(ids)) or None, text, older_than_ms)
        command(filters=filters, **options)

    add_all = click.option(
        "--all", "is_all", is_flag=True, help="Every dead letter that matches the filters."
    )
    return click.argument("ids", metavar="[ID]...", nargs=-1)(add_all(_add_filters(run)))


def _add_filters(command: Callable[..., None]) -> Callable[..., None]:
    for add_option in (
        limit_option,
        click.option(
            "--older-than", "older_than_ms", type=DurationType(), help="Sent longer ago: 2h, 7d."
        ),
        click.option("--error", "text", help="The error's type or message contains this text."),
    ):
        command = add_option(command)
    return command


@contextmanager
def open_scan(
    installation: Installation,
    filters: DeadLetterFilter,
    limit: int,
    *,
    has_bar: bool,
    extends_timeout: bool = False,
) -> Iterator[DeadLetterScan]:
    """Yield a scan of the dead-letter queue, whose progress the terminal shows if `has_bar`."""
    with show_progress(as_json=not has_bar) as bars:
        if bars:
            bars.step("receiving", None)
        with DeadLetterScan(
            installation.dead_letters,
            filters,
            now_ms(),
            limit,
            bars.advance if bars else lambda _: None,
            extends_timeout,
        ) as scan:
            yield scan


def describe_reason(dead_letter: ReceivedDeadLetter) -> str:
    """Return why the message could not be stored."""
    if dead_letter.error_type is None:
        return "no reason: SQS moved it, because the processor died; its log names the message"
    return f"{dead_letter.error_type}: {dead_letter.error_message or '-'}"


def count_hidden(scan: DeadLetterScan) -> int:
    """Return how many dead letters other receivers hold.

    Returns 0 if the scan met its limit, or if it met some and the queue does not say how many are
    hidden.

    Raises:
        InaccessibleError: the scan met none, and the queue does not say how many are hidden.
    """
    if scan.scanned_count >= scan.limit:
        return 0
    try:
        return scan.count_in_flight_elsewhere()
    except AuditLogError:
        if scan.scanned_count:
            return 0
        raise


def describe_hidden(count: int) -> str:
    """Return the sentence about dead letters that other receivers hold."""
    verb = "is" if count == 1 else "are"
    minutes = format_count(EXTENDED_TIMEOUT_SECONDS // 60, "minute")
    return (
        f"{format_count(count, 'dead letter')} {verb} held by another receiver (or an interrupted "
        f"command), back within {minutes}"
    )


def warn_of_hidden(scan: DeadLetterScan) -> None:
    """Say how many dead letters other receivers hold, if the scan found none or misses some.

    Another scan says nothing: SQS counts a message as hidden for a while after it was removed.
    """
    if scan.scanned_count and not scan.missing_ids:
        return
    with suppress(AuditLogError):  # the command does not depend on it
        hidden = count_hidden(scan)
        if hidden:
            click.echo(describe_hidden(hidden), err=True)


def check_complete(scan: DeadLetterScan) -> None:
    """Say if the scan ended at its limit.

    Raises:
        AmbiguousIdError: an id that was asked for is the start of several ids.
        DeadLettersNotFoundError: the scan did not meet every id that was asked for.
    """
    if scan.scanned_count >= scan.limit:
        received = format_count(scan.limit, "dead letter")
        click.echo(f"received {received}: raise --limit for more", err=True)
    for given, ids in scan.ambiguous_ids.items():
        raise AmbiguousIdError(given, ids)
    if scan.missing_ids:
        raise DeadLettersNotFoundError(scan.missing_ids, scan.scanned_count)
