"""What no honest client sends ends the socket it came through, and nothing else."""

import asyncio
import json
import logging
from contextlib import AsyncExitStack
from dataclasses import replace

import httpx
import pytest

from tests.cast import EVENT_SECONDS, Cast
from tests.realtime.raw import Polling, ack_of, hung_up, raw_websocket
from thespace.app import Application
from thespace.core.actor import Actor
from thespace.core.events import Audience

GARBAGE: dict[str, str | bytes] = {
    "nothing": "",
    "no packet": "x",
    "no packet of the upper protocol": "4",
    "unknown packet": "9",
    "unknown upper packet": "49",
    "not even a number": "4x",
    "deep below the upper protocol": "4" + "[" * 50_000,
    "event without anything": "42",
    "event without a name": "42[]",
    "event that is an object": "42{}",
    "event that is a string": '42"typing"',
    "event named by a number": "42[1]",
    "error of a server": "44",
    "number of many digits": "42" + "1" * 200 + '["typing"]',
    "attachments without end": '459999999999999-["typing"]',
    "binary": b"\x00",
    "binary event": '451-["typing",{"_placeholder":true,"num":0}]',
    "base64": "bAAAA",
    "too large": '42["typing","' + "x" * 128 * 1024 + '"]',
    "too large and binary": b"\x00" * 256 * 1024,
}


@pytest.mark.parametrize("is_signed_in", [True, False])
async def test_garbage_ends_its_own_socket_only(
    cast: Cast, server: str, sockets: AsyncExitStack, is_signed_in: bool, caplog: pytest.LogCaptureFixture
) -> None:
    bystander = await sockets.enter_async_context(cast.bob.socket(server))
    token = cast.bob.token if is_signed_in else None
    with caplog.at_level(logging.ERROR):
        for packet in GARBAGE.values():
            async with raw_websocket(server, token) as websocket:
                await websocket.send(packet)
                await hung_up(websocket)
    assert not [record for record in caplog.records if record.exc_info]
    assert (await bystander.call("heartbeat", {}))["ok"]


@pytest.mark.parametrize("is_signed_in", [True, False])
async def test_garbage_ends_its_own_polling_session_only(
    cast: Cast, server: str, sockets: AsyncExitStack, is_signed_in: bool, caplog: pytest.LogCaptureFixture
) -> None:
    bystander = await sockets.enter_async_context(cast.bob.socket(server))
    async with httpx.AsyncClient() as client:
        with caplog.at_level(logging.ERROR):
            for packet in GARBAGE.values():
                polling = Polling(client, server)
                await polling.open()
                if is_signed_in:
                    await polling.sign_in(cast.bob.token)
                async with asyncio.timeout(EVENT_SECONDS):
                    answer = await polling.send(packet)
                assert answer.status_code == 400 or await polling.is_over(), packet
    assert not [record for record in caplog.records if record.exc_info]
    assert (await bystander.call("heartbeat", {}))["ok"]


async def test_unreadable_json_is_answered(cast: Cast, server: str) -> None:
    async with raw_websocket(server, cast.bob.token) as websocket:
        for arguments in (
            "[",
            '["typing",{"chat_id":}]',
            '["typing",' + "[" * 30 + "]" * 30 + "]",
            '["typing",' + "9" * 5000 + "]",
        ):
            ack = await ack_of(websocket, "421" + arguments)
            assert (ack["ok"], ack["problem"]["code"]) == (False, "unknown_event")
        ack = await ack_of(websocket, '421["heartbeat",{}]')
        assert ack["ok"]


async def test_second_connect_ends_the_socket(cast: Cast, server: str) -> None:
    async with raw_websocket(server, cast.bob.token) as websocket:
        await websocket.send("40" + json.dumps({"token": cast.alice.token}))
        await hung_up(websocket)


async def test_other_namespaces_are_refused(cast: Cast, server: str) -> None:
    async with raw_websocket(server, cast.bob.token) as websocket:
        await websocket.send("40/admin,{}")
        assert str(await websocket.recv()).startswith("44/admin,")
        assert (await ack_of(websocket, '421["heartbeat",{}]'))["ok"]


async def test_who_never_signs_in_is_hung_up_on(
    application: Application, cast: Cast, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with httpx.AsyncClient() as client, raw_websocket(server, cast.bob.token) as bob:
        monkeypatch.setattr("thespace.realtime.server.HANDSHAKE_SECONDS", 0.2)
        stranger = await Polling(client, server).open()
        async with raw_websocket(server) as silent:
            await hung_up(silent)
        assert (await ack_of(bob, '421["heartbeat",{}]'))["ok"]
        assert application.realtime.server.eio.sockets[stranger].closed
        assert not application.realtime.server._tasks  # nobody waits for a stranger to read the farewell


async def test_client_that_leaves_while_it_is_being_admitted_is_forgotten(
    application: Application, cast: Cast, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    authenticate, asked, go_on = application.authenticate, asyncio.Event(), asyncio.Event()

    async def slowly(token: str) -> Actor:
        asked.set()
        await go_on.wait()
        return await authenticate(token)

    doors = replace(application.realtime._doors, authenticate=slowly)
    monkeypatch.setattr(application.realtime, "_doors", doors)
    async with httpx.AsyncClient() as client:
        polling = Polling(client, server)
        await polling.open()
        connecting = asyncio.create_task(polling.send("40" + json.dumps({"token": cast.bob.token})))
        await asyncio.wait_for(asked.wait(), EVENT_SECONDS)
        await polling.send("1")
        go_on.set()
        await connecting
    realtime = application.realtime
    assert realtime.rooms.members(Audience.user(cast.bob.id)) == []
    assert list(realtime.server.manager.get_participants("/", None)) == []
    assert not realtime.rooms._by_sid


async def test_packets_after_a_malformed_one_are_not_read(
    application: Application, cast: Cast, server: str
) -> None:
    async with httpx.AsyncClient() as client:
        polling = Polling(client, server)
        await polling.open()
        await polling.send("42[]", "40" + json.dumps({"token": cast.bob.token}))
    assert list(application.realtime.server.manager.get_participants("/", None)) == []
