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
    body: ConnectedBody


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewerJoined(Event):
    body: ViewerBody


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewerLeft(Event):
    body: ViewerBody
