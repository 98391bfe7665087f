"""What clients send: an ack for everything, and a problem with a code for what makes no sense."""

import logging
from contextlib import AsyncExitStack
from typing import Any

import pytest
import structlog

from tests.cast import Cast, Socket
from tests.realtime.ears import Ears
from thespace.app import Application
from thespace.core.limits import Limits
from thespace.realtime.connection import Connection
from thespace.realtime.entry import EVENTS, QUIET_EVENTS
from thespace.realtime.wire import ClientEvent

BAD_IDS: tuple[Any, ...] = (None, "1", 1.5, True, [], {}, 0, -1, 2**53, 10**400)
ID_FIELDS = {
    "join_room": "chat_id",
    "leave_room": "chat_id",
    "typing": "chat_id",
    "send_message": "chat_id",
    "mark_read": "chat_id",
    "edit_message": "message_id",
    "delete_message": "message_id",
    "add_reaction": "message_id",
}
REST_OF_BODIES: dict[str, dict[str, Any]] = {
    "send_message": {"content": "a"},
    "edit_message": {"content": "a"},
    "add_reaction": {"emoji": "👍"},
    "mark_read": {"seq": 1},
}


@pytest.fixture
async def bob(cast: Cast, server: str, sockets: AsyncExitStack) -> Socket:
    return await sockets.enter_async_context(cast.bob.socket(server))


async def test_every_event_is_known_here(application: Application) -> None:
    assert application.realtime.wire.client_events.keys() == {*ID_FIELDS, "heartbeat"}


async def test_ids_that_make_no_sense_are_pointed_at(bob: Socket) -> None:
    for event, name in ID_FIELDS.items():
        for value in BAD_IDS:
            ack = await bob.call(event, {name: value} | REST_OF_BODIES.get(event, {}))
            assert ack["problem"]["code"] == "invalid", (event, value)
            assert [e["pointer"] for e in ack["problem"]["errors"]] == [f"/{name}"], (event, value)


async def test_ids_of_what_is_not_there_are_not_found(bob: Socket) -> None:
    for event, name in ID_FIELDS.items():
        if event == "leave_room":  # idempotent: who is not there has left
            continue
        ack = await bob.call(event, {name: 2**53 - 1} | REST_OF_BODIES.get(event, {}))
        assert ack["problem"]["code"] == "not_found", event


async def test_missing_and_unknown_fields_are_pointed_at(bob: Socket) -> None:
    for event, name in ID_FIELDS.items():
        body = {name: 1} | REST_OF_BODIES.get(event, {})
        for missing in body:
            ack = await bob.call(event, {key: value for key, value in body.items() if key != missing})
            assert [(e["pointer"], e["code"]) for e in ack["problem"]["errors"]] == [
                (f"/{missing}", "missing")
            ]
        ack = await bob.call(event, body | {"user_id": 1})
        assert [(e["pointer"], e["code"]) for e in ack["problem"]["errors"]] == [
            ("/user_id", "extra_forbidden")
        ]


@pytest.mark.parametrize(
    "arguments",
    [(), ({}, {}), ("text",), (5,), ([],), (None,), (True,), ({"a": {"b": {"c": [[[[[]]]]]}}},)],
    ids=["none", "two", "text", "number", "list", "null", "true", "nested"],
)
async def test_events_carry_one_object(bob: Socket, arguments: tuple[Any, ...]) -> None:
    for event in (*ID_FIELDS, "heartbeat"):
        ack = await bob.client.call(event, arguments, timeout=5)
        assert (ack["ok"], ack["problem"]["code"]) == (False, "invalid"), event


async def test_events_without_an_ack_are_handled_too(bob: Socket, cast: Cast) -> None:
    await bob.client.emit("send_message", {"chat_id": cast.chat_id, "content": "Quietly"})
    assert (await bob.expect("new_message"))["content"] == "Quietly"


