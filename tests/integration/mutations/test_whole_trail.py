"""A trail that nobody changed is verified; another key, a rollback and growth meanwhile."""

from collections.abc import Iterator, Mapping

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from prooftrail.event.times import HOUR_MS
from prooftrail.tlog.note import Note
from prooftrail.verify.findings import LEDGER as LEDGER_PLACE
from prooftrail.verify.findings import PUBLISHED, SAVED, FindingKind
from prooftrail.verify.ports import LedgerItem, TableItem
from prooftrail.verify.result import Outcome
from tests.support.log_samples import make_verifier_key
from tests.support.mutated_trail import (
    CLOCK_MS,
    COMMITS,
    END,
    ENDING,
    EVENTS,
    HEAD_SIZE,
    LEDGER,
    LOG_BUCKET,
    PENDING,
    SIZE,
    ExpectedFinding,
    State,
    Trail,
    build_trail,
)


def test_an_untouched_trail_is_verified_and_left_untouched(trail: Trail) -> None:
    before = trail.state()
    verdict = trail.verify(reader=trail.reader())
    assert (verdict.outcome, verdict.findings, verdict.unproved) == (Outcome.VERIFIED, [], [])
    assert (verdict.entries, verdict.unpublished) == (SIZE, HEAD_SIZE - SIZE)
    assert (verdict.stored, verdict.pending, verdict.expired) == (HEAD_SIZE + PENDING, PENDING, 0)
    assert trail.state() == before


def test_another_key_verifies_nothing(trail: Trail) -> None:
    key = make_verifier_key(trail.origin, Ed25519PrivateKey.generate())
    verdict = trail.verify(key=key)
    assert verdict.checkpoint is None
    assert not verdict.is_verified
    kinds = {(one.kind, one.place) for one in verdict.findings}
    assert {(FindingKind.CHECKPOINT, PUBLISHED), (FindingKind.CHECKPOINT, LEDGER_PLACE)} <= kinds


def test_a_rollback_of_everything_is_seen_with_a_saved_checkpoint(
    whole: tuple[Trail, State], trail: Trail
) -> None:
    """Without one nothing in the account tells: see docs/threat-model.md."""
    _, earlier = whole
    saved = Note.from_text(trail.read(LOG_BUCKET, "checkpoint").decode())
    trail.restore(earlier)
    assert trail.verify(reader=trail.reader()).is_verified
    verdict = trail.verify(saved=saved, reader=trail.reader())
    assert [ExpectedFinding.from_finding(one) for one in verdict.findings] == [
        ExpectedFinding(FindingKind.CHECKPOINT, SAVED)
    ]
    assert "shrank from 310" in verdict.findings[0].detail


def test_what_ended_by_its_retention_is_no_loss(trail: Trail) -> None:
    for position in (ENDING, ENDING + 1):
        trail.remove(EVENTS, trail.event(position))
    verdict = trail.verify(now_ms=1000 * END + HOUR_MS)
    added = [one for one in verdict.findings if one.kind is not FindingKind.ADDED]
    assert (verdict.expired, added) == (2, [])
    early = trail.verify(now_ms=1000 * END - 1)
    assert [one.event_id for one in early.findings if one.kind is FindingKind.MISSING] == [
        trail.ids[ENDING],
        trail.ids[ENDING + 1],
    ]


@pytest.mark.parametrize("tenants", [None, {"B": b"other\n\n"}, {"S": "text"}], ids=str)
def test_whose_events_are_is_a_hint_and_no_claim(
    trail: Trail, tenants: Mapping[str, object] | None
) -> None:
    """`prooftrail export` misses what it cannot find by it; nothing else reads it."""
    trail.put(LEDGER, trail.ledger_items("log#")[1], tenants=tenants)
    verdict = trail.verify()
    assert verdict.is_verified, verdict.findings


def test_what_is_committed_meanwhile_is_no_finding(credentials: None) -> None:
    with build_trail(COMMITS[:2]) as (made, _):

        def grow() -> None:
            made.store(3, sent_at=CLOCK_MS)
            made.commit(3)
            made.publish()

        class Growing:
            """Commits and publishes more between the reading of the two tables."""

            def read_ledger(self) -> Iterator[LedgerItem]:
                yield from made.reader().read_ledger()
                grow()

            def read_events(self) -> Iterator[TableItem]:
                return made.reader().read_events()

        class GrowingBehind(Growing):
            """Stores and commits more where reading has passed already."""

            def read_ledger(self) -> Iterator[LedgerItem]:
                return made.reader().read_ledger()

            def read_events(self) -> Iterator[TableItem]:
                yield from list(made.reader().read_events())
                grow()
                made.commit(PENDING)

        verdict = made.verify(reader=Growing())
        assert verdict.is_verified, verdict.findings
        assert (verdict.entries, verdict.pending) == (120, PENDING)
        verdict = made.verify(reader=GrowingBehind())
        assert verdict.is_verified, verdict.findings
        verdict = made.verify(reader=made.reader(), before_checkpoint=grow)
        assert verdict.is_verified, verdict.findings
        assert (verdict.entries, verdict.pending) == (132, 0)
