"""Read what looks wrong again: a log changes while it is read.

What a commit, a publication, an expiry, a clean-up or a cache has made look wrong looks right after
a grace period. Only what looks wrong in two readings is a finding.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from prooftrail.verify.findings import Finding, FindingKind
from prooftrail.verify.result import TrailResult

GRACE_SECONDS: Final = 10.0
MAX_READINGS: Final = 3


def read_until_confirmed(read: Callable[[], TrailResult], wait: Callable[[], None]) -> TrailResult:
    """Return the result of the last of up to `MAX_READINGS` readings, with `wait` between them.

    Read again as long as a reading finds something that no reading before it has found, or sees a
    publication that has not ended. The result has the findings that an earlier reading has made
    too. What the last reading has found alone is unproved.
    """
    result = read()
    seen = {finding.subject for finding in result.findings}
    fresh = result.findings
    confirmed: list[Finding] = []
    for _ in range(MAX_READINGS - 1):
        if not fresh and not result.publication_lags:
            break
        wait()
        result = read()
        fresh = [finding for finding in result.findings if finding.subject not in seen]
        confirmed = [finding for finding in result.findings if finding.subject in seen]
        seen.update(finding.subject for finding in fresh)
    result.findings = confirmed
    result.unproved += [
        replace(
            finding,
            kind=FindingKind.UNPROVED,
            detail=f"{finding.detail} (in the last reading only: verify again)",
        )
        for finding in fresh
    ]
    return result
