"""Roles for tests, until there are commands that make them."""

from sqlalchemy import insert

from tests.cast import Visitor
from thespace.db.database import Database
from thespace.db.unit_of_work import UnitOfWork
from thespace.spaces.models import MemberRole, Role
from thespace.spaces.policy import Permission


async def empower(
    database: Database, space_id: int, visitor: Visitor, permissions: Permission, *, priority: int = 50
) -> int:
    """Give a member a role of their own with some permissions, and return its id."""
    return await database.write(_empower, space_id, visitor.id, permissions, priority)


async def _empower(
    uow: UnitOfWork, space_id: int, user_id: int, permissions: Permission, priority: int
) -> int:
    role_id: int = await uow.scalar(
        insert(Role).returning(Role.id),
        {
            "space_id": space_id,
            "name": "Helper",
            "priority": priority,
            "permissions": int(permissions),
            "is_default": False,
        },
    )
    membership = {"space_id": space_id, "user_id": user_id, "role_id": role_id}
    await uow.execute(insert(MemberRole), membership)
    return role_id
