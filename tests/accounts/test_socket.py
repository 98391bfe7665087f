import asyncio
from contextlib import AsyncExitStack

import httpx

from tests.cast import EVENT_SECONDS, PASSWORD, Socket, Visitor


async def _disconnected(socket: Socket) -> None:
    await asyncio.wait_for(socket.client.wait(), EVENT_SECONDS)
    assert not socket.client.connected


async def test_ending_a_session_closes_its_sockets_and_no_others(
    client: httpx.AsyncClient, server: str, sockets: AsyncExitStack
) -> None:
    alice, bob = await Visitor.register(client, "alice"), await Visitor.register(client, "bob")
    answer = await client.post("/auth/token", data={"username": "alice", "password": PASSWORD})
    phone = Visitor(client, alice.id, "alice", answer.json()["access_token"], alice.session_id)
    on_phone = await sockets.enter_async_context(phone.socket(server))
    at_desk = await sockets.enter_async_context(alice.socket(server))
    bobs = await sockets.enter_async_context(bob.socket(server))

    cards = (await alice.get("/auth/sessions")).json()["items"]
    [of_phone] = [card["id"] for card in cards if not card["is_current"]]
    assert (await alice.delete(f"/auth/sessions/{of_phone}")).status_code == 204

    assert await on_phone.expect("session_ended") == {"session_id": of_phone}
    await _disconnected(on_phone)
    assert at_desk.client.connected
    assert bobs.client.connected
    assert not at_desk.named("session_ended") + bobs.named("session_ended")


async def test_signing_out_closes_the_sockets(
    client: httpx.AsyncClient, server: str, sockets: AsyncExitStack
) -> None:
    alice = await Visitor.register(client, "alice")
    socket = await sockets.enter_async_context(alice.socket(server))
    assert (await alice.post("/auth/logout")).status_code == 204
    assert await socket.expect("session_ended") == {"session_id": alice.session_id}
    await _disconnected(socket)
