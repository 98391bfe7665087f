"""Accidents, made to happen when a test says so."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncConnection

from thespace.db.database import Database
from thespace.db.dialects import Writer


@dataclass
class LostAnswers:
    """Lets COMMITs of batches happen and their answers get lost: the next `count` of them."""

    count: int = 0
    lost: int = 0

    def attach(self, database: Database) -> None:
        """Stand between a database's units of work and their answers."""
        dialect: Any = database.dialect
        write = dialect.write

        @asynccontextmanager
        async def losing_write(writer: Writer = Writer.COMMAND) -> AsyncIterator[AsyncConnection]:
            async with write(writer) as connection:
                yield connection
            if self.count and writer is Writer.BATCH:
                self.count -= 1
                self.lost += 1
                raise TimeoutError("the answer to COMMIT was lost")

        dialect.write = losing_write


@dataclass
class Proxy:
    """Stands between the application and PostgreSQL, and cuts connections after a COMMIT was passed on.

    The next `count` of them; what PostgreSQL answers to them is swallowed.
    """

    target: URL
    count: int = 0
    lost: int = 0
    port: int = 0
    _tasks: set["asyncio.Task[None]"] = field(default_factory=set)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[URL]:
        """Give the URL that leads through the proxy."""
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self.target.set(host="127.0.0.1", port=self.port)
        finally:
            server.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        there, back = await asyncio.open_connection(self.target.host, self.target.port)
        answers = asyncio.create_task(_pump(there, writer))
        try:
            while data := await reader.read(65536):
                is_cut = self.count > 0 and b"COMMIT" in data
                if is_cut:
                    self.count -= 1
                    answers.cancel()
                    await asyncio.gather(answers, return_exceptions=True)
                back.write(data)
                await back.drain()
                if is_cut:
                    await there.read(1)  # PostgreSQL has answered: it is committed
                    self.lost += 1
                    break
        finally:
            answers.cancel()
            await asyncio.gather(answers, return_exceptions=True)
            for each in (writer, back):
                each.close()
                with suppress(OSError):
                    await each.wait_closed()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        writer.close()
