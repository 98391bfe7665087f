"""What is measured inside of one process: figures by name, in the order of the table."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from statistics import median
from typing import Any

import httpx
from sqlalchemy import insert, select

from bench.world import World
from tests.statements import StatementLog
from thespace.chats.models import Chat
from thespace.core.clock import now
from thespace.db.unit_of_work import Reader, UnitOfWork
from thespace.messages.models import Message, MessageVersion, Reaction
from thespace.messages.queries import page_of
from thespace.messages.schemas import NewMessage

PAGE = 30
ROUNDS = 5
Figures = dict[str, str]


async def sends(world: World, seconds: float) -> Figures:
    """Measure durable sends by a lone sender and by 64 at once, beside transactions of one bare INSERT."""
    database, senders = world.application.database, len(world.people)
    bare, lone, many = await _in_turns(
        seconds,
        lambda span: _rate(1, lambda _: database.write(_bare_insert), span),
        lambda span: _rate(1, lambda number: _send(world, number), span),
        lambda span: _rate(senders, lambda number: _send(world, number), span),
    )
    return {
        "one bare INSERT per commit (reference)": f"{bare:,.0f} /s",
        "messages sent, 1 sender": f"{lone:,.0f} /s",
        f"messages sent, {senders} senders": f"{many:,.0f} /s",
    }


async def pages(world: World, seconds: float) -> Figures:
    """Measure reading a page near the beginning and at the end of a long history, beside bare statements."""
    database, reader = world.application.database, world.people[1]
    bare, early, late = await _in_turns(
        seconds,
        lambda span: _cpu(lambda: database.read(_bare_page, world), span),
        lambda span: _cpu(lambda: database.read(page_of, reader, world.long_chat, before=10 + PAGE), span),
        lambda span: _cpu(lambda: database.read(page_of, reader, world.long_chat), span),
    )
    return {
        "three bare Core statements (reference)": f"{bare:.2f} ms",
        f"page of {PAGE} messages from the 10th on": f"{early:.2f} ms",
        f"page of the newest {PAGE}": f"{late:.2f} ms",
    }


async def statements(world: World) -> Figures:
    """Count the statements of requests over HTTP, the one for the session included."""
    application, person = world.application, world.people[0]
    token = application.tokens.access(person.user_id, person.session_id)
    transport = httpx.ASGITransport(application.api)
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://bench", headers=headers) as client:
        with StatementLog(application.database).recording() as log:
            counts = {}
            for name, method, path, body in _requests(world):
                log.clear()
                answer = await client.request(method, path, json=body)
                answer.raise_for_status()
                counts[name] = f"{len(log)}"
    return counts


def _requests(world: World) -> list[tuple[str, str, str, Any]]:
    return [
        ("statements: GET /sync", "GET", "/sync", None),
        ("statements: GET a page", "GET", f"/messages/{world.long_chat}", None),
        (
            "statements: POST a message",
            "POST",
            f"/messages/{world.new_chat}",
            {"content": "Hi", "nonce": "1"},
        ),
        ("statements: POST a reaction", "POST", "/messages/1/reaction", {"emoji": "🔥", "on": True}),
    ]


def _send(world: World, number: int) -> Awaitable[object]:
    person = world.people[number]
    return world.application.batcher.send(person, world.new_chat, NewMessage(content="Hello"))


async def _bare_insert(uow: UnitOfWork) -> None:
    row = {"message_id": 1, "content": "Hello", "written_at": now()}
    await uow.execute(insert(MessageVersion), row)


async def _bare_page(db: Reader, world: World) -> None:
    chat = await db.row(select(Chat.last_seq, Chat.revision).where(Chat.id == world.long_chat))
    assert chat is not None
    shown = Message.seq > chat.last_seq - PAGE, Message.chat_id == world.long_chat
    await db.rows(select(Message).where(*shown).order_by(Message.seq))
    await db.rows(select(Reaction).join(Message, Message.id == Reaction.message_id).where(*shown))


async def _in_turns(seconds: float, *measures: Callable[[float], Awaitable[float]]) -> list[float]:
    """Take each measure several times, in turns, so that what else the machine does happens to all of them;
    return the medians.
    """
    rounds = [[await measure(seconds / ROUNDS) for measure in measures] for _ in range(ROUNDS)]
    return [median(figures) for figures in zip(*rounds, strict=True)]


async def _rate(senders: int, send: Callable[[int], Awaitable[object]], seconds: float) -> float:
    """Return how often per second it is done, by that many at once, each after its last one is done."""
    end = time.perf_counter() + seconds

    async def one(number: int) -> int:
        done = 0
        while time.perf_counter() < end:
            await send(number)
            done += 1
        return done

    begin = time.perf_counter()
    done = sum(await asyncio.gather(*map(one, range(senders))))
    return done / (time.perf_counter() - begin)


async def _cpu(read: Callable[[], Awaitable[object]], seconds: float) -> float:
    """Return the milliseconds of this process's CPU that one reading takes; the first ones do not count."""
    for _ in range(5):
        await read()
    begin, end, done = time.process_time(), time.perf_counter() + seconds, 0
    while time.perf_counter() < end:
        await read()
        done += 1
    return (time.process_time() - begin) / done * 1000
