"""What reading costs: a page at both ends of a history, and the statements of requests."""

from typing import Any

import httpx
from sqlalchemy import select

from bench.turns import Span, cpu_in_turns
from bench.world import World
from tests.statements import StatementLog
from thespace.chats.models import Chat
from thespace.db.unit_of_work import Reader
from thespace.messages.models import Message, Reaction
from thespace.messages.queries import page_of

PAGE = 30
DEPTH = 10


async def pages(world: World, depth: int, span: Span) -> dict[str, str]:
    """Measure reading a page at two depths of the long chat, beside bare statements."""
    database, reader, chat_id = world.application.database, world.people[1], world.long_chat
    bare, shallow, deep = await cpu_in_turns(
        span,
        lambda: database.read(_bare_page, world),
        lambda: database.read(page_of, reader, chat_id, before=depth - DEPTH),
        lambda: database.read(page_of, reader, chat_id, before=1 + PAGE),
    )
    return {
        "three bare Core statements (reference)": f"{bare:.2f} ms",
        f"page of {PAGE} messages, {DEPTH} back": f"{shallow:.2f} ms",
        f"page of {PAGE} messages, {depth:,} back": f"{deep:.2f} ms",
    }


async def statements(world: World) -> dict[str, str]:
    """Count the statements of requests over HTTP, the one for the session included."""
    application = world.application
    transport = httpx.ASGITransport(application.api)
    headers = {"Authorization": f"Bearer {world.token_of(0)}"}
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
    message, reaction = {"content": "Hi", "nonce": "1"}, {"emoji": "🔥", "on": True}
    return [
        ("statements: GET /sync", "GET", "/sync", None),
        ("statements: GET a page", "GET", f"/messages/{world.long_chat}", None),
        ("statements: POST a message", "POST", f"/messages/{world.new_chat}", message),
        ("statements: POST a reaction", "POST", "/messages/1/reaction", reaction),
    ]


async def _bare_page(db: Reader, world: World) -> None:
    chat = await db.row(select(Chat.last_seq, Chat.revision).where(Chat.id == world.long_chat))
    assert chat is not None
    shown = Message.seq > chat.last_seq - PAGE, Message.chat_id == world.long_chat
    await db.rows(select(Message).where(*shown).order_by(Message.seq))
    await db.rows(select(Reaction).join(Message, Message.id == Reaction.message_id).where(*shown))
