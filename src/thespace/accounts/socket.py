"""What sockets are told about accounts."""

from thespace.accounts.events import SessionEnded, SessionEndedBody
from thespace.realtime.wire import Wire


def register(wire: Wire) -> None:
    """Name the server events of this domain."""
    wire.server_event("session_ended", SessionEnded, SessionEndedBody)
