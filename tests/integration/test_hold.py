"""`prooftrail hold` on a deployed trail: what is held, what the ledger and a verification say."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import cycle, zip_longest
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result

from prooftrail.aws.clients import client
from prooftrail.aws.doctor import Doctor
from prooftrail.aws.event_writer import DynamoEventWriter
from prooftrail.aws.holds import DynamoHoldableEvents
from prooftrail.aws.ledger import DynamoLedger
from prooftrail.aws.payloads import S3PayloadStore
from prooftrail.aws.references import is_reference
from prooftrail.cli import cleanup as cleanup_command
from prooftrail.cli import erase as erase_command
from prooftrail.cli.hold import keeper as keeper_module
from prooftrail.cli.main import main
from prooftrail.errors import AuditLogError
from prooftrail.event.hold import HoldScope
from prooftrail.event.times import format_timestamp, now_ms
from prooftrail.operate.health import CheckStatus
from prooftrail.operate.hold import HoldKeeper
from prooftrail.operate.holds import ActiveHolds
from prooftrail.operate.unapplied_holds import HoldSurvey, survey_holds
from prooftrail.progress import NoProgress
from prooftrail.runtime.config import get_settings
from tests.integration.test_cleanup import (
    BEFORE,
    EVENTS,
    Trail,
)
from tests.support.clock import clock_ahead
from tests.support.faults import Crash, Fault, Select, at_calls, inject_fault
from tests.support.samples import make_order_record
from tests.support.small_items import TOO_LARGE_FOR_AN_ITEM, lower_item_limit
from tests.support.stack import deployed
from tests.support.trail import read_events, read_items

DAYS = 30
PAYLOADS = "OverflowBucket"
TEAM = [{"type": "team", "id": "7"}, {"type": "team", "id": "8"}]
LARGE = {"text": TOO_LARGE_FOR_AN_ITEM}


class HoldTrail(Trail):
    """A trail whose events expire."""

    def hold(self, *options: str, exit_code: int = 0, answer: str | None = None) -> Result:
        """Run `prooftrail hold` as an operator does."""
        name, *others = options
        arguments = ["hold", name, "--stack", self.name, "--tenant", "acme", *others]
        result = CliRunner().invoke(main, arguments, input=answer)
        assert result.exit_code == exit_code, result.output
        self.commit()
        return result

    def set_hold(self, *options: str) -> str:
        """Set a hold and return its id."""
        done = self.hold("set", *options, "--reason", "case 4711", "--yes", "--json")
        hold_id = json.loads(done.stdout)["hold"]
        assert isinstance(hold_id, str)
        return hold_id

    @property
    def held(self) -> set[str]:
        """The ids of the events whose expiry is lifted."""
        return {item["id"]["S"] for item in self.items() if "heldExpiresAt" in item}

    @property
    def expiring(self) -> set[str]:
        """The ids of the events that have an expiry."""
        return set(self.expiries())

    def expiries(self) -> Mapping[str, object]:
        """Return the expiry of each event that has one, by id."""
        return {item["id"]["S"]: item["expiresAt"] for item in self.items() if "expiresAt" in item}

    def items(self, *, of_references: bool = False) -> list[Mapping[str, Any]]:
        """Return the items of events, or those of references."""
        found = read_items(self.stack, EVENTS)
        return [item for item in found if is_reference(item) is of_references]

    def payloads(self) -> list[str]:
        """Return the folders of the stored payloads."""
        found = client("s3").list_objects_v2(Bucket=self.stack.resources[PAYLOADS])
        return sorted(each["Key"].rpartition("/")[0] for each in found.get("Contents", []))

    def check(self, **counts: int) -> None:
        """Check that there is no alarm, and what a verification counts."""
        self.publish()
        code, verdict = self.verify()
        assert (code, verdict["findings"]) == (0, [])
        assert {name: verdict[name] for name in counts} == counts
        assert self.tampering == []


@pytest.fixture
def trail(monkeypatch: pytest.MonkeyPatch) -> Iterator[HoldTrail]:
    """A trail whose events expire after 30 days, and whose ledger commits while a command waits."""
    lower_item_limit(monkeypatch)
    monkeypatch.setattr("prooftrail.aws.dead_letters.WAIT_SECONDS", 0)
    with deployed({"RetentionDays": str(DAYS)}) as stack:
        client("s3").put_bucket_versioning(
            Bucket=stack.resources[PAYLOADS], VersioningConfiguration={"Status": "Enabled"}
        )
        trail = HoldTrail(stack)
        for module in (cleanup_command, erase_command, keeper_module):
            monkeypatch.setattr(module, "time", SimpleNamespace(sleep=trail.wait))
        yield trail


def grow_of_ada(trail: HoldTrail) -> list[str]:
    """Store events of one user of every kind; the last one is large."""
    own = trail.grow(2, userId="ada")
    behalf = trail.grow(1, userId="bob", onBehalfOf={"userId": "ada"}, targets=TEAM)
    return own + behalf + trail.grow(1, userId="ada", details=LARGE, targets=TEAM)


def test_a_hold_lifts_expiries_and_its_release_gives_them_back(trail: HoldTrail) -> None:
    of_ada, others = grow_of_ada(trail), trail.grow(2, userId="bob")
    before = trail.expiries()
    assert trail.payloads() == ["overflow/30"]

    hold_id = trail.set_hold("--user", "ada")
    assert trail.held == set(of_ada)
    assert trail.expiring == set(others)
    references = trail.items(of_references=True)
    assert len(references) == 5
    assert all("heldExpiresAt" in item and "expiresAt" not in item for item in references)
    assert trail.payloads() == ["overflow/30", "overflow/held/30"]
    trail.check(held=4, redelivered=0, removed=0)

    [shown] = json.loads(trail.hold("list", "--json").stdout)["holds"]
    assert (shown["hold"], shown["scope"]) == (hold_id, {"userId": "ada"})
    assert (shown["by"], shown["reason"]) == (
        "arn:aws:sts::123456789012:user/moto",
        "case 4711",
    )
    assert hold_id in trail.hold("list").stdout

    text = trail.hold("release", hold_id, "--reason", "closed", "--yes").stdout
    assert text == f"hold {hold_id} is released; 4 events got the expiry back\n"
    assert trail.expiries() == before
    assert all("expiresAt" in item for item in trail.items(of_references=True))
    assert trail.payloads() == ["overflow/30"]
    trail.check(held=0, redelivered=0)
    assert trail.hold("list").stdout == "acme has no legal hold\n"
    actions = [event["action"] for event in read_events(trail.stack).values()]
    assert sorted(a for a in actions if a.startswith("audit.hold.")) == [
        "audit.hold.lift",
        "audit.hold.release",
        "audit.hold.return",
        "audit.hold.set",
    ]


def test_events_that_come_later_or_again_are_lifted_by_the_next_apply(trail: HoldTrail) -> None:
    trail.stored += 1
    again = trail.event(0, userId="ada", details=LARGE, targets=TEAM)
    trail.store(again)
    trail.commit()
    hold_id = trail.set_hold("--resource", "team", "7")
    [first] = trail.held
    trail.store(again)
    [late] = trail.grow(1, userId="bob", targets=TEAM[:1])
    assert trail.held == set()
    assert trail.expiring == {first, late}
    trail.check(held=0)

    assert "the expiry of 2 events was lifted" in trail.hold("apply").stdout
    assert trail.held == {first, late}
    assert "the expiry of 0 events was lifted" in trail.hold("apply").stdout
    trail.check(held=2)

    trail.store(again)  # its payload is at both places now
    trail.commit()
    trail.hold("release", hold_id, "--reason", "closed", "--yes")
    assert trail.payloads() == ["overflow/30"]
    assert trail.expiring == {first, late}
    trail.check(held=0)


def test_the_doctor_warns_of_a_hold_that_is_not_applied(trail: HoldTrail) -> None:
    conf = get_settings()

    def look(days: float) -> HoldSurvey:
        now = time.time() + days * 86_400
        events = DynamoHoldableEvents(
            *(client("dynamodb"), conf.events_table, conf.shard_count),
            *(lambda: client("s3"), conf.overflow_bucket),
            now=lambda: now,
        )
        ledger = DynamoLedger(client("dynamodb"), conf.ledger_table)
        return survey_holds(ledger, events, ["acme", "other"], int(now * 1000))

    trail.grow(2, userId="ada")
    trail.grow(1, userId="bob")
    assert look(20) == HoldSurvey(0, [])
    hold_id = trail.set_hold("--user", "ada")
    assert look(20) == HoldSurvey(1, [])

    trail.grow(1, userId="cid", onBehalfOf={"userId": "ada"})
    assert look(7) == HoldSurvey(1, [])
    assert look(9) == HoldSurvey(1, ["acme"])
    assert look(DAYS + 1) == HoldSurvey(1, []), "it has expired"
    trail.publish()  # the checkpoint lists the tenants
    doctor = Doctor(client, trail.name, now=lambda: time.time() + 9 * 86_400)  # type: ignore[arg-type]  # any service
    [check] = [each for each in doctor.run_checks() if each.name == "legal holds"]
    assert check.status is CheckStatus.WARN
    assert check.finding == "1 active; events of tenant acme under a hold will expire"
    assert "`prooftrail hold apply`" in check.advice
    trail.hold("apply")
    assert look(9) == HoldSurvey(1, [])
    trail.hold("release", hold_id, "--reason", "closed", "--yes")
    assert look(9) == HoldSurvey(0, [])


def test_a_clean_up_leaves_out_what_is_held(trail: HoldTrail) -> None:
    of_ada, others = grow_of_ada(trail), trail.grow(3, userId="bob")
    user, team = trail.set_hold("--user", "ada"), trail.set_hold("--resource", "team", "8")
    output = trail.clean()
    assert (output["found"], output["removed"]) == (3, 3)
    assert output["held"] == {user: 4}
    stored = read_events(trail.stack)
    assert set(of_ada) <= set(stored)
    assert not set(others) & set(stored)
    trail.check(held=4, removed=3)

    trail.hold("release", user, "--reason", "closed", "--yes")
    assert len(trail.held) == 2  # those with the team among their targets
    output = trail.clean()
    assert (output["removed"], output["held"]) == (2, {team: 2})
    trail.check(held=2, removed=5)
    trail.hold("release", team, "--reason", "closed", "--yes")
    assert trail.clean()["removed"] == 2
    assert not any(is_reference(item) for item in read_items(trail.stack, EVENTS))
    assert trail.payloads() == []
    trail.check(held=0, removed=7)


def test_a_hold_of_the_tenant_stops_every_removal(trail: HoldTrail) -> None:
    old = trail.grow(3)
    hold_id = trail.set_hold("--whole-tenant")
    output = trail.clean()
    assert (output["found"], output["held"]) == (0, {hold_id: 3})
    assert set(old) <= set(read_events(trail.stack))


def test_a_hold_that_is_set_during_a_clean_up_stops_it(
    trail: HoldTrail, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clean-up has chosen its events before, and looks again when its order is committed."""
    old = trail.grow(3, userId="ada")
    wait, is_set = trail.wait, False

    def hold_once(seconds: float) -> None:
        nonlocal is_set
        if not is_set:
            is_set = True
            trail.set_hold("--user", "ada")
        wait(seconds)

    monkeypatch.setattr(cleanup_command, "time", SimpleNamespace(sleep=hold_once))
    result = trail.run("--before", BEFORE, "--yes")
    assert result.exit_code == 1
    assert "refused for the legal hold" in result.stderr
    assert set(old) <= set(read_events(trail.stack))
    trail.commit()
    trail.check(held=3, removed=0)


