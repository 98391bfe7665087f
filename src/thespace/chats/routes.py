"""HTTP routes of chats. Lists of chats with what is unread in them come from `sync`."""

from fastapi import APIRouter

from thespace.chats.commands import change_chat, create_chat, delete_chat
from thespace.chats.schemas import ChatChanges, ChatInfo, NewChat
from thespace.core.ids import ChatId, SpaceId
from thespace.http.dependencies import CurrentActor, Db, PathId

router = APIRouter(tags=["chats"])


@router.post("/spaces/{space_id}/chats", status_code=201)
async def post_chat(space_id: PathId, body: NewChat, actor: CurrentActor, db: Db) -> ChatInfo:
    """Create a chat in a space; needs `manage_chats`."""
    return await db.write(create_chat, actor, SpaceId(space_id), body)


@router.patch("/chats/{chat_id}")
async def patch_chat(chat_id: PathId, body: ChatChanges, actor: CurrentActor, db: Db) -> ChatInfo:
    """Change a chat's name or topic; needs `manage_chats`."""
    return await db.write(change_chat, actor, ChatId(chat_id), body)


@router.delete("/chats/{chat_id}", status_code=204)
async def delete_chat_route(chat_id: PathId, actor: CurrentActor, db: Db) -> None:
    """Delete a chat with everything in it; needs `manage_chats`."""
    await db.write(delete_chat, actor, ChatId(chat_id))
