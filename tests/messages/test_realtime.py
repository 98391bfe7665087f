"""Messages over real sockets."""

from contextlib import AsyncExitStack

from tests.cast import Cast


async def test_two_people_talk_live(cast: Cast, server: str, sockets: AsyncExitStack) -> None:
    alice = await sockets.enter_async_context(cast.alice.socket(server))
    bob = await sockets.enter_async_context(cast.bob.socket(server))

    ack = await alice.call("send_message", {"chat_id": cast.chat_id, "content": "Hello, Bob", "nonce": "n"})
    heard = await bob.expect("new_message")

    assert ack["ok"]
    assert heard["content"] == "Hello, Bob"
    assert heard["id"] == ack["data"]["id"]
    assert heard["nonce"] == "n"