def test_an_erasure_of_somebody_who_is_held_is_refused(trail: HoldTrail) -> None:
    of_ada = [
        *trail.grow(1, userId="ada", details=LARGE, targets=TEAM),
        *trail.grow(1, userId="ada"),
    ]
    before = len(read_events(trail.stack))

    def erase(user: str) -> Result:
        options = ["--stack", trail.name, "--tenant", "acme", "--user", user, "--reason", "x"]
        return CliRunner().invoke(main, ["erase", *options, "--yes", "--json"])

    for options in (("--user", "ada"), ("--resource", "team", "7"), ("--whole-tenant",)):
        hold_id = trail.set_hold(*options)
        result = erase("ada")
        assert result.exit_code == 1
        assert json.loads(result.stdout)["error"]["code"] == "held"
        assert trail.orders == []
        trail.hold("release", hold_id, "--reason", "closed", "--yes")
    assert set(of_ada) <= set(read_events(trail.stack))
    trail.set_hold("--user", "bob")
    assert json.loads(erase("ada").stdout)["removed"] == len(of_ada) == before
    trail.commit()
    assert trail.payloads() == []
    trail.check(removed=2)


def change(trail: HoldTrail, event_id: str, update: str) -> None:
    """Change an event's item as an attacker."""
    [item] = [item for item in trail.items() if item["id"]["S"] == event_id]
    client("dynamodb").update_item(
        TableName=trail.stack.resources[EVENTS],
        Key={name: item[name] for name in ("pk", "id")},
        UpdateExpression=update,
    )
    trail.commit()


