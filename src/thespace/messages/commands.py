"""Changes of timelines. Each takes the chat's next revision and stamps it on the message it touches."""

import secrets

from sqlalchemy import delete, func, insert, select, update

from thespace.chats.access import audience_of, granted_chat, lock_timeline
from thespace.chats.models import Chat
from thespace.core.actor import Actor
from thespace.core.clock import now
from thespace.core.errors import FieldError, Invalid
from thespace.core.ids import ChatId, MessageId
from thespace.db.unit_of_work import UnitOfWork
from thespace.messages.access import MessageAccess, access_message
from thespace.messages.errors import MessageIsDeleted, NonceReused, NotAuthor, TooManyReactions
from thespace.messages.events import (
    MessageDeleted,
    MessageEdited,
    MessageSent,
    ReactionAdded,
    ReactionRemoved,
)
from thespace.messages.models import Message, MessageVersion, Reaction
from thespace.messages.queries import find_message, reactions_of
from thespace.messages.reading import read_own
from thespace.messages.schemas import (
    Deleted,
    Duplicate,
    MessageOut,
    NewMessage,
    NewReaction,
    ReactionBody,
    ReactionResult,
)
from thespace.spaces.policy import NO_PERMISSIONS, Permission

MAX_REACTIONS = 30


async def send_message(
    uow: UnitOfWork, actor: Actor, chat_id: ChatId, new: NewMessage
) -> MessageOut | Duplicate:
    """Append a message to a chat, or tell where its nonce was stored before.

    The nonce is looked up under the chat's lock, where the answer is final, and before permissions: a retry
    after a lost acknowledgement and a kick must not be told that a stored message was not stored. Raises
    NonceReused for another body, MessageIsDeleted when what it answers is gone.
    """
    await lock_timeline(uow, chat_id)
    request_hash = uow.fingerprint(new.content, str(new.reply_to))
    if new.nonce and (earlier := await _earlier(uow, actor, chat_id, new.nonce, request_hash)):
        return earlier
    access = await granted_chat(uow, actor, chat_id, Permission.SEND_MESSAGES)
    if new.reply_to is not None:
        await _check_reply(uow, chat_id, MessageId(new.reply_to))
    seq, revision = await _next(uow, chat_id, messages=1)
    message_id = await uow.scalar(
        insert(Message).returning(Message.id),
        {
            "chat_id": chat_id,
            "seq": seq,
            "revision": revision,
            "author_id": actor.user_id,
            "nonce": new.nonce or f"~{secrets.token_hex(16)}",
            "request_hash": request_hash,
            "content": new.content,
            "attachments": [],
            "mentions": [],
            "reply_to_id": new.reply_to,
            "created_at": now(),
        },
    )
    await read_own(uow, actor, chat_id, seq)
    message = await find_message(uow, MessageId(message_id), actor.user_id)
    uow.emit(MessageSent(audience=audience_of(access), chat_id=chat_id, revision=revision, body=message))
    return message


async def edit_message(uow: UnitOfWork, actor: Actor, message_id: MessageId, content: str) -> MessageOut:
    """Replace a message's content, keeping the previous version; the same content changes nothing.

    Raises NotAuthor, or MessageIsDeleted for a tombstone.
    """
    message = await access_message(uow, actor, message_id)
    if not message.is_own:
        raise NotAuthor
    message.chat.require(Permission.EDIT_OWN_MESSAGES)
    message.require_content()
    if message.content == content:
        return await find_message(uow, message_id, actor.user_id)
    await uow.execute(
        insert(MessageVersion),
        {
            "message_id": message_id,
            "content": message.content,
            "written_at": message.edited_at or message.created_at,
        },
    )
    revision = await _touch(uow, message, content=content, edited_at=now())
    edited = await find_message(uow, message_id, actor.user_id)
    uow.emit(
        MessageEdited(
            audience=audience_of(message.chat),
            chat_id=message.chat.chat_id,
            revision=revision,
            body=edited.for_everybody(),
        )
    )
    return edited


async def delete_message(uow: UnitOfWork, actor: Actor, message_id: MessageId) -> Deleted:
    """Leave a tombstone: content, versions, reactions are gone for good; deleting again changes nothing."""
    message = await access_message(uow, actor, message_id)
    authority = message.chat.space.authority.permissions
    if not (message.is_own and Permission.DELETE_OWN_MESSAGES in authority):
        message.chat.require(Permission.DELETE_ANY_MESSAGES)
    chat_id = message.chat.chat_id
    if message.is_deleted:
        return Deleted(id=message_id, chat_id=chat_id, revision=message.revision)
    for table in (MessageVersion, Reaction):
        await uow.execute(delete(table).where(table.message_id == message_id))
    # The hash goes too: it would tell anybody with the database whether a guess of the content is right.
    revision = await _touch(
        uow,
        message,
        content=None,
        request_hash="",
        attachments=[],
        mentions=[],
        reply_to_id=None,
        edited_at=None,
        deleted_at=now(),
    )
    body = await find_message(uow, message_id)
    uow.emit(
        MessageDeleted(audience=audience_of(message.chat), chat_id=chat_id, revision=revision, body=body)
    )
    return Deleted(id=message_id, chat_id=chat_id, revision=revision)


