"""Pages: by seq, ascending, with tombstones, whole at every edge."""

from typing import Any

import pytest

from tests.cast import Cast, Visitor
from tests.messages.timeline import page_of

COUNT = 12


@pytest.fixture
async def history(cast: Cast) -> list[Any]:
    """Twelve messages, the fifth of them deleted."""
    sent = [await cast.bob.say(cast.chat_id, f"number {number}") for number in range(1, COUNT + 1)]
    await cast.bob.delete(f"/messages/{sent[4]['id']}")
    return sent


async def _seqs(who: Visitor, chat_id: int, **query: int) -> list[int]:
    page = await page_of(who, chat_id, **query)
    assert (page["revision"], page["last_seq"]) == (COUNT + 1, COUNT)
    return [message["seq"] for message in page["messages"]]


@pytest.mark.usefixtures("history")
async def test_pages_lie_where_they_were_asked_for(cast: Cast) -> None:
    expected: list[tuple[dict[str, int], list[int]]] = [
        ({}, [*range(1, 13)]),
        ({"limit": 3}, [10, 11, 12]),
        ({"before": 10, "limit": 3}, [7, 8, 9]),
        ({"before": 3, "limit": 5}, [1, 2]),
        ({"before": 1}, []),
        ({"before": 0}, []),
        ({"before": 13, "limit": 2}, [11, 12]),
        ({"before": 2**53 - 1, "limit": 2}, [11, 12]),
        ({"after": 0, "limit": 3}, [1, 2, 3]),
        ({"after": 5, "limit": 3}, [6, 7, 8]),
        ({"after": 11, "limit": 3}, [12]),
        ({"after": 12}, []),
        ({"after": 2**53 - 1}, []),
        ({"around": 6, "limit": 1}, [6]),
        ({"around": 6, "limit": 2}, [6, 7]),
        ({"around": 6, "limit": 3}, [5, 6, 7]),
        ({"around": 6, "limit": 4}, [5, 6, 7, 8]),
        ({"around": 1, "limit": 5}, [1, 2, 3, 4, 5]),
        ({"around": 0, "limit": 5}, [1, 2, 3, 4, 5]),
        ({"around": 12, "limit": 5}, [8, 9, 10, 11, 12]),
        ({"around": 2**53 - 1, "limit": 5}, [8, 9, 10, 11, 12]),
        ({"around": 6, "limit": 100}, [*range(1, 13)]),
    ]
    found = [(query, await _seqs(cast.carol, cast.chat_id, **query)) for query, _ in expected]
    assert found == expected


async def test_tombstones_are_part_of_the_history(cast: Cast, history: list[Any]) -> None:
    [tombstone] = (await page_of(cast.carol, cast.chat_id, around=5, limit=1))["messages"]
    assert tombstone["id"] == history[4]["id"]
    assert tombstone["deleted_at"] is not None
    assert tombstone["content"] is None


async def test_empty_chat_has_an_empty_page(cast: Cast) -> None:
    for query in ({}, {"before": 5}, {"after": 0}, {"around": 3}):
        assert await page_of(cast.carol, cast.chat_id, **query) == {
            "messages": [],
            "revision": 0,
            "last_seq": 0,
        }


@pytest.mark.usefixtures("history")
async def test_thirty_messages_are_the_usual_page(cast: Cast) -> None:
    for number in range(25):
        await cast.bob.say(cast.chat_id, f"more {number}")
    page = (await cast.carol.get(f"/messages/{cast.chat_id}")).json()
    assert [message["seq"] for message in page["messages"]] == [*range(8, 38)]


async def test_page_is_refused_for_what_makes_no_sense(cast: Cast) -> None:
    for query, pointer in (
        ("limit=0", "/limit"),
        ("limit=101", "/limit"),
        ("limit=x", "/limit"),
        ("before=-1", "/before"),
        ("after=1.5", "/after"),
        (f"around={2**53}", "/around"),
        (f"before={10**30}", "/before"),
        ("before=5&after=3", "/before"),
        ("before=5&around=3", "/before"),
        ("after=5&around=3", "/before"),
        ("before=1&after=2&around=3", "/before"),
    ):
        answer = await cast.carol.get(f"/messages/{cast.chat_id}?{query}")
        problem = answer.json()
        assert (answer.status_code, problem["code"]) == (422, "invalid"), query
        assert [error["pointer"] for error in problem["errors"]] == [pointer], query
    assert (await cast.carol.get(f"/messages/{cast.chat_id}?limit=100&before=5")).status_code == 200


async def test_only_members_read_pages(cast: Cast, history: list[Any]) -> None:
    answers = {person.nickname: await person.get(f"/messages/{cast.chat_id}") for person in cast.everybody}
    assert {name: answer.status_code for name, answer in answers.items()} == {
        "alice": 200,
        "bob": 200,
        "carol": 200,
        "dave": 404,
        "mallory": 404,
    }
    assert len(answers["carol"].json()["messages"]) == len(history)
    unknown = await cast.mallory.get(f"/messages/{10**9}")
    assert answers["mallory"].json() | {"request_id": ""} == unknown.json() | {"request_id": ""}


async def test_reading_needs_a_token(cast: Cast) -> None:
    answer = await cast.bob.client.get(f"/messages/{cast.chat_id}")
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
