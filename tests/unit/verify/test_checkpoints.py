"""The ledger's checkpoint and the published one: which differences are evidence."""

from contextlib import suppress

import pytest

from prooftrail.tlog.checkpoint import Checkpoint
from prooftrail.tlog.policy import Policy
from prooftrail.tlog.tiles import Tile
from prooftrail.verify.checkpoints import CheckpointCheck
from prooftrail.verify.result import TrailResult
from tests.support.log_fakes import Crash, FakeWitnesses, make_logged_events
from tests.support.log_samples import LOG_KEY, make_verifier_key, sign_checkpoint
from tests.unit.ledger.test_publish import ORIGIN, WITNESS_KEY, Parts, cosign

BEFORE, AFTER = 30, 31
LOG_VERIFIER_KEY = make_verifier_key(ORIGIN, LOG_KEY)
QUORUM = Policy([LOG_VERIFIER_KEY], {"w": WITNESS_KEY}, {}, "w")
POLICIES = (Policy.from_key(LOG_VERIFIER_KEY), QUORUM)


def interrupt_publication() -> Parts:
    """Return a log whose last run died between the ledger's checkpoint and the published one."""
    for writes in range(1, 20):
        parts = Parts(witnesses=FakeWitnesses([WITNESS_KEY], cosign))
        parts.run(BEFORE)
        parts.log.append(make_logged_events(AFTER - BEFORE, first=BEFORE))
        parts.writes.crash_after = parts.writes.count + writes
        with suppress(Crash):
            parts.publisher.run()
        published = int(parts.published_log.checkpoints[-1].splitlines()[1])
        if (parts.log.published[-1].size, published) == (AFTER, BEFORE):
            return parts
    raise AssertionError("no write is between the two checkpoints")


def interrupt_cosigning() -> Parts:
    """Return a log whose last run died before it published the cosignature that the ledger has."""
    parts = Parts(witnesses=FakeWitnesses([WITNESS_KEY], cosign))
    parts.run(AFTER)
    plain, _ = parts.published_log.checkpoints
    parts.published_log.checkpoints[:] = [plain]
    return parts


def check(parts: Parts, policy: Policy = POLICIES[0]) -> tuple[Checkpoint | None, TrailResult]:
    """Return the trusted checkpoint, and what the check has found."""
    result = TrailResult()
    published, log = parts.published_log, parts.log
    return CheckpointCheck(published, log, policy, result, lambda _: None).find_trusted(), result


@pytest.mark.parametrize("policy", POLICIES, ids=["key", "quorum"])
def test_a_publication_that_did_not_end_is_no_evidence(policy: Policy) -> None:
    parts = interrupt_publication()
    trusted, result = check(parts, policy)
    assert trusted
    assert trusted.size == (BEFORE if policy is QUORUM else AFTER)  # no witness has cosigned 31
    assert not result.findings
    assert result.publication_lags
    [unproved] = result.unproved
    assert f"{BEFORE} and {AFTER} entries" in unproved.detail
    assert parts.publisher.run().earlier == BEFORE
    trusted, result = check(parts, policy)
    assert trusted
    assert (trusted.size, result) == (AFTER, TrailResult())


@pytest.mark.parametrize("policy", POLICIES, ids=["key", "quorum"])
def test_a_cosignature_that_is_not_published_yet_is_no_evidence(policy: Policy) -> None:
    parts = interrupt_cosigning()
    trusted, result = check(parts, policy)
    assert trusted
    assert trusted.size == AFTER
    assert not result.findings
    assert result.publication_lags is (policy is QUORUM)
    parts.publisher.run()
    assert check(parts, policy)[1] == TrailResult()


@pytest.mark.parametrize(
    ("size", "root", "reason"),
    [(BEFORE, bytes(32), "consistency"), (AFTER, bytes(32), "root"), (AFTER + 1, None, "shrank")],
    ids=["another beginning", "another root", "later than the ledger's"],
)
def test_a_published_checkpoint_of_another_log_is_evidence(
    size: int, root: bytes | None, reason: str
) -> None:
    parts = Parts()
    parts.run(BEFORE, AFTER - BEFORE)
    right = parts.log.published[-1].edge.compute_root()
    forged = sign_checkpoint(Checkpoint(ORIGIN, size, root or right))
    parts.published_log.checkpoints.append(str(forged))
    _, result = check(parts)
    [finding] = result.findings
    assert "the published checkpoint and the ledger's differ" in finding.detail
    assert reason in finding.detail
    assert not result.unproved


def test_another_size_under_the_same_root_is_evidence() -> None:
    parts = Parts()
    parts.run(AFTER)
    root = parts.log.published[-1].edge.compute_root()
    parts.published_log.checkpoints.append(str(sign_checkpoint(Checkpoint(ORIGIN, BEFORE, root))))
    assert len(check(parts)[1].findings) == 1


def test_a_missing_tile_is_named() -> None:
    parts = interrupt_publication()
    del parts.published_log.tiles[Tile(0, 0, AFTER)]
    _, result = check(parts)
    [finding] = result.findings
    assert "tile/0/000.p/31" in finding.detail


def test_too_few_cosignatures_of_what_is_published_are_a_finding() -> None:
    parts = Parts()
    parts.run(AFTER)
    _, result = check(parts, QUORUM)
    assert {finding.detail for finding in result.findings} == {
        "too few witnesses have cosigned for the quorum w"
    }
