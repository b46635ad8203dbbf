"""`prooftrail verify`, for auditors and for scripts."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from local.http_server import serve_http
from prooftrail.cli import verify as commands
from prooftrail.cli.main import main
from prooftrail.errors import AuditLogError
from prooftrail.event.times import HOUR_MS, format_timestamp
from prooftrail.ledger.bundle import ProofBundle
from prooftrail.ledger.entry import LoggedEvent
from prooftrail.ledger.ports import Publication
from prooftrail.ledger.publish import Publisher
from prooftrail.ledger.receipt import Receipt
from prooftrail.tlog.checkpoint import Checkpoint
from prooftrail.tlog.merkle import Edge
from prooftrail.tlog.note import Note
from prooftrail.tlog.policy import Policy
from prooftrail.tlog.proof import Proof
from prooftrail.tlog.tiles import TreeReader
from tests.support.log_fakes import FakeWitnesses, MemoryLog, MemoryPublishedLog, make_logged_events
from tests.support.log_samples import damaged, make_verifier_key, sign_checkpoint
from tests.support.samples import NOW_MS, make_event_record
from tests.unit.ledger.test_publish import Key

KEY = str(make_verifier_key())
RECORD = make_event_record(userId="u-1", details={"a": "é"})
POSITION = 300


RECORD_2 = make_event_record(userId="u-2")
RECEIPT = Receipt.from_submitter(NOW_MS + 7, "AROAEXAMPLEID:i-0abc")


def publish_log() -> tuple[MemoryPublishedLog, ProofBundle, ProofBundle, str]:
    """Publish a log of 400 entries. Return it, a bundle of each version, an early checkpoint."""
    log, published_log = MemoryLog(), MemoryPublishedLog()
    events = make_logged_events(400)
    events[POSITION] = LoggedEvent.from_id(RECORD.id, RECORD.digest)
    events[POSITION + 1] = LoggedEvent.from_id(RECORD_2.id, RECORD_2.digest, receipt=RECEIPT)
    publisher = Publisher(
        log, published_log, Key(), FakeWitnesses(), "example.com/log", lambda: NOW_MS
    )
    for start, end in ((0, 200), (200, 400)):
        log.append(events[start:end])
        publisher.run()
    latest = log.published[-1]
    assert isinstance(latest, Publication)
    tree = TreeReader(published_log, latest.edge)
    bundles = [
        ProofBundle(
            record.canonical,
            Proof(position, tuple(tree.make_inclusion_proof(position)), latest.note),
            receipt,
        )
        for position, record, receipt in (
            (POSITION, RECORD, None),
            (POSITION + 1, RECORD_2, RECEIPT),
        )
    ]
    return published_log, bundles[0], bundles[1], published_log.checkpoints[0]


PUBLISHED_LOG, BUNDLE, BUNDLE_2, SAVED = publish_log()
TEXT = BUNDLE.to_json()
AS_OF = (
    f"as of {format_timestamp(NOW_MS)}, when example.com/log said that this is its latest "
    "checkpoint\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write the published log, a bundle and a saved checkpoint into a folder."""
    for tile, content in PUBLISHED_LOG.tiles.items():
        path = tmp_path / "log" / tile.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (tmp_path / "log" / "checkpoint").write_text(PUBLISHED_LOG.checkpoints[-1], encoding="utf-8")
    (tmp_path / "bundle.json").write_text(TEXT, encoding="utf-8")
    (tmp_path / "saved").write_text(SAVED, encoding="utf-8")
    return tmp_path


def verify(*arguments: object, given: str | bytes | None = None) -> Result:
    """Run the command. For any input, it must end with one of its exit codes."""
    result = CliRunner().invoke(main, ["verify", *map(str, arguments)], input=given)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    if result.exit_code:
        text = result.stdout.replace("not verified", "").replace('"verified": false', "")
        assert "verified" not in text
    return result


def test_a_bundle_is_verified_offline(folder: Path) -> None:
    for source, read in ((folder / "bundle.json", None), ("-", TEXT)):
        result = verify("bundle", source, "--key", KEY, given=read)
        assert result.exit_code == 0
        assert result.stdout == (
            f"verified: event {RECORD.id} is entry {POSITION} of the 400 entries that "
            "example.com/log has signed\n"
            "its entry has version 1, which does not fix when and from whom it was received\n"
            f"{AS_OF}"
        )
    response = json.loads(verify("bundle", "-", "--key", KEY, "--json", given=TEXT).stdout)
    assert (response["verified"], response["eventId"], response["index"]) == (
        True,
        RECORD.id,
        POSITION,
    )
    assert response["event"]["userId"] == "u-1"


