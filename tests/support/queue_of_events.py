"""A queue in moto over HTTP, and the events that arrived in it."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import boto3

from local.endpoint import Faults, serve_aws
from prooftrail.event import times
from prooftrail.event.model import AuditEvent
from prooftrail.intake.jobs import parse_job

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient


class QueueOfEvents:
    """A queue whose messages are parsed as the processor parses them."""

    def __init__(self, client: "SQSClient", endpoint: str) -> None:
        self._client = client
        self.endpoint = endpoint
        self.url = client.create_queue(QueueName="audit")["QueueUrl"]

    def events(self) -> list[AuditEvent]:
        """Receive and delete all events, sorted by time. Check that each is valid."""
        now_ms = times.now_ms()
        events: list[AuditEvent] = []
        while messages := self._messages():
            for message in messages:
                for raw in parse_job(message["Body"]).events:
                    assert isinstance(raw, dict)
                    assert {"eventId", "timestamp", "tenantId"} <= raw.keys()
                    events.append(
                        AuditEvent.from_json(
                            raw, default_event_id="", default_timestamp_ms=0, now_ms=now_ms
                        )
                    )
        assert max(Counter(event.event_id for event in events).values(), default=1) == 1
        return sorted(events, key=lambda event: event.timestamp)

    def _messages(self) -> list[Any]:
        response = self._client.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10)
        messages = response.get("Messages", [])
        for message in messages:
            self._client.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
        return list(messages)


@contextmanager
def queue_of_events() -> Iterator[QueueOfEvents]:
    """Serve a queue at its own endpoint."""
    with serve_aws("127.0.0.1", 0, Faults()) as port:
        endpoint = f"http://127.0.0.1:{port}"
        client = boto3.client("sqs", endpoint_url=endpoint, region_name="us-east-1")
        yield QueueOfEvents(client, endpoint)
