"""Everybody listens: who hears what, and above all who does not."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from tests.cast import Cast, Socket
from thespace.app import Application


@dataclass
class Ears:
    """Sockets of the whole cast, by name; `phone` is bob's second one."""

    application: Application
    sockets: dict[str, Socket]

    @classmethod
    async def of(cls, application: Application, cast: Cast, server: str, stack: AsyncExitStack) -> "Ears":
        people = {person.nickname: person for person in cast.everybody} | {"phone": cast.bob}
        opened = [await stack.enter_async_context(person.socket(server)) for person in people.values()]
        return cls(application, dict(zip(people, opened, strict=True)))

    def __getitem__(self, name: str) -> Socket:
        return self.sockets[name]

    async def settle(self) -> None:
        """Wait until everything told so far has arrived: acks queue behind it."""
        await self.application.realtime._fanout.settled()
        await asyncio.gather(*(socket.call("heartbeat", {}) for socket in self.sockets.values()))

    async def heard(self, event: str, *, by: str) -> dict[str, list[Any]]:
        """Wait until `by` hears an event, return who has heard it with which bodies, and let all forget."""
        await self[by].expect(event)
        await self.settle()
        heard = {name: socket.named(event) for name, socket in self.sockets.items() if socket.named(event)}
        for socket in self.sockets.values():
            socket.forget()
        return heard

    async def call(self, name: str, event: str, **body: Any) -> Any:
        """Send an event that has to succeed and return its data."""
        ack = await self[name].call(event, body)
        assert ack["ok"], ack
        return ack["data"]
