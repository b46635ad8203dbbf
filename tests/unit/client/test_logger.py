"""`AuditLogger` returns the stored ids, raises nothing, masks secrets and counts every fault."""

import asyncio
import functools
import json
import logging
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError
from hypothesis import given
from hypothesis import strategies as st

from prooftrail.client import (
    AsyncAuditLogger,
    AuditLogger,
    Limits,
    Masking,
    audit_context,
    audited,
    install,
)
from prooftrail.client.sending.connection import connect
from prooftrail.errors import AuditLogError, ConfigurationError, InvalidEventError
from prooftrail.event.times import parse_timestamp
from prooftrail.intake.jobs import parse_job
from tests.support.queue_fakes import (
    QUEUE_URL,
    FlakyQueue,
    SqsStub,
    compute_stored_ids,
    make_logger,
)

NAMES: dict[str, Any] = {
    "action": "order.approve",
    "resource_type": "order",
    "resource_id": "4711",
}


@pytest.fixture
def queue() -> FlakyQueue:
    """A queue that takes everything."""
    return FlakyQueue()


@pytest.fixture
def logger(queue: FlakyQueue) -> Iterator[AuditLogger]:
    """A logger of the tenant acme on the queue."""
    with make_logger(queue, tenant_id="acme") as logger:
        yield logger


def test_log_returns_the_id_under_which_the_event_is_stored(
    logger: AuditLogger, queue: FlakyQueue
) -> None:
    ids = [
        logger.log(**NAMES, user_id="u-1", details={"n": number, "é": "\uffff\U0001f600"})
        for number in range(3)
    ]
    assert logger.flush(10)
    assert compute_stored_ids(queue) == ids
    assert len(set(ids)) == 3
    assert all(body.isascii() for body in queue.bodies)


_TEXT = st.text(max_size=8)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(-1e9, 1e9) | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=8,
)


@given(details=st.dictionaries(_TEXT, _JSON, max_size=4), user=st.text(min_size=1, max_size=9))
def test_the_id_is_the_stored_one_for_any_content(details: dict[str, Any], user: str) -> None:
    queue = FlakyQueue()
    with make_logger(queue) as logger:
        event_id = logger.log(**NAMES, user_id=user, details=details)
    assert compute_stored_ids(queue) == [event_id]


def test_time_tenant_and_event_id_are_filled_in_by_log(queue: FlakyQueue) -> None:
    with make_logger(queue, clock_ms=lambda: 1_764_000_000_123, make_event_id=lambda: "e-1") as log:
        log.log(**NAMES)
    [event] = queue.events
    assert event == {
        "action": "order.approve",
        "eventId": "e-1",
        "resourceId": "4711",
        "resourceType": "order",
        "success": True,
        "tenantId": "default",
        "timestamp": "2025-11-24T16:00:00.123Z",
        "v": 1,
    }


def test_given_time_tenant_and_event_id_are_kept(logger: AuditLogger, queue: FlakyQueue) -> None:
    cet = timezone(timedelta(hours=1))
    moment = datetime(2025, 11, 24, 9, tzinfo=cet)
    first = logger.log(**NAMES, event_id="o-1", timestamp=moment, tenant_id="initech")
    second = logger.log(
        **NAMES, event_id="o-1", timestamp="2025-11-24T08:00:00Z", tenant_id="initech"
    )
    assert first == second
    assert logger.flush(10)
    assert {event["timestamp"] for event in queue.events} == {"2025-11-24T08:00:00.000Z"}
    assert {event["tenantId"] for event in queue.events} == {"initech"}