def test_without_an_order_lifting_and_giving_back_are_tampering(trail: HoldTrail) -> None:
    [held], [free] = trail.grow(1, userId="ada"), trail.grow(1, userId="bob")
    trail.set_hold("--user", "ada")
    change(trail, free, "SET heldExpiresAt = expiresAt REMOVE expiresAt")
    change(trail, held, "SET expiresAt = heldExpiresAt REMOVE heldExpiresAt")
    change(trail, held, "SET heldExpiresAt = expiresAt")
    without = "without a hold order"
    assert trail.tampering == [
        (free, f"the expiry of a stored event was lifted {without}"),
        (held, f"the expiry of a stored event was given back {without}"),
        (held, "a stored event was changed"),
    ]
    trail.publish()
    code, verdict = trail.verify()
    assert code == 1
    assert {(each["kind"], each["eventId"]) for each in verdict["findings"]} == {
        ("altered", free),
        ("altered", held),
    }


def test_a_held_event_that_is_gone_is_a_finding_even_after_its_expiry(trail: HoldTrail) -> None:
    """Whoever gives it an expiry, as a second delivery would, cannot let it end unnoticed."""
    [held] = trail.grow(1, userId="ada")
    trail.set_hold("--user", "ada")
    trail.remove(held)
    trail.commit()
    assert trail.tampering == [(held, "a stored event was removed")]
    trail.publish()
    with clock_ahead(24 * (DAYS + 1)):
        code, verdict = trail.verify()
    assert code == 1
    [finding] = [each for each in verdict["findings"] if each["eventId"] == held]
    assert finding["detail"] == "the event is gone, though a hold had lifted its expiry"


