"""Chats of a space through their routes."""

from typing import Any

import pytest
from sqlalchemy import insert

from tests.cast import Cast
from tests.problems import faults_in, problem_in
from thespace.chats.commands import MAX_CHATS
from thespace.chats.events import ChatCreated, ChatDeleted, ChatUpdated
from thespace.chats.models import Chat
from thespace.core import clock
from thespace.core.events import Audience, Event
from thespace.core.ids import ChatId, SpaceId
from thespace.db.database import Database
from thespace.db.unit_of_work import UnitOfWork


async def _chats(cast: Cast) -> list[dict[str, Any]]:
    chats: list[dict[str, Any]] = (await cast.alice.get(f"/spaces/{cast.space_id}/chats")).json()["items"]
    return chats


async def _version(cast: Cast) -> int:
    version: int = (await cast.alice.get(f"/spaces/{cast.space_id}")).json()["version"]
    return version


async def test_a_new_chat_stands_at_the_end_and_is_told(cast: Cast, told: list[Event]) -> None:
    version = await _version(cast)
    answer = await cast.alice.post(f"/spaces/{cast.space_id}/chats", {"name": " off  topic ", "topic": "Чай"})
    assert answer.status_code == 201
    chat = answer.json()
    assert chat == {
        "id": chat["id"],
        "space_id": cast.space_id,
        "name": "off topic",
        "topic": "Чай",
        "position": 1,
        "last_seq": 0,
        "revision": 0,
    }
    assert (await _chats(cast))[1] == chat | {"read_seq": 0, "unread": 0}
    (created,) = told
    assert isinstance(created, ChatCreated)
    assert created.audience == Audience.space(SpaceId(cast.space_id))
    body = {"space_id": cast.space_id, "version": version + 1, "chat": chat}
    assert created.body.model_dump() == body
    assert await _version(cast) == version + 1


async def test_chats_stand_in_the_order_of_their_making(cast: Cast) -> None:
    for name in ("b", "a", "c"):
        await cast.alice.post(f"/spaces/{cast.space_id}/chats", {"name": name})
    second = (await _chats(cast))[1]
    await cast.alice.delete(f"/chats/{second['id']}")
    await cast.alice.post(f"/spaces/{cast.space_id}/chats", {"name": "d"})
    assert [chat["name"] for chat in await _chats(cast)] == ["general", "a", "c", "d"]
    positions = [chat["position"] for chat in await _chats(cast)]
    assert positions == sorted(set(positions))


async def test_who_may_create_a_chat(cast: Cast, told: list[Event]) -> None:
    before = await cast.alice.sync()
    path, new = f"/spaces/{cast.space_id}/chats", {"name": "more"}
    for person in (cast.bob, cast.carol, *cast.outsiders):
        await person.post(path, new)
    assert await cast.alice.sync() == before
    assert not told
    assert await cast.statuses(lambda person: person.post(path, new)) == {
        "alice": 201,
        "bob": 403,
        "carol": 403,
        "dave": 404,
        "mallory": 404,
    }


async def test_who_may_change_a_chat(cast: Cast, told: list[Event]) -> None:
    before = await cast.alice.sync()
    path, changes = f"/chats/{cast.chat_id}", {"name": "Lobby"}
    for person in (cast.bob, cast.carol, *cast.outsiders):
        await person.patch(path, changes)
    assert await cast.alice.sync() == before
    assert not told
    assert await cast.statuses(lambda person: person.patch(path, changes)) == {
        "alice": 200,
        "bob": 403,
        "carol": 403,
        "dave": 404,
        "mallory": 404,
    }


async def test_who_may_delete_a_chat(cast: Cast, told: list[Event]) -> None:
    before = await cast.alice.sync()
    path = f"/chats/{cast.chat_id}"
    for person in (cast.bob, cast.carol, *cast.outsiders):
        await person.delete(path)
    assert await cast.alice.sync() == before
    assert not told
    assert await cast.statuses(lambda person: person.delete(path)) == {
        "alice": 204,
        "bob": 403,
        "carol": 403,
        "dave": 404,
        "mallory": 404,
    }


