"""Both doors, and authority that differs from what everybody starts with."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
from sqlalchemy import insert, select, update

from tests.cast import Cast, Visitor
from tests.messages.doors import Door, SocketDoor, rest
from tests.messages.timeline import names_of, page_of
from thespace.core.events import Event
from thespace.db.database import Database
from thespace.db.unit_of_work import UnitOfWork
from thespace.messages.models import Message
from thespace.spaces.models import MemberRole, Role
from thespace.spaces.policy import Permission

Quiet = Callable[[], AbstractAsyncContextManager[None]]
Withhold = Callable[[Permission], Awaitable[None]]
Grant = Callable[[Visitor, Permission], Awaitable[None]]


@pytest.fixture(params=["rest", "socket"])
def door(request: pytest.FixtureRequest) -> Door:
    """The way in: requests, or real sockets."""
    if request.param == "rest":
        return rest
    return SocketDoor(request.getfixturevalue("server"), request.getfixturevalue("sockets"))


@pytest.fixture
def nothing_happens(cast: Cast, told: list[Event], database: Database) -> Quiet:
    """Asserts that within a block no message changes, in any chat, and nothing is told."""

    async def rows(uow: UnitOfWork) -> list[tuple[object, ...]]:
        return [tuple(row) for row in await uow.rows(select(Message.__table__).order_by(Message.id))]

    @asynccontextmanager
    async def check() -> AsyncIterator[None]:
        before = await page_of(cast.alice, cast.chat_id), await database.write(rows), names_of(told)
        yield
        assert (await page_of(cast.alice, cast.chat_id), await database.write(rows), names_of(told)) == before

    return check


@pytest.fixture
def withhold(cast: Cast, database: Database) -> Withhold:
    """Takes a permission from the role that all members have; the owner needs no role."""

    async def change(uow: UnitOfWork, permission: Permission) -> None:
        await uow.execute(
            update(Role)
            .where(Role.space_id == cast.space_id, Role.is_default)
            .values(permissions=Role.permissions.bitwise_and(~int(permission)))
        )

    async def withhold(permission: Permission) -> None:
        await database.write(change, permission)

    return withhold


@pytest.fixture
def grant(cast: Cast, database: Database) -> Grant:
    """Gives a member a role with permissions more."""

    async def change(uow: UnitOfWork, who: Visitor, permission: Permission) -> None:
        role = {"name": "More", "priority": 60, "permissions": int(permission), "is_default": False}
        role_id = await uow.scalar(insert(Role).returning(Role.id), {"space_id": cast.space_id, **role})
        await uow.execute(
            insert(MemberRole), {"space_id": cast.space_id, "user_id": who.id, "role_id": role_id}
        )

    async def grant(who: Visitor, permission: Permission) -> None:
        await database.write(change, who, permission)

    return grant
