"""The HTTP edge: parameters, authorization, responses, errors.

A function of the API makes one resolver and adds its routes. `parameters`, `callers` and
`responses` hold the parts.
"""

from typing import Any, Final

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.middlewares import NextMiddleware
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError

from prooftrail.errors import InvalidQueryError, Problem
from prooftrail.runtime.parameters import describe_problem
from prooftrail.runtime.responses import respond_with_error

_SHOWN_LENGTH: Final = 100


def make_resolver() -> APIGatewayRestResolver:
    """Return a resolver that checks every parameter and turns every exception into a response."""
    app = APIGatewayRestResolver(enable_validation=True)
    app.use([_refuse_unknown_parameters])

    @app.exception_handler(Exception)  # type: ignore[untyped-decorator]
    def _respond_to_exception(error: Exception) -> Response[str]:
        if isinstance(error, RequestValidationError):
            problems = [describe_problem(detail) for detail in error.errors()]
            error = InvalidQueryError([*problems, *_find_unknown_parameters(app)])
        return respond_with_error(error)

    return app


def _refuse_unknown_parameters(
    app: APIGatewayRestResolver, next_middleware: NextMiddleware
) -> Response[Any]:
    """Refuse a parameter that the route does not have: a typing error must not widen a query.

    Respond 404 for a path that ends with a line feed, which Powertools would ignore, and for
    another route than API Gateway has chosen. IAM has decided by the path as it was sent.
    Powertools chooses by the decoded one, in which a part of an id can have become `/unmasked`.
    """
    event, route = app.current_event, app.context["_route"]
    # For an unknown path Powertools runs a route of its own. It responds 404, whatever is asked.
    is_registered = route in (*app._static_routes, *app._dynamic_routes)
    is_chosen = event.resource.endswith("+}") or event.resource == _make_resource(route.path)
    if event.path.endswith("\n") or (is_registered and not is_chosen):
        raise NotFoundError
    if is_registered and (unknown := _find_unknown_parameters(app)):
        raise InvalidQueryError(unknown)
    return next_middleware(app)


def _make_resource(path: str) -> str:
    """Return the path of a route as API Gateway writes it.

    >>> _make_resource("/audit-logs/<id>/unmasked")
    '/audit-logs/{id}/unmasked'
    """
    return path.replace("<", "{").replace(">", "}")


def _find_unknown_parameters(app: APIGatewayRestResolver) -> list[Problem]:
    known = {parameter.alias for parameter in app.context["_route"].dependant.query_params}
    given = app.current_event.resolved_query_string_parameters
    return [
        Problem(name[:_SHOWN_LENGTH], "is not a parameter of this route")
        for name in sorted(given.keys() - known)
    ]
