"""What happens to sockets themselves."""

from dataclasses import dataclass

from thespace.core.events import Event
from thespace.core.schemas import Output


class ConnectedBody(Output):
    """`epoch` changes when the database was restored; `cursor` is where `heartbeat` starts from."""

    epoch: str
    cursor: str
    user_id: int


class ViewerBody(Output):
    chat_id: int
    user_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected(Event):
    """This socket has entered all its rooms: what happens from now on is told."""

    body: ConnectedBody


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewerJoined(Event):
    """Somebody looks at a chat whose room this socket is in."""

    body: ViewerBody


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewerLeft(Event):
    """Somebody looks at it no longer, with any of their sockets."""

    body: ViewerBody
