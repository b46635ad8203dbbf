"""The library with which an application logs audit events.

It needs boto3, pydantic and rfc8785. It blocks the application or raises in it only if it is
configured to.
"""

from prooftrail.client.aio import AsyncAuditLogger
from prooftrail.client.audited import audited
from prooftrail.client.context import audit_context, bind_context, current_context
from prooftrail.client.fields import ContextFields, EventFields, Target
from prooftrail.client.installed import get_installed, install
from prooftrail.client.logger import AuditLogger
from prooftrail.client.sending.delivery import Delivery
from prooftrail.client.sending.limits import Limits
from prooftrail.client.values.changes import track_changes
from prooftrail.client.values.masking import Masking, SecretKeys
from prooftrail.event.model import ActorType, AuditAction

__all__ = [
    "ActorType",
    "AsyncAuditLogger",
    "AuditAction",
    "AuditLogger",
    "ContextFields",
    "Delivery",
    "EventFields",
    "Limits",
    "Masking",
    "SecretKeys",
    "Target",
    "audit_context",
    "audited",
    "bind_context",
    "current_context",
    "get_installed",
    "install",
    "track_changes",
]
