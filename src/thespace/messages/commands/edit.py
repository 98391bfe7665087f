"""Editing messages."""

from collections.abc import Sequence
from datetime import datetime

from thespace.core.ids import ChatId
from thespace.db.coalesce import Attempt
from thespace.messages.batch import Batch
from thespace.messages.changes import Edit
from thespace.messages.errors import NotAuthor
from thespace.messages.events import MessageEdited
from thespace.messages.schemas import MessageOut
from thespace.spaces.policy import Permission


async def edit_messages(batch: Batch, attempts: Sequence[Attempt[Edit]]) -> None:
    """Replace contents, keeping the previous versions; the same content changes nothing.

    Only for the author, who needs `edit_own_messages`; tombstones stay.
    """
    versions: list[tuple[int, str | None, datetime]] = []
    edited: list[MessageOut] = []

    def decide(attempt: Attempt[Edit]) -> MessageOut:
        change = attempt.change
        access, message = batch.target(change.actor, change.message_id)
        if message.author.id != change.actor.user_id:
            raise NotAuthor
        access.require(Permission.EDIT_OWN_MESSAGES)
        access, message = batch.living_target(change.actor, change.message_id)
        if message.content != change.content:
            versions.append((message.id, message.content, message.edited_at or message.created_at))
            _, revision = batch.held.take(ChatId(message.chat_id))
            attempt.taken = revision
            update = {"revision": revision, "content": change.content, "edited_at": batch.now}
            message = message.model_copy(update=update)
            batch.revise(message)
            edited.append(message)
        elif attempt.unheard == message.revision:
            batch.emit(MessageEdited, message)
        own = batch.reactions.under(message.id, change.actor.user_id)
        return message.model_copy(update={"reactions": own})

    batch.decide(attempts, decide)
    if edited:
        await batch.uow.execute(batch.sql.insert_versions, batch.sql.versions.bind(versions))
        # Of one message edited twice in a batch the last stands.
        latest = {m.id: (m.id, m.revision, m.content, m.edited_at) for m in edited}
        await batch.uow.execute(batch.sql.update_edited, batch.sql.edited.bind(list(latest.values())))
    for message in edited:
        batch.emit(MessageEdited, message)
