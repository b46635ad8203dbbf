"""Authorization: which routes a caller may use, and for which tenant.

API Gateway has authenticated the caller. IAM has decided which routes an IAM caller may use, and
this caller may use every tenant. A caller with a token of the user pool may use the routes of the
groups, and the tenant, that the token names. A request without either is refused: then the API was
changed so that it lets anybody in.
"""

import re
from enum import StrEnum
from typing import Final

from aws_lambda_powertools.event_handler import APIGatewayRestResolver

from prooftrail.errors import GroupMissingError, TenantForbiddenError
from prooftrail.event.keys import DEFAULT_TENANT, TENANT_PATTERN
from prooftrail.event.submitter import TOKEN_PREFIX, clean_submitter
from prooftrail.runtime.config import get_settings

TENANT_CLAIM: Final = "custom:tenantId"
GROUPS_CLAIM: Final = "cognito:groups"


class Right(StrEnum):
    """What a route takes. The value is the group of the user pool that has the right."""

    READ = "audit-readers"
    READ_PERSONAL = "audit-pii"
    SUBMIT = "audit-writers"
    AUDIT = "audit-auditors"


# Who may see personal data may see the same events without it.
_SUFFICIENT_GROUPS: Final = {
    right: frozenset({right, Right.READ_PERSONAL} if right is Right.READ else {right})
    for right in Right
}


def resolve_tenant(app: APIGatewayRestResolver, requested: str | None, right: Right) -> str:
    """Return the tenant that the caller reads, or sends events of.

    The request of an IAM caller has no authorizer. An authorizer without the claim gives no access.

    Raises:
        TenantForbiddenError: the claims name no tenant, or another tenant than `requested`; or
            the request has neither claims nor an IAM identity.
        GroupMissingError: the claims do not name a group with this right.
    """
    authorizer = app.current_event["requestContext"].get("authorizer")
    if not authorizer:
        _require_identity(app)
        return requested or DEFAULT_TENANT
    claims = authorizer.get("claims") or {}
    own = claims.get(TENANT_CLAIM)
    if not isinstance(own, str) or not re.fullmatch(TENANT_PATTERN, own):
        raise TenantForbiddenError(f"the token's claim {TENANT_CLAIM} does not name a tenant")
    if requested not in (None, own):
        raise TenantForbiddenError("tenantId is not the tenant of the token")
    if _SUFFICIENT_GROUPS[right].isdisjoint(parse_groups(claims.get(GROUPS_CLAIM))):
        raise GroupMissingError(right)
    return own


def resolve_required_tenant(
    app: APIGatewayRestResolver, requested: str | None, right: Right
) -> str | None:
    """Return the tenant of all events in the request, or None if each event names its own.

    Raises:
        TenantForbiddenError, GroupMissingError: see `resolve_tenant`.
    """
    tenant = resolve_tenant(app, requested, right)
    return tenant if requested or _has_token(app) else None


def parse_groups(claim: object) -> frozenset[str]:
    """Return the groups in a token's claim, in each form in which API Gateway passes it on.

    A token has a list. The authorizer of a REST API makes a text of it.

    >>> [sorted(parse_groups(claim)) for claim in ("a,b", "[a b]", '["a", "b"]', ["a", "b"], "a")]
    [['a', 'b'], ['a', 'b'], ['a', 'b'], ['a', 'b'], ['a']]
    """
    if isinstance(claim, list):
        return frozenset(group for group in claim if isinstance(group, str))
    if not isinstance(claim, str):
        return frozenset()
    text = claim.strip()
    if text.startswith("[") and text.endswith("]"):
        text = text[1:-1]
    groups = (group.strip("\"'") for group in re.split(r"[\s,]+", text))
    return frozenset(filter(None, groups))


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
