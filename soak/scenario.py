"""What happens to a system: producers, poison, readers, operators, delays."""

import random
import shutil
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from tempfile import mkdtemp

from local.runtime import FunctionError
from prooftrail.client import AuditLogger
from soak.checks import TENANT_IDS, Outcome, check_answers, format_finding
from soak.schedule import FaultSchedule
from soak.traffic import ID_PREFIX, POISON, TENANTS, Event, Sent, encode_job, make_event, split
from soak.world import World

REMEMBERED = 2_000  # events that can be sent again
HOUR_SECONDS = 3_600.0
FLUSH_SECONDS = 0.2  # of real time: the library's thread knows no other
SETTLE_SECONDS = 30.0


class Scenario:
    """Acts on a world, by chance that a seed decides. `outcome` grows on the way."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.rng = random.Random(seed)
        self.outcome = Outcome()
        self.schedule = FaultSchedule(random.Random(seed + 1), world.clock)
        world.network.choose = self.schedule.choose
        world.functions.begin = self.schedule.begin_invocation
        self.folder = Path(mkdtemp(prefix="prooftrail-soak-"))
        self.exports = 0
        self._logger: AuditLogger | None = None
        self.sent = 0
        self._remembered: deque[Event] = deque(maxlen=REMEMBERED)

    def close(self) -> None:
        """End the library, and delete the files of the run."""
        if self._logger is not None:
            self._logger.close(timeout=0)
        shutil.rmtree(self.folder, ignore_errors=True)

    # Producers

    def produce(self, count: int) -> None:
        """Send new events in messages of several sizes, or through the HTTP API."""
        events = [self._make() for _ in range(count)]
        if events and self.rng.random() < 0.1:
            tenant_id = events[0]["tenantId"]
            own = [event for event in events if event["tenantId"] == tenant_id]
            rest = [event for event in events if event["tenantId"] != tenant_id]
            self.world.submit(tenant_id, own)
            events = rest
        self.world.send([encode_job(*part) for part in split(self.rng, events)])

    def _make(self) -> Event:
        event = make_event(self.rng, self.sent, self.world.clock.now_ms())
        self.world.books.expect(self.sent, event)
        self.sent += 1
        self._remembered.append(event)
        return event

    def repeat(self, count: int) -> None:
        """Send events again that were sent before."""
        if self._remembered:
            events = [self.rng.choice(self._remembered) for _ in range(count)]
            self.world.send([encode_job(*part) for part in split(self.rng, events)])

    def log(self, count: int) -> None:
        """Log events with the library, which sends them in its own thread."""
        now_ms = self.world.clock.now_ms()
        for _ in range(count):
            number = self.sent
            self.sent += 1
            event_id = self.logger.log(
                action="code.verify",
                resource_type="code",
                resource_id=f"r-{number % 200}",
                event_id=f"{ID_PREFIX}{number}",
                details={"number": number},
            )
            sent = Sent(TENANTS[0], event_id, b"", "code.verify|code|1", now_ms)
            self.world.books.expect_sent(number, sent)
        self.logger.flush(FLUSH_SECONDS)

    @property
    def logger(self) -> AuditLogger:
        """The library of an application of the first tenant."""
        if self._logger is None:
            self._logger = AuditLogger(
                self.world.queue_url,
                tenant_id=TENANTS[0],
                spool_folder=self.folder / "spool",
                clock_ms=self.world.clock.now_ms,
            )
        return self._logger

    def poison(self, kinds: Sequence[str] = tuple(POISON)) -> None:
        """Send one message of one kind of poison."""
        kind = self.rng.choice(kinds)
        body = POISON[kind](self.rng)
        self.world.books.expect_poison(kind, body)
        self.world.send([body])

    # Time and faults

    def stall_queue(self) -> None:
        """Let messages wait for up to an hour before the processor gets them."""
        seconds = self.rng.random() * HOUR_SECONDS
        self.world.queue_stalls_until = self.world.clock.monotonic() + seconds

    def stall_stream(self) -> None:
        """Let the stream wait for up to an hour before the ledger gets it."""
        seconds = self.rng.random() * HOUR_SECONDS
        self.world.stream_stalls_until = self.world.clock.monotonic() + seconds

    def pass_night(self) -> None:
        """Let eight hours pass in which nobody sends."""
        for _ in range(8):
            self.world.tick(HOUR_SECONDS)

    def begin_outage(self) -> None:
        """Make one AWS service fail for up to an hour."""
        self.schedule.begin_outage(self.rng.choice((10.0, 300.0, HOUR_SECONDS)))

    def expire(self) -> None:
        """Let the retention end what is old enough."""
        self.world.expire()

    # Readers and operators

    def query(self) -> None:
        """Read a tenant's events with its token."""
        try:
            check_answers(self.world, self.outcome, self.rng.choice(TENANT_IDS), is_complete=False)
        except FunctionError:
            self.world.errors["query"] += 1

    def count(self) -> None:
        """Read a tenant's statistics with its token."""
        claims = {"custom:tenantId": self.rng.choice(TENANTS)}
        try:
            self.world.api.get("/audit-logs/stats", claims=claims)
        except FunctionError:
            self.world.errors["stats"] += 1

    def verify(self) -> None:
        """Verify the trail while everything goes on. Nobody has attacked it."""
        code, result = self.world.verify()
        if code == 1:
            findings = result.get("findings") or [{"kind": "exit code 1", "detail": result}]
            self.outcome.false_alarms += [
                f"verify meanwhile: {format_finding(each)}" for each in findings
            ]

    def export(self) -> None:
        """Continue an export, and verify what it holds so far."""
        target = self.folder / f"export-{self.exports // 4}"
        self.exports += 1
        code, _ = self.world.command("export", target, "--json")
        if code == 0 and any(target.iterdir()):
            key = self.world.verifier_key
            code, output = self.world.command("verify", "export", target, "--key", key)
            if code == 1:
                self.outcome.false_alarms.append(f"verify export: {' '.join(output.split())[:600]}")

    def clean_up(self) -> None:
        """Remove a tenant's events that are older than a day."""
        tenant_id = self.rng.choice(TENANTS)
        self.world.command("cleanup", "--before", "1d", "--tenant", tenant_id, "--yes")

    def redrive(self) -> None:
        """Send dead letters again, as an operator does who has mended nothing."""
        self.world.command("dead-letters", "redrive", "--all", "--limit", 20)

    def reconcile(self) -> None:
        """Repair what the ledger lacks, as an operator does."""
        self.world.command("reconcile", "--apply", "--json")

    # The end

    def settle(self) -> None:
        """End all faults, and let everything that waits be done, as operators would."""
        self.schedule.is_on = False
        self.schedule.outages.clear()
        if self._logger is not None and not self._logger.flush(SETTLE_SECONDS):
            self.outcome.lost.append("the library cannot send its events")
        self.world.queue_stalls_until = self.world.stream_stalls_until = 0.0
        if not self.world.settle():
            self.outcome.lost.append("the queue or the stream does not become empty")
        self.world.command("dead-letters", "redrive", "--all", "--limit", 10_000)
        if not self.world.settle():
            self.outcome.lost.append("the queue does not become empty after a redrive")
