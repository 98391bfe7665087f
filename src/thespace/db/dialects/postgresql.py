"""PostgreSQL: a pool, row locks in a fixed order, and advisory locks for the authority of spaces."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import URL, ColumnElement, func, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from thespace.db.dialects import Writer
from thespace.db.json import dumps, loads
from thespace.db.relation import ArrayRelation, Relation

AUTHORITY_NAMESPACE = 5 << 48
"""Where the advisory locks of spaces live; migrations have a number outside of it."""
LOCK_TIMEOUT_MS = 2000
BATCH_LOCK_TIMEOUT_MS = 500
BATCH_SETTINGS = {
    "lock_timeout": str(BATCH_LOCK_TIMEOUT_MS),
    # Batches look rows up by their keys. On a database that was never analysed the planner would rather read
    # whole tables, as long as it believes them to be small, and prepared statements keep such plans.
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
}
LANE_SETTINGS = BATCH_SETTINGS | {"lock_timeout": str(LOCK_TIMEOUT_MS)}
_DEADLOCK, _SERIALIZATION, _LOCK_TIMEOUT = "40P01", "40001", "55P03"

# An advisory lock, not FOR SHARE on the space's row: sharers of a row do not queue behind a waiting update,
# so a ban waited for as long as people kept writing.
_LOCKS = {
    False: text(
        "SELECT pg_advisory_xact_lock_shared(:namespace + s) FROM unnest(CAST(:spaces AS bigint[])) AS s"
    ),
    True: text("SELECT pg_advisory_xact_lock(:namespace + s) FROM unnest(CAST(:spaces AS bigint[])) AS s"),
}
_TRY = text(
    "SELECT s, pg_try_advisory_xact_lock_shared(:namespace + s) FROM unnest(CAST(:spaces AS bigint[])) AS s"
)


class Postgresql:
    """PostgreSQL through asyncpg."""

    name = "postgresql"

    def __init__(self, url: URL) -> None:
        self._writer = _engine(url, {"lock_timeout": str(LOCK_TIMEOUT_MS)}, pool_size=10, ping=True)
        # A batch on a lost connection is repeated anyway; to ask first took a quarter of its round trips.
        self._batches = _engine(url, BATCH_SETTINGS, pool_size=1, ping=False)
        # A pool of their own: those who wait for long keep neither readers nor batches from a connection.
        self._lanes = _engine(url, LANE_SETTINGS, pool_size=5, ping=False)
        self._reader = self._writer.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )

    @asynccontextmanager
    async def write(self, writer: Writer = Writer.COMMAND) -> AsyncIterator[AsyncConnection]:
        """Begin in READ COMMITTED: what is read after a lock was waited for must be the present."""
        engines = {Writer.COMMAND: self._writer, Writer.BATCH: self._batches, Writer.LANE: self._lanes}
        async with engines[writer].begin() as connection:
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

    async def try_authority(self, connection: AsyncConnection, space_ids: Sequence[int]) -> set[int]:
        """Share what is free. Refused, too, when somebody only waits to have it alone: a ban is not
        starved.
        """
        rows = await connection.execute(_TRY, {"namespace": AUTHORITY_NAMESPACE, "spaces": sorted(space_ids)})
        return {space_id for space_id, is_shared in rows if not is_shared}

    def relation(self, **columns: str) -> Relation:
        """Return rows as arrays."""
        return ArrayRelation(columns)

    def insert(self, table: Any) -> Any:
        """Return PostgreSQL's INSERT."""
        return postgresql.insert(table)

    def greatest(self, *values: Any) -> ColumnElement[Any]:
        """Return `greatest`."""
        return func.greatest(*values)

    def is_transient(self, error: BaseException) -> bool:
        """Tell whether PostgreSQL undid the transaction because of another one."""
        return _sqlstate(error) in {_DEADLOCK, _SERIALIZATION, _LOCK_TIMEOUT}

    def is_lock_timeout(self, error: BaseException) -> bool:
        """Tell whether `lock_timeout` ended a statement."""
        return _sqlstate(error) == _LOCK_TIMEOUT

    def is_unreachable(self, error: BaseException) -> bool:
        """Tell whether the connection is gone: it arrives as 08..., 57P.., or as an error without a code."""
        if isinstance(error, OSError | PoolTimeoutError | InterfaceError | InternalError):
            return True
        state = _sqlstate(error)
        return state.startswith(("08", "57P", "53")) or bool(getattr(error, "connection_invalidated", False))

    async def dispose(self) -> None:
        """Close all connections."""
        await self._writer.dispose()
        await self._batches.dispose()
        await self._lanes.dispose()


def _engine(url: URL, settings: dict[str, str], *, pool_size: int, ping: bool) -> AsyncEngine:
    # JIT costs more than it saves in statements as short as ours.
    server_settings = {"jit": "off", "application_name": "thespace"} | settings
    return create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=10,
        pool_pre_ping=ping,
        json_serializer=dumps,
        json_deserializer=loads,
        hide_parameters=True,  # an exception with what people wrote would be logged
        connect_args={"timeout": 10, "server_settings": server_settings},
    )


def _sqlstate(error: BaseException) -> str:
    return str(getattr(error.orig, "sqlstate", None) or "") if isinstance(error, DBAPIError) else ""
