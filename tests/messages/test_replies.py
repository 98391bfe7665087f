"""Replies: what a message answers is checked at sending and joined at reading."""

from typing import Any

import pytest

from tests.cast import Cast
from tests.messages.conftest import Quiet
from tests.messages.doors import Door
from tests.messages.timeline import body_of, message_of
from thespace.core.events import Event


@pytest.fixture
async def question(cast: Cast) -> Any:
    return await cast.alice.say(cast.chat_id, "What  is\nthis?")


async def test_reply_shows_what_it_answers(door: Door, cast: Cast, question: Any, told: list[Event]) -> None:
    answer = await door(
        cast.bob, "send_message", chat_id=cast.chat_id, content="A pulsar", reply_to=question["id"]
    )
    assert answer.data["reply_to"] == {
        "id": question["id"],
        "seq": question["seq"],
        "author": question["author"],
        "excerpt": "What is this?",
        "is_deleted": False,
    }
    assert body_of(told, "MessageSent") == answer.data
    assert await message_of(cast.carol, cast.chat_id, answer.data["id"]) == answer.data


async def test_excerpt_is_the_first_200_characters(cast: Cast) -> None:
    long = await cast.alice.say(cast.chat_id, "𝄞" * 250)
    reply = await cast.bob.say(cast.chat_id, "Yes", reply_to=long["id"])
    assert reply["reply_to"]["excerpt"] == "𝄞" * 200


async def test_reply_follows_edits_and_the_deletion_of_what_it_answers(cast: Cast, question: Any) -> None:
    reply = await cast.bob.say(cast.chat_id, "A pulsar", reply_to=question["id"])

    await cast.alice.patch(f"/messages/{question['id']}", {"content": "What is that?"})
    read = await message_of(cast.carol, cast.chat_id, reply["id"])
    assert read["reply_to"] == question_as(question, excerpt="What is that?")

    await cast.alice.delete(f"/messages/{question['id']}")
    read = await message_of(cast.carol, cast.chat_id, reply["id"])
    assert read["reply_to"] == question_as(question, excerpt="", is_deleted=True)
    assert read["content"] == "A pulsar"


def question_as(question: Any, *, excerpt: str, is_deleted: bool = False) -> Any:
    return {
        "id": question["id"],
        "seq": question["seq"],
        "author": question["author"],
        "excerpt": excerpt,
        "is_deleted": is_deleted,
    }


async def test_only_messages_of_the_same_chat_can_be_answered(
    door: Door, cast: Cast, question: Any, nothing_happens: Quiet
) -> None:
    other = (await cast.alice.post(f"/spaces/{cast.space_id}/chats", {"name": "other"})).json()
    async with nothing_happens():
        for chat_id, reply_to in ((other["id"], question["id"]), (cast.chat_id, 2**53 - 1)):
            answer = await door(
                cast.bob, "send_message", chat_id=chat_id, content="Yes", reply_to=reply_to, nonce="n"
            )
            assert (answer.code, answer.pointers) == ("invalid", ["/reply_to"])
    same = await door(
        cast.bob, "send_message", chat_id=cast.chat_id, content="Yes", reply_to=question["id"], nonce="n"
    )
    assert same.data["reply_to"]["id"] == question["id"]


async def test_message_in_a_space_one_cannot_read_looks_like_none(
    door: Door, cast: Cast, question: Any, nothing_happens: Quiet
) -> None:
    created = (await cast.mallory.post("/spaces", {"name": "Lair"})).json()
    chat_id = created["chats"][0]["id"]
    async with nothing_happens():
        problems = [
            (
                await door(cast.mallory, "send_message", chat_id=chat_id, content="Yes", reply_to=message_id)
            ).problem
            | {"request_id": ""}
            for message_id in (question["id"], 2**53 - 1)
        ]
    assert problems[0] == problems[1]


async def test_deleted_message_cannot_be_answered(
    door: Door, cast: Cast, question: Any, nothing_happens: Quiet
) -> None:
    await cast.alice.delete(f"/messages/{question['id']}")
    async with nothing_happens():
        answer = await door(
            cast.bob, "send_message", chat_id=cast.chat_id, content="Yes", reply_to=question["id"]
        )
    assert answer.code == "message_deleted"


async def test_deleted_reply_no_longer_tells_what_it_answered(cast: Cast, question: Any) -> None:
    reply = await cast.bob.say(cast.chat_id, "A pulsar", reply_to=question["id"])
    await cast.bob.delete(f"/messages/{reply['id']}")
    assert (await message_of(cast.carol, cast.chat_id, reply["id"]))["reply_to"] is None
