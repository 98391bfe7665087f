"""Reads about chats."""

from sqlalchemy import select

from thespace.chats.models import Chat
from thespace.chats.schemas import ChatInfo
from thespace.core.errors import NotFound
from thespace.core.ids import ChatId
from thespace.db.unit_of_work import Reader

INFO_COLUMNS = (Chat.id, Chat.space_id, Chat.name, Chat.topic, Chat.position, Chat.last_seq, Chat.revision)


async def find_chat_info(db: Reader, chat_id: ChatId) -> ChatInfo:
    """Return what a chat's events tell of it; authority has been checked by the caller's access."""
    row = await db.row(select(*INFO_COLUMNS).where(Chat.id == chat_id))
    if row is None:
        raise NotFound
    return ChatInfo(**row._mapping)
