"""How far people have read, and what is unread: derived from the timeline, never counted up."""

from sqlalchemy import ScalarSelect, SQLColumnExpression, func, literal, select

from thespace.chats.access import access_chat
from thespace.chats.models import Chat, ReadState
from thespace.core.actor import Actor
from thespace.core.events import Audience
from thespace.core.ids import ChatId, UserId
from thespace.db.unit_of_work import Reader, UnitOfWork
from thespace.messages.events import ReadMarkerMoved
from thespace.messages.models import Message
from thespace.messages.schemas import ReadMarker

MAX_COUNTED = 100


def unread_count(
    chat_id: SQLColumnExpression[int], read_seq: SQLColumnExpression[int], user_id: UserId
) -> ScalarSelect[int]:
    """Return a column that counts others' messages after `read_seq` that are not deleted, up to MAX_COUNTED.

    It belongs into a select from `chats` and `read_states`.
    """
    unread = (
        select(literal(1).label("one"))
        .where(
            Message.chat_id == chat_id,
            Message.seq > read_seq,
            Message.author_id != user_id,
            Message.deleted_at.is_(None),
        )
        .limit(MAX_COUNTED)
        .correlate(Chat, ReadState)
        .subquery()
    )
    return select(func.count()).select_from(unread).correlate(Chat, ReadState).scalar_subquery()


async def mark_read(uow: UnitOfWork, actor: Actor, chat_id: ChatId, seq: int) -> ReadMarker:
    """Raise the actor's marker to `seq`, at most to the newest message; it never goes back.

    Idempotent: a marker that is there already is answered and nothing is told.
    """
    access = await access_chat(uow, actor, chat_id)
    moved = await _raise(uow, actor, chat_id, min(seq, access.last_seq))
    marker = await _marker(uow, actor, chat_id)
    if moved:
        uow.emit(ReadMarkerMoved(audience=Audience.user(actor.user_id), body=marker))
    return marker


async def _raise(uow: UnitOfWork, actor: Actor, chat_id: ChatId, seq: int) -> bool:
    statement = uow.dialect.insert(ReadState).values(user_id=actor.user_id, chat_id=chat_id, seq=seq, n=1)
    raised = await uow.scalar(
        statement.on_conflict_do_update(
            index_elements=[ReadState.user_id, ReadState.chat_id],
            set_={"seq": statement.excluded.seq, "n": ReadState.n + 1},
            where=ReadState.seq < statement.excluded.seq,
        ).returning(ReadState.n)
    )
    return raised is not None


async def _marker(db: Reader, actor: Actor, chat_id: ChatId) -> ReadMarker:
    row = await db.row(
        select(
            Chat.id.label("chat_id"),
            ReadState.seq,
            ReadState.n,
            unread_count(Chat.id, ReadState.seq, actor.user_id).label("unread"),
        )
        .join(ReadState, ReadState.chat_id == Chat.id)
        .where(Chat.id == chat_id, ReadState.user_id == actor.user_id)
    )
    assert row is not None, "the marker was written above"
    return ReadMarker(**row._mapping)
