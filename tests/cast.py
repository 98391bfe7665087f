"""The people of the tests: alice owns, bob and carol belong, dave has left, mallory is outside."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import socketio

from thespace.accounts.tokens import Tokens
from thespace.core.actor import Actor
from thespace.core.ids import SessionId, UserId

PASSWORD = "correct horse battery"
SERVER_EVENTS = [
    "connected",
    "joined_room",
    "user_joined_room",
    "user_left_room",
    "new_message",
    "message_edited",
    "message_deleted",
    "reaction_added",
    "reaction_removed",
    "messages_changed",
    "typing",
    "read_marker",
    "member_joined",
    "member_left",
    "space_updated",
    "space_deleted",
    "chat_created",
    "chat_updated",
    "chat_deleted",
    "session_ended",
    "sync_required",
]
EVENT_SECONDS = 20
"""After which a test has failed: long, because machines that run tests are busy."""


@dataclass
class Visitor:
    """A signed-in person who sends requests."""

    client: httpx.AsyncClient
    id: UserId
    nickname: str
    token: str
    session_id: SessionId

    @classmethod
    async def register(cls, client: httpx.AsyncClient, nickname: str) -> "Visitor":
        answer = await client.post("/auth/register", json={"nickname": nickname, "password": PASSWORD})
        assert answer.status_code == 201, answer.text
        client.cookies.clear()  # one client serves many people: only their tokens tell them apart
        body = answer.json()
        visitor = cls(client, UserId(body["user"]["id"]), nickname, body["access_token"], SessionId(""))
        sessions = (await visitor.get("/auth/sessions")).json()["items"]
        visitor.session_id = SessionId(sessions[0]["id"])
        return visitor

    @property
    def actor(self) -> Actor:
        return Actor(self.id, self.session_id)

    async def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"} | options.pop("headers", {})
        return await self.client.request(method, path, headers=headers, **options)

    async def get(self, path: str, **options: Any) -> httpx.Response:
        return await self.request("GET", path, **options)

    async def post(self, path: str, json: Any = None, **options: Any) -> httpx.Response:
        return await self.request("POST", path, json=json, **options)

    async def patch(self, path: str, json: Any) -> httpx.Response:
        return await self.request("PATCH", path, json=json)

    async def delete(self, path: str) -> httpx.Response:
        return await self.request("DELETE", path)

    async def sync(self) -> dict[str, Any]:
        """Return the snapshot of all that this person sees."""
        answer = await self.get("/sync")
        assert answer.status_code == 200, answer.text
        snapshot: dict[str, Any] = answer.json()
        return snapshot

    async def say(self, chat_id: int, content: str, **more: Any) -> dict[str, Any]:
        """Send a message and return it."""
        answer = await self.post(f"/messages/{chat_id}", {"content": content, **more})
        assert answer.status_code == 201, answer.text
        message: dict[str, Any] = answer.json()
        return message

    @asynccontextmanager
    async def socket(self, server: str, **options: Any) -> AsyncIterator["Socket"]:
        """Connect a socket, wait until it is welcome, and disconnect it at the end."""
        socket = Socket()
        usual = {
            "auth": {"token": self.token},
            "transports": ["websocket"],
            "wait_timeout": EVENT_SECONDS,
        }
        await socket.client.connect(server, **usual | options)
        try:
            await socket.expect("connected")
            yield socket
        finally:
            await socket.client.disconnect()


@dataclass
class Socket:
    """A real Socket.IO client that remembers what it was told."""

    client: socketio.AsyncClient = field(default_factory=lambda: socketio.AsyncClient(reconnection=False))
    events: list[tuple[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._arrived = asyncio.Condition()
        self._seen = 0
        for name in SERVER_EVENTS:
            self.client.on(name, self._recorder(name))

    async def call(self, event: str, data: Any) -> dict[str, Any]:
        """Send an event and return its ack."""
        ack: dict[str, Any] = await self.client.call(event, data, timeout=EVENT_SECONDS)
        return ack

    async def expect(self, *names: str) -> Any:
        """Return the body of the next event of some names, waiting for it; what came before it is skipped."""
        async with asyncio.timeout(EVENT_SECONDS), self._arrived:
            while True:
                while self._seen < len(self.events):
                    self._seen += 1
                    found, body = self.events[self._seen - 1]
                    if found in names:
                        return body
                await self._arrived.wait()

    def named(self, *names: str) -> list[Any]:
        """Return the bodies of all events of some names so far."""
        return [body for name, body in self.events if name in names]

    def forget(self) -> None:
        """Forget all events so far."""
        self.events.clear()
        self._seen = 0

    def _recorder(self, name: str) -> Any:
        async def record(body: Any) -> None:
            async with self._arrived:
                self.events.append((name, body))
                self._arrived.notify_all()

        return record


@dataclass
class Cast:
    """Everybody, and the space they are about."""

    alice: Visitor
    bob: Visitor
    carol: Visitor
    dave: Visitor
    mallory: Visitor
    space_id: int
    chat_id: int

    def visiting(self, client: httpx.AsyncClient, tokens: Tokens) -> "Cast":
        """Return the same people with another client and fresh tokens."""
        people: dict[str, Any] = {
            person.nickname: replace(person, client=client, token=tokens.access(person.id, person.session_id))
            for person in self.everybody
        }
        return replace(self, **people)

    @property
    def everybody(self) -> tuple[Visitor, ...]:
        return self.alice, self.bob, self.carol, self.dave, self.mallory

    @property
    def members(self) -> tuple[Visitor, ...]:
        return self.alice, self.bob, self.carol

    @property
    def outsiders(self) -> tuple[Visitor, ...]:
        return self.dave, self.mallory

    async def statuses(self, request: Callable[[Visitor], Awaitable[httpx.Response]]) -> dict[str, int]:
        """Let everybody try the same, the most powerful last, and return how each was answered."""
        tries = [(person.nickname, await request(person)) for person in reversed(self.everybody)]
        return {nickname: answer.status_code for nickname, answer in tries}


async def gather_cast(client: httpx.AsyncClient) -> Cast:
    """Register everybody and bring them to their places in one public space with one chat."""
    alice, bob, carol, dave, mallory = [
        await Visitor.register(client, name) for name in ("alice", "bob", "carol", "dave", "mallory")
    ]
    created = await alice.post("/spaces", {"name": "Observatory", "visibility": "public"})
    assert created.status_code == 201, created.text
    space = created.json()
    for person in (bob, carol, dave):
        joined = await person.post(f"/spaces/{space['id']}/join")
        assert joined.status_code == 200, joined.text
    left = await dave.post(f"/spaces/{space['id']}/leave")
    assert left.status_code == 204, left.text
    return Cast(alice, bob, carol, dave, mallory, space_id=space["id"], chat_id=space["chats"][0]["id"])
