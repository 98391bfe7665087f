"""What a chat looks like, and what was told about it."""

from typing import Any

from tests.cast import Visitor
from thespace.core.events import Event
from thespace.realtime.events import Connected


async def page_of(who: Visitor, chat_id: int, **query: int) -> Any:
    answer = await who.get(f"/messages/{chat_id}", params={"limit": 100} | query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def message_of(who: Visitor, chat_id: int, message_id: int) -> Any:
    [message] = [m for m in (await page_of(who, chat_id))["messages"] if m["id"] == message_id]
    return message


def names_of(told: list[Event]) -> list[str]:
    """Return what kinds of events were told, sorted, besides that sockets connected."""
    return sorted(type(event).__name__ for event in told if not isinstance(event, Connected))


def body_of(told: list[Event], name: str) -> Any:
    """Return the body of the one event of a kind."""
    [body] = [event.body.model_dump(mode="json") for event in told if type(event).__name__ == name]
    return body
