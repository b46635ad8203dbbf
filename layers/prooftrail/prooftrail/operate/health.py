"""The health of an installation's parts: checks, and the problems that they find."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

DEPLOY: Final = "deploy the template again; something changed this by hand"


class CheckStatus(StrEnum):
    """The status of a part."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as it should be, and what to do about it."""

    status: CheckStatus
    finding: str
    advice: str


def warn(finding: str, advice: str = DEPLOY) -> Problem:
    """Return a problem that may break something later."""
    return Problem(CheckStatus.WARN, finding, advice)


def fail(finding: str, advice: str = DEPLOY) -> Problem:
    """Return a problem that breaks something now."""
    return Problem(CheckStatus.FAIL, finding, advice)


@dataclass(frozen=True, slots=True)
class Check:
    """The check of one part: what was found, and what to do about it."""

    name: str
    status: CheckStatus
    finding: str
    advice: str = ""

    @classmethod
    def from_problems(cls, name: str, summary: str, problems: Iterable[Problem]) -> "Check":
        """Return a check with all problems of a part, and the status of the worst.

        >>> problem = Problem(CheckStatus.WARN, "it is old", "look")
        >>> Check.from_problems("queue", "3 waiting", [problem]).finding
        '3 waiting; it is old'
        """
        found = list(problems)
        if not found:
            return cls(name, CheckStatus.OK, summary)
        is_failing = any(problem.status is CheckStatus.FAIL for problem in found)
        findings = [summary, *(problem.finding for problem in found)]
        advice = dict.fromkeys(problem.advice for problem in found)
        return cls(
            name,
            CheckStatus.FAIL if is_failing else CheckStatus.WARN,
            "; ".join(filter(None, findings)),
            "; ".join(advice),
        )

    def to_json(self) -> dict[str, str]:
        """Return the JSON object."""
        return {
            "check": self.name,
            "verdict": self.status,
            "finding": self.finding,
            "advice": self.advice,
        }
