"""What is committed is delivered, in order, whatever fails on the way; what is not committed never is."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest
import structlog
from sqlalchemy.engine.default import DefaultDialect

from tests.cast import Cast, Visitor
from tests.realtime.ears import Ears
from tests.realtime.raw import raw_websocket
from thespace.app import Application
from thespace.core.events import Audience, Event
from thespace.realtime.wire import Envelope

TIMELINE_EVENTS = (
    "new_message",
    "message_edited",
    "message_deleted",
    "reaction_added",
    "reaction_removed",
    "messages_changed",
)


async def test_changes_reach_sockets_in_the_order_of_their_revisions(ears: Ears, cast: Cast) -> None:
    people = cast.members
    messages = [await people[n % 3].say(cast.chat_id, f"number {n}") for n in range(12)]
    requests: list[Any] = []
    for number, message in enumerate(messages):
        author = people[number % 3]
        requests += [
            people[(number + 1) % 3].say(cast.chat_id, f"more {number}"),
            author.patch(f"/messages/{message['id']}", {"content": f"edited {number}"}),
            people[number % 3].post(f"/messages/{message['id']}/reaction", {"emoji": "👍", "on": True}),
            people[(number + 2) % 3].post(f"/messages/{message['id']}/reaction", {"emoji": "🎉"}),
            author.delete(f"/messages/{message['id']}") if number % 4 == 0 else author.get("/auth/me"),
        ]
    await asyncio.gather(*requests)
    page = (await cast.bob.get(f"/messages/{cast.chat_id}")).json()
    while (await ears["carol"].expect(*TIMELINE_EVENTS))["revision"] < page["revision"]:
        pass
    await ears.settle()
    for name in ("alice", "bob", "phone", "carol"):
        assert _revisions(ears, name) == [*range(1, page["revision"] + 1)], name
    assert not _revisions(ears, "dave") + _revisions(ears, "mallory")


def _revisions(ears: Ears, name: str) -> list[int]:
    return [body["revision"] for body in ears[name].named(*TIMELINE_EVENTS)]


async def test_changes_told_in_the_wrong_order_are_put_right(
    ears: Ears, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    bus = ears.application.realtime._bus
    await cast.alice.say(cast.chat_id, "first")
    await ears.heard("new_message", by="bob")
    publish, late = bus.publish, list[Envelope]()
    monkeypatch.setattr(bus, "publish", late.append)
    for number in range(4):
        await cast.alice.say(cast.chat_id, f"number {number}")
    for envelope in reversed(late):
        publish(envelope)
    await ears["bob"].expect("new_message")
    await ears.settle()
    assert _revisions(ears, "bob") == [2, 3, 4, 5]


async def test_change_that_was_never_told_is_read_and_told_to_everybody(
    ears: Ears, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    bus = ears.application.realtime._bus
    await cast.alice.say(cast.chat_id, "first")
    await ears.heard("new_message", by="bob")
    with monkeypatch.context() as patch:
        patch.setattr(bus, "publish", lambda envelope: None)
        lost = await cast.alice.say(cast.chat_id, "lost")
    known = await cast.alice.say(cast.chat_id, "known")
    body = {"chat_id": cast.chat_id, "since": 1, "revision": 3, "changes": [lost, known]}
    heard = await ears.heard("messages_changed", by="carol")
    assert heard == {name: [body] for name in ("alice", "bob", "phone", "carol")}
    sent = await cast.alice.say(cast.chat_id, "and on")
    assert (await ears.heard("new_message", by="bob"))["carol"] == [sent]


@pytest.fixture
def fail_commits(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Lets the database refuse every commit from now on."""

    def refuse(_dialect: object, _connection: object) -> None:
        raise RuntimeError("the disk is full")

    return lambda: monkeypatch.setattr(DefaultDialect, "do_commit", refuse)


async def _changes(cast: Cast, message: Any) -> list[Any]:
    who: Visitor = cast.bob
    return [
        await who.post(f"/messages/{cast.chat_id}", {"content": "Never"}),
        await who.patch(f"/messages/{message['id']}", {"content": "Never"}),
        await who.post(f"/messages/{message['id']}/reaction", {"emoji": "👍"}),
        await who.delete(f"/messages/{message['id']}"),
        await who.post(f"/spaces/{cast.space_id}/leave"),
        await who.post("/spaces", {"name": "Never"}),
    ]


async def test_what_is_not_committed_is_answered_as_a_failure_and_told_to_nobody(
    cast: Cast, told: list[Event], fail_commits: Callable[[], None]
) -> None:
    message = await cast.bob.say(cast.chat_id, "Hello")
    before = (await cast.bob.get(f"/messages/{cast.chat_id}")).json()
    told.clear()
    fail_commits()
    answers = await _changes(cast, message)
    assert {answer.status_code for answer in answers} <= {500, 503}
    assert told == []
    assert (await cast.bob.get(f"/messages/{cast.chat_id}")).json() == before


