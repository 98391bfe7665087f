"""Who may open a socket, and what a refusal says."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
import socketio
import time_machine
import websockets
from websockets.typing import Origin

from tests.cast import EVENT_SECONDS, PASSWORD, Cast, Socket, Visitor
from tests.realtime.raw import Polling, raw_websocket, websocket_address
from thespace.accounts.tokens import ACCESS_LIFETIME, Tokens
from thespace.app import Application
from thespace.core import clock
from thespace.core.events import Audience
from thespace.core.ids import SessionId, UserId


async def _refused(server: str, **options: Any) -> Any:
    """Try to connect, and return the problem of the refusal."""
    client = socketio.AsyncClient(reconnection=False)
    problems: list[Any] = []
    client.on("connect_error", problems.append)
    with pytest.raises(socketio.exceptions.ConnectionError):
        await client.connect(server, **{"transports": ["websocket"], "wait_timeout": EVENT_SECONDS} | options)
    [problem] = problems
    return problem["data"]


async def test_refusals_carry_a_problem(cast: Cast, server: str) -> None:
    forged = Tokens("another secret of thirty-two bytes").access(cast.bob.id, cast.bob.session_id)
    for auth in (
        None,
        {},
        {"token": None},
        {"token": 5},
        {"token": ""},
        {"token": "x.y.z"},
        {"token": "\x00\ud800"},
        {"token": forged},
        {"token": cast.bob.token[:-3]},
        [cast.bob.token],
        "token",
        7,
    ):
        problem = await _refused(server, auth=auth)
        assert (problem["code"], problem["status"]) == ("unauthenticated", 401), auth
        assert problem["title"]
        assert problem["request_id"]
        assert not problem["retryable"]


async def test_expired_token_is_refused_although_its_session_lives(
    application: Application, cast: Cast, server: str
) -> None:
    with time_machine.travel(clock.now() - ACCESS_LIFETIME - timedelta(seconds=1)):
        expired = application.tokens.access(cast.bob.id, cast.bob.session_id)
    assert (await _refused(server, auth={"token": expired}))["code"] == "unauthenticated"


async def test_tokens_of_sessions_that_are_over_or_never_were_are_refused(
    application: Application, cast: Cast, server: str
) -> None:
    token = application.tokens.access(cast.bob.id, SessionId("never-was"))
    assert (await _refused(server, auth={"token": token}))["code"] == "session_ended"
    stolen = application.tokens.access(UserId(cast.alice.id), cast.bob.session_id)
    assert (await _refused(server, auth={"token": stolen}))["code"] == "session_ended"
    assert (await cast.bob.post("/auth/logout")).status_code == 204
    assert (await _refused(server, auth={"token": cast.bob.token}))["code"] == "session_ended"


async def test_authorization_header_is_as_good_as_auth(
    cast: Cast, server: str, sockets: AsyncExitStack
) -> None:
    headers = {"Authorization": f"Bearer {cast.bob.token}"}
    socket = await sockets.enter_async_context(cast.bob.socket(server, auth=None, headers=headers))
    assert socket.named("connected")[0]["user_id"] == cast.bob.id


async def test_query_that_names_somebody_else_is_refused_and_grants_nothing(
    cast: Cast, server: str, sockets: AsyncExitStack
) -> None:
    auth = {"token": cast.bob.token}
    for query in (
        f"user_id={cast.alice.id}",
        f"user_id={cast.bob.id}&user_id={cast.alice.id}",
        "user_id=bob",
        "nickname=alice",
        f"user_id={cast.bob.id}&nickname=alice",
        "nickname=bob&nickname=alice",
    ):
        assert (await _refused(f"{server}?{query}", auth=auth))["code"] == "unauthenticated", query
    for query in (f"user_id={cast.bob.id}", "nickname=bob", f"user_id={cast.bob.id}&nickname=bob"):
        socket = await sockets.enter_async_context(cast.bob.socket(f"{server}?{query}"))
        assert socket.named("connected")[0]["user_id"] == cast.bob.id
    without_a_token = await _refused(f"{server}?user_id={cast.alice.id}&nickname=alice")
    assert without_a_token["code"] == "unauthenticated"


async def test_pages_of_other_origins_may_not_connect(
    cast: Cast, server: str, sockets: AsyncExitStack
) -> None:
    async with httpx.AsyncClient() as client:
        for origin in ("https://evil.example", "null", server.replace("127.0.0.1", "127.0.0.1.evil.example")):
            with pytest.raises(websockets.InvalidStatus):
                async with websockets.connect(websocket_address(server), origin=Origin(origin)):
                    pass
            polled = await client.get(
                f"{server}/socket.io/?EIO=4&transport=polling", headers={"Origin": origin}
            )
            assert polled.status_code == 400
            assert "access-control-allow-origin" not in polled.headers
    own = await sockets.enter_async_context(cast.bob.socket(server, headers={"Origin": server}))
    assert own.client.connected


async def test_rooms_are_entered_before_connected_is_told(
    cast: Cast, server: str, sockets: AsyncExitStack
) -> None:
    bob = await sockets.enter_async_context(cast.bob.socket(server))
    [welcome] = bob.named("connected")
    assert welcome.keys() == {"epoch", "cursor", "user_id"}
    assert bob.events[0] == ("connected", welcome)
    sent = await cast.alice.say(cast.chat_id, "Hello")
    assert (await bob.expect("new_message"))["id"] == sent["id"]
    snapshot = (await cast.bob.get("/sync")).json()
    assert snapshot["epoch"] == welcome["epoch"]


async def test_polling_is_served(cast: Cast, server: str) -> None:
    async with httpx.AsyncClient() as client:
        polling = Polling(client, server)
        await polling.open()
        await polling.sign_in(cast.bob.token)
        sent = await cast.alice.say(cast.chat_id, "Hello")
        [packet] = await polling.poll()
        assert packet.startswith('42["new_message"')
        assert sent["created_at"] in packet


async def test_polling_upgrades_to_a_websocket(cast: Cast, server: str, sockets: AsyncExitStack) -> None:
    bob = await sockets.enter_async_context(cast.bob.socket(server, transports=["polling", "websocket"]))
    assert bob.client.transport() == "websocket"
    ack = await bob.call("send_message", {"chat_id": cast.chat_id, "content": "Hello"})
    assert (await bob.expect("new_message"))["id"] == ack["data"]["id"]


async def test_ended_session_closes_its_sockets_after_telling_them_and_no_others(
    cast: Cast, server: str, sockets: AsyncExitStack
) -> None:
    answer = await cast.bob.client.post("/auth/token", data={"username": "bob", "password": PASSWORD})
    [card] = [c for c in (await cast.bob.get("/auth/sessions")).json()["items"] if not c["is_current"]]
    phone = Visitor(cast.bob.client, cast.bob.id, "bob", answer.json()["access_token"], SessionId(card["id"]))
    doomed = [await sockets.enter_async_context(phone.socket(server)) for _ in range(2)]
    others = [await sockets.enter_async_context(who.socket(server)) for who in (cast.bob, cast.alice)]

    assert (await cast.bob.delete(f"/auth/sessions/{phone.session_id}")).status_code == 204

    for socket in doomed:
        assert await socket.expect("session_ended") == {"session_id": phone.session_id}
        await asyncio.wait_for(socket.client.wait(), EVENT_SECONDS)
        assert not socket.client.connected
    sent = await cast.alice.say(cast.chat_id, "Still here?")
    for socket in others:
        assert (await socket.expect("new_message"))["id"] == sent["id"]
        assert not socket.named("session_ended")
    assert not [body for socket in doomed for body in socket.named("new_message")]


async def test_session_that_ends_during_the_handshake_gets_no_socket(
    application: Application, cast: Cast, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    authenticate = application.authenticate

    async def then_log_out(token: str) -> Any:
        actor = await authenticate(token)
        await cast.bob.post("/auth/logout")
        await application.realtime._fanout.settled()  # the end was told before the socket had entered a room
        return actor

    _replace_authentication(application, monkeypatch, then_log_out)
    socket = Socket()
    await socket.client.connect(
        server, auth={"token": cast.bob.token}, transports=["websocket"], wait_timeout=EVENT_SECONDS
    )
    await asyncio.wait_for(socket.client.wait(), EVENT_SECONDS)
    assert application.realtime.rooms.members(Audience.user(cast.bob.id)) == []
    assert not socket.named("connected")


async def test_failing_handshake_is_logged_and_answered(
    application: Application, cast: Cast, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(token: str) -> Any:
        raise RuntimeError("no database")

    _replace_authentication(application, monkeypatch, fail)
    problem = await _refused(server, auth={"token": cast.bob.token})
    assert (problem["code"], problem["status"]) == ("internal", 500)
    assert "database" not in str(problem)


async def test_failing_welcome_hangs_up(
    application: Application, cast: Cast, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(actor: object) -> Any:
        raise RuntimeError("no database")

    monkeypatch.setattr(application.realtime.rooms, "_audiences_of", fail)
    async with raw_websocket(server) as websocket:
        await websocket.send(f'40{{"token":"{cast.bob.token}"}}')
        assert [str(await websocket.recv())[:2] for _ in range(2)] == ["40", "41"]
    assert application.realtime.rooms.members(Audience.user(cast.bob.id)) == []


def _replace_authentication(application: Application, monkeypatch: pytest.MonkeyPatch, by: Any) -> None:
    doors = replace(application.realtime._doors, authenticate=by)
    monkeypatch.setattr(application.realtime, "_doors", doors)
