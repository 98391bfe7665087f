"""The snapshot: all that a client needs at once, in as many statements for a lot as for a little."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from tests.cast import Cast, Visitor
from tests.problems import problem_in
from tests.statements import StatementLog
from tests.sync.growth import add_members, add_messages, add_spaces
from thespace import __version__
from thespace.app import Application
from thespace.core.ids import UserId
from thespace.db.database import Database
from thespace.settings import Registration
from thespace.sync.queries import moved_of

LIMITS = {
    "message_characters": 8000,
    "nickname_characters": 32,
    "name_characters": 100,
    "page": 100,
    "reactions_per_message": 30,
    "chats_per_space": 500,
}
SESSION = 1
"""Every request reads its session's row; it is not counted."""


async def test_a_newcomer_has_an_empty_snapshot(
    application: Application, visit: Callable[[str], Awaitable[Visitor]]
) -> None:
    alice = await visit("alice")
    assert await alice.sync() == {
        "epoch": application.installation.epoch,
        "cursor": application.realtime.cursor(),
        "limits": LIMITS,
        "me": (await alice.get("/auth/me")).json(),
        "spaces": [],
    }


async def test_the_snapshot_holds_each_space_as_its_member_sees_it(cast: Cast) -> None:
    await cast.alice.say(cast.chat_id, "Hello")
    space = (await cast.bob.sync())["spaces"][0]
    card = (await cast.bob.get(f"/spaces/{cast.space_id}")).json()
    permissions = (await cast.bob.get(f"/spaces/{cast.space_id}/my-permissions")).json()
    owner, member = space["roles"]
    assert (owner["preset"], member["preset"]) == ("owner", "member")
    assert space == card | {
        "owner_id": cast.alice.id,
        "chats": (await cast.bob.get(f"/spaces/{cast.space_id}/chats")).json()["items"],
        "roles": space["roles"],
        "my_role_ids": [member["id"]],
        "my_permissions": permissions["permissions"],
        "my_rank": permissions["rank"],
    }
    assert (await cast.bob.post(f"/spaces/{cast.space_id}/join")).json() == space


async def test_everybody_gets_what_is_theirs(cast: Cast) -> None:
    seen = {person.nickname: (await person.sync())["spaces"] for person in cast.everybody}
    assert {nickname: len(spaces) for nickname, spaces in seen.items()} == {
        "alice": 1,
        "bob": 1,
        "carol": 1,
        "dave": 0,
        "mallory": 0,
    }
    assert len(seen["alice"][0]["my_permissions"]) == 21
    assert seen["alice"][0]["my_rank"] == 100
    assert len(seen["bob"][0]["my_permissions"]) == 7
    assert seen["bob"] == seen["carol"]


async def test_spaces_stand_in_the_order_of_joining_and_chats_in_theirs(cast: Cast) -> None:
    first = (await cast.mallory.post("/spaces", {"name": "Den"})).json()["id"]
    await cast.mallory.post(f"/spaces/{cast.space_id}/join")
    for name in ("b", "a"):
        await cast.mallory.post(f"/spaces/{first}/chats", {"name": name})
    spaces = (await cast.mallory.sync())["spaces"]
    assert [space["id"] for space in spaces] == [first, cast.space_id]
    assert [chat["name"] for chat in spaces[0]["chats"]] == ["general", "b", "a"]


async def test_what_is_unread_are_the_messages_of_others_that_are_still_there(cast: Cast) -> None:
    first = await cast.alice.say(cast.chat_id, "one")
    await cast.alice.say(cast.chat_id, "two")
    await cast.carol.say(cast.chat_id, "three")
    assert await _reading(cast.bob, cast) == (0, 3)
    assert await _reading(cast.carol, cast) == (3, 0), "whoever writes has read"
    await cast.alice.delete(f"/messages/{first['id']}")
    assert await _reading(cast.bob, cast) == (0, 2)
    assert await _reading(cast.alice, cast) == (2, 1)
    await cast.bob.post(f"/chats/{cast.chat_id}/read", {"seq": 2})
    assert await _reading(cast.bob, cast) == (2, 1)
    await cast.bob.post(f"/chats/{cast.chat_id}/read", {"seq": 1})
    assert await _reading(cast.bob, cast) == (2, 1), "reading never goes back"


async def test_the_count_of_what_is_unread_stops_at_a_hundred(cast: Cast, database: Database) -> None:
    for first, count, expected in ((1, 99, 99), (100, 1, 100), (101, 1, 100), (102, 50, 100)):
        await database.write(add_messages, cast.chat_id, cast.alice.id, first=first, count=count)
        assert await _reading(cast.bob, cast) == (0, expected)
    await cast.bob.post(f"/chats/{cast.chat_id}/read", {"seq": 101})
    assert await _reading(cast.bob, cast) == (101, 50)


