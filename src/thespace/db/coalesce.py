"""Write batching: while one batch commits, the next collects, so that a commit is shared by all who wait for
one.

What somebody else holds (a space whose authority is being changed, a chat locked by another process) gets a
lane in which only its own changes wait; everything else goes on.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

import structlog

from thespace.core.errors import DomainError, Unavailable
from thespace.db.database import Database
from thespace.db.dialects import Writer
from thespace.db.unit_of_work import UnitOfWork

C = TypeVar("C")
Lane = tuple[str, int]
"""What a lane waits for: `("space", id)` or `("chat", id)`."""

MAX_BATCH = 256
MAX_WAITING = 4096
MAX_TRIES = 8
BACKOFF_SECONDS = 0.005

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Deferred:
    """Instead of an answer: nothing was written, the change has to wait in a lane."""

    lane: Lane


@dataclass(slots=True, eq=False)
class Attempt(Generic[C]):
    """A change on its way.

    The writer puts into `taken` the number it gave to what it writes, if it writes anything. Of a try whose
    COMMIT was not answered it stays in `unheard`, so that the next try knows itself.
    """

    change: C
    done: asyncio.Future[Any]
    tries: int = 0
    taken: int | None = None
    unheard: int | None = None


class WriteBatch(Protocol[C]):
    """Writes a batch: returns, for each attempt, an answer, a DomainError, or Deferred.

    With `wait` (in a lane) it waits for locks and defers nothing. Events of what it wrote are emitted into
    the unit of work.
    """

    def __call__(
        self, uow: UnitOfWork, attempts: Sequence[Attempt[C]], *, wait: bool
    ) -> Awaitable[Sequence[Any]]: ...


@dataclass(slots=True)
class Coalescer(Generic[C]):
    """The batcher of one process. `lanes_of` names the lanes that a change belongs to, as far as that is
    known.
    """

    database: Database
    write: WriteBatch[C]
    lanes_of: Callable[[C], Iterable[Lane]]
    counts: Counter[str] = field(default_factory=Counter)
    _queue: list[Attempt[C]] = field(default_factory=list)
    _lanes: dict[Lane, list[Attempt[C]]] = field(default_factory=dict)
    _waiting: int = 0
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _is_running: bool = False

    async def submit(self, change: C) -> Any:
        """Return the answer to a change once it is committed, or raise its refusal.

        Raises Unavailable when too many wait, or when the database gave up: the outcome is then unknown. A
        caller that is cancelled stops waiting; the change goes on.
        """
        if self._waiting >= MAX_WAITING:
            raise Unavailable("Too many changes are waiting to be written.")
        attempt = Attempt(change, asyncio.get_running_loop().create_future())
        attempt.done.add_done_callback(_retrieve)
        self._waiting += 1
        self._queue.append(attempt)
        if not self._is_running:
            self._is_running = True
            self._start(self._run())
        return await asyncio.shield(attempt.done)

    async def close(self) -> None:
        """Wait until everything submitted is answered."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _start(self, work: Awaitable[None]) -> None:
        # A task of our own: no caller's cancellation ever reaches a driver.
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self) -> None:
        while self._queue:
            batch, self._queue = self._queue[:MAX_BATCH], self._queue[MAX_BATCH:]
            await self._settle(self._free(batch))
        self._is_running = False

    def _free(self, batch: list[Attempt[C]]) -> list[Attempt[C]]:
        """Return what waits for nobody; the rest has joined the lanes that it belongs to."""
        return [attempt for attempt in batch if not self._joined_lane(attempt)]

    def _joined_lane(self, attempt: Attempt[C]) -> bool:
        """Put a change behind those of its chat or space that wait already, so that their order is kept."""
        for lane in self.lanes_of(attempt.change):
            if lane in self._lanes:
                self._lanes[lane].append(attempt)
                return True
        return False

    def _set_aside(self, lane: Lane, attempts: list[Attempt[C]]) -> None:
        self.counts["aside"] += len(attempts)
        if lane not in self._lanes:
            self._lanes[lane] = []
            self._start(self._run_lane(lane))
        self._lanes[lane] += attempts

    async def _run_lane(self, lane: Lane) -> None:
        while batch := self._lanes[lane][:MAX_BATCH]:
            del self._lanes[lane][:MAX_BATCH]
            await self._settle(batch, in_lane=True)
        del self._lanes[lane]

    async def _settle(self, batch: list[Attempt[C]], *, in_lane: bool = False) -> None:
        """Commit a batch; a fault of ours leaves neither its callers waiting nor those who come later."""
        try:
            await self._commit(batch, in_lane=in_lane)
        except Exception as fault:
            for attempt in batch:
                self._answer(attempt, fault)

    async def _commit(self, batch: list[Attempt[C]], *, in_lane: bool = False) -> None:
        """Write a batch, whatever it takes: repeated when the database undid it, halved when a row is at
        fault.
        """
        writer = Writer.LANE if in_lane else Writer.BATCH
        while batch:
            is_committing = False
            for attempt in batch:
                attempt.taken = None
            try:
                async with self.database.unit_of_work(writer) as uow:
                    answers = await self.write(uow, batch, wait=in_lane)
                    is_committing = True
            except Exception as error:
                for attempt in batch:
                    if is_committing and attempt.taken is not None:
                        attempt.unheard = attempt.taken
                batch = await self._after(error, batch, in_lane=in_lane)
                continue
            self.counts["batches"] += 1
            self._answer_all(batch, answers)
            return

    async def _after(self, error: Exception, batch: list[Attempt[C]], *, in_lane: bool) -> list[Attempt[C]]:
        """Return what of a failed batch has to be tried again here."""
        dialect = self.database.dialect
        if dialect.is_lock_timeout(error) and not in_lane:
            self._spread(batch)
            return []
        if dialect.is_transient(error) or dialect.is_unreachable(error):
            return await self._patience(batch)
        if len(batch) == 1:
            self._answer(batch[0], error)
            return []
        half = len(batch) // 2
        await self._commit(batch[:half], in_lane=in_lane)
        # Some of the first half may wait in a lane now, and is not to be overtaken.
        return batch[half:] if in_lane else self._free(batch[half:])

    def _spread(self, batch: list[Attempt[C]]) -> None:
        """Let each chat of a batch wait alone: one of them is held, and nothing tells which."""
        for attempt in batch:
            lanes = [lane for lane in self.lanes_of(attempt.change) if lane[0] == "chat"]
            self._set_aside(lanes[0] if lanes else ("chat", 0), [attempt])

    async def _patience(self, batch: list[Attempt[C]]) -> list[Attempt[C]]:
        for attempt in batch:
            attempt.tries += 1
            if attempt.tries >= MAX_TRIES:
                self._answer(attempt, Unavailable("The database could not finish this."))
        rest = [attempt for attempt in batch if attempt.tries < MAX_TRIES]
        if rest:
            await asyncio.sleep(random.uniform(0, BACKOFF_SECONDS * 2 ** rest[0].tries))  # noqa: S311
        return rest

    def _answer_all(self, batch: list[Attempt[C]], answers: Sequence[Any]) -> None:
        self.counts["changes"] += len(batch)
        for attempt, answer in zip(batch, answers, strict=True):
            if isinstance(answer, Deferred):
                self._set_aside(answer.lane, [attempt])
            else:
                self._answer(attempt, answer)

    def _answer(self, attempt: Attempt[C], answer: Any) -> None:
        if attempt.done.done():
            return
        self._waiting -= 1
        if isinstance(answer, BaseException):
            if not isinstance(answer, DomainError):
                _log.error("change_failed", change=type(attempt.change).__name__, exc_info=answer)
            attempt.done.set_exception(answer)
        else:
            attempt.done.set_result(answer)


def _retrieve(done: asyncio.Future[Any]) -> None:
    """Look at a result nobody waits for any more, so that asyncio does not complain."""
    if not done.cancelled():
        done.exception()
