"""Numbers in text."""


def format_count(count: int, noun: str, plural: str | None = None) -> str:
    """Return the number and its noun, in the plural if need be.

    >>> format_count(1, "event"), format_count(0, "event"), format_count(1_200, "entry", "entries")
    ('1 event', '0 events', '1,200 entries')
    """
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def format_share(count: int, total: int) -> str:
    """Return the share in percent, or `-` if the total is 0.

    >>> format_share(1, 3), format_share(1, 1), format_share(0, 0)
    ('33.33 %', '100.00 %', '-')
    """
    return f"{100 * count / total:.2f} %" if total else "-"
