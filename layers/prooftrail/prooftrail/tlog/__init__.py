"""A transparency log in the formats of C2SP. Nothing here knows of audit events."""
