"""Changes of chats."""

from sqlalchemy import func, insert, literal, select, update

from thespace.chats.access import access_chat
from thespace.chats.errors import TooManyChats
from thespace.chats.events import ChatBody, ChatCreated, ChatDeleted, ChatDeletedBody, ChatUpdated
from thespace.chats.models import Chat, ReadState
from thespace.chats.queries import find_chat_info
from thespace.chats.schemas import ChatChanges, ChatInfo, NewChat
from thespace.core.actor import Actor
from thespace.core.clock import now
from thespace.core.events import Audience
from thespace.core.ids import ChatId, SpaceId
from thespace.db.unit_of_work import UnitOfWork
from thespace.spaces.access import access_space
from thespace.spaces.commands import create_space, join_space, raise_version
from thespace.spaces.policy import Permission
from thespace.spaces.schemas import NewSpace

MAX_CHATS = 500


async def found_space(uow: UnitOfWork, actor: Actor, new: NewSpace) -> SpaceId:
    """Create a space together with its first chat, so that nobody arrives in an empty room."""
    space_id = await create_space(uow, actor, new)
    await _insert(uow, space_id, NewChat(name=new.first_chat), position=0)
    return space_id


async def enter_space(uow: UnitOfWork, actor: Actor, space_id: SpaceId) -> None:
    """Join a public space; what was said there before does not count as unread."""
    if not await join_space(uow, actor, space_id):
        return
    begin = uow.dialect.insert(ReadState).from_select(
        ["user_id", "chat_id", "seq", "n"],
        select(literal(actor.user_id), Chat.id, Chat.last_seq, literal(1)).where(
            Chat.space_id == space_id, Chat.deleted_at.is_(None)
        ),
    )
    await uow.execute(
        begin.on_conflict_do_update(
            index_elements=[ReadState.user_id, ReadState.chat_id],
            set_={"seq": begin.excluded.seq, "n": ReadState.n + 1},
        )
    )


async def create_chat(uow: UnitOfWork, actor: Actor, space_id: SpaceId, new: NewChat) -> ChatInfo:
    """Create a chat at the end of a space's list; raises TooManyChats at MAX_CHATS."""
    await access_space(uow, actor, space_id, Permission.MANAGE_CHATS, change=True)
    count, last = (
        await uow.rows(
            select(func.count(), func.coalesce(func.max(Chat.position), -1)).where(
                Chat.space_id == space_id, Chat.deleted_at.is_(None)
            )
        )
    )[0]
    if count >= MAX_CHATS:
        raise TooManyChats(max_chats=MAX_CHATS)
    chat_id = await _insert(uow, space_id, new, position=last + 1)
    body = await _changed(uow, space_id, chat_id)
    uow.emit(ChatCreated(audience=Audience.space(space_id), body=body))
    return body.chat


async def change_chat(uow: UnitOfWork, actor: Actor, chat_id: ChatId, changes: ChatChanges) -> ChatInfo:
    """Change a chat's name or topic and return what it is now; without changes nothing is raised or told."""
    access = await access_chat(uow, actor, chat_id, Permission.MANAGE_CHATS, change=True)
    present = await find_chat_info(uow, chat_id)
    values = changes.to(present)
    if not values:
        return present
    await uow.execute(update(Chat).where(Chat.id == chat_id).values(**values))
    body = await _changed(uow, access.space.space_id, chat_id)
    uow.emit(ChatUpdated(audience=Audience.space(access.space.space_id), body=body))
    return body.chat


async def delete_chat(uow: UnitOfWork, actor: Actor, chat_id: ChatId) -> None:
    """Delete a chat: gone for everybody from the next request on, purged in chunks afterwards."""
    access = await access_chat(uow, actor, chat_id, Permission.MANAGE_CHATS, change=True)
    space_id = access.space.space_id
    await uow.execute(update(Chat).where(Chat.id == chat_id).values(deleted_at=now()))
    raised = await raise_version(uow, space_id)
    body = ChatDeletedBody(space_id=space_id, version=raised.version, chat_id=chat_id)
    uow.emit(ChatDeleted(audience=Audience.space(space_id), closes=Audience.view(chat_id), body=body))


async def _insert(uow: UnitOfWork, space_id: SpaceId, new: NewChat, *, position: int) -> ChatId:
    chat = {
        "space_id": space_id,
        "name": new.name,
        "topic": new.topic,
        "position": position,
        "last_seq": 0,
        "revision": 0,
        "created_at": now(),
    }
    return ChatId(await uow.scalar(insert(Chat).returning(Chat.id), chat))


async def _changed(uow: UnitOfWork, space_id: SpaceId, chat_id: ChatId) -> ChatBody:
    raised = await raise_version(uow, space_id)
    return ChatBody(space_id=space_id, version=raised.version, chat=await find_chat_info(uow, chat_id))
