"""Who may open a socket, and what a refusal says."""

from contextlib import AsyncExitStack

from tests.cast import Cast


async def test_polling_is_served_and_upgrades(cast: Cast, server: str, sockets: AsyncExitStack) -> None:
    polling = await sockets.enter_async_context(cast.bob.socket(server, transports=["polling"]))
    upgraded = await sockets.enter_async_context(cast.bob.socket(server, transports=["polling", "websocket"]))

    assert (polling.client.transport(), upgraded.client.transport()) == ("polling", "websocket")
    for speaker, listener in ((polling, upgraded), (upgraded, polling)):
        ack = await speaker.call("send_message", {"chat_id": cast.chat_id, "content": "Hello"})
        assert (await listener.expect("new_message"))["id"] == ack["data"]["id"]
        assert (await speaker.expect("new_message"))["id"] == ack["data"]["id"]
