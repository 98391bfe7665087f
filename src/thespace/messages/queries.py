"""Reads of timelines. A page costs three statements at any depth: chat, messages, reactions."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from thespace.accounts.models import User
from thespace.accounts.queries import person_columns, person_of
from thespace.chats.access import access_chat, audience_of
from thespace.chats.models import Chat
from thespace.core.actor import Actor
from thespace.core.errors import FieldError, Invalid, NotFound
from thespace.core.ids import ChatId, MessageId, UserId
from thespace.db.types import AnyRow, AnySelect
from thespace.db.unit_of_work import Reader
from thespace.messages.access import access_message
from thespace.messages.events import TimelineCaughtUp
from thespace.messages.models import Message, MessageVersion, Reaction
from thespace.messages.schemas import (
    EXCERPT_CHARACTERS,
    MAX_CHANGES,
    Changes,
    History,
    MessageOut,
    MessagePage,
    MessagesChanged,
    ReactionCount,
    ReplyRef,
    Version,
    excerpt_of,
)
from thespace.spaces.models import Space

SHOWN_REACTORS = 20
IsReader = Callable[[ColumnElement[int]], ColumnElement[bool]]

_Replied = aliased(Message, name="replied")
_RepliedAuthor = aliased(User, name="replied_author")

MESSAGES: AnySelect = (
    select(
        *(
            column.label(f"message_{column.key}")
            for column in Message.__table__.columns
            if column.key != "request_hash"
        ),
        *person_columns(User, prefix="author_"),
        _Replied.id.label("replied_id"),
        _Replied.seq.label("replied_seq"),
        func.substr(_Replied.content, 1, EXCERPT_CHARACTERS).label("replied_excerpt"),
        _Replied.deleted_at.label("replied_deleted_at"),
        *person_columns(_RepliedAuthor, prefix="replied_author_"),
    )
    .join(User, User.id == Message.author_id)
    .outerjoin(_Replied, _Replied.id == Message.reply_to_id)
    .outerjoin(_RepliedAuthor, _RepliedAuthor.id == _Replied.author_id)
)
"""Messages with their authors and what they answer, for `message_of`."""


async def page_of(
    db: Reader,
    actor: Actor,
    chat_id: ChatId,
    *,
    before: int | None = None,
    after: int | None = None,
    around: int | None = None,
    limit: int = 30,
) -> MessagePage:
    """Return messages before or after a seq (exclusive), around one (inclusive), or the newest."""
    if sum(bound is not None for bound in (before, after, around)) > 1:
        raise Invalid("Give one of before, after, around.", errors=[FieldError("/before", "too_many_bounds")])
    access = await access_chat(db, actor, chat_id)
    first, last = _range(access.last_seq, before, after, around, limit)
    messages = await _messages(
        db, and_(Message.chat_id == chat_id, Message.seq.between(first, last)), reader_id=actor.user_id
    )
    return MessagePage(messages=messages, revision=access.revision, last_seq=access.last_seq)


async def changes_of(db: Reader, actor: Actor, chat_id: ChatId, since: int, limit: int) -> Changes:
    """Return what changed in a chat after a revision: the same way for one lost event and for a year of
    absence.

    Three statements, whose cost grows with `limit` and not with the history.
    """
    access = await access_chat(db, actor, chat_id)
    return await _changes(db, chat_id, access.revision, since, limit, actor.user_id)


async def caught_up_since(db: Reader, chat_id: ChatId, since: int) -> TimelineCaughtUp:
    """Return the event that tells everybody what changed in a chat after a revision; raises NotFound."""
    chat = await db.row(
        select(Chat.space_id, Chat.revision)
        .join(Space, and_(Space.id == Chat.space_id, Space.deleted_at.is_(None)))
        .where(Chat.id == chat_id, Chat.deleted_at.is_(None))
    )
    if chat is None:
        raise NotFound
    found = await _changes(db, chat_id, chat.revision, since, MAX_CHANGES)
    body = MessagesChanged(chat_id=chat_id, since=since, revision=found.revision, changes=found.changes)
    return TimelineCaughtUp(
        audience=audience_of(chat.space_id),
        chat_id=chat_id,
        since=since,
        revision=found.revision,
        has_more=found.has_more,
        body=body,
    )


async def find_message(db: Reader, message_id: MessageId) -> MessageOut:
    """Return a message as everybody is told of it; the caller has checked access."""
    found = await _messages(db, Message.id == message_id)
    if not found:
        raise NotFound
    return found[0]


async def history_of(db: Reader, actor: Actor, message_id: MessageId) -> History:
    """Return all that a message ever said; raises MessageIsDeleted for a tombstone."""
    message = await access_message(db, actor, message_id)
    message.require_content()
    rows = await db.rows(
        select(MessageVersion.content, MessageVersion.written_at)
        .where(MessageVersion.message_id == message_id)
        .order_by(MessageVersion.id)
    )
    present = Version(content=message.content, written_at=message.edited_at or message.created_at)
    return History(
        items=[*(Version(content=row.content, written_at=row.written_at) for row in rows), present]
    )


def reactions_statement(messages: ColumnElement[bool], is_reader: IsReader) -> AnySelect:
    """Return the select of reactions under the messages of a condition, for `Reactions`.

    At most SHOWN_REACTORS rows per message and emoji, and those of the readers, however many people reacted.
    """
    group: dict[str, Any] = {"partition_by": (Reaction.message_id, Reaction.emoji)}
    ranked = (
        select(
            Reaction.message_id,
            Reaction.emoji,
            Reaction.user_id,
            func.row_number().over(order_by=(Reaction.revision, Reaction.user_id), **group).label("place"),
            func.count().over(**group).label("total"),
            func.min(Reaction.revision).over(**group).label("since"),
        )
        .join(Message, Message.id == Reaction.message_id)
        .where(messages)
        .subquery()
    )
    return (
        select(ranked)
        .where(or_(ranked.c.place <= SHOWN_REACTORS, is_reader(ranked.c.user_id)))
        .order_by(ranked.c.message_id, ranked.c.since, ranked.c.emoji, ranked.c.place)
    )


class Reactions:
    """Reactions under some messages, in the order of the emojis' first use."""

    def __init__(self, rows: Iterable[AnyRow] = ()) -> None:
        self._groups: defaultdict[int, dict[str, list[AnyRow]]] = defaultdict(dict)
        for row in rows:
            self._groups[row.message_id].setdefault(row.emoji, []).append(row)

    def under(self, message_id: int, reader_id: int | None = None) -> list[ReactionCount]:
        """Return the counts under a message, for one of the readers they were read for, or for everybody."""
        return [_count(emoji, rows, reader_id) for emoji, rows in self._groups[message_id].items()]

    def of(self, message_id: int, emoji: str) -> tuple[int, list[int]]:
        """Return how many people reacted with an emoji, and the first of them."""
        rows = self._groups[message_id].get(emoji)
        return (rows[0].total, _first(rows)) if rows else (0, [])


