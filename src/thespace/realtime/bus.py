"""The bus carries envelopes from the process that committed them to every process with sockets for them."""

from collections.abc import Callable

from thespace.realtime.wire import Envelope

Receive = Callable[[Envelope], None]


class MemoryBus:
    """A bus for one process: what is published arrives at once, in order."""

    def __init__(self) -> None:
        self._receivers: list[Receive] = []

    def subscribe(self, receive: Receive) -> None:
        """Let a function receive every envelope from now on."""
        self._receivers.append(receive)

    def publish(self, envelope: Envelope) -> None:
        """Hand an envelope to all receivers."""
        for receive in self._receivers:
            receive(envelope)
