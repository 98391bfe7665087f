"""Counts the statements of a process, so that another one may read the number."""

import mmap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from struct import Struct

from sqlalchemy import Engine, event

_NUMBER = Struct("q")


class StatementCount:
    """A number in a file, which processes share."""

    def __init__(self, path: Path) -> None:
        with path.open("a+b") as file:
            file.truncate(_NUMBER.size)
            self._memory = mmap.mmap(file.fileno(), _NUMBER.size)

    def __call__(self) -> int:
        """Return how many there were."""
        number: int = _NUMBER.unpack_from(self._memory)[0]
        return number

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Count the statements of all engines of this process, without BEGIN and COMMIT."""
        event.listen(Engine, "before_cursor_execute", self._count)
        try:
            yield
        finally:
            event.remove(Engine, "before_cursor_execute", self._count)

    def _count(self, _connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            _NUMBER.pack_into(self._memory, 0, self() + 1)
