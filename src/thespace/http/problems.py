"""Every refusal as `application/problem+json` (RFC 9457), whoever raised it."""

from collections.abc import Mapping
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Scope

from thespace.core.errors import (
    DomainError,
    Forbidden,
    Invalid,
    NotFound,
    RateLimited,
    TooLarge,
    Unauthenticated,
    field_errors,
    problem_of,
)
from thespace.core.schemas import Output

MEDIA_TYPE = "application/problem+json"


class Problem(Output):
    """Why something was refused. `retryable` false promises that nothing was stored.

    `errors` say where the input is wrong, `{pointer, code}` each.
    """

    type: str
    title: str
    status: int
    code: str
    detail: str
    params: dict[str, Any]
    errors: list[dict[str, str]]
    retryable: bool
    request_id: str


# "default" also keeps the framework from documenting a 422 of its own.
REFUSED: dict[int | str, dict[str, Any]] = {
    "default": {"description": "A problem", "content": {MEDIA_TYPE: {"schema": Problem.model_json_schema()}}}
}


class MethodNotAllowed(DomainError):
    status, code, title = 405, "method_not_allowed", "This address does not know that method"


_BY_STATUS: Mapping[int, type[DomainError]] = {
    401: Unauthenticated,
    403: Forbidden,
    404: NotFound,
    405: MethodNotAllowed,
    413: TooLarge,
}


def problem_response(error: DomainError, scope: Scope) -> Response:
    """Return the response of an error; `scope` is where `RequestContext` left the request's id."""
    problem = problem_of(error, scope.get("state", {}).get("request_id", ""))
    headers = {"Cache-Control": "no-store"}
    if isinstance(error, Unauthenticated):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, RateLimited) and "retry_after_seconds" in error.params:
        headers["Retry-After"] = str(error.params["retry_after_seconds"])
    return Response(orjson.dumps(problem), error.status, headers, media_type=MEDIA_TYPE)


def install_problems(app: FastAPI) -> None:
    """Make an app answer every error with a problem."""

    @app.exception_handler(DomainError)
    async def domain_error(request: Request, error: DomainError) -> Response:
        return problem_response(error, request.scope)

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, error: RequestValidationError) -> Response:
        details = list(error.errors())
        if any(detail["loc"][0] == "path" for detail in details):
            return problem_response(NotFound(), request.scope)
        return problem_response(Invalid(errors=field_errors(details, prefix_length=1)), request.scope)

    @app.exception_handler(HTTPException)
    async def framework_error(request: Request, error: HTTPException) -> Response:
        kind = _BY_STATUS.get(error.status_code, Invalid)
        response = problem_response(kind(), request.scope)
        response.headers.update(error.headers or {})  # the methods that an address does know
        return response
