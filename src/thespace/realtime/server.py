"""The Socket.IO server: who may connect, and what becomes of what clients send."""

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

import orjson
import socketio
import structlog
from socketio import packet
from socketio.exceptions import ConnectionRefusedError as Refusal
from starlette.types import ASGIApp

from thespace.core.actor import Actor
from thespace.core.errors import DomainError, Internal, Unauthenticated, problem_of
from thespace.core.events import Audience, ChatCaughtUp, Event
from thespace.core.ids import ChatId, UserId
from thespace.core.json import MAX_DEPTH, depth_of
from thespace.core.limits import Limits
from thespace.realtime.bus import MemoryBus
from thespace.realtime.connection import Connection
from thespace.realtime.entry import Entry
from thespace.realtime.events import Connected, ConnectedBody, ViewerBody, ViewerJoined, ViewerLeft
from thespace.realtime.fanout import Fanout
from thespace.realtime.gate import MAX_PAYLOAD_BYTES, Gate
from thespace.realtime.moves import Moved, Moves, Position
from thespace.realtime.rooms import NAMESPACE, AudiencesOf, Rooms
from thespace.realtime.wire import Envelope, Wire

HANDSHAKE_SECONDS = 15
MAX_UNREAD_PACKETS = 1000
COMPARE_SECONDS = 30
_MALFORMED = ["malformed"]
"""What unreadable JSON is read as: an event nobody handles, so that its ack says so."""

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Doors:
    """What the composition root lends: `realtime` knows no domain.

    `authenticate` turns a token into an actor, or raises Unauthenticated. `nickname_of` returns somebody's
    nickname. `audiences_of` returns what an actor belongs to, or raises SessionEnded. `is_own_origin` judges
    the Origin and Host headers. `changes_since` reads what changed in a chat after a revision,
    `positions_of` where spaces and their chats stand.
    """

    authenticate: Callable[[str], Awaitable[Actor]]
    nickname_of: Callable[[UserId], Awaitable[str]]
    audiences_of: AudiencesOf
    is_own_origin: Callable[[str, str], bool]
    changes_since: Callable[[int, int], Awaitable[ChatCaughtUp]]
    positions_of: Callable[[Sequence[int]], Awaitable[Iterable[Position]]]
    epoch: Callable[[], str]


