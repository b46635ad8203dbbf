"""The tables of docs/cost.md: list prices of us-east-1 times the measurements of the benchmarks.

`python -m tools.cost` writes the tables into the page. `--check` fails if the page differs.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from tools import tables

PAGE: Final = Path(__file__).parent.parent / "docs" / "cost.md"
MILLION: Final = 1_000_000
GB: Final = 1_000_000_000
MONTH_HOURS: Final = 730
MONTH_MINUTES: Final = MONTH_HOURS * 60
MONTHS_KEPT: Final = 12
VOLUMES: Final = (MILLION, 1_000 * MILLION, 100_000 * MILLION)
USED: Final = 0.7  # of the provisioned capacity: the target of auto scaling

# Measured on an event of 600 bytes: `python -m benchmarks write_units checkpoint_writes`.
ITEM_BYTES: Final = 913
INDEX_BYTES: Final = {"byUser": 181, "byResource": 181, "byAction": 181, "byFailure": 196}
INDEXED: Final = {"byUser": 1.0, "byResource": 1.0, "byAction": 1.0, "byFailure": 0.05}
# Measured by `python -m benchmarks targets`: a reference is 235 bytes, in no index.
REFERENCE_BYTES: Final = 235
REFERENCE_UNITS: Final = 1
REFERENCE_GB_SECONDS: Final = 0.0006  # of the processor and of the ledger
TARGET_COUNTS: Final = (0, 1, 5, 20)
LEDGER_UNITS: Final = 0.18  # of batches of 100; 0.102 of batches of 1,000
POSITION_UNITS: Final = 0.01
OVERHEAD_BYTES: Final = 100  # DynamoDB adds them to each item and index entry
LEDGER_BYTES: Final = 63  # entry, position, and the event's part of its batch's items
PUBLISHED_BYTES: Final = 265  # entry and hashes in full tiles
PARTIAL_TILE_BYTES: Final = 128 * 265  # half a tile; each checkpoint writes one, and it stays
BATCH: Final = 100
LOG_BYTES: Final = 90  # log and metrics lines, 9 KB a batch
GB_SECONDS: Final = 0.0015  # of the processor at 1 GB and of the ledger at 0.5 GB
PACKED_REQUESTS: Final = 0.019  # to send, receive and delete; events packed by the library
MESSAGE_REQUESTS: Final = 1.2  # to send a message alone, receive and delete it in batches of ten
SEND_GB_SECONDS: Final = 0.0125  # 25 ms at 0.5 GB: `python -m benchmarks audited_reads`

SQS: Final = 0.40 / MILLION
API_REQUEST: Final = 3.50 / MILLION
LAMBDA_GB_SECOND: Final = 0.0000133334  # arm64
LAMBDA_REQUEST: Final = 0.20 / MILLION
S3_PUT: Final = 0.005 / 1_000
S3_GB: Final = 0.023
SIGNATURE: Final = 0.15 / 10_000
LOGS_GB: Final = 0.50
BACKUP_GB: Final = 0.20  # point-in-time recovery, of the table without its indexes
FIXED: Final = (
    ("twenty alarms, four of them on seventeen metrics", 3.30),
    ("nine metrics", 2.70),
    ("the signing key", 1.00),
    ("polling the queue and the stream, a checkpoint each minute", 0.90),
)


@dataclass(frozen=True, slots=True)
class TableClass:
    """A table class of DynamoDB: dollars a write unit, a provisioned unit and hour, a GB-month."""

    name: str
    write: float
    provisioned_hour: float
    gigabyte: float

    def price_provisioned_write(self) -> float:
        """Return the price of a write unit at the utilization `USED`."""
        return self.provisioned_hour / 3600 / USED


STANDARD: Final = TableClass("Standard", 0.625 / MILLION, 0.00065, 0.25)
INFREQUENT: Final = TableClass("Standard-IA", 0.78 / MILLION, 0.00081, 0.10)


def count_event_units(*, by_action: bool = True) -> float:
    """Return the write units of an event in AuditEvents and its indexes."""
    return 1 + sum(share for index, share in INDEXED.items() if by_action or index != "byAction")


def count_stored_bytes(*, by_action: bool = True) -> float:
    """Return the bytes of an event in both tables, as DynamoDB bills them."""
    entries = sum(
        share * (INDEX_BYTES[index] + OVERHEAD_BYTES)
        for index, share in INDEXED.items()
        if by_action or index != "byAction"
    )
    return ITEM_BYTES + OVERHEAD_BYTES + entries + LEDGER_BYTES


def price_publishing(events: int) -> tuple[float, float]:
    """Return the dollars for the requests of a month's checkpoints, and the GB that they store."""
    events_a_minute = events / MONTH_MINUTES
    runs = min(events, MONTH_MINUTES)
    objects = runs * 3 + 2 * events / 256
    requests = objects * S3_PUT + 2 * runs * SIGNATURE  # the checkpoint, and its time
    kept = events * PUBLISHED_BYTES + runs * min(events_a_minute, 1) * PARTIAL_TILE_BYTES
    return requests, kept / GB


