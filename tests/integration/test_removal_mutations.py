"""Removals that orders cover are no findings; whatever is done to the orders is named."""

from collections import Counter
from collections.abc import Iterator

import pytest

from prooftrail.verify.ports import EventItem, LedgerItem
from tests.support.mutated_trail import Found, Trail
from tests.support.removal_mutations import KEPT, REMOVAL_MUTATIONS, REMOVED, STORED, clean, cleaned
from tests.support.samples import order_of


@pytest.fixture(scope="module")
def whole() -> Iterator[Trail]:
    """A trail after two clean-ups."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        patch.setenv("AWS_ACCOUNT_ID_ENDPOINT_MODE", "disabled")
        with cleaned() as made:
            yield made


@pytest.fixture
def trail(whole: Trail) -> Iterator[Trail]:
    """The trail, whatever the test before did to it."""
    yield whole
    whole.put_back()


def test_a_cleaned_trail_is_verified(trail: Trail) -> None:
    verdict = trail.verify(reader=trail.reader())
    assert verdict.is_verified, verdict.findings
    assert (verdict.removed, verdict.stored) == (REMOVED, STORED - REMOVED + 3)
    assert (verdict.expired, verdict.pending) == (0, 0)
    assert (verdict.entries, verdict.unpublished) == (STORED + 1, 2)
    assert verdict.to_json()["removed"] == REMOVED


@pytest.mark.parametrize("name", REMOVAL_MUTATIONS)
def test_a_change_is_named(trail: Trail, name: str) -> None:
    expected = Counter(REMOVAL_MUTATIONS[name](trail))
    verdict = trail.verify()
    assert Counter(map(Found.of, verdict.findings)) == expected, verdict.findings
    trail.put_back()
    assert trail.verify().is_verified


def test_a_clean_up_that_goes_on_meanwhile_is_no_finding() -> None:
    with cleaned() as made:
        before = list(made.reader().read_events())
        late = order_of(made.ids[KEPT], tenant_id="acme", event_id="late")

        class Passing:
            """Reads an order's place before it is put, and an event's when it is gone."""

            is_first = True

            def read_ledger(self) -> Iterator[LedgerItem]:
                return made.reader().read_ledger()

            def read_events(self) -> Iterator[EventItem]:
                if not self.is_first:
                    return made.reader().read_events()
                self.is_first = False
                clean(made, late, [KEPT])
                return iter([one for one in before if one.id != made.ids[KEPT]])

        verdict = made.verify(reader=Passing())
        assert verdict.is_verified, verdict.findings
        assert verdict.removed == REMOVED + 1