def test_success_and_failure(logger: AuditLogger, queue: FlakyQueue) -> None:
    class WordlessError(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    logger.log_success(**NAMES)
    logger.log_failure(**NAMES, error=PermissionError("permission denied"))
    logger.log_failure(**NAMES, error="declined")
    logger.log_failure(**NAMES)
    logger.log_failure(**NAMES, error=WordlessError())
    assert logger.flush(10)
    assert [(event["success"], event.get("errorMessage")) for event in queue.events] == [
        (True, None),
        (False, "PermissionError: permission denied"),
        (False, "declined"),
        (False, None),
        (False, "WordlessError: (its text raised RuntimeError)"),
    ]


def test_the_context_fills_in_missing_fields(logger: AuditLogger, queue: FlakyQueue) -> None:
    with audit_context(user_id="u-1", ip_address="203.0.113.9", request_id="r-1"):
        logger.log(**NAMES, request_id="r-2", user_id=None)
    logger.log(**NAMES)
    assert logger.flush(10)
    inside, outside = queue.events
    assert (inside["userId"], inside["ipAddress"], inside["requestId"]) == (
        "u-1",
        "203.0.113.9",
        "r-2",
    )
    assert "userId" not in outside


def test_secrets_are_masked_and_addresses_cut(queue: FlakyQueue, tmp_path: Path) -> None:
    queue.outage.set()
    options = {"on_outage": "spool", "spool_folder": tmp_path}
    with make_logger(queue, masking=Masking(addresses="truncate"), **options) as logger:
        logger.log(
            **NAMES,
            ip_address="203.0.113.77",
            details={"Authorization": "s3cret", "deep": [{"api_key": "s3cret"}]},
            metadata={"password": "s3cret"},
            changes={"before": {"token": "s3cret-1"}, "after": {"token": "s3cret-2"}},
        )
        on_disk = b"".join(path.read_bytes() for path in tmp_path.glob("*.events"))
        assert b"s3cret" not in on_disk
        assert b"masked" in on_disk
        queue.outage.clear()
        assert logger.flush(10)
    [event] = queue.events
    assert event["ipAddress"] == "203.0.113.0"
    assert event["changes"]["fields"] == ["token"]


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "action": ({"action": ""}, "action: must not be empty"),
    "long action": ({"action": "a" * 129}, "action: must match"),
    "reserved action": ({"action": "audit.cleanup"}, "action: audit.cleanup is reserved"),
    "resource type": ({"resource_type": "an order"}, "resourceType: must match"),
    "tenant": ({"tenant_id": "a b"}, "tenantId: must match"),
    "tenant and details": ({"tenant_id": "a b", "details": {"n": 2**60}}, "tenantId: must match"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_only_what_the_programmer_chose_wrongly_is_refused_logged_and_counted(
    logger: AuditLogger, queue: FlakyQueue, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    fields, text = REFUSED[name]
    assert logger.log(**{**NAMES, **fields}) == ""
    assert (logger.invalid, logger.fitted) == (1, 0)
    [record] = caplog.records
    assert record.levelno == logging.ERROR
    assert text in record.getMessage()
    assert not record.exc_info
    assert logger.flush(10)
    assert queue.events == []


@pytest.mark.parametrize("name", REFUSED)
def test_strict_raises_for_a_refused_event(queue: FlakyQueue, name: str) -> None:
    fields, text = REFUSED[name]
    with make_logger(queue, strict=True) as strict, pytest.raises(AuditLogError, match=text):
        strict.log(**{**NAMES, **fields})
    assert queue.events == []


def test_a_missing_required_field_is_named(queue: FlakyQueue) -> None:
    with (
        make_logger(queue, strict=True) as strict,
        pytest.raises(InvalidEventError, match="Missing required audit fields: action"),
    ):
        strict.log(action=None, resource_type="order", resource_id="1")  # type: ignore[arg-type]


def test_a_fault_of_an_applications_object_does_not_reach_the_application(
    logger: AuditLogger, caplog: pytest.LogCaptureFixture
) -> None:
    class Hostile(dict[str, Any]):
        def items(self) -> Any:
            raise SystemError("hostile")

    assert logger.log(**NAMES, details=Hostile(a=1))
    assert logger.log(action=Hostile(), resource_type="a", resource_id="b") == ""  # type: ignore[arg-type]
    assert (logger.fitted, logger.invalid) == (1, 1)
    assert "hostile" not in "".join(record.getMessage() for record in caplog.records)


def test_fitting_is_logged_once_for_each_kind_without_names_that_are_input(
    logger: AuditLogger, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(50):
        unknown: dict[str, Any] = {f"field\nERROR forged {number}": 1}
        assert logger.log(**NAMES, details={f"é\nERROR forged {number}": float("nan")}, **unknown)
    assert logger.fitted == 50
    assert [(record.levelno, record.getMessage().count("\n")) for record in caplog.records] == [
        (logging.WARNING, 0),
        (logging.WARNING, 0),
    ]
    assert sorted(record.getMessage().partition(" (")[0] for record in caplog.records) == [
        "event 'order.approve': an unknown field was fitted: not a field of an event: left out",
        "event 'order.approve': details was fitted: not a finite number: kept as text",
    ]


def test_drops_are_reported_as_an_event_when_the_queue_is_back(queue: FlakyQueue) -> None:
    queue.outage.set()
    limits = Limits(flush_seconds=0.01, buffer_bytes=2_000)
    with make_logger(queue, tenant_id="acme", limits=limits) as logger:
        ids = [logger.log(**NAMES, details={"x": "y" * 200}) for _ in range(20)]
        dropped = ids.count("")
        assert 10 < dropped < 20
        queue.outage.clear()
        assert logger.flush(20)
        end = time.monotonic() + 10
        while len(queue.events) < 21 - dropped:
            assert time.monotonic() < end
            time.sleep(0.005)
    event = queue.events[-1]
    assert (event["action"], event["success"]) == ("audit.events.dropped", False)
    assert (event["tenantId"], event["resourceType"]) == ("acme", "audit-log")
    assert event["details"]["count"] == dropped
    assert event["details"]["reasons"] == {"buffer full": dropped}
    first, last = (parse_timestamp(event["details"][name]) for name in ("first", "last"))
    assert 0 <= last - first < 60_000


MAKERS = pytest.mark.parametrize("make", [AuditLogger, AsyncAuditLogger])
HINT = (
    "set the variable PROOFTRAIL_QUEUE_URL or pass the argument queue_url, "
    "each with the stack's output AuditQueueUrl"
)


@MAKERS
@pytest.mark.parametrize("url", ["", "audit", "sqs://audit", 5])
def test_a_url_that_is_not_valid_is_refused(
    monkeypatch: pytest.MonkeyPatch, make: Any, url: Any
) -> None:
    monkeypatch.setenv("PROOFTRAIL_QUEUE_URL", QUEUE_URL)
    with pytest.raises(ConfigurationError) as caught:
        make(url)
    assert str(caught.value) == f"queue_url is not the URL of an SQS queue (got {url!r}): {HINT}"


@MAKERS
@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "PROOFTRAIL_QUEUE_URL is not set, and queue_url is not given"),
        ("", "PROOFTRAIL_QUEUE_URL is not set, and queue_url is not given"),
        ("audit", "PROOFTRAIL_QUEUE_URL is not the URL of an SQS queue (got 'audit')"),
    ],
)
def test_a_variable_that_is_missing_or_not_valid_is_refused(
    monkeypatch: pytest.MonkeyPatch, make: Any, value: str | None, text: str
) -> None:
    monkeypatch.delenv("PROOFTRAIL_QUEUE_URL", raising=False)
    if value is not None:
        monkeypatch.setenv("PROOFTRAIL_QUEUE_URL", value)
    with pytest.raises(ConfigurationError) as caught:
        make()
    assert str(caught.value) == f"{text}: {HINT}"


@pytest.fixture
def _variable(monkeypatch: pytest.MonkeyPatch) -> None:
    """The queue's URL in the environment."""
    monkeypatch.setenv("PROOFTRAIL_QUEUE_URL", QUEUE_URL)


def stub_options(queue: FlakyQueue) -> dict[str, Any]:
    return {
        "on_outage": "drop",
        "limits": Limits(flush_seconds=0.01),
        "make_client": lambda: SqsStub(queue),
    }


@pytest.mark.usefixtures("_variable")
def test_the_variable_names_the_queue(queue: FlakyQueue) -> None:
    with AuditLogger(**stub_options(queue)) as logger:
        event_id = logger.log(**NAMES)
    assert compute_stored_ids(queue) == [event_id]


@pytest.mark.usefixtures("socket_enabled", "_variable")
def test_the_variable_names_the_queue_for_asyncio_too(queue: FlakyQueue) -> None:
    async def log() -> str:
        async with AsyncAuditLogger(**stub_options(queue)) as logger:
            return await logger.log(**NAMES)

    assert [asyncio.run(log())] == compute_stored_ids(queue)


@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize(
    ("arguments", "options"), [((QUEUE_URL,), {}), ((), {"queue_url": QUEUE_URL})]
)
def test_the_argument_wins_over_the_variable(
    monkeypatch: pytest.MonkeyPatch, queue: FlakyQueue, arguments: Any, options: dict[str, Any]
) -> None:
    monkeypatch.setenv("PROOFTRAIL_QUEUE_URL", "not a URL")
    options |= stub_options(queue)
    assert AuditLogger(*arguments, **options).close(10)
    assert asyncio.run(AsyncAuditLogger(*arguments, **options).close(10))


def test_an_unknown_choice_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="spool, block or drop"):
        AuditLogger(QUEUE_URL, on_outage="ignore")  # type: ignore[arg-type]


