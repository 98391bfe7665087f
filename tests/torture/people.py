"""People who send, edit, delete and react, retry what is unknown, and remember what they were promised."""

import asyncio
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.torture.audit import Stored
from tests.torture.doors import Door, Refused, Rest, Socket, Unknown
from tests.torture.replica import Replica
from tests.torture.server import Server
from tests.torture.world import Place, token_of
from thespace.core.actor import Actor

EMOJIS = ("👍", "🎉")
PAGE = 100


@dataclass
class Said:
    """A message as its author was last told it is."""

    chat_id: int
    nonce: str
    content: str | None
    id: int = 0
    seq: int = 0


@dataclass
class Ledger:
    """What all people together were promised, and what they tried."""

    changes: Counter[int] = field(default_factory=Counter)
    """Acknowledged changes by chat."""
    doubtful: Counter[int] = field(default_factory=Counter)
    """Changes that may have happened before they were refused."""
    kinds: Counter[str] = field(default_factory=Counter)
    retries: int = 0
    revisions: dict[tuple[int, int], str] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    recent: dict[int, deque[int]] = field(default_factory=dict)

    @property
    def acknowledged(self) -> int:
        return self.changes.total()

    def promise(self, kind: str, chat_id: int, revision: int | None) -> None:
        """Note an acknowledged change, and its revision when it was acknowledged at the first try."""
        self.changes[chat_id] += 1
        self.kinds[kind] += 1
        if revision is not None:
            assert (chat_id, revision) not in self.revisions, "one revision was given to two changes"
            self.revisions[chat_id, revision] = kind


@dataclass
class Person:
    """Writes in the chats of a place, the next thing after the answer to the one before."""

    actor: Actor
    place: Place
    server: Server
    rest: Rest
    ledger: Ledger
    random: Random
    name: str
    said: list[Said] = field(default_factory=list)
    reactions: set[tuple[int, str]] = field(default_factory=set)
    """What was acknowledged to stand, by message and emoji."""
    _number: int = 0

    async def write_until(self, is_over: Callable[[], bool]) -> None:
        """Do one thing after the other; the last one is retried until its outcome is known."""
        while not is_over():
            await self.do_something()

    async def do_something(self) -> None:
        """Send mostly, sometimes change what was said."""
        living = [said for said in self.said[-20:] if said.content is not None]
        dice = self.random.random()
        if dice < 0.6 or not living:
            await self._send()
        elif dice < 0.72:
            await self._edit(self.random.choice(living))
        elif dice < 0.78:
            await self._delete(self.random.choice(living))
        else:
            await self._react()

    async def door(self) -> Door:
        """Return the way in: requests, for this person."""
        return self.rest

    async def _send(self) -> None:
        chat_id = self.random.choice(self.place.chat_ids)
        self._number += 1
        nonce = f"{self.name}-{self._number}"
        said = Said(chat_id, nonce, f"{nonce} says hello")
        answer, is_first = await self._surely(
            "send_message", chat_id=chat_id, nonce=nonce, content=said.content
        )
        said.id, said.seq = answer["id"], answer["seq"]
        assert not (is_first and "duplicate" in answer), "a new message was taken for an old one"
        before = [each.seq for each in self.said if each.chat_id == chat_id]
        assert not before or before[-1] < said.seq, "reordered"
        self.said.append(said)
        self.ledger.promise("send", chat_id, answer["revision"] if is_first else None)
        self.ledger.recent.setdefault(chat_id, deque(maxlen=30)).append(said.id)

    async def _edit(self, said: Said) -> None:
        self._number += 1
        content = f"{said.nonce} says {self._number} now"
        answer, is_first = await self._surely("edit_message", message_id=said.id, content=content)
        said.content = content
        self.ledger.promise("edit", said.chat_id, answer["revision"] if is_first else None)

    async def _delete(self, said: Said) -> None:
        await self._surely("delete_message", message_id=said.id)
        said.content = None
        self.ledger.promise("delete", said.chat_id, None)

    async def _react(self) -> None:
        chat_id = self.random.choice(self.place.chat_ids)
        if not (recent := self.ledger.recent.get(chat_id)):
            return
        message_id, emoji = self.random.choice(recent), self.random.choice(EMOJIS)
        on = (message_id, emoji) not in self.reactions
        tries = self.ledger.retries
        try:
            answer, is_first = await self._surely("add_reaction", message_id=message_id, emoji=emoji, on=on)
        except Refused as refusal:
            if refusal.code != "message_deleted":
                raise
            self.ledger.refused[refusal.code] += 1
            self.ledger.doubtful[chat_id] += self.ledger.retries > tries
            self.reactions.discard((message_id, emoji))
            return
        assert answer["on"] is on
        (self.reactions.add if on else self.reactions.discard)((message_id, emoji))
        self.ledger.promise("react", chat_id, answer["revision"] if is_first else None)

    async def _surely(self, event: str, **body: Any) -> tuple[Any, bool]:
        """Ask until the outcome is known; return the answer, and whether it was the first try's."""
        is_first = True
        while True:
            await self.server.up.wait()
            try:
                return await (await self.door())(event, **body), is_first
            except Unknown:
                is_first = False
                self.ledger.retries += 1
                await asyncio.sleep(self.random.uniform(0, 0.05))


