"""A migrated database for every test, the application on it, and a real server around it for sockets.

SPACE_TEST_DATABASE chooses `sqlite` (the default) or `postgresql`; the same tests run on both.
"""

import asyncio
import os
import shutil
import socket
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx
import pytest
import structlog
import uvicorn

from tests.cast import Cast, Visitor, gather_cast
from tests.servers.postgres import URL_VARIABLE, create_database, drop_database, share_postgresql
from tests.statements import StatementLog
from thespace.accounts.passwords import Passwords
from thespace.app import Application
from thespace.core.events import Event
from thespace.db.database import Database
from thespace.db.migrate import migrate
from thespace.settings import Settings, load_settings

ON_POSTGRESQL = os.environ.get("SPACE_TEST_DATABASE", "sqlite") == "postgresql"
SECRET = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


def pytest_configure(config: pytest.Config) -> None:
    # The usual renderer draws the local variables of a traceback, which takes longer than a test may.
    renderer = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.processors.add_log_level, renderer])
    if ON_POSTGRESQL:
        share_postgresql(config)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The migrated database that every test gets a copy of: a file's path, or a template's name."""
    folder = tmp_path_factory.mktemp("template")
    if not ON_POSTGRESQL:
        asyncio.run(migrate(_settings(folder).sqlalchemy_url, folder))
        yield str(folder / "thespace.db")
        return
    server, name = os.environ[URL_VARIABLE], f"template_{uuid.uuid4().hex}"
    url = asyncio.run(create_database(server, name))
    asyncio.run(migrate(_settings(folder, url).sqlalchemy_url, folder))
    yield name
    asyncio.run(drop_database(server, name))


@pytest.fixture(scope="session")
def peopled(migrated: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Cast]]:
    """A migrated database with the cast in it, and who they are: gathering them anew takes a second."""
    folder = tmp_path_factory.mktemp("peopled")
    if not ON_POSTGRESQL:
        shutil.copy(migrated, folder / "thespace.db")
        yield str(folder / "thespace.db"), asyncio.run(_gather(_settings(folder)))
        return
    server, name = os.environ[URL_VARIABLE], f"template_{uuid.uuid4().hex}"
    url = asyncio.run(create_database(server, name, template=migrated))
    yield name, asyncio.run(_gather(_settings(folder, url)))
    asyncio.run(drop_database(server, name))


@pytest.fixture
def template(request: pytest.FixtureRequest) -> str:
    """The database that a test gets a copy of: with the cast in it when the test asks for them."""
    name: str
    if "cast" in request.fixturenames:
        name, _ = request.getfixturevalue("peopled")
    else:
        name = request.getfixturevalue("migrated")
    return name


@pytest.fixture
async def settings(tmp_path: Path, template: str) -> AsyncIterator[Settings]:
    """Settings that name a fresh, migrated database; limits of rate are off."""
    if not ON_POSTGRESQL:
        shutil.copy(template, tmp_path / "thespace.db")
        yield _settings(tmp_path)
        return
    server, name = os.environ[URL_VARIABLE], f"test_{uuid.uuid4().hex}"
    yield _settings(tmp_path, await create_database(server, name, template=template))
    await drop_database(server, name)


@pytest.fixture
async def application(settings: Settings) -> AsyncIterator[Application]:
    """The application, running in this process."""
    async with _running(settings) as application:
        yield application


@pytest.fixture
def database(application: Application) -> Database:
    return application.database


@pytest.fixture
def told(application: Application, monkeypatch: pytest.MonkeyPatch) -> list[Event]:
    """All events that are told from now on, in order."""
    events: list[Event] = []
    tell = application.realtime.tell

    def record(event: Event) -> None:
        events.append(event)
        tell(event)

    monkeypatch.setattr(application.realtime, "tell", record)
    return events


@pytest.fixture
def statements(application: Application) -> Iterator[StatementLog]:
    """Counts the statements that reach the database."""
    with StatementLog(application.database).recording() as log:
        yield log


@pytest.fixture
async def client(application: Application) -> AsyncIterator[httpx.AsyncClient]:
    """An anonymous client without a socket in between."""
    async with _client(application) as client:
        yield client


@pytest.fixture
async def visit(client: httpx.AsyncClient) -> Callable[[str], Awaitable[Visitor]]:
    """Registers somebody."""

    async def register(nickname: str) -> Visitor:
        return await Visitor.register(client, nickname)

    return register


@pytest.fixture
def cast(peopled: tuple[str, Cast], application: Application, client: httpx.AsyncClient) -> Cast:
    """The fixed cast: alice owns a space, bob and carol belong, dave has left it, mallory is outside."""
    _, cast = peopled
    return cast.visiting(client, application.tokens)


@pytest.fixture
async def server(application: Application) -> AsyncIterator[str]:
    """The address of a real server around the application."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        application.asgi,
        log_config=None,
        lifespan="off",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:  # noqa: ASYNC110 - uvicorn tells nobody
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    server.force_exit = True
    await serving


@pytest.fixture
async def sockets(server: str) -> AsyncIterator[AsyncExitStack]:
    """Closes the sockets that are entered into it, before the server."""
    async with AsyncExitStack() as stack:
        yield stack


@asynccontextmanager
async def _running(settings: Settings) -> AsyncIterator[Application]:
    application = Application(settings, SECRET, passwords=Passwords(rounds=4))
    async with application.running():
        yield application


@asynccontextmanager
async def _client(application: Application) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(application.api, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://space.test") as client:
        yield client


async def _gather(settings: Settings) -> Cast:
    async with _running(settings) as application, _client(application) as client:
        return await gather_cast(client)


def _settings(folder: Path, database_url: str = "") -> Settings:
    return load_settings(
        _env_file=None, data_dir=folder, database_url=database_url, secret_key=SECRET, rate_limits=False
    )
