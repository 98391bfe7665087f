"""Every event reaches exactly those whom it concerns; dave, who left, and mallory hear nothing."""

from typing import Any

from tests.cast import Cast
from tests.realtime.ears import Ears

MEMBERS = ("alice", "bob", "phone", "carol")


def _all_members(body: Any) -> dict[str, list[Any]]:
    return {name: [body] for name in MEMBERS}


async def test_changes_of_a_timeline_reach_every_socket_of_the_members(ears: Ears, cast: Cast) -> None:
    message = await cast.bob.say(cast.chat_id, "Frist", nonce="n")
    assert await ears.heard("new_message", by="carol") == _all_members(message)

    edited = (await cast.bob.patch(f"/messages/{message['id']}", {"content": "First"})).json()
    assert await ears.heard("message_edited", by="carol") == _all_members(edited)

    for on, event in ((True, "reaction_added"), (False, "reaction_removed")):
        answer = await cast.carol.post(f"/messages/{message['id']}/reaction", {"emoji": "👍", "on": on})
        reaction = {name: value for name, value in answer.json().items() if name != "on"}
        assert await ears.heard(event, by="carol") == _all_members(reaction)

    await cast.bob.delete(f"/messages/{message['id']}")
    heard = await ears.heard("message_deleted", by="carol")
    [tombstone] = (await cast.bob.get(f"/messages/{cast.chat_id}")).json()["messages"]
    assert heard == _all_members(tombstone)


async def test_sender_hears_their_own_message_like_everyone(ears: Ears, cast: Cast) -> None:
    sent = await ears.call("bob", "send_message", chat_id=cast.chat_id, content="Hello", nonce="n")
    assert await ears.heard("new_message", by="bob") == _all_members(sent)


async def test_read_marker_reaches_its_reader_only(ears: Ears, cast: Cast) -> None:
    await cast.alice.say(cast.chat_id, "Hello")
    await ears.heard("new_message", by="carol")
    marker = await ears.call("bob", "mark_read", chat_id=cast.chat_id, seq=1)
    await ears.call("bob", "mark_read", chat_id=cast.chat_id, seq=1)
    assert await ears.heard("read_marker", by="phone") == {"bob": [marker], "phone": [marker]}


async def test_creating_a_space_tells_the_other_sockets_to_fetch_it(ears: Ears, cast: Cast) -> None:
    space = (await cast.bob.post("/spaces", {"name": "Lab"})).json()
    body = {"scope": "space", "id": space["id"]}
    assert await ears.heard("sync_required", by="phone") == {"bob": [body], "phone": [body]}
    sent = await cast.bob.say(space["chats"][0]["id"], "Only me here")
    assert await ears.heard("new_message", by="phone") == {"bob": [sent], "phone": [sent]}


async def test_who_joins_hears_everything_from_then_on(ears: Ears, cast: Cast) -> None:
    await cast.mallory.post(f"/spaces/{cast.space_id}/join")
    body = await ears["mallory"].expect("member_joined")
    assert (body["user"]["nickname"], body["member_count"]) == ("mallory", 4)
    assert await ears["mallory"].expect("sync_required") == {"scope": "space", "id": cast.space_id}
    await ears.settle()
    hearers = {name for name, socket in ears.sockets.items() if socket.named("member_joined")}
    assert hearers == {*MEMBERS, "mallory"}
    assert not ears["alice"].named("sync_required")
    sent = await cast.alice.say(cast.chat_id, "Welcome")
    assert await ears.heard("new_message", by="mallory") == _all_members(sent) | {"mallory": [sent]}


async def test_who_leaves_hears_that_and_nothing_more(ears: Ears, cast: Cast) -> None:
    await cast.carol.post(f"/spaces/{cast.space_id}/leave")
    assert (await ears["carol"].expect("member_left"))["user_id"] == cast.carol.id
    ears["carol"].forget()
    await cast.alice.say(cast.chat_id, "Bye")
    assert (await ears.heard("new_message", by="bob")).keys() == {"alice", "bob", "phone"}


async def test_changes_of_a_space_reach_its_members(ears: Ears, cast: Cast) -> None:
    space_id, version = cast.space_id, (await cast.bob.get(f"/spaces/{cast.space_id}")).json()["version"]
    card = (await cast.alice.patch(f"/spaces/{space_id}", {"name": "Planetarium"})).json()
    body = {"space_id": space_id, "version": version + 1, "space": card}
    assert await ears.heard("space_updated", by="carol") == _all_members(body)

    chat = (await cast.alice.post(f"/spaces/{space_id}/chats", {"name": "other"})).json()
    body = {"space_id": space_id, "version": version + 2, "chat": chat}
    assert await ears.heard("chat_created", by="carol") == _all_members(body)

    chat = (await cast.alice.patch(f"/chats/{chat['id']}", {"topic": "Stars"})).json()
    body = {"space_id": space_id, "version": version + 3, "chat": chat}
    assert await ears.heard("chat_updated", by="carol") == _all_members(body)

    await cast.alice.delete(f"/chats/{chat['id']}")
    body = {"space_id": space_id, "version": version + 4, "chat_id": chat["id"]}
    assert await ears.heard("chat_deleted", by="carol") == _all_members(body)

    await cast.alice.delete(f"/spaces/{space_id}")
    assert await ears.heard("space_deleted", by="carol") == _all_members({"space_id": space_id})


async def test_nobody_is_left_in_the_room_of_a_deleted_space(ears: Ears, cast: Cast) -> None:
    await ears.call("bob", "join_room", chat_id=cast.chat_id)
    await cast.alice.delete(f"/spaces/{cast.space_id}")
    await ears.heard("space_deleted", by="bob")
    manager = ears.application.realtime.server.manager
    rooms = {room for socket in ears.sockets.values() for room in manager.get_rooms(socket.client.sid, "/")}
    assert not {room for room in rooms if room.startswith(("space:", "view:"))}
    assert (await ears["bob"].call("typing", {"chat_id": cast.chat_id}))["problem"]["code"] == "not_found"


async def test_version_rises_by_one_with_each_event_of_a_space(ears: Ears, cast: Cast) -> None:
    before = (await cast.bob.get(f"/spaces/{cast.space_id}")).json()["version"]
    await cast.alice.patch(f"/spaces/{cast.space_id}", {"name": "Planetarium"})
    chat = (await cast.alice.post(f"/spaces/{cast.space_id}/chats", {"name": "other"})).json()
    await cast.alice.patch(f"/chats/{chat['id']}", {"topic": "Stars"})
    await cast.mallory.post(f"/spaces/{cast.space_id}/join")
    await cast.mallory.post(f"/spaces/{cast.space_id}/leave")
    await cast.alice.delete(f"/chats/{chat['id']}")
    await ears["bob"].expect("chat_deleted")
    versions = [body["version"] for _, body in ears["bob"].events if "version" in body]
    assert versions == [*range(before + 1, before + 7)]
    assert (await cast.bob.get(f"/spaces/{cast.space_id}")).json()["version"] == versions[-1]
