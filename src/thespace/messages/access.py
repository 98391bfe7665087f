"""The only door to a message: through the chat it is in."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from thespace.chats.access import ChatAccess, access_chat
from thespace.core.actor import Actor
from thespace.core.errors import NotFound
from thespace.core.ids import ChatId, MessageId
from thespace.db.unit_of_work import Reader
from thespace.messages.errors import MessageIsDeleted
from thespace.messages.models import Message
from thespace.spaces.policy import NO_PERMISSIONS, Permission


@dataclass(frozen=True, slots=True)
class MessageAccess:
    """Proof that somebody may read a message, and the message as it is."""

    chat: ChatAccess
    id: MessageId
    author_id: int
    revision: int
    content: str
    created_at: datetime
    edited_at: datetime | None
    is_deleted: bool

    @property
    def is_own(self) -> bool:
        """Tell whether the actor wrote it."""
        return self.author_id == self.chat.space.user_id

    def require_content(self) -> None:
        """Raise MessageIsDeleted for a tombstone."""
        if self.is_deleted:
            raise MessageIsDeleted


async def access_message(
    db: Reader, actor: Actor, message_id: MessageId, needed: Permission = NO_PERMISSIONS
) -> MessageAccess:
    """Return the actor's access to a message; in a unit of work it also holds the timeline it is in.

    Raises NotFound for who may not read the chat, as if there were no such message, and Forbidden for a
    reader who lacks `needed`.
    """
    chat_id = await db.scalar(select(Message.chat_id).where(Message.id == message_id))
    if chat_id is None:
        raise NotFound
    chat = await access_chat(db, actor, ChatId(chat_id), needed)
    row = await db.row(
        select(
            Message.author_id,
            Message.revision,
            Message.content,
            Message.created_at,
            Message.edited_at,
            Message.deleted_at.is_not(None).label("is_deleted"),
        ).where(Message.id == message_id)
    )
    if row is None:
        raise NotFound
    return MessageAccess(chat, message_id, **row._mapping)
