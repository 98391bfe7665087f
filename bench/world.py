"""What is measured: a migrated database with people, a chat with a long history, and one to write in."""

import secrets
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update

from tests.servers.postgres import create_database, drop_database
from thespace.accounts.commands import Device, register
from thespace.accounts.schemas import NewAccount
from thespace.app import Application
from thespace.chats.commands import create_chat, enter_space, found_space
from thespace.chats.models import Chat
from thespace.chats.schemas import NewChat
from thespace.core.actor import Actor
from thespace.core.clock import now
from thespace.core.ids import ChatId
from thespace.db.migrate import migrate
from thespace.db.unit_of_work import UnitOfWork
from thespace.messages.models import Message, Reaction
from thespace.settings import Settings, load_settings
from thespace.spaces.schemas import NewSpace, Visibility

PEOPLE = 64
CHUNK = 5000
SECRET = "a1b2c3d4e5f60718293a4b5c6d7e8f90"


@dataclass(frozen=True, slots=True)
class World:
    """An application, its people (the first owns everything), a chat with a history and an empty one."""

    application: Application
    people: list[Actor]
    long_chat: ChatId
    new_chat: ChatId


@asynccontextmanager
async def sqlite_settings() -> AsyncIterator[Settings]:
    with scratch_directory() as folder:
        yield _settings(folder)


@asynccontextmanager
async def postgresql_settings(server_url: str) -> AsyncIterator[Settings]:
    name = f"bench_{secrets.token_hex(4)}"
    url = await create_database(server_url, name)
    try:
        yield _settings(Path(), url)
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
async def world(settings: Settings, history: int) -> AsyncIterator[World]:
    """Give a running application with `history` messages in its long chat."""
    await migrate(settings.sqlalchemy_url, settings.data_dir)
    application = Application(settings, SECRET)
    async with application.running():
        database = application.database
        people, chats = await database.write(_gather)
        for first in range(1, history + 1, CHUNK):
            seqs = range(first, min(first + CHUNK, history + 1))
            await database.write(_remember, people, chats[0], seqs)
        yield World(application, people, *chats)


async def _gather(uow: UnitOfWork) -> tuple[list[Actor], list[ChatId]]:
    people = []
    for number in range(PEOPLE):
        account = NewAccount(nickname=f"person{number}", password=SECRET)
        signed_in = await register(uow, account, "", Device("bench", "127.0.0.1"))
        people.append(Actor(signed_in.user.id, signed_in.session_id))
    new = NewSpace(name="Bench", visibility=Visibility.PUBLIC)
    space_id = await found_space(uow, people[0], new)
    await create_chat(uow, people[0], space_id, NewChat(name="new"))
    for person in people[1:]:
        await enter_space(uow, person, space_id)
    chats = await uow.rows(select(Chat.id).order_by(Chat.id))
    return people, [ChatId(chat.id) for chat in chats]


async def _remember(uow: UnitOfWork, people: list[Actor], chat_id: ChatId, seqs: range) -> None:
    """Insert messages in bulk; every third has two reactions."""
    await uow.execute(insert(Message), [_message(people, chat_id, seq) for seq in seqs])
    found = await uow.rows(
        select(Message.id, Message.seq).where(
            Message.chat_id == chat_id, Message.seq.between(seqs[0], seqs[-1]), Message.seq % 3 == 0
        )
    )
    await uow.execute(
        insert(Reaction),
        [
            {"message_id": row.id, "emoji": emoji, "user_id": people[0].user_id, "revision": row.seq}
            for row in found
            for emoji in ("👍", "🎉")
        ],
    )
    last = {"last_seq": seqs[-1], "revision": seqs[-1]}
    await uow.execute(update(Chat).where(Chat.id == chat_id).values(**last))


def _message(people: list[Actor], chat_id: ChatId, seq: int) -> dict[str, Any]:
    return {
        "chat_id": chat_id,
        "seq": seq,
        "revision": seq,
        "author_id": people[seq % len(people)].user_id,
        "nonce": f"~bench{seq}",
        "request_hash": "",
        "content": f"Message {seq}: as long as most of them are, which is about a line.",
        "attachments": [],
        "mentions": [],
        "created_at": now(),
    }
