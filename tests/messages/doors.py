"""The two doors to the same commands. A test that goes through both is written once."""

import json
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

from tests.cast import Socket, Visitor

ROUTES = {
    "send_message": ("POST", "/messages/{chat_id}"),
    "edit_message": ("PATCH", "/messages/{message_id}"),
    "delete_message": ("DELETE", "/messages/{message_id}"),
    "add_reaction": ("POST", "/messages/{message_id}/reaction"),
    "mark_read": ("POST", "/chats/{chat_id}/read"),
}


@dataclass(frozen=True)
class Answer:
    """What a door answered: the data of a success, or the problem of a refusal."""

    data: Any = None
    problem: Any = None

    @property
    def code(self) -> str | None:
        return None if self.problem is None else self.problem["code"]

    @property
    def pointers(self) -> list[str]:
        return [error["pointer"] for error in self.problem["errors"]]


Door = Callable[..., Awaitable[Answer]]
"""`await door(who, event, **body)`, with the names of the socket's events and fields."""


async def rest(who: Visitor, event: str, **body: Any) -> Answer:
    """Send a request; ids go into the path, all else into the body."""
    method, path = ROUTES[event]
    address = path.format(**body)
    rest = {name: value for name, value in body.items() if f"{{{name}}}" not in path}
    # Escaped, so that lone surrogates reach the server.
    response = await who.request(
        method, address, content=json.dumps(rest), headers={"Content-Type": "application/json"}
    )
    if response.is_success:
        return Answer(data=response.json() if response.content else None)
    problem = response.json()
    assert response.headers["content-type"] == "application/problem+json"
    assert problem["status"] == response.status_code
    return Answer(problem=problem)


@dataclass
class SocketDoor:
    """Sends events, each person's through a socket of their own."""

    server: str
    stack: AsyncExitStack
    sockets: dict[int, Socket] = field(default_factory=dict)

    async def __call__(self, who: Visitor, event: str, **body: Any) -> Answer:
        if who.id not in self.sockets:
            self.sockets[who.id] = await self.stack.enter_async_context(who.socket(self.server))
        ack = await self.sockets[who.id].call(event, body)
        return Answer(data=ack["data"]) if ack["ok"] else Answer(problem=ack["problem"])
