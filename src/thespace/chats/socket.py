"""Socket.IO events of chats: who looks at one, who types."""

from dataclasses import dataclass

from thespace.accounts.queries import find_person
from thespace.accounts.schemas import Person
from thespace.chats.access import access_chat, audience_of
from thespace.chats.events import ChatBody, ChatCreated, ChatDeleted, ChatDeletedBody, ChatUpdated
from thespace.chats.schemas import ChatRef
from thespace.core.actor import Actor
from thespace.core.errors import NotFound
from thespace.core.events import Audience, Event
from thespace.core.ids import ChatId
from thespace.core.schemas import Output
from thespace.db.database import Database
from thespace.db.unit_of_work import Reader
from thespace.realtime.connection import Connection
from thespace.realtime.events import ViewerBody, ViewerJoined, ViewerLeft
from thespace.realtime.server import Realtime


class Joined(Output):
    """A chat one looks at now, and who else does."""

    chat_id: int
    revision: int
    viewers: list[int]


class TypingBody(Output):
    chat_id: int
    user: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomJoined(Event):
    """The answer to `join_room`, for who listens to events only."""

    body: Joined


@dataclass(frozen=True, slots=True, kw_only=True)
class Typing(Event):
    """Somebody writes in a chat whose room this socket is in."""

    body: TypingBody


def register(realtime: Realtime, database: Database) -> None:
    """Name the events of this domain and say who handles them."""
    rooms = realtime.rooms

    async def on_join(connection: Connection, body: ChatRef) -> Joined:
        """Look at a chat: hear who else does, and who types."""
        chat_id = ChatId(body.chat_id)
        access = await database.read(access_chat, connection.actor, chat_id)
        if await rooms.look_at(connection, chat_id, audience_of(access.space.space_id)):
            realtime.tell(ViewerJoined(audience=Audience.view(chat_id), body=_viewer(connection, chat_id)))
        joined = Joined(chat_id=chat_id, revision=access.revision, viewers=rooms.viewers(chat_id))
        realtime.tell(RoomJoined(audience=Audience.socket(connection.sid), body=joined))
        return joined

    async def on_leave(connection: Connection, body: ChatRef) -> None:
        """Look at it no longer."""
        if await rooms.look_away(connection, body.chat_id):
            chat_id = ChatId(body.chat_id)
            realtime.tell(ViewerLeft(audience=Audience.view(chat_id), body=_viewer(connection, chat_id)))

    async def on_typing(connection: Connection, body: ChatRef) -> None:
        """Tell who looks at the chat that one writes; every few seconds while one does."""
        if body.chat_id not in connection.views:
            raise NotFound("Join the chat's room first.")
        # What one looks at is left when the event of leaving is delivered; permissions end with the commit.
        person = await database.read(_typist, connection.actor, ChatId(body.chat_id))
        audience = Audience.view(ChatId(body.chat_id))
        realtime.tell(Typing(audience=audience, body=TypingBody(chat_id=body.chat_id, user=person)))

    realtime.wire.client_event("join_room", ChatRef, on_join)
    realtime.wire.client_event("leave_room", ChatRef, on_leave)
    realtime.wire.client_event("typing", ChatRef, on_typing)

    realtime.wire.server_event("joined_room", RoomJoined, Joined)
    realtime.wire.server_event("typing", Typing, TypingBody)
    realtime.wire.server_event("chat_created", ChatCreated, ChatBody)
    realtime.wire.server_event("chat_updated", ChatUpdated, ChatBody)
    realtime.wire.server_event("chat_deleted", ChatDeleted, ChatDeletedBody)


async def _typist(db: Reader, actor: Actor, chat_id: ChatId) -> Person:
    await access_chat(db, actor, chat_id)
    return await find_person(db, actor.user_id)


def _viewer(connection: Connection, chat_id: ChatId) -> ViewerBody:
    return ViewerBody(chat_id=chat_id, user_id=connection.actor.user_id)
