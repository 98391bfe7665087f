"""The embedded database: one writer behind a gate, a few readers, every commit synced to the disk."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

from sqlalchemy import URL, ColumnElement, event, func
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from thespace.db.dialects import Writer
from thespace.db.json import dumps, loads
from thespace.db.relation import JsonRelation, Relation

READERS = 4
READ_SECONDS = 5
"""A longer reader keeps the WAL from being reset: 6 s under load grew it to 407 MB."""
IDLE_SECONDS = 2
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",  # NORMAL may lose acknowledged commits when the power fails
    "foreign_keys=ON",
    "busy_timeout=5000",
    "journal_size_limit=16777216",
)


class Sqlite:
    """SQLite in WAL mode. The gate is the writers' lock, so authority needs no other one."""

    name = "sqlite"

    def __init__(self, url: URL) -> None:
        self._gate = asyncio.Lock()
        self._writer = _engine(url, "BEGIN IMMEDIATE", pool_size=1)
        self._reader = _engine(url, "BEGIN", pool_size=READERS)
        self._checkpoint: asyncio.TimerHandle | None = None
        self._checkpointing: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def write(self, writer: Writer = Writer.COMMAND) -> AsyncIterator[AsyncConnection]:
        """Wait for the gate, then begin at once as the writer: a deferred BEGIN fails when it upgrades."""
        async with self._gate, self._writer.begin() as connection:
            yield connection
        self._checkpoint_when_idle()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Begin a snapshot, bounded to READ_SECONDS."""
        async with asyncio.timeout(READ_SECONDS), self._reader.connect() as connection:
            yield connection

    async def lock_authority(
        self, connection: AsyncConnection, space_ids: Sequence[int], *, alone: bool
    ) -> None:
        """Do nothing: who is past the gate is the only writer."""

    async def try_authority(self, connection: AsyncConnection, space_ids: Sequence[int]) -> set[int]:
        """Refuse none: who is past the gate is the only writer."""
        return set()

    def relation(self, **columns: str) -> Relation:
        """Return rows as a JSON array."""
        return JsonRelation(columns)

    def insert(self, table: Any) -> Any:
        """Return SQLite's INSERT."""
        return sqlite.insert(table)

    def greatest(self, *values: Any) -> ColumnElement[Any]:
        """Return the scalar `max`."""
        return func.max(*values)

    def is_transient(self, error: BaseException) -> bool:
        """Tell whether somebody outside of this process held the file too long."""
        return _code(error) in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}

    def is_lock_timeout(self, error: BaseException) -> bool:
        """Deny it: there are no locks on rows."""
        return False

    def is_unreachable(self, error: BaseException) -> bool:
        """Tell whether a read took too long or the disk failed."""
        if isinstance(error, TimeoutError):
            return True
        is_operational = isinstance(error, DBAPIError) and isinstance(error.orig, sqlite3.OperationalError)
        # SQLITE_ERROR is a statement of ours that makes no sense.
        return is_operational and _code(error) != sqlite3.SQLITE_ERROR

    async def dispose(self) -> None:
        """Close all connections; the last one to close folds the WAL into the file."""
        if self._checkpoint is not None:
            self._checkpoint.cancel()
        if self._checkpointing is not None:
            await self._checkpointing
        await self._reader.dispose()
        await self._writer.dispose()

    def _checkpoint_when_idle(self) -> None:
        if self._checkpoint is not None:
            self._checkpoint.cancel()
        self._checkpoint = asyncio.get_running_loop().call_later(IDLE_SECONDS, self._start_checkpoint)

    def _start_checkpoint(self) -> None:
        self._checkpointing = asyncio.create_task(self._truncate_wal())

    async def _truncate_wal(self) -> None:
        # Only tidies up: a reader in the way, or a closed engine, is no harm.
        with suppress(DBAPIError):
            async with self._gate, self._writer.connect() as connection:
                raw = await connection.get_raw_connection()
                assert raw.driver_connection is not None
                await raw.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _code(error: BaseException) -> int | None:
    """Return SQLite's primary result code."""
    code = getattr(error.orig, "sqlite_errorcode", None) if isinstance(error, DBAPIError) else None
    return None if code is None else code & 0xFF


def begin_explicitly(engine: AsyncEngine, begin: str) -> None:
    """Make an engine's transactions begin with a statement of ours.

    Otherwise sqlite3 opens them by rules of its own: none at all for a SELECT or a CREATE TABLE.
    """

    @event.listens_for(engine.sync_engine, "connect")
    def leave_it_to_us(connection: Any, _record: object) -> None:
        connection.isolation_level = None

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Any) -> None:
        connection.exec_driver_sql(begin)


def _engine(url: URL, begin: str, *, pool_size: int) -> AsyncEngine:
    engine = create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        json_serializer=dumps,
        json_deserializer=loads,
        hide_parameters=True,  # an exception with what people wrote would be logged
    )
    begin_explicitly(engine, begin)

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine
