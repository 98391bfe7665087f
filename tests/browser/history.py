"""Histories of chats, written at once."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import insert, update

from thespace.chats.models import Chat
from thespace.core.clock import now
from thespace.db.unit_of_work import UnitOfWork
from thespace.messages.models import Message

SHAPES = (
    "a short one",
    "one that goes on for a while, because some have much to say and say it in a single breath, " * 4,
    "a list:\n\n- lens\n- mount\n- coffee\n",
    "some code:\n\n```python\nfor star in sky:\n    look(star)\n```",
    "> quoted\n\nand answered",
    "**bold**, _slanted_ and a 🔭",
)


def long_history(count: int) -> list[str]:
    """Return texts of many heights; each begins with `No. <seq>`."""
    return [f"No. {seq} is {SHAPES[seq % len(SHAPES)]}" for seq in range(1, count + 1)]


async def write_history(uow: UnitOfWork, chat_id: int, author_ids: Sequence[int], texts: list[str]) -> None:
    """Fill an empty chat with messages, a minute apart, three in a row by each author."""
    begin = now() - timedelta(minutes=len(texts))
    rows = [
        {
            "chat_id": chat_id,
            "seq": seq,
            "revision": seq,
            "author_id": author_ids[seq // 3 % len(author_ids)],
            "nonce": f"~history-{seq}",
            "request_hash": "",
            "content": text,
            "attachments": [],
            "mentions": [],
            "created_at": begin + timedelta(minutes=seq),
        }
        for seq, text in enumerate(texts, start=1)
    ]
    await uow.execute(insert(Message), rows)
    await uow.execute(update(Chat).where(Chat.id == chat_id).values(last_seq=len(texts), revision=len(texts)))
