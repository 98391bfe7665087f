"""The server goes away and comes back; a connection breaks in the worst moment."""

import pytest
from playwright.async_api import WebSocketRoute, expect
from sqlalchemy import update

from tests.browser.conftest import Browse
from tests.browser.site import Site
from tests.cast import Cast, Visitor
from thespace.db.unit_of_work import UnitOfWork
from thespace.spaces.models import Role
from thespace.spaces.policy import PRESETS, Permission, Preset

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]


async def contents(visitor: Visitor, chat_id: int) -> list[str]:
    page = (await visitor.get(f"/messages/{chat_id}")).json()
    return [message["content"] for message in page["messages"]]


async def test_messages_written_during_an_outage_arrive_once_and_in_order(
    browse: Browse, site: Site, cast: Cast
) -> None:
    alice, bob = await browse("alice"), await browse("bob")
    for person in (alice, bob):
        await person.open(f"/c/{cast.chat_id}")
        person.watch.accept_outages()
    await alice.write("Before.")
    await bob.sees("Before.")

    await site.stop()
    strip = alice.page.get_by_role("status").filter(has_text="No connection. Next attempt in")
    await expect(strip).to_be_visible()
    await expect(strip).to_contain_text("what you write is kept")
    for text in ("First, in the dark.", "Second, in the dark."):
        await alice.write(text)
        await expect(alice.message(text).get_by_role("img", name="Sending")).to_be_visible()
    await expect(alice.message("Before.")).to_be_visible()

    await site.start()
    await alice.sees("Before.", "First, in the dark.", "Second, in the dark.")
    await expect(strip).to_be_hidden()
    await bob.sees("First, in the dark.", "Second, in the dark.")
    await bob.write("After.")
    await alice.sees("After.")
    everything = ["Before.", "First, in the dark.", "Second, in the dark.", "After."]
    assert await contents(cast.alice, cast.chat_id) == everything
    for person in (alice, bob):
        await expect(person.messages).to_contain_text(everything)


@pytest.mark.parametrize("lost", ["the connection", "the server"])
async def test_an_acknowledgement_that_was_lost_doubles_nothing(
    browse: Browse, site: Site, cast: Cast, lost: str
) -> None:
    alice, bob = await browse("alice"), await browse("bob")
    wires: list[WebSocketRoute] = []
    is_deaf = False

    def connect(wire: WebSocketRoute) -> None:
        server = wire.connect_to_server()
        wire.on_message(server.send)
        server.on_message(lambda message: None if is_deaf else wire.send(message))
        wires.append(wire)

    await alice.context.route_web_socket("**/socket.io/**", connect)
    for person in (alice, bob):
        await person.open(f"/c/{cast.chat_id}")
        person.watch.accept_outages()
    await alice.write("Can you hear me?")
    await alice.sees("Can you hear me?")

    is_deaf = True
    await alice.write("And now?")
    await bob.sees("Can you hear me?", "And now?")
    await expect(alice.message("And now?").get_by_role("img", name="Sending")).to_be_visible()
    is_deaf = False
    await (wires[0].close(code=1012) if lost == "the connection" else site.restart())
    await alice.sees("Can you hear me?", "And now?")
    await bob.write("Loud and clear.")
    await alice.sees("Loud and clear.")
    assert len(wires) > 1
    assert await contents(cast.alice, cast.chat_id) == ["Can you hear me?", "And now?", "Loud and clear."]


async def test_a_refused_message_says_why_and_can_be_sent_again_or_thrown_away(
    browse: Browse, site: Site, cast: Cast
) -> None:
    _, _, everything = PRESETS[Preset.MEMBER]

    async def let_members(uow: UnitOfWork, permissions: Permission) -> None:
        await uow.execute(update(Role).where(Role.is_default).values(permissions=int(permissions)))

    bob = await browse("bob")
    await bob.open(f"/c/{cast.chat_id}")
    await expect(bob.chat_link("general")).to_be_visible()
    await site.application.database.write(let_members, everything & ~Permission.SEND_MESSAGES)
    for text in ("Worth a second try.", "Not worth it."):
        await bob.write(text)
        await expect(bob.message(text)).to_contain_text(
            "Not sent: You may not do this: it needs the permission to write messages."
        )
    await site.application.database.write(let_members, everything)
    await bob.message("Not worth it.").get_by_role("button", name="Discard").click()
    await expect(bob.message("Not worth it.")).to_have_count(0)
    await bob.message("Worth a second try.").get_by_role("button", name="Retry").click()
    await bob.sees("Worth a second try.")
    await expect(bob.page.get_by_text("Not sent")).to_have_count(0)
    assert await contents(cast.bob, cast.chat_id) == ["Worth a second try."]
