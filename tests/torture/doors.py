"""The two doors as clients use them who know what an unanswered request means: nothing."""

import asyncio
import itertools
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

import httpx
import websockets

from tests.messages.doors import ROUTES

ANSWER_SECONDS = 60
Hear = Callable[[str, Any], None]


class Unknown(Exception):
    """What became of it is not known: retry."""


@dataclass(frozen=True)
class Refused(Exception):
    """Definitely not done."""

    status: int
    code: str


class Door(Protocol):
    async def __call__(self, event: str, **body: Any) -> Any:
        """Return the data of a success, or raise Unknown or Refused."""


@dataclass(frozen=True)
class Rest:
    """Requests of one person."""

    client: httpx.AsyncClient
    address: Callable[[], str]
    token: Callable[[], str]

    async def __call__(self, event: str, **body: Any) -> Any:
        method, path = ROUTES[event]
        rest = {name: value for name, value in body.items() if f"{{{name}}}" not in path}
        return await self.request(method, path.format(**body), json=rest if method != "DELETE" else None)

    async def request(self, method: str, path: str, **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.token()}"}
        try:
            answer = await self.client.request(
                method, self.address() + path, headers=headers, timeout=ANSWER_SECONDS, **options
            )
            return _judged(answer)
        except httpx.TransportError as error:
            raise Unknown(repr(error)) from error


def _judged(answer: httpx.Response) -> Any:
    if answer.is_success:
        return answer.json() if answer.content else None
    if answer.status_code >= 500 or answer.json()["retryable"]:
        raise Unknown(f"{answer.status_code} {answer.text}")
    raise Refused(answer.status_code, answer.json()["code"])


@dataclass
class Socket:
    """A Socket.IO connection by hand: cheaper than the library's, and its end is known at once."""

    websocket: websockets.ClientConnection
    hear: Hear
    _ids: "itertools.count[int]" = field(default_factory=itertools.count)
    _acks: dict[int, "asyncio.Future[Any]"] = field(default_factory=dict)
    _welcome: asyncio.Event = field(default_factory=asyncio.Event)
    _reading: "asyncio.Task[None] | None" = None

    @property
    def is_open(self) -> bool:
        """Tell whether the server is still there, as far as anybody knows."""
        return self._reading is not None and not self._reading.done()

    @classmethod
    async def open(cls, address: str, token: str, hear: Hear) -> "Socket":
        """Connect and wait until the server has said that its events arrive from now on; or raise Unknown."""
        url = f"{address.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket"
        try:
            websocket = await websockets.connect(url, open_timeout=ANSWER_SECONDS, compression=None)
            await websocket.send("40" + json.dumps({"token": token}))
        except (OSError, websockets.WebSocketException) as error:
            raise Unknown(repr(error)) from error
        socket = cls(websocket, hear)
        socket._reading = asyncio.create_task(socket._read())
        with suppress(TimeoutError):
            await asyncio.wait_for(socket._welcome.wait(), ANSWER_SECONDS)
        if not socket.is_open or not socket._welcome.is_set():
            await websocket.close()
            raise Unknown("was not welcome")
        return socket

    async def __call__(self, event: str, **body: Any) -> Any:
        number = next(self._ids)
        ack = self._acks[number] = asyncio.get_running_loop().create_future()
        try:
            await self.websocket.send(f"42{number}" + json.dumps([event, body]))
            answer = await asyncio.wait_for(ack, ANSWER_SECONDS)
        except (OSError, websockets.WebSocketException) as error:
            raise Unknown(repr(error)) from error
        finally:
            self._acks.pop(number, None)
        if answer["ok"]:
            return answer["data"]
        problem = answer["problem"]
        if problem["retryable"] or problem["status"] >= 500:
            raise Unknown(str(problem))
        raise Refused(problem["status"], problem["code"])

    async def close(self) -> None:
        await self.websocket.close()

    async def _read(self) -> None:
        with suppress(OSError, websockets.WebSocketException):
            async for packet in self.websocket:
                await self._take(str(packet))
        for ack in self._acks.values():
            if not ack.done():
                ack.set_exception(ConnectionError("the socket is gone"))
        self._welcome.set()

    async def _take(self, packet: str) -> None:
        if packet == "2":
            await self.websocket.send("3")
        elif packet.startswith("42"):
            name, body = json.loads(packet[2:])
            if name == "connected":
                self._welcome.set()
            self.hear(name, body)
        elif packet.startswith("43"):
            number, bracket, rest = packet[2:].partition("[")
            ack = self._acks.get(int(number))
            if ack is not None and not ack.done():
                [answer] = json.loads(bracket + rest)
                ack.set_result(answer)