def price_functions(events: int) -> float:
    """Return the dollars for the processor and the ledger for this number of events."""
    invocations = 2 * events / BATCH
    return events * GB_SECONDS * LAMBDA_GB_SECOND + invocations * LAMBDA_REQUEST


def price_logs(events: int) -> float:
    """Return the dollars for the log and metrics lines of this number of events."""
    return events * LOG_BYTES / GB * LOGS_GB


def price_month(
    events: int, table: TableClass, *, provisioned: bool, by_action: bool = True
) -> dict[str, float]:
    """Return the dollars of a month by part, when `MONTHS_KEPT` months are stored."""
    price = table.price_provisioned_write() if provisioned else table.write
    units = count_event_units(by_action=by_action) + LEDGER_UNITS + POSITION_UNITS
    kept = events * MONTHS_KEPT
    requests, published_gb = price_publishing(events)
    return {
        "queue, functions, logs": events * PACKED_REQUESTS * SQS
        + price_functions(events)
        + price_logs(events),
        "table writes": events * units * price,
        "table storage": kept * count_stored_bytes(by_action=by_action) / GB * table.gigabyte,
        "backups": kept * (ITEM_BYTES + OVERHEAD_BYTES + LEDGER_BYTES) / GB * BACKUP_GB,
        "publishing": requests + published_gb * MONTHS_KEPT * S3_GB,
        "fixed": sum(price for _, price in FIXED),
    }


def format_dollars(amount: float) -> str:
    """Format an amount: two decimals below 100 dollars, else none.

    >>> format_dollars(0.0049), format_dollars(12.345), format_dollars(1234.6)
    ('0.00', '12.35', '1,235')
    """
    return f"{amount:,.0f}" if amount >= 100 else f"{amount:,.2f}"


def format_volume(events: int) -> str:
    """Format a number of events in millions or billions.

    >>> format_volume(1_000_000), format_volume(100_000_000_000)
    ('1 M', '100 B')
    """
    return (
        f"{events // 1000 // MILLION} B" if events >= 1000 * MILLION else f"{events // MILLION} M"
    )


def format_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table. Every column but the first is aligned to the right."""
    rule = ["---", *["--:"] * (len(header) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in [header, rule, *rows])


def make_intake_table() -> str:
    """Return the table of what a million events cost at intake, on demand, without storage."""
    units = MILLION * STANDARD.write
    rows = [
        ("SQS, events packed by the library", MILLION * PACKED_REQUESTS * SQS),
        ("Lambda: processor and ledger, batches of about 100", price_functions(MILLION)),
        (
            "DynamoDB writes: table, byUser, byResource, byAction, byFailure",
            count_event_units() * units,
        ),
        ("DynamoDB writes: ledger and positions", (LEDGER_UNITS + POSITION_UNITS) * units),
        ("publishing, at 1,000 events a minute", 0.08),
        ("logs and metrics lines", price_logs(MILLION)),
    ]
    rows.append(("**sum**", sum(price for _, price in rows)))
    return format_table(["part", "$"], [[name, format_dollars(price)] for name, price in rows])


def make_monthly_table(*, by_action: bool) -> str:
    """Return the table of a month's dollars by volume, table class and capacity mode."""
    kinds = [(table, mode) for mode in (False, True) for table in (STANDARD, INFREQUENT)]
    header = ["events a month"]
    header += [f"{table.name}, {'provisioned' if mode else 'on demand'}" for table, mode in kinds]
    rows = [
        [
            format_volume(events),
            *(
                format_dollars(
                    sum(price_month(events, table, provisioned=mode, by_action=by_action).values())
                )
                for table, mode in kinds
            ),
        ]
        for events in VOLUMES
    ]
    return format_table(header, rows)


