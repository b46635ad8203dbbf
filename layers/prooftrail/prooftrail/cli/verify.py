"""`prooftrail verify`: a bundle, the log's growth, the published log, a whole trail, an export."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
from click.core import ParameterSource

from prooftrail.cli.files import convert_file_errors, open_temporary_database
from prooftrail.cli.installation import (
    Aws,
    Installation,
    aws_options,
    on_installation,
    open_published_log,
)
from prooftrail.cli.lines import counted
from prooftrail.cli.terminal import (
    Exit,
    escaped,
    escaped_json,
    json_option,
    progress,
    verifying,
)
from prooftrail.errors import (
    InvalidPolicyError,
    MalformedNoteError,
    MalformedProofError,
)
from prooftrail.event.times import now_ms
from prooftrail.ledger.bundle import MAX_BUNDLE_LENGTH, ProofBundle
from prooftrail.tlog.note import Note, VerifierKey
from prooftrail.tlog.policy import Policy
from prooftrail.verify.published import verify_append_only, verify_log
from prooftrail.verify.result import TrailResult
from prooftrail.verify.trail import TrailCheck

if TYPE_CHECKING:
    from prooftrail.verify.export import ExportResult

KEY_VARIABLE: Final = "PROOFTRAIL_KEY"
_Path = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
_key_option = click.option(
    "--key",
    "key_text",
    metavar="KEY",
    envvar=KEY_VARIABLE,
    show_envvar=True,
    help="The log's verifier key: <name>+<id>+<key>.",
)
_policy_option = click.option(
    "--policy",
    "policy_file",
    type=_Path,
    help="A policy file instead: logs, witnesses, quorum (C2SP tlog-policy).",
)
_log_option = click.option(
    "--log",
    "place",
    required=True,
    metavar="PLACE",
    help="The published log: s3://bucket, an address, or a folder with a copy.",
)


@click.group()
def verify() -> None:
    """Check what the audit log claims.

    Exit codes: 0 verified, 1 refuted or malformed, 2 wrong usage (also a key or a policy that is
    none), 3 not readable.
    """


@verify.command()
@click.argument("bundle_file", metavar="BUNDLE", type=_Path)
@_key_option
@_policy_option
@json_option
@verifying
def bundle(
    bundle_file: Path, key_text: str | None, policy_file: Path | None, as_json: bool
) -> None:
    """Check, offline, that the log recorded the event in BUNDLE (a file, or - for input)."""
    policy = _policy_of(key_text, policy_file)
    found = ProofBundle.from_json(_text_of(bundle_file, MAX_BUNDLE_LENGTH))
    policy.check(found.proof.note)
    checkpoint = found.proof.check(found.entry)
    if as_json:
        content = {
            "verified": True,
            "eventId": found.event_id,
            "index": found.proof.index,
            "checkpoint": str(checkpoint),
            "event": json.loads(found.canonical),
        }
        click.echo(escaped_json(json.dumps(content, ensure_ascii=False)))
        return
    _say_verified(
        f"event {found.event_id} is entry {found.proof.index} of the "
        f"{counted(checkpoint.size, 'entry', 'entries')} that {checkpoint.origin} has signed"
    )


@verify.command()
@click.argument("saved_file", metavar="SAVED", type=_Path)
@_log_option
@_key_option
@_policy_option
@json_option
@aws_options
@verifying
def consistency(
    saved_file: Path,
    place: str,
    key_text: str | None,
    policy_file: Path | None,
    aws: Aws,
    as_json: bool,
) -> None:
    """Check that the log still begins with what the checkpoint SAVED covered."""
    policy = _policy_of(key_text, policy_file)
    saved = Note.from_text(_text_of(saved_file))
    published_log = open_published_log(place, aws)
    published = published_log.read_checkpoint()
    if published is None:
        raise MalformedNoteError("the log has no checkpoint")
    later = verify_append_only(saved, Note.from_text(published.text), published_log, policy)
    if as_json:
        click.echo(json.dumps({"verified": True, "checkpoint": str(later)}, ensure_ascii=False))
        return
    then = counted(int(saved.text.split("\n")[1]), "entry", "entries")
    today = counted(later.size, "entry", "entries")
    _say_verified(f"the log of then, {then}, is the beginning of today's, {today}")


@verify.command()
@_log_option
@_key_option
@_policy_option
@json_option
@aws_options
@verifying
def log(
    place: str,
    key_text: str | None,
    policy_file: Path | None,
    aws: Aws,
    as_json: bool,
) -> None:
    """Check every entry and tile of the published log against its checkpoint."""
    policy = _policy_of(key_text, policy_file)
    published_log = open_published_log(place, aws)
    with progress(as_json=as_json) as shown:
        verdict = verify_log(published_log, policy, shown)
    _report(verdict, _published(verdict), as_json=as_json)


@verify.command()
@click.option("--saved", "saved_file", type=_Path, help="A checkpoint that was saved before.")
@_key_option
@_policy_option
@json_option
@on_installation
@verifying
def trail(
    installation: Installation,
    saved_file: Path | None,
    key_text: str | None,
    policy_file: Path | None,
    as_json: bool,
) -> None:
    """Check a whole trail: published log, ledger and stored events, each against the others."""
    policy = _policy_of(key_text, policy_file)
    saved = Note.from_text(_text_of(saved_file)) if saved_file else None
    with (
        open_temporary_database() as database,
        progress(as_json=as_json) as shown,
    ):
        check = TrailCheck(
            installation.published_log,
            installation.log,
            installation.trail,
            policy,
            database,
            now_ms=now_ms(),
            progress=shown,
        )
        verdict = check.run(saved)
    counts = (
        f"{_published(verdict)}, {verdict.unpublished:,} not yet published, "
        f"{counted(verdict.stored, 'stored event')}, {verdict.removed:,} removed by order, "
        f"{verdict.expired:,} expired, {verdict.pending:,} pending"
    )
    _report(verdict, counts, as_json=as_json)


@verify.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--log", "place", metavar="PLACE", help="Check too that this log begins with what is exported."
)
@_key_option
@_policy_option
@json_option
@aws_options
@verifying
def export(
    folder: Path,
    place: str | None,
    key_text: str | None,
    policy_file: Path | None,
    aws: Aws,
    as_json: bool,
) -> None:
    """Check, offline, that the export in FOLDER is whole and of what the log recorded."""
    from prooftrail.export.folder import DiskFolder
    from prooftrail.verify.export import verify_export

    policy = _policy_of(key_text, policy_file)
    published_log = open_published_log(place, aws) if place else None
    with progress(as_json=as_json) as shown:
        verdict = verify_export(DiskFolder(folder), policy, published_log, shown)
    manifest, totals = verdict.manifest, verdict.manifest.totals
    counts = (
        f"{counted(verdict.events, 'event')} of positions {manifest.start} to {manifest.end - 1}, "
        f"{totals.others} of other tenants, {totals.expired} expired, {totals.gone} gone, "
        f"{totals.unreadable} unreadable"
    )
    if verdict.contents < verdict.events:
        counts += f"; a file of {manifest.file_format} proves positions, ids and digests alone"
    _report(verdict, counts, as_json=as_json)


def _published(verdict: TrailResult) -> str:
    return counted(verdict.entries, "published entry", "published entries")


def _policy_of(key_text: str | None, policy_file: Path | None) -> Policy:
    """Whom the caller trusts; what is no key or no policy is wrong usage, and refutes nothing."""
    source = click.get_current_context().get_parameter_source("key_text")
    if policy_file is not None and source is ParameterSource.ENVIRONMENT:
        key_text = None  # what is given now goes before what is set for all
    if (key_text is None) == (policy_file is None):
        raise click.UsageError("give either --key or --policy: whom you trust is yours to say")
    if policy_file is not None:
        try:
            return Policy.from_text(_text_of(policy_file))
        except (InvalidPolicyError, MalformedProofError) as error:
            raise click.BadParameter(str(error), param_hint="--policy") from error
    try:
        key = VerifierKey.from_text(key_text or "")
    except MalformedNoteError as error:
        raise click.BadParameter(str(error), param_hint=f"--key or {KEY_VARIABLE}") from error
    if key.is_witness:
        raise click.BadParameter(f"{key.name} is a witness, not a log", param_hint="--key")
    return Policy.from_key(key)


def _text_of(path: Path, limit: int = 1_000_000) -> str:
    """A file's text, or what standard input gives.

    Raises:
        MalformedProofError: it is too long, or no UTF-8.
        LocalFileError: it cannot be read.
    """
    with convert_file_errors(path):
        if str(path) == "-":
            content = sys.stdin.buffer.read(4 * limit + 1)
        else:
            with path.open("rb") as file:
                content = file.read(4 * limit + 1)
    if len(content) > 4 * limit:
        raise MalformedProofError(f"{path} is longer than any of its kind")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise MalformedProofError(f"{path} is no UTF-8") from error


def _say_verified(text: str) -> None:
    click.echo(click.style("verified", fg="green") + f": {text}")


def _report(verdict: "TrailResult | ExportResult", counts: str, *, as_json: bool) -> None:
    if as_json:
        click.echo(escaped_json(json.dumps(verdict.to_json(), ensure_ascii=False)))
    else:
        for finding in verdict.findings:
            click.echo(escaped(str(finding)))
        if verdict.is_verified:
            _say_verified(counts)
        else:
            refuted = click.style("not verified", fg="red")
            click.echo(f"{refuted}: {counted(len(verdict.findings), 'finding')}; {counts}")
    if not verdict.is_verified:
        sys.exit(Exit.REFUTED)