def _range(
    last_seq: int, before: int | None, after: int | None, around: int | None, limit: int
) -> tuple[int, int]:
    """Return the first and last seq of a page; a chat's seqs have no gaps, so none is looked for."""
    if after is not None:
        return after + 1, after + limit
    if around is not None:
        last = min(max(around + limit // 2, limit), last_seq)
        return last - limit + 1, last
    last = last_seq if before is None else min(before - 1, last_seq)
    return last - limit + 1, last


async def _changes(
    db: Reader, chat_id: ChatId, revision: int, since: int, limit: int, reader_id: UserId | None = None
) -> Changes:
    newer = and_(Message.chat_id == chat_id, Message.revision > since)
    rows = await db.rows(MESSAGES.where(newer).order_by(Message.revision).limit(limit + 1))
    has_more, page = len(rows) > limit, rows[:limit]
    last = page[-1].message_revision if has_more else revision
    changes = await _complete(db, page, and_(newer, Message.revision <= last), reader_id)
    return Changes(changes=changes, revision=last, has_more=has_more)


async def _messages(
    db: Reader, condition: ColumnElement[bool], reader_id: UserId | None = None
) -> list[MessageOut]:
    rows = await db.rows(MESSAGES.where(condition).order_by(Message.seq))
    return await _complete(db, rows, condition, reader_id)


async def _complete(
    db: Reader, rows: Sequence[AnyRow], condition: ColumnElement[bool], reader_id: UserId | None
) -> list[MessageOut]:
    """Return the messages of rows of MESSAGES, with the reactions under all messages of a condition."""
    statement = reactions_statement(condition, lambda user_id: user_id == reader_id)
    reactions = Reactions(await db.rows(statement))
    return [message_of(row, reactions.under(row.message_id, reader_id)) for row in rows]


def message_of(row: AnyRow, reactions: list[ReactionCount]) -> MessageOut:
    return MessageOut(
        id=row.message_id,
        chat_id=row.message_chat_id,
        seq=row.message_seq,
        revision=row.message_revision,
        nonce=None if row.message_nonce.startswith("~") else row.message_nonce,
        author=person_of(row, prefix="author_"),
        content=row.message_content,
        reply_to=None if row.replied_id is None else _reply_of(row),
        attachments=row.message_attachments,
        reactions=reactions,
        mentions=row.message_mentions,
        created_at=row.message_created_at,
        edited_at=row.message_edited_at,
        deleted_at=row.message_deleted_at,
    )


def _reply_of(row: AnyRow) -> ReplyRef:
    return ReplyRef(
        id=row.replied_id,
        seq=row.replied_seq,
        author=person_of(row, prefix="replied_author_"),
        excerpt=excerpt_of(row.replied_excerpt),
        is_deleted=row.replied_deleted_at is not None,
    )


def _count(emoji: str, rows: list[AnyRow], reader_id: int | None) -> ReactionCount:
    mine = None if reader_id is None else any(row.user_id == reader_id for row in rows)
    return ReactionCount(emoji=emoji, count=rows[0].total, user_ids=_first(rows), mine=mine)


def _first(rows: list[AnyRow]) -> list[int]:
    return [row.user_id for row in rows if row.place <= SHOWN_REACTORS]
