"""Export a log's events into files. A later run continues them; `verify` checks them offline."""
