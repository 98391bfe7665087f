"""Reactions: one of each emoji and person, shown as counts."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import insert

from tests.cast import Cast
from tests.messages.conftest import Quiet, Withhold
from tests.messages.doors import Door
from tests.messages.timeline import body_of, message_of, names_of
from thespace.accounts.models import User
from thespace.core.clock import now
from thespace.core.events import Audience, Event
from thespace.db.database import Database
from thespace.db.unit_of_work import UnitOfWork
from thespace.messages.models import Reaction
from thespace.spaces.policy import Permission

DISTINCT = [chr(0x1F600 + number) for number in range(31)]


@pytest.fixture
async def message(cast: Cast) -> Any:
    return await cast.bob.say(cast.chat_id, "Look")


async def test_reaction_is_answered_told_and_read(
    door: Door, cast: Cast, message: Any, told: list[Event]
) -> None:
    added = (await door(cast.carol, "add_reaction", message_id=message["id"], emoji="👍", on=True)).data

    body = {
        "chat_id": cast.chat_id,
        "message_id": message["id"],
        "revision": 2,
        "user_id": cast.carol.id,
        "emoji": "👍",
        "count": 1,
        "user_ids": [cast.carol.id],
    }
    assert added == body | {"on": True}
    assert names_of(told) == ["ReactionAdded"]
    assert body_of(told, "ReactionAdded") == body
    assert told[-1].audience == Audience.space(cast.space_id)  # type: ignore[arg-type]
    for reader in cast.members:
        read = await message_of(reader, cast.chat_id, message["id"])
        assert read["revision"] == 2
        assert read["reactions"] == [
            {"emoji": "👍", "count": 1, "user_ids": [cast.carol.id], "mine": reader is cast.carol}
        ]


async def test_reaction_is_taken_back(door: Door, cast: Cast, message: Any, told: list[Event]) -> None:
    await door(cast.carol, "add_reaction", message_id=message["id"], emoji="👍", on=True)
    await door(cast.alice, "add_reaction", message_id=message["id"], emoji="👍", on=True)
    removed = (await door(cast.carol, "add_reaction", message_id=message["id"], emoji="👍", on=False)).data

    assert (removed["on"], removed["count"], removed["user_ids"]) == (False, 1, [cast.alice.id])
    assert body_of(told, "ReactionRemoved") | {"on": False} == removed
    await door(cast.alice, "add_reaction", message_id=message["id"], emoji="👍", on=False)
    read = await message_of(cast.bob, cast.chat_id, message["id"])
    assert (read["reactions"], read["revision"]) == ([], 5)


async def test_without_on_a_reaction_is_toggled(door: Door, cast: Cast, message: Any) -> None:
    states = [
        (await door(cast.carol, "add_reaction", message_id=message["id"], emoji="👍", **more)).data["on"]
        for more in ({}, {}, {"on": None})
    ]
    assert states == [True, False, True]


async def test_reaction_that_is_as_it_shall_be_changes_nothing(
    door: Door, cast: Cast, message: Any, nothing_happens: Quiet
) -> None:
    async with nothing_happens():
        absent = await door(cast.carol, "add_reaction", message_id=message["id"], emoji="👍", on=False)
    assert (absent.data["on"], absent.data["count"], absent.data["revision"]) == (False, 0, 1)
    added = await door(cast.carol, "add_reaction", message_id=message["id"], emoji="👍", on=True)
    async with nothing_happens():
        again = await door(cast.carol, "add_reaction", message_id=message["id"], emoji="👍", on=True)
    assert again.data == added.data


async def test_reactions_are_shown_in_the_order_of_their_first_use(cast: Cast, message: Any) -> None:
    for person, emoji in ((cast.carol, "🎉"), (cast.alice, "👍"), (cast.bob, "🎉"), (cast.alice, "❤️")):
        await person.post(f"/messages/{message['id']}/reaction", {"emoji": emoji, "on": True})
    read = await message_of(cast.bob, cast.chat_id, message["id"])
    assert [(r["emoji"], r["count"], r["user_ids"], r["mine"]) for r in read["reactions"]] == [
        ("🎉", 2, [cast.carol.id, cast.bob.id], True),
        ("👍", 1, [cast.alice.id], False),
        ("❤️", 1, [cast.alice.id], False),
    ]


async def test_only_the_first_twenty_are_named_and_mine_is_always_known(
    cast: Cast, message: Any, database: Database
) -> None:
    async def crowd(uow: UnitOfWork) -> list[int]:
        people = [
            await uow.scalar(
                insert(User).returning(User.id),
                {
                    "nickname": f"fan{number}",
                    "nickname_key": f"fan{number}",
                    "nickname_skeleton": f"fan{number}",
                    "display_name": f"fan{number}",
                    "password_hash": "",
                    "created_at": now(),
                },
            )
            for number in range(25)
        ]
        rows = [
            {"message_id": message["id"], "emoji": "👍", "user_id": user_id, "revision": 0}
            for user_id in people
        ]
        await uow.execute(insert(Reaction), rows)
        return people

    fans = await database.write(crowd)
    added = (await cast.carol.post(f"/messages/{message['id']}/reaction", {"emoji": "👍", "on": True})).json()
    assert (added["count"], added["user_ids"]) == (26, fans[:20])
    for reader in cast.members:
        [shown] = (await message_of(reader, cast.chat_id, message["id"]))["reactions"]
        assert shown == {
            "emoji": "👍",
            "count": 26,
            "user_ids": fans[:20],
            "mine": reader is cast.carol,
        }


async def test_message_has_at_most_thirty_different_reactions(
    door: Door, cast: Cast, message: Any, nothing_happens: Quiet
) -> None:
    for number, emoji in enumerate(DISTINCT[:30]):
        who = cast.members[number % 3]
        assert (await door(who, "add_reaction", message_id=message["id"], emoji=emoji, on=True)).code is None
    async with nothing_happens():
        refused = await door(cast.bob, "add_reaction", message_id=message["id"], emoji=DISTINCT[30], on=True)
    assert (refused.code, refused.problem["params"]) == ("too_many_reactions", {"max_reactions": 30})
    for body in ({"emoji": DISTINCT[0], "on": True}, {"emoji": DISTINCT[1], "on": False}):
        assert (await door(cast.bob, "add_reaction", message_id=message["id"], **body)).code is None
    retried = await door(cast.bob, "add_reaction", message_id=message["id"], emoji=DISTINCT[30], on=True)
    assert retried.data["on"]


EMOJI = {
    "plain": "👍",
    "with a variation selector": "❤️",
    "skin tone": "👍🏽",
    "joined": "👩‍👩‍👧‍👦",
    "joined with skin tones": "👩🏻‍❤️‍💋‍👩🏽",
    "joined with a sign": "🏴‍☠️",
    "flag": "🇺🇦",
    "flag of a part": "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
    "keycap": "1️⃣",
}


async def test_every_kind_of_emoji_is_one_emoji(door: Door, cast: Cast, message: Any) -> None:
    for name, emoji in EMOJI.items():
        answer = await door(cast.carol, "add_reaction", message_id=message["id"], emoji=emoji, on=True)
        assert answer.data is not None, name
        assert answer.data["emoji"] == emoji
    read = await message_of(cast.bob, cast.chat_id, message["id"])
    assert [reaction["emoji"] for reaction in read["reactions"]] == list(EMOJI.values())


NOT_EMOJI = [
    "",
    "a",
    "1",
    "👍👍",
    "👍 ",
    "👍a",
    ":thumbs_up:",
    "x" * 33,
    "\u200d",
    "\ufe0f",
    "a\x00",
    1,
    None,
]


async def test_what_is_not_one_emoji_is_refused(
    door: Door, cast: Cast, message: Any, nothing_happens: Quiet
) -> None:
    async with nothing_happens():
        for text in NOT_EMOJI:
            answer = await door(cast.carol, "add_reaction", message_id=message["id"], emoji=text, on=True)
            assert (answer.code, answer.pointers) == ("invalid", ["/emoji"]), ascii(text)
        on: Any
        for on in ("true", 1, []):
            answer = await door(cast.carol, "add_reaction", message_id=message["id"], emoji="👍", on=on)
            assert (answer.code, answer.pointers) == ("invalid", ["/on"])


async def test_one_emoji_written_in_two_ways_is_one_reaction(cast: Cast, message: Any) -> None:
    for person, emoji in ((cast.carol, "❤"), (cast.bob, "❤️")):
        await person.post(f"/messages/{message['id']}/reaction", {"emoji": emoji, "on": True})
    [reaction] = (await message_of(cast.bob, cast.chat_id, message["id"]))["reactions"]
    assert (reaction["emoji"], reaction["count"]) == ("❤️", 2)


async def test_only_members_react(door: Door, cast: Cast, message: Any, told: list[Event]) -> None:
    codes = {
        person.nickname: (
            await door(person, "add_reaction", message_id=message["id"], emoji="👍", on=True)
        ).code
        for person in cast.everybody
    }
    assert codes == {
        "alice": None,
        "bob": None,
        "carol": None,
        "dave": "not_found",
        "mallory": "not_found",
    }
    assert names_of(told) == ["ReactionAdded"] * 3


async def test_taking_back_needs_no_permission_but_adding_does(
    door: Door, cast: Cast, message: Any, withhold: Withhold, nothing_happens: Quiet
) -> None:
    await door(cast.carol, "add_reaction", message_id=message["id"], emoji="👍", on=True)
    await withhold(Permission.ADD_REACTIONS)
    async with nothing_happens():
        for body in ({"emoji": "🎉", "on": True}, {"emoji": "🎉"}):
            answer = await door(cast.carol, "add_reaction", message_id=message["id"], **body)
            assert (answer.code, answer.problem["params"]) == (
                "forbidden",
                {"permission": "add_reactions"},
            )
    taken = await door(cast.carol, "add_reaction", message_id=message["id"], emoji="👍", on=False)
    assert taken.data["on"] is False
    owners = await door(cast.alice, "add_reaction", message_id=message["id"], emoji="👍", on=True)
    assert owners.data["on"] is True


async def test_tombstone_takes_no_reactions(
    door: Door, cast: Cast, message: Any, nothing_happens: Quiet
) -> None:
    await door(cast.carol, "add_reaction", message_id=message["id"], emoji="👍", on=True)
    await cast.bob.delete(f"/messages/{message['id']}")
    async with nothing_happens():
        for on in (True, False):
            answer = await door(cast.carol, "add_reaction", message_id=message["id"], emoji="👍", on=on)
            assert answer.code == "message_deleted"


async def test_concurrent_reactions_of_one_person_are_one(
    door: Door, cast: Cast, message: Any, told: list[Event]
) -> None:
    await door(cast.carol, "mark_read", chat_id=cast.chat_id, seq=0)  # its socket is open
    told.clear()
    answers = await asyncio.gather(
        *(door(cast.carol, "add_reaction", message_id=message["id"], emoji="👍", on=True) for _ in range(8))
    )
    assert [(answer.data["on"], answer.data["count"]) for answer in answers] == [(True, 1)] * 8
    assert names_of(told) == ["ReactionAdded"]
