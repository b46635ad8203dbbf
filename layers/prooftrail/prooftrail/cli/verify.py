"""`prooftrail verify`: a bundle, the log's growth, the published log, a whole trail, an export."""

import json
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
from click.core import ParameterSource

from prooftrail.cli.errors import Exit, handle_verification_errors
from prooftrail.cli.files import convert_file_errors, open_temporary_database
from prooftrail.cli.installation import (
    Aws,
    Installation,
    aws_options,
    installation_options,
    open_export_folder,
    open_published_log,
)
from prooftrail.cli.progress import show_progress
from prooftrail.cli.terminal import echo_json, escape, json_option
from prooftrail.cli.text import format_count
from prooftrail.errors import (
    InvalidPolicyError,
    MalformedNoteError,
    MalformedProofError,
    UnprovedError,
)
from prooftrail.event.times import format_timestamp, now_ms
from prooftrail.ledger.bundle import MAX_BUNDLE_LENGTH, ProofBundle
from prooftrail.ledger.receipt import Receipt
from prooftrail.progress import NoProgress, Progress
from prooftrail.tlog.checkpoint import Checkpoint
from prooftrail.tlog.note import Note, VerifierKey
from prooftrail.tlog.policy import Policy
from prooftrail.verify.confirmation import GRACE_SECONDS, read_until_confirmed
from prooftrail.verify.published import NO_CHECKPOINT, verify_append_only, verify_log
from prooftrail.verify.result import Outcome, TrailResult
from prooftrail.verify.silence import describe_silence
from prooftrail.verify.trail import TrailCheck

if TYPE_CHECKING:
    from prooftrail.export.ports import ExportFolder
    from prooftrail.verify.export import ExportResult

KEY_VARIABLE: Final = "PROOFTRAIL_KEY"
MAX_TEXT_LENGTH: Final = 1_000_000
_EXITS: Final = {
    Outcome.VERIFIED: Exit.OK,
    Outcome.REFUTED: Exit.FAILED,
    Outcome.UNPROVED: Exit.UNPROVED,
    Outcome.EMPTY: Exit.OK,
}
_FILE: Final = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)

_key_option = click.option(
    "--key",
    "key_text",
    metavar="KEY",
    envvar=KEY_VARIABLE,
    show_envvar=True,
    help="The log's verifier key: NAME+ID+KEY.",
)
_policy_option = click.option(
    "--policy",
    "policy_file",
    type=_FILE,
    help="A file with the trusted logs, the witnesses and the quorum (C2SP tlog-policy), in place "
    "of --key.",
)
_log_option = click.option(
    "--log",
    "location",
    required=True,
    metavar="LOCATION",
    help="The published log: s3://BUCKET, an http(s) URL, or a folder with a copy.",
)
_grace_option = click.option(
    "--grace",
    "grace_seconds",
    type=click.FloatRange(min=0),
    default=GRACE_SECONDS,
    show_default=True,
    metavar="SECONDS",
    help="If anything looks wrong, read again after this time: it may have been read while it "
    "changed.",
)


@click.group()
def verify() -> None:
    """Verify proofs, the published log, a whole trail or an export.

    You decide which key or which policy to trust. Take it from a place that the operators of the
    log cannot change.

    Exit codes: 0 verified, or nothing is published yet; 1 refuted, by evidence that nothing honest
    explains, or malformed; 2 wrong usage, also a key or policy that is not valid; 3 AWS, the log or
    a file cannot be read; 4 nothing contradicts, but something is not proved.
    """


@verify.command()
@click.argument("bundle_file", metavar="BUNDLE", type=_FILE)
@_key_option
@_policy_option
@json_option
@handle_verification_errors
def bundle(
    bundle_file: Path, key_text: str | None, policy_file: Path | None, as_json: bool
) -> None:
    """Verify, offline, that the log recorded the event in BUNDLE (a file, or - for input).

    Example: prooftrail verify bundle bundle.json --key "$PROOFTRAIL_KEY"
    """
    policy = _load_policy(key_text, policy_file)
    proof_bundle = ProofBundle.from_json(_read_text(bundle_file, MAX_BUNDLE_LENGTH))
    event_id, proof = proof_bundle.event_id, proof_bundle.proof
    checkpoint = policy.check(proof.note)
    proof.check(proof_bundle.entry)
    if as_json:
        echo_json(
            {
                "verified": True,
                "eventId": event_id,
                "index": proof.index,
                "checkpoint": str(checkpoint),
                **_describe_receipt(proof_bundle.receipt),
                **_format_time(checkpoint),
                "event": json.loads(proof_bundle.canonical),
            }
        )
        return
    entries = format_count(checkpoint.size, "entry", "entries")
    _echo_verified(
        f"event {event_id} is entry {proof.index} of the {entries} that "
        f"{checkpoint.origin} has signed"
    )
    if receipt := proof_bundle.receipt:
        time, who = format_timestamp(receipt.received_at), escape(receipt.submitted_by or "")
        click.echo(f"it was received at {time} from {who}")
    else:
        click.echo("its entry has version 1, which does not fix when and from whom it was received")
    _echo_time(checkpoint)


