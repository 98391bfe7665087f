"""The only door to a space: whoever gets a SpaceAccess is a member and may do what was asked for."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, select

from thespace.core.actor import Actor
from thespace.core.errors import Forbidden, NotFound
from thespace.core.ids import SpaceId, UserId
from thespace.db.types import AnyRow, AnySelect
from thespace.db.unit_of_work import Reader
from thespace.spaces.models import Member, MemberRole, Role, Space
from thespace.spaces.policy import NO_PERMISSIONS, Authority, Permission, authority_of, names_of


@dataclass(frozen=True, slots=True)
class SpaceAccess:
    """Proof that somebody may be in a space, and what they may do there at `version`."""

    space_id: SpaceId
    user_id: UserId
    owner_id: UserId
    version: int
    authority: Authority

    def require(self, needed: Permission) -> None:
        """Raise Forbidden, naming the first permission that is missing."""
        if missing := needed & ~self.authority.permissions:
            raise Forbidden(permission=names_of(missing)[0])


async def access_space(
    db: Reader, actor: Actor, space_id: SpaceId, needed: Permission = NO_PERMISSIONS, *, change: bool = False
) -> SpaceAccess:
    """Return the actor's access to a space.

    In a unit of work it holds the space's authority until the commit: shared, or alone with `change`, which
    is for commands that raise the version. Raises NotFound for who is not a member, as if there were no such
    space, and Forbidden for a member who lacks `needed`.
    """
    await db.hold_authority(space_id, alone=change)
    statement = with_authority(select(Space.id, Space.version), actor.user_id).where(Space.id == space_id)
    return grant(await db.rows(statement), actor, needed)


def with_authority(statement: AnySelect, user_id: UserId) -> AnySelect:
    """Extend a select of living spaces by a member's roles: one row per role, columns read by `grant`."""
    return (
        statement.add_columns(
            Space.owner_id.label("owner_id"),
            Role.permissions.label("role_permissions"),
            Role.priority.label("role_priority"),
        )
        .join(Member, and_(Member.space_id == Space.id, Member.user_id == user_id))
        .outerjoin(MemberRole, and_(MemberRole.space_id == Space.id, MemberRole.user_id == user_id))
        .outerjoin(Role, Role.id == MemberRole.role_id)
        .where(Space.deleted_at.is_(None))
    )


def grant(rows: Sequence[AnyRow], actor: Actor, needed: Permission) -> SpaceAccess:
    """Return the access that rows of `with_authority` add up to; they begin with id and version."""
    if not rows:
        raise NotFound
    space_id, version = rows[0][0], rows[0][1]
    access = SpaceAccess(
        space_id, actor.user_id, rows[0].owner_id, version, authority_in(rows, actor.user_id)
    )
    access.require(needed)
    return access


def authority_in(rows: Sequence[AnyRow], user_id: UserId) -> Authority:
    """Return what one space's rows of `with_authority` add up to."""
    roles = [(row.role_permissions, row.role_priority) for row in rows if row.role_permissions is not None]
    return authority_of(roles, is_owner=rows[0].owner_id == user_id)