async def react(uow: UnitOfWork, actor: Actor, message_id: MessageId, new: NewReaction) -> ReactionResult:
    """Add or take back the actor's reaction; a reaction that is as it shall be changes nothing.

    Raises MessageIsDeleted, or TooManyReactions for a distinct emoji above MAX_REACTIONS.
    """
    message = await access_message(uow, actor, message_id)
    message.require_content()
    mine = (Reaction.message_id == message_id, Reaction.emoji == new.emoji, Reaction.user_id == actor.user_id)
    was_on = bool(await uow.scalar(select(func.count()).select_from(Reaction).where(*mine)))
    on = not was_on if new.on is None else new.on
    message.chat.require(Permission.ADD_REACTIONS if on else NO_PERMISSIONS)
    if on == was_on:
        return ReactionResult(on=on, **await _reaction_body(uow, actor, message, new.emoji, message.revision))
    if on:
        await _check_distinct(uow, message_id, new.emoji)
    revision = await _touch(uow, message)
    if on:
        row = {"message_id": message_id, "emoji": new.emoji, "user_id": actor.user_id, "revision": revision}
        await uow.execute(insert(Reaction), row)
    else:
        await uow.execute(delete(Reaction).where(*mine))
    body = await _reaction_body(uow, actor, message, new.emoji, revision)
    event = ReactionAdded if on else ReactionRemoved
    uow.emit(
        event(
            audience=audience_of(message.chat),
            chat_id=message.chat.chat_id,
            revision=revision,
            body=ReactionBody(**body),
        )
    )
    return ReactionResult(on=on, **body)


async def _earlier(
    uow: UnitOfWork, actor: Actor, chat_id: ChatId, nonce: str, request_hash: str
) -> Duplicate | None:
    row = await uow.row(
        select(Message.id, Message.seq, Message.revision, Message.request_hash, Message.deleted_at).where(
            Message.nonce == nonce, Message.author_id == actor.user_id, Message.chat_id == chat_id
        )
    )
    if row is None:
        return None
    # A tombstone's hash is erased: whatever the body, its nonce was stored.
    if row.deleted_at is None and row.request_hash != request_hash:
        raise NonceReused
    return Duplicate(id=row.id, chat_id=chat_id, seq=row.seq, revision=row.revision, nonce=nonce)


async def _check_reply(uow: UnitOfWork, chat_id: ChatId, reply_to: MessageId) -> None:
    row = await uow.row(select(Message.deleted_at).where(Message.id == reply_to, Message.chat_id == chat_id))
    if row is None:
        raise Invalid("This chat has no such message.", errors=[FieldError("/reply_to", "unknown_message")])
    if row.deleted_at is not None:
        raise MessageIsDeleted


async def _check_distinct(uow: UnitOfWork, message_id: MessageId, emoji: str) -> None:
    others = select(func.count(Reaction.emoji.distinct())).where(
        Reaction.message_id == message_id, Reaction.emoji != emoji
    )
    if await uow.scalar(others) >= MAX_REACTIONS:
        raise TooManyReactions(max_reactions=MAX_REACTIONS)


async def _next(uow: UnitOfWork, chat_id: ChatId, *, messages: int = 0) -> tuple[int, int]:
    """Take the chat's next revision, and the next seq for a new message; return `last_seq, revision`."""
    row = await uow.row(
        update(Chat)
        .where(Chat.id == chat_id)
        .values(last_seq=Chat.last_seq + messages, revision=Chat.revision + 1)
        .returning(Chat.last_seq, Chat.revision)
    )
    assert row is not None, "the caller holds the chat's row"
    return row.last_seq, row.revision


async def _touch(uow: UnitOfWork, message: MessageAccess, **values: object) -> int:
    """Change a message's row under the chat's next revision, and return the revision."""
    _, revision = await _next(uow, message.chat.chat_id)
    await uow.execute(update(Message).where(Message.id == message.id).values(revision=revision, **values))
    return revision


async def _reaction_body(
    uow: UnitOfWork, actor: Actor, message: MessageAccess, emoji: str, revision: int
) -> dict[str, object]:
    condition = (Message.id == message.id) & (Reaction.emoji == emoji)
    counted = (await reactions_of(uow, condition, None))[message.id]
    return {
        "chat_id": message.chat.chat_id,
        "message_id": message.id,
        "revision": revision,
        "user_id": actor.user_id,
        "emoji": emoji,
        "count": counted[0].count if counted else 0,
        "user_ids": counted[0].user_ids if counted else [],
    }