def _describe_receipt(receipt: Receipt | None) -> dict[str, object]:
    """Return what the entry proves of the event's receipt, for scripts."""
    if receipt is None:
        return {}
    received = format_timestamp(receipt.received_at)
    return {"receivedAt": received, "submittedBy": receipt.submitted_by}


@verify.command()
@click.argument("saved_file", metavar="SAVED", type=_FILE)
@_log_option
@_key_option
@_policy_option
@json_option
@aws_options
@handle_verification_errors
def consistency(
    saved_file: Path,
    location: str,
    key_text: str | None,
    policy_file: Path | None,
    aws: Aws,
    as_json: bool,
) -> None:
    """Verify that the log still begins with the entries that the checkpoint SAVED covers.

    Example: prooftrail verify consistency checkpoint.old --log https://log.example.com
    """
    policy = _load_policy(key_text, policy_file)
    saved = Note.from_text(_read_text(saved_file))
    published_log = open_published_log(location, aws)
    published = published_log.read_checkpoint()
    if published is None:
        raise UnprovedError(NO_CHECKPOINT)
    later = verify_append_only(saved, Note.from_text(published.text), published_log, policy)
    if as_json:
        echo_json({"verified": True, "checkpoint": str(later), **_format_time(later)})
        _warn_of_silence(later)
        return
    before = format_count(int(saved.text.split("\n")[1]), "entry", "entries")
    now = format_count(later.size, "entry", "entries")
    _echo_verified(f"the log of {now} begins with the {before} of the saved checkpoint")
    _echo_time(later)
    _warn_of_silence(later)


@verify.command()
@_log_option
@_key_option
@_policy_option
@_grace_option
@json_option
@aws_options
@handle_verification_errors
def log(
    location: str,
    key_text: str | None,
    policy_file: Path | None,
    grace_seconds: float,
    aws: Aws,
    as_json: bool,
) -> None:
    """Verify every entry and tile of the published log against its checkpoint.

    Example: prooftrail verify log --log s3://my-log-bucket
    """
    policy = _load_policy(key_text, policy_file)
    published_log = open_published_log(location, aws)
    with show_progress(as_json=as_json) as bars:
        result = read_until_confirmed(
            lambda: verify_log(published_log, policy, bars), lambda: time.sleep(grace_seconds)
        )
    _warn_of_silence(result.checkpoint)
    _print_result(result, _count_entries(result), as_json=as_json)


@verify.command()
@click.option("--saved", "saved_file", type=_FILE, help="A checkpoint that was saved before.")
@_grace_option
@_key_option
@_policy_option
@json_option
@installation_options
@handle_verification_errors
def trail(
    installation: Installation,
    saved_file: Path | None,
    key_text: str | None,
    policy_file: Path | None,
    grace_seconds: float,
    as_json: bool,
) -> None:
    """Verify a whole trail: published log, ledger and stored events, each against the others.

    What looks wrong is read again after a grace period, and is a finding if it is still there.

    Example: prooftrail verify trail --stack audit-log-dev --saved checkpoint.old
    """
    policy = _load_policy(key_text, policy_file)
    saved = Note.from_text(_read_text(saved_file)) if saved_file else None
    with open_temporary_database() as database, show_progress(as_json=as_json) as bars:
        check = TrailCheck(
            installation.published_log,
            installation.log,
            installation.trail,
            policy,
            database,
            installation.trail.read_time,
            bars or NoProgress(),
            grace_seconds=grace_seconds,
        )
        result = check.run(saved)
    counts = (
        f"{_count_entries(result)}, {result.unpublished:,} not yet published, "
        f"{format_count(result.stored, 'stored event')}, {result.removed:,} removed by order, "
        f"{result.expired:,} expired, {result.pending:,} pending, {result.resent:,} sent again, "
        f"{result.redelivered:,} delivered again"
    )
    if result.held:
        counts += f", {result.held:,} held"
    if result.references:
        counts += f", {format_count(result.references, 'reference')} ({result.dangling:,} dangling)"
    _warn_of_silence(result.checkpoint)
    _print_result(result, counts, as_json=as_json)


@verify.command()
@click.argument("folder")
@click.option(
    "--log",
    "location",
    metavar="LOCATION",
    help="Verify too that this log begins with the exported entries.",
)
@click.option(
    "--stack",
    help="Compare with this stack's trail too: the contents of the events, and why others are not "
    "in the files. It reads every event of the exported positions.",
)
@_key_option
@_policy_option
@json_option
@aws_options
@handle_verification_errors
def export(
    folder: str,
    location: str | None,
    stack: str | None,
    key_text: str | None,
    policy_file: Path | None,
    aws: Aws,
    as_json: bool,
) -> None:
    """Verify, offline, that the export in FOLDER is complete and holds what the log recorded.

    FOLDER is on this machine, or s3://BUCKET/PREFIX.

    Offline, only the manifest says why an event is not in the files, and only the formats ndjson
    and cloudevents prove the events' contents. The exit code is 4 if that leaves something
    unproved; --stack proves it by the trail.

    Example: prooftrail verify export archive --key "$PROOFTRAIL_KEY"
    """
    from prooftrail.verify.export import verify_export

    if not folder.startswith("s3:") and not Path(folder).is_dir():
        raise click.BadParameter(f"{folder} is not a folder", param_hint="FOLDER")
    exported = open_export_folder(folder, aws)
    policy = _load_policy(key_text, policy_file)
    published_log = open_published_log(location, aws) if location else None
    with show_progress(as_json=as_json) as bars:
        result = verify_export(exported, policy, published_log, bars)
        if stack is not None and not result.findings:
            _compare_with_trail(result, exported, Installation(aws, stack), bars)
    manifest, totals = result.manifest, result.manifest.totals
    counts = (
        f"{format_count(result.events, 'event')} of positions {manifest.start} to "
        f"{manifest.end - 1}, {totals.others} not asked for, {totals.expired} expired, "
        f"{totals.gone} gone, {totals.unreadable} unreadable"
    )
    _print_result(result, counts, as_json=as_json)


