"""How fast one person may write into one chat."""

import pytest

from tests.cast import Cast
from tests.messages.conftest import Quiet
from tests.messages.doors import Door
from thespace.app import Application
from thespace.core.limits import Limits
from thespace.messages.limits import SENDS


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(application: Application, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Turns the limits on, with a clock of their own."""
    clock = Clock()
    limits = application.limits
    monkeypatch.setattr(limits, "_enabled", True)
    monkeypatch.setattr(limits, "_clock", clock)
    assert isinstance(limits, Limits)
    return clock


async def test_sends_are_limited_per_person_and_chat_and_lose_nothing(
    door: Door, cast: Cast, clock: Clock, nothing_happens: Quiet
) -> None:
    body = {"chat_id": cast.chat_id, "content": "Hello"}
    for _ in range(SENDS.times):
        assert (await door(cast.bob, "send_message", **body)).code is None
    async with nothing_happens():
        refused = await door(cast.bob, "send_message", **body, nonce="n")
    assert (refused.code, refused.problem["retryable"]) == ("rate_limited", True)
    assert refused.problem["params"] == {"retry_after_seconds": SENDS.seconds}

    chat = (await cast.alice.post(f"/spaces/{cast.space_id}/chats", {"name": "other"})).json()
    assert (await door(cast.bob, "send_message", chat_id=chat["id"], content="Hello")).code is None
    assert (await door(cast.carol, "send_message", **body)).code is None
    clock.now += SENDS.seconds
    assert (await door(cast.bob, "send_message", **body, nonce="n")).data["seq"] == SENDS.times + 2


@pytest.mark.usefixtures("clock")
async def test_both_doors_share_one_limit_and_http_says_when_to_retry(cast: Cast, server: str) -> None:
    async with cast.bob.socket(server) as socket:
        for number in range(SENDS.times):
            body = {"content": f"number {number}"}
            if number % 2:
                ack = await socket.call("send_message", {"chat_id": cast.chat_id} | body)
                assert ack["ok"]
            else:
                await cast.bob.say(cast.chat_id, **body)
        ack = await socket.call("send_message", {"chat_id": cast.chat_id, "content": "too much"})
        assert ack["problem"]["code"] == "rate_limited"
    answer = await cast.bob.post(f"/messages/{cast.chat_id}", {"content": "too much"})
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == str(SENDS.seconds)
