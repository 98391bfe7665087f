"""Batches: what shares a commit, what is repeated, what fails alone, and what has to wait for whom."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from thespace.core.errors import Conflict, Unavailable
from thespace.db import coalesce
from thespace.db.coalesce import MAX_BATCH, MAX_TRIES, Attempt, Coalescer, Deferred, Lane
from thespace.db.database import Database
from thespace.db.dialects import Writer
from thespace.db.unit_of_work import UnitOfWork


class Undone(Exception):
    """The database chose another transaction."""


class HeldTooLong(Exception):
    """The database waited for a row long enough."""


class Gone(Exception):
    """The connection is gone."""


class Wrong(Exception):
    """The database cannot store this."""


class Dialect:
    def is_transient(self, error: Exception) -> bool:
        return isinstance(error, Undone | HeldTooLong)

    def is_lock_timeout(self, error: Exception) -> bool:
        return isinstance(error, HeldTooLong)

    def is_unreachable(self, error: Exception) -> bool:
        return isinstance(error, Gone)


@dataclass(frozen=True)
class Change:
    """The `number`th change of a chat, whose space is the one with the chat's tens."""

    chat: int
    number: int

    @property
    def space(self) -> int:
        return self.chat // 10


@dataclass
class Stage:
    """A coalescer over a database that does as it is told.

    `errors` are raised in place of the next commits; None lets one pass. `lost` ones happened all the same.
    """

    dialect: Dialect = field(default_factory=Dialect)
    errors: list[Exception | None] = field(default_factory=list)
    lost: list[Exception | None] = field(default_factory=list)
    poison: set[Change] = field(default_factory=set)
    held_chats: dict[int, asyncio.Event] = field(default_factory=dict)
    held_spaces: dict[int, asyncio.Event] = field(default_factory=dict)
    tried: list[tuple[list[Change], bool]] = field(default_factory=list)
    committed: list[list[Change]] = field(default_factory=list)
    unheard: dict[Change, Any] = field(default_factory=dict)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    begun: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.go_on.set()
        self.coalescer: Coalescer[Change] = Coalescer(cast(Database, self), self.write, self.lanes_of)

    def lanes_of(self, change: Change) -> Iterable[Lane]:
        yield "chat", change.chat
        yield "space", change.space

    @asynccontextmanager
    async def unit_of_work(self, _writer: Writer) -> AsyncIterator[UnitOfWork]:
        batch: list[Change] = []
        yield cast(UnitOfWork, batch)
        if self.errors and (error := self.errors.pop(0)):
            raise error
        self.committed.append(batch)
        if self.lost and (error := self.lost.pop(0)):
            raise error

    async def write(self, uow: UnitOfWork, attempts: Sequence[Attempt[Change]], *, wait: bool) -> list[Any]:
        changes = [attempt.change for attempt in attempts]
        self.tried.append((changes, wait))
        self.begun.set()
        await self.go_on.wait()
        for change in changes:
            if chat := self.held_chats.get(change.chat):
                await self._wait_or(chat, wait, HeldTooLong())
        answers = [await self._write(change, wait=wait) for change in changes]
        for attempt, answer in zip(attempts, answers, strict=True):
            attempt.taken = attempt.change.number if answer is attempt.change else None
        if self.poison & set(changes):
            raise Wrong
        self.unheard |= {attempt.change: attempt.unheard for attempt in attempts}
        written = [change for change, answer in zip(changes, answers, strict=True) if answer is change]
        cast(list[Change], uow).extend(written)
        return answers

    async def _write(self, change: Change, *, wait: bool) -> Change | Deferred:
        if space := self.held_spaces.get(change.space):
            if not wait:
                return Deferred(("space", change.space))
            await space.wait()
        return change

    async def _wait_or(self, event: asyncio.Event, wait: bool, error: Exception) -> None:
        if wait:
            await event.wait()
        elif not event.is_set():
            raise error

    def submit(self, *changes: Change) -> list["asyncio.Task[Any]"]:
        return [asyncio.create_task(self.coalescer.submit(change)) for change in changes]

    async def submit_all(self, changes: Iterable[Change]) -> list[Any]:
        return await asyncio.gather(*self.submit(*changes), return_exceptions=True)

    def order_in(self, chat: int) -> list[int]:
        """Return the numbers of a chat's changes in the order of their commits."""
        return [change.number for batch in self.committed for change in batch if change.chat == chat]


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    monkeypatch.setattr(coalesce, "BACKOFF_SECONDS", 0)
    return Stage()


