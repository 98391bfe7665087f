"""Changes of spaces and memberships."""

from sqlalchemy import Row, delete, insert, update

from thespace.accounts.queries import find_person
from thespace.core.actor import Actor
from thespace.core.clock import now
from thespace.core.errors import NotFound
from thespace.core.events import Audience
from thespace.core.ids import SpaceId, UserId
from thespace.core.text import search_key
from thespace.db.unit_of_work import UnitOfWork
from thespace.spaces.access import access_space
from thespace.spaces.errors import OwnerCannotLeave
from thespace.spaces.events import (
    MemberJoined,
    MemberJoinedBody,
    MemberLeft,
    MemberLeftBody,
    SpaceDeleted,
    SpaceDeletedBody,
    SpaceEntered,
    SpaceUpdated,
    SpaceUpdatedBody,
    SyncRequiredBody,
)
from thespace.spaces.models import Member, MemberRole, Role, Space
from thespace.spaces.policy import PRESETS, Permission, Preset
from thespace.spaces.queries import default_role, find_card, find_info
from thespace.spaces.schemas import NewSpace, SpaceChanges, SpaceInfo


async def create_space(uow: UnitOfWork, actor: Actor, new: NewSpace) -> SpaceId:
    """Create a space, owned by the actor, with the preset roles."""
    moment = now()
    space_id = SpaceId(
        await uow.scalar(
            insert(Space).returning(Space.id),
            {
                "name": new.name,
                "name_key": search_key(new.name),
                "description": new.description,
                "visibility": new.visibility,
                "owner_id": actor.user_id,
                "member_count": 0,
                "version": 0,
                "created_at": moment,
            },
        )
    )
    role_ids = [await _insert_preset(uow, space_id, preset) for preset in Preset]
    await _enter(uow, space_id, actor.user_id, role_ids)
    return space_id


async def join_space(uow: UnitOfWork, actor: Actor, space_id: SpaceId) -> bool:
    """Become a member of a public space; tell whether that is new, otherwise nothing changes.

    Raises NotFound for a private space.
    """
    await uow.hold_authority(space_id, alone=True)
    card = await find_card(uow, actor, space_id)
    if not card.is_member:
        await _enter(uow, space_id, actor.user_id, [await default_role(uow, space_id)])
    return not card.is_member


async def leave_space(uow: UnitOfWork, actor: Actor, space_id: SpaceId) -> None:
    """Stop being a member; raises OwnerCannotLeave for the owner."""
    access = await access_space(uow, actor, space_id, change=True)
    if access.owner_id == actor.user_id:
        raise OwnerCannotLeave
    await _remove(uow, space_id, actor.user_id)


async def change_space(uow: UnitOfWork, actor: Actor, space_id: SpaceId, changes: SpaceChanges) -> SpaceInfo:
    """Change a space's settings and return what it is now; without changes nothing is raised or told."""
    await access_space(uow, actor, space_id, Permission.CHANGE_INFO, change=True)
    present = await find_info(uow, space_id)
    values = changes.to(present)
    if not values:
        return present
    if "name" in values:
        values["name_key"] = search_key(values["name"])
    await uow.execute(update(Space).where(Space.id == space_id).values(**values))
    await raise_version(uow, space_id)
    info = await find_info(uow, space_id)
    body = SpaceUpdatedBody(space_id=space_id, version=info.version, space=info)
    uow.emit(SpaceUpdated(audience=Audience.space(space_id), body=body))
    return info


async def delete_space(uow: UnitOfWork, actor: Actor, space_id: SpaceId) -> None:
    """Delete a space: gone for everybody from the next request on, purged in chunks afterwards."""
    await access_space(uow, actor, space_id, Permission.DELETE_SPACE, change=True)
    await uow.execute(update(Space).where(Space.id == space_id).values(deleted_at=now()))
    await raise_version(uow, space_id)
    audience = Audience.space(space_id)
    uow.emit(SpaceDeleted(audience=audience, closes=audience, body=SpaceDeletedBody(space_id=space_id)))


async def raise_version(uow: UnitOfWork, space_id: SpaceId, *, members: int = 0) -> Row[int, int]:
    """Raise a space's version once for a change, count members in or out; return `version, member_count`.

    The caller holds the space's authority alone.
    """
    raised = await uow.row(
        update(Space)
        .where(Space.id == space_id)
        .values(version=Space.version + 1, member_count=Space.member_count + members)
        .returning(Space.version, Space.member_count)
    )
    if raised is None:
        raise NotFound
    return raised


async def _insert_preset(uow: UnitOfWork, space_id: SpaceId, preset: Preset) -> int:
    name, priority, permissions = PRESETS[preset]
    return int(
        await uow.scalar(
            insert(Role).returning(Role.id),
            {
                "space_id": space_id,
                "name": name,
                "priority": priority,
                "permissions": int(permissions),
                "preset": preset,
                "is_default": preset is Preset.MEMBER,
            },
        )
    )


async def _enter(uow: UnitOfWork, space_id: SpaceId, user_id: UserId, role_ids: list[int]) -> None:
    await uow.execute(insert(Member), {"space_id": space_id, "user_id": user_id, "joined_at": now()})
    await uow.execute(
        insert(MemberRole),
        [{"space_id": space_id, "user_id": user_id, "role_id": role_id} for role_id in role_ids],
    )
    raised = await raise_version(uow, space_id, members=1)
    body = MemberJoinedBody(
        space_id=space_id,
        version=raised.version,
        user=await find_person(uow, user_id),
        role_ids=role_ids,
        member_count=raised.member_count,
    )
    uow.emit(MemberJoined(audience=Audience.space(space_id), user_id=user_id, joined=True, body=body))
    uow.emit(SpaceEntered(audience=Audience.user(user_id), body=SyncRequiredBody(scope="space", id=space_id)))


async def _remove(uow: UnitOfWork, space_id: SpaceId, user_id: UserId) -> None:
    for table in (MemberRole, Member):
        await uow.execute(delete(table).where(table.space_id == space_id, table.user_id == user_id))
    raised = await raise_version(uow, space_id, members=-1)
    body = MemberLeftBody(
        space_id=space_id, version=raised.version, user_id=user_id, member_count=raised.member_count
    )
    uow.emit(MemberLeft(audience=Audience.space(space_id), user_id=user_id, joined=False, body=body))
