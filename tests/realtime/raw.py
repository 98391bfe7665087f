"""Connections below Socket.IO, to say what no honest client says."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import websockets

from tests.cast import EVENT_SECONDS


def websocket_address(server: str) -> str:
    return f"{server.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket"


@asynccontextmanager
async def raw_websocket(
    server: str, token: str | None = None, **options: Any
) -> AsyncIterator[websockets.ClientConnection]:
    """Open a websocket that python-engineio takes for a client; with a token, one that is welcome."""
    options |= {"open_timeout": EVENT_SECONDS, "close_timeout": 1}
    async with websockets.connect(websocket_address(server), **options) as websocket:
        assert str(await _next(websocket)).startswith("0{")
        if token is not None:
            await websocket.send("40" + json.dumps({"token": token}))
            assert str(await _next(websocket)).startswith("40{")
            assert str(await _next(websocket)).startswith('42["connected"')
        yield websocket


async def ack_of(websocket: websockets.ClientConnection, packet: str) -> Any:
    """Send an event with the id 1 and return its ack; what else arrives is skipped."""
    await websocket.send(packet)
    while not (answer := str(await _next(websocket))).startswith("431"):
        pass
    [ack] = json.loads(answer.removeprefix("431"))
    return ack


async def hung_up(websocket: websockets.ClientConnection) -> None:
    """Wait until the server has closed a websocket."""
    async with asyncio.timeout(EVENT_SECONDS):
        await websocket.wait_closed()


class Polling:
    """A client that polls by hand."""

    def __init__(self, client: httpx.AsyncClient, server: str) -> None:
        self._client = client
        self._address = f"{server}/socket.io/?EIO=4&transport=polling"

    async def open(self) -> str:
        """Begin a session and return its id."""
        answer = await self._client.get(self._address)
        sid: str = json.loads(answer.text.removeprefix("0"))["sid"]
        self._address += f"&sid={sid}"
        return sid

    async def sign_in(self, token: str) -> None:
        await self.send("40" + json.dumps({"token": token}))
        heard: list[str] = []
        while not any(packet.startswith('42["connected"') for packet in heard):
            heard += await self.poll()

    async def send(self, *packets: str | bytes) -> httpx.Response:
        return await self._client.post(self._address, content=b"\x1e".join(_bytes(p) for p in packets))

    async def is_over(self) -> bool:
        return (await self._client.get(self._address)).status_code == 400

    async def poll(self) -> list[str]:
        return (await self._client.get(self._address)).text.split("\x1e")


def _bytes(packet: str | bytes) -> bytes:
    return packet.encode() if isinstance(packet, str) else packet


async def _next(websocket: websockets.ClientConnection) -> str | bytes:
    async with asyncio.timeout(EVENT_SECONDS):
        return await websocket.recv()
