"""Errors a person may cause or meet; each becomes one problem (RFC 9457) over HTTP and in a socket's ack.

DomainError
├── Internal            500 internal           retryable; a fault of ours, the outcome is unknown
├── Invalid             422 invalid            malformed input, `errors` point at it
├── Unauthenticated     401 unauthenticated
│   └── SessionEnded    401 session_ended
├── Forbidden           403 forbidden          params.permission names what is missing
├── NotFound            404 not_found          also: not reachable for this person
├── Conflict            409 conflict           domains derive more specific codes from it
├── TooLarge            413 too_large
├── RateLimited         429 rate_limited       retryable, params.retry_after_seconds
└── Unavailable         503 unavailable        retryable; the outcome of a write is unknown
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class FieldError:
    """Where the input is wrong: a JSON pointer into it, and a code such as `string_too_long`."""

    pointer: str
    code: str


class DomainError(Exception):
    """A refusal with a meaning. `retryable` False promises that nothing was stored."""

    status: ClassVar[int]
    code: ClassVar[str]
    title: ClassVar[str]
    retryable: ClassVar[bool] = False

    def __init__(self, detail: str = "", *, errors: Sequence[FieldError] = (), **params: Any) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.errors = tuple(errors)
        self.params = params


class Internal(DomainError):
    status, code, title = 500, "internal", "Something went wrong"
    retryable = True


class Invalid(DomainError):
    status, code, title = 422, "invalid", "The input is not valid"


class Unauthenticated(DomainError):
    status, code, title = 401, "unauthenticated", "Sign in first"


class SessionEnded(Unauthenticated):
    code, title = "session_ended", "This session has ended, sign in again"


class Forbidden(DomainError):
    status, code, title = 403, "forbidden", "You lack the permission for this"


class NotFound(DomainError):
    status, code, title = 404, "not_found", "There is no such thing here"


class Conflict(DomainError):
    status, code, title = 409, "conflict", "This conflicts with the present state"


class TooLarge(DomainError):
    status, code, title = 413, "too_large", "That is too large"


class RateLimited(DomainError):
    status, code, title = 429, "rate_limited", "Too many attempts, wait a little"
    retryable = True


class Unavailable(DomainError):
    status, code, title = 503, "unavailable", "The server is busy, try again"
    retryable = True


def problem_of(error: DomainError, request_id: str) -> dict[str, Any]:
    """Return the problem object of an error; it never contains what the person sent."""
    return {
        "type": f"urn:thespace:problem:{error.code}",
        "title": error.title,
        "status": error.status,
        "code": error.code,
        "detail": error.detail,
        "params": error.params,
        "errors": [{"pointer": e.pointer, "code": e.code} for e in error.errors],
        "retryable": error.retryable,
        "request_id": request_id,
    }


def field_errors(errors: Iterable[Mapping[str, Any]], *, prefix_length: int = 0) -> list[FieldError]:
    """Return pydantic's errors as pointers and codes, without what was sent.

    `prefix_length` is how many leading parts of the location ("body") are not part of the input itself.
    """
    return [FieldError(_pointer(error["loc"][prefix_length:]), error["type"]) for error in errors]


def _pointer(location: Iterable[Any]) -> str:
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in location)