class Realtime:
    """Live connections of one process, and the way events take to them."""

    def __init__(self, doors: Doors, limits: Limits) -> None:
        self.wire = Wire()
        self._doors = doors
        self._moves = Moves(secrets.token_hex(4))
        self._comparing: asyncio.Task[None] | None = None
        self.server = _Server(self)
        self.rooms = Rooms(self.server.manager, doors.audiences_of)
        self._entry = Entry(self.wire, limits)
        self._fanout = Fanout(self.server, self.rooms, self._read_changes)
        self._bus = MemoryBus()
        self._bus.subscribe(self._moves.hear)
        self._bus.subscribe(self._fanout.accept)
        self.wire.server_event("connected", Connected, ConnectedBody)
        self.wire.server_event("user_joined_room", ViewerJoined, ViewerBody)
        self.wire.server_event("user_left_room", ViewerLeft, ViewerBody)

    def start(self) -> None:
        """Begin to deliver events."""
        self._fanout.start()
        self._comparing = asyncio.create_task(self._compare_again_and_again())

    async def stop(self) -> None:
        """Stop delivering."""
        if self._comparing is not None:
            self._comparing.cancel()
            await asyncio.gather(self._comparing, return_exceptions=True)
        await self._fanout.stop()

    def cursor(self) -> str:
        """Return where this process is, for a heartbeat to go on from."""
        return self._moves.cursor()

    def moved_since(self, cursor: str, connection: Connection) -> Moved | None:
        """Return what moved for a connection since a cursor, or None when only the database can tell."""
        return self._moves.since(cursor, connection.spaces())

    async def compare(self) -> None:
        """Compare what was told with the database: covers a process that died between commit and
        publishing.
        """
        positions = list(await self._doors.positions_of(sorted(self.rooms.spaces())))
        self._moves.compare(positions)
        for _, _, chat_id, revision in positions:
            if chat_id is not None and revision is not None:
                self._fanout.notice(chat_id, revision)

    def tell(self, event: Event) -> None:
        """Hand a committed event to the bus; never raises, because what is committed stays."""
        try:
            self._bus.publish(self.wire.envelope(event))
        except Exception:
            _log.exception("event_lost", event_type=type(event).__name__)

    def around(self, api: ASGIApp) -> ASGIApp:
        """Return an application that keeps `/socket.io` for itself and leaves all else to `api`."""
        return Gate(socketio.ASGIApp(self.server, other_asgi_app=api))

    async def admit(self, sid: str, environ: dict[str, Any], auth: Any) -> None:
        """Let a socket in that proves whose it is, or raise a refusal whose data is a problem."""
        try:
            actor = await self._doors.authenticate(_token(environ, auth))
            await self._check_claims(environ, actor)
        except DomainError as error:
            raise _refusal(error) from None
        except Exception:
            _log.exception("handshake_failed")
            raise _refusal(Internal()) from None
        self.rooms.add(sid, actor)

    async def welcome(self, sid: str) -> bool:
        """Enter the rooms of an admitted socket, then tell it that it is connected; False when it must go."""
        connection = self.rooms.get(sid)
        if connection is None:
            return False
        try:
            await self.rooms.enter_all(connection)
        except DomainError:
            return False
        except Exception:
            _log.exception("welcome_failed")
            return False
        body = ConnectedBody(
            epoch=self._doors.epoch(), cursor=self.cursor(), user_id=connection.actor.user_id
        )
        self.tell(Connected(audience=Audience.socket(sid), body=body))
        return True

    def farewell(self, sid: str) -> None:
        """Forget a socket that is gone."""
        connection = self.rooms.get(sid)
        for chat_id in self.rooms.remove(sid):
            assert connection is not None, "only a known socket looks at chats"
            body = ViewerBody(chat_id=chat_id, user_id=connection.actor.user_id)
            self.tell(ViewerLeft(audience=Audience.view(ChatId(chat_id)), body=body))

    async def answer(self, sid: str, name: str, arguments: list[Any]) -> dict[str, Any] | None:
        """Return the ack of a client's event, or None for a socket that has gone meanwhile."""
        connection = self.rooms.get(sid)
        return None if connection is None else await self._entry.answer(connection, name, arguments)

    def is_own_origin(self, origin: str | None, environ: dict[str, Any]) -> bool:
        """Tell whether a page of ours opens the connection. Who is no browser sends no Origin."""
        return origin is None or self._doors.is_own_origin(origin, environ.get("HTTP_HOST", ""))

    async def _compare_again_and_again(self) -> None:
        while True:
            await asyncio.sleep(COMPARE_SECONDS)
            try:
                await self.compare()
            except Exception as error:
                _log.warning("comparison_failed", error=type(error).__name__)

    async def _read_changes(self, chat_id: int, since: int) -> tuple[Envelope, ChatCaughtUp]:
        event = await self._doors.changes_since(chat_id, since)
        return self.wire.envelope(event), event

    async def _check_claims(self, environ: dict[str, Any], actor: Actor) -> None:
        """Refuse a query that says somebody else connects: it never grants anything, but a lie is a fault."""
        claims = parse_qs(environ.get("QUERY_STRING", ""))
        nickname = claims.get("nickname")
        if claims.get("user_id", [str(actor.user_id)]) != [str(actor.user_id)] or (
            nickname is not None and nickname != [await self._doors.nickname_of(actor.user_id)]
        ):
            raise Unauthenticated("user_id or nickname in the query is not the token's.")


