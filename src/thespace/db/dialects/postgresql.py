"""PostgreSQL: a pool, row locks in a fixed order, and advisory locks for the authority of spaces."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import URL, ColumnElement, func, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from thespace.db.json import dumps, loads

AUTHORITY_NAMESPACE = 5 << 48
"""Where the advisory locks of spaces live; migrations have a number outside of it."""
LOCK_TIMEOUT_MS = 2000
_DEADLOCK, _SERIALIZATION, _LOCK_TIMEOUT = "40P01", "40001", "55P03"

# An advisory lock, not FOR SHARE on the space's row: sharers of a row do not queue behind a waiting update,
# so a ban waited for as long as people kept writing.
_LOCKS = {
    False: text(
        "SELECT pg_advisory_xact_lock_shared(:namespace + s) FROM unnest(CAST(:spaces AS bigint[])) AS s"
    ),
    True: text("SELECT pg_advisory_xact_lock(:namespace + s) FROM unnest(CAST(:spaces AS bigint[])) AS s"),
}


class Postgresql:
    """PostgreSQL through asyncpg."""

    name = "postgresql"

    def __init__(self, url: URL) -> None:
        self._writer = create_async_engine(
            url,
            pool_size=10,
            max_overflow=10,
            pool_timeout=10,
            pool_pre_ping=True,
            json_serializer=dumps,
            json_deserializer=loads,
            hide_parameters=True,  # an exception with what people wrote would be logged
            connect_args={
                "timeout": 10,
                # JIT costs more than it saves in statements as short as ours.
                "server_settings": {
                    "lock_timeout": str(LOCK_TIMEOUT_MS),
                    "jit": "off",
                    "application_name": "thespace",
                },
            },
        )
        self._reader = self._writer.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Begin in READ COMMITTED: what is read after a lock was waited for must be the present."""
        async with self._writer.begin() as connection:
            yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Begin a read-only snapshot."""
        async with self._reader.connect() as connection:
            yield connection

    async def lock_authority(
        self, connection: AsyncConnection, space_ids: Sequence[int], *, alone: bool
    ) -> None:
        """Take the transaction-scoped advisory locks of spaces, ascending."""
        await connection.execute(
            _LOCKS[alone], {"namespace": AUTHORITY_NAMESPACE, "spaces": sorted(space_ids)}
        )

    def insert(self, table: Any) -> Any:
        """Return PostgreSQL's INSERT."""
        return postgresql.insert(table)

    def greatest(self, *values: Any) -> ColumnElement[Any]:
        """Return `greatest`."""
        return func.greatest(*values)

    def is_transient(self, error: BaseException) -> bool:
        """Tell whether PostgreSQL undid the transaction because of another one."""
        return _sqlstate(error) in {_DEADLOCK, _SERIALIZATION, _LOCK_TIMEOUT}

    def is_unreachable(self, error: BaseException) -> bool:
        """Tell whether the connection is gone: it arrives as 08..., 57P.., or as an error without a code."""
        if isinstance(error, OSError | PoolTimeoutError | InterfaceError | InternalError):
            return True
        state = _sqlstate(error)
        return state.startswith(("08", "57P", "53")) or bool(getattr(error, "connection_invalidated", False))

    async def dispose(self) -> None:
        """Close all connections."""
        await self._writer.dispose()


def _sqlstate(error: BaseException) -> str:
    return str(getattr(error.orig, "sqlstate", None) or "") if isinstance(error, DBAPIError) else ""
