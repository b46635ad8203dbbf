"""`python -m local demo`: run the whole system once, and check every number that it returns.

The expected numbers are computed from what was sent (`local.traffic`), never from the system.
"""

import argparse
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from botocore.session import Session

from local.api import CALLER
from local.report import DemoReport, draw_bar
from local.system import STACK_NAME, NotSettledError, System, run_system
from local.traffic import (
    SAMPLES,
    TENANT,
    Event,
    Traffic,
    count_actions,
    generate_traffic,
    read_sample_bodies,
)
from prooftrail.client import AuditLogger, audit_context, audited, install

if TYPE_CHECKING:
    from types_boto3_sqs.type_defs import MessageTypeDef

SETTLE_SECONDS = 60
MAX_SEND_BYTES = 1024 * 1024
SEND_SIZE = 10
LOGGED_COUNT = 2
SUBMITTED_COUNT = 1
PAGE_SIZE = 100
REDELIVERED_COUNT = 40
CALL_ATTEMPTS = 3  # of prooftrail.aws.clients, before it reports a throttled table
HTTP_TIMEOUT_SECONDS = 30


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `demo`."""
    parser.add_argument("--events", type=int, default=400, help="generated events (400)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the generated events (1)")


def run(arguments: argparse.Namespace) -> int:
    """Run the demo. Return 0 if every check holds, else 1."""
    report = DemoReport()
    errors: list[str] = []
    alarms: list[Mapping[str, Any]] = []
    started = time.monotonic()
    until = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    traffic = generate_traffic(arguments.seed, arguments.events, until)

    def record_log(function: str, record: Mapping[str, Any]) -> None:
        if "exception" in record:
            errors.append(f"{function} raised {str(record['exception']).strip().splitlines()[-1]}")
        if record.get("message") == "tampering":
            alarms.append(record)

    try:
        # One step audits its reads. In the others every event is one that was sent.
        with run_system(parameters={"AuditReads": "false"}, on_log=record_log) as system:
            demo = _Demo(system, report, traffic, until, alarms)
            for step in _STEPS:
                step(demo)
    except (NotSettledError, _UnexpectedResponseError) as error:
        report.failures.append(str(error))
    if report.failures:
        print("\nThe demo failed:", file=sys.stderr)
        for line in [*report.failures, *dict.fromkeys(errors)]:
            print(f"  {line}", file=sys.stderr)
        return 1
    print(f"\nAll {report.checks} checks hold; {time.monotonic() - started:.0f} s.")
    return 0


class _UnexpectedResponseError(Exception):
    """The API returned an error. The demo cannot continue."""


@dataclass(frozen=True, slots=True)
class _Demo:
    system: System
    report: DemoReport
    traffic: Traffic
    until: datetime
    alarms: Sequence[Mapping[str, Any]]

    def send(self, bodies: Sequence[str]) -> None:
        for batch in _split_batches(bodies):
            self.system.sqs.send_message_batch(
                QueueUrl=self.system.queue_url,
                Entries=[{"Id": str(at), "MessageBody": body} for at, body in enumerate(batch)],
            )

    def run_command(self, *arguments: str, stdin: str = "") -> tuple[int, str]:
        """Run `prooftrail` as an operator does. Return its exit status and output."""
        done = subprocess.run(
            [Path(sys.executable).with_name("prooftrail"), *arguments],
            input=stdin,
            capture_output=True,
            text=True,
        )
        return done.returncode, (done.stdout + done.stderr).strip()

    def count_stored(self) -> int:
        """Count the items of the events table."""
        client: Any = Session().create_client("dynamodb")
        pages = client.get_paginator("scan").paginate(
            TableName=self.system.stack.resources["AuditEventsTable"], Select="COUNT"
        )
        return sum(page["Count"] for page in pages)

    def fetch(self, path: str, **parameters: object) -> Any:
        """Return the JSON body of a GET request that must succeed.

        Raises:
            _UnexpectedResponseError: the status is not 200.
        """
        status, body = self.get(path, **parameters)
        if status != 200:
            response = _format_response(status, body)
            raise _UnexpectedResponseError(f"GET {path} {parameters}: {response}")
        return body

    def fetch_text(self, path: str, **parameters: object) -> str:
        """Return the body of a GET request as text."""
        url = f"{self.system.api_url}{path}?{urlencode(parameters)}"
        with urlopen(url, timeout=HTTP_TIMEOUT_SECONDS) as response:  # noqa: S310  # http only
            body: bytes = response.read()
            return body.decode()

    def get(self, path: str, **parameters: object) -> tuple[int, Any]:
        """Return the status and the JSON body of a GET request."""
        return self._send_request(Request(f"{self.system.api_url}{path}?{urlencode(parameters)}"))  # noqa: S310  # http only

    def post(self, path: str, body: object) -> tuple[int, Any]:
        """Return the status and the JSON body of a POST request."""
        data = json.dumps(body).encode()
        return self._send_request(Request(f"{self.system.api_url}{path}", data))  # noqa: S310  # http only

    def _send_request(self, request: Request) -> tuple[int, Any]:
        try:
            with urlopen(request, timeout=HTTP_TIMEOUT_SECONDS) as response:  # noqa: S310  # http only
                return response.status, json.load(response)
        except HTTPError as error:
            with error:
                return error.code, json.load(error)

    def list_all(self, **filters: object) -> list[Event]:
        """Return every event that the API lists for the filters, as stored, from all pages."""
        items: list[Event] = []
        cursor: Mapping[str, object] = {}
        while True:
            page = self.fetch("/audit-logs/unmasked", **filters, limit=PAGE_SIZE, **cursor)
            items += page["items"]
            if page["nextCursor"] is None:
                return items
            cursor = {"cursor": page["nextCursor"]}


def _split_batches(bodies: Sequence[str]) -> list[list[str]]:
    batches: list[list[str]] = [[]]
    size = 0
    for body in bodies:
        length = len(body.encode())
        if len(batches[-1]) == SEND_SIZE or (batches[-1] and size + length > MAX_SEND_BYTES):
            batches.append([])
            size = 0
        batches[-1].append(body)
        size += length
    return batches


def _count_expected_stored(demo: _Demo) -> int:
    stored = sum(stored for stored, _ in SAMPLES.values())
    return LOGGED_COUNT + SUBMITTED_COUNT + len(demo.traffic.events) + stored


def _count_expected_quarantined() -> int:
    return sum(quarantined for _, quarantined in SAMPLES.values())


def _log_calls(demo: _Demo) -> None:
    demo.report.section("Logged", "prooftrail.client, as an application uses it")
    with TemporaryDirectory(prefix="prooftrail-demo-") as folder:
        with AuditLogger(demo.system.queue_url, tenant_id="shop", spool_folder=folder) as audit:
            install(audit)

            @audited(action="order.approve", resource="order:{order_id}", details=["approval"])
            def approve(order_id: str, approval: Mapping[str, object]) -> None:
                if not approval["amount"]:
                    raise ValueError(f"order {order_id}: nothing to approve")

            with audit_context(user_id="u-17", ip_address="203.0.113.9"), suppress(ValueError):
                approve("4711", {"amount": 12, "pin": "0000"})
                approve("4712", {"amount": 0})
            install(None)
        demo.report.check("the spool is empty again", list(Path(folder).iterdir()), [])
    demo.system.settle(SETTLE_SECONDS)
    status, output = demo.run_command("query", "--stack", STACK_NAME, "--tenant", "shop", "--json")
    events = [json.loads(line) for line in output.splitlines()]
    for event in events:
        demo.report.line(json.dumps(event))
    demo.report.check(
        "prooftrail query shows both calls: user, outcome, and the pin masked",
        (
            status,
            [
                (
                    event["userId"],
                    event.get("errorMessage"),
                    event["details"]["approval"].get("pin"),
                )
                for event in sorted(events, key=lambda event: str(event["resourceId"]))
            ],
        ),
        (
            0,
            [
                ("u-17", None, "[masked]"),
                ("u-17", "ValueError: order 4712: nothing to approve", None),
            ],
        ),
    )


def _submit_events(demo: _Demo) -> None:
    demo.report.section("Submitted", "POST /audit-logs, for clients without SQS")
    event = {"action": "user.login", "resourceType": "user", "resourceId": "u-1"}
    status, body = demo.post("/audit-logs", {"events": [event, {"action": "user.login"}]})
    for result in body["results"]:
        demo.report.line(json.dumps(result))
    demo.report.check("one event is accepted, one is refused", status, 207)
    demo.system.settle(SETTLE_SECONDS)
    path = f"/audit-logs/{body['results'][0].get('id')}"
    found = demo.fetch(path)
    demo.report.check(f"GET {path}: the event", {name: found.get(name) for name in event}, event)


def _process_queue(demo: _Demo) -> None:
    samples = read_sample_bodies()
    sample_count = sum(map(len, samples.values()))
    bodies = [*demo.traffic.singles, *chain.from_iterable(samples.values())]
    bodies += demo.traffic.bulks
    demo.report.section(
        "Process",
        f"{len(bodies)} messages: {sample_count} of events/, "
        f"{len(bodies) - sample_count} with {len(demo.traffic.events)} generated events",
    )
    demo.send(bodies)
    demo.system.faults.throttle("BatchWriteItem", CALL_ATTEMPTS)
    demo.system.settle(SETTLE_SECONDS)
    stored = demo.count_stored()
    demo.report.check(f"{stored} events stored", stored, _count_expected_stored(demo))
    [poller] = demo.system.queue_pollers
    demo.report.check(
        f"{poller.returned} messages at the second attempt: the first write was throttled",
        poller.returned,
        len(demo.traffic.singles) + len(demo.traffic.bulks),
    )


def _check_quarantine(demo: _Demo) -> None:
    demo.report.section("Quarantined", "the dead-letter queue, with a reason for each event")
    dead_letters = _receive_dead_letters(demo)
    reasons = Counter(
        tuple(_read_attribute(dead_letter, name) for name in ("errorType", "errorMessage"))
        for dead_letter in dead_letters
    )
    demo.report.table([str(count), *reason] for reason, count in sorted(reasons.items()))
    demo.report.check(
        f"{len(dead_letters)} dead letters, one for each invalid event",
        len(dead_letters),
        _count_expected_quarantined(),
    )
    demo.report.check(
        "each names its error and its source message",
        sum(
            all(
                _read_attribute(dead_letter, name)
                for name in ("errorType", "errorMessage", "sourceMessageId")
            )
            for dead_letter in dead_letters
        ),
        len(dead_letters),
    )


def _receive_dead_letters(demo: _Demo) -> "list[MessageTypeDef]":
    url = demo.system.stack.resources["AuditDeadLetterQueue"]
    dead_letters: list[MessageTypeDef] = []
    while messages := demo.system.sqs.receive_message(
        QueueUrl=url, MaxNumberOfMessages=SEND_SIZE, MessageAttributeNames=["All"]
    ).get("Messages"):
        dead_letters += messages
    for dead_letter in dead_letters:  # back to the queue
        demo.system.sqs.change_message_visibility(
            QueueUrl=url, ReceiptHandle=dead_letter["ReceiptHandle"], VisibilityTimeout=0
        )
    return dead_letters


def _read_attribute(dead_letter: "MessageTypeDef", name: str) -> str:
    attributes = dead_letter.get("MessageAttributes", {})
    return attributes[name].get("StringValue", "") if name in attributes else ""


def _redeliver_messages(demo: _Demo) -> None:
    again = demo.traffic.singles[:REDELIVERED_COUNT]
    demo.report.section("Deduplicated", f"{len(again)} messages are sent a second time")
    demo.send(again)
    demo.system.settle(SETTLE_SECONDS)
    stored = demo.count_stored()
    demo.report.check(f"still {stored} events stored", stored, _count_expected_stored(demo))


def _query_events(demo: _Demo) -> None:
    report, events = demo.report, demo.traffic.events
    report.section(
        "Queried", f"GET /audit-logs/unmasked?tenantId={TENANT}&…, in pages of {PAGE_SIZE}"
    )
    everything = demo.list_all(tenantId=TENANT)
    report.check(
        f"every event is returned as it was sent: {len(everything)}",
        _select_sent_fields(everything, events),
        _select_sent_fields(events, events),
    )
    times = [item["timestamp"] for item in everything]
    report.check("newest first", times, sorted(times, reverse=True))

    middle = _format_time(demo.until - timedelta(hours=24))
    someone, something = events[0]["userId"], events[1]
    filters: list[tuple[dict[str, object], Callable[[Event], bool]]] = [
        ({"userId": someone}, lambda event: event["userId"] == someone),
        ({"action": "admin.access"}, lambda event: event["action"] == "admin.access"),
        ({"action": "user.*"}, lambda event: event["action"].startswith("user.")),
        ({"success": "false"}, lambda event: not event["success"]),
        ({"startDate": middle}, lambda event: event["timestamp"] >= middle),
        (
            {"resourceType": something["resourceType"], "resourceId": something["resourceId"]},
            lambda event: (
                (event["resourceType"], event["resourceId"])
                == (something["resourceType"], something["resourceId"])
            ),
        ),
        (
            {"userId": someone, "success": "false", "endDate": middle},
            lambda event: (
                event["userId"] == someone and not event["success"] and event["timestamp"] <= middle
            ),
        ),
    ]
    for chosen, accepts in filters:
        found = demo.list_all(tenantId=TENANT, **chosen)
        expected = [event for event in events if accepts(event)]
        report.check(
            f"{urlencode(chosen, safe=':*'):58} {len(found):4}",
            sorted(item["eventId"] for item in found),
            sorted(event["eventId"] for event in expected),
        )
    _fetch_single_events(demo)


def _mask_events(demo: _Demo) -> None:
    [event, *_] = [event for event in demo.traffic.events if event["action"] == "user.login"]
    demo.report.section("Masked", "GET /audit-logs hides personal data, /audit-logs/unmasked shows")
    query = {"tenantId": TENANT, "requestId": event["requestId"]}
    [masked] = demo.fetch("/audit-logs", **query)["items"]
    [unmasked] = demo.fetch("/audit-logs/unmasked", **query)["items"]
    shown = ("ipAddress", "masked")
    for item in (masked, unmasked):
        demo.report.line(json.dumps({name: item[name] for name in shown if name in item}))
    demo.report.check(
        "readers see the network of an address, and that it is one",
        [masked.get(name) for name in shown],
        ["203.0.113.0/24", ["/ipAddress"]],
    )
    demo.report.check(
        "callers who may see personal data see the address",
        [unmasked.get(name) for name in shown],
        [event["ipAddress"], None],
    )
    [found] = demo.fetch("/audit-logs", **query, ipAddress=event["ipAddress"])["items"]
    demo.report.check("readers can still search for an address", found, masked)


def _fetch_single_events(demo: _Demo) -> None:
    [large] = demo.list_all(tenantId="acme", action="club.analysis.export")
    path = f"/audit-logs/{large['id']}"
    found = demo.fetch(path, tenantId="acme")
    [sent] = [
        json.loads(body)["data"]
        for body in read_sample_bodies()["sqs-oversize.json"]
        if "club.analysis.export" in body
    ]
    size = len(found.get("details", {}).get("archive", ""))
    demo.report.check(
        f"GET {path}: complete, with {size // 1024} KB of details from S3",
        found.get("details"),
        sent["details"],
    )
    status, body = demo.get(path, tenantId=TENANT)
    demo.report.check(f"the same as {TENANT}: {_format_response(status, body)}", status, 404)
    status, body = demo.get("/audit-logs", limit=0)
    demo.report.check(f"?limit=0: {_format_response(status, body)}", status, 400)


def _format_response(status: int, body: Mapping[str, Any]) -> str:
    return f"{status} {json.dumps(body.get('error', body), ensure_ascii=False)}"


def _select_sent_fields(items: Sequence[Event], sent: Sequence[Event]) -> dict[str, Event]:
    """Return the items by event id, each with the sent fields only."""
    names = {event["eventId"]: event.keys() for event in sent}
    return {
        item["eventId"]: {name: item.get(name) for name in names.get(item["eventId"], ())}
        for item in items
    }


def _check_statistics(demo: _Demo) -> None:
    events = demo.traffic.events
    demo.report.section("Counted", f"GET /audit-logs/stats?tenantId={TENANT}")
    stats = demo.fetch("/audit-logs/stats", tenantId=TENANT)
    breakdown = [(entry["action"], entry["count"]) for entry in stats["actionBreakdown"]]
    for action, count in breakdown:
        demo.report.line(f"{action:26} {count:4}  {draw_bar(count, breakdown[0][1])}")
    failed = sum(not event["success"] for event in events)
    found = [stats[name] for name in ("total", "successful", "failed")]
    demo.report.check(
        f"{found[0]} in total, {found[1]} successful, {found[2]} failed, "
        f"{stats['successRate']} % successful",
        [*found, round(stats["successRate"], 1)],
        [len(events), len(events) - failed, failed, round(100 - 100 * failed / len(events), 1)],
    )
    demo.report.check(
        "each action has the expected count", dict(breakdown), dict(count_actions(events))
    )


def _check_metrics(demo: _Demo) -> None:
    demo.report.section("Measured", "GET /audit-logs/metrics, from the functions' embedded metrics")
    metrics = demo.fetch("/audit-logs/metrics")
    audit, jobs = metrics["audit"], metrics["jobs"]["audit"]
    for name, values in (("audit", audit), ("jobs.audit", jobs)):
        demo.report.line(f"{name:11} {json.dumps(values)}")
    demo.report.check(
        "logged: every event, and each redelivered event again",
        audit["eventsLogged"],
        _count_expected_stored(demo) + min(REDELIVERED_COUNT, len(demo.traffic.singles)),
    )
    demo.report.check(
        "failed: the quarantined and the throttled events",
        audit["eventsFailed"],
        _count_expected_quarantined() + len(demo.traffic.events),
    )
    demo.report.check(
        "the queue is empty; the dead letters remain",
        [jobs["queued"], jobs["active"], jobs["deadLettered"]],
        [0, 0, _count_expected_quarantined()],
    )


def _check_proofs(demo: _Demo) -> None:
    demo.report.section("Proved", "the ledger is published as a signed Merkle log, every minute")
    item = demo.list_all(tenantId=TENANT)[0]
    path = f"/audit-logs/{item['id']}/proof"
    status, body = demo.get(path, tenantId=TENANT)
    demo.report.check(f"not yet published: {_format_response(status, body)}", status, 404)
    demo.system.run_schedules()
    log = demo.fetch("/audit-logs/log")
    for line in demo.fetch_text("/audit-logs/checkpoint").splitlines():
        demo.report.line(line)
    demo.report.check(
        f"the checkpoint covers all {log['size']} events", log["size"], _count_expected_stored(demo)
    )
    key = log["verifierKey"]
    bundle = demo.fetch_text(f"{path}/unmasked", tenantId=TENANT)
    status, output = demo.run_command("verify", "bundle", "-", "--key", key, stdin=bundle)
    demo.report.check(f"its proof, checked offline: {output}", status, 0)
    forged = bundle.replace(item["userId"], "someone-else")
    status, output = demo.run_command("verify", "bundle", "-", "--key", key, stdin=forged)
    demo.report.check(f"with another user: {output}", status, 1)
    status, output = demo.run_command("verify", "trail", "--stack", STACK_NAME, "--key", key)
    demo.report.check(f"the whole trail: {output}", status, 0)


def _export_trail(demo: _Demo) -> None:
    demo.report.section("Exported", "the trail as OCSF for a SIEM, verified without AWS and by it")
    key = demo.fetch("/audit-logs/log")["verifierKey"]
    with TemporaryDirectory(prefix="prooftrail-demo-") as folder:
        arguments = ("--stack", STACK_NAME, "--format", "ocsf")
        status, output = demo.run_command("export", folder, *arguments)
        demo.report.check(output, status, 0)
        command = ("verify", "export", folder, "--key", key)
        status, output = demo.run_command(*command)
        demo.report.check(f"without AWS: {output.splitlines()[-2]}", status, 4)
        status, output = demo.run_command(*command, "--stack", STACK_NAME)
        demo.report.check(f"with the trail: {output}", status, 0)
        [part] = Path(folder).glob("*.ndjson")
        part.write_text(part.read_text().replace("u-17", "u-18"))
        status, output = demo.run_command("verify", "export", folder, "--key", key)
        demo.report.check(f"with another user: {output.splitlines()[0]}", status, 1)


def _audit_a_read(demo: _Demo) -> None:
    demo.report.section("Audited", "a read is an event too (AuditReads=true, the default)")
    login = {"tenantId": "acme", "action": "user.login"}
    with demo.system.auditing_reads():
        status, page = demo.get("/audit-logs/unmasked", **login, ipAddress="203.0.113.7")
    demo.system.settle(SETTLE_SECONDS)
    demo.report.check("the login from 203.0.113.7", (status, len(page["items"])), (200, 1))
    [read] = demo.fetch("/audit-logs", tenantId="acme", action="audit.trail.read")["items"]
    shown = ("action", "userId", "resourceId", "details")
    demo.report.line(json.dumps({name: read[name] for name in shown}))
    details = read["details"]
    demo.report.check(
        "the trail says who read, by which route, how many events, unmasked",
        [read["userId"], *(details[name] for name in ("route", "events", "masked"))],
        [CALLER, "GET /audit-logs/unmasked", 1, False],
    )
    demo.report.check(
        "the address that was searched for is masked as others are",
        details["filters"]["ipAddress"],
        "[personal]",
    )
    demo.system.run_schedules()


def _tamper_with_event(demo: _Demo) -> None:
    demo.report.section("Tampered", "somebody changes one event in the table")
    victim = demo.list_all(tenantId=TENANT)[1]
    client: Any = Session().create_client("dynamodb")
    table = demo.system.stack.resources["AuditEventsTable"]
    [stored] = [
        item
        for page in client.get_paginator("scan").paginate(TableName=table)
        for item in page["Items"]
        if item["id"]["S"] == victim["id"]
    ]
    changed = {**victim, "userId": "someone-else"}
    for name in ("id", "digest", "receivedAt", "submittedBy"):
        del changed[name]
    client.update_item(
        TableName=table,
        Key={name: stored[name] for name in ("pk", "id")},
        UpdateExpression="SET event = :event",
        ExpressionAttributeValues={":event": {"S": json.dumps(changed, sort_keys=True)}},
    )
    demo.system.settle(SETTLE_SECONDS)
    alarmed = [(alarm["eventName"], alarm["eventId"]) for alarm in demo.alarms]
    for alarm in demo.alarms:
        demo.report.line(f"alarm: {alarm['eventName']} of {alarm['eventId']}: {alarm['reason']}")
    demo.report.check("the ledger raises the alarm", alarmed, [("MODIFY", victim["id"])])
    key = demo.fetch("/audit-logs/log")["verifierKey"]
    status, output = demo.run_command(
        "verify", "trail", "--stack", STACK_NAME, "--key", key, "--grace", "1"
    )
    for line in output.splitlines():
        demo.report.line(line)
    demo.report.check(
        "prooftrail verify trail names this event only",
        (status, "1 finding" in output, sum(victim["id"] in line for line in output.splitlines())),
        (1, True, 1),
    )


_STEPS = (
    _log_calls,
    _submit_events,
    _process_queue,
    _check_quarantine,
    _redeliver_messages,
    _query_events,
    _mask_events,
    _check_statistics,
    _check_metrics,
    _check_proofs,
    _export_trail,
    _audit_a_read,
    _tamper_with_event,
)


def _format_time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")
