"""Sockets are in the rooms of what their person belongs to, however membership and reading race."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import pytest
from socketio import AsyncManager, AsyncServer

from thespace.core.actor import Actor
from thespace.core.errors import NotFound, SessionEnded
from thespace.core.events import Audience
from thespace.core.ids import ChatId, SessionId, SpaceId, UserId
from thespace.realtime.connection import Connection
from thespace.realtime.rooms import Rooms

BOB = Actor(UserId(2), SessionId("bobs"))
LAB, ROOF = Audience.space(SpaceId(1)), Audience.space(SpaceId(2))
OWN = {"user:2", "session:bobs"}


class Stage:
    """Rooms whose database answers when the test says so."""

    def __init__(self) -> None:
        self.manager: AsyncManager = AsyncServer(async_mode="asgi").manager
        self.rooms = Rooms(self.manager, self._read)
        self.memberships: list[Audience] = [LAB]
        self.during_reads: list[Callable[[], Awaitable[object]]] = []
        self.reads = 0

    async def connect(self) -> Connection:
        self.reads += 1
        sid = await self.manager.connect(f"transport {self.reads}", "/")
        return self.rooms.add(sid, BOB)

    async def disconnect(self, connection: Connection) -> list[int]:
        gone = self.rooms.remove(connection.sid)
        await self.manager.disconnect(connection.sid, "/")
        return gone

    def rooms_of(self, connection: Connection) -> set[str]:
        return {*self.manager.get_rooms(connection.sid, "/")} - {connection.sid}

    async def _read(self, actor: Actor) -> Sequence[Audience]:
        found = list(self.memberships)
        if self.during_reads:
            await self.during_reads.pop(0)()
        return found


@pytest.fixture
async def stage() -> Stage:
    return Stage()


async def test_socket_enters_the_rooms_of_its_person(stage: Stage) -> None:
    bob = await stage.connect()
    await stage.rooms.enter_all(bob)
    assert stage.rooms_of(bob) == {*OWN, "space:1"}
    assert stage.rooms.members(LAB) == [bob]
    assert stage.rooms.spaces() == {1}


async def test_space_left_while_the_database_is_read_is_never_entered(stage: Stage) -> None:
    async def leave() -> None:
        stage.memberships = []
        await stage.rooms.move(BOB.user_id, LAB, joined=False)

    async def look() -> None:
        seen.append(stage.rooms_of(bob))

    bob, seen = await stage.connect(), list[set[str]]()
    stage.during_reads = [leave, look]
    await stage.rooms.enter_all(bob)
    assert seen == [OWN]  # not even for a moment
    assert stage.rooms_of(bob) == OWN


async def test_space_joined_while_the_database_is_read_is_entered(stage: Stage) -> None:
    async def join() -> None:
        stage.memberships = [LAB, ROOF]
        await stage.rooms.move(BOB.user_id, ROOF, joined=True)

    bob = await stage.connect()
    stage.during_reads = [join]
    await stage.rooms.enter_all(bob)
    assert stage.rooms_of(bob) == {*OWN, "space:1", "space:2"}


async def test_space_left_and_joined_again_meanwhile_is_entered(stage: Stage) -> None:
    async def come_and_go() -> None:
        await stage.rooms.move(BOB.user_id, LAB, joined=False)
        await stage.rooms.move(BOB.user_id, LAB, joined=True)

    bob = await stage.connect()
    stage.during_reads = [come_and_go]
    await stage.rooms.enter_all(bob)
    assert stage.rooms_of(bob) == {*OWN, "space:1"}


async def test_socket_that_leaves_while_the_database_is_read_enters_nothing(stage: Stage) -> None:
    async def go() -> None:
        await stage.disconnect(bob)

    bob = await stage.connect()
    stage.during_reads = [go]
    await stage.rooms.enter_all(bob)
    assert stage.rooms_of(bob) == set()
    assert stage.rooms.members(LAB) == []
    assert stage.rooms.spaces() == set()
    with pytest.raises(NotFound):
        await stage.rooms.look_at(bob, 7, LAB)
    assert stage.rooms.viewers(7) == []


async def test_own_rooms_are_entered_before_the_session_is_checked(stage: Stage) -> None:
    async def look() -> None:
        seen.append(stage.rooms_of(bob))
        raise SessionEnded

    bob, seen = await stage.connect(), list[set[str]]()
    stage.during_reads = [look]
    with pytest.raises(SessionEnded):
        await stage.rooms.enter_all(bob)
    assert seen == [OWN]


async def test_all_sockets_of_a_person_move(stage: Stage) -> None:
    sockets = [await stage.connect() for _ in range(3)]
    for connection in sockets:
        await stage.rooms.enter_all(connection)
    await stage.rooms.move(BOB.user_id, ROOF, joined=True)
    await stage.rooms.move(BOB.user_id, LAB, joined=False)
    assert [stage.rooms_of(connection) for connection in sockets] == [{*OWN, "space:2"}] * 3


async def test_looking_ends_with_the_membership(stage: Stage) -> None:
    bob = await stage.connect()
    await stage.rooms.enter_all(bob)
    assert await stage.rooms.look_at(bob, 7, LAB)
    assert stage.rooms.viewers(7) == [BOB.user_id]
    await stage.rooms.move(BOB.user_id, LAB, joined=False)
    assert stage.rooms.viewers(7) == []
    assert stage.rooms_of(bob) == OWN
    stage.memberships = []
    with pytest.raises(NotFound):
        await stage.rooms.look_at(bob, 7, LAB)


async def test_closing_a_space_ends_all_that_looked_at_its_chats(stage: Stage) -> None:
    bob = await stage.connect()
    await stage.rooms.enter_all(bob)
    await stage.rooms.look_at(bob, 7, LAB)
    await stage.rooms.look_at(bob, 8, LAB)
    await stage.rooms.close(Audience.view(ChatId(8)))
    assert (stage.rooms.viewers(7), stage.rooms.viewers(8)) == ([BOB.user_id], [])
    await stage.rooms.close(LAB)
    assert stage.rooms.viewers(7) == []
    assert stage.rooms_of(bob) == OWN


async def test_person_looks_with_the_first_socket_and_no_longer_with_the_last(stage: Stage) -> None:
    first, second = await stage.connect(), await stage.connect()
    for connection in (first, second):
        await stage.rooms.enter_all(connection)
    assert [await stage.rooms.look_at(each, 7, LAB) for each in (first, second, first)] == [
        True,
        False,
        False,
    ]
    assert [await stage.rooms.look_away(each, 7) for each in (first, first)] == [False, False]
    assert await stage.disconnect(second) == [7]
    assert await stage.disconnect(first) == []
    assert stage.rooms.viewers(7) == []


async def test_looking_twice_at_once_is_looking_once(stage: Stage) -> None:
    async def wait() -> None:
        await asyncio.sleep(0)

    bob = await stage.connect()  # in no room yet: both ask the database
    stage.during_reads = [wait, wait]
    assert sorted(
        await asyncio.gather(stage.rooms.look_at(bob, 7, LAB), stage.rooms.look_at(bob, 7, LAB))
    ) == [False, True]
    assert await stage.rooms.look_away(bob, 7)
    assert stage.rooms.viewers(7) == []
