"""What sending costs through REST and Socket.IO: servers in processes of their own, and their clients.

One of the servers has the batcher, the other one an ORM transaction per message; everything else is the same.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

import aiohttp
import socketio
from rich.progress import Progress

from bench.counting import StatementCount
from bench.served import BATCHED, ONE_BY_ONE
from bench.serving import serving
from bench.turns import Comparison, Span, Way, compare
from bench.world import PEOPLE, OpenSettings, scratch_directory, world
from bench.writing import CONTENT

TIMEOUT_SECONDS = 60
_nonces = count()


@dataclass(frozen=True, slots=True)
class _Server:
    """A server, the tokens of its people, the chat that each of them writes in, and its statements."""

    url: str
    tokens: list[str]
    chats: list[int]
    statements: StatementCount


async def sends_end_to_end(opened: OpenSettings, *, span: Span, progress: Progress) -> list[Comparison]:
    """Compare sends through both doors, by a lone sender and by many."""
    comparisons = []
    async with _served(opened, BATCHED) as ours, _served(opened, ONE_BY_ONE) as reference:
        for name, through in (("REST", _rest), ("Socket.IO", _socketio)):
            async with through(ours) as our_way, through(reference) as other_way:
                for people in (1, PEOPLE):
                    title = f"{name}, {people} sender{'s' * (people > 1)}"
                    comparisons.append(
                        await compare(title, people, our_way, other_way, span=span, progress=progress)
                    )
    return comparisons


@asynccontextmanager
async def _served(opened: OpenSettings, writer: str) -> AsyncIterator[_Server]:
    async with opened() as settings:
        async with world(settings) as here:
            people = range(PEOPLE)
            tokens, chats = [here.token_of(each) for each in people], [here.group_of(each) for each in people]
        with scratch_directory() as folder:
            counted = folder / "statements"
            with serving(settings, "bench.served", writer, str(counted)) as served:
                yield _Server(served.url, tokens, [*chats], StatementCount(counted))


@asynccontextmanager
async def _rest(server: _Server) -> AsyncIterator[Way]:
    """Give a keep-alive connection to each sender."""
    # The server hangs up on who was silent for 5 s, while it is the other one's turn.
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=2)
    timeout = aiohttp.ClientTimeout(TIMEOUT_SECONDS)
    async with aiohttp.ClientSession(server.url, connector=connector, timeout=timeout) as session:

        async def send(person: int, _: int) -> None:
            headers = {"Authorization": f"Bearer {server.tokens[person]}"}
            path = f"/messages/{server.chats[person]}"
            async with session.post(path, json=_message(), headers=headers) as answer:
                assert answer.status == 201, await answer.text()
                await answer.read()

        yield Way(send, server.statements)


@asynccontextmanager
async def _socketio(server: _Server) -> AsyncIterator[Way]:
    """Give a socket to each sender, whose group hears each of its messages."""
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(_socket(server.url, token)) for token in server.tokens]

        async def send(person: int, _: int) -> None:
            message = {"chat_id": server.chats[person], **_message()}
            answer = await sockets[person].call("send_message", message, timeout=TIMEOUT_SECONDS)
            assert answer["ok"], answer

        yield Way(send, server.statements)


@asynccontextmanager
async def _socket(url: str, token: str) -> AsyncIterator[Any]:
    socket = socketio.AsyncClient(reconnection=False)
    await socket.connect(url, auth={"token": token}, transports=["websocket"])
    try:
        yield socket
    finally:
        await socket.disconnect()


def _message() -> dict[str, str]:
    return {"content": CONTENT, "nonce": f"bench-{next(_nonces)}"}
