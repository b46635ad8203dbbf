"""Authorization: which tenant a caller may read, and send events of.

API Gateway has authenticated the caller. An IAM caller may use every tenant. A caller with a token
of the user pool may use the tenant that the token names. A request without either is refused: then
the API was changed so that it lets anybody in.
"""

import re
from typing import Final

from aws_lambda_powertools.event_handler import APIGatewayRestResolver

from prooftrail.errors import TenantForbiddenError
from prooftrail.event.keys import DEFAULT_TENANT, TENANT_PATTERN
from prooftrail.event.submitter import TOKEN_PREFIX, clean_submitter
from prooftrail.runtime.config import get_settings

TENANT_CLAIM: Final = "custom:tenantId"


def resolve_tenant(app: APIGatewayRestResolver, requested: str | None) -> str:
    """Return the tenant that the caller reads, or sends events of.

    The request of an IAM caller has no authorizer. An authorizer without the claim gives no access.

    Raises:
        TenantForbiddenError: the claims name no tenant, or another tenant than `requested`; or
            the request has neither claims nor an IAM identity.
    """
    authorizer = app.current_event["requestContext"].get("authorizer")
    if not authorizer:
        _require_identity(app)
        return requested or DEFAULT_TENANT
    own = (authorizer.get("claims") or {}).get(TENANT_CLAIM)
    if not isinstance(own, str) or not re.fullmatch(TENANT_PATTERN, own):
        raise TenantForbiddenError(f"the token's claim {TENANT_CLAIM} does not name a tenant")
    if requested not in (None, own):
        raise TenantForbiddenError("tenantId is not the tenant of the token")
    return own


def resolve_required_tenant(app: APIGatewayRestResolver, requested: str | None) -> str | None:
    """Return the tenant of all events in the request, or None if each event names its own.

    Raises:
        TenantForbiddenError: see `resolve_tenant`.
    """
    tenant = resolve_tenant(app, requested)
    return tenant if requested or _has_token(app) else None


def find_submitter(app: APIGatewayRestResolver) -> str | None:
    """Return who sends the request: an ARN, or `token:` and the token's subject; None if unknown.

    API Gateway sets both. The caller cannot.
    """
    context = app.current_event["requestContext"]
    if authorizer := context.get("authorizer"):
        subject = (authorizer.get("claims") or {}).get("sub")
        return clean_submitter(f"{TOKEN_PREFIX}{subject}") if isinstance(subject, str) else None
    arn = (context.get("identity") or {}).get("userArn")
    return clean_submitter(arn) if isinstance(arn, str) else None


def require_iam_caller(app: APIGatewayRestResolver) -> None:
    """Refuse callers who may read one tenant only.

    Raises:
        TenantForbiddenError: the caller has a token, or no IAM identity.
    """
    if _has_token(app):
        raise TenantForbiddenError(
            "tiles name the events of every tenant: send the request as an IAM caller"
        )
    _require_identity(app)


def _require_identity(app: APIGatewayRestResolver) -> None:
    """Refuse a request that API Gateway has not authenticated. `sam local` authenticates none.

    Raises:
        TenantForbiddenError: the request has no IAM identity.
    """
    identity = app.current_event["requestContext"].get("identity") or {}
    if not identity.get("userArn") and not get_settings().is_sam_local:
        raise TenantForbiddenError(
            "the request has neither a token nor an IAM identity: sign it with Signature V4"
        )


def _has_token(app: APIGatewayRestResolver) -> bool:
    return bool(app.current_event["requestContext"].get("authorizer"))
