"""The heartbeat over a real socket."""

from contextlib import AsyncExitStack
from typing import Any

from tests.cast import Cast


async def test_the_heartbeat_answers_with_what_the_snapshot_says(
    cast: Cast, server: str, sockets: AsyncExitStack
) -> None:
    await cast.bob.say(cast.chat_id, "Hello")
    alice = await sockets.enter_async_context(cast.alice.socket(server))
    snapshot = await cast.alice.sync()
    for body in ({}, {"cursor": ""}, {"cursor": snapshot["cursor"]}, {"cursor": "never heard of"}):
        ack = await alice.call("heartbeat", body)
        assert ack == {
            "ok": True,
            "data": {
                "cursor": snapshot["cursor"],
                "chats": {str(cast.chat_id): 1},
                "spaces": {str(cast.space_id): snapshot["spaces"][0]["version"]},
                "private": {},
                "me": 1,
            },
        }, body
    nonsenses: list[Any] = [{"cursor": 5}, {"cursor": None}, {"since": "x"}, "x", None, []]
    for nonsense in nonsenses:
        ack = await alice.call("heartbeat", nonsense)
        assert (ack["ok"], ack["problem"]["code"]) == (False, "invalid"), nonsense
