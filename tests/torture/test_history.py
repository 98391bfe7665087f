"""A long history costs writers nothing, on a database that nobody has ever analysed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from secrets import token_hex
from typing import Any

import pytest
from sqlalchemy import event

from tests.cast import Cast
from tests.conftest import ON_POSTGRESQL
from tests.db.conftest import execute
from thespace.app import Application
from thespace.core.ids import ChatId, MessageId
from thespace.db.unit_of_work import Reader
from thespace.messages.schemas import NewMessage, NewReaction

HISTORY = 100_000
WRITES, WARM = 40, 6
Counts = dict[str, dict[str, int]]
TABLES = ("messages", "message_versions", "reactions", "read_states")


MESSAGES = """
    INSERT INTO messages (chat_id, seq, revision, author_id, nonce, request_hash, content, attachments,
        mentions, created_at)
    SELECT {chat_id}, n, n, {author_id}, '~old' || n, '', 'Message ' || n, '[]', '[]', '2026-01-01 00:00:00'
"""
COUNTERS = "UPDATE chats SET last_seq = {count}, revision = {count} WHERE id = {chat_id};"
# In one go and without checks of keys, so that nothing is read that would be counted.
MADE_ON_POSTGRESQL = f"""
    {"".join(f"ALTER TABLE {table} SET (autovacuum_enabled = false);" for table in TABLES)}
    SET LOCAL session_replication_role = replica;
    {COUNTERS}
    WITH sent AS ({MESSAGES} FROM generate_series(1, {{count}}) AS n RETURNING *),
    reacted AS (INSERT INTO reactions SELECT id, '👍', author_id, revision FROM sent)
    INSERT INTO message_versions (message_id, content, written_at) SELECT id, content, created_at FROM sent
"""
MADE_ON_SQLITE = f"""
    {COUNTERS}
    {MESSAGES} FROM (
        WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < {{count}})
        SELECT n FROM counted
    );
    INSERT INTO reactions (message_id, emoji, user_id, revision)
    SELECT id, '👍', author_id, revision FROM messages;
    INSERT INTO message_versions (message_id, content, written_at)
    SELECT id, content, created_at FROM messages
