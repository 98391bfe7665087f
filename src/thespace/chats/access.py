"""The only door to a chat."""

from dataclasses import dataclass

from sqlalchemy import select

from thespace.chats.models import Chat
from thespace.core.actor import Actor
from thespace.core.errors import NotFound
from thespace.core.events import Audience
from thespace.core.ids import ChatId, SpaceId
from thespace.db.unit_of_work import Reader, UnitOfWork
from thespace.spaces.access import SpaceAccess, grant, with_authority
from thespace.spaces.models import Space
from thespace.spaces.policy import NO_PERMISSIONS, Permission


@dataclass(frozen=True, slots=True)
class ChatAccess:
    """Proof that somebody may read a chat, and what else they may do there."""

    chat_id: ChatId
    space: SpaceAccess
    last_seq: int
    revision: int

    def require(self, needed: Permission) -> None:
        """Raise Forbidden, naming the first permission that is missing."""
        self.space.require(needed)


async def access_chat(
    db: Reader, actor: Actor, chat_id: ChatId, needed: Permission = NO_PERMISSIONS, *, change: bool = False
) -> ChatAccess:
    """Return the actor's access to a chat.

    In a unit of work it holds the authority of the chat's space: shared, or alone with `change`, which is for
    commands that raise the space's version. Raises NotFound for who may not read the chat, as if there were
    none, and Forbidden for a reader who lacks `needed`.
    """
    if isinstance(db, UnitOfWork):
        await _hold_home(db, chat_id, alone=change)
    return await _granted(db, actor, chat_id, needed)


async def _granted(db: Reader, actor: Actor, chat_id: ChatId, needed: Permission) -> ChatAccess:
    """Return the actor's access as one statement reads it; in a unit of work the caller holds the locks."""
    statement = select(Space.id, Space.version, Chat.last_seq, Chat.revision).join(
        Chat, Chat.space_id == Space.id
    )
    rows = await db.rows(
        with_authority(statement, actor.user_id).where(Chat.id == chat_id, Chat.deleted_at.is_(None))
    )
    space = grant(rows, actor, needed)
    return ChatAccess(chat_id, space, rows[0].last_seq, rows[0].revision)


def audience_of(space_id: SpaceId) -> Audience:
    """Return who is told what happens in a space's chat: everybody who may read it."""
    return Audience.space(space_id)


async def _hold_home(uow: UnitOfWork, chat_id: ChatId, *, alone: bool) -> None:
    # A chat never changes its space, so that reading it before the lock is safe.
    space_id = await uow.scalar(select(Chat.space_id).where(Chat.id == chat_id))
    if space_id is None:
        raise NotFound
    await uow.hold_authority(SpaceId(space_id), alone=alone)
