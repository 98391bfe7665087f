"""Sending: what is stored, what is refused, and what a nonce promises."""

import asyncio
from typing import Any

import pytest

from tests.cast import Cast
from tests.messages.conftest import Quiet, Withhold
from tests.messages.doors import Door
from tests.messages.timeline import body_of, names_of, page_of
from thespace.core.events import Audience, Event
from thespace.messages.events import MessageSent
from thespace.spaces.policy import Permission


async def test_sent_message_is_answered_told_and_read_alike(
    door: Door, cast: Cast, told: list[Event]
) -> None:
    answer = await door(
        cast.bob, "send_message", chat_id=cast.chat_id, content=" **Hello**\n<b>&", nonce="n1"
    )

    message = answer.data
    assert message == {
        "id": message["id"],
        "chat_id": cast.chat_id,
        "seq": 1,
        "revision": 1,
        "nonce": "n1",
        "author": {
            "id": cast.bob.id,
            "nickname": "bob",
            "display_name": "bob",
            "avatar_url": None,
            "profile_version": message["author"]["profile_version"],
        },
        "content": " **Hello**\n<b>&",
        "reply_to": None,
        "attachments": [],
        "reactions": [],
        "mentions": [],
        "created_at": message["created_at"],
        "edited_at": None,
        "deleted_at": None,
    }
    assert names_of(told) == ["MessageSent", "ReadMarkerMoved"]
    assert body_of(told, "MessageSent") == message
    for reader in cast.members:
        assert await page_of(reader, cast.chat_id) == {"messages": [message], "revision": 1, "last_seq": 1}


async def test_sending_is_told_to_the_space_and_the_marker_to_its_reader_only(
    door: Door, cast: Cast, told: list[Event]
) -> None:
    await door(cast.bob, "send_message", chat_id=cast.chat_id, content="Hello")

    audiences = {type(event).__name__: event.audience for event in told}
    assert audiences["MessageSent"] == Audience.space(cast.space_id)  # type: ignore[arg-type]
    assert audiences["ReadMarkerMoved"] == Audience.user(cast.bob.id)
    assert body_of(told, "ReadMarkerMoved") == {"chat_id": cast.chat_id, "seq": 1, "n": 2, "unread": 0}


async def test_message_without_a_nonce_shows_none(door: Door, cast: Cast) -> None:
    answers = [
        await door(cast.bob, "send_message", chat_id=cast.chat_id, content="Same", **more)
        for more in ({}, {"nonce": None}, {})
    ]
    assert [answer.data["seq"] for answer in answers] == [1, 2, 3]
    assert [answer.data["nonce"] for answer in answers] == [None, None, None]


async def test_only_members_may_send(door: Door, cast: Cast, told: list[Event]) -> None:
    answers = {
        person.nickname: (await door(person, "send_message", chat_id=cast.chat_id, content="Hello")).code
        for person in cast.everybody
    }
    assert answers == {
        "alice": None,
        "bob": None,
        "carol": None,
        "dave": "not_found",
        "mallory": "not_found",
    }
    authors = [event.body.author.nickname for event in told if isinstance(event, MessageSent)]
    assert authors == ["alice", "bob", "carol"]


async def test_member_without_the_permission_is_told_which_one(
    door: Door, cast: Cast, withhold: Withhold, nothing_happens: Quiet
) -> None:
    await withhold(Permission.SEND_MESSAGES)
    async with nothing_happens():
        answers = {
            person.nickname: await door(person, "send_message", chat_id=cast.chat_id, content="Hello")
            for person in cast.everybody
            if person is not cast.alice
        }
    assert {name: answer.code for name, answer in answers.items()} == {
        "bob": "forbidden",
        "carol": "forbidden",
        "dave": "not_found",
        "mallory": "not_found",
    }
    assert answers["bob"].problem["params"] == {"permission": "send_messages"}
    owners = await door(cast.alice, "send_message", chat_id=cast.chat_id, content="Hello")
    assert owners.data["author"]["nickname"] == "alice"


