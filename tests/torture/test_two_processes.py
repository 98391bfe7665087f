"""Two server processes on one PostgreSQL: one order, no deadlock, and nothing by who has left."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest
from sqlalchemy import select, text

from tests.cast import Cast
from tests.conftest import SECRET
from tests.db.conftest import execute
from tests.torture.audit import audit
from tests.torture.doors import Door, Refused, Rest, Socket
from tests.torture.people import Ledger, Person, check_promises
from tests.torture.scale import TORTURE
from tests.torture.server import serving
from tests.torture.test_same_nonce import CALLERS, tell
from tests.torture.world import Place, make_places, token_of
from thespace.accounts.passwords import Passwords
from thespace.app import Application
from thespace.chats.commands import enter_space
from thespace.chats.models import Chat
from thespace.core.actor import Actor
from thespace.core.ids import ChatId, SpaceId
from thespace.db.database import Database
from thespace.db.dialects.postgresql import AUTHORITY_NAMESPACE
from thespace.db.unit_of_work import Reader, UnitOfWork
from thespace.messages.models import Message, Reaction
from thespace.messages.schemas import MessageOut, NewMessage
from thespace.settings import Settings
from thespace.spaces.commands import leave_space

SECONDS = 60 if TORTURE else 10
SPACES, CHATS, PEOPLE, WANDERERS = 4, 4, 16, 3
MOST_SECONDS_TO_LEAVE = 1 if TORTURE else 3
"""One is promised; short runs share the machine with other tests."""


@dataclass(frozen=True)
class Absence:
    """Where a chat stood when somebody left, and when they came back; both read under the authority alone."""

    user_id: int
    chat_id: int
    left: tuple[int, int]
    back: tuple[int, int] | None = None


@dataclass
class Gatekeeper:
    """Lets people leave and come back, from a process of its own."""

    database: Database
    absences: list[Absence] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    durations: list[float] = field(default_factory=list)

    async def remove(self, person: Actor, space_id: SpaceId) -> list[Absence]:
        """Let somebody leave and note where the chats stood."""
        began = time.monotonic()
        waited, marks = await self.database.write(_leave, person, space_id)
        self.durations.append(time.monotonic() - began)
        self.waits.append(waited)
        return [Absence(person.user_id, chat_id, mark) for chat_id, mark in marks.items()]

    async def admit(self, person: Actor, space_id: SpaceId, absences: list[Absence]) -> None:
        """Let somebody come back."""
        marks = await self.database.write(_enter, person, space_id)
        self.absences += [Absence(a.user_id, a.chat_id, a.left, marks[a.chat_id]) for a in absences]

    async def violations(self) -> list[str]:
        """Return what people did in chats while they were away."""
        return [
            found for absence in self.absences for found in await self.database.read(_violations, absence)
        ]


async def _leave(uow: UnitOfWork, person: Actor, space_id: SpaceId) -> tuple[float, Any]:
    lock = text(
        "SELECT statement_timestamp() AS asked, pg_advisory_xact_lock(:key), clock_timestamp() AS got"
    )
    held = await uow.row(lock, {"key": AUTHORITY_NAMESPACE + space_id})
    assert held is not None
    await leave_space(uow, person, space_id)
    return (held.got - held.asked).total_seconds(), await _marks(uow, space_id)


async def _enter(uow: UnitOfWork, person: Actor, space_id: SpaceId) -> Any:
    await enter_space(uow, person, space_id)
    return await _marks(uow, space_id)


async def _marks(uow: UnitOfWork, space_id: SpaceId) -> dict[int, tuple[int, int]]:
    rows = await uow.rows(select(Chat.id, Chat.last_seq, Chat.revision).where(Chat.space_id == space_id))
    return {row.id: (row.last_seq, row.revision) for row in rows}


async def _violations(db: Reader, absence: Absence) -> list[str]:
    (left_seq, left_revision), (seq, revision) = absence.left, absence.back or (1 << 60, 1 << 60)
    messages = await db.rows(
        select(Message.id).where(
            Message.chat_id == absence.chat_id,
            Message.author_id == absence.user_id,
            Message.seq > left_seq,
            Message.seq <= seq,
        )
    )
    reactions = await db.rows(
        select(Reaction.message_id)
        .join(Message, Message.id == Reaction.message_id)
        .where(
            Message.chat_id == absence.chat_id,
            Reaction.user_id == absence.user_id,
            Reaction.revision > left_revision,
            Reaction.revision <= revision,
        )
    )
    return [f"message {row[0]}" for row in messages] + [f"reaction to {row[0]}" for row in reactions]


@dataclass
class SocketPerson(Person):
    """Writes through a socket and listens to nothing."""

    socket: Socket | None = None

    async def door(self) -> Door:
        if self.socket is None or not self.socket.is_open:
            token = token_of(self.actor)
            self.socket = await Socket.open(self.server.address, token, lambda _name, _body: None)
        return self.socket


@dataclass
class Wanderer(SocketPerson):
    """Is not always a member, and writes all the same."""

    denied: int = 0

    async def do_something(self) -> None:
        try:
            await super().do_something()
        except Refused as refusal:
            if refusal.status != 404:
                raise
            self.denied += 1
            await asyncio.sleep(0.01)


@pytest.fixture
async def gatekeeper(settings: Settings) -> AsyncIterator[Gatekeeper]:
    database = Database(settings.sqlalchemy_url, lambda _events: None, key=SECRET.encode())
    yield Gatekeeper(database)
    await database.close()


@pytest.mark.timeout(900 if TORTURE else 240)
async def test_two_processes_write_one_sequence_and_nobody_who_left_is_in_it(
    settings: Settings, gatekeeper: Gatekeeper, tmp_path: Path
) -> None:
    places = await make_places(settings, spaces=SPACES, chats=CHATS, people=PEOPLE)
    ledger = Ledger()
    async with AsyncExitStack() as stack:
        servers = [
            await stack.enter_async_context(serving(settings, tmp_path / f"server{number}.log"))
            for number in (0, 1)
        ]
        people: list[Person] = []
        for place in places:
            for number, actor in enumerate(place.people):
                rest = Rest(
                    await stack.enter_async_context(httpx.AsyncClient()),
                    lambda server=servers[number % 2]: server.address,  # type: ignore[misc]
                    lambda actor=actor: token_of(actor),  # type: ignore[misc]
                )
                name, is_wanderer = f"{place.space_id}.{number}", number >= PEOPLE - WANDERERS
                kind = Wanderer if is_wanderer else SocketPerson if number % 4 else Person
                people.append(kind(actor, place, servers[number % 2], rest, ledger, Random(name), name))
        end = time.monotonic() + SECONDS
        tasks = [_wander(gatekeeper, place, lambda: time.monotonic() > end) for place in places]
        tasks += [person.write_until(lambda: time.monotonic() > end) for person in people]
        async with asyncio.TaskGroup() as group:
            for task in tasks:
                group.create_task(task)
        for person in people:
            if isinstance(person, SocketPerson) and person.socket is not None:
                await person.socket.close()
        assert [server.complaints for server in servers] == ["", ""]
    stored = {
        int(chat): await audit(gatekeeper.database, chat) for place in places for chat in place.chat_ids
    }
    check_promises(people, ledger, stored)
    assert await gatekeeper.violations() == []
    assert ledger.retries == 0, "an error reached a caller"
    deadlocks = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    assert await execute(settings.sqlalchemy_url, deadlocks) == 0
    denied = sum(person.denied for person in people if isinstance(person, Wanderer))
    print(  # noqa: T201
        f"\ntwo processes, {len(stored)} chats, {len(people)} senders, {SECONDS} s: "
        f"{dict(ledger.kinds)} acknowledged, {denied} denied to who had left; "
        f"{len(gatekeeper.waits)} leaves, the slowest waited {max(gatekeeper.waits):.3f} s for the lock, "
        f"{max(gatekeeper.durations):.3f} s in all; 0 violations, 0 errors, 0 deadlocks"
    )
    assert denied
    assert max(gatekeeper.waits) < MOST_SECONDS_TO_LEAVE


async def _wander(gatekeeper: Gatekeeper, place: Place, is_over: Any) -> None:
    """Let the wanderers of a place leave and come back, one after the other."""
    random, turn = Random(place.space_id), 0
    while not is_over():
        person = place.people[-1 - turn % WANDERERS]
        turn += 1
        absences = await gatekeeper.remove(person, place.space_id)
        await asyncio.sleep(random.uniform(0, 0.1))
        await gatekeeper.admit(person, place.space_id, absences)
        await asyncio.sleep(random.uniform(0, 0.1))


@pytest.mark.parametrize("is_locked", [True, False])
async def test_who_leaves_in_the_middle_of_a_batch_waits_for_it_and_without_the_lock_does_not(
    application: Application,
    gatekeeper: Gatekeeper,
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    is_locked: bool,
) -> None:
    async def pause(*arguments: Any, **options: Any) -> Any:
        result = await hold(*arguments, **options)
        holding.set()
        await go_on.wait()
        return result

    async def no_lock(*_: object) -> set[int]:
        return set()

    timelines: Any = application.batcher._timelines
    hold, holding, go_on = timelines.hold, asyncio.Event(), asyncio.Event()
    monkeypatch.setattr(timelines, "hold", pause)
    if not is_locked:
        monkeypatch.setattr(application.database.dialect, "try_authority", no_lock)
    new = NewMessage(content="in time, or too late")
    sending = asyncio.create_task(application.batcher.send(cast.bob.actor, ChatId(cast.chat_id), new))
    await holding.wait()
    leaving = asyncio.create_task(gatekeeper.remove(cast.bob.actor, SpaceId(cast.space_id)))
    if is_locked:
        await _somebody_waits(gatekeeper.database)
        assert not leaving.done()
    else:
        await leaving
    go_on.set()
    answer = await sending
    assert isinstance(answer, MessageOut)
    gatekeeper.absences += await leaving
    violations = await gatekeeper.violations()
    assert violations == ([] if is_locked else [f"message {answer.id}"])


async def test_one_nonce_at_once_is_stored_once(
    application: Application, settings: Settings, cast: Cast
) -> None:
    other = Application(settings, SECRET, passwords=Passwords(rounds=4))
    async with other.running():
        for round_ in range(10):
            chat = await cast.alice.post(f"/spaces/{cast.space_id}/chats", {"name": f"{round_}"})
            answers = await asyncio.gather(
                *(
                    tell((application, other)[number % 2], cast.bob.actor, chat.json()["id"], "Hello")
                    for number in range(CALLERS)
                )
            )
            assert Counter(answers) == {"MessageOut": 1, "Duplicate": CALLERS - 1}
            assert (await audit(application.database, chat.json()["id"])).contents == ["Hello"]


async def _somebody_waits(database: Database) -> None:
    async def waiting(db: Reader) -> int:
        waits = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        found: int = await db.scalar(text(waits))
        return found

    async with asyncio.timeout(10):
        while not await database.read(waiting):  # noqa: ASYNC110 - a lock tells nobody
            await asyncio.sleep(0.01)
