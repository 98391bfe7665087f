"""What writing is compared with: one ORM transaction per change, as one would write it first.

The same checks under the same lock, the same answers and events. No change waits for another one, except at
the lock of its chat, in a pool of 10, or at the gate of SQLite.
"""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from thespace.accounts.models import User
from thespace.accounts.schemas import Person
from thespace.chats.access import audience_of
from thespace.chats.models import Chat, ReadState
from thespace.core.actor import Actor
from thespace.core.clock import now
from thespace.core.errors import Forbidden, NotFound
from thespace.core.events import Audience, ChatChanged
from thespace.core.ids import ChatId, MessageId, SpaceId
from thespace.db.database import Database
from thespace.db.dialects.postgresql import Postgresql
from thespace.db.json import dumps, loads
from thespace.db.unit_of_work import UnitOfWork
from thespace.messages.errors import MessageIsDeleted, NonceReused, NotAuthor
from thespace.messages.events import (
    MessageEdited,
    MessageSent,
    ReactionAdded,
    ReactionRemoved,
    ReadMarkerMoved,
)
from thespace.messages.models import Message, MessageVersion, Reaction
from thespace.messages.queries import Reactions, reactions_statement
from thespace.messages.schemas import (
    Duplicate,
    MessageOut,
    NewMessage,
    NewReaction,
    ReactionBody,
    ReactionCount,
    ReactionResult,
    ReadMarker,
)
from thespace.spaces.models import Member, MemberRole, Role, Space
from thespace.spaces.policy import Permission, authority_of, names_of

POOL = 10


@dataclass(frozen=True, slots=True)
class _Unit:
    """An ORM session within a unit of work."""

    session: AsyncSession
    uow: UnitOfWork

    async def lock(self, chat_id: int) -> Chat:
        statement = select(Chat).where(Chat.id == chat_id, Chat.deleted_at.is_(None))
        chat = await self.session.scalar(statement.with_for_update(key_share=True))
        if chat is None:
            raise NotFound
        return chat

    async def lock_around(self, message_id: MessageId) -> tuple[Chat, Message]:
        """Return a message and its locked chat."""
        chat_id = await self.session.scalar(select(Message.chat_id).where(Message.id == message_id))
        if chat_id is None:
            raise NotFound
        chat, message = await self.lock(chat_id), await self.session.get(Message, message_id)
        assert message is not None
        if message.deleted_at is not None:
            raise MessageIsDeleted
        return chat, message

    async def permitted(self, actor: Actor, chat: Chat, needed: Permission) -> Person:
        """Return who acts, if they belong to the chat's space and their roles allow it."""
        rows = await self.session.execute(
            select(User, Space, Role)
            .join(Member, and_(Member.user_id == User.id, Member.space_id == chat.space_id))
            .join(Space, and_(Space.id == Member.space_id, Space.deleted_at.is_(None)))
            .join(MemberRole, and_(MemberRole.space_id == Space.id, MemberRole.user_id == User.id))
            .join(Role, Role.id == MemberRole.role_id)
            .where(User.id == actor.user_id)
        )
        held = rows.all()
        if not held:
            raise NotFound
        user, space, _ = held[0]
        roles = [(role.permissions, role.priority) for _, _, role in held]
        if missing := needed & ~authority_of(roles, is_owner=space.owner_id == user.id).permissions:
            raise Forbidden(permission=names_of(missing)[0])
        return Person.model_validate(user, from_attributes=True)

    async def reactions(self, message: Message, reader_id: int) -> Reactions:
        statement = reactions_statement(Message.id == message.id, lambda user_id: user_id == reader_id)
        return Reactions((await self.session.execute(statement)).all())

    async def read_on(self, actor: Actor, message: Message) -> None:
        """Mark what somebody wrote as read by themselves."""
        state = await self.session.get(ReadState, (actor.user_id, message.chat_id))
        if state is None:
            state = ReadState(user_id=actor.user_id, chat_id=message.chat_id, seq=message.seq, n=1)
            self.session.add(state)
        else:
            state.seq, state.n = message.seq, state.n + 1
        marker = ReadMarker(chat_id=message.chat_id, seq=message.seq, n=state.n, unread=0)
        self.uow.emit(ReadMarkerMoved(audience=Audience.user(actor.user_id), body=marker))

    def tell(self, kind: type[ChatChanged], chat: Chat, body: MessageOut | ReactionBody) -> None:
        audience = audience_of(SpaceId(chat.space_id))
        self.uow.emit(kind(audience=audience, chat_id=ChatId(chat.id), revision=chat.revision, body=body))


