"""A long history of a chat, written at once."""

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


async def write_history(uow: UnitOfWork, chat_id: int, author_ids: Sequence[int], count: int) -> None:
    """Fill an empty chat with messages of many heights, a minute apart; each begins with `No. <seq>`."""
    end = now()
    rows = [
        {
            "chat_id": chat_id,
            "seq": seq,
            "revision": seq,
            "author_id": author_ids[seq // 3 % len(author_ids)],
            "nonce": f"~history-{seq}",
            "request_hash": "",
            "content": f"No. {seq} is {SHAPES[seq % len(SHAPES)]}",
            "attachments": [],
            "mentions": [],
            "created_at": end - timedelta(minutes=count - seq),
        }
        for seq in range(1, count + 1)
    ]
    await uow.execute(insert(Message), rows)
    await uow.execute(update(Chat).where(Chat.id == chat_id).values(last_seq=count, revision=count))
