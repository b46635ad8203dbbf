"""What to tell an operator whose tenant does not have the event."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Final

from prooftrail.cli.installation import Installation
from prooftrail.errors import AuditLogError, EventNotFoundError, EventNotInTenantError

MAX_TENANTS: Final = 100  # that are looked in: one call


@contextmanager
def explain_missing_event(installation: Installation, tenant_id: str) -> Iterator[None]:
    """Raise EventNotInTenantError in place of EventNotFoundError.

    It names the tenant that has the event, if the caller may read that tenant.
    """
    try:
        yield
    except EventNotFoundError as error:
        found_in = _find_tenant(installation, error.event_id)
        raise EventNotInTenantError(error.event_id, tenant_id, found_in) from error


def _find_tenant(installation: Installation, event_id: str) -> str | None:
    """Return the tenant that has the event, or None if no tenant that may be read has it."""
    try:
        tenants = list(islice(installation.log.list_tenants(), MAX_TENANTS))
        found = installation.reader.get_many([(tenant, event_id) for tenant in tenants])
    except AuditLogError:  # the caller may not read the ledger, or all of these tenants
        return None
    names = (tenant for tenant, event in zip(tenants, found, strict=True) if event is not None)
    return next(names, None)
