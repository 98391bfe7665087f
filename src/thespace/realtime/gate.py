"""What stands before python-engineio: lets through what may be a packet, and nothing else.

python-engineio fails outside of its own care on the rest: the socket lingers until its next ping, and the log
fills with tracebacks that anybody can cause.
"""

import re

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_PAYLOAD_BYTES = 128 * 1024
PATH = "/socket.io"
# Connect, disconnect and event of Socket.IO; close, pong, upgrade and its probe of Engine.IO. No binary ones:
# nothing here is binary, and their attachments would be gathered in memory without a bound.
_PACKET = re.compile(r"4[012]|(?:[135]|2probe)\Z")
_SEPARATOR = "\x1e"


class Gate:
    """ASGI middleware: hangs up on a websocket, or refuses a request, that brings anything but packets."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] == "websocket":
            receive = _packets_of(receive)
        elif scope["type"] == "http" and scope["method"] == "POST" and scope["path"].startswith(PATH):
            body = await _read(Request(scope, receive))
            if not all(map(_is_packet, body.split(_SEPARATOR))):
                return await Response("Not a packet", 400)(scope, receive, send)
            receive = _once(body)
        await self._app(scope, receive, send)


def _packets_of(receive: Receive) -> Receive:
    async def receive_packet() -> Message:
        message = await receive()
        if message["type"] == "websocket.receive" and not _is_packet(message.get("text") or ""):
            return {"type": "websocket.disconnect", "code": 1002}
        return message

    return receive_packet


def _is_packet(text: str) -> bool:
    return len(text) <= MAX_PAYLOAD_BYTES and _PACKET.match(text) is not None


async def _read(request: Request) -> str:
    """Return a body, or nothing when it is too large, no text, or never ends."""
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_PAYLOAD_BYTES:
                return ""
        return body.decode()
    except (ClientDisconnect, UnicodeDecodeError):
        return ""


def _once(body: str) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body.encode(), "more_body": False}

    return receive
