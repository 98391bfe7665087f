"""How alembic runs: on the connection it is given, or on the configured database for `make migration`."""

import asyncio
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

# Importing the models is what fills the metadata; without them alembic would drop every table.
import thespace.accounts.models
import thespace.chats.models
import thespace.db.installation
import thespace.messages.models
import thespace.spaces.models  # noqa: F401
from thespace.db.base import Base
from thespace.db.types import BigInt, Json, UtcDateTime
from thespace.settings import load_settings


def render(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write our column types by their names."""
    if kind != "type":
        return False
    if isinstance(item, UtcDateTime):
        return "UtcDateTime()"
    return {id(BigInt): "BigInt", id(Json): "Json"}.get(id(item), False)


def run(connection: Connection) -> None:
    """Run the migrations in one transaction, on SQLite too, where alembic would not by itself."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        transactional_ddl=True,
        render_item=render,
    )
    with context.begin_transaction():
        context.run_migrations()


async def run_on_configured_database() -> None:
    """Open the database of the settings."""
    engine = create_async_engine(load_settings().sqlalchemy_url)
    async with engine.connect() as connection:
        await connection.run_sync(run)
    await engine.dispose()


given = context.config.attributes.get("connection")
if given is None:
    asyncio.run(run_on_configured_database())
else:
    run(given)