@pytest.mark.parametrize("event", ["connect", "disconnect", "connected", "new_message", "", "x" * 1000])
async def test_events_nobody_handles_are_answered(bob: Socket, event: str) -> None:
    ack = await bob.call(event, {})
    assert (ack["problem"]["code"], ack["problem"]["status"]) == ("unknown_event", 404)
    assert not ack["problem"]["detail"]  # nor anywhere else what was sent
    assert (await bob.call("heartbeat", {}))["ok"]


async def test_heartbeat_answers_where_everything_stands(bob: Socket, cast: Cast) -> None:
    message = await cast.bob.say(cast.chat_id, "Hello")
    await cast.bob.patch(f"/messages/{message['id']}", {"content": "Hello!"})
    space = (await cast.bob.get(f"/spaces/{cast.space_id}")).json()
    for body in ({}, {"cursor": ""}, {"cursor": "another boot-17"}):
        data = (await bob.call("heartbeat", body))["data"]
        assert data["chats"] == {str(cast.chat_id): 2}
        assert data["spaces"] == {str(cast.space_id): space["version"]}
        assert data["private"] == {}
        assert data["cursor"]


async def test_cursors_that_nobody_was_given_are_no_error(bob: Socket) -> None:
    boot = bob.named("connected")[0]["cursor"].partition("-")[0]
    for cursor in (f"{boot}-", f"{boot}-x", f"{boot}-²", f"{boot}-{10**20}", f"{boot}--1"):
        assert (await bob.call("heartbeat", {"cursor": cursor}))["ok"], ascii(cursor)
    for cursor in (f"{boot}-{'9' * 5000}", "\ud800"):
        ack = await bob.call("heartbeat", {"cursor": cursor})
        assert ack["problem"]["code"] == "invalid"


async def test_failing_handler_is_logged_and_answered_and_reaches_no_other_socket(
    ears: Ears, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(connection: Connection, body: object) -> None:
        raise RuntimeError("secret of the server")

    events = ears.application.realtime.wire.client_events
    usual = events["mark_read"]
    monkeypatch.setitem(events, "mark_read", ClientEvent(usual.name, usual.body, fail))
    with structlog.testing.capture_logs() as logs:
        ack = await ears["bob"].call("mark_read", {"chat_id": cast.chat_id, "seq": 1})

    assert (ack["problem"]["code"], ack["problem"]["status"]) == ("internal", 500)
    assert "secret" not in str(ack)
    [log] = [entry for entry in logs if entry["event"] == "socket_event_failed"]
    assert log["event_name"] == "mark_read"
    sent = await cast.alice.say(cast.chat_id, "All is well")
    heard = await ears.heard("new_message", by="bob")
    assert heard.keys() == {"alice", "bob", "phone", "carol"}
    assert heard["bob"] == [sent]


async def test_message_text_is_never_logged(
    bob: Socket, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    with structlog.testing.capture_logs() as logs, caplog.at_level(logging.DEBUG):
        await bob.call("send_message", {"chat_id": cast.chat_id, "content": "between us"})
        await bob.call("send_message", {"chat_id": cast.chat_id, "content": "between us" + "x" * 8000})
    assert "between us" not in str([e for e in logs if e.get("log_level") != "debug"])


async def test_too_many_events_are_refused_with_the_time_to_wait(
    application: Application, bob: Socket, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(application.realtime._entry, "_limits", Limits())
    for _ in range(EVENTS.times):
        assert (await bob.call("leave_room", {"chat_id": cast.chat_id}))["ok"]
    refused = await bob.call("leave_room", {"chat_id": cast.chat_id})
    problem = refused["problem"]
    assert (problem["code"], problem["status"], problem["retryable"]) == ("rate_limited", 429, True)
    assert 0 < problem["params"]["retry_after_seconds"] <= EVENTS.seconds
    for _ in range(QUIET_EVENTS["heartbeat"].times):  # has a limit of its own
        assert (await bob.call("heartbeat", {}))["ok"]
    assert (await bob.call("heartbeat", {}))["problem"]["code"] == "rate_limited"
    assert (await bob.call("typing", {"chat_id": cast.chat_id}))["problem"]["code"] == "not_found"
