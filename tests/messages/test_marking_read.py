"""Read markers: they only rise, and only their reader hears of them."""

import asyncio
from typing import Any

import pytest

from tests.cast import Cast, Visitor
from tests.messages.conftest import Quiet
from tests.messages.doors import Door
from tests.messages.timeline import body_of, names_of
from thespace.core.events import Audience, Event
from thespace.messages.reading import MAX_COUNTED


@pytest.fixture
async def history(cast: Cast) -> list[Any]:
    return [await cast.alice.say(cast.chat_id, f"number {number}") for number in range(5)]


async def _card(who: Visitor, cast: Cast) -> tuple[int, int]:
    [chat] = (await who.get(f"/spaces/{cast.space_id}/chats")).json()["items"]
    return chat["read_seq"], chat["unread"]


@pytest.mark.usefixtures("history")
async def test_marker_rises_and_is_told_to_its_reader(door: Door, cast: Cast, told: list[Event]) -> None:
    assert await _card(cast.carol, cast) == (0, 5)
    marker = (await door(cast.carol, "mark_read", chat_id=cast.chat_id, seq=3)).data

    assert marker == {"chat_id": cast.chat_id, "seq": 3, "n": marker["n"], "unread": 2}
    assert names_of(told) == ["ReadMarkerMoved"]
    assert body_of(told, "ReadMarkerMoved") == marker
    assert told[-1].audience == Audience.user(cast.carol.id)
    assert await _card(cast.carol, cast) == (3, 2)
    further = (await door(cast.carol, "mark_read", chat_id=cast.chat_id, seq=4)).data
    assert (further["n"], further["unread"]) == (marker["n"] + 1, 1)


@pytest.mark.usefixtures("history")
async def test_marker_never_goes_back_and_stays_where_it_is(
    door: Door, cast: Cast, nothing_happens: Quiet
) -> None:
    marker = (await door(cast.carol, "mark_read", chat_id=cast.chat_id, seq=3)).data
    async with nothing_happens():
        for seq in (3, 2, 0):
            assert (await door(cast.carol, "mark_read", chat_id=cast.chat_id, seq=seq)).data == marker


@pytest.mark.usefixtures("history")
async def test_marker_does_not_pass_the_newest_message(door: Door, cast: Cast) -> None:
    marker = (await door(cast.carol, "mark_read", chat_id=cast.chat_id, seq=2**53 - 1)).data
    assert (marker["seq"], marker["unread"]) == (5, 0)
    await cast.alice.say(cast.chat_id, "One more")
    assert await _card(cast.carol, cast) == (5, 1)


async def test_own_and_deleted_messages_are_not_unread(cast: Cast, history: list[Any]) -> None:
    await cast.alice.delete(f"/messages/{history[1]['id']}")
    assert await _card(cast.carol, cast) == (0, 4)
    assert await _card(cast.alice, cast) == (5, 0)
    await cast.carol.say(cast.chat_id, "I read it all")
    assert await _card(cast.carol, cast) == (6, 0)
    assert await _card(cast.alice, cast) == (5, 1)


async def test_count_stops_at_a_hundred(cast: Cast) -> None:
    await asyncio.gather(*(cast.alice.say(cast.chat_id, f"number {n}") for n in range(MAX_COUNTED + 2)))
    assert await _card(cast.carol, cast) == (0, MAX_COUNTED)
    marker = (await cast.carol.post(f"/chats/{cast.chat_id}/read", {"seq": 1})).json()
    assert marker["unread"] == MAX_COUNTED


@pytest.mark.usefixtures("history")
async def test_who_joins_begins_to_read_at_the_end(cast: Cast) -> None:
    assert (await cast.mallory.post(f"/spaces/{cast.space_id}/join")).status_code == 200
    assert await _card(cast.mallory, cast) == (5, 0)
    await cast.alice.say(cast.chat_id, "Welcome")
    assert await _card(cast.mallory, cast) == (5, 1)


@pytest.mark.usefixtures("history")
async def test_only_members_mark_as_read(door: Door, cast: Cast, told: list[Event]) -> None:
    codes = {
        person.nickname: (await door(person, "mark_read", chat_id=cast.chat_id, seq=1)).code
        for person in cast.everybody
    }
    assert codes == {
        "alice": None,
        "bob": None,
        "carol": None,
        "dave": "not_found",
        "mallory": "not_found",
    }
    assert names_of(told) == ["ReadMarkerMoved"] * 2  # alice had read what she wrote


@pytest.mark.usefixtures("history")
async def test_malformed_markers_change_nothing(door: Door, cast: Cast, nothing_happens: Quiet) -> None:
    async with nothing_happens():
        for seq in (-1, 2**53, "3", 3.0, True, None):
            answer = await door(cast.carol, "mark_read", chat_id=cast.chat_id, seq=seq)
            assert (answer.code, answer.pointers) == ("invalid", ["/seq"])
    assert await _card(cast.carol, cast) == (0, 5)
