"""axe finds nothing on any screen, light or dark."""

from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Browse
from tests.browser.person import Person
from tests.browser.test_phone import PHONE
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
RUN = """async () => {
  // What is fading in has not got its colours yet.
  await Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {})));
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const { violations } = await axe.run(document, { runOnly: tags });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`));
}"""
Theme = Literal["light", "dark"]
in_both_themes = pytest.mark.parametrize("theme", ["light", "dark"])


@cache
def axe_source() -> str:
    return AXE.read_text()


async def check(person: Person) -> None:
    """Fail with everything axe finds on the page as it is."""
    await person.page.mouse.move(0, 0)
    found = await person.page.evaluate(RUN)
    assert not found, f"{person.page.url}:\n" + "\n".join(found)


async def prepare(person: Person) -> Person:
    """Have axe on every page; what is injected like this needs no weaker policy."""
    await person.context.add_init_script(axe_source())
    return person


@in_both_themes
async def test_the_screens_without_a_session_are_accessible(browse: Browse, theme: Theme) -> None:
    visitor = await prepare(await browse(color_scheme=theme))
    await visitor.open()
    await expect(visitor.page.get_by_role("heading", name="Welcome back")).to_be_visible()
    await check(visitor)
    await visitor.button("Create an account").click()
    visitor.watch.accept_refusal("/auth/register", 422)
    await visitor.page.get_by_label("Nickname", exact=True).fill("a!")
    await visitor.page.get_by_label("Password", exact=True).fill("short")
    await visitor.button("Create the account").click()
    await expect(visitor.page.get_by_role("alert").first).to_be_visible()
    await check(visitor)


@in_both_themes
async def test_the_way_to_the_first_space_is_accessible(browse: Browse, cast: Cast, theme: Theme) -> None:
    mallory = await prepare(await browse("mallory", color_scheme=theme))
    page = mallory.page
    await mallory.open()
    await expect(page.get_by_role("heading", name="A place for your people")).to_be_visible()
    await check(mallory)
    await mallory.open(f"/s/{cast.space_id}")
    await expect(mallory.button("Join the space")).to_be_visible()
    await check(mallory)
    await mallory.button("Create a space").first.click()
    await check(mallory)
    await page.get_by_role("dialog").get_by_label("Name of the space").fill("Kitchen")
    await page.get_by_role("dialog").get_by_role("button", name="Create").click()
    await expect(page.get_by_role("dialog").get_by_label("Link to the space")).to_be_visible()
    await check(mallory)
    await page.get_by_role("dialog").get_by_role("button", name="Done").click()
    await expect(page.get_by_text("#general is still quiet")).to_be_visible()
    await check(mallory)
    await mallory.open("/settings/nothing")
    await expect(page.get_by_role("heading", name="Nothing here")).to_be_visible()
    await check(mallory)


async def fill_chat(cast: Cast) -> None:
    """Leave one of everything in the chat."""
    question = await cast.bob.say(cast.chat_id, "Which *filter*? See https://example.org")
    for content in (
        "- a list\n- of two",
        "> quoted\n\n`code`",
        "```python\nprint('hello')\n```",
        "**bold** ~~no~~",
    ):
        await cast.carol.say(cast.chat_id, content)
    mine = await cast.alice.say(cast.chat_id, "A red one.", reply_to=question["id"])
    await cast.alice.patch(f"/messages/{mine['id']}", {"content": "A deep red one."})
    for person in (cast.bob, cast.alice):
        await person.post(f"/messages/{mine['id']}/reaction", {"emoji": "👍"})
    gone = await cast.bob.say(cast.chat_id, "Never mind.")
    await cast.bob.delete(f"/messages/{gone['id']}")


@in_both_themes
async def test_a_chat_and_everything_over_it_is_accessible(browse: Browse, cast: Cast, theme: Theme) -> None:
    await fill_chat(cast)
    alice = await prepare(await browse("alice", color_scheme=theme))
    page = alice.page
    await alice.open(f"/c/{cast.chat_id}")
    await alice.sees("A deep red one.")
    await expect(page.get_by_text("@carol")).to_be_visible()
    await check(alice)

    red = alice.message("A deep red one.")
    over: list[tuple[str, Callable[[], Awaitable[None]]]] = [
        ("menu", lambda: red.click(button="right")),
        ("dialog", lambda: red.get_by_role("button", name="(edited)").click()),
        ("menu", lambda: alice.button("Observatory").click()),
        ("dialog", lambda: alice.button("Emoji").click()),
        ("dialog", lambda: alice.button("New chat").click()),
    ]
    for role, show in over:
        await show()
        await expect(page.get_by_role(role)).to_be_visible()  # type: ignore[arg-type]
        await check(alice)
        await page.keyboard.press("Escape")
        await expect(page.get_by_role(role)).to_have_count(0)  # type: ignore[arg-type]
    await alice.button("Manage the chat").click()
    await alice.choose("Delete the chat")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await check(alice)
    await page.keyboard.press("Escape")

    await alice.act(red, "Reply")
    await red.hover()
    await alice.composer.press("ArrowUp")
    await expect(alice.log.get_by_role("textbox", name="Edit")).to_be_visible()
    await check(alice)


@in_both_themes
async def test_the_settings_are_accessible(browse: Browse, cast: Cast, theme: Theme) -> None:
    alice = await prepare(await browse("alice", color_scheme=theme))
    await alice.open("/settings/appearance")
    await expect(alice.page.get_by_role("radio", name="System")).to_be_checked()
    await check(alice)
    await alice.open("/settings/sessions")
    await expect(alice.page.get_by_text("This device")).to_be_visible()
    await check(alice)


@in_both_themes
async def test_a_phone_is_accessible(browse: Browse, cast: Cast, theme: Theme) -> None:
    await fill_chat(cast)
    alice = await prepare(await browse("alice", color_scheme=theme, **PHONE))
    await alice.open(f"/c/{cast.chat_id}")
    await alice.sees("A deep red one.")
    await check(alice)
    await alice.button("Members").tap()
    await expect(alice.page.get_by_text("@carol")).to_be_visible()
    await check(alice)
    await alice.button("Back to the chat").tap()
    await alice.button("Back to the list").tap()
    await expect(alice.chat_link("general")).to_be_visible()
    await check(alice)
