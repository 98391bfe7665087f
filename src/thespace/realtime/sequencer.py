"""Puts the changes of each chat into the order of their revisions.

Commits are ordered, but not what runs after them: two tasks may publish in the other order, and a process may
die between its commit and its publishing. Each inversion would make every client of a chat fetch, so a later
change waits a moment for the one before it; what does not come is read from the database, once for everybody.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from thespace.realtime.wire import Envelope

HOLD_SECONDS = 0.1
MAX_CHATS = 10_000


@dataclass(slots=True)
class _Chat:
    """`delivered` is the last revision released, None for a chat not seen before; `known` is the
    database's.

    While a gap `is_half_read`, messages that changed again later are missing, so that nothing may be released
    that builds on them.
    """

    delivered: int | None = None
    known: int = 0
    held: dict[int, Envelope] = field(default_factory=dict)
    is_waiting: bool = False
    is_half_read: bool = False


class Sequencer:
    """Releases envelopes in order.

    `call_later(seconds, function, chat_id)` is the event loop's timer. `read_gap(chat_id, since)` has what
    changed after a revision read; it is answered by `caught_up`, or by `give_up` when it cannot be read.
    """

    def __init__(
        self,
        release: Callable[[Envelope], None],
        call_later: Callable[..., object],
        read_gap: Callable[[int, int], None],
    ) -> None:
        self._release = release
        self._call_later = call_later
        self._read_gap = read_gap
        self._chats: OrderedDict[int, _Chat] = OrderedDict()

    def accept(self, envelope: Envelope) -> None:
        """Release an envelope now, or as soon as what comes before it is there or was read.

        What comes too late is let through: clients drop what they have. The first change of a chat not seen
        before is held once, because nothing tells whether it is the first.
        """
        if envelope.chat_id is None or envelope.revision is None:
            return self._release(envelope)
        chat = self._chat(envelope.chat_id)
        if chat.delivered is not None and envelope.revision <= chat.delivered:
            return self._release(envelope)
        chat.held[envelope.revision] = envelope
        self._release_consecutive(chat)
        if chat.held:
            self._wait(envelope.chat_id, chat)

    def notice(self, chat_id: int, revision: int) -> None:
        """Learn where the database says a chat stands; what is not told in a moment was never published."""
        chat = self._chat(chat_id)
        chat.known = revision
        if chat.delivered is None and not chat.held:
            chat.delivered = revision
        elif chat.delivered is not None and chat.delivered < revision:
            self._wait(chat_id, chat)

    def caught_up(self, envelope: Envelope, chat_id: int, revision: int, *, has_more: bool = False) -> None:
        """Release what was read of a gap, up to `revision`; then read on, or release what follows."""
        chat = self._chats[chat_id]
        if chat.delivered is None or revision <= chat.delivered:
            return self.give_up(chat_id)  # the gap is none of the database's
        self._release(envelope)
        chat.delivered = revision
        chat.held = {held: each for held, each in chat.held.items() if held > revision}
        chat.is_half_read = has_more
        if has_more:
            self._read_gap(chat_id, revision)
        else:
            self._look_again(chat_id)

    def give_up(self, chat_id: int) -> None:
        """Release all that waits, in order: clients will find the gap, and fetch.

        Of a half-read gap they would not: what waits is then forgotten, and the next change has it read on.
        """
        chat = self._chats[chat_id]
        chat.is_waiting = False
        if chat.is_half_read:
            chat.held.clear()
        for revision in sorted(chat.held):
            chat.delivered = revision
            self._release(chat.held[revision])
        chat.held.clear()

    def _wait(self, chat_id: int, chat: _Chat) -> None:
        if not chat.is_waiting:
            chat.is_waiting = True
            self._call_later(HOLD_SECONDS, self._look_again, chat_id)

    def _look_again(self, chat_id: int) -> None:
        chat = self._chats[chat_id]
        if chat.delivered is None:
            chat.delivered = min(chat.held) - 1
        self._release_consecutive(chat)
        if chat.held or chat.delivered < chat.known:
            self._read_gap(chat_id, chat.delivered)
        else:
            chat.is_waiting = False

    def _chat(self, chat_id: int) -> _Chat:
        chat = self._chats.setdefault(chat_id, _Chat())
        self._chats.move_to_end(chat_id)
        while len(self._chats) > MAX_CHATS and not next(iter(self._chats.values())).is_waiting:
            self._chats.popitem(last=False)
        return chat

    def _release_consecutive(self, chat: _Chat) -> None:
        if chat.is_half_read:
            return
        while chat.delivered is not None and (following := chat.held.pop(chat.delivered + 1, None)):
            chat.delivered += 1
            self._release(following)
