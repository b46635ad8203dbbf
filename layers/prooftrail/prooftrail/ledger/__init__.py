"""The log of all events: commits, publication and proofs."""
