"""Brings the database to the schema of this program, and refuses one that is not ours or newer."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, inspect, text
from sqlalchemy.engine import create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from thespace.core.clock import now
from thespace.db.dialects.sqlite import begin_explicitly

SCRIPTS = Path(__file__).parent.parent / "migrations"
MIGRATION_LOCK = 7 << 48
"""PostgreSQL's advisory lock around migrations, outside of the namespace of spaces."""


class SchemaError(Exception):
    """The database cannot be used; the message is one sentence that says what to do."""


async def migrate(url: URL, backups: Path) -> list[str]:
    """Apply what is missing, and return the names of the applied migrations, oldest first.

    The caller holds the data directory's lock; processes that share a PostgreSQL wait for each other. An
    SQLite file that holds something is copied into `backups` first. Raises SchemaError.
    """
    engine = create_async_engine(url)
    if url.get_backend_name() == "sqlite":
        begin_explicitly(engine, "BEGIN IMMEDIATE")
    try:
        async with engine.connect() as connection:
            if url.get_backend_name() == "postgresql":
                await connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATION_LOCK})
                await connection.commit()
            applied = await connection.run_sync(_upgrade, url, backups)
            await connection.commit()
            return applied
    except (OSError, DBAPIError) as error:
        raise SchemaError(_unreachable(url, error)) from None
    finally:
        await engine.dispose()


def alembic_config(connection: Connection | None = None) -> Config:
    """Return alembic's configuration; with a connection it runs there."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    return config


def _upgrade(connection: Connection, url: URL, backups: Path) -> list[str]:
    script = ScriptDirectory.from_config(alembic_config())
    current = _current(connection, script)
    missing = [revision.revision for revision in script.iterate_revisions("head", current)][::-1]
    connection.rollback()
    if missing:
        if current is not None and url.database and url.get_backend_name() == "sqlite":
            _back_up(Path(url.database), backups, now(), current)
        command.upgrade(alembic_config(connection), "head")
    return missing


def _current(connection: Connection, script: ScriptDirectory) -> str | None:
    tables = inspect(connection).get_table_names()
    current = MigrationContext.configure(connection).get_current_revision()
    if current is None and tables:
        raise SchemaError(
            f"The database holds tables of another program ({_some(tables)}): "
            "give The Space an empty database of its own."
        )
    if current is not None and current not in {revision.revision for revision in script.walk_revisions()}:
        raise SchemaError(
            f"The database was written by a newer version of The Space (schema {current}): "
            "install that version again, or restore the backup made before the update."
        )
    return current


def _back_up(database: Path, backups: Path, moment: datetime, current: str) -> None:
    backups.mkdir(mode=0o700, exist_ok=True)
    copy = backups / f"{moment:%Y%m%d-%H%M%S-%f}-{current}.db"
    # VACUUM INTO sees what is still in the WAL, and writes a whole file or none.
    engine = create_engine(URL.create("sqlite", database=str(database)), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text("VACUUM INTO :copy"), {"copy": str(copy)})
    finally:
        engine.dispose()
    copy.chmod(0o600)


def _some(tables: Sequence[str]) -> str:
    return ", ".join(sorted(tables)[:3]) + (", ..." if len(tables) > 3 else "")


def _unreachable(url: URL, error: Exception) -> str:
    reason = next(iter(str(getattr(error, "orig", error)).splitlines()), type(error).__name__)
    if url.get_backend_name() == "sqlite":
        return (
            f"The database file {url.database} cannot be used ({reason}): "
            "put a backup in its place, or set SPACE_DATA_DIR to another directory."
        )
    address = url.set(drivername="postgresql").render_as_string(hide_password=True)
    return (
        f"The database {address} cannot be used ({reason}): "
        "see that it runs and that SPACE_DATABASE_URL names it, its user and its password."
    )