def test_a_bundle_of_version_2_says_when_and_from_whom_the_event_was_received() -> None:
    text = BUNDLE_2.to_json()
    result = verify("bundle", "-", "--key", KEY, given=text)
    said = "\nit was received at 2025-11-24T16:00:00.007Z from AROAEXAMPLEID:i-0abc\n"
    assert said in result.stdout
    response = json.loads(verify("bundle", "-", "--key", KEY, "--json", given=text).stdout)
    assert response["receivedAt"] == "2025-11-24T16:00:00.007Z"
    assert response["submittedBy"] == "AROAEXAMPLEID:i-0abc"
    for changed in (text.replace("i-0abc", "i-0abd"), text.replace('At":176', 'At":126')):
        assert verify("bundle", "-", "--key", KEY, given=changed).exit_code == 1


def test_a_policy_takes_the_place_of_a_key(folder: Path) -> None:
    policy = folder / "policy"
    policy.write_text(f"log {KEY}\nquorum none\n")
    assert verify("bundle", "-", "--policy", policy, given=TEXT).exit_code == 0
    policy.write_text("quorum none")
    assert "untrusted_note" in verify("bundle", "-", "--policy", policy, given=TEXT).output
    policy.write_text("nonsense")
    result = verify("bundle", "-", "--policy", policy, given=TEXT)
    assert (result.exit_code, "--policy: line 1: " in result.output) == (2, True)
    policy.write_bytes(b"\xff")
    assert verify("bundle", "-", "--policy", policy, given=TEXT).exit_code == 2


def test_the_environment_can_set_the_key(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROOFTRAIL_KEY", KEY)
    assert verify("bundle", "-", given=TEXT).exit_code == 0
    other = str(make_verifier_key("example.com/other"))
    assert verify("bundle", "-", "--key", other, given=TEXT).exit_code == 1
    policy = folder / "policy"
    policy.write_text(f"log {other}\nquorum none\n")
    assert verify("bundle", "-", "--policy", policy, given=TEXT).exit_code == 1
    monkeypatch.setenv("PROOFTRAIL_KEY", "nonsense")
    result = verify("bundle", "-", given=TEXT)
    assert (result.exit_code, "PROOFTRAIL_KEY" in result.output) == (2, True)


@pytest.mark.parametrize("options", [[], ["--key", KEY, "--policy", "-"]])
def test_exactly_one_of_key_and_policy_is_required(options: list[str]) -> None:
    result = verify("bundle", "-", *options, given=TEXT)
    assert result.exit_code == 2
    assert "give exactly one of --key (or PROOFTRAIL_KEY) and --policy" in result.output


def make_bundle(**changes: Any) -> str:
    """Return the bundle with changed fields of its JSON."""
    return json.dumps({**json.loads(TEXT), **changes}, ensure_ascii=False)


def make_bundle_with_checkpoint(size: int, **changes: Any) -> str:
    """Return the bundle with another checkpoint that the log's key signed."""
    note = sign_checkpoint(
        Checkpoint("example.com/log", size, Edge().compute_root() if not size else bytes(32))
    )
    values = {"index": POSITION, "hashes": BUNDLE.proof.hashes, **changes}
    return make_bundle(proof=str(Proof(note=note, **values)))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "malformed_proof"),
        ("null", "malformed_proof"),
        ("[" * 100_000, "malformed_proof"),
        (TEXT[:-1], "malformed_proof"),
        (TEXT + TEXT, "malformed_proof"),
        (TEXT + " " * 8_000_001, "malformed_proof"),
        (make_bundle(more="x"), "malformed_proof"),
        (make_bundle(event="{}"), "malformed_proof"),
        (make_bundle(event=None), "malformed_proof"),
        (make_bundle(format="auditlog-bundle/v2"), "malformed_proof"),
        (make_bundle(proof=SAVED), "malformed_proof"),
        (make_bundle(proof=str(BUNDLE.proof).replace("\n", "\r\n")), "malformed_proof"),
        (make_bundle(proof=str(BUNDLE.proof) + "more\n"), "malformed_proof"),
        (
            make_bundle(proof=str(BUNDLE.proof).replace("index 300", "index 0300")),
            "malformed_proof",
        ),
        (make_bundle(proof=str(BUNDLE.proof).replace("index 300", "index 301")), "invalid_proof"),
        (make_bundle(proof=str(BUNDLE.proof).replace("index 300", "index 400")), "invalid_proof"),
        (make_bundle(id="0" * 26), "invalid_proof"),
        (make_bundle(event=RECORD.canonical.decode().replace("u-1", "u-2")), "invalid_proof"),
        (make_bundle_with_checkpoint(0), "invalid_proof"),
        (make_bundle_with_checkpoint(300), "invalid_proof"),
        (make_bundle_with_checkpoint(400), "invalid_proof"),
        (make_bundle_with_checkpoint(400, hashes=(b"short",)), "malformed_proof"),
    ],
    ids=range(22),
)
def test_an_invalid_bundle_has_an_error_code(text: str, code: str) -> None:
    result = verify("bundle", "-", "--key", KEY, given=text)
    assert result.exit_code == 1
    assert result.output.endswith(f" [{code}]\n")
    response = json.loads(verify("bundle", "-", "--key", KEY, "--json", given=text).stdout)
    assert (response["verified"], response["error"]["code"]) == (False, code)


