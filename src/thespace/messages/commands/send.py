"""Sending messages."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from thespace.accounts.queries import person_of
from thespace.chats.access import ChatAccess
from thespace.core.errors import DomainError, FieldError, Invalid
from thespace.core.events import Audience
from thespace.core.ids import ChatId, MessageId, UserId
from thespace.db.coalesce import Attempt
from thespace.db.types import AnyRow
from thespace.messages.batch import Batch
from thespace.messages.changes import Send
from thespace.messages.errors import MessageIsDeleted, NonceReused
from thespace.messages.events import MessageSent, ReadMarkerMoved
from thespace.messages.queries import find_message
from thespace.messages.reading import MAX_COUNTED
from thespace.messages.schemas import Duplicate, MessageOut, ReadMarker, ReplyRef, excerpt_of
from thespace.spaces.policy import Permission

Key = tuple[UserId, ChatId, str]
"""An author, a chat, a nonce: what makes a message unique."""


@dataclass(slots=True)
class _Fresh:
    """A message that is stored now: by which attempt, where it stands, what it answers, its hash."""

    attempt: Attempt[Send]
    access: ChatAccess
    seq: int
    revision: int
    reply_to: ReplyRef | None
    request_hash: str
    again: list[Attempt[Send]] = field(default_factory=list)


async def send_messages(batch: Batch, attempts: Sequence[Attempt[Send]]) -> None:
    """Append messages to their chats, or tell where their nonces were stored before.

    A nonce is looked up under the chat's lock, where the answer is final, and before permissions: a retry
    after a lost acknowledgement and a kick must not be told that a stored message was not stored. Refuses a
    nonce with another body (NonceReused), and to answer what is gone (MessageIsDeleted).
    """
    if not attempts:
        return
    stored = await _stored(batch, attempts)
    replied = await _replied(batch, attempts)
    fresh: dict[Key, _Fresh] = {}
    for attempt in attempts:
        key = _key(attempt)
        try:
            batch.held.counters(attempt.change.chat_id)  # a deleted chat answers nothing, not even its nonces
            if earlier := stored.get(key):
                batch.answers[attempt] = await _earlier(batch, attempt, earlier)
            elif known := fresh.get(key):
                known.again.append(attempt)
            else:
                fresh[key] = _place(batch, attempt, replied)
        except DomainError as refusal:
            batch.answers[attempt] = refusal
    if fresh:
        await _store(batch, list(fresh.values()))


def _key(attempt: Attempt[Send]) -> Key:
    change = attempt.change
    return change.actor.user_id, change.chat_id, change.nonce


def _hash(batch: Batch, attempt: Attempt[Send]) -> str:
    return batch.uow.fingerprint(attempt.change.new.content, str(attempt.change.new.reply_to))


async def _stored(batch: Batch, attempts: Sequence[Attempt[Send]]) -> dict[Key, AnyRow]:
    rows = [(nonce, author_id, chat_id) for author_id, chat_id, nonce in map(_key, attempts)]
    found = await batch.uow.rows(batch.sql.find_nonces, batch.sql.nonces.bind(rows))
    return {(row.author_id, row.chat_id, row.nonce): row for row in found}


async def _replied(batch: Batch, attempts: Sequence[Attempt[Send]]) -> dict[int, AnyRow]:
    ids = sorted({(attempt.change.new.reply_to,) for attempt in attempts if attempt.change.new.reply_to})
    if not ids:
        return {}
    return {row.id: row for row in await batch.uow.rows(batch.sql.find_replied, batch.sql.ids.bind(ids))}


async def _earlier(batch: Batch, attempt: Attempt[Send], row: AnyRow) -> MessageOut | Duplicate:
    """Answer a nonce that is stored: as a duplicate, or as new when our own commit of it was not answered."""
    if attempt.unheard == row.id:
        message = await find_message(batch.uow, MessageId(row.id))
        batch.emit(MessageSent, message)
        return message
    # A tombstone's hash is erased: whatever the body, its nonce was stored.
    if not row.is_deleted and row.request_hash != _hash(batch, attempt):
        raise NonceReused
    return _duplicate(row.id, row.chat_id, row.seq, row.revision, row.nonce)


def _place(batch: Batch, attempt: Attempt[Send], replied: dict[int, AnyRow]) -> _Fresh:
    change = attempt.change
    access = batch.held.access(change.actor, change.chat_id, Permission.SEND_MESSAGES)
    reply_to = _reply(change, replied) if change.new.reply_to else None
    seq, revision = batch.held.take(change.chat_id, messages=1)
    return _Fresh(attempt, access, seq, revision, reply_to, _hash(batch, attempt))


def _reply(change: Send, replied: dict[int, AnyRow]) -> ReplyRef:
    row = replied.get(change.new.reply_to or 0)
    if row is None or row.chat_id != change.chat_id:
        raise Invalid("This chat has no such message.", errors=[FieldError("/reply_to", "unknown_message")])
    if row.deleted_at is not None:
        raise MessageIsDeleted
    return ReplyRef(
        id=row.id,
        seq=row.seq,
        author=person_of(row, prefix="author_"),
        excerpt=excerpt_of(row.excerpt),
        is_deleted=False,
    )


async def _store(batch: Batch, fresh: list[_Fresh]) -> None:
    rows = [_row(batch, each) for each in fresh]
    inserted = await batch.uow.rows(batch.sql.insert_messages, batch.sql.sent.bind(rows))
    ids = {(row.chat_id, row.seq): row.id for row in inserted}  # RETURNING promises no order
    for each in fresh:
        message = _message(batch, each, ids[each.attempt.change.chat_id, each.seq])
        batch.emit(MessageSent, message)
        each.attempt.taken = message.id
        batch.answers[each.attempt] = message
        for attempt in each.again:
            is_same = _hash(batch, attempt) == each.request_hash
            batch.answers[attempt] = (
                _duplicate(message.id, message.chat_id, message.seq, message.revision, attempt.change.nonce)
                if is_same
                else NonceReused()
            )
    await _read_own(batch, fresh)


def _row(batch: Batch, each: _Fresh) -> tuple[object, ...]:
    change = each.attempt.change
    return (
        change.chat_id,
        each.seq,
        each.revision,
        change.actor.user_id,
        change.nonce,
        each.request_hash,
        change.new.content,
        change.new.reply_to,
        batch.now,
    )


def _message(batch: Batch, each: _Fresh, message_id: int) -> MessageOut:
    change = each.attempt.change
    return MessageOut(
        id=message_id,
        chat_id=change.chat_id,
        seq=each.seq,
        revision=each.revision,
        nonce=None if change.nonce.startswith("~") else change.nonce,
        author=batch.held.person(each.access),
        content=change.new.content,
        reply_to=each.reply_to,
        attachments=[],
        reactions=[],
        mentions=[],
        created_at=batch.now,
        edited_at=None,
        deleted_at=None,
    )


async def _read_own(batch: Batch, fresh: list[_Fresh]) -> None:
    """Mark what people wrote as read by themselves: whoever answers has read."""
    places = {(each.attempt.change.chat_id, each.attempt.change.actor.user_id): each.seq for each in fresh}
    rows = [(user_id, chat_id, seq) for (chat_id, user_id), seq in sorted(places.items())]
    for row in await batch.uow.rows(batch.sql.raise_read, batch.sql.read.bind(rows)):
        # What came after it in this batch is by others.
        unread = min(batch.held.counters(row.chat_id).last_seq - row.seq, MAX_COUNTED)
        marker = ReadMarker(chat_id=row.chat_id, seq=row.seq, n=row.n, unread=unread)
        batch.uow.emit(ReadMarkerMoved(audience=Audience.user(row.user_id), body=marker))


def _duplicate(id_: int, chat_id: int, seq: int, revision: int, nonce: str) -> Duplicate:
    return Duplicate(id=id_, chat_id=chat_id, seq=seq, revision=revision, nonce=nonce)