def _compare_with_trail(
    result: "ExportResult",
    folder: "ExportFolder",
    installation: Installation,
    progress: Progress | None,
) -> None:
    from prooftrail.verify.exported import ExportTrailCheck

    ExportTrailCheck(
        folder,
        installation.log,
        installation.reader,
        installation.ledger,
        f"prooftrail {version('prooftrail')}",
        installation.trail.read_time,
        progress or NoProgress(),
    ).run(result)


def _count_entries(result: TrailResult) -> str:
    return format_count(result.entries, "published entry", "published entries")


def _load_policy(key_text: str | None, policy_file: Path | None) -> Policy:
    """Return the policy that the options name.

    Raises:
        click.UsageError: both options are given or none, or the key or the policy is not valid.
            This refutes nothing.
    """
    source = click.get_current_context().get_parameter_source("key_text")
    if policy_file is not None and source is ParameterSource.ENVIRONMENT:
        key_text = None  # an option takes precedence over the environment
    if (key_text is None) == (policy_file is None):
        raise click.UsageError("give exactly one of --key (or PROOFTRAIL_KEY) and --policy")
    if policy_file is not None:
        try:
            return Policy.from_text(_read_text(policy_file))
        except (InvalidPolicyError, MalformedProofError) as error:
            raise click.BadParameter(str(error), param_hint="--policy") from error
    try:
        key = VerifierKey.from_text(key_text or "")
    except MalformedNoteError as error:
        raise click.BadParameter(str(error), param_hint=f"--key or {KEY_VARIABLE}") from error
    if key.is_witness:
        raise click.BadParameter(f"{key.name} is a witness, not a log", param_hint="--key")
    return Policy.from_key(key)


def _read_text(path: Path, limit: int = MAX_TEXT_LENGTH) -> str:
    """Return the text of a file, or of standard input for `-`.

    Raises:
        MalformedProofError: the text has more than `limit` characters, or is not UTF-8.
        LocalFileError: the file cannot be read.
    """
    with convert_file_errors(path):
        if str(path) == "-":
            content = sys.stdin.buffer.read(4 * limit + 1)
        else:
            with path.open("rb") as file:
                content = file.read(4 * limit + 1)
    if len(content) > 4 * limit:
        raise MalformedProofError(f"{path}: must have at most {4 * limit:,} bytes")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise MalformedProofError(f"{path}: must be UTF-8") from error


def _echo_verified(text: str) -> None:
    click.echo(click.style("verified", fg="green") + f": {text}")


def _print_result(result: "TrailResult | ExportResult", counts: str, *, as_json: bool) -> None:
    if as_json:
        echo_json(result.to_json() | _format_time(result.checkpoint))
    else:
        for finding in [*result.findings, *result.unproved]:
            click.echo(escape(str(finding)))
        match result.outcome:
            case Outcome.VERIFIED:
                _echo_verified(counts)
            case Outcome.REFUTED:
                refuted = click.style("not verified", fg="red")
                click.echo(f"{refuted}: {format_count(len(result.findings), 'finding')}; {counts}")
            case Outcome.UNPROVED:
                click.echo(click.style("not proved", fg="yellow") + f": see above; {counts}")
            case Outcome.EMPTY:
                click.echo(f"nothing to verify: nothing is published yet; {counts}")
        _echo_time(result.checkpoint)
    sys.exit(_EXITS[result.outcome])


def _format_time(checkpoint: Checkpoint | None) -> dict[str, object]:
    """Return, for scripts, the time of which a checkpoint says that it was the latest."""
    signed_ms = checkpoint.signed_ms if checkpoint else None
    return {"asOf": None if signed_ms is None else format_timestamp(signed_ms)}


def _echo_time(checkpoint: Checkpoint | None) -> None:
    if checkpoint and checkpoint.signed_ms is not None:
        click.echo(
            f"as of {format_timestamp(checkpoint.signed_ms)}, when {checkpoint.origin} said that "
            "this is its latest checkpoint"
        )


def _warn_of_silence(checkpoint: Checkpoint | None) -> None:
    if checkpoint and (warning := describe_silence(checkpoint, now_ms())):
        click.echo(click.style("warning", fg="yellow") + f": {warning}", err=True)