@pytest.mark.parametrize(
    "key",
    [
        str(make_verifier_key(key=Ed25519PrivateKey.generate())),
        str(make_verifier_key("example.com/other")),
    ],
    ids=["another key", "another log"],
)
def test_a_wrong_key_verifies_nothing(key: str) -> None:
    result = verify("bundle", "-", "--key", key, given=TEXT)
    assert (result.exit_code, "[untrusted_note]" in result.output) == (1, True)


@pytest.mark.parametrize(
    "arguments",
    [
        ("bundle", "-"),
        ("consistency", "-", "--log", "."),
        ("log", "--log", "."),
        ("trail", "--stack", "none"),
        ("export", "."),
    ],
    ids=lambda arguments: arguments[0],
)
@pytest.mark.parametrize("key", ["nonsense", KEY[:-1], KEY.replace("log", "lob")], ids=range(3))
def test_an_invalid_key_is_wrong_usage_not_a_failed_verification(
    key: str, arguments: tuple[str, ...]
) -> None:
    result = verify(*arguments, "--key", key, given=TEXT)
    assert (result.exit_code, "Invalid value for --key" in result.output) == (2, True)


def test_missing_and_unreadable_files(folder: Path) -> None:
    assert verify("bundle", folder / "nothing", "--key", KEY).exit_code == 2
    assert verify("bundle", folder, "--key", KEY).exit_code == 2
    assert verify("bundle", "-", "--key", KEY, given=b"\xff\xfe").exit_code == 1


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(damaged(TEXT))
def test_a_damaged_bundle_verifies_only_as_itself(text: str) -> None:
    try:
        found = ProofBundle.from_json(text)
        Policy.from_key(make_verifier_key()).check(found.proof.note)
        found.proof.check(found.entry)
    except AuditLogError:
        return
    assert (found.canonical, found.proof.index) == (BUNDLE.canonical, POSITION)


@settings(max_examples=60)
@given(st.binary(max_size=300))
def test_any_bytes_end_with_an_exit_code(content: bytes) -> None:
    assert verify("bundle", "-", "--key", KEY, given=content).exit_code == 1


def test_the_log_grew_from_a_saved_checkpoint(folder: Path) -> None:
    result = verify("consistency", folder / "saved", "--log", folder / "log", "--key", KEY)
    assert result.exit_code == 0
    assert (
        "the log of 400 entries begins with the 200 entries of the saved checkpoint"
        in result.stdout
    )
    options = ("--log", folder / "log", "--key", KEY, "--json")
    assert json.loads(verify("consistency", folder / "saved", *options).stdout)["verified"] is True


@pytest.mark.parametrize(
    ("note", "problem"),
    [
        (str(sign_checkpoint(Checkpoint("example.com/log", 200, bytes(32)))), "invalid_proof"),
        (str(sign_checkpoint(Checkpoint("example.com/log", 401, bytes(32)))), "shrank from 401"),
        (
            str(sign_checkpoint(Checkpoint("example.com/log", 400, bytes(32)))),
            "two roots of one size",
        ),
        (str(Note(Note.from_text(SAVED).text, ())), "malformed_note"),
        ("garbage", "malformed_note"),
    ],
)
def test_a_contradicting_saved_checkpoint_is_reported(
    folder: Path, note: str, problem: str
) -> None:
    (folder / "saved").write_text(note, encoding="utf-8")
    result = verify("consistency", folder / "saved", "--log", folder / "log", "--key", KEY)
    assert (result.exit_code, problem in result.output) == (1, True), result.output


