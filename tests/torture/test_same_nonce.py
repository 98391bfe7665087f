"""One nonce, many callers at once: stored once, and one of them is told that it is new."""

import asyncio
from collections import Counter

from tests.cast import Cast
from tests.torture.audit import audit
from thespace.app import Application
from thespace.core.actor import Actor
from thespace.core.errors import DomainError
from thespace.core.events import Event
from thespace.core.ids import ChatId
from thespace.messages.events import MessageSent
from thespace.messages.schemas import NewMessage

CALLERS = 64


async def tell(application: Application, actor: Actor, chat_id: int, content: str) -> str:
    """Send with the one nonce and return what came of it."""
    new = NewMessage(content=content, nonce="the one")
    try:
        answer = await application.batcher.send(actor, ChatId(chat_id), new)
    except DomainError as refusal:
        return type(refusal).__name__
    return type(answer).__name__


async def test_in_one_process(application: Application, cast: Cast, told: list[Event]) -> None:
    answers = await asyncio.gather(
        *(tell(application, cast.bob.actor, cast.chat_id, "Hello") for _ in range(CALLERS))
    )
    assert Counter(answers) == {"MessageOut": 1, "Duplicate": CALLERS - 1}
    assert (await audit(application.database, cast.chat_id)).contents == ["Hello"]
    assert len([event for event in told if isinstance(event, MessageSent)]) == 1


async def test_in_one_process_with_bodies_that_differ(application: Application, cast: Cast) -> None:
    contents = [f"{number % 4}" for number in range(CALLERS)]
    answers = await asyncio.gather(
        *(tell(application, cast.bob.actor, cast.chat_id, content) for content in contents)
    )
    [stored] = (await audit(application.database, cast.chat_id)).contents
    of_stored = [answer for answer, content in zip(answers, contents, strict=True) if content == stored]
    of_others = [answer for answer, content in zip(answers, contents, strict=True) if content != stored]
    assert Counter(of_stored) == {"MessageOut": 1, "Duplicate": CALLERS // 4 - 1}
    assert set(of_others) == {"NonceReused"}


async def test_nonces_of_different_people_and_chats_are_different(
    application: Application, cast: Cast
) -> None:
    other = (await cast.alice.post(f"/spaces/{cast.space_id}/chats", {"name": "other"})).json()
    answers = await asyncio.gather(
        *(
            tell(application, person.actor, chat_id, "Hello")
            for person in cast.members
            for chat_id in (cast.chat_id, other["id"])
        )
    )
    assert answers == ["MessageOut"] * 6
