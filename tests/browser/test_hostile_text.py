"""Whatever people write is shown as they wrote it or refused; it never runs, and never breaks the layout."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Browse
from tests.browser.history import write_history
from tests.browser.hostile import MARKDOWN, NICKNAMES, PLAIN, REFUSED, REFUSED_NICKNAMES
from tests.browser.person import Person
from tests.browser.site import Site
from tests.cast import PASSWORD, Cast, Visitor
from thespace.chats.commands import create_chat, found_space
from thespace.chats.schemas import NewChat
from thespace.core.ids import SessionId, SpaceId
from thespace.db.unit_of_work import UnitOfWork
from thespace.messages.schemas import NewMessage
from thespace.spaces.schemas import NewSpace, Visibility

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]

CANARY = "globalThis.pwned = () => console.error('A text has become a script.');"
MESSAGES = [(text, text) for text in PLAIN] + MARKDOWN
NAMES = [text for text in PLAIN if len(text) <= 100]
WIDTHS = (1440, 1024, 390)
SHOWN = """(articles) => articles.map((article) => article.querySelector(".message__text")?.textContent)"""
# What scrolls sideways inside a frame of its own, such as code, is at home there.
OVERFLOWING = """() =>
  [document.scrollingElement, ...document.querySelectorAll("main, nav, aside, header, article, [role=log]")]
    .filter((element) => element.checkVisibility() && element.scrollWidth > element.clientWidth + 1)
    .map((element) => `${element.scrollWidth} px is too wide: ${element.outerHTML.slice(0, 300)}`)"""


def folded(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "").strip()


async def expect_no_overflow(person: Person) -> None:
    """Fail with what is wider than its place, at a desk, on a tablet and on a phone."""
    for width in WIDTHS:
        await person.page.set_viewport_size({"width": width, "height": 844})
        found = await person.page.evaluate(OVERFLOWING)
        assert not found, f"at {width} px: {found}"
    await person.page.set_viewport_size({"width": WIDTHS[0], "height": 900})


async def name_all(uow: UnitOfWork, cast: Cast) -> list[int]:
    """Give every name to a chat of the cast's space, and every fifth to a space; return the spaces."""
    actor = cast.alice.actor
    for name in NAMES:
        await create_chat(uow, actor, SpaceId(cast.space_id), NewChat(name=name, topic=name))
    news = [NewSpace(name=name, description=name, visibility=Visibility.PUBLIC) for name in NAMES[::5]]
    return [await found_space(uow, actor, new) for new in news]


async def test_hostile_messages_are_shown_as_written(browse: Browse, site: Site, cast: Cast) -> None:
    texts = [NewMessage(content=source).content for source, _ in MESSAGES]
    await site.application.database.write(write_history, cast.chat_id, [cast.bob.id], texts)
    for text in REFUSED:
        answer = await cast.bob.post(f"/messages/{cast.chat_id}", {"content": text})
        assert answer.status_code == 422, (text, answer.text)
    await cast.alice.post(f"/chats/{cast.chat_id}/read", {"seq": len(MESSAGES)})

    alice = await browse("alice")
    await alice.context.add_init_script(CANARY)
    await alice.open(f"/c/{cast.chat_id}")
    await expect(alice.messages.last).to_be_in_viewport()
    await alice.log.hover()
    while await alice.messages.count() < len(MESSAGES):
        await alice.page.mouse.wheel(0, -2_000)
    shown = await alice.messages.evaluate_all(SHOWN)
    wrong = [
        (source, expected, text)
        for (source, expected), text in zip(MESSAGES, shown, strict=True)
        if folded(text) != folded(expected)
    ]
    assert not wrong
    await expect_no_overflow(alice)


async def test_hostile_messages_are_sent_and_answered_as_written(browse: Browse, cast: Cast) -> None:
    alice = await browse("alice")
    await alice.context.add_init_script(CANARY)
    await alice.open(f"/c/{cast.chat_id}")
    texts = [text for text in PLAIN if 3 < len(text) <= 60][::6]
    for text in texts:
        await alice.write(text)
        await alice.act(alice.messages.filter(has_text=text.strip()).last, "Reply")
    await expect(alice.messages).to_have_count(len(texts))
    page = (await cast.bob.get(f"/messages/{cast.chat_id}")).json()
    assert [folded(message["content"]) for message in page["messages"]] == list(map(folded, texts))


async def test_hostile_names_of_chats_and_spaces_are_shown_as_given(
    browse: Browse, site: Site, cast: Cast
) -> None:
    space_ids = await site.application.database.write(name_all, cast)
    alice = await browse("alice")
    await alice.context.add_init_script(CANARY)
    await alice.open(f"/c/{cast.chat_id}")
    chats = alice.page.get_by_role("navigation", name="Chats of the space", exact=True).get_by_role("link")
    await expect(chats).to_have_count(1 + len(NAMES))
    assert list(map(folded, await chats.all_inner_texts()))[1:] == list(map(folded, NAMES))
    rail = alice.page.get_by_role("navigation", name="Spaces", exact=True).get_by_role("listitem")
    names = list(map(folded, await rail.locator("[dir=auto]").all_text_contents()))
    assert names[1:] == [folded(name) for name in NAMES[::5]]
    await expect_no_overflow(alice)

    mallory = await browse("mallory")
    await mallory.context.add_init_script(CANARY)
    for name, space_id in list(zip(NAMES[::5], space_ids, strict=True))[::4]:
        await mallory.open(f"/s/{space_id}")
        await expect(mallory.page.get_by_role("heading", level=1)).to_have_text(folded(name))
        await expect_no_overflow(mallory)
    for chat in range(3):
        await chats.nth(chat * 30 + 1).click()
        await expect(alice.page.get_by_role("heading", level=1)).to_have_text(folded(NAMES[chat * 30]))


async def test_hostile_names_of_people_are_shown_as_given(browse: Browse, cast: Cast) -> None:
    client = cast.bob.client
    people = [(f"person{number}", name) for number, name in enumerate(NAMES[::4])]
    for nickname, name in people + [(nickname, nickname) for nickname in NICKNAMES]:
        account = {"nickname": nickname, "password": PASSWORD, "display_name": name}
        answer = await client.post("/auth/register", json=account)
        assert answer.status_code == 201, (name, answer.text)
        client.cookies.clear()  # the next one is somebody else
        body = answer.json()
        visitor = Visitor(client, body["user"]["id"], nickname, body["access_token"], SessionId(""))
        await visitor.post(f"/spaces/{cast.space_id}/join")
        await visitor.say(cast.chat_id, f"I am {name}")
    for nickname in REFUSED_NICKNAMES:
        answer = await client.post("/auth/register", json={"nickname": nickname, "password": PASSWORD})
        assert answer.status_code == 422, (nickname, answer.text)

    alice = await browse("alice")
    await alice.context.add_init_script(CANARY)
    await alice.open(f"/c/{cast.chat_id}")
    members = alice.page.get_by_role("complementary", name="Members")
    for nickname, name in people:
        await expect(members.get_by_text(folded(name), exact=True).first).to_be_visible()
        await expect(members.get_by_text(f"@{nickname}", exact=True)).to_be_visible()
    for nickname in NICKNAMES:
        await expect(members.get_by_text(nickname, exact=True).first).to_be_visible()
        await expect(members.get_by_text(f"@{nickname}", exact=True)).to_be_visible()
    await expect_no_overflow(alice)
