"""What changed since a revision: the present state of each message, once."""

from typing import Any

import pytest

from tests.cast import Cast
from tests.messages.timeline import page_of


@pytest.fixture
async def history(cast: Cast) -> list[Any]:
    """Six messages; then the second is edited twice, the third deleted, the first reacted to."""
    sent = [await cast.bob.say(cast.chat_id, f"number {number}") for number in range(6)]
    await cast.bob.patch(f"/messages/{sent[1]['id']}", {"content": "edited"})
    await cast.bob.patch(f"/messages/{sent[1]['id']}", {"content": "edited again"})
    await cast.bob.delete(f"/messages/{sent[2]['id']}")
    await cast.carol.post(f"/messages/{sent[0]['id']}/reaction", {"emoji": "👍"})
    return sent


async def _changes(cast: Cast, since: int, **query: int) -> Any:
    answer = await cast.carol.get(f"/messages/{cast.chat_id}/changes", params={"since": since} | query)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.usefixtures("history")
async def test_changes_are_the_present_state_in_the_order_of_revisions(cast: Cast) -> None:
    by_revision = sorted((await page_of(cast.carol, cast.chat_id))["messages"], key=lambda m: m["revision"])
    for since in range(12):
        newer = [message for message in by_revision if message["revision"] > since]
        assert await _changes(cast, since) == {"changes": newer, "revision": 10, "has_more": False}


@pytest.mark.usefixtures("history")
async def test_pages_of_changes_add_up(cast: Cast) -> None:
    whole, since, found, has_more = (await _changes(cast, 3))["changes"], 3, [], True
    while has_more:
        part = await _changes(cast, since, limit=2)
        assert len(part["changes"]) <= 2
        found += part["changes"]
        since, has_more = part["revision"], part["has_more"]
    assert (found, since) == (whole, 10)


async def test_changes_are_refused_for_what_makes_no_sense(cast: Cast) -> None:
    for query, pointer in (
        ("", "/since"),
        ("since=-1", "/since"),
        ("since=x", "/since"),
        (f"since={2**53}", "/since"),
        ("since=0&limit=0", "/limit"),
        ("since=0&limit=501", "/limit"),
    ):
        answer = await cast.carol.get(f"/messages/{cast.chat_id}/changes?{query}")
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer], query
    assert (await cast.carol.get(f"/messages/{cast.chat_id}/changes?since=0&limit=500")).status_code == 200


async def test_only_members_read_changes(cast: Cast) -> None:
    statuses = [
        (await person.get(f"/messages/{cast.chat_id}/changes?since=0")).status_code
        for person in cast.everybody
    ]
    assert statuses == [200, 200, 200, 404, 404]