def make_parts_table() -> str:
    """Return the table of a month's parts by volume, on demand."""
    columns = [
        price_month(events, table, provisioned=False)
        for events in VOLUMES
        for table in (STANDARD, INFREQUENT)
    ]
    header = ["part"]
    header += [
        f"{format_volume(events)}, {t.name}" for events in VOLUMES for t in (STANDARD, INFREQUENT)
    ]
    rows = [[part, *(format_dollars(column[part]) for column in columns)] for part in columns[0]]
    return format_table(header, rows)


def make_fixed_table() -> str:
    """Return the table of what an installation costs without any event."""
    rows = [[name, format_dollars(price)] for name, price in FIXED]
    rows.append(["**sum**", format_dollars(sum(price for _, price in FIXED))])
    return format_table(["part", "$ a month"], rows)


def make_post_table() -> str:
    """Return the table of what a million requests to `POST /audit-logs` cost besides its events."""
    rows = [
        ("API Gateway", MILLION * API_REQUEST),
        ("the counter of the tenant's rate: a write", MILLION * STANDARD.write),
    ]
    return format_table(["part", "$"], [[name, format_dollars(price)] for name, price in rows])


def make_targets_table() -> str:
    """Return the table of what a million events with so many targets cost, on demand."""
    event_units = count_event_units() + LEDGER_UNITS + POSITION_UNITS
    rows = []
    for count in TARGET_COUNTS:
        units = event_units + count * REFERENCE_UNITS
        gb_seconds = GB_SECONDS + count * REFERENCE_GB_SECONDS
        stored = count * (REFERENCE_BYTES + OVERHEAD_BYTES) / GB * MILLION
        prices = (
            MILLION * units * STANDARD.write,
            MILLION * gb_seconds * LAMBDA_GB_SECOND,
            stored * (STANDARD.gigabyte + BACKUP_GB),
        )
        rows.append([str(count), f"{units:.2f}", *map(format_dollars, prices)])
    header = ["targets", "write units an event", "writes, $", "Lambda, $", "storage a month, $"]
    return format_table(header, rows)


def make_reads_table() -> str:
    """Return the table of what a million audited reads cost, each an event of its own."""
    units = count_event_units() + LEDGER_UNITS + POSITION_UNITS
    rows = [
        ("SQS: one message a read", MILLION * MESSAGE_REQUESTS * SQS),
        ("Lambda: the send, after the response", MILLION * SEND_GB_SECONDS * LAMBDA_GB_SECOND),
        ("Lambda: processor and ledger", price_functions(MILLION)),
        ("DynamoDB writes", MILLION * units * STANDARD.write),
        ("logs and metrics lines", price_logs(MILLION)),
    ]
    rows.append(("**sum**", sum(price for _, price in rows)))
    return format_table(["part", "$"], [[name, format_dollars(price)] for name, price in rows])


TABLES: Final = {
    "intake": make_intake_table,
    "steady": lambda: make_monthly_table(by_action=True),
    "steady without byAction": lambda: make_monthly_table(by_action=False),
    "parts": make_parts_table,
    "fixed": make_fixed_table,
    "post": make_post_table,
    "targets": make_targets_table,
    "reads": make_reads_table,
}


fill_page = partial(tables.fill_page, tables=TABLES)
main = partial(tables.update_page, PAGE, TABLES)


if __name__ == "__main__":
    sys.exit("\n".join(main(sys.argv[1:])) or None)
