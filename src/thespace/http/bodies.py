"""Bodies are checked before anything reads them: their size, and the syntax and depth of JSON."""

from collections.abc import Iterator
from typing import Any

import orjson
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from thespace.core.errors import DomainError, FieldError, Invalid, TooLarge
from thespace.core.json import MAX_DEPTH, depth_of
from thespace.http.problems import problem_response

MAX_BODY_BYTES = 128 * 1024


class StrictBodies:
    """ASGI middleware that refuses what the framework's parsers would take or fail on.

    A form has no bound there. Python's JSON takes NaN and lone surrogates, and recursion without a bound.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the body whole, check it, and hand it on."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        try:
            body = await _read(receive)
            if "json" in Headers(scope=scope).get("content-type", "").lower():
                _check(body)
        except DomainError as error:
            return await problem_response(error, scope)(scope, receive, send)
        replay = _replay(body)

        async def receive_again() -> Message:
            return next(replay, None) or await receive()

        await self._app(scope, receive_again, send)


async def _read(receive: Receive) -> bytes:
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Invalid("The request was not finished.")
        body += message.get("body", b"")
        if len(body) > MAX_BODY_BYTES:
            raise TooLarge(f"A body has at most {MAX_BODY_BYTES} bytes.", max_bytes=MAX_BODY_BYTES)
        more = message.get("more_body", False)
    return bytes(body)


def _check(body: bytes) -> None:
    if not body:
        return
    try:
        value: Any = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Invalid("The body is not valid JSON.", errors=[FieldError("", "json_invalid")]) from None
    if depth_of(value) > MAX_DEPTH:
        raise Invalid(f"JSON nests at most {MAX_DEPTH} deep.", errors=[FieldError("", "json_too_deep")])


def _replay(body: bytes) -> Iterator[Message]:
    yield {"type": "http.request", "body": body, "more_body": False}
