"""Many at once: nothing is lost, nothing is doubled, nothing is out of order."""

import asyncio
import random
from typing import Any

import pytest

from tests.cast import Cast, Visitor
from tests.messages.timeline import page_of
from thespace.core.events import ChatChanged, Event

SENDERS = 64


async def _whole(who: Visitor, chat_id: int) -> list[Any]:
    messages: list[Any] = []
    while True:
        page = await page_of(who, chat_id, after=len(messages))
        if not page["messages"]:
            return messages
        messages += page["messages"]


def _revisions(told: list[Event], chat_id: int) -> list[int]:
    return [event.revision for event in told if isinstance(event, ChatChanged) and event.chat_id == chat_id]


async def test_concurrent_sends_to_one_chat_have_no_gaps(cast: Cast, told: list[Event]) -> None:
    sent = await asyncio.gather(
        *(cast.members[n % 3].say(cast.chat_id, f"number {n}", nonce=f"n{n}") for n in range(SENDERS))
    )
    assert sorted(message["seq"] for message in sent) == [*range(1, SENDERS + 1)]
    assert all(message["seq"] == message["revision"] for message in sent)
    stored = await _whole(cast.carol, cast.chat_id)
    assert sorted(stored, key=lambda m: m["seq"]) == sorted(sent, key=lambda m: m["seq"])
    assert sorted(_revisions(told, cast.chat_id)) == [*range(1, SENDERS + 1)]


async def test_concurrent_sends_across_chats_have_no_gaps(cast: Cast) -> None:
    chats = [cast.chat_id] + [
        (await cast.alice.post(f"/spaces/{cast.space_id}/chats", {"name": f"chat {n}"})).json()["id"]
        for n in range(7)
    ]
    sent = await asyncio.gather(
        *(cast.members[n % 3].say(chats[n % 8], f"number {n}") for n in range(SENDERS))
    )
    for chat_id in chats:
        seqs = sorted(message["seq"] for message in sent if message["chat_id"] == chat_id)
        assert seqs == [*range(1, SENDERS // 8 + 1)]


async def test_retries_that_race_with_the_first_try_store_one_each(cast: Cast, told: list[Event]) -> None:
    answers = await asyncio.gather(
        *(
            cast.bob.post(f"/messages/{cast.chat_id}", {"content": f"number {n}", "nonce": f"n{n}"})
            for n in [*range(16)] * 4
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200] * 48 + [201] * 16
    assert len(await _whole(cast.carol, cast.chat_id)) == 16
    assert _revisions(told, cast.chat_id) == [*range(1, 17)]


@pytest.mark.parametrize("seed", range(3))
async def test_changes_that_race_leave_no_gap_and_no_contradiction(
    cast: Cast, told: list[Event], seed: int
) -> None:
    chance = random.Random(seed)
    messages = [await cast.members[n % 3].say(cast.chat_id, f"number {n}") for n in range(6)]

    def some_change(number: int) -> Any:
        who, message = chance.choice(cast.members), chance.choice(messages)
        return chance.choice(
            (
                lambda: who.post(f"/messages/{cast.chat_id}", {"content": f"more {number}"}),
                lambda: who.patch(f"/messages/{message['id']}", {"content": f"edited {number}"}),
                lambda: who.post(f"/messages/{message['id']}/reaction", {"emoji": chance.choice("👍🎉")}),
                lambda: who.post(f"/messages/{message['id']}/reaction", {"emoji": "👍", "on": True}),
                lambda: who.delete(f"/messages/{message['id']}"),
            )
        )()

    answers = await asyncio.gather(*(some_change(number) for number in range(SENDERS)))
    assert {answer.status_code for answer in answers} <= {200, 201, 204, 403, 409}

    page = await page_of(cast.carol, cast.chat_id)
    assert [message["seq"] for message in page["messages"]] == [*range(1, page["last_seq"] + 1)]
    assert sorted(_revisions(told, cast.chat_id)) == [*range(1, page["revision"] + 1)]
    assert max(message["revision"] for message in page["messages"]) == page["revision"]
    for message in page["messages"]:
        if message["deleted_at"]:
            assert (message["content"], message["reactions"]) == (None, [])
        for reaction in message["reactions"]:
            assert reaction["count"] == len(set(reaction["user_ids"])) > 0


async def test_leaving_and_sending_have_one_order(cast: Cast, told: list[Event]) -> None:
    """Nothing by who has left comes after the event of their leaving."""
    sends = [cast.bob.post(f"/messages/{cast.chat_id}", {"content": f"number {n}"}) for n in range(20)]
    leaving = cast.bob.post(f"/spaces/{cast.space_id}/leave")
    answers = await asyncio.gather(*sends[:10], leaving, *sends[10:])
    assert {answer.status_code for answer in answers} <= {201, 204, 404}
    names = [type(event).__name__ for event in told]
    after = names[names.index("MemberLeft") :]
    assert "MessageSent" not in after
    assert (await page_of(cast.carol, cast.chat_id))["last_seq"] == names.count("MessageSent")
