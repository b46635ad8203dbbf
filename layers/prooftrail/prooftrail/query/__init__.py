"""The read side: filters, pages, statistics and reports."""