# What version 0.1 left on disk: two events, the second with a character beyond ASCII.
OLD_SPOOL = (
    b'9b0b202d {"action":"order.approve","eventId":"e-1","resourceId":"4711",'
    b'"resourceType":"order","success":true,"tenantId":"default",'
    b'"timestamp":"2025-11-24T16:00:00.123Z","userId":"u-1","v":1}\n'
    b'08532f7a {"eventId":"e-2","timestamp":"2025-11-24T16:00:00.123Z","tenantId":"default",'
    b'"action":"order.approve","resourceType":"order","resourceId":"4712",'
    b'"details":{"name":"\\u00e9"},"success":true,"v":1}\n'
)


def test_a_spool_of_version_0_1_is_sent(queue: FlakyQueue, tmp_path: Path) -> None:
    (tmp_path / "31390-398fe177d129.lock").touch()
    (tmp_path / "31390-398fe177d129.00000001.events").write_bytes(OLD_SPOOL)
    with make_logger(queue, on_outage="spool", spool_folder=tmp_path) as logger:
        assert logger.flush()
        end = time.monotonic() + 10
        while logger.delivery.delivered < 2:
            assert time.monotonic() < end
            time.sleep(0.005)
        assert logger.delivery.replayed == 2
    assert [(event["eventId"], event.get("details")) for event in queue.events] == [
        ("e-1", None),
        ("e-2", {"name": "é"}),
    ]
    assert list(tmp_path.iterdir()) == []


