"""Staying signed in, and ceasing to be."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Browse
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]


async def test_a_reload_keeps_the_session_and_the_open_chat(browse: Browse, cast: Cast) -> None:
    await cast.bob.say(cast.chat_id, "Clear skies tonight.")
    alice = await browse()
    await alice.open()
    await alice.sign_in("alice")
    await alice.sees("Clear skies tonight.")
    address = alice.page.url
    await alice.page.reload()
    await alice.sees("Clear skies tonight.")
    assert alice.page.url == address == f"{alice.origin}/c/{cast.chat_id}"


async def test_a_second_tab_is_signed_in_and_talks_too(browse: Browse, cast: Cast) -> None:
    alice = await browse("alice")
    await alice.open()
    other = await alice.another_tab()
    await other.write("From the second tab.")
    await alice.sees("From the second tab.")
    await alice.write("From the first one.")
    await other.sees("From the second tab.", "From the first one.")


async def test_logging_out_leads_to_the_login_in_every_tab(browse: Browse, cast: Cast) -> None:
    alice = await browse("alice")
    await alice.open()
    other = await alice.another_tab(f"/c/{cast.chat_id}")
    await alice.page.get_by_role("link", name="Settings").click()
    await alice.button("Log out").click()
    for tab in (alice, other):
        await expect(tab.page.get_by_role("heading", name="Welcome back")).to_be_visible()
    await alice.page.reload()
    await expect(alice.page.get_by_role("heading", name="Welcome back")).to_be_visible()


async def test_a_session_ended_elsewhere_says_so(browse: Browse, cast: Cast) -> None:
    here, there = await browse("alice"), await browse("alice")
    await here.open(f"/c/{cast.chat_id}")
    await there.open("/settings/sessions")
    sessions = there.page.get_by_role("main").get_by_role("listitem")
    await expect(sessions.filter(has_text="This device")).to_have_count(1)
    await expect(sessions).to_have_count(3)  # and the one that prepared the test
    await sessions.filter(has_text="Chrome").filter(has_not_text="This device").get_by_role("button").click()
    await there.page.get_by_role("dialog").get_by_role("button", name="End").click()
    await expect(here.page.get_by_role("heading", name="Welcome back")).to_be_visible()
    await expect(here.page.get_by_text("This session has ended. Sign in again.")).to_be_visible()
    await expect(sessions).to_have_count(2)
    await here.sign_in("alice")
    await expect(here.page).to_have_url(f"{here.origin}/c/{cast.chat_id}")
    await expect(here.composer).to_be_visible()


async def test_who_signs_in_after_somebody_finds_nothing_of_theirs(browse: Browse, cast: Cast) -> None:
    await cast.alice.post("/spaces", {"name": "Diary", "first_chat": "secrets"})
    shared = await browse("alice")
    await shared.open(f"/c/{cast.chat_id}")
    await shared.composer.fill("What alice has not sent")
    await expect(shared.space_link("Diary")).to_be_visible()
    await shared.page.get_by_role("link", name="Settings").click()
    await shared.button("Log out").click()
    await shared.sign_in("bob")
    await expect(shared.page.get_by_text("@bob")).to_be_visible()
    await shared.open(f"/c/{cast.chat_id}")
    await expect(shared.composer).to_have_value("")
    await expect(shared.space_link("Observatory")).to_be_visible()
    await expect(shared.page.get_by_text("Diary")).to_have_count(0)
    await expect(shared.page.get_by_label("draft")).to_have_count(0)
