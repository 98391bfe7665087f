"""What a write promises: committed before it is answered, told after it is committed, never half of it."""

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import URL, insert, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.testing import capture_logs

from tests.cast import Cast
from tests.db.conftest import ON_POSTGRESQL, Observe, execute
from tests.problems import problem_in
from thespace.app import Application
from thespace.chats.commands import create_chat
from thespace.chats.events import ChatCreated
from thespace.chats.models import Chat
from thespace.chats.schemas import NewChat
from thespace.core import clock
from thespace.core.errors import Conflict, Unavailable
from thespace.core.events import Event
from thespace.core.ids import SpaceId
from thespace.db.database import ATTEMPTS, Database
from thespace.db.unit_of_work import Reader, UnitOfWork
from thespace.messages.models import MessageVersion

COUNT = "SELECT count(*) FROM chats WHERE name <> 'general'"


class Lost(DBAPIError):
    """A statement that was undone in favour of another transaction."""

    def __init__(self) -> None:
        original = Exception()
        vars(original).update(sqlstate="40P01", sqlite_errorcode=5)
        super().__init__("UPDATE", {}, original)


async def _create(uow: UnitOfWork, cast: Cast, name: str = "Hello") -> None:
    await create_chat(uow, cast.alice.actor, SpaceId(cast.space_id), NewChat(name=name))


async def _count(db: Reader) -> int:
    count: int = await db.scalar(text(COUNT))
    return count


def _created(events: list[Event]) -> list[str]:
    return [event.body.chat.name for event in events if isinstance(event, ChatCreated)]


class Witness:
    """ASGI middleware that looks into the database at the moment when a response starts."""

    def __init__(self, app: ASGIApp, observe: Observe, query: str) -> None:
        self._app, self._observe, self._query = app, observe, query
        self.seen: list[Any] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.seen.append(await self._observe(self._query))
            await send(message)

        await self._app(scope, receive, watched)


@pytest.mark.parametrize(
    ("method", "path", "body", "query"),
    [
        ("POST", "/messages/{chat}", {"content": "Hello"}, "SELECT count(*) FROM messages"),
        ("POST", "/spaces", {"name": "Den"}, "SELECT count(*) FROM spaces"),
        ("POST", "/spaces/{space}/chats", {"name": "more"}, "SELECT count(*) FROM chats"),
        ("POST", "/auth/register", {"nickname": "erin", "password": "x" * 8}, "SELECT count(*) FROM users"),
        ("PATCH", "/spaces/{space}", {"name": "A"}, "SELECT count(*) FROM spaces WHERE name = 'A'"),
        ("DELETE", "/chats/{chat}", None, "SELECT count(*) FROM chats WHERE deleted_at IS NOT NULL"),
        ("DELETE", "/spaces/{space}", None, "SELECT count(*) FROM spaces WHERE deleted_at IS NOT NULL"),
    ],
)
async def test_when_an_answer_starts_everybody_else_can_see_what_it_says(
    application: Application, cast: Cast, observe: Observe, method: str, path: str, body: Any, query: str
) -> None:
    before = await observe(query)
    witness = Witness(application.api, observe, query)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(witness), base_url="http://space.test"
    ) as client:
        cast.alice.client = client
        path = path.format(chat=cast.chat_id, space=cast.space_id)
        answer = await cast.alice.request(method, path, json=body)
    assert answer.is_success
    assert witness.seen == [before + 1]


async def test_nobody_else_sees_what_is_not_committed(
    database: Database, cast: Cast, observe: Observe, told: list[Event]
) -> None:
    async def slow(uow: UnitOfWork) -> None:
        await _create(uow, cast)
        written.set()
        await go_on.wait()

    written, go_on = asyncio.Event(), asyncio.Event()
    writing = asyncio.create_task(database.write(slow))
    await written.wait()
    assert await observe(COUNT) == 0
    assert not told
    go_on.set()
    await writing
    assert await observe(COUNT) == 1
    assert _created(told) == ["Hello"]