async def test_who_may_list_chats(cast: Cast) -> None:
    assert await cast.statuses(lambda person: person.get(f"/spaces/{cast.space_id}/chats")) == {
        "alice": 200,
        "bob": 200,
        "carol": 200,
        "dave": 404,
        "mallory": 404,
    }


async def test_a_change_is_told_and_raises_the_version_once(cast: Cast, told: list[Event]) -> None:
    await cast.bob.say(cast.chat_id, "Hello")
    told.clear()
    version = await _version(cast)
    before = (await _chats(cast))[0]
    answer = await cast.alice.patch(f"/chats/{cast.chat_id}", {"name": "Lobby", "topic": "Welcome"})
    after = before | {"name": "Lobby", "topic": "Welcome"}
    assert (await _chats(cast))[0] == after
    del after["read_seq"], after["unread"]
    assert answer.json() == after
    (updated,) = told
    assert isinstance(updated, ChatUpdated)
    assert updated.audience == Audience.space(SpaceId(cast.space_id))
    assert updated.body.model_dump() == {"space_id": cast.space_id, "version": version + 1, "chat": after}
    assert await _version(cast) == version + 1


async def test_a_topic_is_changed_and_cleared_without_the_name(cast: Cast) -> None:
    for topic in ("Tea", ""):
        changed = (await cast.alice.patch(f"/chats/{cast.chat_id}", {"topic": topic})).json()
        assert (changed["name"], changed["topic"]) == ("general", topic)


async def test_a_change_of_nothing_raises_and_tells_nothing(cast: Cast, told: list[Event]) -> None:
    before = await cast.alice.sync()
    for changes in ({}, {"name": "general"}, {"topic": ""}, {"name": None}, {"name": " general "}):
        answer = await cast.alice.patch(f"/chats/{cast.chat_id}", changes)
        assert (answer.status_code, answer.json()["name"]) == (200, "general")
    assert await cast.alice.sync() == before
    assert not told


async def test_a_malformed_chat_changes_nothing(cast: Cast, told: list[Event]) -> None:
    before = await cast.alice.sync()
    faults: list[tuple[dict[str, Any], tuple[str, str]]] = [
        ({"name": ""}, ("/name", "string_blank")),
        ({"name": "\u2800"}, ("/name", "string_blank")),
        ({"name": "x" * 101}, ("/name", "string_too_long")),
        ({"name": "a\x00"}, ("/name", "string_nul")),
        ({"name": 1}, ("/name", "string_type")),
        ({"name": "a", "topic": "x" * 1001}, ("/topic", "string_too_long")),
        ({"name": "a", "topic": "\x00"}, ("/topic", "string_nul")),
        ({"name": "a", "position": 0}, ("/position", "extra_forbidden")),
        ({"name": "a", "space_id": 1}, ("/space_id", "extra_forbidden")),
    ]
    for body, fault in faults:
        assert faults_in(await cast.alice.post(f"/spaces/{cast.space_id}/chats", body)) == [fault], body
        assert faults_in(await cast.alice.patch(f"/chats/{cast.chat_id}", body)) == [fault], body
    assert faults_in(await cast.alice.post(f"/spaces/{cast.space_id}/chats", {})) == [("/name", "missing")]
    assert await cast.alice.sync() == before
    assert not told


@pytest.mark.parametrize("chat_id", ["0", "-1", str(2**53), "999999", "general", "%00"])
async def test_what_is_no_chat_is_not_found(cast: Cast, chat_id: str) -> None:
    for method, path, body in [
        ("PATCH", f"/chats/{chat_id}", {"name": "x"}),
        ("DELETE", f"/chats/{chat_id}", None),
        ("GET", f"/messages/{chat_id}", None),
        ("POST", f"/messages/{chat_id}", {"content": "x"}),
        ("POST", f"/chats/{chat_id}/read", {"seq": 1}),
    ]:
        problem_in(await cast.alice.request(method, path, json=body), 404, "not_found")


