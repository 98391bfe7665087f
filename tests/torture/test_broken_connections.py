"""PostgreSQL hangs up in the middle of things: what is repeated is done once."""

import asyncio
from collections import Counter

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from tests.cast import Cast
from tests.db.conftest import execute
from tests.torture.audit import audit
from tests.torture.scale import TORTURE
from thespace.app import Application
from thespace.core.errors import Unavailable
from thespace.core.events import Event
from thespace.core.ids import ChatId, MessageId
from thespace.messages.events import MessageSent
from thespace.messages.schemas import MessageOut, NewMessage, NewReaction
from thespace.settings import Settings

SENDERS, SENDS = 64, 60 if TORTURE else 10
OURS = "application_name = 'thespace' AND datname = current_database()"
KILL_WRITERS = (
    f"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE {OURS} AND state <> 'idle'"
)


async def test_killed_connections_lose_nothing_and_double_nothing(
    application: Application, settings: Settings, cast: Cast, told: list[Event]
) -> None:
    first = MessageId((await cast.alice.say(cast.chat_id, "first"))["id"])
    told.clear()
    outcomes: Counter[str] = Counter()

    async def send(sender: int) -> None:
        actor = cast.members[sender % 3].actor
        for number in range(SENDS):
            new = NewMessage(content=f"{sender}: {number}", nonce=f"{sender}-{number}")
            while True:
                try:
                    answer = await application.batcher.send(actor, ChatId(cast.chat_id), new)
                except Unavailable:
                    outcomes["unknown"] += 1
                    continue
                outcomes[type(answer).__name__] += 1
                break
            await application.batcher.react(actor, first, NewReaction(emoji="👍", on=number % 2 == 0))

    async def kill() -> None:
        while True:
            outcomes["killed"] += await execute(settings.sqlalchemy_url, KILL_WRITERS)
            await asyncio.sleep(0.05)

    killing = asyncio.create_task(kill())
    await asyncio.gather(*map(send, range(SENDERS)))
    killing.cancel()
    await asyncio.gather(killing, return_exceptions=True)
    stored = await audit(application.database, cast.chat_id)
    print(f"\nconnections killed under load: {dict(outcomes)}, {stored.last_seq} messages")  # noqa: T201
    assert outcomes["killed"] > 0
    assert stored.last_seq == SENDERS * SENDS + 1
    for author in cast.members:
        mine = [m for m in stored.messages.values() if m.author_id == author.id and m.id != first]
        for sender in {m.nonce.partition("-")[0] for m in mine}:
            numbers = [
                (m.seq, int(m.nonce.partition("-")[2])) for m in mine if m.nonce.startswith(f"{sender}-")
            ]
            assert [number for _, number in sorted(numbers)] == list(range(SENDS)), "reordered"
    sent = [event.body.id for event in told if isinstance(event, MessageSent)]
    assert len(set(sent)) == len(sent), "told twice"


async def test_a_deadlock_is_repeated_and_reaches_nobody(
    application: Application, settings: Settings, cast: Cast
) -> None:
    """Somebody outside locks two chats in the other order; the batch is chosen to be undone."""
    second = (await cast.alice.post(f"/spaces/{cast.space_id}/chats", {"name": "second"})).json()["id"]
    database = settings.sqlalchemy_url.database
    await execute(settings.sqlalchemy_url, f"ALTER DATABASE \"{database}\" SET deadlock_timeout = '100ms'")
    await application.database.dialect.dispose()  # connections get what is set when they begin
    engine = create_async_engine(settings.sqlalchemy_url, poolclass=NullPool)
    async with engine.begin() as outside:
        await outside.execute(text("SET LOCAL deadlock_timeout = '20s'"))
        lock = text("SELECT 1 FROM chats WHERE id = :id FOR UPDATE")
        await outside.execute(lock, {"id": second})
        sending = [
            asyncio.create_task(
                application.batcher.send(cast.bob.actor, ChatId(id_), NewMessage(content="Hi"))
            )
            for id_ in (cast.chat_id, second)
        ]
        waits = f"SELECT count(*) FROM pg_stat_activity WHERE {OURS} AND wait_event_type = 'Lock'"
        while not await execute(settings.sqlalchemy_url, waits):  # noqa: ASYNC110 - a lock tells nobody
            await asyncio.sleep(0)
        await outside.execute(lock, {"id": cast.chat_id})
    answers = await asyncio.gather(*sending)
    assert all(isinstance(answer, MessageOut) for answer in answers)
    for chat_id in (cast.chat_id, second):
        assert (await audit(application.database, chat_id)).contents == ["Hi"]
