"""Clears what was deleted: marked at once, removed in chunks small enough that nobody waits."""

from sqlalchemy import ColumnElement, Select, delete, exists, select, tuple_

from thespace.chats.models import Chat, ReadState
from thespace.db.unit_of_work import UnitOfWork
from thespace.messages.models import Message, MessageVersion, Reaction
from thespace.spaces.models import Member, MemberRole, Role, Space

CHUNK = 500


async def purge_chunk(uow: UnitOfWork) -> bool:
    """Remove one chunk of what belongs to deleted chats and spaces; tell whether there may be more.

    Any number of processes may do so at once, each at a chat or space of its own, and any of them may die
    between chunks.
    """
    deleted_spaces = select(Space.id).where(Space.deleted_at.is_not(None))
    for is_doomed in (Chat.deleted_at.is_not(None), Chat.space_id.in_(deleted_spaces)):
        if (chat_id := await _hold_one(uow, select(Chat.id).where(is_doomed))) is not None:
            return await _purge_chat(uow, chat_id)
    is_empty = ~exists().where(Chat.space_id == Space.id)
    space_id = await _hold_one(uow, deleted_spaces.where(is_empty))
    return space_id is not None and await _purge_space(uow, space_id)


async def _hold_one(uow: UnitOfWork, ids: Select[int]) -> int | None:
    found: int | None = await uow.scalar(ids.limit(1).with_for_update(skip_locked=True))
    return found


async def _purge_chat(uow: UnitOfWork, chat_id: int) -> bool:
    # The newest first: what answers a message goes before the message.
    doomed = select(Message.id).where(Message.chat_id == chat_id).order_by(Message.seq.desc()).limit(CHUNK)
    ids = list((await uow.execute(doomed)).scalars())
    if ids:
        for table in (Reaction, MessageVersion):
            await uow.execute(delete(table).where(table.message_id.in_(ids)))
        await uow.execute(delete(Message).where(Message.id.in_(ids)))
    elif not await _delete_some(uow, ReadState, ReadState.chat_id == chat_id):
        await uow.execute(delete(Chat).where(Chat.id == chat_id))
    return True


async def _purge_space(uow: UnitOfWork, space_id: int) -> bool:
    for table in (MemberRole, Member, Role):
        if await _delete_some(uow, table, table.space_id == space_id):
            return True
    await uow.execute(delete(Space).where(Space.id == space_id))
    return True


async def _delete_some(uow: UnitOfWork, table: type, condition: ColumnElement[bool]) -> bool:
    key = table.__table__.primary_key.columns  # type: ignore[attr-defined]
    some = select(*key).where(condition).limit(CHUNK)
    return (await uow.execute(delete(table).where(tuple_(*key).in_(some)))).rowcount > 0