async def test_deleting_is_told_once_and_closes_what_people_look_at(cast: Cast, told: list[Event]) -> None:
    version = await _version(cast)
    assert (await cast.alice.delete(f"/chats/{cast.chat_id}")).status_code == 204
    problem_in(await cast.alice.delete(f"/chats/{cast.chat_id}"), 404, "not_found")
    (deleted,) = told
    assert isinstance(deleted, ChatDeleted)
    assert deleted.audience == Audience.space(SpaceId(cast.space_id))
    assert deleted.closes == Audience.view(ChatId(cast.chat_id))
    assert deleted.body.model_dump() == {
        "space_id": cast.space_id,
        "version": version + 1,
        "chat_id": cast.chat_id,
    }
    assert await _version(cast) == version + 1


async def test_a_deleted_chat_is_gone_from_the_next_request(cast: Cast, told: list[Event]) -> None:
    message = await cast.bob.say(cast.chat_id, "Hello")
    other = (await cast.alice.post(f"/spaces/{cast.space_id}/chats", {"name": "other"})).json()
    chat, said = f"/chats/{cast.chat_id}", f"/messages/{message['id']}"
    requests: list[tuple[str, str, Any]] = [
        ("PATCH", chat, {"name": "x"}),
        ("PATCH", chat, {}),
        ("GET", f"/messages/{cast.chat_id}", None),
        ("POST", f"/messages/{cast.chat_id}", {"content": "x", "nonce": "n"}),
        ("POST", f"{chat}/read", {"seq": 1}),
        ("PATCH", said, {"content": "x"}),
        ("POST", f"{said}/reaction", {"emoji": "👍"}),
        ("GET", f"{said}/history", None),
        ("DELETE", said, None),
        ("DELETE", chat, None),
    ]
    await cast.alice.delete(chat)
    told.clear()
    for person in cast.everybody:
        for method, path, body in requests:
            problem_in(await person.request(method, path, json=body), 404, "not_found")
    for person in cast.members:
        assert [chat["id"] for chat in (await person.sync())["spaces"][0]["chats"]] == [other["id"]]
    assert not told
    assert (await cast.bob.post(f"/messages/{other['id']}", {"content": "x"})).status_code == 201


async def test_a_space_may_be_without_any_chat(cast: Cast) -> None:
    await cast.alice.delete(f"/chats/{cast.chat_id}")
    assert await _chats(cast) == []
    joined = (await cast.mallory.post(f"/spaces/{cast.space_id}/join")).json()
    assert joined["chats"] == []
    created = await cast.alice.post(f"/spaces/{cast.space_id}/chats", {"name": "anew"})
    assert created.json()["position"] == 0


async def test_a_space_has_at_most_500_chats_and_deleted_ones_do_not_count(
    cast: Cast, database: Database, told: list[Event]
) -> None:
    await database.write(_fill, cast.space_id, MAX_CHATS - 2)
    path, new = f"/spaces/{cast.space_id}/chats", {"name": "more"}
    last = await cast.alice.post(path, new)
    assert last.status_code == 201
    told.clear()
    version = await _version(cast)
    problem = problem_in(await cast.alice.post(path, new), 409, "too_many_chats")
    assert problem["params"] == {"max_chats": MAX_CHATS}
    assert await _version(cast) == version
    assert not told
    await cast.alice.delete(f"/chats/{last.json()['id']}")
    assert (await cast.alice.post(path, new)).status_code == 201
    assert len(await _chats(cast)) == MAX_CHATS == 500


async def _fill(uow: UnitOfWork, space_id: int, count: int) -> None:
    await uow.execute(
        insert(Chat),
        [
            {
                "space_id": space_id,
                "name": f"chat {number}",
                "topic": "",
                "position": number,
                "last_seq": 0,
                "revision": 0,
                "created_at": clock.now(),
            }
            for number in range(1, count + 1)
        ],
    )
