"""Export a log's events into files. A later run continues; `verify` checks the files offline."""