def changes(count: int, chat: int = 1, first: int = 0) -> list[Change]:
    return [Change(chat, number) for number in range(first, first + count)]


async def until(is_so: Callable[[], bool]) -> None:
    """Let everybody else run until something is so."""
    async with asyncio.timeout(10):
        while not is_so():  # noqa: ASYNC110 - the coalescer tells nobody but its callers
            await asyncio.sleep(0)


async def test_a_lone_change_is_a_batch_of_one_at_once(stage: Stage) -> None:
    assert await stage.coalescer.submit(Change(1, 0)) == Change(1, 0)
    assert stage.committed == [[Change(1, 0)]]


async def test_while_one_batch_commits_the_next_collects(stage: Stage) -> None:
    stage.go_on.clear()
    first = stage.submit(Change(1, 0))
    await stage.begun.wait()
    rest = stage.submit(*changes(50, first=1))
    await until(lambda: len(stage.coalescer._queue) == 50)
    stage.go_on.set()
    assert await asyncio.gather(*first, *rest) == changes(51)
    assert [len(batch) for batch in stage.committed] == [1, 50]


async def test_a_batch_has_a_bound(stage: Stage) -> None:
    stage.go_on.clear()
    answers = stage.submit(*changes(3 * MAX_BATCH))
    await until(lambda: stage.coalescer._waiting == 3 * MAX_BATCH)
    stage.go_on.set()
    await asyncio.gather(*answers)
    assert max(len(batch) for batch in stage.committed) == MAX_BATCH
    assert stage.order_in(1) == list(range(3 * MAX_BATCH))


async def test_a_full_queue_refuses_retryably_and_takes_more_when_there_is_room(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coalesce, "MAX_WAITING", 10)
    stage.go_on.clear()
    waiting = stage.submit(*changes(10))
    await until(lambda: stage.coalescer._waiting == 10)
    with pytest.raises(Unavailable) as refusal:
        await stage.coalescer.submit(Change(1, 10))
    assert (refusal.value.status, refusal.value.retryable) == (503, True)
    stage.go_on.set()
    assert await asyncio.gather(*waiting) == changes(10)
    assert await stage.coalescer.submit(Change(1, 10)) == Change(1, 10)
    assert stage.order_in(1) == list(range(11))


async def test_what_waits_in_a_lane_counts_as_waiting(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coalesce, "MAX_WAITING", 3)
    stage.held_spaces[1] = asyncio.Event()
    waiting = stage.submit(*changes(3, chat=10))
    await until(lambda: stage.coalescer.counts["aside"] == 3)
    with pytest.raises(Unavailable):
        await stage.coalescer.submit(Change(1, 0))
    stage.held_spaces[1].set()
    await asyncio.gather(*waiting)
    assert stage.coalescer._waiting == 0


async def test_a_cancelled_caller_harms_nobody(stage: Stage) -> None:
    stage.go_on.clear()
    tasks = stage.submit(*changes(20))
    await stage.begun.wait()
    for task in tasks[::2]:
        task.cancel()
    stage.go_on.set()
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    await stage.coalescer.close()
    assert answers[1::2] == changes(20)[1::2]
    assert all(isinstance(answer, asyncio.CancelledError) for answer in answers[::2])
    assert stage.order_in(1) == list(range(20)), "what they asked for goes on without them"
    assert stage.coalescer._waiting == 0


