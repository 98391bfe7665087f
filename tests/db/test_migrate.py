import asyncio
import shutil
import stat
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import URL, Connection, inspect
from sqlalchemy.ext.asyncio import create_async_engine

import thespace.app  # noqa: F401 - fills the metadata
from tests.db.conftest import ON_POSTGRESQL, execute
from tests.servers.install import ROOT
from thespace.db import migrate as module
from thespace.db.base import Base
from thespace.db.migrate import SchemaError, migrate
from thespace.settings import Settings

FIRST = "20261124_create_first_tables"
LATER = '''"""Add something."""

import sqlalchemy as sa
from alembic import op

revision = "later"
down_revision = "{previous}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("later", sa.Column("id", sa.Integer(), primary_key=True))
    {then}
'''


async def _inspect(url: URL, look: Any) -> Any:
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(look)
    finally:
        await engine.dispose()


async def _tables(url: URL) -> set[str]:
    tables: Sequence[str] = await _inspect(url, lambda connection: inspect(connection).get_table_names())
    return set(tables)


@pytest.fixture
def scripts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the migrations, for one more to be added."""
    copy = tmp_path / "migrations"
    shutil.copytree(module.SCRIPTS, copy)
    monkeypatch.setattr(module, "SCRIPTS", copy)
    return copy


def _add_migration(scripts: Path, then: str = "pass") -> None:
    (scripts / "versions" / "later.py").write_text(LATER.format(previous=FIRST, then=then))


async def test_a_fresh_database_gets_every_table_and_a_second_time_nothing_happens(
    empty: URL, tmp_path: Path
) -> None:
    assert await migrate(empty, tmp_path / "backups") == [FIRST]
    assert await _tables(empty) == {*Base.metadata.tables, "alembic_version"}
    assert await migrate(empty, tmp_path / "backups") == []
    assert not (tmp_path / "backups").exists(), "there was nothing to lose"


async def test_the_migrations_make_what_the_models_say(settings: Settings) -> None:
    def differences(connection: Connection) -> Any:
        # SQLite's way to number rows by itself looks like a default there.
        options = {"compare_type": True, "compare_server_default": ON_POSTGRESQL}
        context = MigrationContext.configure(connection, opts=options)
        return compare_metadata(context, Base.metadata)

    assert await _inspect(settings.sqlalchemy_url, differences) == []


async def test_every_constraint_has_a_name_and_every_foreign_key_an_index(settings: Settings) -> None:
    def unindexed(connection: Connection) -> list[str]:
        inspector = inspect(connection)
        found = []
        for table in Base.metadata.tables:
            indexed: list[Any] = [
                inspector.get_pk_constraint(table)["constrained_columns"],
                *(index["column_names"] for index in inspector.get_indexes(table)),
                *(unique["column_names"] for unique in inspector.get_unique_constraints(table)),
            ]
            for key in inspector.get_foreign_keys(table):
                assert key["name"]
                columns = key["constrained_columns"]
                if not any(index[: len(columns)] == columns for index in indexed):
                    found += [f"{table}.{','.join(columns)}"]
        return found

    # Nobody looks for all that a person wrote or reacted to, and no person's row is ever deleted.
    assert sorted(await _inspect(settings.sqlalchemy_url, unindexed)) == [
        "messages.author_id",
        "reactions.user_id",
    ]


async def test_a_schema_newer_than_the_program_is_refused(settings: Settings, tmp_path: Path) -> None:
    url = settings.sqlalchemy_url
    await execute(url, "UPDATE alembic_version SET version_num = '20990101_invent_telepathy'")
    before = await _tables(url)
    with pytest.raises(SchemaError, match=r"a newer version .* 20990101_invent_telepathy\): install"):
        await migrate(url, tmp_path / "backups")
    assert await _tables(url) == before


async def test_a_database_of_another_program_is_refused_and_not_touched(empty: URL, tmp_path: Path) -> None:
    await execute(empty, *(f"CREATE TABLE {name} (id INTEGER)" for name in ("a", "b", "c", "d")))
    with pytest.raises(SchemaError, match=r"tables of another program \(a, b, c, \.\.\.\): give"):
        await migrate(empty, tmp_path / "backups")
    assert await _tables(empty) == {"a", "b", "c", "d"}


async def test_the_next_migration_is_applied_to_what_is_there(
    settings: Settings, scripts: Path, tmp_path: Path
) -> None:
    _add_migration(scripts)
    assert await migrate(settings.sqlalchemy_url, tmp_path / "backups") == ["later"]
    assert "later" in await _tables(settings.sqlalchemy_url)
    assert await migrate(settings.sqlalchemy_url, tmp_path / "backups") == []


async def test_a_file_with_something_to_lose_is_copied_first(
    settings: Settings, scripts: Path, tmp_path: Path
) -> None:
    await execute(
        settings.sqlalchemy_url, "INSERT INTO installation (id, identity, epoch) VALUES (1, 'kept', 'x')"
    )
    _add_migration(scripts)
    await migrate(settings.sqlalchemy_url, tmp_path / "backups")
    if ON_POSTGRESQL:
        assert not (tmp_path / "backups").exists(), "its operator has other means"
        return
    (copy,) = (tmp_path / "backups").iterdir()
    assert copy.name.endswith(f"-{FIRST}.db")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert stat.S_IMODE(copy.parent.stat().st_mode) == 0o700
    url = URL.create("sqlite+aiosqlite", database=str(copy))
    assert await execute(url, "SELECT identity FROM installation") == "kept"
    assert "later" not in await _tables(url)


async def test_a_migration_that_fails_half_way_leaves_nothing_behind(
    settings: Settings, scripts: Path, tmp_path: Path
) -> None:
    before = await _tables(settings.sqlalchemy_url)
    _add_migration(scripts, then="raise RuntimeError")
    with pytest.raises(RuntimeError):
        await migrate(settings.sqlalchemy_url, tmp_path / "backups")
    assert await _tables(settings.sqlalchemy_url) == before
    _add_migration(scripts)
    assert await migrate(settings.sqlalchemy_url, tmp_path / "backups") == ["later"]


async def test_processes_that_share_a_database_migrate_it_once(empty: URL, tmp_path: Path) -> None:
    program = (
        "import asyncio, pathlib, sys, sqlalchemy\nfrom thespace.db.migrate import migrate\n"
        "url = sqlalchemy.make_url(sys.argv[1])\n"
        "print(*asyncio.run(migrate(url, pathlib.Path(sys.argv[2]))))"
    )
    # SQLite's processes take turns by the lock of the data directory.
    count = 2 if ON_POSTGRESQL else 1
    address = empty.render_as_string(hide_password=False)
    processes = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", program, address, str(tmp_path)), cwd=ROOT, stdout=asyncio.subprocess.PIPE
        )
        for _ in range(count)
    ]
    printed = [(await process.communicate())[0].decode().strip() for process in processes]
    assert [process.returncode for process in processes] == [0] * count
    assert sorted(printed) == [""] * (count - 1) + [FIRST]


async def test_a_file_that_is_no_database_is_told_in_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "thespace.db"
    file.write_text("Dear diary, " * 1000)
    with pytest.raises(SchemaError, match=r"thespace\.db cannot be used \(file is not a database\): put a"):
        await migrate(URL.create("sqlite+aiosqlite", database=str(file)), tmp_path)
    assert file.read_text() == "Dear diary, " * 1000


async def test_a_database_that_does_not_answer_is_told_without_its_password(tmp_path: Path) -> None:
    url = URL.create("postgresql+asyncpg", "alice", "hunter2", "127.0.0.1", 1, "space")
    with pytest.raises(
        SchemaError, match=r"The database postgresql://alice:\*\*\*@127\.0\.0\.1:1/space cannot"
    ):
        await migrate(url, tmp_path)
