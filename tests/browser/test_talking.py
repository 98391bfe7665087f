"""Two people talk, each in a browser of their own."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Browse
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]


async def test_two_people_register_meet_in_a_space_and_talk(browse: Browse) -> None:
    alice, bob = await browse(), await browse()
    for person, nickname in ((alice, "alice"), (bob, "bob")):
        await person.open()
        await person.register(nickname)
        await expect(person.page.get_by_role("heading", name="A place for your people")).to_be_visible()

    await alice.button("Create a space").first.click()
    dialog = alice.page.get_by_role("dialog")
    await dialog.get_by_label("Name of the space").fill("Observatory")
    await dialog.get_by_role("button", name="Create").click()
    link = await dialog.get_by_label("Link to the space").input_value()
    assert re.fullmatch(r"/s/\d+", link.removeprefix(alice.origin))
    await dialog.get_by_role("button", name="Done").click()

    await bob.page.goto(link)
    await expect(bob.page.get_by_role("heading", name="Observatory")).to_be_visible()
    await expect(bob.page.get_by_text("1 member", exact=True)).to_be_visible()
    await bob.button("Join the space").click()

    await bob.write("Is anybody **here**?")
    await alice.sees("Is anybody here?")
    await expect(alice.message("Is anybody").get_by_role("strong")).to_have_text("here")
    await alice.write("Just me.")
    await bob.sees("Is anybody here?", "Just me.")


async def test_edits_deletions_and_reactions_reach_the_other_one_at_once(browse: Browse, cast: Cast) -> None:
    alice, bob = await browse("alice"), await browse("bob")
    for person in (alice, bob):
        await person.open(f"/c/{cast.chat_id}")
    await alice.write("The comet was seen in Teh north.")
    await bob.sees("The comet was seen in Teh north.")

    await alice.act(alice.message("comet"), "Edit")
    field = alice.log.get_by_role("textbox", name="Edit")
    await field.fill("The comet was seen in the north.")
    await field.press("Enter")
    await bob.sees("The comet was seen in the north. (edited)")
    await bob.message("comet").get_by_role("button", name="(edited)").click()
    versions = bob.page.get_by_role("dialog", name="Earlier versions")
    await expect(versions.get_by_role("listitem")).to_contain_text(["in the north.", "in Teh north."])
    await bob.page.keyboard.press("Escape")
    await expect(versions).to_be_hidden()

    await bob.act(bob.message("comet"), "React")
    await bob.page.get_by_role("dialog", name="Emoji").get_by_label("Search emoji").fill("comet")
    await bob.page.get_by_role("dialog", name="Emoji").get_by_role("button", name="comet").click()
    await expect(alice.message("comet").get_by_role("button", name="☄️, 1 person")).to_be_visible()
    await alice.message("comet").get_by_role("button", name="☄️, 1 person").click()
    for person in (alice, bob):
        both = person.message("comet").get_by_role("button", name="☄️, 2 people")
        await expect(both).to_have_attribute("aria-pressed", "true")
    await bob.message("comet").get_by_role("button", name="☄️, 2 people").click()
    await expect(alice.message("comet").get_by_role("button", name="☄️, 1 person")).to_be_visible()

    await alice.act(alice.message("comet"), "More")
    await alice.choose("Delete")
    await alice.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    for person in (alice, bob):
        await expect(person.messages).to_contain_text(["Message deleted"])
        await expect(person.page.get_by_text("comet")).to_have_count(0)


async def test_who_types_is_named_until_the_message_is_there(browse: Browse, cast: Cast) -> None:
    alice, bob = await browse("alice"), await browse("bob")
    for person in (alice, bob):
        await person.open(f"/c/{cast.chat_id}")
    await alice.write("Who brings the telescope?")
    await bob.sees("Who brings the telescope?")
    await bob.composer.press_sequentially("I do")
    await expect(alice.page.get_by_text("bob is typing")).to_be_visible()
    await expect(bob.page.get_by_text("is typing")).to_have_count(0)
    await bob.composer.press("Enter")
    await alice.sees("I do")
    await expect(alice.page.get_by_text("is typing")).to_have_count(0)


async def test_a_reply_shows_what_it_answers_and_leads_there(browse: Browse, cast: Cast) -> None:
    question = await cast.alice.say(cast.chat_id, "Which filter do you use?")
    for number in range(40):
        last = await cast.carol.say(cast.chat_id, f"Something else, {number}")
    await cast.alice.post(f"/chats/{cast.chat_id}/read", {"seq": last["seq"]})
    alice, bob = await browse("alice"), await browse("bob")
    await alice.open(f"/c/{cast.chat_id}")
    await bob.open(f"/c/{cast.chat_id}/{question['seq']}")
    await bob.act(bob.message("Which filter"), "Reply")
    await expect(bob.composer).to_be_focused()
    await expect(bob.page.get_by_text("Reply to alice")).to_be_visible()
    await bob.write("A red one.")

    await alice.sees("A red one.")
    quoted = alice.message("A red one.").get_by_role("link", name="Which filter do you use?")
    await expect(alice.message("Which filter").first).not_to_be_in_viewport()
    await quoted.click()
    original = alice.messages.filter(has_text="Which filter").filter(has_not_text="A red one.")
    await expect(original).to_be_in_viewport()
    await expect(alice.page).to_have_url(f"{alice.origin}/c/{cast.chat_id}/{question['seq']}")
