"""Puts the changes of each chat into the order of their revisions.

Commits are ordered, but not what runs after them: two tasks may publish in the other order. Each inversion
would make every client of a chat fetch, so a later change waits a moment for the one before it.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from thespace.realtime.wire import Envelope

HOLD_SECONDS = 0.1
MAX_CHATS = 10_000


@dataclass(slots=True)
class _Chat:
    delivered: int | None = None
    held: dict[int, Envelope] = field(default_factory=dict)
    is_waiting: bool = False


class Sequencer:
    """Releases envelopes in order. `call_later(seconds, function, chat_id)` is the event loop's timer."""

    def __init__(self, release: Callable[[Envelope], None], call_later: Callable[..., object]) -> None:
        self._release = release
        self._call_later = call_later
        self._chats: OrderedDict[int, _Chat] = OrderedDict()

    def accept(self, envelope: Envelope) -> None:
        """Release an envelope now, or as soon as what comes before it is there, or after HOLD_SECONDS.

        What comes too late, or before it is known where a chat stands, is let through or held once; clients
        drop what they have.
        """
        if envelope.chat_id is None or envelope.revision is None:
            return self._release(envelope)
        chat = self._chat(envelope.chat_id)
        if chat.delivered is not None and envelope.revision <= chat.delivered:
            return self._release(envelope)
        chat.held[envelope.revision] = envelope
        self._release_consecutive(chat)
        if chat.held and not chat.is_waiting:
            chat.is_waiting = True
            self._call_later(HOLD_SECONDS, self._give_up, envelope.chat_id)

    def _chat(self, chat_id: int) -> _Chat:
        chat = self._chats.setdefault(chat_id, _Chat())
        self._chats.move_to_end(chat_id)
        if len(self._chats) > MAX_CHATS:
            oldest = next(iter(self._chats))
            if not self._chats[oldest].held:
                del self._chats[oldest]
        return chat

    def _release_consecutive(self, chat: _Chat) -> None:
        while chat.delivered is not None and (following := chat.held.pop(chat.delivered + 1, None)):
            chat.delivered += 1
            self._release(following)

    def _give_up(self, chat_id: int) -> None:
        """Release all that waits: what is missing died with its process, or will come too late."""
        chat = self._chats[chat_id]
        chat.is_waiting = False
        for revision in sorted(chat.held):
            chat.delivered = revision
            self._release(chat.held[revision])
        chat.held.clear()
