"""What a visitor of the demo finds."""

import asyncio
import socket
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from tests.conftest import SECRET
from tests.servers.install import ROOT
from thespace.accounts.passwords import Passwords
from thespace.app import Application
from thespace.core.clock import now
from thespace.demo.content import HOST, PASSWORD, PEOPLE, SPACES, Space
from thespace.demo.fill import fill_demo
from thespace.settings import Settings

SMALL = tuple(
    replace(space, chats=tuple(replace(chat, messages=25) for chat in space.chats)) for space in SPACES[:2]
)


@pytest.fixture
async def visitor(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """The host of a small demo, signed in."""
    counted: list[int] = []
    await fill_demo(settings, SECRET, counted.append, SMALL)
    assert sum(counted) == sum(chat.messages for space in SMALL for chat in space.chats)
    application = Application(settings, SECRET, passwords=Passwords(rounds=4))
    async with (
        application.running(),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(application.api), base_url="http://space.test"
        ) as client,
    ):
        yield await _signed_in(client)


async def _signed_in(client: httpx.AsyncClient) -> httpx.AsyncClient:
    answer = await client.post("/auth/token", data={"username": HOST, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    return client


async def test_a_visitor_finds_spaces_with_people_and_talk(visitor: httpx.AsyncClient) -> None:
    snapshot = (await visitor.get("/sync")).json()
    assert [_outline(space) for space in snapshot["spaces"]] == [_planned(space) for space in SMALL]
    sessions = (await visitor.get("/auth/sessions")).json()["items"]
    assert len(sessions) == 1, "the sessions that filled it are over"


def _outline(space: dict) -> object:  # type: ignore[type-arg]
    chats = [(chat["name"], chat["topic"], chat["last_seq"], chat["unread"]) for chat in space["chats"]]
    return space["name"], space["member_count"], chats


def _planned(space: Space) -> object:
    chats = [(chat.name, chat.topic, chat.messages, chat.unread) for chat in space.chats]
    return space.name, 1 + len(space.members), chats


async def test_what_was_said_has_its_own_time_and_a_past(visitor: httpx.AsyncClient) -> None:
    messages = [m for chat_id in (1, 4, 5) for m in (await _page(visitor, chat_id))]
    moments = [message["created_at"] for message in messages]
    assert min(moments) < f"{now().date()}" or len(set(moments)) == len(moments)
    edited = next(message for message in messages if message["edited_at"])
    history = (await visitor.get(f"/messages/{edited['id']}/history")).json()["items"]
    assert history[0]["written_at"] == edited["created_at"]
    assert history[-1]["content"] == edited["content"]
    assert any(message["reactions"] for message in messages)
    assert any(message["reply_to"] for message in messages)
    assert all(message["created_at"] < message["deleted_at"] for message in messages if message["deleted_at"])


async def _page(visitor: httpx.AsyncClient, chat_id: int) -> list[dict]:  # type: ignore[type-arg]
    page = (await visitor.get(f"/messages/{chat_id}", params={"limit": 100})).json()
    messages: list[dict] = page["messages"]  # type: ignore[type-arg]
    assert [m["created_at"] for m in messages] == sorted(m["created_at"] for m in messages)
    return messages


async def test_the_command_fills_a_directory_once_and_serves_it(tmp_path: Path) -> None:
    program = (
        "from dataclasses import replace; from thespace.demo import content; space = content.SPACES[1];"
        "content.SPACES = (replace(space, chats=(replace(space.chats[0], messages=7),)),);"
        "from thespace.cli import main; main()"
    )
    for _ in range(2):
        async with _serving(program, tmp_path / "demo") as client:
            snapshot = (await (await _signed_in(client)).get("/sync")).json()
            assert [chat["last_seq"] for space in snapshot["spaces"] for chat in space["chats"]] == [7]


@asynccontextmanager
async def _serving(program: str, data: Path) -> AsyncIterator[httpx.AsyncClient]:
    port = _free_port()
    command = (sys.executable, "-c", program, "demo", "--data", str(data))
    demo = await asyncio.create_subprocess_exec(
        *command, cwd=data.parent, stderr=PIPE, env={"SPACE_PORT": str(port)}
    )
    assert demo.stderr
    async for line in demo.stderr:
        if f"password {PASSWORD}" in line.decode():
            break
    transport = httpx.AsyncHTTPTransport(retries=5)
    async with httpx.AsyncClient(transport=transport, base_url=f"http://127.0.0.1:{port}") as client:
        yield client
    demo.terminate()
    await demo.communicate()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def test_the_command_refuses_the_directory_of_real_people(tmp_path: Path) -> None:
    (tmp_path / "thespace.db").touch()
    command = (sys.executable, "-m", "thespace", "demo", "--data", str(tmp_path))
    environment = {"SPACE_DATABASE_URL": "postgresql://127.0.0.1/of_real_people"}
    demo = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stderr=PIPE, env=environment)
    _, told = await demo.communicate()
    assert demo.returncode == 1
    assert "is not a demo" in told.decode()


def test_there_are_a_dozen_people_in_three_spaces() -> None:
    assert len(PEOPLE) == 12
    assert [len(space.chats) for space in SPACES] == [3, 2, 2]
    assert sum(chat.messages for space in SPACES for chat in space.chats) == 1500
