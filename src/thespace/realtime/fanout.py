"""Tells sockets what happened, and nobody else does. One task, so that every socket sees one order."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from socketio import AsyncServer

from thespace.core.events import AudienceKind, ChatCaughtUp
from thespace.core.ids import UserId
from thespace.realtime.rooms import Rooms
from thespace.realtime.sequencer import Sequencer
from thespace.realtime.wire import Envelope

ReadChanges = Callable[[int, int], Awaitable[tuple[Envelope, ChatCaughtUp]]]
"""Reads what changed in a chat after a revision."""

_log = structlog.get_logger()


class Fanout:
    """Delivers envelopes to the sockets of this process."""

    def __init__(self, server: AsyncServer, rooms: Rooms, read_changes: ReadChanges) -> None:
        self._server = server
        self._rooms = rooms
        self._read_changes = read_changes
        self._reading: set[asyncio.Task[None]] = set()
        self._ready: asyncio.Queue[Envelope] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None
        self._sequencer: Sequencer | None = None

    def start(self) -> None:
        """Begin to deliver, in the running event loop."""
        call_later = asyncio.get_running_loop().call_later
        self._sequencer = Sequencer(self._ready.put_nowait, call_later, self._read_gap)
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Stop delivering."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, *self._reading, return_exceptions=True)

    def accept(self, envelope: Envelope) -> None:
        """Take an envelope from the bus."""
        if self._sequencer is not None:
            self._sequencer.accept(envelope)

    def notice(self, chat_id: int, revision: int) -> None:
        """Learn where the database says a chat stands."""
        if self._sequencer is not None:
            self._sequencer.notice(chat_id, revision)

    async def settled(self) -> None:
        """Wait until everything accepted and in order has been written to the sockets."""
        await self._ready.join()

    def _read_gap(self, chat_id: int, since: int) -> None:
        task = asyncio.create_task(self._catch_up(chat_id, since))
        self._reading.add(task)
        task.add_done_callback(self._reading.discard)

    async def _catch_up(self, chat_id: int, since: int) -> None:
        assert self._sequencer is not None, "gaps are found by the sequencer"
        try:
            envelope, event = await self._read_changes(chat_id, since)
        except Exception as error:
            # The chat may be gone, the database may be away: clients have ways of their own.
            _log.info("gap_not_read", chat_id=chat_id, error=type(error).__name__)
            self._sequencer.give_up(chat_id)
        else:
            self._sequencer.caught_up(envelope, chat_id, event.revision, has_more=event.has_more)

    async def _run(self) -> None:
        while True:
            envelope = await self._ready.get()
            try:
                await self._deliver(envelope)
            except Exception:
                # One envelope that fails must not end the deliveries of all others.
                _log.exception("delivery_failed", event_name=envelope.name)
            finally:
                self._ready.task_done()

    async def _deliver(self, envelope: Envelope) -> None:
        """Write to the audience's sockets; who joins hears it, and who leaves hears it last."""
        if envelope.user_id is not None and envelope.joined:
            await self._rooms.move(UserId(envelope.user_id), envelope.audience, joined=True)
        await self._server.emit(envelope.name, envelope.data, room=str(envelope.audience))
        if envelope.user_id is not None and not envelope.joined:
            await self._rooms.move(UserId(envelope.user_id), envelope.audience, joined=False)
        if envelope.closes is None:
            return
        if envelope.closes.kind is AudienceKind.SESSION:
            for connection in self._rooms.members(envelope.closes):
                await self._server.disconnect(connection.sid)
        else:
            await self._rooms.close(envelope.closes)