class _Server(socketio.AsyncServer):  # type: ignore[misc]
    """python-socketio as the protocol; what clients send goes to our entry, never to handlers by name.

    Its own dispatch would run the `connect` and `disconnect` handlers for a client that sends events of these
    names.
    """

    def __init__(self, realtime: Realtime) -> None:
        super().__init__(
            async_mode="asgi",
            serializer=_Packet,
            cors_allowed_origins=realtime.is_own_origin,
            cors_credentials=False,
            max_http_buffer_size=MAX_PAYLOAD_BYTES,
            ping_interval=25,
            ping_timeout=20,
            http_compression=False,
            transports=["websocket", "polling"],
        )
        self._realtime = realtime
        self._tasks: set[asyncio.Task[None]] = set()
        self.on("connect", realtime.admit)
        self.on("disconnect", self._on_disconnect)

    async def _on_disconnect(self, sid: str, reason: str) -> None:
        self._realtime.farewell(sid)

    async def _handle_eio_connect(self, eio_sid: str, environ: dict[str, Any]) -> None:
        await super()._handle_eio_connect(eio_sid, environ)
        asyncio.get_running_loop().call_later(HANDSHAKE_SECONDS, self._hang_up_on_stranger, eio_sid)

    def _hang_up_on_stranger(self, eio_sid: str) -> None:
        """End a connection that has not said whose it is: it would cost memory for as long as it likes."""
        if eio_sid in self.environ and self.manager.sid_from_eio_sid(eio_sid, NAMESPACE) is None:
            self._in_background(self._hang_up(eio_sid))

    async def _hang_up(self, eio_sid: str) -> None:
        """End a connection, whether or not its client ever reads that: `eio.disconnect` would wait for it."""
        connection = self.eio.sockets.get(eio_sid)
        if connection is not None and not connection.closed:
            while not connection.queue.empty():
                connection.queue.get_nowait()  # who reads nothing shall not keep it in memory
            await connection.close(wait=False, reason=self.reason.SERVER_DISCONNECT)
            await connection.queue.put(None)  # lets the writer of a websocket close it

    async def _send_eio_packet(self, eio_sid: str, eio_pkt: Any) -> None:
        connection = self.eio.sockets.get(eio_sid)
        if connection is not None and connection.queue.qsize() >= MAX_UNREAD_PACKETS:
            await self._hang_up(eio_sid)
        else:
            await super()._send_eio_packet(eio_sid, eio_pkt)

    async def _handle_connect(self, eio_sid: str, namespace: str | None, data: Any) -> None:
        if self.manager.sid_from_eio_sid(eio_sid, namespace or NAMESPACE) is not None:
            raise ValueError("a socket connects once")
        if eio_sid not in self.environ:
            return  # hung up on by a packet that came in one request with this one
        await super()._handle_connect(eio_sid, namespace, data)
        sid = self.manager.sid_from_eio_sid(eio_sid, namespace or NAMESPACE)
        if eio_sid not in self.environ:
            # It left while it was being admitted, when python-socketio knows of nobody to say goodbye to.
            await self._handle_disconnect(eio_sid, namespace)
        elif self.manager.is_connected(sid, NAMESPACE) and not await self._realtime.welcome(sid):
            await self.disconnect(sid)

    async def _handle_eio_message(self, eio_sid: str, data: Any) -> None:
        try:
            await super()._handle_eio_message(eio_sid, data)
        except Exception as error:
            # Whoever does not speak the protocol is hung up on; python-engineio would log a traceback each
            # time.
            _log.info("malformed_packet", error=type(error).__name__)
            await self._hang_up(eio_sid)

    async def _handle_event(self, eio_sid: str, namespace: str | None, id: int | None, data: Any) -> None:  # noqa: A002
        if not isinstance(data, list) or not data or not isinstance(data[0], str):
            raise ValueError("an event is a list that begins with its name")
        sid = self.manager.sid_from_eio_sid(eio_sid, namespace or NAMESPACE)
        if sid is not None:
            self._in_background(self._answer(eio_sid, sid, id, data))

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, eio_sid: str, sid: str, id: int | None, data: list[Any]) -> None:  # noqa: A002
        ack = await self._realtime.answer(sid, data[0], data[1:])
        if ack is not None and id is not None:
            await self._send_packet(
                eio_sid, self.packet_class(packet.ACK, namespace=NAMESPACE, id=id, data=[ack])
            )


class _Json:
    """JSON as python-socketio calls it. The parser takes lone surrogates, which the schemas then point at."""

    @staticmethod
    def dumps(value: Any, **_options: Any) -> str:
        return orjson.dumps(value).decode()

    @staticmethod
    def loads(text: str, **_options: Any) -> Any:
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            return _MALFORMED
        return _MALFORMED if depth_of(value) > MAX_DEPTH else value


class _Packet(packet.Packet):  # type: ignore[misc]
    """A packet with our JSON. The server's option `json` would set it for python-engineio too, which then
    takes the probe of an upgrade for malformed, and for every client in this process.
    """

    json = _Json


def _refusal(error: DomainError) -> Refusal:
    return Refusal(error.title, problem_of(error, secrets.token_hex(8)))


def _token(environ: dict[str, Any], auth: Any) -> str:
    token = auth.get("token") if isinstance(auth, dict) else None
    header = environ.get("HTTP_AUTHORIZATION", "")
    if token is None and header.lower().startswith("bearer "):
        token = header[len("bearer ") :].strip()
    if not isinstance(token, str):
        raise Unauthenticated("Send an access token in the handshake's auth: {token}.")
    return token
