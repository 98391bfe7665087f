"""Everything without a mouse."""

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import Browse
from tests.browser.person import Person
from tests.cast import PASSWORD, Cast

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]

IS_FOCUSED = "(element) => element === document.activeElement"
MOST_STOPS = 40


async def tab_to(person: Person, target: Locator, key: str = "Tab") -> None:
    """Press Tab until the focus is where it shall be."""
    for _ in range(MOST_STOPS):
        if await target.evaluate(IS_FOCUSED):
            return
        await person.page.keyboard.press(key)
    raise AssertionError(f"{target} is out of reach of {key}")


async def test_one_signs_in_writes_and_edits_without_a_mouse(browse: Browse, cast: Cast) -> None:
    alice = await browse()
    keyboard = alice.page.keyboard
    await alice.open()
    await expect(alice.page.get_by_label("Nickname or e-mail")).to_be_focused()
    await keyboard.type("alice")
    await keyboard.press("Tab")
    await keyboard.type(PASSWORD)
    await keyboard.press("Enter")
    await expect(alice.composer).to_be_focused()
    await keyboard.type("Teh moon is up.")
    await keyboard.press("Enter")
    await alice.sees("Teh moon is up.")
    await expect(alice.composer).to_be_focused()

    await keyboard.press("ArrowUp")
    field = alice.log.get_by_role("textbox", name="Edit")
    await expect(field).to_be_focused()
    await keyboard.press("Escape")
    await expect(field).to_be_hidden()
    await expect(alice.composer).to_be_focused()
    await keyboard.press("ArrowUp")
    await expect(field).to_be_focused()
    await keyboard.press("Home")
    for _ in range(3):
        await keyboard.press("Delete")
    await keyboard.type("The")
    await keyboard.press("Enter")
    await alice.sees("The moon is up. (edited)")
    await expect(alice.composer).to_be_focused()

    await keyboard.type("two")
    await keyboard.press("Shift+Enter")
    await keyboard.type("lines")
    await expect(alice.composer).to_have_value("two\nlines")
    await keyboard.press("Enter")
    await alice.sees("two lines")


async def test_a_dialog_keeps_the_focus_and_gives_it_back(browse: Browse, cast: Cast) -> None:
    alice = await browse("alice")
    keyboard = alice.page.keyboard
    await alice.open(f"/c/{cast.chat_id}")
    await expect(alice.composer).to_be_focused()
    opener = alice.button("New chat")
    await tab_to(alice, opener, "Shift+Tab")
    await keyboard.press("Enter")
    dialog = alice.page.get_by_role("dialog", name="New chat")
    await expect(dialog.get_by_label("Name of the chat")).to_be_focused()
    for _ in range(8):
        await keyboard.press("Tab")
        is_outside = await alice.page.evaluate(
            "!document.activeElement.closest('dialog') && document.activeElement !== document.body"
        )
        assert not is_outside
    await keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await expect(opener).to_be_focused()

    await keyboard.press("Enter")
    await keyboard.type("lenses")
    await keyboard.press("Enter")
    await expect(alice.page.get_by_role("heading", name="lenses", exact=True)).to_be_visible()
    await expect(dialog).to_be_hidden()


async def test_a_menu_is_walked_with_arrows_and_left_with_escape(browse: Browse, cast: Cast) -> None:
    alice = await browse("alice")
    keyboard = alice.page.keyboard
    await alice.open(f"/c/{cast.chat_id}")
    await expect(alice.composer).to_be_focused()
    opener = alice.button("Manage the chat")
    await tab_to(alice, opener, "Shift+Tab")
    await keyboard.press("Enter")
    items = alice.page.get_by_role("menu").get_by_role("menuitem")
    await expect(items.first).to_be_focused()
    await keyboard.press("ArrowDown")
    await expect(items.nth(1)).to_be_focused()
    await keyboard.press("ArrowDown")
    await expect(items.first).to_be_focused()
    await keyboard.press("Escape")
    await expect(items).to_have_count(0)
    await expect(opener).to_be_focused()


async def test_messages_are_walked_and_answered_from_the_keyboard(browse: Browse, cast: Cast) -> None:
    for text in ("first", "second"):
        await cast.bob.say(cast.chat_id, text)
    alice = await browse("alice")
    keyboard = alice.page.keyboard
    await alice.open(f"/c/{cast.chat_id}")
    await expect(alice.composer).to_be_focused()
    await alice.sees("first", "second")
    await tab_to(alice, alice.log, "Shift+Tab")
    await alice.message("second").focus()
    await keyboard.press("ArrowUp")
    await expect(alice.message("first")).to_be_focused()
    await keyboard.press("r")
    await expect(alice.composer).to_be_focused()
    await expect(alice.page.get_by_text("Reply to bob")).to_be_visible()
    await keyboard.press("Escape")
    await expect(alice.page.get_by_text("Reply to bob")).to_be_hidden()


async def test_alt_and_arrows_go_from_chat_to_chat(browse: Browse, cast: Cast) -> None:
    await cast.alice.post(f"/spaces/{cast.space_id}/chats", {"name": "lenses"})
    alice = await browse("alice")
    await alice.open(f"/c/{cast.chat_id}")
    await expect(alice.composer).to_be_focused()
    for chat in ("lenses", "general"):
        await alice.page.keyboard.press("Alt+ArrowDown")
        await expect(alice.page.get_by_role("heading", name=chat, exact=True)).to_be_visible()
