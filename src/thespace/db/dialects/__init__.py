"""What the two databases do differently, and nothing else."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from enum import Enum
from typing import Any, Protocol

from sqlalchemy import URL, ColumnElement
from sqlalchemy.ext.asyncio import AsyncConnection

from thespace.db.relation import Relation


class Writer(Enum):
    """Who writes. A command waits for locks; a batch hardly, because others share it; what is held is left to
    lanes, which wait again.
    """

    COMMAND = "command"
    BATCH = "batch"
    LANE = "lane"


class Dialect(Protocol):
    """A database as the rest of the program sees it."""

    name: str

    def write(self, writer: Writer = Writer.COMMAND) -> AbstractAsyncContextManager[AsyncConnection]:
        """Return a connection in a transaction that may write; it commits when the block ends well."""

    def read(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Return a connection in which all statements see one snapshot."""

    async def lock_authority(
        self, connection: AsyncConnection, space_ids: Sequence[int], *, alone: bool
    ) -> None:
        """Hold the authority of spaces until the transaction ends: shared to use it, alone to change it."""

    async def try_authority(self, connection: AsyncConnection, space_ids: Sequence[int]) -> set[int]:
        """Share the authority of spaces without ever waiting; return those somebody holds or waits for
        alone.
        """

    def relation(self, **columns: str) -> Relation:
        """Return rows as one parameter; columns by name with PostgreSQL's types."""

    def insert(self, table: Any) -> Any:
        """Return the dialect's INSERT, the one that knows ON CONFLICT."""

    def greatest(self, *values: Any) -> ColumnElement[Any]:
        """Return the larger of values."""

    def is_transient(self, error: BaseException) -> bool:
        """Tell whether the transaction was undone and may succeed when repeated (deadlock, lock timeout)."""

    def is_lock_timeout(self, error: BaseException) -> bool:
        """Tell whether a row was held by somebody else for too long."""

    def is_unreachable(self, error: BaseException) -> bool:
        """Tell whether the database could not be reached or hung up."""

    async def dispose(self) -> None:
        """Close all connections."""


def dialect_for(url: URL) -> Dialect:
    """Return the dialect that serves a database URL."""
    if url.get_backend_name() == "sqlite":
        from thespace.db.dialects.sqlite import Sqlite

        return Sqlite(url)
    from thespace.db.dialects.postgresql import Postgresql

    return Postgresql(url)
