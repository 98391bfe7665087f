"""The registry of what travels over a socket: names, shapes, handlers."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel

from thespace.core.events import Audience, ChatChanged, Event, MembershipChanged
from thespace.realtime.connection import Connection

Body = TypeVar("Body", bound=BaseModel)
Handler = Callable[[Connection, Any], Awaitable[BaseModel | None]]


@dataclass(frozen=True, slots=True)
class ServerEvent:
    """An event the server sends: its name on the wire, and the shape of its body."""

    name: str
    body: type[BaseModel]


@dataclass(frozen=True, slots=True)
class ClientEvent:
    """An event a client sends: its name, its body, and who handles it."""

    name: str
    body: type[BaseModel]
    handler: Handler


@dataclass(frozen=True, slots=True)
class Envelope:
    """A committed event, ready for the bus: addressed, named and reduced to JSON values."""

    name: str
    audience: Audience
    data: dict[str, Any]
    chat_id: int | None = None
    revision: int | None = None
    user_id: int | None = None
    joined: bool = False
    closes: Audience | None = None


class Wire:
    """All events there are, by domain."""

    def __init__(self) -> None:
        self.server_events: dict[type[Event], ServerEvent] = {}
        self.client_events: dict[str, ClientEvent] = {}

    def server_event(self, name: str, event: type[Event], body: type[BaseModel]) -> None:
        """Name an event; several kinds may share a name and a shape."""
        self.server_events[event] = ServerEvent(name, body)

    def client_event(
        self,
        name: str,
        body: type[Body],
        handler: Callable[[Connection, Body], Awaitable[BaseModel | None]],
    ) -> None:
        """Say who handles what clients send under a name; what the handler returns is the ack's data."""
        self.client_events[name] = ClientEvent(name, body, handler)

    def envelope(self, event: Event) -> Envelope:
        """Return an event's envelope; raises KeyError for an event that no domain has named."""
        changed = event if isinstance(event, ChatChanged) else None
        moved = event if isinstance(event, MembershipChanged) else None
        return Envelope(
            name=self.server_events[type(event)].name,
            audience=event.audience,
            data=event.body.model_dump(mode="json"),
            chat_id=changed.chat_id if changed else None,
            revision=changed.revision if changed else None,
            user_id=moved.user_id if moved else None,
            joined=moved.joined if moved else False,
            closes=event.closes,
        )
