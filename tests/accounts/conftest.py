"""People to sign in, and a bare app around the routes of accounts."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import URL, make_url

from thespace.accounts.passwords import Passwords
from thespace.accounts.queries import authenticate
from thespace.accounts.routes import router
from thespace.accounts.tokens import Tokens
from thespace.core.actor import Actor
from thespace.core.events import Event
from thespace.core.limits import Limits
from thespace.db.base import Base
from thespace.db.database import Database
from thespace.http.bodies import StrictJson
from thespace.http.problems import install_problems
from thespace.settings import Settings


@pytest.fixture
def events() -> list[Event]:
    return []


@pytest.fixture
async def database(tmp_path: Path, events: list[Event]) -> AsyncIterator[Database]:
    url = os.environ.get("SPACE_TEST_DATABASE")
    database = Database(
        make_url(url) if url else URL.create("sqlite+aiosqlite", database=str(tmp_path / "t.db")),
        events.extend,
        key=b"k" * 32,
    )
    async with database.dialect.write() as connection:
        await connection.run_sync(Base.metadata.drop_all)
        await connection.run_sync(Base.metadata.create_all)
    yield database
    await database.close()


@pytest.fixture
def app(database: Database) -> FastAPI:
    app = FastAPI()
    app.add_middleware(StrictJson)
    install_problems(app)
    app.include_router(router)
    tokens = Tokens("7f3a9c5e1b8d2046" * 4)

    async def authenticate_token(token: str) -> Actor:
        return await database.read(authenticate, tokens.read_access(token))

    app.state.database = database
    app.state.settings = Settings(_env_file=None)
    app.state.installation_id = "test"
    app.state.tokens = tokens
    app.state.passwords = Passwords(rounds=4)
    app.state.limits = Limits()
    app.state.authenticate = authenticate_token
    return app


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://space.test") as client:
        yield client
