"""The composition root: from settings to an ASGI application. The only file that knows every package."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import structlog
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from thespace import __version__
from thespace.accounts import queries as accounts
from thespace.accounts import routes as accounts_routes
from thespace.accounts import socket as accounts_socket
from thespace.accounts.passwords import Passwords
from thespace.accounts.tokens import AccessClaims, Tokens
from thespace.chats import routes as chats_routes
from thespace.chats import socket as chats_socket
from thespace.core.actor import Actor
from thespace.core.errors import Unavailable
from thespace.core.events import Audience, Event
from thespace.core.ids import ChatId, UserId
from thespace.core.keys import derive_key
from thespace.core.limits import Limits
from thespace.db.database import Database
from thespace.db.installation import Installation, found_installation
from thespace.db.unit_of_work import Reader
from thespace.http.bodies import StrictBodies
from thespace.http.client import install_client
from thespace.http.context import RequestContext
from thespace.http.health import router as health_router
from thespace.http.origins import is_own_origin
from thespace.http.problems import REFUSED, install_problems
from thespace.messages import routes as messages_routes
from thespace.messages import socket as messages_socket
from thespace.messages.batcher import Batcher
from thespace.messages.purge import purge_chunk
from thespace.messages.queries import caught_up_since
from thespace.realtime.server import Doors, Realtime
from thespace.settings import Settings
from thespace.spaces import routes as spaces_routes
from thespace.spaces import socket as spaces_socket
from thespace.spaces.queries import space_ids_of
from thespace.sync import routes as sync_routes
from thespace.sync import socket as sync_socket
from thespace.sync.queries import positions_of

PURGE_SECONDS = 30
_log = structlog.get_logger()


class Application:
    """One server process: its parts, wired together. `asgi` is what a web server runs."""

    def __init__(self, settings: Settings, secret: str, *, passwords: Passwords | None = None) -> None:
        self.settings = settings
        self.tokens = Tokens(secret)
        self.passwords = passwords or Passwords()
        self.limits = Limits(enabled=settings.rate_limits)
        self.database = Database(settings.sqlalchemy_url, self._tell, key=derive_key(secret, "nonces"))
        self.batcher = Batcher(self.database)
        self.realtime = Realtime(self._doors(), self.limits)
        self.installation: Installation
        self._register_events()
        self.api = self._api()
        self.asgi: ASGIApp = self.realtime.around(self.api)

    async def authenticate(self, token: str) -> Actor:
        """Return who an access token speaks for, if its session still lives; raises Unauthenticated."""
        return await self.database.read(accounts.authenticate, self.tokens.read_access(token))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Serve between entering and leaving: the database is at hand, events are delivered."""
        self.installation = await self.database.write(found_installation)
        self.api.state.installation = self.installation
        self.api.state.installation_id = self.installation.identity
        self.realtime.start()
        purging = asyncio.create_task(self._purge())
        try:
            yield
        finally:
            purging.cancel()
            await asyncio.gather(purging, return_exceptions=True)
            # First what still writes, then whom it is told to.
            await self.batcher.close()
            await self.database.close()
            await self.realtime.stop()
            self.passwords.close()

    def _tell(self, events: Sequence[Event]) -> None:
        for event in events:
            self.realtime.tell(event)

    def _doors(self) -> Doors:
        async def nickname_of(user_id: UserId) -> str:
            return (await self.database.read(accounts.find_me, user_id)).nickname

        async def audiences_of(actor: Actor) -> list[Audience]:
            return await self.database.read(_audiences_of, actor)

        return Doors(
            authenticate=self.authenticate,
            nickname_of=nickname_of,
            audiences_of=audiences_of,
            is_own_origin=lambda origin, host: is_own_origin(origin, host, self.settings),
            changes_since=lambda chat_id, since: self.database.read(caught_up_since, ChatId(chat_id), since),
            positions_of=lambda space_ids: self.database.read(positions_of, space_ids),
            epoch=lambda: self.installation.epoch,
        )

    def _register_events(self) -> None:
        accounts_socket.register(self.realtime.wire)
        spaces_socket.register(self.realtime.wire)
        chats_socket.register(self.realtime, self.database)
        messages_socket.register(self.realtime.wire, self.database, self.batcher, self.limits)
        sync_socket.register(self.realtime, self.database)

    def _api(self) -> FastAPI:
        @asynccontextmanager
        async def lifespan(_: FastAPI) -> AsyncIterator[None]:
            async with self.running():
                yield

        api = FastAPI(
            title="The Space",
            version=__version__,
            lifespan=lifespan,
            responses=REFUSED,
            docs_url=None,
            redoc_url=None,
            swagger_ui_oauth2_redirect_url=None,
        )
        for name in (
            "settings",
            "tokens",
            "passwords",
            "limits",
            "database",
            "batcher",
            "realtime",
            "authenticate",
        ):
            setattr(api.state, name, getattr(self, name))
        install_problems(api)
        for router in (
            accounts_routes.router,
            spaces_routes.router,
            chats_routes.router,
            messages_routes.router,
            sync_routes.router,
            health_router,
        ):
            api.include_router(router)
        install_client(api)
        self._add_middleware(api)
        return api

    def _add_middleware(self, api: FastAPI) -> None:
        """Add the layers around the routes; the last one added is the outermost."""
        api.add_middleware(StrictBodies)
        if self.settings.allowed_origins:
            api.add_middleware(
                CORSMiddleware,
                allow_origins=self.settings.allowed_origins,
                allow_methods=["GET", "POST", "PATCH", "PUT", "DELETE"],
                allow_headers=["Authorization", "Content-Type"],
                allow_credentials=True,
            )
        api.add_middleware(RequestContext, is_secure=self.settings.is_secure)

    async def _purge(self) -> None:
        """Remove what was deleted, now and then, a chunk at a time so that writers get their turns."""
        while True:
            try:
                while await self.database.write(purge_chunk):
                    pass
            except Unavailable:
                _log.warning("purge_put_off")
            except Exception:
                _log.exception("purge_failed")
            await asyncio.sleep(PURGE_SECONDS)


async def _audiences_of(db: Reader, actor: Actor) -> list[Audience]:
    await accounts.authenticate(db, AccessClaims(actor.user_id, actor.session_id))
    return [Audience.space(space_id) for space_id in await space_ids_of(db, actor.user_id)]
