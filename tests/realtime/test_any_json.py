"""Whatever JSON a client sends, it is answered, and never with `internal`."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import Cast
from tests.messages.doors import ROUTES
from tests.realtime.raw import ack_of, raw_websocket

numbers = st.integers(-2, 3) | st.integers() | st.floats() | st.sampled_from([2**53, -(2**63), 10**30])
texts = st.text(st.characters(), max_size=12) | st.sampled_from(["\x00", "\ud800", "👍", "~n", "a" * 70])
fields = st.sampled_from(
    ["chat_id", "message_id", "content", "emoji", "on", "seq", "nonce", "reply_to", "cursor"]
)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(fields | texts, inner, max_size=3),
    max_leaves=6,
)
bodies = st.dictionaries(fields, values, max_size=5) | values
events = st.sampled_from([*ROUTES, "join_room", "leave_room", "typing", "heartbeat"])
SETTINGS = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@SETTINGS
@given(st.lists(st.tuples(events | texts, st.lists(bodies, max_size=2) | st.tuples(bodies)), max_size=6))
async def test_every_event_is_answered(cast: Cast, server: str, sent: list[Any]) -> None:
    async with raw_websocket(server, cast.bob.token) as websocket:
        for name, arguments in sent:
            ack = await ack_of(websocket, "421" + json.dumps([name, *arguments]))
            assert ack["ok"] or ack["problem"]["code"] not in {"internal", "unavailable"}


@SETTINGS
@given(st.lists(st.tuples(st.sampled_from([*ROUTES.values()]), st.integers(0, 3), bodies), max_size=6))
async def test_every_request_is_answered(cast: Cast, sent: list[Any]) -> None:
    for (method, path), number, body in sent:
        answer = await cast.bob.request(
            method,
            path.format(chat_id=number, message_id=number),
            content=json.dumps(body),
            headers={"Content-Type": "application/json"},
        )
        assert answer.status_code < 500
        assert answer.is_success or answer.json()["code"]
