"""What is unread is counted everywhere, and no longer once it was read anywhere."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Browse
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]


async def test_unread_messages_are_counted_live_until_they_are_read_in_any_browser(
    browse: Browse, cast: Cast
) -> None:
    created = await cast.alice.post(f"/spaces/{cast.space_id}/chats", {"name": "lenses"})
    lenses = created.json()["id"]
    other = (await cast.bob.post("/spaces", {"name": "Kitchen", "first_chat": "recipes"})).json()
    phone, desk = await browse("bob"), await browse("bob")
    for browser in (phone, desk):
        await browser.open(f"/c/{cast.chat_id}")
        await expect(browser.chat_link("lenses")).to_be_visible()
        await expect(browser.page.get_by_text("unread")).to_have_count(0)

    await cast.alice.say(lenses, "Anyone with a wide one?")
    await cast.alice.say(lenses, "For Saturday.")
    for browser in (phone, desk):
        await expect(browser.chat_link("lenses")).to_contain_text("2 unread")
        await expect(browser.space_link("Observatory")).to_contain_text("unread")
        await expect(browser.page).to_have_title("(2) general · The Space")
    await phone.page.reload()
    await expect(phone.chat_link("lenses")).to_contain_text("2 unread")

    await phone.page.bring_to_front()
    await phone.chat_link("lenses").click()
    await phone.sees("Anyone with a wide one?", "For Saturday.")
    for browser in (phone, desk):
        await expect(browser.page.get_by_text("unread")).to_have_count(0)
        await expect(browser.page).to_have_title(
            ("lenses" if browser is phone else "general") + " · The Space"
        )

    await phone.space_link("Kitchen").click()
    await expect(phone.page).to_have_url(f"{phone.origin}/c/{other['chats'][0]['id']}")
    await cast.carol.say(cast.chat_id, "Hello all.")
    await expect(phone.space_link("Observatory")).to_contain_text("unread")
    await expect(phone.space_link("Kitchen")).not_to_contain_text("unread")
