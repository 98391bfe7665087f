"""The heartbeat: what a client that missed events has to fetch."""

from thespace.db.database import Database
from thespace.realtime.connection import Connection
from thespace.realtime.server import Realtime
from thespace.sync.queries import moved_of
from thespace.sync.schemas import Heartbeat, Moved


def register(realtime: Realtime, database: Database) -> None:
    """Say who handles the events of this domain."""

    async def on_heartbeat(connection: Connection, body: Heartbeat) -> Moved:
        """Ask what has moved since the cursor."""
        cursor = realtime.cursor()
        if moved := realtime.moved_since(body.cursor, connection):
            return Moved(cursor=cursor, chats=moved.chats, spaces=moved.spaces, private={}, me=None)
        chats, spaces, me = await database.read(moved_of, connection.actor)
        return Moved(cursor=cursor, chats=chats, spaces=spaces, private={}, me=me)

    realtime.wire.client_event("heartbeat", Heartbeat, on_heartbeat)
