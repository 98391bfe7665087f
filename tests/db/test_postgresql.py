"""What is PostgreSQL's own."""

import asyncio
import os
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import make_url, select, text, update

from tests.cast import Cast
from tests.db.conftest import Observe, execute
from tests.servers.postgres import URL_VARIABLE
from thespace.app import Application
from thespace.chats.models import Chat
from thespace.core.errors import Unavailable
from thespace.core.events import Event
from thespace.core.ids import SpaceId
from thespace.db.database import Database
from thespace.db.dialects import postgresql
from thespace.db.migrate import SchemaError, migrate
from thespace.db.unit_of_work import Reader, UnitOfWork
from thespace.spaces.access import access_space

ONE, TWO = SpaceId(1_000_001), SpaceId(1_000_002)


async def test_who_deadlocks_is_repeated_and_both_succeed(database: Database) -> None:
    async def hold(uow: UnitOfWork, first: SpaceId, second: SpaceId) -> None:
        await uow.hold_authority(first, alone=True)
        tries.append(first)
        if len(tries) == 2:
            both_hold.set()
        await both_hold.wait()
        await uow.hold_authority(second, alone=True)

    tries: list[SpaceId] = []
    both_hold = asyncio.Event()
    async with asyncio.timeout(20):
        await asyncio.gather(database.write(hold, ONE, TWO), database.write(hold, TWO, ONE))
    assert len(tries) == 3, "one of them twice"


async def test_sharers_of_authority_do_not_wait_for_each_other(database: Database) -> None:
    async def share(uow: UnitOfWork) -> None:
        await uow.hold_authority(ONE)
        held.append(uow)
        if len(held) == 2:
            both.set()
        await both.wait()

    held: list[UnitOfWork] = []
    both = asyncio.Event()
    async with asyncio.timeout(5):
        await asyncio.gather(database.write(share), database.write(share))


async def test_a_change_waits_for_sharers_and_is_not_overtaken(database: Database) -> None:
    async def take(uow: UnitOfWork, name: str, *, alone: bool) -> None:
        await uow.hold_authority(ONE, alone=alone)
        order.append(name)
        if name == "first":
            sharing.set()
            await go_on.wait()

    order: list[str] = []
    sharing, go_on = asyncio.Event(), asyncio.Event()
    first = asyncio.create_task(database.write(take, "first", alone=False))
    await sharing.wait()
    change = asyncio.create_task(database.write(take, "change", alone=True))
    await _somebody_waits(database, 1)
    second = asyncio.create_task(database.write(take, "second", alone=False))
    await _somebody_waits(database, 2)
    go_on.set()
    await asyncio.gather(first, change, second)
    assert order == ["first", "change", "second"]


async def test_permissions_are_read_after_the_lock_was_waited_for(database: Database, cast: Cast) -> None:
    async def remove(uow: UnitOfWork) -> None:
        await access_space(uow, cast.bob.actor, SpaceId(cast.space_id), change=True)
        removing.set()
        await go_on.wait()
        for table in ("member_roles", "members"):
            await uow.execute(text(f"DELETE FROM {table} WHERE user_id = :id"), {"id": cast.bob.id})

    removing, go_on = asyncio.Event(), asyncio.Event()
    removal = asyncio.create_task(database.write(remove))
    await removing.wait()
    sending = asyncio.create_task(cast.bob.post(f"/messages/{cast.chat_id}", {"content": "Hello"}))
    await _somebody_waits(database, 1)
    go_on.set()
    await removal
    assert (await sending).status_code == 404


