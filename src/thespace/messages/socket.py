"""Socket.IO events of messages: the same commands as the routes."""

from thespace.chats.schemas import ChatRef
from thespace.core.ids import ChatId, MessageId
from thespace.core.limits import Limits
from thespace.core.schemas import Id, Input
from thespace.db.database import Database
from thespace.messages import events
from thespace.messages.batcher import Batcher
from thespace.messages.limits import SENDS
from thespace.messages.reading import mark_read
from thespace.messages.schemas import (
    Deleted,
    Duplicate,
    MessageOut,
    MessagesChanged,
    NewContent,
    NewMessage,
    NewReaction,
    ReactionBody,
    ReactionResult,
    ReadMarker,
    ReadUpTo,
)
from thespace.realtime.connection import Connection
from thespace.realtime.wire import Wire


class MessageRef(Input):
    message_id: Id


class SendMessage(NewMessage, ChatRef):
    pass


class EditMessage(NewContent, MessageRef):
    pass


class AddReaction(NewReaction, MessageRef):
    pass


class MarkRead(ReadUpTo, ChatRef):
    pass


def register(wire: Wire, database: Database, batcher: Batcher, limits: Limits) -> None:
    """Name the events of this domain and say who handles them."""

    async def on_send(connection: Connection, body: SendMessage) -> MessageOut | Duplicate:
        """Send a message. With a nonce that was stored before: where it was stored."""
        limits.hit(SENDS, connection.actor.user_id, body.chat_id)
        return await batcher.send(connection.actor, ChatId(body.chat_id), body)

    async def on_edit(connection: Connection, body: EditMessage) -> MessageOut:
        """Replace one's own message's content; the previous version is kept."""
        return await batcher.edit(connection.actor, MessageId(body.message_id), body.content)

    async def on_delete(connection: Connection, body: MessageRef) -> Deleted:
        """Leave a tombstone; again: nothing."""
        return await batcher.delete(connection.actor, MessageId(body.message_id))

    async def on_react(connection: Connection, body: AddReaction) -> ReactionResult:
        """Add one's reaction or take it back; without `on`: the other of the two."""
        return await batcher.react(connection.actor, MessageId(body.message_id), body)

    async def on_read(connection: Connection, body: MarkRead) -> ReadMarker:
        """Mark a chat as read up to a seq; never goes back."""
        return await database.write(mark_read, connection.actor, ChatId(body.chat_id), body.seq)

    wire.client_event("send_message", SendMessage, on_send)
    wire.client_event("edit_message", EditMessage, on_edit)
    wire.client_event("delete_message", MessageRef, on_delete)
    wire.client_event("add_reaction", AddReaction, on_react)
    wire.client_event("mark_read", MarkRead, on_read)

    wire.server_event("new_message", events.MessageSent, MessageOut)
    wire.server_event("message_edited", events.MessageEdited, MessageOut)
    wire.server_event("message_deleted", events.MessageDeleted, MessageOut)
    wire.server_event("reaction_added", events.ReactionAdded, ReactionBody)
    wire.server_event("reaction_removed", events.ReactionRemoved, ReactionBody)
    wire.server_event("messages_changed", events.TimelineCaughtUp, MessagesChanged)
    wire.server_event("read_marker", events.ReadMarkerMoved, ReadMarker)
