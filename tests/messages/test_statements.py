"""What the hot paths ask of the database does not grow with the history."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from tests.cast import Cast
from tests.statements import StatementLog

SMALL, LARGE = 2, 25


async def _tell_stories(cast: Cast, count: int) -> list[Any]:
    """Write messages, each a reply to the first, with reactions by everybody."""
    told = [await cast.alice.say(cast.chat_id, "first")]
    replies = [{"content": f"number {number}", "reply_to": told[0]["id"]} for number in range(count)]
    told += await asyncio.gather(*(cast.bob.say(cast.chat_id, **reply) for reply in replies))
    await asyncio.gather(
        *(
            person.post(f"/messages/{message['id']}/reaction", {"emoji": "👍", "on": True})
            for person in cast.members
            for message in told
        )
    )
    return told


async def _count(statements: StatementLog, request: Awaitable[Any]) -> int:
    statements.clear()
    answer = await request
    assert answer.is_success, answer.text
    return len(statements)


ACTIONS: dict[str, Callable[[Cast, Any], Awaitable[Any]]] = {
    "page": lambda cast, _: cast.carol.get(f"/messages/{cast.chat_id}?limit=100"),
    "changes": lambda cast, _: cast.carol.get(f"/messages/{cast.chat_id}/changes?since=0"),
    "send": lambda cast, _: cast.carol.post(f"/messages/{cast.chat_id}", {"content": "a"}),
    "reply": lambda cast, m: cast.carol.post(
        f"/messages/{cast.chat_id}", {"content": "a", "reply_to": m["id"]}
    ),
    "edit": lambda cast, m: cast.bob.patch(f"/messages/{m['id']}", {"content": f"{m['id']} edited"}),
    "react": lambda cast, m: cast.bob.post(f"/messages/{m['id']}/reaction", {"emoji": "🎉"}),
    "mark read": lambda cast, m: cast.alice.post(f"/chats/{cast.chat_id}/read", {"seq": m["seq"]}),
    "delete": lambda cast, m: cast.bob.delete(f"/messages/{m['id']}"),
}
AUTHENTICATION = 1
MOST = {"page": 3, "changes": 3, "send": 8, "reply": 9, "edit": 9, "react": 10, "mark read": 5, "delete": 10}


async def test_statements_do_not_grow_with_the_history(cast: Cast, statements: StatementLog) -> None:
    counts = []
    for size in (SMALL, LARGE):
        stories = await _tell_stories(cast, size)
        counts.append(
            {name: await _count(statements, action(cast, stories[-1])) for name, action in ACTIONS.items()}
        )
    small, large = counts
    assert small == large
    assert {name: count for name, count in large.items() if count - AUTHENTICATION > MOST[name]} == {}


async def test_messages_that_wait_together_share_their_statements(
    cast: Cast, statements: StatementLog
) -> None:
    await asyncio.gather(*(cast.bob.say(cast.chat_id, f"number {number}") for number in range(40)))
    writes = [text for text in statements.statements if "INSERT INTO messages" in text]
    assert 1 <= len(writes) < 40
