"""Many rows as one parameter, so that a statement's text is the same for any number of them.

A text that grew with the rows would be compiled, and on PostgreSQL prepared and planned, for every number
anew.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

import orjson
from sqlalchemy import BigInteger, TextualSelect, column, text

_OPTIONS = orjson.OPT_PASSTHROUGH_DATETIME
Rows = Sequence[tuple[Any, ...]]


class Relation(Protocol):
    """Rows with named columns; `sql` stands in a FROM clause under the name `r`."""

    sql: str
    names: tuple[str, ...]

    def bind(self, rows: Rows) -> dict[str, Any]:
        """Return the parameters that carry rows."""


class JsonRelation:
    """SQLite: one JSON array of arrays."""

    def __init__(self, columns: dict[str, str]) -> None:
        self.names = tuple(columns)
        # Two relations may stand in one statement.
        self._parameter = "_".join(columns)
        items = ", ".join(f"value->>{place} AS {name}" for place, name in enumerate(columns))
        self.sql = f"(SELECT {items} FROM json_each(:{self._parameter})) AS r"

    def bind(self, rows: Rows) -> dict[str, Any]:
        """Return the array; moments are written as the column type stores them."""
        return {self._parameter: orjson.dumps(rows, default=_as_stored, option=_OPTIONS).decode()}


class ArrayRelation:
    """PostgreSQL: an array for each column."""

    def __init__(self, columns: dict[str, str]) -> None:
        self.names = tuple(columns)
        arrays = ", ".join(f"CAST(:{name} AS {type_}[])" for name, type_ in columns.items())
        self.sql = f"unnest({arrays}) AS r({', '.join(columns)})"

    def bind(self, rows: Rows) -> dict[str, Any]:
        """Return the arrays."""
        return {name: [row[place] for row in rows] for place, name in enumerate(self.names)}


def numbers(relation: Relation) -> TextualSelect:
    """Return a select of a relation whose columns are all numbers: for `in_`, or as a subquery to join."""
    names = ", ".join(relation.names)
    return text(f"SELECT {names} FROM {relation.sql}").columns(
        *(column(name, BigInteger) for name in relation.names)
    )


def _as_stored(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    raise TypeError(f"{type(value).__name__} has no place in a relation")
