"""The audit event: its model, its identity, and the form in which it is stored."""
