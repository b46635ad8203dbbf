"""A transparency log in the formats of C2SP (https://c2sp.org). It does not know audit events."""