class OneByOne:
    """Stands where the Batcher does, for everything that is measured."""

    def __init__(self, database: Database) -> None:
        self._database = database
        dialect = database.dialect
        self._engine = _engine(dialect) if isinstance(dialect, Postgresql) else None
        self._begin = self._engine.begin if self._engine else dialect.write

    async def send(self, actor: Actor, chat_id: ChatId, new: NewMessage) -> MessageOut | Duplicate:
        """Append a message to a chat, or tell where its nonce was stored before."""
        async with self._unit() as unit:
            chat = await unit.lock(chat_id)
            nonce = new.nonce or f"~{secrets.token_hex(16)}"
            request_hash = unit.uow.fingerprint(new.content, str(new.reply_to))
            is_it = Message.nonce == nonce, Message.author_id == actor.user_id, Message.chat_id == chat_id
            if earlier := await unit.session.scalar(select(Message).where(*is_it)):
                return _duplicate(earlier, request_hash)
            author = await unit.permitted(actor, chat, Permission.SEND_MESSAGES)
            chat.last_seq += 1
            chat.revision += 1
            message = Message(
                chat_id=chat_id,
                seq=chat.last_seq,
                revision=chat.revision,
                author_id=actor.user_id,
                nonce=nonce,
                request_hash=request_hash,
                content=new.content,
                attachments=[],
                mentions=[],
                created_at=now(),
            )
            unit.session.add(message)
            await unit.session.flush()
            await unit.read_on(actor, message)
            answer = _told(message, author, [])
            unit.tell(MessageSent, chat, answer)
            return answer

    async def edit(self, actor: Actor, message_id: MessageId, content: str) -> MessageOut:
        """Replace a message's content, keeping the previous version."""
        async with self._unit() as unit:
            chat, message = await unit.lock_around(message_id)
            author = await unit.permitted(actor, chat, Permission.EDIT_OWN_MESSAGES)
            if message.author_id != actor.user_id:
                raise NotAuthor
            if message.content != content:
                before = message.edited_at or message.created_at
                unit.session.add(
                    MessageVersion(message_id=message.id, content=message.content, written_at=before)
                )
                chat.revision += 1
                message.content, message.revision, message.edited_at = content, chat.revision, now()
            reactions = await unit.reactions(message, actor.user_id)
            unit.tell(MessageEdited, chat, _told(message, author, reactions.under(message.id)))
            return _told(message, author, reactions.under(message.id, actor.user_id))

    async def react(self, actor: Actor, message_id: MessageId, new: NewReaction) -> ReactionResult:
        """Add or take back a reaction."""
        async with self._unit() as unit:
            chat, message = await unit.lock_around(message_id)
            await unit.permitted(actor, chat, Permission.ADD_REACTIONS)
            key = message_id, new.emoji, actor.user_id
            reaction = await unit.session.get(Reaction, key)
            on = reaction is None if new.on is None else new.on
            chat.revision += 1
            message.revision = chat.revision
            if reaction is not None and not on:
                await unit.session.delete(reaction)
            elif reaction is None and on:
                added = dict(zip(("message_id", "emoji", "user_id"), key, strict=True))
                unit.session.add(Reaction(**added, revision=chat.revision))
            await unit.session.flush()
            count, user_ids = (await unit.reactions(message, actor.user_id)).of(message_id, new.emoji)
            body = ReactionBody(
                chat_id=chat.id,
                message_id=message_id,
                revision=chat.revision,
                user_id=actor.user_id,
                emoji=new.emoji,
                count=count,
                user_ids=user_ids,
            )
            unit.tell(ReactionAdded if on else ReactionRemoved, chat, body)
            return ReactionResult(**dict(body), on=on)

    async def close(self) -> None:
        """Close all connections."""
        if self._engine:
            await self._engine.dispose()

    @asynccontextmanager
    async def _unit(self) -> AsyncIterator[_Unit]:
        async with self._begin() as connection:
            uow = UnitOfWork(connection, self._database.dialect, self._database._key)
            async with AsyncSession(connection, expire_on_commit=False) as session:
                yield _Unit(session, uow)
                await session.flush()
        self._database._deliver(uow.events)


def _engine(dialect: Postgresql) -> AsyncEngine:
    return create_async_engine(
        dialect._writer.url,
        pool_size=POOL,
        max_overflow=0,
        pool_timeout=60,
        json_serializer=dumps,
        json_deserializer=loads,
        connect_args={"server_settings": {"jit": "off"}},
    )


def _duplicate(earlier: Message, request_hash: str) -> Duplicate:
    if earlier.request_hash != request_hash:
        raise NonceReused
    return Duplicate.model_validate(earlier, from_attributes=True)


def _told(message: Message, author: Person, reactions: list[ReactionCount]) -> MessageOut:
    return MessageOut(
        id=message.id,
        chat_id=message.chat_id,
        seq=message.seq,
        revision=message.revision,
        nonce=None if message.nonce.startswith("~") else message.nonce,
        author=author,
        content=message.content,
        reply_to=None,
        attachments=message.attachments,
        reactions=reactions,
        mentions=message.mentions,
        created_at=message.created_at,
        edited_at=message.edited_at,
        deleted_at=message.deleted_at,
    )