async def test_a_refusal_of_one_is_its_alone(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    async def write(change: Change, *, wait: bool) -> Any:
        return Conflict() if change.number == 3 else change

    monkeypatch.setattr(stage, "_write", write)
    answers = await stage.submit_all(changes(6))
    assert [type(answer) for answer in answers] == [Change, Change, Change, Conflict, Change, Change]
    assert len(stage.tried) <= 2


@pytest.mark.parametrize("place", [0, 100, 255])
async def test_a_row_the_database_cannot_store_fails_alone(stage: Stage, place: int) -> None:
    stage.poison = {Change(1, place)}
    stage.go_on.clear()
    first = stage.submit(Change(9, 0))
    await stage.begun.wait()
    tasks = stage.submit(*changes(256))
    await until(lambda: len(stage.coalescer._queue) == 256)
    stage.go_on.set()
    answers = await asyncio.gather(*tasks, *first, return_exceptions=True)
    assert [type(answer) for answer in answers].count(Wrong) == 1
    assert isinstance(answers[place], Wrong)
    assert stage.order_in(1) == [number for number in range(256) if number != place]
    assert len(stage.tried) <= 1 + 1 + 2 * 8, "halved, not one by one"


async def test_several_bad_rows_fail_and_the_others_do_not(stage: Stage) -> None:
    stage.poison = {Change(1, number) for number in (0, 1, 7, 8, 63)}
    answers = await stage.submit_all(changes(64))
    assert {n for n, answer in enumerate(answers) if isinstance(answer, Wrong)} == {0, 1, 7, 8, 63}


async def test_to_be_halved_with_a_bad_row_is_no_try(stage: Stage) -> None:
    stage.poison = {Change(1, 0)}
    # Down to two rows; the good one then meets as many accidents as it may.
    stage.errors = [Undone()] * (MAX_TRIES - 1)
    stage.go_on.clear()
    first = stage.submit(Change(9, 0))
    await stage.begun.wait()
    tasks = stage.submit(*changes(256))
    await until(lambda: len(stage.coalescer._queue) == 256)
    stage.errors.insert(0, None)
    stage.go_on.set()
    answers = await asyncio.gather(*first, *tasks, return_exceptions=True)
    assert [type(answer) for answer in answers].count(Wrong) == 1
    assert [type(answer) for answer in answers].count(Unavailable) == 0


@pytest.mark.parametrize("error", [Undone(), Gone()])
async def test_what_the_database_undid_is_repeated_in_order(stage: Stage, error: Exception) -> None:
    stage.errors = [error, None, error, error]
    answers = await stage.submit_all(changes(30))
    assert answers == changes(30)
    assert stage.order_in(1) == list(range(30))


@pytest.mark.parametrize("error", [Undone(), Gone()])
async def test_eight_tries_are_enough(stage: Stage, error: Exception) -> None:
    stage.errors = [error] * MAX_TRIES
    answers = await stage.submit_all(changes(5))
    assert [type(answer) for answer in answers] == [Unavailable] * 5
    assert len(stage.tried) == MAX_TRIES == 8
    assert await stage.coalescer.submit(Change(1, 9)) == Change(1, 9), "and then it goes on"


async def test_what_came_later_has_all_of_its_own_tries(stage: Stage) -> None:
    stage.errors = [Undone()] * (MAX_TRIES + 3)
    stage.go_on.clear()
    first = stage.submit(Change(1, 0))
    await stage.begun.wait()
    second = stage.submit(Change(2, 0))
    stage.go_on.set()
    answers = await asyncio.gather(*first, *second, return_exceptions=True)
    assert [type(answer) for answer in answers] == [Unavailable, Change]


async def test_who_is_repeated_after_an_unanswered_commit_knows_what_it_had_taken(stage: Stage) -> None:
    stage.lost = [Gone()]
    stage.errors = [None, Undone()]
    assert await stage.submit_all(changes(3)) == changes(3)
    assert stage.unheard == {change: change.number for change in changes(3)}


async def test_who_is_repeated_after_a_failure_before_the_commit_has_taken_nothing(stage: Stage) -> None:
    stage.poison = {Change(1, 0)}
    await stage.submit_all(changes(8))
    assert set(stage.unheard.values()) == {None}


async def test_a_space_being_changed_holds_up_its_own_only(stage: Stage) -> None:
    stage.held_spaces[1] = asyncio.Event()
    waiting = stage.submit(*changes(3, chat=10), *changes(2, chat=11))
    others = await stage.submit_all(changes(20, chat=20))
    assert others == changes(20, chat=20)
    assert not any(task.done() for task in waiting)
    later = stage.submit(*changes(3, chat=10, first=3))
    assert await stage.submit_all(changes(20, chat=20, first=20)) == changes(20, chat=20, first=20)
    stage.held_spaces.pop(1).set()
    assert await asyncio.gather(*waiting, *later)
    assert stage.order_in(10) == list(range(6))
    assert not stage.coalescer._lanes


async def test_a_chat_held_by_somebody_gets_a_lane_and_the_others_go_on(stage: Stage) -> None:
    stage.held_chats[10] = asyncio.Event()
    waiting = stage.submit(*changes(3, chat=10), *changes(3, chat=11))
    await asyncio.gather(*waiting[3:])
    assert not any(task.done() for task in waiting[:3])
    later = stage.submit(*changes(3, chat=10, first=3))
    assert await stage.submit_all(changes(20, chat=11, first=3)) == changes(20, chat=11, first=3)
    stage.held_chats.pop(10).set()
    await asyncio.gather(*waiting, *later)
    assert stage.order_in(10) == list(range(6))
    assert stage.order_in(11) == list(range(23))
    assert not stage.coalescer._lanes


async def test_what_joins_a_lane_that_is_nearly_done_keeps_its_place(stage: Stage) -> None:
    async def one_more() -> None:
        await stage.coalescer.submit(Change(10, next(numbers)))

    numbers = itertools.count()
    stage.held_spaces[1] = asyncio.Event()
    tasks = [asyncio.create_task(one_more()) for _ in range(20)]
    await until(lambda: stage.coalescer.counts["aside"] == 20)
    stage.held_spaces.pop(1).set()
    while not all(task.done() for task in tasks[:20]) or len(tasks) < 60:
        tasks.append(asyncio.create_task(one_more()))
        await asyncio.sleep(0)
    await asyncio.gather(*tasks)
    assert stage.order_in(10) == list(range(len(tasks)))


async def test_the_second_half_of_a_batch_does_not_overtake_what_was_set_aside_of_the_first(
    stage: Stage,
) -> None:
    stage.held_spaces[1] = asyncio.Event()
    stage.poison = {Change(20, 0)}
    waiting = stage.submit(*changes(4, chat=10), Change(20, 0), *changes(4, chat=10, first=4))
    # The space is free again before the second half is tried.
    await until(lambda: stage.coalescer.counts["aside"] == 4)
    stage.held_spaces.pop(1).set()
    answers = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(answer) for answer in answers].count(Wrong) == 1
    assert stage.order_in(10) == list(range(8))


