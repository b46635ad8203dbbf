"""The events of the benchmarks: seeded, of about 600 bytes, with 20 distinct actions."""

import random
from typing import Any

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
