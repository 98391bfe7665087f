"""Clears what was deleted: marked at once, removed in chunks small enough that nobody waits."""

from sqlalchemy import ColumnElement, delete, or_, select

from thespace.chats.models import Chat, ReadState
from thespace.db.unit_of_work import UnitOfWork
from thespace.messages.models import Message, MessageVersion, Reaction
from thespace.spaces.models import Member, MemberRole, Role, Space

CHUNK = 500


async def purge_chunk(uow: UnitOfWork) -> bool:
    """Remove one chunk of what belongs to deleted chats and spaces; tell whether there may be more.

    Any number of processes may do so at once, and any of them may die between chunks.
    """
    chat_id = await uow.scalar(
        select(Chat.id)
        .join(Space, Space.id == Chat.space_id)
        .where(or_(Chat.deleted_at.is_not(None), Space.deleted_at.is_not(None)))
        .order_by(Chat.id)
        .limit(1)
    )
    if chat_id is not None:
        return await _purge_chat(uow, chat_id)
    space_id = await uow.scalar(
        select(Space.id).where(Space.deleted_at.is_not(None)).order_by(Space.id).limit(1)
    )
    return space_id is not None and await _purge_space(uow, space_id)


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
    rows = await uow.rows(select(*key).where(condition).limit(CHUNK))
    for row in rows:
        await uow.execute(
            delete(table).where(*(column == value for column, value in zip(key, row, strict=True)))
        )
    return bool(rows)
