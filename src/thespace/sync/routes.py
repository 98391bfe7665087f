"""HTTP routes whose answers span the domains: the snapshot, and spaces with all that is in them."""

from fastapi import APIRouter, Request

from thespace import __version__
from thespace.chats.commands import enter_space, found_space
from thespace.core.ids import SpaceId
from thespace.http.dependencies import CurrentActor, Db, PathId
from thespace.spaces.schemas import NewSpace
from thespace.sync.limits import LIMITS
from thespace.sync.queries import snapshot_of, space_of
from thespace.sync.schemas import ChatList, Config, Snapshot, SpaceSnapshot

router = APIRouter()


@router.get("/sync", tags=["sync"])
async def get_sync(actor: CurrentActor, db: Db, request: Request) -> Snapshot:
    """Read everything a client needs at its first paint, besides the open chat's page."""
    # Taken before the read: an event in between is then told twice, never not at all.
    cursor = request.app.state.realtime.cursor()
    me, spaces = await db.read(snapshot_of, actor)
    epoch = request.app.state.installation.epoch
    return Snapshot(epoch=epoch, cursor=cursor, limits=LIMITS, me=me, spaces=spaces)


@router.get("/config", tags=["sync"])
async def get_config(request: Request) -> Config:
    """Tell what anybody may know of this installation."""
    registration = request.app.state.settings.registration
    return Config(version=__version__, registration=registration, limits=LIMITS)


@router.post("/spaces", status_code=201, tags=["spaces"])
async def post_space(body: NewSpace, actor: CurrentActor, db: Db) -> SpaceSnapshot:
    """Create a space with its first chat."""
    space_id = await db.write(found_space, actor, body)
    return await db.read(space_of, actor, space_id)


@router.post("/spaces/{space_id}/join", tags=["spaces"])
async def post_join(space_id: PathId, actor: CurrentActor, db: Db) -> SpaceSnapshot:
    """Become a member of a public space; again: nothing changes."""
    await db.write(enter_space, actor, SpaceId(space_id))
    return await db.read(space_of, actor, SpaceId(space_id))


@router.get("/spaces/{space_id}/chats", tags=["chats"])
async def get_chats(space_id: PathId, actor: CurrentActor, db: Db) -> ChatList:
    """List a space's chats with what is unread in them."""
    return ChatList(items=(await db.read(space_of, actor, SpaceId(space_id))).chats)
