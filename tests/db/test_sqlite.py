"""What is SQLite's own."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tests.cast import Cast
from thespace.app import Application
from thespace.core.errors import Unavailable
from thespace.db.database import Database
from thespace.db.dialects import sqlite
from thespace.db.unit_of_work import Reader, UnitOfWork

FAST_PRAGMA = "PRAGMA busy_timeout = 20"


async def _pragmas(connection: AsyncConnection) -> dict[str, object]:
    names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "journal_size_limit")
    return {name: (await connection.execute(text(f"PRAGMA {name}"))).scalar() for name in names}


@pytest.fixture
async def intruder(application: Application) -> sqlite3.Connection:
    """Another program that has the file open."""
    return sqlite3.connect(application.settings.data_dir / "thespace.db", isolation_level=None)


async def test_every_connection_syncs_every_commit_and_checks_foreign_keys(database: Database) -> None:
    async def look(db: Reader) -> None:
        seen.append(await _pragmas(db._connection))
        if len(seen) == sqlite.READERS:
            all_open.set()
        await all_open.wait()

    seen: list[dict[str, object]] = []
    all_open = asyncio.Event()
    await asyncio.gather(*(database.read(look) for _ in range(sqlite.READERS)))
    await database.write(look)
    assert seen == [
        {
            "journal_mode": "wal",
            "synchronous": 2,  # FULL
            "foreign_keys": 1,
            "busy_timeout": 5000,
            "journal_size_limit": 16 * 1024 * 1024,
        }
    ] * (sqlite.READERS + 1)


async def test_readers_do_not_wait_for_the_writer(database: Database, cast: Cast) -> None:
    async def slow(_: UnitOfWork) -> None:
        writing.set()
        await go_on.wait()

    writing, go_on = asyncio.Event(), asyncio.Event()
    writer = asyncio.create_task(database.write(slow))
    await writing.wait()
    assert (await cast.alice.sync())["spaces"]
    go_on.set()
    await writer


async def test_a_writer_begins_as_one(database: Database, intruder: sqlite3.Connection) -> None:
    async def look(_: UnitOfWork) -> None:
        intruder.execute(FAST_PRAGMA)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            intruder.execute("BEGIN IMMEDIATE")

    await database.write(look)
    intruder.execute("BEGIN IMMEDIATE")
    intruder.execute("ROLLBACK")


async def test_a_file_that_another_program_holds_is_waited_for(
    database: Database, intruder: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hurry(uow: UnitOfWork) -> None:
        await uow.execute(text(FAST_PRAGMA))

    def is_transient(error: BaseException) -> bool:
        # The other program lets go after two attempts.
        refused.append(error)
        if len(refused) == 2:
            intruder.execute("ROLLBACK")
        return judge(error)

    refused: list[BaseException] = []
    judge = database.dialect.is_transient
    await database.write(hurry)
    intruder.execute("BEGIN IMMEDIATE")
    monkeypatch.setattr(database.dialect, "is_transient", is_transient)
    await database.write(hurry)
    assert len(refused) == 2


async def test_a_reader_that_takes_too_long_is_ended_and_the_next_is_served(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def count(db: Reader) -> None:
        numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000)"
        await db.execute(text(f"{numbers} SELECT max(i) FROM n"))

    monkeypatch.setattr(sqlite, "READ_SECONDS", 0.05)
    answers = await asyncio.gather(
        *(database.read(count) for _ in range(sqlite.READERS + 1)), return_exceptions=True
    )
    assert [type(answer) for answer in answers] == [Unavailable] * len(answers)
    monkeypatch.undo()
    assert (await cast.alice.sync())["spaces"]


async def test_the_log_of_writes_is_folded_into_the_file_when_nobody_writes(
    application: Application, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = application.settings.data_dir / "thespace.db-wal"
    monkeypatch.setattr(sqlite, "IDLE_SECONDS", 0.01)
    await cast.alice.say(cast.chat_id, "x" * 1000)
    async with asyncio.timeout(5):
        while log.stat().st_size:  # noqa: ASYNC110 - a file tells nobody
            await asyncio.sleep(0.01)
    assert (await cast.alice.get(f"/messages/{cast.chat_id}")).json()["last_seq"] == 1


async def test_what_is_closed_is_one_whole_file(application: Application, cast: Cast, tmp_path: Path) -> None:
    await cast.alice.say(cast.chat_id, "Hello")
    await application.database.close()
    folder = application.settings.data_dir
    assert sorted(file.name for file in folder.glob("thespace.db*")) == ["thespace.db"]
    copy = tmp_path / "copy.db"
    copy.write_bytes((folder / "thespace.db").read_bytes())
    with sqlite3.connect(copy) as connection:
        assert connection.execute("SELECT content FROM messages").fetchall() == [("Hello",)]
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()
