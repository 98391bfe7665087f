"""Databases without a schema, and connections that know nothing of ours."""

import os
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from tests.servers.postgres import URL_VARIABLE, create_database, drop_database
from thespace.settings import Settings, load_settings

ON_POSTGRESQL = os.environ.get("SPACE_TEST_DATABASE", "sqlite") == "postgresql"
# What is about one of them only.
collect_ignore = ["test_sqlite.py"] if ON_POSTGRESQL else ["test_postgresql.py"]

Observe = Callable[[str], Awaitable[Any]]


@pytest.fixture
async def empty(tmp_path: Path) -> AsyncIterator[URL]:
    """The URL of a database without any table."""
    if not ON_POSTGRESQL:
        yield load_settings(_env_file=None, data_dir=tmp_path, database_url="").sqlalchemy_url
        return
    name = f"empty_{uuid.uuid4().hex}"
    url = await create_database(os.environ[URL_VARIABLE], name)
    yield load_settings(_env_file=None, database_url=url, secret_key="9f86d081884c7d65" * 4).sqlalchemy_url
    await drop_database(os.environ[URL_VARIABLE], name)


@pytest.fixture
def observe(settings: Settings) -> Observe:
    """Runs a query in a connection of its own and returns its one value: what is committed, and no more."""
    return lambda query: execute(settings.sqlalchemy_url, query)


async def execute(url: URL, *statements: str) -> Any:
    """Run statements in a connection of their own; return the last one's one value, if it has any."""
    engine = create_async_engine(url, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            for statement in statements:
                result = await connection.execute(text(statement))
            return result.scalar() if result.returns_rows else None
    finally:
        await engine.dispose()