async def test_a_bad_row_in_a_lane_fails_alone(stage: Stage) -> None:
    stage.held_spaces[1] = asyncio.Event()
    waiting = stage.submit(*changes(9, chat=10))
    await until(lambda: stage.coalescer.counts["aside"] == 9)
    stage.poison = {Change(10, 4)}
    stage.errors = [Undone()]
    stage.held_spaces[1].set()
    answers = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(answer) for answer in answers] == [Change] * 4 + [Wrong] + [Change] * 4
    assert stage.order_in(10) == [0, 1, 2, 3, 5, 6, 7, 8]


async def test_a_lane_gives_up_as_the_others_do(stage: Stage) -> None:
    stage.held_spaces[1] = asyncio.Event()
    waiting = stage.submit(*changes(2, chat=10))
    await until(lambda: stage.coalescer.counts["aside"] == 2)
    stage.errors = [HeldTooLong()] * MAX_TRIES
    stage.held_spaces.pop(1).set()
    answers = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(answer) for answer in answers] == [Unavailable] * 2
    assert await stage.coalescer.submit(Change(10, 2)) == Change(10, 2)


async def test_closing_waits_for_everything_that_was_submitted(stage: Stage) -> None:
    stage.held_spaces[1] = asyncio.Event()
    waiting = stage.submit(*changes(5, chat=10), *changes(300, chat=20))
    await until(lambda: stage.coalescer.counts["aside"] == 5)
    asyncio.get_running_loop().call_soon(stage.held_spaces.pop(1).set)
    await stage.coalescer.close()
    assert all(task.done() for task in waiting) or len(await asyncio.gather(*waiting)) == 305
    assert stage.order_in(10) == list(range(5))
    assert stage.order_in(20) == list(range(300))


async def test_fault_of_ours_leaves_nobody_waiting(database: Database) -> None:
    async def write(uow: UnitOfWork, attempts: Sequence[Attempt[str]], *, wait: bool) -> list[str]:
        return [] if attempts[0].change == "faulty" else [attempt.change for attempt in attempts]

    coalescer: Coalescer[str] = Coalescer(database, write, lambda _change: ())
    async with asyncio.timeout(20):
        with pytest.raises(ValueError, match="zip"):
            await coalescer.submit("faulty")
        assert await coalescer.submit("sound") == "sound"