async def test_who_waits_for_a_row_too_long_tries_again(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def rename(uow: UnitOfWork) -> None:
        attempts.append(uow)
        await uow.execute(text("SET LOCAL lock_timeout = 50"))
        await uow.execute(update(Chat).where(Chat.id == cast.chat_id).values(name="renamed"))

    async def hold(uow: UnitOfWork) -> None:
        await uow.execute(select(Chat.id).with_for_update())
        holding.set()
        while len(attempts) < 3:  # noqa: ASYNC110 - the others are refused by the database
            await asyncio.sleep(0.01)

    attempts: list[UnitOfWork] = []
    holding = asyncio.Event()
    holder = asyncio.create_task(database.write(hold))
    await holding.wait()
    await database.write(rename)
    await holder
    assert len(attempts) == 3


async def test_a_connection_that_dies_is_unavailable_once(
    application: Application, cast: Cast, told: list[Event], observe: Observe
) -> None:
    async def die(uow: UnitOfWork) -> None:
        pid = await uow.scalar(text("SELECT pg_backend_pid()"))
        await execute(application.settings.sqlalchemy_url, f"SELECT pg_terminate_backend({pid}, 5000)")
        await uow.execute(update(Chat).values(name="half"))

    with pytest.raises(Unavailable):
        await application.database.write(die)
    assert await observe("SELECT count(*) FROM chats WHERE name = 'half'") == 0
    assert not told
    await cast.alice.say(cast.chat_id, "back again")


async def test_idle_connections_that_died_are_replaced_unseen(application: Application, cast: Cast) -> None:
    url = application.settings.sqlalchemy_url
    ours = "application_name = 'thespace' AND datname = current_database()"
    assert await execute(
        url, f"SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE {ours}"
    )
    await cast.alice.say(cast.chat_id, "as if nothing had happened")


async def test_batches_outlive_idle_connections_that_died(application: Application, cast: Cast) -> None:
    """They do not ask a connection whether it lives: the batch is repeated on a new one."""
    url = application.settings.sqlalchemy_url
    ours = "application_name = 'thespace' AND datname = current_database()"
    await cast.bob.say(cast.chat_id, "before")
    assert await execute(
        url, f"SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE {ours}"
    )
    await cast.bob.say(cast.chat_id, "after")


async def test_a_full_pool_is_unavailable(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    async def hold(_: UnitOfWork) -> None:
        await go_on.wait()

    assert isinstance(database.dialect, postgresql.Postgresql)
    pool = database.dialect._writer.pool
    monkeypatch.setattr(pool, "_timeout", 0.05)
    go_on = asyncio.Event()
    answers = [asyncio.create_task(database.write(hold)) for _ in range(21)]
    await asyncio.wait(answers, return_when=asyncio.FIRST_COMPLETED)
    go_on.set()
    refused = [answer for answer in await asyncio.gather(*answers, return_exceptions=True) if answer]
    assert {type(answer) for answer in refused} == {Unavailable}


async def _somebody_waits(database: Database, count: int) -> None:
    """Wait until so many transactions wait for an advisory lock."""

    async def waiting(db: Reader) -> int:
        found: int = await db.scalar(
            text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        )
        return found

    async with asyncio.timeout(5):
        while await database.read(waiting) < count:  # noqa: ASYNC110 - a lock tells nobody
            await asyncio.sleep(0.01)


async def test_a_wrong_password_is_told_without_it(tmp_path: Path) -> None:
    server = os.environ[URL_VARIABLE]
    await _ask_for_password(server, "guarded")
    for password in ("hunter2", None):
        url = make_url(server).set(drivername="postgresql+asyncpg", username="guarded", password=password)
        with pytest.raises(SchemaError, match=r"password .* names it, its user and its password") as raised:
            await migrate(url, tmp_path)
        assert "hunter2" not in str(raised.value)


async def _ask_for_password(server: str, role: str) -> None:
    """Create a person whom PostgreSQL asks for a password, and wait until it does."""
    connection = await asyncpg.connect(server)
    rule = f"host all {role} 127.0.0.1/32 scram-sha-256"
    await connection.execute(f"DROP ROLE IF EXISTS {role}; CREATE ROLE {role} LOGIN PASSWORD 'open sesame'")
    path, rules = await connection.fetchrow(
        "SELECT current_setting('hba_file'), pg_read_file(current_setting('hba_file'))"
    )
    lines = [rule, *(line for line in rules.splitlines() if line not in {rule, ""})]
    selects = " UNION ALL ".join(f"SELECT $${line}$$" for line in lines)
    await connection.execute(f"COPY ({selects}) TO '{path}'")
    await connection.execute("SELECT pg_reload_conf()")
    async with asyncio.timeout(5):
        while not await _is_refused(server, role):  # noqa: ASYNC110 - PostgreSQL tells nobody
            await asyncio.sleep(0.02)
    await connection.close()


async def _is_refused(server: str, role: str) -> bool:
    try:
        connection = await asyncpg.connect(server, user=role)
    except asyncpg.PostgresError:
        return True
    await connection.close()
    return False


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"database": "nowhere"}, 'database "nowhere" does not exist'),
        ({"username": "stranger"}, 'role "stranger" does not exist'),
        ({"port": 1}, "Connect call failed"),
        ({"host": "no-such-host.invalid"}, "cannot be used"),
        ({"query": {"ssl": "require"}}, "rejected SSL"),
    ],
)
async def test_a_database_that_cannot_be_reached_is_named(
    tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    url = make_url(os.environ[URL_VARIABLE]).set(drivername="postgresql+asyncpg", **change)
    with pytest.raises(SchemaError, match=f"{said}.*see that it runs"):
        await migrate(url, tmp_path)