"""


async def remember(application: Application, cast: Cast, count: int) -> ChatId:
    """Return a chat with a long history, made at one stroke; nothing ever analyses it."""
    chat_id = (await cast.alice.post(f"/spaces/{cast.space_id}/chats", {"name": f"{count}"})).json()["id"]
    made = (MADE_ON_POSTGRESQL if ON_POSTGRESQL else MADE_ON_SQLITE).format(
        chat_id=chat_id, author_id=cast.bob.id, count=count
    )
    await execute(application.settings.sqlalchemy_url, *filter(str.strip, made.split(";")))
    return ChatId(chat_id)


async def write_something(application: Application, cast: Cast, chat_id: ChatId) -> None:
    """Send, answer, edit, react, delete: some at once, some alone."""
    batcher, bob = application.batcher, cast.bob.actor
    sent = await asyncio.gather(
        *(batcher.send(bob, chat_id, NewMessage(content=f"{n}", nonce=token_hex(8))) for n in range(WRITES))
    )
    for message in sent[:5]:
        await batcher.send(cast.carol.actor, chat_id, NewMessage(content="Yes", reply_to=message.id))
    ids = [MessageId(message.id) for message in sent]
    await asyncio.gather(*(batcher.edit(bob, id_, "better") for id_ in ids))
    await asyncio.gather(
        *(batcher.react(p.actor, id_, NewReaction(emoji="👍")) for id_ in ids for p in cast.members)
    )
    await asyncio.gather(*(batcher.react(bob, id_, NewReaction(emoji="👍")) for id_ in ids))
    await asyncio.gather(*(batcher.delete(bob, id_) for id_ in ids))


async def without_lanes(_application: Application, _cast: Cast) -> None:
    """Let everybody write in the main batches."""


async def in_lanes(application: Application, cast: Cast) -> None:
    """Let everybody find the space busy."""

    async def refuse(*_: object) -> set[int]:
        return {cast.space_id}

    dialect: Any = application.database.dialect
    dialect.try_authority = refuse


@pytest.mark.about("postgresql")  # SQLite does not count
@pytest.mark.parametrize("way", [without_lanes, in_lanes])
async def test_postgresql_reads_no_table_from_end_to_end(
    application: Application, cast: Cast, way: Callable[[Application, Cast], Awaitable[None]]
) -> None:
    await way(application, cast)
    short = await remember(application, cast, 0)
    before = await _counters(application)
    await write_something(application, cast, short)
    few = _difference(before, await _counters(application))
    before = await _counters(application)
    for _ in range(WARM):  # on small tables plans are made, and kept
        await write_something(application, cast, short)
    await write_something(application, cast, await remember(application, cast, HISTORY))
    many = _difference(before, await _counters(application))
    print(f"\n{way.__name__}, read once: {few}; {WARM + 1} times, then at {HISTORY}: {many}")  # noqa: T201
    assert bool(application.batcher.coalescer.counts["aside"]) is (way is in_lanes)
    assert {table: counts["seq_scan"] for table, counts in many.items()} == dict.fromkeys(TABLES, 0)
    for table in TABLES:
        assert many[table]["idx_tup_fetch"] <= 1.5 * (WARM + 1) * few[table]["idx_tup_fetch"], table


@pytest.mark.about("sqlite")  # PostgreSQL counts what it really does
async def test_sqlite_plans_no_scan(application: Application, cast: Cast) -> None:
    chat_id = await remember(application, cast, HISTORY)
    async with _statements(application) as statements:
        await write_something(application, cast, chat_id)
    plans = [(statement, await _plan(application, *statement)) for statement in statements]
    scans = [
        (statement, step)
        for (statement, _), plan in plans
        for step in plan
        if step.startswith("SCAN") and any(f"SCAN {name}" in step for name in (*TABLES, "m", "chats"))
    ]
    assert len(plans) > 10
    assert not scans


@asynccontextmanager
async def _statements(application: Application) -> AsyncIterator[list[tuple[str, Any]]]:
    """Collect what the writer executes."""
    found: dict[str, Any] = {}

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        if statement.lstrip().startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
            found[statement] = parameters

    dialect: Any = application.database.dialect
    collected: list[tuple[str, Any]] = []
    event.listen(dialect._writer.sync_engine, "before_cursor_execute", note)
    try:
        yield collected
    finally:
        event.remove(dialect._writer.sync_engine, "before_cursor_execute", note)
        collected += found.items()


async def _plan(application: Application, statement: str, parameters: Any) -> list[str]:
    async def explain(db: Reader) -> list[str]:
        result = await db._connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        return [row.detail for row in result]

    return await application.database.read(explain)


async def _counters(application: Application) -> Counts:
    """Return what PostgreSQL counted; its processes report when they end."""
    await application.batcher.close()
    await application.database.dialect.dispose()
    names = ("seq_scan", "seq_tup_read", "idx_tup_fetch")
    select = "SELECT json_object_agg(relname, json_build_object({})) FROM pg_stat_user_tables".format(
        ", ".join(f"'{name}', {name}" for name in names)
    )
    while await execute(application.settings.sqlalchemy_url, _OURS):  # noqa: ASYNC110 - it tells nobody
        await asyncio.sleep(0.02)
    counted = await execute(application.settings.sqlalchemy_url, select)
    return {table: counted[table] for table in TABLES}


_OURS = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE application_name = 'thespace' AND datname = current_database()"
)


def _difference(before: Counts, after: Counts) -> Counts:
    return {
        table: {name: count - before[table][name] for name, count in counts.items()}
        for table, counts in after.items()
    }
