"""Counts what reaches the database: a statement per row is found here, not by a user."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event
from sqlalchemy.ext.asyncio import AsyncEngine

from thespace.db.database import Database


class StatementLog:
    """The statements executed while it records, without BEGIN and COMMIT."""

    def __init__(self, database: Database) -> None:
        parts = vars(database.dialect).values()
        engines = [part.sync_engine for part in parts if isinstance(part, AsyncEngine)]
        # PostgreSQL's reader is the writer with options: it hears what the writer hears, twice if asked to.
        self._engines: set[Engine] = {getattr(engine, "_proxied", engine) for engine in engines}
        self.statements: list[str] = []

    def __len__(self) -> int:
        return len(self.statements)

    def clear(self) -> None:
        """Forget what was counted so far."""
        self.statements.clear()

    @contextmanager
    def recording(self) -> Iterator["StatementLog"]:
        """Record for as long as the block lasts."""
        for engine in self._engines:
            event.listen(engine, "before_cursor_execute", self._record)
        try:
            yield self
        finally:
            for engine in self._engines:
                event.remove(engine, "before_cursor_execute", self._record)

    def _record(self, _connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            self.statements.append(statement)
