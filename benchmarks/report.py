"""What a benchmark found, as text."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One measured number; `target` is what it is held to, `is_met` None where to nothing."""

    name: str
    value: str
    target: str = ""
    is_met: bool | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """One benchmark: what was measured on which inputs, and the findings."""

    title: str
    inputs: str
    findings: Sequence[Finding]

    def __str__(self) -> str:
        width = max(len(finding.name) for finding in self.findings)
        value = max(len(finding.value) for finding in self.findings)
        marks = {None: " ", True: "✓", False: "✗"}
        lines = [
            f"  {marks[one.is_met]} {one.name:{width}}  {one.value:>{value}}  {one.target}".rstrip()
            for one in self.findings
        ]
        return "\n".join([self.title, f"  {self.inputs}", *lines, ""])
