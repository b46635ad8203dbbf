"""The producer library: what an application logs audit events with.

It needs boto3, pydantic and rfc8785, and never holds up or fails the application that logs.
"""

from auditlog.client.aio import AsyncAuditLogger
from auditlog.client.audited import audited
from auditlog.client.changes import track_changes
from auditlog.client.context import audit_context, bind_context, current_context
from auditlog.client.fields import ContextFields, EventFields
from auditlog.client.installed import install, installed
from auditlog.client.logger import AuditLogger
from auditlog.client.masking import Masking, SecretKeys
from auditlog.client.sender import Delivery, Limits
from auditlog.event import AuditAction

__all__ = [
    "AsyncAuditLogger",
    "AuditAction",
    "AuditLogger",
    "ContextFields",
    "Delivery",
    "EventFields",
    "Limits",
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