BAD_BODIES: dict[str, tuple[dict[str, Any], str]] = {
    "nothing": ({"content": ""}, "/content"),
    "spaces": ({"content": " \t\n\u3000"}, "/content"),
    "invisible": ({"content": "\u200b\u2060\ufeff\u3164"}, "/content"),
    "too long": ({"content": "x" * 8001}, "/content"),
    "nul": ({"content": "a\x00b"}, "/content"),
    "number": ({"content": 1}, "/content"),
    "null": ({"content": None}, "/content"),
    "list": ({"content": ["a"]}, "/content"),
    "missing": ({}, "/content"),
    "unknown field": ({"content": "a", "author_id": 1}, "/author_id"),
    "empty nonce": ({"content": "a", "nonce": ""}, "/nonce"),
    "long nonce": ({"content": "a", "nonce": "n" * 65}, "/nonce"),
    "our nonce": ({"content": "a", "nonce": "~1"}, "/nonce"),
    "nul in the nonce": ({"content": "a", "nonce": "a\x00"}, "/nonce"),
    "number as nonce": ({"content": "a", "nonce": 1}, "/nonce"),
    "reply to a string": ({"content": "a", "reply_to": "1"}, "/reply_to"),
    "reply to true": ({"content": "a", "reply_to": True}, "/reply_to"),
    "reply to a fraction": ({"content": "a", "reply_to": 1.0}, "/reply_to"),
    "reply to zero": ({"content": "a", "reply_to": 0}, "/reply_to"),
    "reply to too much": ({"content": "a", "reply_to": 2**53}, "/reply_to"),
}


async def test_malformed_messages_change_nothing(door: Door, cast: Cast, nothing_happens: Quiet) -> None:
    async with nothing_happens():
        for name, (body, pointer) in BAD_BODIES.items():
            answer = await door(cast.bob, "send_message", chat_id=cast.chat_id, **body)
            assert answer.code == "invalid", name
            assert answer.pointers == [pointer], name
            assert not answer.problem["retryable"]
    assert (await door(cast.bob, "send_message", chat_id=cast.chat_id, content="a")).code is None


async def test_what_json_can_say_but_nobody_can_store_is_refused(
    door: Door, cast: Cast, nothing_happens: Quiet
) -> None:
    async with nothing_happens():
        for more in ({"content": "a\ud800"}, {"nonce": "\udfff"}, {"author\ud800": 1}, {"reply_to": 10**400}):
            body = {"content": "a"} | more
            answer = await door(cast.bob, "send_message", chat_id=cast.chat_id, **body)
            assert answer.code == "invalid", more
            assert "\ud800" not in str(answer.problem)


@pytest.mark.parametrize("content", ["x" * 8000, "𝄞" * 8000, "👩‍👩‍👧‍👦", "\u0301", "a\u2028b", "\u202etxet"])
async def test_all_that_is_visible_and_short_enough_is_stored_as_it_was_written(
    door: Door, cast: Cast, content: str
) -> None:
    sent = await door(cast.bob, "send_message", chat_id=cast.chat_id, content=content)
    [stored] = (await page_of(cast.carol, cast.chat_id))["messages"]
    assert sent.data["content"] == stored["content"] == content


async def test_chats_that_are_not_there_are_not_found(door: Door, cast: Cast, nothing_happens: Quiet) -> None:
    chat = (await cast.alice.post(f"/spaces/{cast.space_id}/chats", {"name": "gone"})).json()
    assert (await door(cast.bob, "send_message", chat_id=chat["id"], content="a", nonce="n")).code is None
    await cast.alice.delete(f"/chats/{chat['id']}")
    async with nothing_happens():
        for chat_id in (chat["id"], 10**9, 2**53 - 1):
            answer = await door(cast.bob, "send_message", chat_id=chat_id, content="a", nonce="n")
            assert answer.code == "not_found"


async def test_repeated_nonce_is_a_duplicate_and_nothing_happens(
    door: Door, cast: Cast, nothing_happens: Quiet
) -> None:
    body = {"chat_id": cast.chat_id, "content": "Once", "nonce": "n" * 64}
    first = (await door(cast.bob, "send_message", **body)).data
    async with nothing_happens():
        again = await door(cast.bob, "send_message", **body)
    assert again.data == {
        "id": first["id"],
        "chat_id": cast.chat_id,
        "seq": 1,
        "revision": 1,
        "nonce": "n" * 64,
        "duplicate": True,
    }


