"""The events of the benchmarks: seeded, of about 600 bytes, with 20 distinct actions."""

import json
import random
from collections.abc import Mapping, Sequence
from typing import Any

SENT_MS = 1_764_000_000_000
ACTIONS = [f"{noun}.{verb}" for noun in ("user", "order", "guild", "file") for verb in "abcde"]


def make_events(count: int, *, seed: int = 7, padding: int = 137) -> list[dict[str, Any]]:
    """Return `count` events. `padding` is the length of the text that fills them to 600 bytes."""
    rng = random.Random(seed)
    return [
        {
            "eventId": f"{rng.getrandbits(128):032x}",
            "tenantId": "acme",
            "userId": f"user-{rng.randrange(500)}",
            "username": f"someone.{rng.randrange(500)}",
            "action": rng.choice(ACTIONS),
            "resourceType": "document",
            "resourceId": f"doc-{rng.randrange(10_000)}",
            "timestamp": f"2025-11-24T15:{n // 60 % 60:02d}:{n % 60:02d}.{n % 1000:03d}Z",
            "details": {"reason": "x" * padding, "attempt": n % 3, "tags": ["a", "b"]},
            "ipAddress": f"203.0.113.{rng.randrange(256)}",
            "userAgent": "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0",
            "sessionId": f"s-{rng.getrandbits(64):016x}",
            "requestId": f"r-{rng.getrandbits(64):016x}",
            "success": n % 20 != 0,
        }
        for n in range(count)
    ]


def make_queue_event(bodies: Sequence[str]) -> dict[str, Any]:
    """Return the Lambda event of a batch of queue messages with these bodies."""
    return {
        "Records": [
            {
                "messageId": f"00000000-0000-0000-0000-{n:012d}",
                "receiptHandle": f"receipt-{n}",
                "body": body,
                "attributes": {
                    "ApproximateReceiveCount": "1",
                    "SentTimestamp": str(SENT_MS),
                    "SenderId": "sender",
                    "ApproximateFirstReceiveTimestamp": str(SENT_MS),
                },
                "messageAttributes": {},
                "md5OfBody": "",
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:audit",
                "awsRegion": "us-east-1",
            }
            for n, body in enumerate(bodies)
        ]
    }


def encode_single_jobs(events: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the body of a message for each event."""
    return [json.dumps({"type": "log_event", "data": event}) for event in events]