@pytest.fixture
async def deferred(application: Application) -> None:
    """PostgreSQL learns to check a foreign key as late as SQLite can: when the transaction commits."""
    if ON_POSTGRESQL:
        await execute(
            application.settings.sqlalchemy_url,
            "ALTER TABLE message_versions ALTER CONSTRAINT fk_message_versions_message_id"
            " DEFERRABLE INITIALLY DEFERRED",
        )


async def _break_commit(uow: UnitOfWork, *, message_id: int) -> None:
    if not ON_POSTGRESQL:
        await uow.execute(text("PRAGMA defer_foreign_keys = ON"))
    await uow.execute(
        insert(MessageVersion), {"message_id": message_id, "content": "", "written_at": clock.now()}
    )


@pytest.mark.usefixtures("deferred")
async def test_nothing_is_told_when_the_commit_fails(
    database: Database, cast: Cast, observe: Observe, told: list[Event]
) -> None:
    async def create(uow: UnitOfWork, message_id: int) -> None:
        await _create(uow, cast)
        await _break_commit(uow, message_id=message_id)
        reached.append(uow)

    reached: list[UnitOfWork] = []
    with pytest.raises(IntegrityError):
        await database.write(create, 999_999)
    assert len(reached) == 1, "everything went well until the commit"
    assert not told
    assert await observe(COUNT) == 0
    # The same with a version of a message that exists is committed and told.
    message = await cast.bob.say(cast.chat_id, "I exist")
    await database.write(create, message["id"])
    assert _created(told) == ["Hello"]


