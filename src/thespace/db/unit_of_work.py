"""A unit of work: one command's transaction, and the events to tell once it is committed."""

import hashlib
import hmac
from collections.abc import Sequence
from typing import Any

from sqlalchemy import CursorResult, Executable
from sqlalchemy.ext.asyncio import AsyncConnection

from thespace.core.events import Event
from thespace.core.ids import SpaceId
from thespace.db.dialects import Dialect
from thespace.db.types import AnyRow


class Reader:
    """A snapshot that queries read from."""

    def __init__(self, connection: AsyncConnection, dialect: Dialect) -> None:
        self._connection = connection
        self.dialect = dialect

    async def execute(self, statement: Executable, parameters: Any = None) -> CursorResult[Any]:
        """Run one statement."""
        return await self._connection.execute(statement, parameters)

    async def rows(self, statement: Executable, parameters: Any = None) -> Sequence[AnyRow]:
        """Return all rows."""
        return (await self.execute(statement, parameters)).all()

    async def row(self, statement: Executable, parameters: Any = None) -> AnyRow | None:
        """Return the only row, or None."""
        return (await self.execute(statement, parameters)).one_or_none()

    async def scalar(self, statement: Executable, parameters: Any = None) -> Any:
        """Return the first column of the first row, or None."""
        return (await self.execute(statement, parameters)).scalar()

    async def hold_authority(self, space_id: SpaceId, *, alone: bool = False) -> None:
        """Do nothing: a snapshot does not change under its reader."""


class UnitOfWork(Reader):
    """A transaction that commands write in. Only adapters open one; commands never commit."""

    def __init__(self, connection: AsyncConnection, dialect: Dialect, key: bytes) -> None:
        super().__init__(connection, dialect)
        self.events: list[Event] = []
        self._key = key

    def fingerprint(self, *parts: str) -> str:
        """Return a keyed digest of texts, which does not help whoever has the database to guess them."""
        content = "".join(f"{len(part)}:{part}" for part in parts)
        return hmac.new(self._key, content.encode(), hashlib.blake2b).hexdigest()[:32]

    def emit(self, event: Event) -> None:
        """Tell of an event once this unit is committed, and never otherwise."""
        self.events.append(event)

    async def share_authorities(self, space_ids: Sequence[SpaceId], *, wait: bool) -> set[SpaceId]:
        """Share the authority of spaces until the commit; return those that would have had to be waited for.

        With `wait` none is returned.
        """
        if not space_ids:
            return set()
        if wait:
            await self.dialect.lock_authority(self._connection, space_ids, alone=False)
            return set()
        return {SpaceId(refused) for refused in await self.dialect.try_authority(self._connection, space_ids)}

    async def hold_authority(self, space_id: SpaceId, *, alone: bool = False) -> None:
        """Hold a space's authority until the commit: shared to depend on it, alone to change it.

        Comes before every other lock. What it protects is read by a later statement, because a statement that
        waited for a lock sees all other tables as they were before the wait.
        """
        await self.dialect.lock_authority(self._connection, [space_id], alone=alone)
