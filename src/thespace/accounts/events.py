"""What happened to accounts."""

from dataclasses import dataclass

from thespace.core.events import Event
from thespace.core.ids import SessionId
from thespace.core.schemas import Output


class SessionEndedBody(Output):
    session_id: SessionId


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionEnded(Event):
    """A login session is over, by its person's wish or because its refresh token was copied."""

    body: SessionEndedBody
