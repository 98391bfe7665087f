"""Which sockets belong to which audience. A person's sockets follow what they belong to, at once."""

from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Sequence

from socketio import AsyncManager

from thespace.core.actor import Actor
from thespace.core.errors import NotFound
from thespace.core.events import Audience, AudienceKind
from thespace.core.ids import ChatId, UserId
from thespace.realtime.connection import Connection

NAMESPACE = "/"
AudiencesOf = Callable[[Actor], Awaitable[Sequence[Audience]]]
"""Reads what an actor belongs to, or raises SessionEnded; the composition root provides it."""


class Rooms:
    """The connections of this process, and the rooms they are in."""

    def __init__(self, manager: AsyncManager, audiences_of: AudiencesOf) -> None:
        self._manager = manager
        self._audiences_of = audiences_of
        self._by_sid: dict[str, Connection] = {}
        self._by_user: defaultdict[UserId, set[Connection]] = defaultdict(set)
        self._viewers: defaultdict[int, Counter[UserId]] = defaultdict(Counter)

    def get(self, sid: str) -> Connection | None:
        """Return the connection of a socket."""
        return self._by_sid.get(sid)

    def add(self, sid: str, actor: Actor) -> Connection:
        """Remember a new connection."""
        connection = Connection(sid, actor)
        self._by_sid[sid] = connection
        self._by_user[actor.user_id].add(connection)
        return connection

    async def enter_all(self, connection: Connection) -> None:
        """Enter the rooms of everything the person belongs to; raises SessionEnded for whose session is over.

        One's own rooms come first: a session that ends after the database was read finds its socket there.
        When the person is moved meanwhile, the database is read again before any room is entered.
        """
        await self._enter(connection, Audience.user(connection.actor.user_id))
        await self._enter(connection, Audience.session(connection.actor.session_id))
        moves = -1
        while moves != connection.moves:
            moves = connection.moves
            audiences = await self._audiences_of(connection.actor)
        for audience in audiences:
            await self._enter(connection, audience)

    def remove(self, sid: str) -> list[int]:
        """Forget a connection, whose rooms Socket.IO empties; return the chats it was the last view of."""
        connection = self._by_sid.pop(sid, None)
        if connection is None:
            return []
        mine = self._by_user[connection.actor.user_id]
        mine.discard(connection)
        if not mine:
            del self._by_user[connection.actor.user_id]
        connection.audiences.clear()
        return [chat_id for chat_id in list(connection.views) if self._forget_view(connection, chat_id)]

    async def move(self, user_id: UserId, audience: Audience, *, joined: bool) -> None:
        """Let a person's sockets enter an audience, or leave it and what lies below it."""
        for connection in list(self._by_user.get(user_id, ())):
            connection.moves += 1
            if joined:
                await self._enter(connection, audience)
            else:
                await self._leave(connection, audience)

    async def close(self, audience: Audience) -> None:
        """Empty an audience that ceases to be, and what lies below it."""
        for connection in self.members(audience):
            await self._leave(connection, audience)

    def spaces(self) -> set[int]:
        """Return the spaces that any socket is in."""
        return {space_id for connection in self._by_sid.values() for space_id in connection.spaces()}

    def members(self, audience: Audience) -> list[Connection]:
        """Return the connections in an audience's room."""
        participants = self._manager.get_participants(NAMESPACE, str(audience))
        return [self._by_sid[sid] for sid, _ in participants if sid in self._by_sid]

    async def look_at(self, connection: Connection, chat_id: int, home: Audience) -> bool:
        """Enter a chat's view; tell whether the person was not looking at it with any socket before.

        `home` is the audience that may read the chat. Raises NotFound for who has left it since it was asked
        for.
        """
        if home not in connection.audiences:
            # Just joined, and the event that moves this socket is still on its way.
            await self.enter_all(connection)
        if home not in connection.audiences:
            raise NotFound
        if chat_id in connection.views:
            return False
        connection.views[chat_id] = home
        await self._enter(connection, Audience.view(ChatId(chat_id)))
        viewers = self._viewers[chat_id]
        viewers[connection.actor.user_id] += 1
        return viewers[connection.actor.user_id] == 1

    async def look_away(self, connection: Connection, chat_id: int) -> bool:
        """Leave a chat's view; tell whether the person no longer looks at it with any socket."""
        if chat_id not in connection.views:
            return False
        await self._exit(connection, Audience.view(ChatId(chat_id)))
        return self._forget_view(connection, chat_id)

    def viewers(self, chat_id: int) -> list[UserId]:
        """Return who looks at a chat."""
        return sorted(self._viewers.get(chat_id, ()))

    async def _enter(self, connection: Connection, audience: Audience) -> None:
        if connection.sid in self._by_sid:  # and has not gone meanwhile
            connection.audiences.add(audience)
            await self._manager.enter_room(connection.sid, NAMESPACE, str(audience))

    async def _exit(self, connection: Connection, audience: Audience) -> None:
        connection.audiences.discard(audience)
        await self._manager.leave_room(connection.sid, NAMESPACE, str(audience))

    async def _leave(self, connection: Connection, audience: Audience) -> None:
        await self._exit(connection, audience)
        if audience.kind is AudienceKind.VIEW:
            await self.look_away(connection, int(audience.id))
        for chat_id in [chat_id for chat_id, home in connection.views.items() if home == audience]:
            await self.look_away(connection, chat_id)

    def _forget_view(self, connection: Connection, chat_id: int) -> bool:
        del connection.views[chat_id]
        viewers = self._viewers[chat_id]
        viewers[connection.actor.user_id] -= 1
        gone = viewers[connection.actor.user_id] <= 0
        if gone:
            del viewers[connection.actor.user_id]
        if not viewers:
            del self._viewers[chat_id]
        return gone
