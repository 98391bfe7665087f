"""The heartbeat: what a client has to fetch, and what the server finds out by itself."""

from contextlib import AsyncExitStack

import pytest

from tests.cast import Cast, Socket
from tests.statements import StatementLog
from thespace.app import Application
from thespace.core.events import Event


async def test_an_unknown_cursor_gets_everything(cast: Cast, server: str, sockets: AsyncExitStack) -> None:
    bob = await sockets.enter_async_context(cast.bob.socket(server))
    for cursor in ("", "nonsense", "0-0", "00000000-99999999999999999999"):
        moved = (await bob.call("heartbeat", {"cursor": cursor}))["data"]
        assert moved["chats"] == {str(cast.chat_id): 0}
        assert list(moved["spaces"]) == [str(cast.space_id)]


async def test_a_heartbeat_tells_what_moved_since_the_last_one_and_costs_no_statement(
    cast: Cast, server: str, sockets: AsyncExitStack, application: Application, statements: StatementLog
) -> None:
    bob = await sockets.enter_async_context(cast.bob.socket(server))
    await application.realtime.compare()
    cursor = (await bob.call("heartbeat", {"cursor": ""}))["data"]["cursor"]
    statements.clear()
    quiet = (await bob.call("heartbeat", {"cursor": cursor}))["data"]
    assert (quiet["chats"], quiet["spaces"], len(statements)) == ({}, {}, 0)

    await cast.alice.say(cast.chat_id, "Hello")
    told = (await bob.call("heartbeat", {"cursor": quiet["cursor"]}))["data"]
    await cast.carol.post(f"/spaces/{cast.space_id}/leave")
    left = (await bob.call("heartbeat", {"cursor": told["cursor"]}))["data"]

    assert (told["chats"], told["spaces"]) == ({str(cast.chat_id): 1}, {})
    assert (left["chats"], list(left["spaces"])) == ({}, [str(cast.space_id)])


async def test_what_was_committed_and_never_told_is_found_in_the_database(
    cast: Cast,
    server: str,
    sockets: AsyncExitStack,
    application: Application,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bob = await sockets.enter_async_context(cast.bob.socket(server))
    await application.realtime.compare()
    cursor = (await bob.call("heartbeat", {"cursor": ""}))["data"]["cursor"]
    await _say_untold(cast, application, monkeypatch)

    await application.realtime.compare()

    await _expect_caught_up(bob, "lost")
    moved = (await bob.call("heartbeat", {"cursor": cursor}))["data"]
    assert moved["chats"] == {str(cast.chat_id): 1}


async def test_a_lost_event_is_read_once_and_told_to_everybody(
    cast: Cast,
    server: str,
    sockets: AsyncExitStack,
    application: Application,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bob = await sockets.enter_async_context(cast.bob.socket(server))
    await cast.alice.say(cast.chat_id, "first")
    await bob.expect("new_message")
    await _say_untold(cast, application, monkeypatch)

    await cast.alice.say(cast.chat_id, "third")

    changed = await _expect_caught_up(bob, "lost", "third")
    assert (changed["since"], changed["revision"]) == (1, 3)
    await cast.alice.say(cast.chat_id, "fourth")
    assert (await bob.expect("new_message"))["content"] == "fourth"


async def _say_untold(cast: Cast, application: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    """Say "lost" as if the process had died between its commit and its publishing."""

    def nobody(_event: Event) -> None: ...

    with monkeypatch.context() as patch:
        patch.setattr(application.realtime, "tell", nobody)
        await cast.alice.say(cast.chat_id, "lost")


async def _expect_caught_up(socket: Socket, *contents: str) -> dict[str, int]:
    changed: dict[str, int] = await socket.expect("messages_changed")
    assert [message["content"] for message in changed["changes"]] == list(contents)  # type: ignore[attr-defined]
    return changed