def test_an_order_under_a_hold_explains_no_removal(trail: HoldTrail) -> None:
    [held] = trail.grow(1, userId="ada")
    trail.set_hold("--user", "ada")
    order = make_order_record(held, tenant_id="acme", timestamp=format_timestamp(now_ms()))
    conf = get_settings()
    payloads = S3PayloadStore(lambda: client("s3"), conf.overflow_bucket)
    writer = DynamoEventWriter(client("dynamodb"), conf.events_table, conf.shard_count, payloads)
    assert not writer.put([order._replace(received_at=now_ms())])
    trail.commit()
    trail.remove(held)
    trail.commit()
    trail.publish()
    assert trail.tampering == []  # the order allows it, and stays in the log
    code, verdict = trail.verify()
    assert (code, verdict["removed"]) == (1, 0)
    assert [each["eventId"] for each in verdict["findings"]] == [held]


def test_a_removed_hold_is_reported_and_found(trail: HoldTrail) -> None:
    trail.grow(1, userId="ada")
    trail.set_hold("--user", "ada")
    [order] = [
        event_id
        for event_id, event in read_events(trail.stack).items()
        if event["action"] == "audit.hold.set"
    ]
    trail.remove(order)
    trail.commit()
    assert trail.tampering == [(order, "a hold order was removed")]
    trail.publish()
    code, verdict = trail.verify()
    assert code == 1
    assert {(each["kind"], each["eventId"]) for each in verdict["findings"]} == {
        ("missing", order),
        ("ledger", order),
    }


