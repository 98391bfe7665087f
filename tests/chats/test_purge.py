"""Clearing what was deleted: everything of it, nothing else, a chunk at a time."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from tests.cast import Cast, Visitor
from thespace.chats.models import Chat, ReadState
from thespace.core import clock
from thespace.db.base import Base
from thespace.db.database import Database
from thespace.db.unit_of_work import Reader, UnitOfWork
from thespace.messages import purge
from thespace.messages.models import Message, MessageVersion, Reaction
from thespace.messages.purge import CHUNK, purge_chunk
from thespace.spaces.models import Member, MemberRole, Role, Space

EMPTIED = (Reaction, MessageVersion, Message, ReadState, Chat, MemberRole, Member, Role, Space)


async def _counts(db: Reader) -> dict[str, int]:
    return {
        table.__tablename__: await db.scalar(select(func.count()).select_from(table)) for table in EMPTIED
    }


async def _purge(database: Database) -> int:
    """Purge all there is, and return in how many chunks."""
    chunks = 0
    while await database.write(purge_chunk):
        chunks += 1
    return chunks


async def _talk(cast: Cast, chat_id: int) -> None:
    """Leave a bit of everything in a chat: answers, versions, reactions, a tombstone, how far people read."""
    first = await cast.alice.say(chat_id, "first")
    answer = await cast.bob.say(chat_id, "second", reply_to=first["id"])
    gone = await cast.carol.say(chat_id, "third", reply_to=answer["id"])
    await cast.alice.patch(f"/messages/{first['id']}", {"content": "first, edited"})
    await cast.bob.post(f"/messages/{first['id']}/reaction", {"emoji": "👍"})
    await cast.alice.post(f"/messages/{answer['id']}/reaction", {"emoji": "🎉"})
    await cast.carol.delete(f"/messages/{gone['id']}")
    for person in cast.members:
        await person.post(f"/chats/{chat_id}/read", {"seq": 3})


@pytest.fixture
async def other_chat(cast: Cast) -> int:
    """A chat beside the first one, with as much in it."""
    chat_id: int = (await cast.alice.post(f"/spaces/{cast.space_id}/chats", {"name": "other"})).json()["id"]
    for each in (cast.chat_id, chat_id):
        await _talk(cast, each)
    return chat_id


async def test_nothing_is_purged_that_was_not_deleted(
    cast: Cast, other_chat: int, database: Database
) -> None:
    before = await database.read(_counts)
    assert await _purge(database) == 0
    assert await database.read(_counts) == before
    assert all(before.values()), "there is something of everything"


async def test_a_deleted_chat_leaves_nothing_and_the_others_stay(
    cast: Cast, other_chat: int, database: Database
) -> None:
    before = await database.read(_counts)
    page = (await cast.bob.get(f"/messages/{cast.chat_id}")).json()
    await cast.alice.delete(f"/chats/{other_chat}")
    assert await database.read(_counts) == before, "deleting only marks it"
    assert await _purge(database) > 0
    after = await database.read(_counts)
    removed = {name: before[name] - after[name] for name in before if before[name] != after[name]}
    assert removed == {"reactions": 2, "message_versions": 1, "messages": 3, "read_states": 3, "chats": 1}
    assert (await cast.bob.get(f"/messages/{cast.chat_id}")).json() == page
    assert await _purge(database) == 0


async def test_a_deleted_space_leaves_nothing_and_the_others_stay(
    cast: Cast, other_chat: int, database: Database
) -> None:
    den = (await cast.mallory.post("/spaces", {"name": "Den"})).json()
    await cast.mallory.say(den["chats"][0]["id"], "Hello")
    before = await cast.mallory.sync()
    await cast.alice.delete(f"/spaces/{cast.space_id}")
    assert await _purge(database) > 0
    assert await database.read(_counts) == {
        "reactions": 0,
        "message_versions": 0,
        "messages": 1,
        "read_states": 1,
        "chats": 1,
        "member_roles": 2,
        "members": 1,
        "roles": 2,
        "spaces": 1,
    }
    assert (await cast.mallory.sync())["spaces"] == before["spaces"]
    assert (await cast.alice.get("/auth/me")).json()["nickname"] == "alice"


async def test_the_tables_that_hold_people_together_are_all_purged() -> None:
    # A new table that refers to chats, messages, spaces or roles has to be purged, too.
    purged = {table.__tablename__ for table in EMPTIED}
    for table in Base.metadata.tables.values():
        refers_to = {key.column.table.name for key in table.foreign_keys}
        assert table.name in purged or not refers_to & purged, table.name


async def test_much_is_purged_in_chunks_that_let_others_write(
    cast: Cast, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purge, "CHUNK", 10)
    doomed = (await cast.alice.post(f"/spaces/{cast.space_id}/chats", {"name": "doomed"})).json()["id"]
    await database.write(_write_history, cast.alice, doomed, 95)
    await cast.alice.delete(f"/chats/{doomed}")
    left: list[int] = []
    while await database.write(purge_chunk):
        counts = await database.read(_counts)
        left.append(counts["messages"] - len(left))
        await cast.bob.say(cast.chat_id, "meanwhile")
    sizes = [before - after for before, after in zip([95, *left], left, strict=False)]
    assert sizes[:10] == [10] * 9 + [5]
    assert (await database.read(_counts))["chats"] == 1


async def test_what_is_answered_is_never_removed_before_its_answer(
    cast: Cast, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A foreign key would refuse; chunks of one are the hardest case.
    monkeypatch.setattr(purge, "CHUNK", 1)
    await _talk(cast, cast.chat_id)
    await cast.alice.delete(f"/chats/{cast.chat_id}")
    await _purge(database)
    counts = await database.read(_counts)
    assert (counts["messages"], counts["chats"], counts["read_states"]) == (0, 0, 0)


async def test_several_may_purge_at_once(
    cast: Cast, other_chat: int, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purge, "CHUNK", 2)
    await cast.alice.delete(f"/spaces/{cast.space_id}")
    await asyncio.gather(*(_purge(database) for _ in range(4)))
    assert set((await database.read(_counts)).values()) == {0}


async def test_ids_of_what_was_purged_are_not_used_again(cast: Cast, database: Database) -> None:
    message = await cast.alice.say(cast.chat_id, "Hello")
    await cast.alice.delete(f"/spaces/{cast.space_id}")
    await _purge(database)
    space = (await cast.alice.post("/spaces", {"name": "Den"})).json()
    assert space["id"] > cast.space_id
    assert space["chats"][0]["id"] > cast.chat_id
    assert (await cast.alice.say(space["chats"][0]["id"], "Hello"))["id"] > message["id"]


def test_a_chunk_is_small_enough_to_wait_for() -> None:
    assert CHUNK <= 1000


async def _write_history(uow: UnitOfWork, author: Visitor, chat_id: int, count: int) -> None:
    rows: list[dict[str, Any]] = [
        {
            "chat_id": chat_id,
            "seq": seq,
            "revision": seq,
            "author_id": author.id,
            "nonce": f"~{chat_id}-{seq}",
            "request_hash": "",
            "content": f"message {seq}",
            "attachments": [],
            "mentions": [],
            "created_at": clock.now(),
        }
        for seq in range(1, count + 1)
    ]
    await uow.execute(insert(Message), rows)