@contextmanager
def serve_folder(folder: Path) -> Iterator[str]:
    """Serve the folder over HTTP on the loopback address. Yield the URL of the log."""

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Log nothing."""

    with serve_http(partial(Handler, directory=str(folder))) as port:
        yield f"http://127.0.0.1:{port}/log"


def test_the_published_log_is_verified_from_a_folder_and_over_http(folder: Path) -> None:
    with serve_folder(folder) as address:
        for location in (folder / "log", address):
            result = verify("log", "--log", location, "--key", KEY)
            assert (result.exit_code, result.stdout) == (
                0,
                f"verified: 400 published entries\n{AS_OF}",
            )
        (folder / "log" / "tile" / "0" / "000").unlink()
        for location in (folder / "log", address):
            result = verify("log", "--log", location, "--key", KEY, "--grace", 0)
            assert result.exit_code == 1
            assert "tile: tile/0/000: the tile is missing" in result.stdout
            assert "not verified: 1 finding;" in result.stdout
    assert verify("log", "--log", address, "--key", KEY).exit_code == 3


def test_a_changed_tile_is_reported(folder: Path) -> None:
    tile = folder / "log" / "tile" / "0" / "000"
    tile.write_bytes(bytes(32) + tile.read_bytes()[32:])
    arguments = ("log", "--log", folder / "log", "--key", KEY, "--grace", 0)
    response = json.loads(verify(*arguments, "--json").stdout)
    [finding] = response["findings"]
    assert (finding["kind"], finding["position"]) == ("tile", 0)


def test_a_place_without_a_checkpoint_proves_nothing(folder: Path) -> None:
    (folder / "log" / "checkpoint").unlink()
    for arguments in (("log",), ("consistency", folder / "saved")):
        result = verify(*arguments, "--log", folder / "log", "--key", KEY)
        assert (result.exit_code, "error: there is no checkpoint" in result.stderr) == (
            4,
            True,
        )


@pytest.mark.parametrize(("hours", "is_silent"), [(1, False), (3, True)])
def test_a_log_that_fell_silent_is_warned_of(
    folder: Path, monkeypatch: pytest.MonkeyPatch, hours: int, is_silent: bool
) -> None:
    monkeypatch.setattr(commands, "now_ms", lambda: NOW_MS + hours * HOUR_MS)
    growth = verify("consistency", folder / "saved", "--log", folder / "log", "--key", KEY)
    for result in (growth, verify("log", "--log", folder / "log", "--key", KEY)):
        assert result.exit_code == 0
        assert result.stdout.endswith(AS_OF)
        assert ("warning: the log has been silent since 20" in result.stderr) == is_silent
    found = json.loads(verify("log", "--log", folder / "log", "--key", KEY, "--json").stdout)
    assert found["asOf"] == format_timestamp(NOW_MS)


def test_a_checkpoint_of_an_older_version_is_verified_and_says_no_time(folder: Path) -> None:
    path = folder / "log" / "checkpoint"
    note = Note.from_text(path.read_text(encoding="utf-8"))
    path.write_text(str(Note(note.text, note.signatures[:1])), encoding="utf-8")
    result = verify("log", "--log", folder / "log", "--key", KEY)
    assert (result.exit_code, result.stdout) == (0, "verified: 400 published entries\n")
    assert "warning: the checkpoint does not say when" in result.stderr


def test_a_bundle_says_as_of_when_and_its_age_is_no_silence() -> None:
    result = verify("bundle", "-", "--key", KEY, given=TEXT)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.endswith(AS_OF)
    found = json.loads(verify("bundle", "-", "--key", KEY, "--json", given=TEXT).stdout)
    assert found["asOf"] == format_timestamp(NOW_MS)


def test_log_locations_that_are_not_valid(folder: Path) -> None:
    for location in (folder / "nowhere", "ftp://example.com", "s3://"):
        result = verify("log", "--log", location, "--key", KEY)
        assert (result.exit_code, "Invalid value for --log" in result.output) == (2, True)


def test_control_characters_in_a_file_name_are_escaped(tmp_path: Path) -> None:
    path = tmp_path / "\x9b2J\udcff"
    path.write_bytes(b"\xff")
    result = verify("bundle", path, "--key", KEY, "--json")
    assert result.exit_code == 1
    assert result.stdout.isascii()
    assert "\x9b2J\udcff: must be UTF-8" in json.loads(result.stdout)["error"]["message"]
    result = verify("bundle", path, "--key", KEY)
    assert "\\x9b2J\\udcff: must be UTF-8" in result.stderr
