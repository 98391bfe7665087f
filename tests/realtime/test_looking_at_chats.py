"""Who looks at a chat hears who else does, and who types."""

import asyncio
from typing import Any

import pytest

from tests.cast import Cast
from tests.realtime.ears import Ears
from thespace.realtime.wire import Envelope


async def test_joining_a_room_answers_and_tells_the_same_to_this_socket(ears: Ears, cast: Cast) -> None:
    await cast.alice.say(cast.chat_id, "Hello")
    await ears.heard("new_message", by="bob")
    joined = await ears.call("bob", "join_room", chat_id=cast.chat_id)
    assert joined == {"chat_id": cast.chat_id, "revision": 1, "viewers": [cast.bob.id]}
    assert await ears["bob"].expect("joined_room") == joined
    await ears.settle()
    assert not ears["phone"].named("joined_room", "user_joined_room")
    assert not ears["carol"].named("joined_room", "user_joined_room")


async def test_viewers_hear_of_each_person_once(ears: Ears, cast: Cast) -> None:
    body = {"chat_id": cast.chat_id, "user_id": cast.bob.id}
    await ears.call("alice", "join_room", chat_id=cast.chat_id)
    await ears["alice"].expect("user_joined_room")
    await ears.call("bob", "join_room", chat_id=cast.chat_id)
    assert await ears["alice"].expect("user_joined_room") == body
    for name in ("phone", "phone", "bob"):
        joined = await ears.call(name, "join_room", chat_id=cast.chat_id)
        assert joined["viewers"] == sorted([cast.alice.id, cast.bob.id])
    await ears.call("bob", "leave_room", chat_id=cast.chat_id)
    await ears.call("bob", "leave_room", chat_id=cast.chat_id)
    await ears.settle()
    assert not ears["alice"].named("user_left_room")
    await ears["phone"].client.disconnect()
    assert await ears["alice"].expect("user_left_room") == body
    assert len(ears["alice"].named("user_joined_room", "user_left_room")) == 3
    assert not ears["carol"].named("user_joined_room", "user_left_room")
    again = await ears.call("alice", "join_room", chat_id=cast.chat_id)
    assert again["viewers"] == [cast.alice.id]


async def test_leaving_a_room_tells_who_stays(ears: Ears, cast: Cast) -> None:
    for name in ("alice", "bob"):
        await ears.call(name, "join_room", chat_id=cast.chat_id)
    assert await ears.call("bob", "leave_room", chat_id=cast.chat_id) is None
    assert await ears["alice"].expect("user_left_room") == {
        "chat_id": cast.chat_id,
        "user_id": cast.bob.id,
    }


async def test_only_members_look_at_a_chat(ears: Ears, cast: Cast) -> None:
    acks = {
        person.nickname: await ears[person.nickname].call("join_room", {"chat_id": cast.chat_id})
        for person in cast.everybody
    }
    assert {name: ack["ok"] or ack["problem"]["code"] for name, ack in acks.items()} == {
        "alice": True,
        "bob": True,
        "carol": True,
        "dave": "not_found",
        "mallory": "not_found",
    }
    unknown = await ears["mallory"].call("join_room", {"chat_id": 2**53 - 1})
    assert unknown["problem"] | {"request_id": ""} == acks["mallory"]["problem"] | {"request_id": ""}
    await ears.settle()
    assert not ears["dave"].named("joined_room", "user_joined_room")
    assert not ears["mallory"].named("joined_room", "user_joined_room")


async def test_typing_reaches_viewers_only(ears: Ears, cast: Cast) -> None:
    for name in ("alice", "bob"):
        await ears.call(name, "join_room", chat_id=cast.chat_id)
    await ears.call("bob", "typing", chat_id=cast.chat_id)
    [member] = [
        item["user"]
        for item in (await cast.bob.get(f"/spaces/{cast.space_id}/participants")).json()["items"]
        if item["user"]["id"] == cast.bob.id
    ]
    body = {"chat_id": cast.chat_id, "user": member}
    assert await ears.heard("typing", by="alice") == {"alice": [body], "bob": [body]}


async def test_only_viewers_type(ears: Ears, cast: Cast) -> None:
    await ears.call("alice", "join_room", chat_id=cast.chat_id)
    for name in ("bob", "carol", "dave", "mallory"):
        ack = await ears[name].call("typing", {"chat_id": cast.chat_id})
        assert ack["problem"]["code"] == "not_found"
    await ears.settle()
    assert not ears["alice"].named("typing")
    await ears.call("alice", "typing", chat_id=cast.chat_id)
    assert await ears["alice"].expect("typing")


async def test_leaving_the_space_ends_looking_and_typing(ears: Ears, cast: Cast) -> None:
    for name in ("alice", "bob", "phone"):
        await ears.call(name, "join_room", chat_id=cast.chat_id)
    await cast.bob.post(f"/spaces/{cast.space_id}/leave")
    await ears["phone"].expect("member_left")
    await ears.settle()
    for name in ("bob", "phone"):
        ears[name].forget()
        for event in ("typing", "join_room"):
            ack = await ears[name].call(event, {"chat_id": cast.chat_id})
            assert ack["problem"]["code"] == "not_found"
    await ears.call("alice", "typing", chat_id=cast.chat_id)
    assert (await ears.heard("typing", by="alice")).keys() == {"alice"}
    assert (await ears.call("alice", "join_room", chat_id=cast.chat_id))["viewers"] == [cast.alice.id]


async def test_permission_to_type_ends_with_the_commit_not_with_its_delivery(
    ears: Ears, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    fanout = ears.application.realtime._fanout
    deliver, go_on = fanout._deliver, asyncio.Event()

    async def late(envelope: Envelope) -> None:
        await go_on.wait()
        await deliver(envelope)

    await ears.call("bob", "join_room", chat_id=cast.chat_id)
    await ears.settle()
    monkeypatch.setattr(fanout, "_deliver", late)
    await cast.bob.post(f"/spaces/{cast.space_id}/leave")
    ack = await ears["bob"].call("typing", {"chat_id": cast.chat_id})
    go_on.set()
    assert ack["problem"]["code"] == "not_found"


async def test_deleted_chat_is_looked_at_by_nobody(ears: Ears, cast: Cast) -> None:
    chat = (await cast.alice.post(f"/spaces/{cast.space_id}/chats", {"name": "other"})).json()
    for name in ("alice", "bob"):
        await ears.call(name, "join_room", chat_id=chat["id"])
    await cast.alice.delete(f"/chats/{chat['id']}")
    await ears["bob"].expect("chat_deleted")
    await ears.settle()
    for event in ("typing", "join_room"):
        assert (await ears["bob"].call(event, {"chat_id": chat["id"]}))["problem"]["code"] == "not_found"
    assert ears.application.realtime.rooms.viewers(chat["id"]) == []


async def test_room_of_a_space_just_joined_can_be_entered_before_its_event_arrives(
    ears: Ears, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    fanout = ears.application.realtime._fanout
    deliver, go_on = fanout._deliver, asyncio.Event()

    async def late(envelope: Envelope) -> None:
        await go_on.wait()
        await deliver(envelope)

    monkeypatch.setattr(fanout, "_deliver", late)
    await cast.mallory.post(f"/spaces/{cast.space_id}/join")
    joined: Any = await ears.call("mallory", "join_room", chat_id=cast.chat_id)
    go_on.set()
    assert joined["viewers"] == [cast.mallory.id]
    assert await ears["mallory"].expect("member_joined")
