"""The one way into timelines: every change of every chat in this process goes through here."""

import secrets
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from thespace.chats.timelines import Timelines
from thespace.core.actor import Actor
from thespace.core.clock import now
from thespace.core.errors import NotFound
from thespace.core.ids import ChatId, MessageId
from thespace.db.coalesce import Attempt, Coalescer, Deferred, Lane
from thespace.db.database import Database
from thespace.db.unit_of_work import UnitOfWork
from thespace.messages.batch import Batch
from thespace.messages.changes import Change, Delete, Edit, React, Send
from thespace.messages.commands.delete import delete_messages
from thespace.messages.commands.edit import edit_messages
from thespace.messages.commands.react import react_to_messages
from thespace.messages.commands.send import send_messages
from thespace.messages.schemas import Deleted, Duplicate, MessageOut, NewMessage, NewReaction, ReactionResult
from thespace.messages.statements import Statements

MAX_PLACES = 50_000
C = TypeVar("C", bound=Change)


class Batcher:
    """Answers when a change is committed, or raises why it was refused."""

    def __init__(self, database: Database) -> None:
        self._timelines = Timelines(database.dialect)
        self._sql = Statements(database.dialect)
        # A message never changes its chat, so that what was read once stays true.
        self._places: OrderedDict[MessageId, ChatId] = OrderedDict()
        self.coalescer: Coalescer[Change] = Coalescer(database, self._write, self._lanes_of)

    async def send(self, actor: Actor, chat_id: ChatId, new: NewMessage) -> MessageOut | Duplicate:
        """Append a message to a chat, or tell where its nonce was stored before."""
        # Every row has a nonce, so that a COMMIT whose answer was lost can be repeated and finds itself.
        change = Send(actor, chat_id, new, new.nonce or f"~{secrets.token_hex(16)}")
        answer: MessageOut | Duplicate = await self.coalescer.submit(change)
        return answer

    async def edit(self, actor: Actor, message_id: MessageId, content: str) -> MessageOut:
        """Replace a message's content, keeping the previous version."""
        answer: MessageOut = await self.coalescer.submit(Edit(actor, message_id, content))
        return answer

    async def delete(self, actor: Actor, message_id: MessageId) -> Deleted:
        """Leave a tombstone."""
        answer: Deleted = await self.coalescer.submit(Delete(actor, message_id))
        return answer

    async def react(self, actor: Actor, message_id: MessageId, new: NewReaction) -> ReactionResult:
        """Add or take back a reaction."""
        answer: ReactionResult = await self.coalescer.submit(React(actor, message_id, new.emoji, new.on))
        return answer

    async def close(self) -> None:
        """Wait until everything submitted is answered."""
        await self.coalescer.close()

    async def _write(self, uow: UnitOfWork, attempts: Sequence[Attempt[Change]], *, wait: bool) -> list[Any]:
        chats = await self._chats_of(uow, attempts)
        asked = [(attempt.change.actor.user_id, chat_id) for attempt, chat_id in chats.items()]
        held = await self._timelines.hold(uow, asked, wait=wait)
        batch = Batch(uow, held, self._sql, now())
        ready = [attempt for attempt in attempts if not _is_put_off(batch, attempt, chats.get(attempt))]
        # Requests of one batch have no order among them; what is deleted wins.
        await send_messages(batch, _of(Send, ready))
        await batch.load_targets([attempt for attempt in ready if not isinstance(attempt.change, Send)])
        await delete_messages(batch, _of(Delete, ready))
        await edit_messages(batch, _of(Edit, ready))
        await react_to_messages(batch, _of(React, ready))
        await self._timelines.save(uow, held)
        return [batch.answers[attempt] for attempt in attempts]

    async def _chats_of(
        self, uow: UnitOfWork, attempts: Iterable[Attempt[Change]]
    ) -> dict[Attempt[Change], ChatId]:
        """Return the chats that changes belong to; the change of a message that never was is left out."""
        changed = {attempt.change.message_id for attempt in attempts if not isinstance(attempt.change, Send)}
        places = {id_: self._places[id_] for id_ in changed if id_ in self._places}
        if unknown := sorted(changed - places.keys()):
            rows = await uow.rows(self._sql.find_places, self._sql.ids.bind([(id_,) for id_ in unknown]))
            found = {MessageId(row.id): ChatId(row.chat_id) for row in rows}
            places |= found
            self._places.update(found)
        while len(self._places) > MAX_PLACES:
            self._places.popitem(last=False)
        return {
            attempt: chat_id
            for attempt in attempts
            if (chat_id := _chat_of(attempt.change, places)) is not None
        }

    def _lanes_of(self, change: Change) -> Iterator[Lane]:
        chat_id = _chat_of(change, self._places)
        if chat_id is None:
            return
        yield "chat", chat_id
        if space_id := self._timelines.home_of(chat_id):
            yield "space", space_id


def _chat_of(change: Change, places: Mapping[MessageId, ChatId]) -> ChatId | None:
    return change.chat_id if isinstance(change, Send) else places.get(change.message_id)


def _is_put_off(batch: Batch, attempt: Attempt[Change], chat_id: ChatId | None) -> bool:
    if chat_id is None:
        batch.answers[attempt] = NotFound()
    elif space_id := batch.held.busy.get(chat_id):
        batch.answers[attempt] = Deferred(("space", space_id))
    return attempt in batch.answers


def _of(kind: type[C], attempts: Sequence[Attempt[Change]]) -> list[Attempt[C]]:
    return [attempt for attempt in attempts if isinstance(attempt.change, kind)]  # type: ignore[misc]
