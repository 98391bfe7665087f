"""Reads about spaces and their members."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import and_, or_, select

from thespace.accounts.models import User
from thespace.accounts.queries import person_columns, person_of
from thespace.core.actor import Actor
from thespace.core.errors import NotFound
from thespace.core.ids import RoleId, SpaceId, UserId
from thespace.core.pages import decode_id, encode_cursor
from thespace.db.types import AnyRow, AnySelect
from thespace.db.unit_of_work import Reader
from thespace.spaces.access import SpaceAccess, access_space
from thespace.spaces.models import Member, MemberRole, Role, Space
from thespace.spaces.policy import Permission, names_of
from thespace.spaces.schemas import (
    MyPermissions,
    Participant,
    ParticipantPage,
    RoleCard,
    SpaceCard,
    SpaceInfo,
    SpaceList,
    Visibility,
)

INFO_COLUMNS = (
    Space.id,
    Space.name,
    Space.description,
    Space.visibility,
    Space.avatar_url,
    Space.banner_url,
    Space.member_count,
    Space.version,
)


async def list_spaces(db: Reader, actor: Actor) -> SpaceList:
    """Return the cards of the actor's spaces, in the order of joining."""
    rows = await db.rows(
        select(*INFO_COLUMNS)
        .join(Member, and_(Member.space_id == Space.id, Member.user_id == actor.user_id))
        .where(Space.deleted_at.is_(None))
        .order_by(Member.joined_at, Space.id)
    )
    return SpaceList(items=[SpaceCard(**row._mapping, is_member=True) for row in rows])


async def find_card(db: Reader, actor: Actor, space_id: SpaceId) -> SpaceCard:
    """Return a space's card: of any public space, of a private one to its members only."""
    row = await db.row(
        select(*INFO_COLUMNS, Member.user_id.is_not(None).label("is_member"))
        .outerjoin(Member, and_(Member.space_id == Space.id, Member.user_id == actor.user_id))
        .where(
            Space.id == space_id,
            Space.deleted_at.is_(None),
            or_(Space.visibility == Visibility.PUBLIC, Member.user_id.is_not(None)),
        )
    )
    if row is None:
        raise NotFound
    return SpaceCard(**row._mapping)


async def find_info(db: Reader, space_id: SpaceId) -> SpaceInfo:
    """Return what a space's events tell of it; authority has been checked by the caller's access."""
    row = await db.row(select(*INFO_COLUMNS).where(Space.id == space_id))
    if row is None:
        raise NotFound
    return SpaceInfo(**row._mapping)


async def my_permissions(db: Reader, actor: Actor, space_id: SpaceId) -> MyPermissions:
    """Return what the actor may do in a space."""
    authority = (await access_space(db, actor, space_id)).authority
    return MyPermissions(permissions=names_of(authority.permissions), rank=authority.rank)


async def list_participants(
    db: Reader, actor: Actor, space_id: SpaceId, cursor: str | None, limit: int
) -> ParticipantPage:
    """Return a page of a space's members by id, with their roles, as of `version`."""
    access = await access_space(db, actor, space_id)
    rows = await db.rows(_members(space_id, cursor).limit(limit + 1))
    page = rows[:limit]
    roles = await _roles_of(db, access, page)
    return ParticipantPage(
        items=[
            Participant(user=person_of(row), role_ids=roles[row.id], joined_at=row.joined_at) for row in page
        ],
        next_cursor=encode_cursor(page[-1].id) if len(rows) > limit else None,
        version=access.version,
    )


def _members(space_id: SpaceId, cursor: str | None) -> AnySelect:
    statement = (
        select(*person_columns(), Member.joined_at)
        .join(Member, Member.user_id == User.id)
        .where(Member.space_id == space_id)
        .order_by(Member.user_id)
    )
    if cursor is None:
        return statement
    return statement.where(Member.user_id > decode_id(cursor))


async def _roles_of(db: Reader, access: SpaceAccess, page: Sequence[AnyRow]) -> defaultdict[int, list[int]]:
    roles: defaultdict[int, list[int]] = defaultdict(list)
    if not page:
        return roles
    # A page is all members from its first id to its last: a span needs no text that grows with it.
    for user_id, role_id in await db.rows(
        select(MemberRole.user_id, MemberRole.role_id)
        .where(MemberRole.space_id == access.space_id, MemberRole.user_id.between(page[0].id, page[-1].id))
        .order_by(MemberRole.role_id)
    ):
        roles[user_id].append(role_id)
    return roles


async def default_role(db: Reader, space_id: SpaceId) -> RoleId:
    """Return the role that whoever joins a space is given."""
    return RoleId(
        await db.scalar(
            select(Role.id).where(Role.space_id == space_id, Role.is_default).order_by(Role.id).limit(1)
        )
    )


async def space_ids_of(db: Reader, user_id: UserId) -> list[SpaceId]:
    """Return the living spaces that a person belongs to."""
    rows = await db.rows(
        select(Space.id)
        .join(Member, and_(Member.space_id == Space.id, Member.user_id == user_id))
        .where(Space.deleted_at.is_(None))
    )
    return [SpaceId(row.id) for row in rows]


ROLE_COLUMNS = (
    Role.id,
    Role.space_id,
    Role.name,
    Role.priority,
    Role.tone,
    Role.permissions,
    Role.is_default,
    Role.preset,
)


def role_card(row: object) -> RoleCard:
    """Return the card of a row of ROLE_COLUMNS."""
    card = {name: getattr(row, name) for name in RoleCard.model_fields}
    return RoleCard(**card | {"permissions": names_of(Permission(card["permissions"]))})
