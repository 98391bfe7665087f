"""A phone shows one panel at a time; on a tablet the members lie over the chat."""

from typing import Any

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import Browse
from tests.browser.person import Person
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


async def expect_only(person: Person, panel: str) -> None:
    """Wait until one panel is shown and the others are not, and nothing is wider than the screen."""
    panels: dict[str, Locator] = {
        "list": person.page.get_by_role("navigation", name="Chats of the space", exact=True),
        "chat": person.composer,
        "members": person.page.get_by_role("main", name="Members"),
    }
    for name, locator in panels.items():
        await expect(locator).to_be_visible(visible=name == panel)
    overflow = await person.page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
    assert overflow <= 0


async def test_a_phone_leads_from_the_list_to_a_chat_to_the_members_and_back(
    browse: Browse, cast: Cast
) -> None:
    await cast.alice.post(f"/spaces/{cast.space_id}/chats", {"name": "lenses"})
    bob = await browse("bob", **PHONE)
    await bob.open(f"/c/{cast.chat_id}")
    await expect_only(bob, "chat")
    await bob.button("Back to the list").tap()
    await expect_only(bob, "list")
    await bob.chat_link("lenses").tap()
    await expect_only(bob, "chat")
    await expect(bob.page.get_by_role("heading", name="lenses", exact=True)).to_be_visible()
    await bob.button("Back to the list").tap()
    await bob.chat_link("lenses").tap()
    await expect_only(bob, "chat")
    await bob.button("Members").tap()
    await expect_only(bob, "members")
    await expect(bob.page.get_by_text("@alice")).to_be_visible()
    await bob.button("Back to the chat").tap()
    await expect_only(bob, "chat")
    await bob.page.go_back()
    await expect(bob.page.get_by_role("heading", name="general", exact=True)).to_be_visible()
    await expect_only(bob, "chat")


async def test_a_phone_writes_lines_with_enter_and_sends_with_the_button(browse: Browse, cast: Cast) -> None:
    bob = await browse("bob", **PHONE)
    await bob.open(f"/c/{cast.chat_id}")
    await bob.composer.tap()
    await bob.composer.press_sequentially("one line")
    await bob.composer.press("Enter")
    await bob.composer.press_sequentially("and another")
    await expect(bob.messages).to_have_count(0)
    await bob.button("Send").tap()
    await bob.sees("one line and another")
    await expect_only(bob, "chat")


async def test_the_settings_of_a_phone_are_a_list_first(browse: Browse, cast: Cast) -> None:
    bob = await browse("bob", **PHONE)
    await bob.open(f"/c/{cast.chat_id}")
    await bob.button("Back to the list").tap()
    await bob.page.get_by_role("link", name="Settings").tap()
    await bob.page.get_by_role("link", name="Appearance").tap()
    await bob.page.get_by_role("radio", name="Dark").tap()
    await expect(bob.page.locator("html")).to_have_attribute("data-theme", "dark")
    await bob.page.get_by_role("link", name="Back", exact=True).tap()
    await bob.page.get_by_role("link", name="Back to the chats").tap()
    await expect_only(bob, "chat")


async def test_a_tablet_shows_the_members_over_the_chat_and_lets_them_go(browse: Browse, cast: Cast) -> None:
    bob = await browse("bob", viewport={"width": 1024, "height": 768})
    await bob.open(f"/c/{cast.chat_id}")
    await expect(bob.composer).to_be_visible()
    members = bob.page.get_by_role("complementary", name="Members")
    await expect(members).to_be_hidden()
    await bob.button("Members").click()
    await expect(members.get_by_text("@alice")).to_be_visible()
    await bob.button("Back to the chat").click()
    await expect(members).to_be_hidden()