def test_a_damaged_hold_in_the_ledger_stops_every_removal(trail: HoldTrail) -> None:
    old = trail.grow(1, userId="ada")
    trail.set_hold("--user", "ada")
    [item] = [
        item
        for item in read_items(trail.stack, "AuditLedgerTable")
        if item["pk"]["S"] == "holds#acme"
    ]
    table = trail.stack.resources["AuditLedgerTable"]
    client("dynamodb").put_item(TableName=table, Item={**item, "scope": {"S": "?"}})
    result = trail.run("--before", BEFORE, "--yes")
    assert result.exit_code == 1
    assert set(old) <= set(read_events(trail.stack))
    trail.publish()
    _, verdict = trail.verify()
    assert {each["kind"] for each in verdict["findings"]} == {"ledger"}
    key = {name: item[name] for name in ("pk", "sk")}
    client("dynamodb").delete_item(TableName=table, Key=key)
    repaired = CliRunner().invoke(main, ["reconcile", "--stack", trail.name, "--apply"])
    assert f"the ledger lacks the hold order {item['sk']['S']}" in repaired.stdout
    assert trail.verify()[0] == 0
    assert item in read_items(trail.stack, "AuditLedgerTable")


def keep(trail: HoldTrail) -> HoldKeeper:
    """The keeper of holds, with the cached clients of this process."""
    conf, dynamodb = get_settings(), client("dynamodb")
    payloads = S3PayloadStore(lambda: client("s3"), conf.overflow_bucket)
    return HoldKeeper(
        "acme",
        DynamoHoldableEvents(
            dynamodb,
            conf.events_table,
            conf.shard_count,
            lambda: client("s3"),
            conf.overflow_bucket,
            sleep=lambda _: None,
        ),
        DynamoEventWriter(dynamodb, conf.events_table, conf.shard_count, payloads),
        DynamoLedger(dynamodb, conf.ledger_table),
        "operator",
        now_ms=now_ms,
        sleep=trail.wait,
        timeout_seconds=5,
        progress=NoProgress(),
    )


def _lift(trail: HoldTrail) -> None:
    keeper = keep(trail)
    for hold in ActiveHolds.read(keeper.store, "acme").by_id.values():
        keeper.apply(hold)


def _release(trail: HoldTrail, hold_id: str) -> None:
    keeper = keep(trail)
    hold, is_active = keeper.find(hold_id)
    if is_active:
        keeper.release(hold, "closed")
    keeper.give_back(hold)


@at_calls
def test_whichever_call_fails_a_second_run_finishes(trail: HoldTrail, select: Select) -> None:
    [event] = trail.grow(1, userId="ada", details=LARGE, targets=TEAM[:1])

    def lift_and_return(
        hold_id: str, fault: Fault, nth_lifting: int | None, nth_returning: int | None
    ) -> tuple[Sequence[str], Sequence[str]]:
        keeper = keep(trail)
        with inject_fault(nth_lifting, fault) as lifting, suppress(Crash, AuditLogError):
            keeper.apply(keeper.set(hold_id, HoldScope("ada"), "case"))
        trail.commit()
        _lift(trail)
        trail.commit()
        if ActiveHolds.read(keeper.store, "acme").by_id:
            assert trail.held == {event}
        with inject_fault(nth_returning, fault) as returning, suppress(Crash, AuditLogError):
            _release(trail, hold_id)
        with suppress(AuditLogError):  # the hold was not set
            _release(trail, hold_id)
        trail.commit()
        assert trail.held == set()
        assert trail.payloads() == ["overflow/30"]
        return lifting, returning

    lifting, returning = lift_and_return("h", Fault.REFUSED, None, None)
    assert {"UpdateItem", "PutObject", "BatchGetItem", "Query"} <= set(lifting)
    assert {"UpdateItem", "DeleteObjects"} <= set(returning)
    faults = cycle((Fault.REFUSED, Fault.RESPONSE_LOST, Fault.CRASH_AFTER))
    for nths, fault in zip(zip_longest(select(lifting), select(returning)), faults, strict=False):
        lift_and_return(f"h-{nths}", fault, *nths)
    trail.check(held=0, redelivered=0)