@dataclass
class Viewer(Person):
    """Writes through a socket, and looks at all chats of the place."""

    replicas: dict[int, Replica] = field(default_factory=dict)
    catch_ups: int = 0
    heard: Counter[str] = field(default_factory=Counter)
    _socket: Socket | None = None
    _moved: asyncio.Event = field(default_factory=asyncio.Event)
    _catching_up: dict[int, "asyncio.Task[None]"] = field(default_factory=dict)

    async def door(self) -> Door:
        """Return the socket, connected anew when it is gone; what was missed is fetched."""
        if self._socket is None or not self._socket.is_open:
            self._socket = await Socket.open(self.server.address, token_of(self.actor), self._hear)
            await asyncio.gather(*(self._fetch(chat_id) for chat_id in self.place.chat_ids))
        return self._socket

    async def converge(self, revisions: dict[int, int]) -> None:
        """Wait until the chats are known up to their revisions."""
        while not (self._socket and self._socket.is_open):
            try:
                await self.door()
            except Unknown:
                await self.server.up.wait()
        async with asyncio.timeout(60):
            while any(self.replicas[chat_id].known < known for chat_id, known in revisions.items()):
                self._moved.clear()
                await self._moved.wait()

    async def close(self) -> None:
        if self._socket is not None:
            await self._socket.close()
        for task in self._catching_up.values():
            task.cancel()
        await asyncio.gather(*self._catching_up.values(), return_exceptions=True)

    def _hear(self, name: str, body: Any) -> None:
        self.heard[name] += 1
        replica = self.replicas.get(body.get("chat_id")) if "revision" in body else None
        if replica is None:
            return
        replica.hear(name, body)
        self._moved.set()
        chat_id = body["chat_id"]
        if replica.is_behind and chat_id not in self._catching_up:
            task = self._catching_up[chat_id] = asyncio.create_task(self._catch_up_later(chat_id))
            task.add_done_callback(lambda _: self._catching_up.pop(chat_id, None))

    async def _catch_up_later(self, chat_id: int) -> None:
        await asyncio.sleep(0.3 + self.random.uniform(0, 0.2))
        try:
            while self.replicas[chat_id].is_behind:
                self.catch_ups += 1
                await self._fetch(chat_id)
        except Unknown:
            pass  # the server is gone: whoever connects anew fetches

    async def _fetch(self, chat_id: int) -> None:
        replica = self.replicas.setdefault(chat_id, Replica(self.actor.user_id))
        has_more = True
        while has_more:
            changes = await self.rest.request("GET", f"/messages/{chat_id}/changes?since={replica.known}")
            replica.catch_up(changes)
            self._moved.set()
            has_more = changes["has_more"]


def check_promises(people: list[Person], ledger: Ledger, stored: dict[int, Stored]) -> None:
    """Make sure that the database has what was acknowledged, and nothing else."""
    sent: Counter[int] = Counter()
    for person in people:
        for said in person.said:
            sent[said.chat_id] += 1
            [row] = stored[said.chat_id].by_nonce[person.actor.user_id, said.nonce]
            assert (row.id, row.seq, row.content) == (said.id, said.seq, said.content)
    for chat_id, chat in stored.items():
        assert chat.last_seq == sent[chat_id], "missing, or there although nobody was told"
        least = ledger.changes[chat_id]
        assert least <= chat.revision <= least + ledger.doubtful[chat_id]
    expected = {(id_, emoji, p.actor.user_id) for p in people for id_, emoji in p.reactions}
    living = {m.id for chat in stored.values() for m in chat.messages.values() if m.content is not None}
    found = set[Any]().union(*(chat.reactions for chat in stored.values()))
    assert {each for each in expected if each[0] in living} == found


async def read_all(rest: Rest, chat_id: int) -> tuple[list[dict[str, Any]], int]:
    """Return a whole chat, page by page, and its revision."""
    page = await rest.request("GET", f"/messages/{chat_id}?limit={PAGE}")
    messages, revision = page["messages"], page["revision"]
    while messages and messages[0]["seq"] > 1:
        older = await rest.request("GET", f"/messages/{chat_id}?limit={PAGE}&before={messages[0]['seq']}")
        messages = older["messages"] + messages
    return messages, revision
