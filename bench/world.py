"""What is measured: a migrated database with people, a chat with a long history, and some to write in."""

import secrets
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.progress import Progress
from sqlalchemy import bindparam, select, text, update

from tests.servers.postgres import create_database, drop_database
from thespace.accounts.commands import Device, register
from thespace.accounts.schemas import NewAccount
from thespace.app import Application
from thespace.chats.commands import create_chat, enter_space, found_space
from thespace.chats.models import Chat
from thespace.chats.schemas import NewChat
from thespace.core.actor import Actor
from thespace.core.clock import now
from thespace.core.ids import ChatId, SpaceId
from thespace.db.base import Base
from thespace.db.migrate import migrate
from thespace.db.types import UtcDateTime
from thespace.db.unit_of_work import Reader, UnitOfWork
from thespace.settings import Settings, load_settings
from thespace.spaces.schemas import NewSpace, Visibility

PEOPLE = 64
GROUPS = 16
CHUNK = 20_000
SECRET = "a1b2c3d4e5f60718293a4b5c6d7e8f90"
OpenSettings = Callable[[], AbstractAsyncContextManager[Settings]]
"""Gives settings with a database of its own, for as long as it is open."""


@dataclass(frozen=True, slots=True)
class World:
    """An application and its people (the first owns everything).

    All of them share the long chat and the new one; `groups` are chats of a few each, so that writing is
    measured and not telling everybody.
    """

    application: Application
    people: list[Actor]
    long_chat: ChatId
    new_chat: ChatId
    groups: list[ChatId]

    def group_of(self, person: int) -> ChatId:
        """Return the group that the person with this number writes in."""
        return self.groups[person % GROUPS]

    def token_of(self, person: int) -> str:
        """Return an access token."""
        actor = self.people[person]
        return self.application.tokens.access(actor.user_id, actor.session_id)


@asynccontextmanager
async def sqlite_settings() -> AsyncIterator[Settings]:
    with scratch_directory() as folder:
        yield _settings(folder)


@asynccontextmanager
async def postgresql_settings(server_url: str) -> AsyncIterator[Settings]:
    name = f"bench_{secrets.token_hex(4)}"
    with scratch_directory() as folder:
        url = await create_database(server_url, name)
        try:
            yield _settings(folder, url)
        finally:
            await drop_database(server_url, name)


@contextmanager
def scratch_directory() -> Iterator[Path]:
    """Give a directory beside the code, because /tmp may lie in memory, where a commit waits for nothing."""
    with tempfile.TemporaryDirectory(prefix=".bench-", dir=Path.cwd()) as folder:
        yield Path(folder)


def _settings(folder: Path, database_url: str = "") -> Settings:
    return load_settings(
        _env_file=None, data_dir=folder, database_url=database_url, secret_key=SECRET, rate_limits=False
    )


@asynccontextmanager
async def world(settings: Settings) -> AsyncIterator[World]:
    """Give a running application, still without messages, on a database that is never analysed."""
    await migrate(settings.sqlalchemy_url, settings.data_dir)
    application = Application(settings, SECRET)
    async with application.running():
        await application.database.write(_never_analyse)
        yield await application.database.write(_gather, application)


async def fill(world: World, messages: int, progress: Progress) -> None:
    """Let the long chat have that many messages, inserted in sets; every third has two reactions."""
    database = world.application.database
    first = await database.read(_length, world.long_chat) + 1
    filling = progress.add_task(f"{messages:,} messages", total=messages, completed=first)
    for begin in range(first, messages + 1, CHUNK):
        end = min(begin + CHUNK - 1, messages)
        await database.write(_remember, world, begin, end)
        progress.update(filling, completed=end)


async def _never_analyse(uow: UnitOfWork) -> None:
    if uow.dialect.name == "postgresql":
        for table in Base.metadata.tables:
            await uow.execute(text(f"ALTER TABLE {table} SET (autovacuum_enabled = false)"))


async def _gather(uow: UnitOfWork, application: Application) -> World:
    people = []
    for number in range(PEOPLE):
        account = NewAccount(nickname=f"person{number}", password=SECRET)
        signed_in = await register(uow, account, "", Device("bench", "127.0.0.1"))
        people.append(Actor(signed_in.user.id, signed_in.session_id))
    space_id, long_chat = await _found(uow, "Bench", people)
    new_chat = await create_chat(uow, people[0], space_id, NewChat(name="new"))
    groups = []
    for number in range(GROUPS):
        members = people[number::GROUPS]
        groups.append((await _found(uow, f"Group {number}", members))[1])
    return World(application, people, long_chat, ChatId(new_chat.id), groups)


async def _found(uow: UnitOfWork, name: str, members: list[Actor]) -> tuple[SpaceId, ChatId]:
    """Found a space, let people enter, and return it with its first chat."""
    space_id = await found_space(uow, members[0], NewSpace(name=name, visibility=Visibility.PUBLIC))
    for member in members[1:]:
        await enter_space(uow, member, space_id)
    return space_id, ChatId(await uow.scalar(select(Chat.id).where(Chat.space_id == space_id)))


async def _length(db: Reader, chat_id: ChatId) -> int:
    last_seq: int = await db.scalar(select(Chat.last_seq).where(Chat.id == chat_id))
    return last_seq


async def _remember(uow: UnitOfWork, world: World, first: int, last: int) -> None:
    """Insert messages up to a seq; so far the chat has only messages that were never changed."""
    await uow.execute(
        _MESSAGES,
        {
            "chat": world.long_chat,
            "first": first,
            "last": last,
            "person": world.people[0].user_id,
            "people": len(world.people),
            "now": now(),
        },
    )
    for emoji in ("👍", "🎉"):
        reactor = {"emoji": emoji, "person": world.people[0].user_id}
        await uow.execute(_REACTIONS, {"chat": world.long_chat, "first": first, "last": last} | reactor)
    counters = {"last_seq": last, "revision": last}
    await uow.execute(update(Chat).where(Chat.id == world.long_chat).values(**counters))


# Those who registered one after the other in one transaction have numbers without gaps.
_MESSAGES = text("""
    INSERT INTO messages (chat_id, seq, revision, author_id, nonce, request_hash, content, attachments,
        mentions, created_at)
    WITH RECURSIVE series(seq) AS (
        SELECT CAST(:first AS bigint) UNION ALL SELECT seq + 1 FROM series WHERE seq < CAST(:last AS bigint)
    )
    SELECT CAST(:chat AS bigint), seq, seq, CAST(:person AS bigint) + seq % CAST(:people AS bigint),
        '~bench' || seq, '', 'Message ' || seq || ': as long as most of them are, which is about a line.',
        '[]', '[]', :now
    FROM series
""").bindparams(bindparam("now", type_=UtcDateTime))
_REACTIONS = text("""
    INSERT INTO reactions (message_id, emoji, user_id, revision)
    SELECT id, CAST(:emoji AS text), CAST(:person AS bigint), revision FROM messages
    WHERE chat_id = :chat AND seq BETWEEN :first AND :last AND seq % 3 = 0
""")
