"""A long conversation: reading back, jumping, and finding the way to the present."""

import re

import pytest
import pytest_asyncio
from playwright.async_api import Locator, expect

from tests.browser.conftest import Browse
from tests.browser.history import long_history, write_history
from tests.browser.person import Person
from tests.browser.site import Site
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]

COUNT = 500
# Reads back at 150 pixels a frame, as a thumb would, and measures how far the first message in view ever is
# from where that scrolling alone would have put it; counts how often older ones arrived.
READ_BACK = """(log) => {
  const topOf = (row) => row.getBoundingClientRect().top;
  const first = () => [...log.querySelectorAll("article")].find((row) => topOf(row) >= topOf(log));
  const reading = (globalThis.reading = { worst: 0, arrivals: 0, isOver: false });
  let row = first(), expected = topOf(row), height = log.scrollHeight;
  const frame = () => {
    if (reading.isOver) return;
    if (row.isConnected) reading.worst = Math.max(reading.worst, Math.abs(topOf(row) - expected));
    if (log.scrollHeight > height) reading.arrivals += 1;
    log.scrollTop -= 150;
    row = first();
    [expected, height] = [topOf(row), log.scrollHeight];
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}"""


@pytest_asyncio.fixture(loop_scope="session")
async def chat(site: Site, cast: Cast) -> str:
    """The address of a chat with a long history that alice has read."""
    people = [person.id for person in cast.members]
    await site.application.database.write(write_history, cast.chat_id, people, long_history(COUNT))
    await cast.alice.post(f"/chats/{cast.chat_id}/read", {"seq": COUNT})
    return f"/c/{cast.chat_id}"


def numbered(person: Person, seq: int) -> Locator:
    return person.messages.filter(has_text=re.compile(rf"No\. {seq} "))


async def test_reading_back_reaches_the_first_message_without_a_jump(browse: Browse, chat: str) -> None:
    alice = await browse("alice")
    await alice.open(chat)
    await expect(numbered(alice, COUNT)).to_be_in_viewport(ratio=0.9)
    await alice.log.evaluate(READ_BACK)
    await expect(numbered(alice, 1)).to_be_in_viewport(timeout=120_000)
    await expect(alice.page.get_by_text("This is where #general begins.")).to_be_in_viewport()
    reading = await alice.page.evaluate("Object.assign(reading, {isOver: true})")
    assert reading["worst"] <= 1
    assert reading["arrivals"] >= 5

    await alice.button("To the newest").click()
    await expect(numbered(alice, COUNT)).to_be_in_viewport(ratio=0.9)


async def test_a_link_to_a_message_opens_around_it_and_back_leads_back(browse: Browse, chat: str) -> None:
    alice = await browse("alice")
    await alice.open(f"{chat}/200")
    await expect(numbered(alice, 200)).to_be_in_viewport(ratio=1)
    await expect(numbered(alice, COUNT)).to_have_count(0)
    await alice.button("To the newest").click()
    await expect(numbered(alice, COUNT)).to_be_in_viewport(ratio=0.9)

    await numbered(alice, COUNT).click(button="right")
    await alice.choose("Copy the link")
    await expect(alice.page.get_by_role("status").filter(has_text="Link copied")).to_be_visible()
    await alice.open(f"{chat}/{COUNT - 250}")
    await expect(numbered(alice, COUNT - 250)).to_be_in_viewport(ratio=1)
    await alice.page.go_back()
    await expect(numbered(alice, 200)).to_be_in_viewport(ratio=1)
    await alice.page.go_forward()
    await expect(numbered(alice, COUNT - 250)).to_be_in_viewport(ratio=1)


async def test_back_and_forward_lead_through_chats(browse: Browse, cast: Cast, chat: str) -> None:
    lenses = (await cast.alice.post(f"/spaces/{cast.space_id}/chats", {"name": "lenses"})).json()
    alice = await browse("alice")
    await alice.open(chat)
    await alice.chat_link("lenses").click()
    await expect(alice.page.get_by_role("heading", name="lenses", exact=True)).to_be_visible()
    await alice.page.go_back()
    await expect(alice.page.get_by_role("heading", name="general", exact=True)).to_be_visible()
    await expect(numbered(alice, COUNT)).to_be_in_viewport(ratio=0.9)
    await alice.page.go_forward()
    await expect(alice.page).to_have_url(f"{alice.origin}/c/{lenses['id']}")
    await expect(alice.page.get_by_text("#lenses is still quiet")).to_be_visible()


async def test_what_one_reads_stays_while_others_write(browse: Browse, cast: Cast, chat: str) -> None:
    alice = await browse("alice")
    await alice.open(chat)
    await expect(numbered(alice, COUNT)).to_be_in_viewport(ratio=0.9)
    await alice.log.hover()
    await alice.page.mouse.wheel(0, -1200)
    pill = alice.button("To the newest")
    await expect(pill).to_be_visible()
    middle = numbered(alice, COUNT - 15)
    before = await middle.bounding_box()
    for number in range(3):
        await cast.bob.say(cast.chat_id, f"News, part {number}")
    await expect(alice.button("3 new")).to_be_visible()
    after = await middle.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(before["y"] - after["y"]) <= 1
    await alice.button("3 new").click()
    await alice.sees("News, part 2")
    await expect(alice.message("News, part 2")).to_be_in_viewport(ratio=1)
    await expect(alice.button("3 new")).to_be_hidden()
    await cast.bob.say(cast.chat_id, "And one more, followed.")
    await expect(alice.message("And one more")).to_be_in_viewport(ratio=1)


async def test_scrolling_away_is_not_undone_by_what_is_drawn_before_the_browser_tells_of_it(
    browse: Browse, chat: str
) -> None:
    alice = await browse("alice")
    await alice.open(chat)
    await expect(numbered(alice, COUNT)).to_be_in_viewport(ratio=0.9)
    edit = alice.messages.get_by_role("button", name="Edit", include_hidden=True).last
    scrolled = await edit.evaluate(
        """async (button) => {
          const log = button.closest("[role=log]");
          const wanted = (log.scrollTop -= 100);
          button.click();
          await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
          return [wanted, log.scrollTop];
        }"""
    )
    assert scrolled[0] == scrolled[1]
