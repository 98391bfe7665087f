"""Column types that mean the same on both databases."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    Identity,
    Integer,
    Row,
    Select,
    TypeDecorator,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import MappedColumn, mapped_column

AnyRow = Row[*tuple[Any, ...]]
AnySelect = Select[*tuple[Any, ...]]

# SQLite numbers rows by itself only in a column declared INTEGER, which is 64 bits wide there.
BigInt = BigInteger().with_variant(Integer(), "sqlite")
Json = JSON().with_variant(JSONB(), "postgresql")


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: `timestamptz` on PostgreSQL, ISO text in UTC on SQLite, always aware in Python."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store what is aware, in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without a timezone has no place in the database")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give SQLite's naive values their timezone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value


def id_column() -> MappedColumn[int]:
    """Return a primary key that numbers itself and never uses a number twice.

    On SQLite the table also needs `NEVER_REUSED` in its `__table_args__`.
    """
    return mapped_column(BigInt, Identity(), primary_key=True)


NEVER_REUSED = {"sqlite_autoincrement": True}


def where(condition: str) -> dict[str, Any]:
    """Return the arguments that make an Index cover only the rows of a condition."""
    return {"postgresql_where": text(condition), "sqlite_where": text(condition)}