async def test_success_is_answered_and_told_after_the_commit(
    application: Application, cast: Cast, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The response, the ack and the event come behind the commit, whatever the framework does meanwhile."""
    happened: list[str] = []
    commit: Any = DefaultDialect.do_commit
    tell = application.realtime.tell
    send_packet = application.realtime.server._send_packet

    def do_commit(dialect: Any, connection: Any) -> None:
        commit(dialect, connection)
        happened.append("committed")

    def tell_noted(event: Event) -> None:
        happened.append("told")
        tell(event)

    async def api(scope: Any, receive: Any, send: Any) -> None:
        async def send_noted(message: Any) -> None:
            if message["type"] == "http.response.start":
                happened.append("answered")
            await send(message)

        await application.api(scope, receive, send_noted)

    async def send_packet_noted(eio_sid: str, packet: Any) -> None:
        happened.append("answered")
        await send_packet(eio_sid, packet)

    async with (
        cast.bob.socket(server) as socket,
        httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url="http://space.test") as client,
    ):
        monkeypatch.setattr(DefaultDialect, "do_commit", do_commit)
        monkeypatch.setattr(application.realtime, "tell", tell_noted)
        monkeypatch.setattr(application.realtime.server, "_send_packet", send_packet_noted)
        bob = replace(cast.bob, client=client)
        message = await bob.say(cast.chat_id, "Hello")
        for change in (
            bob.patch(f"/messages/{message['id']}", {"content": "Hello!"}),
            socket.call("send_message", {"chat_id": cast.chat_id, "content": "Hi"}),
            socket.call("add_reaction", {"message_id": message["id"], "emoji": "👍"}),
            bob.delete(f"/messages/{message['id']}"),
            bob.post("/spaces", {"name": "Lab"}),
            bob.post(f"/chats/{cast.chat_id}/read", {"seq": 1}),
            bob.post(f"/spaces/{cast.space_id}/leave"),
        ):
            happened.clear()
            await change
            assert happened[0] == "committed"
            assert happened[-1] == "answered"
            assert "told" in happened[1:-1] or happened[1:] == ["answered"]


async def test_envelope_that_cannot_be_delivered_does_not_end_the_deliveries(
    ears: Ears, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    fanout = ears.application.realtime._fanout
    deliver = fanout._deliver

    async def fail_once(envelope: Envelope) -> None:
        monkeypatch.setattr(fanout, "_deliver", deliver)
        raise RuntimeError("broken")

    monkeypatch.setattr(fanout, "_deliver", fail_once)
    with structlog.testing.capture_logs() as logs:
        await cast.alice.patch(f"/spaces/{cast.space_id}", {"name": "Lost"})
        await cast.alice.patch(f"/spaces/{cast.space_id}", {"name": "Told"})
        assert (await ears["bob"].expect("space_updated"))["space"]["name"] == "Told"
    assert [entry["event_name"] for entry in logs if entry["event"] == "delivery_failed"] == ["space_updated"]


async def test_event_that_nobody_named_is_logged_and_harms_nobody(ears: Ears, cast: Cast) -> None:
    class Unnamed(Event):
        pass

    message = await cast.alice.say(cast.chat_id, "Hello")
    await ears["bob"].expect("new_message")
    realtime = ears.application.realtime
    with structlog.testing.capture_logs() as logs:
        realtime.tell(Unnamed(audience=None, body=None))  # type: ignore[arg-type]
    assert [entry["event_type"] for entry in logs if entry["event"] == "event_lost"] == ["Unnamed"]
    await cast.alice.patch(f"/messages/{message['id']}", {"content": "Still here"})
    assert (await ears["bob"].expect("message_edited"))["content"] == "Still here"


async def test_socket_that_does_not_read_holds_up_nobody(ears: Ears, cast: Cast, server: str) -> None:
    async with raw_websocket(server, cast.carol.token, max_queue=1):
        long = "x" * 8000
        for _ in range(20):
            sent = await cast.alice.say(cast.chat_id, long)
            assert (await ears["bob"].expect("new_message"))["id"] == sent["id"]
        await cast.carol.post("/auth/logout")
        sent = await cast.alice.say(cast.chat_id, "Still here")
        assert (await ears["bob"].expect("new_message"))["id"] == sent["id"]


async def test_socket_that_never_reads_is_hung_up_on(
    ears: Ears, cast: Cast, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("thespace.realtime.server.MAX_UNREAD_PACKETS", 10)
    realtime = ears.application.realtime
    await ears["carol"].client.disconnect()
    async with raw_websocket(server, cast.carol.token, max_queue=1):
        [carol] = realtime.rooms.members(Audience.user(cast.carol.id))
        connection = realtime.server.eio.sockets[realtime.server.manager.eio_sid_from_sid(carol.sid, "/")]
        for _ in range(200):
            await realtime.server.emit("typing", "x" * 100_000, room=f"user:{cast.carol.id}")
        assert connection.closed
        assert connection.queue.qsize() <= 10
        assert realtime.rooms.members(Audience.user(cast.carol.id)) == []
    sent = await cast.alice.say(cast.chat_id, "Still here")
    assert (await ears["bob"].expect("new_message"))["id"] == sent["id"]
