"""What goes wrong is said in plain words, with a way out."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Browse
from tests.browser.person import Person
from tests.browser.site import Site
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]


async def expect_nothing_here(person: Person) -> None:
    await expect(person.page.get_by_role("heading", name="Nothing here")).to_be_visible()
    await expect(person.page.get_by_role("link", name="To my chats")).to_be_visible()


async def test_a_wrong_password_is_told_and_the_right_one_helps(browse: Browse, cast: Cast) -> None:
    alice = await browse()
    alice.watch.accept_refusal("/auth/token", 401)
    await alice.open()
    await alice.sign_in("alice", "wrong horse battery")
    await expect(alice.page.get_by_role("alert")).to_have_text("That nickname and password do not match.")
    await alice.sign_in("alice")
    await expect(alice.composer).to_be_visible()


async def test_a_taken_nickname_is_told_beside_its_field(browse: Browse, cast: Cast) -> None:
    other = await browse()
    other.watch.accept_refusal("/auth/register", 409)
    await other.open()
    await other.register("Alice")
    field = other.page.get_by_label("Nickname", exact=True)
    await expect(field).to_be_focused()
    await expect(field).to_have_accessible_description(re.compile("or one that looks like it, is taken"))
    await expect(other.page.get_by_role("alert")).to_contain_text("is taken")


async def test_too_many_tries_are_stopped_and_the_wait_is_told(
    browse: Browse, site: Site, cast: Cast
) -> None:
    await site.restart(rate_limits=True)
    alice = await browse()
    alice.watch.accept_refusal("/auth/token", 401)
    alice.watch.accept_refusal("/auth/token", 429)
    await alice.open()
    for _ in range(5):
        await alice.sign_in("alice", "wrong horse battery")
        await expect(alice.page.get_by_role("alert")).to_have_text("That nickname and password do not match.")
        await expect(alice.button("Sign in")).to_have_attribute("aria-busy", "false")
    await alice.sign_in("alice")
    await expect(alice.page.get_by_role("alert")).to_have_text("Too many attempts. Try again in 15 minutes.")


async def test_a_flood_of_messages_is_slowed_down_and_nothing_is_lost(
    browse: Browse, site: Site, cast: Cast
) -> None:
    await site.restart(rate_limits=True)
    alice = await browse("alice")
    await alice.open(f"/c/{cast.chat_id}")
    texts = [f"Part {number} of the story" for number in range(12)]
    for text in texts:
        await alice.write(text)
    await alice.sees(*texts)
    await expect(alice.messages).to_contain_text(texts)


async def test_a_space_that_is_deleted_while_open_leaves_a_way_out(browse: Browse, cast: Cast) -> None:
    await cast.bob.post("/spaces", {"name": "Kitchen", "first_chat": "recipes"})
    bob = await browse("bob")
    bob.watch.accept_refusal(f"/(messages/{cast.chat_id}|spaces/{cast.space_id}.*)", 404)
    await bob.open(f"/c/{cast.chat_id}")
    await expect(bob.composer).to_be_visible()
    await cast.alice.delete(f"/spaces/{cast.space_id}")
    await expect(bob.space_link("Observatory")).to_have_count(0)
    await expect_nothing_here(bob)
    await bob.page.get_by_role("link", name="To my chats").click()
    await expect(bob.page.get_by_role("heading", name="recipes", exact=True)).to_be_visible()


async def test_a_chat_that_is_deleted_while_open_leaves_a_way_out(browse: Browse, cast: Cast) -> None:
    created = await cast.alice.post(f"/spaces/{cast.space_id}/chats", {"name": "lenses"})
    lenses = created.json()["id"]
    bob = await browse("bob")
    bob.watch.accept_refusal(f"/messages/{lenses}", 404)
    await bob.open(f"/c/{lenses}")
    await expect(bob.composer).to_be_visible()
    await cast.alice.delete(f"/chats/{lenses}")
    await expect(bob.chat_link("lenses")).to_have_count(0)
    await expect_nothing_here(bob)
    await bob.page.get_by_role("link", name="To my chats").click()
    await expect(bob.page.get_by_role("heading", name="general", exact=True)).to_be_visible()


async def test_what_does_not_exist_and_what_is_closed_look_the_same(browse: Browse, cast: Cast) -> None:
    private = (await cast.alice.post("/spaces", {"name": "Diary", "visibility": "private"})).json()
    mallory = await browse("mallory")
    mallory.watch.accept_refusal(r"/(messages|spaces)/\d+", 404)
    chat_id = private["chats"][0]["id"]
    for path in ("/c/999999", f"/c/{chat_id}", f"/c/{chat_id}/1", "/s/999999", f"/s/{private['id']}"):
        await mallory.open(path)
        await expect_nothing_here(mallory)
        await expect(mallory.page.get_by_text("Diary")).to_have_count(0)
    await mallory.open("/settings/nothing")
    await expect_nothing_here(mallory)


async def test_an_address_that_is_none_is_not_found(browse: Browse) -> None:
    visitor = await browse()
    visitor.watch.accept_refusal("/nowhere/at/all", 404)
    visitor.watch.accept_refusal("/favicon.ico", 404)  # asked for by the browser, where no page names an icon
    answer = await visitor.page.goto(visitor.origin + "/nowhere/at/all")
    assert answer is not None
    assert answer.status == 404
