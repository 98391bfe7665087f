"""Deleting messages."""

from collections.abc import Sequence

from thespace.core.ids import ChatId
from thespace.db.coalesce import Attempt
from thespace.messages.batch import Batch
from thespace.messages.changes import Delete
from thespace.messages.events import MessageDeleted
from thespace.messages.schemas import Deleted, MessageOut
from thespace.spaces.policy import Permission


async def delete_messages(batch: Batch, attempts: Sequence[Attempt[Delete]]) -> None:
    """Leave tombstones: content, versions, reactions are gone for good; deleting again changes nothing.

    Needs `delete_own_messages` for one's own, or `delete_any_messages`.
    """
    gone: list[MessageOut] = []

    def decide(attempt: Attempt[Delete]) -> Deleted:
        change = attempt.change
        access, message = batch.target(change.actor, change.message_id)
        is_own = message.author.id == change.actor.user_id
        if not (is_own and Permission.DELETE_OWN_MESSAGES in access.space.authority.permissions):
            access.require(Permission.DELETE_ANY_MESSAGES)
        if message.deleted_at is None:
            message = _tombstone(batch, message)
            attempt.taken = message.revision
            batch.revise(message)
            gone.append(message)
        elif attempt.unheard == message.revision:
            batch.emit(MessageDeleted, message)
        return Deleted(id=message.id, chat_id=message.chat_id, revision=message.revision)

    batch.decide(attempts, decide)
    if gone:
        ids = batch.sql.ids.bind([(message.id,) for message in gone])
        await batch.uow.execute(batch.sql.delete_versions, ids)
        await batch.uow.execute(batch.sql.delete_all_reactions, ids)
        rows = [(message.id, message.revision, message.deleted_at) for message in gone]
        await batch.uow.execute(batch.sql.update_deleted, batch.sql.deleted.bind(rows))
    for message in gone:
        batch.emit(MessageDeleted, message)


def _tombstone(batch: Batch, message: MessageOut) -> MessageOut:
    _, revision = batch.held.take(ChatId(message.chat_id))
    return message.model_copy(
        update={
            "revision": revision,
            "content": None,
            "reply_to": None,
            "attachments": [],
            "reactions": [],
            "mentions": [],
            "edited_at": None,
            "deleted_at": batch.now,
        }
    )
