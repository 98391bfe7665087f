"""The door to the database: runs commands in units of work and queries in snapshots."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Concatenate, ParamSpec, TypeVar

import structlog
from sqlalchemy import URL

from thespace.core.errors import Unavailable
from thespace.core.events import Event
from thespace.db.dialects import Writer, dialect_for
from thespace.db.unit_of_work import Reader, UnitOfWork

P = ParamSpec("P")
T = TypeVar("T")
Deliver = Callable[[Sequence[Event]], None]

ATTEMPTS = 5
_log = structlog.get_logger()


class Database:
    """One process's access to the database.

    Adapters call `write(command, ...)` and `read(query, ...)`; both run the given function with a unit of
    work (or a snapshot) as its first argument. Whatever `write` returns has been committed.
    """

    def __init__(self, url: URL, deliver: Deliver, *, key: bytes) -> None:
        self.dialect = dialect_for(url)
        self._key = key
        self._deliver = deliver
        self._writing: set[asyncio.Task[Any]] = set()

    async def write(
        self, command: Callable[Concatenate[UnitOfWork, P], Awaitable[T]], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a command in a transaction, commit, hand its events to the bus, and return its result.

        Repeated when the database undid it in favour of another transaction. Raises Unavailable when the
        database cannot be reached: the outcome is then unknown.

        The transaction has a task of its own: a caller that is cancelled stops waiting, the transaction goes
        on. Cancelled inside a driver it would leave SQLite locked.
        """
        task = asyncio.create_task(self._transact(lambda uow: command(uow, *args, **kwargs)))
        self._writing.add(task)
        task.add_done_callback(self._finished)
        return await asyncio.shield(task)

    async def read(
        self, query: Callable[Concatenate[Reader, P], Awaitable[T]], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a query in one snapshot and return its result; raises Unavailable without a database."""
        try:
            async with self.dialect.read() as connection:
                return await query(Reader(connection, self.dialect), *args, **kwargs)
        except Exception as error:
            if self.dialect.is_unreachable(error):
                raise _unavailable(error) from error
            raise

    @asynccontextmanager
    async def unit_of_work(self, writer: Writer = Writer.COMMAND) -> AsyncIterator[UnitOfWork]:
        """Give a unit of work; it commits when the block ends well, and then its events are told."""
        async with self.dialect.write(writer) as connection:
            uow = UnitOfWork(connection, self.dialect, self._key)
            yield uow
        self._deliver(uow.events)

    async def close(self) -> None:
        """Wait for running transactions, then close all connections."""
        while self._writing:
            await asyncio.wait(self._writing)
        await self.dialect.dispose()

    async def _transact(self, command: Callable[[UnitOfWork], Awaitable[T]]) -> T:
        for attempt in range(ATTEMPTS):
            try:
                async with self.unit_of_work() as uow:
                    return await command(uow)
            except Exception as error:
                if self.dialect.is_transient(error):
                    await asyncio.sleep(random.uniform(0, 0.01 * 2**attempt))  # noqa: S311
                    continue
                if self.dialect.is_unreachable(error):
                    raise _unavailable(error) from error
                raise
        raise Unavailable("Others kept writing the same thing.")

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._writing.discard(task)
        if not task.cancelled():
            task.exception()  # retrieved, so that a caller who went away leaves no complaint behind


def _unavailable(error: BaseException) -> Unavailable:
    _log.warning("database_unreachable", error=repr(getattr(error, "orig", error)))
    return Unavailable("The database did not answer.")
