"""A COMMIT that happened, and whose answer was lost: stored once, answered as new, told once."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.cast import Cast
from tests.conftest import ON_POSTGRESQL, SECRET
from tests.messages.timeline import body_of, message_of, names_of
from tests.torture.audit import audit
from tests.torture.faults import LostAnswers, Proxy
from thespace.accounts.passwords import Passwords
from thespace.app import Application
from thespace.core.events import Event
from thespace.core.ids import ChatId, MessageId
from thespace.messages.errors import NonceReused
from thespace.messages.events import MessageSent
from thespace.messages.schemas import Duplicate, MessageOut, NewMessage, NewReaction
from thespace.settings import Settings

WAYS = ["patched", "proxy"] if ON_POSTGRESQL else ["patched"]
Losing = LostAnswers | Proxy


@pytest.fixture(params=WAYS)
async def losing(request: pytest.FixtureRequest, settings: Settings) -> AsyncIterator[Losing]:
    """What loses answers: the dialect, or the wire."""
    if request.param == "patched":
        yield LostAnswers()
        return
    proxy = Proxy(settings.sqlalchemy_url)
    async with proxy.running() as url:
        settings.database_url = url.set(drivername="postgresql").render_as_string(hide_password=False)
        yield proxy


@pytest.fixture
async def application(settings: Settings, losing: Losing) -> AsyncIterator[Application]:
    """The application, behind what loses answers."""
    application = Application(settings, SECRET, passwords=Passwords(rounds=4))
    async with application.running():
        if isinstance(losing, LostAnswers):
            losing.attach(application.database)
        yield application


async def said(cast: Cast, content: str = "Hello") -> MessageId:
    return MessageId((await cast.bob.say(cast.chat_id, content))["id"])


@pytest.mark.parametrize("times", [1, 3])
async def test_a_message_is_stored_once_and_new(
    application: Application, cast: Cast, told: list[Event], losing: Losing, times: int
) -> None:
    losing.count = times
    answer = await application.batcher.send(cast.bob.actor, ChatId(cast.chat_id), NewMessage(content="Hello"))
    assert losing.lost == times
    assert isinstance(answer, MessageOut)
    assert (await audit(application.database, cast.chat_id)).contents == ["Hello"]
    assert [event.body for event in told if isinstance(event, MessageSent)] == [answer]


async def test_many_at_once_are_stored_once_each_and_told_in_order(
    application: Application, cast: Cast, told: list[Event], losing: Losing
) -> None:
    async def send(number: int) -> MessageOut | Duplicate:
        author = cast.members[number % 3].actor
        return await application.batcher.send(
            author, ChatId(cast.chat_id), NewMessage(content=f"{number}", nonce=f"{number}")
        )

    losing.count = 2
    answers = await asyncio.gather(*(send(number) for number in range(300)))
    assert losing.lost == 2
    assert all(isinstance(answer, MessageOut) for answer in answers)
    stored = await audit(application.database, cast.chat_id)
    assert sorted(map(int, filter(None, stored.contents))) == list(range(300))
    sent = [event.revision for event in told if isinstance(event, MessageSent)]
    assert sent == list(range(1, 301))


async def test_of_those_with_one_nonce_one_is_new(
    application: Application, cast: Cast, told: list[Event], losing: Losing
) -> None:
    async def send(content: str) -> MessageOut | Duplicate:
        new = NewMessage(content=content, nonce="once")
        return await application.batcher.send(cast.bob.actor, ChatId(cast.chat_id), new)

    losing.count = 1
    answers = await asyncio.gather(*map(send, ["Hello", "Hello", "Other", "Hello"]), return_exceptions=True)
    assert losing.lost == 1
    assert [type(answer) for answer in answers] == [MessageOut, Duplicate, NonceReused, Duplicate]
    assert (await audit(application.database, cast.chat_id)).contents == ["Hello"]
    assert len([event for event in told if isinstance(event, MessageSent)]) == 1


async def test_what_was_stored_long_ago_stays_a_duplicate(
    application: Application, cast: Cast, told: list[Event], losing: Losing
) -> None:
    first = await cast.bob.say(cast.chat_id, "Hello", nonce="once")
    told.clear()
    losing.count = 1
    again = await cast.bob.post(f"/messages/{cast.chat_id}", {"content": "Hello", "nonce": "once"})
    assert losing.lost == 1
    assert (again.status_code, again.json()["id"]) == (200, first["id"])
    assert not told


async def test_an_edit_keeps_one_earlier_version(
    application: Application, cast: Cast, told: list[Event], losing: Losing
) -> None:
    message_id = await said(cast)
    told.clear()
    losing.count = 1
    answer = await cast.bob.patch(f"/messages/{message_id}", {"content": "Better"})
    assert losing.lost == 1
    assert answer.json() == await message_of(cast.bob, cast.chat_id, message_id)
    stored = await audit(application.database, cast.chat_id)
    assert (stored.contents, stored.revision, stored.versions[message_id]) == (["Better"], 2, 1)
    assert names_of(told) == ["MessageEdited"]


async def test_a_deletion_leaves_one_tombstone(
    application: Application, cast: Cast, told: list[Event], losing: Losing
) -> None:
    message_id = await said(cast)
    told.clear()
    losing.count = 1
    assert (await cast.bob.delete(f"/messages/{message_id}")).status_code == 204
    assert losing.lost == 1
    stored = await audit(application.database, cast.chat_id)
    assert (stored.contents, stored.revision) == ([None], 2)
    assert body_of(told, "MessageDeleted")["revision"] == 2


async def test_a_toggle_is_not_undone_by_its_repetition(
    application: Application, cast: Cast, told: list[Event], losing: Losing
) -> None:
    message_id = await said(cast)
    for revision, is_on, name in ((2, True, "ReactionAdded"), (3, False, "ReactionRemoved")):
        told.clear()
        losing.count = 1
        result = await application.batcher.react(cast.carol.actor, message_id, NewReaction(emoji="👍"))
        assert (result.on, result.count, result.revision) == (is_on, int(is_on), revision)
        assert body_of(told, name)["revision"] == revision
    assert losing.lost == 2
    assert (await audit(application.database, cast.chat_id)).revision == 3
