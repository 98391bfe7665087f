"""A batch with one row that the database cannot store, and callers who do not wait for their answers."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import text

from tests.cast import Cast
from tests.conftest import ON_POSTGRESQL
from tests.db.conftest import execute
from tests.torture.audit import audit
from thespace.app import Application
from thespace.core.ids import ChatId, MessageId
from thespace.db import coalesce
from thespace.db.database import Database
from thespace.db.unit_of_work import UnitOfWork
from thespace.messages import batcher
from thespace.messages.schemas import MessageOut, NewMessage

Say = Callable[[str], Awaitable[object]]

POISON = (
    {
        "integrity": "ALTER TABLE messages ADD CHECK (content <> 'poison')",
        "data": "ALTER TABLE messages"
        " ADD CHECK (CASE content WHEN 'poison' THEN 1 / (length(content) - 6) = 0 ELSE true END)",
    }
    if ON_POSTGRESQL
    else {
        f"integrity-{event}": f"CREATE TRIGGER antidote BEFORE {event} ON messages"
        " WHEN NEW.content = 'poison' BEGIN SELECT RAISE(ABORT, 'poison'); END"
        for event in ("INSERT", "UPDATE")
    }
)


@pytest.fixture(params=POISON)
async def poisoned(request: pytest.FixtureRequest, application: Application) -> str:
    """A database that cannot store 'poison', and why."""
    await execute(application.settings.sqlalchemy_url, POISON[request.param])
    return str(request.param)


@pytest.fixture
def say(application: Application, cast: Cast) -> Say:
    """Sends a message at the command."""
    return lambda content: application.batcher.send(
        cast.bob.actor, ChatId(cast.chat_id), NewMessage(content=content)
    )


@pytest.mark.parametrize("poisoned", [name for name in POISON if "UPDATE" not in name], indirect=True)
@pytest.mark.parametrize("place", [0, 17, 99])
async def test_one_bad_message_fails_alone(
    poisoned: str, application: Application, cast: Cast, say: Say, place: int
) -> None:
    contents = [f"{number}" for number in range(100)]
    contents[place] = "poison"
    answers = await asyncio.gather(*map(say, contents), return_exceptions=True)
    failed = [number for number, answer in enumerate(answers) if not isinstance(answer, MessageOut)]
    assert failed == [place]
    stored = await audit(application.database, cast.chat_id)
    assert stored.contents == [content for content in contents if content != "poison"], "in their order"
    assert application.batcher.coalescer.counts["batches"] <= 12


@pytest.mark.parametrize("poisoned", [name for name in POISON if "INSERT" not in name], indirect=True)
async def test_one_bad_edit_fails_alone(poisoned: str, application: Application, cast: Cast) -> None:
    ids = [MessageId((await cast.bob.say(cast.chat_id, f"{n}"))["id"]) for n in range(20)]
    contents = [f"better {n}" for n in range(20)]
    contents[7] = "poison"
    answers = await asyncio.gather(
        *(
            application.batcher.edit(cast.bob.actor, id_, content)
            for id_, content in zip(ids, contents, strict=True)
        ),
        return_exceptions=True,
    )
    assert [n for n, answer in enumerate(answers) if not isinstance(answer, MessageOut)] == [7]
    contents[7] = "7"
    stored = await audit(application.database, cast.chat_id)
    assert stored.contents == contents
    assert stored.versions.total() == 19


async def test_a_bad_row_is_an_error_without_its_text_over_http(cast: Cast, poisoned: str) -> None:
    if "UPDATE" in poisoned:
        message = await cast.bob.say(cast.chat_id, "fine")
        answer = await cast.bob.patch(f"/messages/{message['id']}", {"content": "poison"})
    else:
        answer = await cast.bob.post(f"/messages/{cast.chat_id}", {"content": "poison"})
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "poison" not in answer.text


async def test_callers_who_go_away_harm_nobody(application: Application, cast: Cast, say: Say) -> None:
    tasks = [asyncio.ensure_future(say(f"{number}")) for number in range(200)]
    await asyncio.sleep(0)
    for turn, task in enumerate(tasks[::2]):
        task.cancel()
        if turn % 20 == 0:
            await asyncio.sleep(0)  # some before, some in the middle of their batch
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    await application.batcher.close()
    assert all(isinstance(answer, MessageOut) for answer in answers[1::2])
    assert all(isinstance(answer, asyncio.CancelledError) for answer in answers[::2])
    stored = await audit(application.database, cast.chat_id)
    assert stored.contents == [f"{number}" for number in range(200)], "what was submitted goes on"
    await say("and on")


async def test_sockets_that_go_before_their_acks_harm_nobody(
    application: Application, cast: Cast, server: str
) -> None:
    async def hang_up(number: int) -> None:
        async with cast.carol.socket(server) as socket:
            await socket.client.emit("send_message", {"chat_id": cast.chat_id, "content": f"gone {number}"})

    async def stay() -> None:
        async with cast.bob.socket(server) as socket:
            for number in range(20):
                ack = await socket.call("send_message", {"chat_id": cast.chat_id, "content": f"{number}"})
                assert ack["ok"], ack

    await asyncio.gather(stay(), *map(hang_up, range(5)))
    await application.batcher.close()
    stored = await audit(application.database, cast.chat_id)
    assert [content for content in stored.contents if "gone" not in str(content)] == [
        f"{n}" for n in range(20)
    ]


async def test_a_full_queue_is_a_retryable_refusal(
    application: Application, cast: Cast, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hold(_: UnitOfWork) -> None:
        holding.set()
        await go_on.wait()

    monkeypatch.setattr(coalesce, "MAX_WAITING", 5)
    holding, go_on = asyncio.Event(), asyncio.Event()
    if ON_POSTGRESQL:
        batch = _hold_the_chat(application.database, cast.chat_id, holding, go_on)
    else:
        batch = application.database.write(hold)
    holder = asyncio.ensure_future(batch)
    await holding.wait()
    waiting = [asyncio.ensure_future(say(f"{number}")) for number in range(5)]
    await asyncio.sleep(0)
    refused = await cast.carol.post(f"/messages/{cast.chat_id}", {"content": "one too many", "nonce": "n"})
    assert (refused.status_code, refused.json()["code"], refused.json()["retryable"]) == (
        503,
        "unavailable",
        True,
    )
    go_on.set()
    await asyncio.gather(holder, *waiting)
    again = await cast.carol.post(f"/messages/{cast.chat_id}", {"content": "one too many", "nonce": "n"})
    assert again.status_code == 201
    assert (await audit(application.database, cast.chat_id)).last_seq == 6


async def test_what_is_remembered_of_messages_has_a_bound_and_none_is_denied(
    application: Application, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batcher, "MAX_PLACES", 3)
    ids = [MessageId((await cast.bob.say(cast.chat_id, f"{n}"))["id"]) for n in range(10)]
    for round_ in range(3):
        edits = [application.batcher.edit(cast.bob.actor, id_, f"round {round_}") for id_ in ids]
        await asyncio.gather(*edits)
    assert (await audit(application.database, cast.chat_id)).revision == 40
    assert len(application.batcher._places) <= 3


async def _hold_the_chat(
    database: Database, chat_id: int, holding: asyncio.Event, go_on: asyncio.Event
) -> None:
    async def hold(uow: UnitOfWork) -> None:
        await uow.execute(text("SELECT 1 FROM chats WHERE id = :id FOR UPDATE"), {"id": chat_id})
        holding.set()
        await go_on.wait()

    await database.write(hold)
