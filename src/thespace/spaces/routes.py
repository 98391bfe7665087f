"""HTTP routes of spaces. Creating and joining answer with the whole space and come from `sync`."""

from typing import Annotated

from fastapi import APIRouter, Query

from thespace.core.ids import SpaceId
from thespace.http.dependencies import CurrentActor, Db, PageLimit, PathId
from thespace.spaces.commands import change_space, delete_space, leave_space
from thespace.spaces.queries import find_card, list_participants, list_spaces, my_permissions
from thespace.spaces.schemas import (
    MyPermissions,
    ParticipantPage,
    SpaceCard,
    SpaceChanges,
    SpaceInfo,
    SpaceList,
)

router = APIRouter(prefix="/spaces", tags=["spaces"])


@router.get("")
async def get_spaces(actor: CurrentActor, db: Db) -> SpaceList:
    """List the spaces one belongs to."""
    return await db.read(list_spaces, actor)


@router.get("/{space_id}")
async def get_space(space_id: PathId, actor: CurrentActor, db: Db) -> SpaceCard:
    """Show a space's card: any public one, or a private one to its members."""
    return await db.read(find_card, actor, SpaceId(space_id))


@router.patch("/{space_id}")
async def patch_space(space_id: PathId, body: SpaceChanges, actor: CurrentActor, db: Db) -> SpaceInfo:
    """Change a space's name, description or visibility; needs `change_info`."""
    return await db.write(change_space, actor, SpaceId(space_id), body)


@router.delete("/{space_id}", status_code=204)
async def delete_space_route(space_id: PathId, actor: CurrentActor, db: Db) -> None:
    """Delete a space with everything in it; needs `delete_space`."""
    await db.write(delete_space, actor, SpaceId(space_id))


@router.post("/{space_id}/leave", status_code=204)
async def post_leave(space_id: PathId, actor: CurrentActor, db: Db) -> None:
    """Stop being a member."""
    await db.write(leave_space, actor, SpaceId(space_id))


@router.get("/{space_id}/participants")
async def get_participants(
    space_id: PathId,
    actor: CurrentActor,
    db: Db,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: PageLimit = 100,
) -> ParticipantPage:
    """List a space's members, a page at a time."""
    return await db.read(list_participants, actor, SpaceId(space_id), cursor, limit)


@router.get("/{space_id}/my-permissions")
async def get_my_permissions(space_id: PathId, actor: CurrentActor, db: Db) -> MyPermissions:
    """Tell what one may do in a space."""
    return await db.read(my_permissions, actor, SpaceId(space_id))