async def test_repeated_nonce_is_answered_200_not_201(cast: Cast) -> None:
    body = {"content": "Once", "nonce": "n"}
    statuses = [(await cast.bob.post(f"/messages/{cast.chat_id}", body)).status_code for _ in range(2)]
    assert statuses == [201, 200]


async def test_duplicate_tells_the_revision_of_the_message_now(door: Door, cast: Cast) -> None:
    body = {"chat_id": cast.chat_id, "content": "Once", "nonce": "n"}
    first = (await door(cast.bob, "send_message", **body)).data
    await door(cast.bob, "edit_message", message_id=first["id"], content="Twice")
    again = (await door(cast.bob, "send_message", **body)).data
    assert (again["id"], again["seq"], again["revision"]) == (first["id"], 1, 2)


async def test_nonce_with_another_body_is_a_conflict(door: Door, cast: Cast, nothing_happens: Quiet) -> None:
    answered = await cast.alice.say(cast.chat_id, "A question")
    body = {"chat_id": cast.chat_id, "content": "Once", "nonce": "n"}
    assert (await door(cast.bob, "send_message", **body)).code is None
    async with nothing_happens():
        for other in ({"content": "Once "}, {"reply_to": answered["id"]}):
            assert (await door(cast.bob, "send_message", **body | other)).code == "nonce_reused"


async def test_nonce_of_a_tombstone_is_a_duplicate_whatever_the_body(
    door: Door, cast: Cast, nothing_happens: Quiet
) -> None:
    body = {"chat_id": cast.chat_id, "content": "Once", "nonce": "n"}
    sent = (await door(cast.bob, "send_message", **body)).data
    await door(cast.bob, "delete_message", message_id=sent["id"])
    async with nothing_happens():
        for content in ("Once", "Something else"):
            again = (await door(cast.bob, "send_message", **body | {"content": content})).data
            assert again["duplicate"]
            assert (again["id"], again["revision"]) == (sent["id"], 2)


async def test_retry_after_leaving_learns_that_the_message_was_stored(
    door: Door, cast: Cast, nothing_happens: Quiet
) -> None:
    body = {"chat_id": cast.chat_id, "content": "Once", "nonce": "n"}
    sent = (await door(cast.bob, "send_message", **body)).data
    assert (await cast.bob.post(f"/spaces/{cast.space_id}/leave")).status_code == 204
    async with nothing_happens():
        assert (await door(cast.bob, "send_message", **body)).data["id"] == sent["id"]
        assert (await door(cast.bob, "send_message", **body | {"content": "b"})).code == "nonce_reused"
        assert (await door(cast.bob, "send_message", **body | {"nonce": "m"})).code == "not_found"


async def test_nonces_of_other_people_and_other_chats_are_others(door: Door, cast: Cast) -> None:
    chat = (await cast.alice.post(f"/spaces/{cast.space_id}/chats", {"name": "other"})).json()
    answers = [
        (await door(who, "send_message", chat_id=chat_id, content="Mine", nonce="n")).data
        for who in cast.members
        for chat_id in (cast.chat_id, chat["id"])
    ]
    assert [answer["seq"] for answer in answers] == [1, 1, 2, 2, 3, 3]


async def test_concurrent_sends_of_one_nonce_store_one(door: Door, cast: Cast, told: list[Event]) -> None:
    await door(cast.bob, "mark_read", chat_id=cast.chat_id, seq=0)  # its socket is open
    body = {"chat_id": cast.chat_id, "content": "Once", "nonce": "n"}
    answers = await asyncio.gather(*(door(cast.bob, "send_message", **body) for _ in range(8)))

    assert sorted("duplicate" in answer.data for answer in answers) == [False] + [True] * 7
    assert len({answer.data["id"] for answer in answers}) == 1
    assert (await page_of(cast.carol, cast.chat_id))["last_seq"] == 1
    assert names_of(told).count("MessageSent") == 1
