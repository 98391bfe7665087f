"""A real server around the application that can be stopped and started again: same port, same data."""

import asyncio
import socket
from contextlib import AsyncExitStack

import uvicorn

from thespace.accounts.passwords import Passwords
from thespace.app import Application
from thespace.settings import Settings


class Site:
    """What people open in their browsers."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.application: Application
        self.port = 0
        self._running = AsyncExitStack()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Serve, on the port of before if there was one."""
        secret = self.settings.secret_key.get_secret_value()
        self.application = Application(self.settings, secret, passwords=Passwords(rounds=4))
        await self._running.enter_async_context(self.application.running())
        listening = socket.create_server(("127.0.0.1", self.port))
        self.port = listening.getsockname()[1]
        config = uvicorn.Config(
            self.application.asgi,
            log_config=None,
            lifespan="off",
            ws="websockets-sansio",
            ws_per_message_deflate=False,
            timeout_graceful_shutdown=5,
        )
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        self._running.push_async_callback(_finish, server, serving)
        while not server.started:  # noqa: ASYNC110 - uvicorn tells nobody
            await asyncio.sleep(0.01)

    async def stop(self) -> None:
        """Close every connection and the application."""
        await self._running.aclose()

    async def restart(self, **settings: object) -> None:
        """Stop, and start with other settings."""
        await self.stop()
        self.settings = self.settings.model_copy(update=settings)
        await self.start()


async def _finish(server: uvicorn.Server, serving: asyncio.Task[None]) -> None:
    server.should_exit = True
    await serving
