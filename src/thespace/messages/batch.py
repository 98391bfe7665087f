"""One batch of changes while it is worked out: what is held, what is known, and the answers so far."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from thespace.chats.access import ChatAccess
from thespace.chats.timelines import HeldTimelines
from thespace.core.actor import Actor
from thespace.core.errors import DomainError, NotFound
from thespace.core.events import ChatChanged
from thespace.core.ids import ChatId, MessageId
from thespace.db.coalesce import Attempt
from thespace.db.unit_of_work import UnitOfWork
from thespace.messages.errors import MessageIsDeleted
from thespace.messages.queries import Reactions, message_of
from thespace.messages.schemas import MessageOut
from thespace.messages.statements import Statements


@dataclass(slots=True)
class Batch:
    """What the set-wise commands share. `targets` are as they will be after what was decided so far;
    `quoting` are those of them that answer a message.
    """

    uow: UnitOfWork
    held: HeldTimelines
    sql: Statements
    now: datetime
    targets: dict[MessageId, MessageOut] = field(default_factory=dict)
    quoting: defaultdict[MessageId, list[MessageId]] = field(default_factory=lambda: defaultdict(list))
    reactions: Reactions = field(default_factory=Reactions)
    answers: dict[Attempt[Any], Any] = field(default_factory=dict)

    async def load_targets(self, attempts: Sequence[Attempt[Any]]) -> None:
        """Read the messages that changes are about, and the reactions under them."""
        if not attempts:
            return
        ids = self.sql.ids.bind(sorted({(attempt.change.message_id,) for attempt in attempts}))
        readers = self.sql.readers.bind(sorted({(attempt.change.actor.user_id,) for attempt in attempts}))
        rows = await self.uow.rows(self.sql.find_messages, ids)
        self.reactions = Reactions(await self.uow.rows(self.sql.find_reactions, ids | readers))
        self.targets = {row.message_id: message_of(row, self.reactions.under(row.message_id)) for row in rows}
        for message_id, message in self.targets.items():
            if message.reply_to is not None:
                self.quoting[MessageId(message.reply_to.id)].append(message_id)

    def revise(self, message: MessageOut) -> None:
        """Let a target say what it says now, and those that answer it quote that."""
        self.targets[MessageId(message.id)] = message
        for message_id in self.quoting[MessageId(message.id)]:
            answer = self.targets[message_id]
            if answer.reply_to is not None:
                reply_to = answer.reply_to.quoting(message.content, is_deleted=message.deleted_at is not None)
                self.targets[message_id] = answer.model_copy(update={"reply_to": reply_to})

    def target(self, actor: Actor, message_id: MessageId) -> tuple[ChatAccess, MessageOut]:
        """Return a message and the actor's access to it; raises NotFound for who may not read it."""
        message = self.targets.get(message_id)
        if message is None:
            raise NotFound
        return self.held.access(actor, ChatId(message.chat_id)), message

    def living_target(self, actor: Actor, message_id: MessageId) -> tuple[ChatAccess, MessageOut]:
        """Return a message that is no tombstone; raises MessageIsDeleted otherwise."""
        access, message = self.target(actor, message_id)
        if message.deleted_at is not None:
            raise MessageIsDeleted
        return access, message

    def decide(self, attempts: Sequence[Attempt[Any]], decide: Callable[[Attempt[Any]], Any]) -> None:
        """Answer each attempt with what `decide` returns or refuses; one that is refused fails alone."""
        for attempt in attempts:
            try:
                self.answers[attempt] = decide(attempt)
            except DomainError as refusal:
                self.answers[attempt] = refusal

    def emit(self, kind: type[ChatChanged], message: MessageOut) -> None:
        """Tell everybody who may read the chat what a message is now."""
        chat_id = ChatId(message.chat_id)
        self.uow.emit(
            kind(
                audience=self.held.audience(chat_id), chat_id=chat_id, revision=message.revision, body=message
            )
        )
