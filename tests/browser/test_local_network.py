"""A server in the local network, by plain http and a name: no secure context, and everything works."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import LAN_HOST, Browse

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]


async def test_people_talk_over_plain_http_in_the_local_network(browse: Browse) -> None:
    alice, bob = await browse(host=LAN_HOST), await browse(host=LAN_HOST)
    for person, nickname in ((alice, "alice"), (bob, "bob")):
        await person.open()
        assert await person.page.evaluate("isSecureContext || Boolean(navigator.clipboard)") is False
        await person.register(nickname)
        await expect(person.page.get_by_role("heading", name="A place for your people")).to_be_visible()
    await alice.create_space("Garage")
    await alice.button("Copy the link to the space").click()
    await expect(alice.page.get_by_role("status").filter(has_text="Link copied")).to_be_visible()
    await alice.composer.press("Control+V")
    await alice.composer.press("Enter")
    link = alice.messages.get_by_role("link", name=f"{alice.origin}/s/")
    await bob.page.goto(await link.inner_text())
    await bob.button("Join the space").click()
    await bob.write("Made it.")
    await alice.sees("Made it.")
    await alice.page.reload()
    await alice.sees("Made it.")