async def _reading(visitor: Visitor, cast: Cast) -> tuple[int, int]:
    (chat,) = (await visitor.sync())["spaces"][0]["chats"]
    (listed,) = (await visitor.get(f"/spaces/{cast.space_id}/chats")).json()["items"]
    assert listed == chat
    return chat["read_seq"], chat["unread"]


async def test_the_snapshot_is_of_one_moment_and_its_cursor_not_after_it(
    application: Application, cast: Cast
) -> None:
    before = application.realtime.cursor()
    assert (await cast.alice.sync())["cursor"] == before
    await cast.alice.say(cast.chat_id, "Hello")
    assert (await cast.alice.sync())["cursor"] == application.realtime.cursor() != before


async def test_nobody_without_a_session_gets_a_snapshot(cast: Cast, client: httpx.AsyncClient) -> None:
    problem_in(await client.get("/sync"), 401, "unauthenticated")
    cast.alice.token = cast.alice.token[:-2] + "xx"
    problem_in(await cast.alice.get("/sync"), 401, "unauthenticated")
    await cast.bob.post("/auth/logout", None, headers={"Content-Type": "application/x-www-form-urlencoded"})
    problem_in(await cast.bob.get("/sync"), 401, "session_ended")


async def test_anybody_may_read_the_configuration(
    application: Application, client: httpx.AsyncClient
) -> None:
    config = {"version": __version__, "registration": "open", "limits": LIMITS}
    assert (await client.get("/config")).json() == config
    closed = application.settings.model_copy(update={"registration": Registration.CLOSED})
    application.api.state.settings = closed
    assert (await client.get("/config")).json() == config | {"registration": "closed"}


async def test_the_heartbeat_tells_where_everything_is(cast: Cast, database: Database) -> None:
    den = (await cast.alice.post("/spaces", {"name": "Den"})).json()
    empty = (await cast.alice.post("/spaces", {"name": "Empty"})).json()
    await cast.alice.delete(f"/chats/{empty['chats'][0]['id']}")
    gone = (await cast.alice.post("/spaces", {"name": "Gone"})).json()
    await cast.alice.delete(f"/spaces/{gone['id']}")
    message = await cast.bob.say(cast.chat_id, "Hello")
    await cast.bob.post(f"/messages/{message['id']}/reaction", {"emoji": "👍"})
    snapshot = (await cast.alice.sync())["spaces"]
    chats, spaces, me = await database.read(moved_of, cast.alice.actor)
    assert chats == {cast.chat_id: 2, den["chats"][0]["id"]: 0}
    assert chats == {chat["id"]: chat["revision"] for space in snapshot for chat in space["chats"]}
    assert spaces == {space["id"]: space["version"] for space in snapshot}
    assert set(spaces) == {cast.space_id, den["id"], empty["id"]}
    assert me == 1
    assert await database.read(moved_of, cast.mallory.actor) == ({}, {}, 1)


@pytest.mark.parametrize(
    ("path", "bound"),
    [
        ("/sync", 8),
        ("/spaces", 1),
        ("/spaces/{space}", 1),
        ("/spaces/{space}/chats", 4),
        ("/spaces/{space}/participants", 3),
        ("/spaces/{space}/my-permissions", 1),
        ("/messages/{chat}?limit=100", 3),
        ("/messages/{chat}?limit=100&around=50", 3),
    ],
)
async def test_ten_times_as_much_takes_the_same_statements(
    cast: Cast, database: Database, statements: StatementLog, path: str, bound: int
) -> None:
    async def measure() -> tuple[list[str], Any]:
        statements.clear()
        answer = await cast.alice.get(path.format(space=cast.space_id, chat=cast.chat_id))
        assert answer.status_code == 200
        return list(statements.statements), answer.json()

    await _grow(cast, database, 1, first=1)
    few, small = await measure()
    await _grow(cast, database, 10, first=11)
    many, large = await measure()
    assert few == many, "their texts are the same, too"
    assert len(many) <= SESSION + bound
    assert len(str(large)) > 3 * len(str(small)) or "{space}" in path


async def test_the_heartbeat_takes_two_statements(
    cast: Cast, database: Database, statements: StatementLog
) -> None:
    for factor in (1, 10):
        await _grow(cast, database, factor, first=1 + 10 * (factor > 1))
        statements.clear()
        await database.read(moved_of, cast.alice.actor)
        assert len(statements) == 2


async def _grow(cast: Cast, database: Database, factor: int, *, first: int) -> None:
    role_id = (await cast.bob.sync())["spaces"][0]["my_role_ids"][0]
    await database.write(add_spaces, cast.alice.id, spaces=2 * factor, chats=3)
    if factor > 1:
        await database.write(add_members, cast.space_id, role_id, count=30)
    await database.write(
        add_messages, cast.chat_id, UserId(cast.bob.id), first=first, count=10 * factor, reactions=True
    )
