"""Fills an empty installation through the real commands, and then dates back what they did."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select, update

from thespace.accounts.commands import Device, register, sign_out
from thespace.accounts.models import User
from thespace.accounts.passwords import Passwords
from thespace.accounts.schemas import NewAccount
from thespace.chats.commands import change_chat, create_chat, enter_space, found_space
from thespace.chats.models import Chat as ChatRow
from thespace.chats.schemas import ChatChanges, NewChat
from thespace.core.actor import Actor
from thespace.core.clock import now
from thespace.core.ids import ChatId, MessageId
from thespace.db.database import Database
from thespace.db.unit_of_work import UnitOfWork
from thespace.demo.content import HOST, PASSWORD, PEOPLE, SPACES, Chat, Space
from thespace.demo.script import Said, parse_scenes, write_dialogue
from thespace.messages.batcher import Batcher
from thespace.messages.models import Message, MessageVersion
from thespace.messages.reading import mark_read
from thespace.messages.schemas import NewMessage, NewReaction
from thespace.settings import Settings
from thespace.spaces.models import Member
from thespace.spaces.models import Space as SpaceRow
from thespace.spaces.schemas import NewSpace, Visibility

DAYS = 12
"""How long ago the talk begins; people and spaces are a little older."""
MESSAGES = sum(chat.messages for space in SPACES for chat in space.chats)
CHUNK = 200
"""How many messages are written together."""
SECOND_THOUGHT = timedelta(seconds=40)
_DEVICE = Device("the demo", "127.0.0.1")

Actors = dict[str, Actor]


async def fill_demo(
    settings: Settings, secret: str, told: Callable[[int], None], spaces: Sequence[Space] = SPACES
) -> None:
    """Fill the database that settings name with what happened up to now; `told` counts the messages."""
    database = Database(settings.sqlalchemy_url, lambda _events: None, key=secret.encode())
    passwords = Passwords()
    try:
        await _fill(database, await passwords.hash(PASSWORD), spaces, now(), told)
    finally:
        await database.close()
        passwords.close()


async def _fill(
    database: Database,
    password_hash: str,
    spaces: Sequence[Space],
    until: datetime,
    told: Callable[[int], None],
) -> None:
    began = until - timedelta(days=DAYS + 20)
    actors = await database.write(_register_all, password_hash, began)
    for space in spaces:
        chat_ids = await database.write(_found, actors, space, began)
        for chat, chat_id in zip(space.chats, chat_ids, strict=True):
            await _talk(database, actors, chat_id, chat, _dialogue(space, chat, until), told)
    await database.write(sign_out, [actor.session_id for actor in actors.values()])


async def _register_all(uow: UnitOfWork, password_hash: str, began: datetime) -> Actors:
    actors: Actors = {}
    for person in PEOPLE:
        account = NewAccount(nickname=person.nickname, password=PASSWORD, display_name=person.display_name)
        signed_in = await register(uow, account, password_hash, _DEVICE)
        actors[person.nickname] = Actor(signed_in.user.id, signed_in.session_id)
    await uow.execute(update(User).values(created_at=began))
    return actors


async def _found(uow: UnitOfWork, actors: Actors, space: Space, began: datetime) -> list[ChatId]:
    owner, first = actors[space.owner], space.chats[0]
    space_id = await found_space(
        uow,
        owner,
        NewSpace(
            name=space.name,
            description=space.description,
            visibility=Visibility.PUBLIC,
            first_chat=first.name,
        ),
    )
    for chat in space.chats[1:]:
        await create_chat(uow, owner, space_id, NewChat(name=chat.name, topic=chat.topic))
    in_order = select(ChatRow.id).where(ChatRow.space_id == space_id).order_by(ChatRow.position)
    chat_ids = [ChatId(row.id) for row in await uow.rows(in_order)]
    await change_chat(uow, owner, chat_ids[0], ChatChanges(topic=first.topic))
    for nickname in space.members:
        await enter_space(uow, actors[nickname], space_id)
    await uow.execute(update(SpaceRow).where(SpaceRow.id == space_id).values(created_at=began))
    await uow.execute(update(ChatRow).where(ChatRow.space_id == space_id).values(created_at=began))
    await uow.execute(update(Member).where(Member.space_id == space_id).values(joined_at=began))
    return chat_ids


async def _talk(
    database: Database,
    actors: Actors,
    chat_id: ChatId,
    chat: Chat,
    said: Sequence[Said],
    told: Callable[[int], None],
) -> None:
    batcher = Batcher(database)
    sent: list[MessageId] = []
    while len(sent) < len(said):
        wave = _wave(said, len(sent))
        sent += await asyncio.gather(*(_say(batcher, actors, chat_id, each, sent) for each in wave))
        told(len(wave))
    await asyncio.gather(*(_react(batcher, actors, each, id_) for each, id_ in zip(said, sent, strict=True)))
    await asyncio.gather(
        *(_rethink(batcher, actors, each, id_) for each, id_ in zip(said, sent, strict=True))
    )
    await database.write(_backdate, list(zip(said, sent, strict=True)))
    await database.write(mark_read, actors[HOST], chat_id, _read_up_to(said, chat.unread))


def _wave(said: Sequence[Said], start: int) -> Sequence[Said]:
    """Return what can be said together: nothing in it answers something else in it."""
    end = min(start + CHUNK, len(said))
    for place in range(start + 1, end):
        answers = said[place].answers
        if answers is not None and answers >= start:
            return said[start:place]
    return said[start:end]


async def _say(
    batcher: Batcher, actors: Actors, chat_id: ChatId, said: Said, sent: Sequence[MessageId]
) -> MessageId:
    reply_to = None if said.answers is None else sent[said.answers]
    new = NewMessage(content=said.text, reply_to=reply_to)
    return MessageId((await batcher.send(actors[said.author.nickname], chat_id, new)).id)


async def _react(batcher: Batcher, actors: Actors, said: Said, message_id: MessageId) -> None:
    for emoji, person in said.reactions:
        await batcher.react(actors[person.nickname], message_id, NewReaction(emoji=emoji, on=True))


async def _rethink(batcher: Batcher, actors: Actors, said: Said, message_id: MessageId) -> None:
    author = actors[said.author.nickname]
    if said.edited:
        await batcher.edit(author, message_id, said.edited)
    if said.is_deleted:
        await batcher.delete(author, message_id)


async def _backdate(uow: UnitOfWork, told: Sequence[tuple[Said, MessageId]]) -> None:
    for said, message_id in told:
        later = said.moment + SECOND_THOUGHT
        edited_at = later if said.edited and not said.is_deleted else None
        moments = {
            "created_at": said.moment,
            "edited_at": edited_at,
            "deleted_at": later if said.is_deleted else None,
        }
        await uow.execute(update(Message).where(Message.id == message_id).values(**moments))
        versions = update(MessageVersion).where(MessageVersion.message_id == message_id)
        await uow.execute(versions.values(written_at=said.moment))


def _read_up_to(said: Sequence[Said], unread: int) -> int:
    """Return the seq after which so many messages are unread: deleted ones are not."""
    left = [seq for seq, message in enumerate(said, start=1) if not message.is_deleted]
    return left[-unread - 1]


def _dialogue(space: Space, chat: Chat, until: datetime) -> list[Said]:
    """Return what is said in a chat; where something is unread, the host only listens."""
    here = {space.owner, *space.members} - ({HOST} if chat.unread else set())
    people = [p for p in PEOPLE if p.nickname in here and chat.language in p.languages]
    random = Random(chat.scenes)  # noqa: S311 - the same at every start
    return write_dialogue(
        parse_scenes(chat.script()), people, chat.messages, days=DAYS, until=until, random=random
    )
