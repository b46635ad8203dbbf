"""The producer library: what an application audits with."""

from auditlog.client.audited import audited
from auditlog.client.changes import track_changes
from auditlog.client.context import audit_context, bind_context, current_context
from auditlog.client.installed import install, installed
from auditlog.client.masking import Masking, SecretKeys

__all__ = [
    "Masking",
    "SecretKeys",
    "audit_context",
    "audited",
    "bind_context",
    "current_context",
    "install",
    "installed",
    "track_changes",
]
