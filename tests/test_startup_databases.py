"""`thespace serve` and databases it cannot use: one sentence that says what to do, and nothing is touched."""

import asyncio
import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest
import socketio
from sqlalchemy import URL, text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.cast import PASSWORD
from tests.conftest import ON_POSTGRESQL, SECRET
from tests.servers.postgres import URL_VARIABLE, create_database, drop_database
from tests.test_startup import complaint, serving
from thespace.db.migrate import migrate
from thespace.settings import load_settings

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        number: int = probe.getsockname()[1]
    return number


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def variables(data: Path) -> Iterator[dict[str, str]]:
    """The settings that name an empty database."""
    if not ON_POSTGRESQL:
        yield {}
        return
    server, name = os.environ[URL_VARIABLE], f"startup_{os.getpid()}_{time.monotonic_ns()}"
    url = asyncio.run(create_database(server, name))
    yield {"SPACE_DATABASE_URL": url, "SPACE_SECRET_KEY": SECRET}
    asyncio.run(drop_database(server, name))


def _url(data: Path, variables: dict[str, str]) -> URL:
    url = variables.get("SPACE_DATABASE_URL", "")
    return load_settings(_env_file=None, data_dir=data, database_url=url, secret_key=SECRET).sqlalchemy_url


async def _execute(url: URL, statement: str) -> None:
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.execute(text(statement))
    await engine.dispose()


def test_a_schema_newer_than_the_program_is_refused(data: Path, port: int, variables: dict[str, str]) -> None:
    url = _url(data, variables)
    asyncio.run(migrate(url, data))
    asyncio.run(_execute(url, "UPDATE alembic_version SET version_num = 'invent_telepathy'"))
    sentence = complaint(data, port, **variables)
    assert "newer version of The Space (schema invent_telepathy): install" in sentence


def test_a_database_of_another_program_is_refused(data: Path, port: int, variables: dict[str, str]) -> None:
    url = _url(data, variables)
    asyncio.run(_execute(url, "CREATE TABLE recipes (id INTEGER)"))
    sentence = complaint(data, port, **variables)
    assert "tables of another program (recipes): give The Space an empty database" in sentence
    asyncio.run(_execute(url, "DROP TABLE recipes"))


async def test_it_ends_within_seconds_though_people_are_connected(
    data: Path, port: int, variables: dict[str, str]
) -> None:
    address = f"http://127.0.0.1:{port}"
    with serving(data, port, **variables) as process:
        async with AsyncExitStack() as stack:
            for number, transport in enumerate(("websocket", "polling", "websocket")):
                client = socketio.AsyncClient(reconnection=False)
                await client.connect(
                    address, auth={"token": await _token(address, f"guest{number}")}, transports=[transport]
                )
                stack.push_async_callback(client.disconnect)
            begun = time.monotonic()
            process.send_signal(signal.SIGTERM)
            _, words = await asyncio.to_thread(process.communicate, timeout=20)
            assert time.monotonic() - begun < 10
    assert process.returncode in {0, -signal.SIGTERM}
    assert "Traceback" not in words


async def _token(address: str, nickname: str) -> str:
    async with httpx.AsyncClient() as client:
        account = {"nickname": nickname, "password": PASSWORD}
        answer = await client.post(f"{address}/auth/register", json=account)
    token: str = answer.json()["access_token"]
    return token
