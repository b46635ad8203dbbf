"""The report of a soak: what a person wants to know, at 80 columns."""

import resource
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from soak.checks import Outcome
from soak.network import CRASHES, Fault

WIDTH = 80
SHOWN = 5  # examples of a broken promise
MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers of a run; times are in seconds, `peaks` in bytes and `most_calls` by function."""

    seed: int
    sent: int
    messages_retried: int
    poison: Mapping[str, int]
    faults: Mapping[Fault, int]
    outages: int
    deaths: Mapping[str, int]
    invocations: Mapping[str, int]
    commands: Mapping[str, int]
    peaks: Mapping[str, int]
    most_calls: Mapping[str, int]
    attacks: int
    missed: tuple[str, ...]
    removed: int
    expired: int
    seconds: float
    simulated_seconds: float


def format_report(outcome: Outcome, figures: Figures) -> str:
    """Return the report, with a last line that says whether the promises held."""
    lines = [
        *_format_events(outcome, figures),
        "",
        *_format_reasons(outcome),
        "",
        *_format_promises(outcome, figures),
        "",
        *_format_faults(figures),
        "",
        *_format_functions(figures),
        "",
        _format_time(figures),
        *_format_verdict(outcome, figures),
    ]
    return "\n".join(lines)


def _format_events(outcome: Outcome, figures: Figures) -> Iterable[str]:
    yield "Events"
    yield _row("sent", figures.sent, "valid events that the queue accepted")
    yield _row("stored", outcome.stored, "with poison that is valid, and orders")
    yield _row("duplicates absorbed", outcome.duplicates, "sent again, stored and counted once")
    yield _row("removed", figures.removed, "by clean-ups, each by an order")
    yield _row("expired", figures.expired, "by the retention")
    yield _row("poison", sum(figures.poison.values()), f"messages of {len(figures.poison)} kinds")
    yield _row("dead letters", sum(outcome.quarantined.values()), "each with its reason")
    yield _row("retries", figures.messages_retried, "messages that came again")


def _format_reasons(outcome: Outcome) -> Iterable[str]:
    yield "Quarantined by reason, the most frequent of each kind"
    by_kind: dict[str, Counter[str]] = {}
    for (kind, reason), count in outcome.quarantined.items():
        by_kind.setdefault(kind, Counter())[reason] += count
    for kind, reasons in sorted(by_kind.items(), key=lambda pair: -pair[1].total()):
        yield _cut(f"  {kind:<24}{reasons.total():>9,}  {reasons.most_common(1)[0][0]}")


def _format_promises(outcome: Outcome, figures: Figures) -> Iterable[str]:
    yield "Promises"
    rows: Sequence[tuple[str, int, str]] = (
        ("lost", len(outcome.lost), "neither stored nor in the dead letters"),
        ("stored twice", len(outcome.stored_twice), "one event in two items"),
        ("changed", len(outcome.changed), "stored with other content than sent"),
        ("wrong counts", len(outcome.wrong_counts), "counters that a recount contradicts"),
        ("without a reason", len(outcome.without_reason), "dead letters"),
        ("leaks", len(outcome.leaks), "events in another tenant's answer"),
        ("wrong submitters", len(outcome.wrong_submitters), "stored without who sent them"),
        ("false alarms", len(outcome.false_alarms), "evidence without an attack"),
        ("not verified", len(outcome.unverified), "the log, at the end"),
    )
    for name, count, text in rows:
        yield _row(name, count, text, mark="✓" if count == 0 else "✗")
    missed = len(figures.missed)
    text = f"of {figures.attacks} attacks at the end were not named"
    yield _row("missed", missed, text, mark="✓" if missed == 0 else "✗")


def _format_faults(figures: Figures) -> Iterable[str]:
    yield "Faults"
    for fault, count in sorted(figures.faults.items(), key=lambda pair: -pair[1]):
        if fault not in CRASHES:
            yield _row(str(fault), count)
    yield _row("functions died", sum(figures.deaths.values()), "before or after a call, timed out")
    yield _row("outages", figures.outages, "of a service, 10 s to an hour")


def _format_functions(figures: Figures) -> Iterable[str]:
    yield "Functions            invocations   deaths   most calls   peak memory"
    for name, count in sorted(figures.invocations.items()):
        peak = figures.peaks.get(name)
        text = f"{peak / MEBIBYTE:>8.1f} MiB" if peak else "       -"
        deaths, calls = figures.deaths.get(name, 0), figures.most_calls.get(name, 0)
        yield f"  {name:<19}{count:>11,}{deaths:>9,}{calls:>13,}   {text}"
    yield f"  {'all, with the AWS':<55}{_measure_memory():>8,} MiB"
    commands = Counter(figures.commands).most_common()
    yield "Commands meanwhile"
    line = " "
    for name, count in commands:
        part = f" {name} {count:,};"
        if len(line) + len(part) > WIDTH:
            yield line
            line = " "
        line += part
    yield line.rstrip(";")


def _format_time(figures: Figures) -> str:
    minutes, rest = divmod(round(figures.seconds), 60)
    time = f"{minutes} min {rest} s" if minutes else f"{rest} s"
    rate = figures.sent / max(figures.seconds, 0.001)
    days = figures.simulated_seconds / 86_400
    return f"{time}, {rate:,.0f} events a second; {days:.1f} simulated days; seed {figures.seed}"


def _format_verdict(outcome: Outcome, figures: Figures) -> Iterable[str]:
    broken = dict(outcome.broken)
    if figures.missed:
        broken["attacks not named"] = list(figures.missed)
    if not broken:
        yield "Every promise held."
        return
    yield f"Broken: {', '.join(broken)}."
    for name, found in broken.items():
        yield f"  {name}:"
        yield from (f"    {each}" for each in found[:SHOWN])
        if len(found) > SHOWN:
            yield f"    and {len(found) - SHOWN:,} more"


def _measure_memory() -> int:
    """Return the peak of this process, moto and its tables included, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def is_kept(outcome: Outcome, figures: Figures) -> bool:
    """Return whether every promise held."""
    return not outcome.broken and not figures.missed


def _row(name: str, count: int, text: str = "", mark: str = " ") -> str:
    return _cut(f"{mark} {name:<22}{count:>11,}  {text}".rstrip())


def _cut(text: str) -> str:
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 1]}…"
