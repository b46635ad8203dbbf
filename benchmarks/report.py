"""The report of a benchmark, as text."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One measured number, its target if it has one, and whether it meets the target."""

    name: str
    value: str
    target: str = ""
    is_met: bool | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """One benchmark: its title, its inputs and its findings."""

    title: str
    inputs: str
    findings: Sequence[Finding]

    def __str__(self) -> str:
        width = max((len(finding.name) for finding in self.findings), default=0)
        value = max((len(finding.value) for finding in self.findings), default=0)
        marks = {None: " ", True: "✓", False: "✗"}
        lines = [
            f"  {marks[row.is_met]} {row.name:{width}}  {row.value:>{value}}  {row.target}".rstrip()
            for row in self.findings
        ]
        return "\n".join([self.title, f"  {self.inputs}", *lines, ""])