def test_a_spool_that_others_may_write_is_not_used_and_hurts_nobody(
    queue: FlakyQueue, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Events go through memory, what others wrote there stays, and the log says what to do."""
    (tmp_path / "31390-398fe177d129.lock").touch()
    foreign = tmp_path / "31390-398fe177d129.00000001.events"
    foreign.write_bytes(OLD_SPOOL)
    tmp_path.chmod(0o777)
    with make_logger(queue, on_outage="spool", spool_folder=tmp_path) as logger:
        event_id = logger.log(**NAMES)
        assert event_id
        assert logger.flush(10)
    assert compute_stored_ids(queue) == [event_id]
    assert foreign.read_bytes() == OLD_SPOOL
    assert "no spool, events are kept in memory only" in caplog.text
    assert f"chmod go-w {tmp_path}" in caplog.text


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (EndpointConnectionError(endpoint_url="https://x"), "AWS cannot be reached"),
        (NoCredentialsError(), "AWS credentials are missing"),
        (
            ClientError({"Error": {"Code": "AccessDenied", "Message": ""}}, "SendMessageBatch"),
            "AccessDenied",
        ),
    ],
)
def test_events_wait_while_the_queue_refuses_them(
    queue: FlakyQueue, caplog: pytest.LogCaptureFixture, fault: Exception, text: str
) -> None:
    stub: Any = SqsStub(queue, fault)
    logger = AuditLogger(QUEUE_URL, on_outage="drop", make_client=lambda: stub)
    event_id = logger.log(**NAMES)
    assert not logger.flush(0.1)
    assert f"{QUEUE_URL} does not take events now, they are sent later: {text}" in caplog.text
    stub.fault = None
    assert logger.close(10)
    assert compute_stored_ids(queue) == [event_id]


def test_without_a_region_that_of_the_url_is_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    assert connect(QUEUE_URL).meta.region_name == "eu-central-1"
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-west-2")
    assert connect(QUEUE_URL).meta.region_name == "us-west-2"


def test_flushing_flushes_after_a_return_and_after_an_exception(queue: FlakyQueue) -> None:
    logger = make_logger(queue, limits=Limits(flush_seconds=60))

    @logger.flushing(10)
    def handler(event: dict[str, Any], _context: object) -> str:
        logger.log(**NAMES)
        if event["fails"]:
            raise KeyError("fails")
        return "done"

    assert handler({"fails": False}, None) == "done"
    assert len(queue.events) == 1
    with pytest.raises(KeyError):
        handler({"fails": True}, None)
    assert len(queue.events) == 2
    with logger.flushing(10):
        logger.log(**NAMES)
    assert len(queue.events) == 3
    logger.close()


async def _drain(steps: AsyncIterator[int]) -> list[int]:
    return [number async for number in steps]


def hand_on(function: Callable[[], Any]) -> Callable[[], Any]:
    """Decorate as most decorators do: with a plain function."""

    @functools.wraps(function)
    def call() -> Any:
        return function()

    return call


def _decorate_all(audit: AuditLogger, log: Callable[[], object]) -> dict[str, Callable[[], Any]]:
    """Return a call of a decorated function of each kind, which logs an event in its body."""

    @audit.flushing(10)
    def plain() -> list[int]:
        log()
        return [1]

    @audit.flushing(10)
    def generator() -> Iterator[int]:
        yield 1
        log()

    @audit.flushing(10)
    async def coroutine() -> list[int]:
        log()
        await asyncio.sleep(0)
        return [1]

    @audit.flushing(10)
    @hand_on
    async def decorated() -> list[int]:
        log()
        return [1]

    @audit.flushing(10)
    async def async_generator() -> AsyncIterator[int]:
        yield 1
        log()

    async def block() -> list[int]:
        async with audit.flushing(10) as entered:
            assert entered is audit
            log()
        return [1]

    return {
        "plain": plain,
        "generator": lambda: list(generator()),
        "coroutine": lambda: asyncio.run(coroutine()),
        "coroutine under a decorator": lambda: asyncio.run(decorated()),
        "async generator": lambda: asyncio.run(_drain(async_generator())),
        "async with": lambda: asyncio.run(block()),
    }


@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize(
    "kind",
    [
        *("plain", "generator", "coroutine", "coroutine under a decorator"),
        *("async generator", "async with"),
    ],
)
def test_flushing_flushes_after_the_body_of_every_kind_of_function(
    queue: FlakyQueue, kind: str, is_async: bool
) -> None:
    logger = make_logger(queue, limits=Limits(flush_seconds=60))
    audit: Any = AsyncAuditLogger(logger) if is_async else logger
    call = _decorate_all(audit, lambda: logger.log(**NAMES))[kind]
    assert call() == [1]
    assert len(queue.events) == 1
    assert logger.close(10)


@pytest.mark.usefixtures("socket_enabled")
def test_flushing_does_not_block_the_event_loop(queue: FlakyQueue) -> None:
    logger = make_logger(queue, limits=Limits(flush_seconds=60))

    @logger.flushing(10)
    async def handler() -> None:
        logger.log(**NAMES)

    async def run() -> None:
        queue.open.clear()
        task = asyncio.create_task(handler())
        await asyncio.sleep(0.02)  # longer than the body; the queue does not take the event yet
        assert not task.done()
        queue.open.set()
        await task

    asyncio.run(run())
    assert len(queue.events) == 1
    assert logger.close(10)


def test_flushing_waits_itself_in_another_event_loop(queue: FlakyQueue) -> None:
    logger = make_logger(queue, limits=Limits(flush_seconds=60))

    @logger.flushing(10)
    async def handler() -> str:
        logger.log(**NAMES)
        return "done"

    with pytest.raises(StopIteration) as caught:  # as Trio runs it: no loop of asyncio
        handler().send(None)
    assert caught.value.value == "done"
    assert len(queue.events) == 1
    assert logger.close(10)


def test_an_async_logger_does_not_ignore_options(queue: FlakyQueue) -> None:
    logger = make_logger(queue)
    with pytest.raises(ConfigurationError, match="not both: pass is_packing, strict to the Audit"):
        AsyncAuditLogger(logger, strict=True, is_packing=False)
    assert AsyncAuditLogger(logger).invalid == 0


def test_flushing_logs_that_events_are_left(
    queue: FlakyQueue, caplog: pytest.LogCaptureFixture
) -> None:
    queue.outage.set()
    logger = make_logger(queue)
    with logger.flushing(0.01):
        logger.log(**NAMES)
    assert "flush: not all events were in the queue after 0.01 s" in caplog.text
    queue.outage.clear()
    assert logger.close(10)


@pytest.mark.usefixtures("socket_enabled")  # the event loop uses a socket pair
def test_the_event_loop_is_not_blocked(queue: FlakyQueue) -> None:
    limits = Limits(flush_seconds=0.01, buffer_bytes=5_000, block_seconds=30)
    wrapped = make_logger(queue, on_outage="block", limits=limits)

    async def log_and_tick() -> int:
        queue.open.clear()
        ticks = 0
        async with AsyncAuditLogger(wrapped) as logger:
            tasks = [
                asyncio.create_task(logger.log(**NAMES, details={"x": "y" * 500}))
                for _ in range(20)
            ]
            while ticks < 20:
                await asyncio.sleep(0.001)
                ticks += 1
            queue.open.set()
            ids = await asyncio.gather(*tasks)
            assert await logger.log_failure(**NAMES, error=ValueError("no"))
            assert await logger.log_success(**NAMES)
            assert await logger.flush(10)
            assert logger.delivery.delivered == 22
            assert len(set(ids)) == 20
            return ticks

    assert asyncio.run(log_and_tick()) == 20
    assert len(queue.events) == 22


@pytest.mark.usefixtures("socket_enabled")
def test_asyncio_tasks_keep_their_context(queue: FlakyQueue) -> None:
    async def handle(logger: AsyncAuditLogger, user: str) -> None:
        with audit_context(user_id=user):
            await asyncio.sleep(0)
            await logger.log(**NAMES)

    async def serve() -> None:
        async with AsyncAuditLogger(make_logger(queue)) as logger:
            await asyncio.gather(*(handle(logger, f"u-{n}") for n in range(10)))

    asyncio.run(serve())
    assert sorted(event["userId"] for event in queue.events) == [f"u-{n}" for n in range(10)]


def test_audited_functions_use_the_installed_logger(queue: FlakyQueue) -> None:
    @audited(action="order.approve", resource="order:{order_id}")
    def approve(order_id: str) -> str:
        return order_id

    with make_logger(queue) as logger:
        install(logger)
        try:
            assert approve("4711") == "4711"
        finally:
            install(None)
    [event] = queue.events
    assert (event["resourceType"], event["resourceId"], event["success"]) == ("order", "4711", True)


def test_ids_are_distinct_across_threads(logger: AuditLogger, queue: FlakyQueue) -> None:
    ids: list[str] = []

    def log_many() -> None:
        ids.extend([logger.log(**NAMES) for _ in range(200)])

    threads = [threading.Thread(target=log_many) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert logger.flush(10)
    assert len(set(ids)) == 800
    assert sorted(compute_stored_ids(queue)) == sorted(ids)


def test_a_message_is_a_job(logger: AuditLogger, queue: FlakyQueue) -> None:
    logger.log(**NAMES, timestamp=datetime.now(UTC))
    assert logger.flush(10)
    [body] = queue.bodies
    assert json.loads(body)["type"] == "log_event"
    assert len(parse_job(body).events) == 1
