"""Editing: by the author alone, keeping every version."""

from typing import Any

import pytest

from tests.cast import Cast, Visitor
from tests.messages.conftest import Grant, Quiet, Withhold
from tests.messages.doors import Door
from tests.messages.timeline import body_of, message_of, names_of, page_of
from thespace.core.events import Audience, Event
from thespace.spaces.policy import ALL_PERMISSIONS, Permission


@pytest.fixture
async def message(cast: Cast) -> Any:
    return await cast.bob.say(cast.chat_id, "Frist")


async def _versions(who: Visitor, message_id: int) -> list[str]:
    answer = await who.get(f"/messages/{message_id}/history")
    assert answer.status_code == 200
    return [item["content"] for item in answer.json()["items"]]


async def test_edit_takes_a_revision_and_keeps_everything_else(
    door: Door, cast: Cast, message: Any, told: list[Event]
) -> None:
    edited = (await door(cast.bob, "edit_message", message_id=message["id"], content="First")).data

    assert edited["edited_at"] > message["created_at"]
    assert edited == message | {"content": "First", "revision": 2, "edited_at": edited["edited_at"]}
    assert names_of(told) == ["MessageEdited"]
    assert body_of(told, "MessageEdited") == edited
    assert told[-1].audience == Audience.space(cast.space_id)  # type: ignore[arg-type]
    assert await page_of(cast.carol, cast.chat_id) == {"messages": [edited], "revision": 2, "last_seq": 1}


async def test_history_has_every_version_and_when_it_was_written(cast: Cast, message: Any) -> None:
    edits = [
        (await cast.bob.patch(f"/messages/{message['id']}", {"content": content})).json()
        for content in ("First", "Frist", "First")
    ]
    answer = await cast.carol.get(f"/messages/{message['id']}/history")
    assert answer.json()["items"] == [
        {"content": "Frist", "written_at": message["created_at"]},
        *({"content": edit["content"], "written_at": edit["edited_at"]} for edit in edits),
    ]


async def test_event_of_an_edit_says_nothing_of_who_reads_it(
    door: Door, cast: Cast, message: Any, told: list[Event]
) -> None:
    await door(cast.bob, "add_reaction", message_id=message["id"], emoji="👍", on=True)
    edited = (await door(cast.bob, "edit_message", message_id=message["id"], content="First")).data

    assert edited["reactions"] == [{"emoji": "👍", "count": 1, "user_ids": [cast.bob.id], "mine": True}]
    assert body_of(told, "MessageEdited")["reactions"] == [
        {"emoji": "👍", "count": 1, "user_ids": [cast.bob.id]}
    ]


async def test_same_content_changes_nothing(
    door: Door, cast: Cast, message: Any, nothing_happens: Quiet
) -> None:
    async with nothing_happens():
        answer = await door(cast.bob, "edit_message", message_id=message["id"], content="Frist")
    assert answer.data == message
    assert await _versions(cast.bob, message["id"]) == ["Frist"]


async def test_only_the_author_edits_whatever_others_may(
    door: Door, cast: Cast, message: Any, grant: Grant, nothing_happens: Quiet
) -> None:
    await grant(cast.carol, ALL_PERMISSIONS)
    async with nothing_happens():
        codes = {
            person.nickname: (
                await door(person, "edit_message", message_id=message["id"], content="Fake")
            ).code
            for person in cast.everybody
            if person is not cast.bob
        }
    assert codes == {
        "alice": "not_author",
        "carol": "not_author",
        "dave": "not_found",
        "mallory": "not_found",
    }
    authors = await door(cast.bob, "edit_message", message_id=message["id"], content="First")
    assert authors.data["content"] == "First"


async def test_author_without_the_permission_or_the_membership_does_not_edit(
    door: Door, cast: Cast, message: Any, withhold: Withhold, nothing_happens: Quiet
) -> None:
    await withhold(Permission.EDIT_OWN_MESSAGES)
    async with nothing_happens():
        answer = await door(cast.bob, "edit_message", message_id=message["id"], content="First")
        assert (answer.code, answer.problem["params"]) == (
            "forbidden",
            {"permission": "edit_own_messages"},
        )
    assert (await cast.bob.post(f"/spaces/{cast.space_id}/leave")).status_code == 204
    async with nothing_happens():
        answer = await door(cast.bob, "edit_message", message_id=message["id"], content="First")
        assert answer.code == "not_found"


async def test_tombstone_is_not_edited(door: Door, cast: Cast, message: Any, nothing_happens: Quiet) -> None:
    await cast.bob.delete(f"/messages/{message['id']}")
    async with nothing_happens():
        answer = await door(cast.bob, "edit_message", message_id=message["id"], content="First")
    assert answer.code == "message_deleted"
    history = await cast.bob.get(f"/messages/{message['id']}/history")
    assert (history.status_code, history.json()["code"]) == (409, "message_deleted")


async def test_malformed_edits_change_nothing(
    door: Door, cast: Cast, message: Any, nothing_happens: Quiet
) -> None:
    async with nothing_happens():
        for body, pointer in (
            ({"content": " \n"}, "/content"),
            ({"content": "x" * 8001}, "/content"),
            ({"content": "\x00"}, "/content"),
            ({"content": 5}, "/content"),
            ({}, "/content"),
            ({"content": "a", "nonce": "n"}, "/nonce"),
        ):
            answer = await door(cast.bob, "edit_message", message_id=message["id"], **body)
            assert (answer.code, answer.pointers) == ("invalid", [pointer])
    assert await message_of(cast.carol, cast.chat_id, message["id"]) == message


async def test_only_members_read_the_history(cast: Cast, message: Any) -> None:
    statuses = {
        person.nickname: (await person.get(f"/messages/{message['id']}/history")).status_code
        for person in cast.everybody
    }
    assert statuses == {"alice": 200, "bob": 200, "carol": 200, "dave": 404, "mallory": 404}


@pytest.mark.parametrize("event", ["edit_message", "delete_message", "add_reaction"])
async def test_messages_that_are_not_there_are_not_found(
    door: Door, cast: Cast, nothing_happens: Quiet, event: str
) -> None:
    chat = (await cast.alice.post(f"/spaces/{cast.space_id}/chats", {"name": "gone"})).json()
    gone = await cast.bob.say(chat["id"], "Gone")
    await cast.alice.delete(f"/chats/{chat['id']}")
    body: dict[str, Any] = {"edit_message": {"content": "a"}, "add_reaction": {"emoji": "👍"}}.get(event, {})
    async with nothing_happens():
        for message_id in (gone["id"], 10**9, 2**53 - 1):
            assert (await door(cast.bob, event, message_id=message_id, **body)).code == "not_found"