@pytest.mark.usefixtures("deferred")
async def test_a_request_whose_commit_fails_is_answered_as_a_failure(
    cast: Cast, told: list[Event], observe: Observe, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def create(uow: UnitOfWork, *arguments: Any) -> Any:
        created = await create_chat(uow, *arguments)
        await _break_commit(uow, message_id=999_999)
        return created

    monkeypatch.setattr("thespace.chats.routes.create_chat", create)
    with capture_logs() as logs:
        answer = await cast.alice.post(f"/spaces/{cast.space_id}/chats", {"name": "Hello"})
    problem_in(answer, 500, "internal")
    assert [log["event"] for log in logs] == ["request_failed"]
    assert not told
    assert await observe(COUNT) == 0


async def test_a_command_that_is_refused_leaves_and_tells_nothing(
    database: Database, cast: Cast, observe: Observe, told: list[Event]
) -> None:
    async def create(uow: UnitOfWork) -> None:
        await _create(uow, cast)
        raise Conflict

    with pytest.raises(Conflict):
        await database.write(create)
    assert await observe(COUNT) == 0
    assert not told


async def test_a_caller_that_goes_away_does_not_stop_the_transaction(
    database: Database, cast: Cast, observe: Observe, told: list[Event]
) -> None:
    async def slow(uow: UnitOfWork) -> None:
        await _create(uow, cast, "one")
        written.set()
        await go_on.wait()
        await _create(uow, cast, "two")

    written, go_on = asyncio.Event(), asyncio.Event()
    caller = asyncio.create_task(database.write(slow))
    await written.wait()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    go_on.set()
    await database.write(_create, cast, "three")  # nothing is left locked
    assert await observe(COUNT) == 3
    assert _created(told) == ["one", "two", "three"]


async def test_closing_waits_for_what_is_being_written(
    database: Database, cast: Cast, observe: Observe, told: list[Event]
) -> None:
    async def slow(uow: UnitOfWork) -> None:
        await _create(uow, cast)
        written.set()
        await go_on.wait()

    written, go_on = asyncio.Event(), asyncio.Event()
    caller = asyncio.create_task(database.write(slow))
    await written.wait()
    caller.cancel()
    closing = asyncio.create_task(database.close())
    await asyncio.sleep(0)
    assert not closing.done()
    go_on.set()
    await closing
    assert await observe(COUNT) == 1
    assert _created(told) == ["Hello"]


async def test_a_transaction_that_another_one_undid_is_repeated_and_told_once(
    database: Database, cast: Cast, observe: Observe, told: list[Event]
) -> None:
    async def create(uow: UnitOfWork) -> int:
        attempts.append(uow)
        await _create(uow, cast)
        if len(attempts) < ATTEMPTS:
            raise Lost
        return 42

    attempts: list[UnitOfWork] = []
    assert await database.write(create) == 42
    assert len(set(attempts)) == ATTEMPTS
    assert await observe(COUNT) == 1
    assert _created(told) == ["Hello"]


async def test_a_transaction_that_is_undone_again_and_again_is_given_up(
    database: Database, cast: Cast, observe: Observe, told: list[Event]
) -> None:
    async def create(uow: UnitOfWork) -> None:
        attempts.append(uow)
        await _create(uow, cast)
        raise Lost

    attempts: list[UnitOfWork] = []
    with pytest.raises(Unavailable):
        await database.write(create)
    assert len(attempts) == ATTEMPTS
    assert await observe(COUNT) == 0
    assert not told


async def test_a_statement_that_makes_no_sense_is_not_taken_for_a_lost_connection(database: Database) -> None:
    async def nonsense(db: Reader) -> None:
        await db.execute(text("SELECT wisdom FROM nowhere"))

    with pytest.raises(DBAPIError):
        await database.read(nonsense)
    with pytest.raises(DBAPIError):
        await database.write(nonsense)


async def test_an_exception_does_not_carry_what_people_wrote(database: Database, cast: Cast) -> None:
    async def create(uow: UnitOfWork) -> None:
        await _create(uow, cast, "a secret")
        await uow.execute(update(Chat).where(Chat.name != "a secret").values(name=None))

    with pytest.raises(IntegrityError) as raised:
        await database.write(create)
    assert "a secret" not in str(raised.value)


async def test_all_statements_of_a_read_see_one_moment(database: Database, cast: Cast) -> None:
    async def twice(db: Reader) -> tuple[int, int]:
        before = await _count(db)
        counted.set()
        await go_on.wait()
        return before, await _count(db)

    counted, go_on = asyncio.Event(), asyncio.Event()
    reading = asyncio.create_task(database.read(twice))
    await counted.wait()
    assert (await cast.alice.post(f"/spaces/{cast.space_id}/chats", {"name": "more"})).status_code == 201
    assert await database.read(_count) == 1
    go_on.set()
    assert await reading == (0, 0)


async def test_a_read_leaves_nothing(database: Database, cast: Cast, observe: Observe) -> None:
    async def delete(db: Reader) -> None:
        await db.execute(update(Chat).values(name="mine"))

    if ON_POSTGRESQL:
        with pytest.raises(DBAPIError, match="read-only transaction"):
            await database.read(delete)
    else:
        await database.read(delete)
    assert await observe("SELECT count(*) FROM chats WHERE name = 'mine'") == 0


async def test_people_are_told_to_try_again_while_the_database_is_away(
    application: Application, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    if ON_POSTGRESQL:
        url = URL.create("postgresql+asyncpg", host="127.0.0.1", port=1, database="nothing")
    else:
        url = URL.create("sqlite+aiosqlite", database="/nowhere/thespace.db")
    away = Database(url, lambda events: None, key=b"")
    application.api.state.database = away
    problem_in(await cast.alice.get("/readyz"), 503, "unavailable")
    problem_in(await cast.alice.post("/spaces", {"name": "Den"}), 503, "unavailable")
    monkeypatch.setattr(application, "database", away)  # which knows the sessions
    problem_in(await cast.alice.get("/spaces"), 503, "unavailable")
    assert (await cast.alice.get("/healthz")).json() == {"status": "ok"}
    await away.close()
