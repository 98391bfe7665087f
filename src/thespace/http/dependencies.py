"""What routes ask for: the database, and who is acting.

These are coroutines even when they await nothing, as all dependencies are: FastAPI runs plain functions in
a thread, which took a third of the CPU of sending a message.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Path, Query, Request
from fastapi.security import OAuth2PasswordBearer

from thespace.core.actor import Actor
from thespace.core.errors import Unauthenticated
from thespace.core.ids import MAX_ID
from thespace.core.pages import MAX_PAGE
from thespace.db.database import Database

Authenticate = Callable[[str], Awaitable[Actor]]
"""Turns an access token into its actor, or raises Unauthenticated; the composition root provides it."""

_bearer = OAuth2PasswordBearer(tokenUrl="auth/token", auto_error=False)


async def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


async def _current_actor(request: Request, token: Annotated[str | None, Depends(_bearer)]) -> Actor:
    if token is None:
        raise Unauthenticated("Send an access token in the Authorization header.")
    authenticate: Authenticate = request.app.state.authenticate
    return await authenticate(token)


Db = Annotated[Database, Depends(_database)]
CurrentActor = Annotated[Actor, Depends(_current_actor)]

PathId = Annotated[int, Path(ge=1, le=MAX_ID)]
QueryId = Annotated[int | None, Query(ge=0, le=MAX_ID)]
PageLimit = Annotated[int, Query(ge=1, le=MAX_PAGE)]
