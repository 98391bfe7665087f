"""HTTP routes of messages.

`id` is a chat's in some of them: OpenAPI forbids two names for one place in a path.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from thespace.core.ids import MAX_ID, ChatId, MessageId
from thespace.http.dependencies import CurrentActor, Db, PageLimit, PathId, QueryId
from thespace.http.limits import CurrentLimits
from thespace.messages.batcher import Batcher
from thespace.messages.limits import SENDS
from thespace.messages.queries import changes_of, history_of, page_of
from thespace.messages.reading import mark_read
from thespace.messages.schemas import (
    MAX_CHANGES,
    Changes,
    Duplicate,
    History,
    MessageOut,
    MessagePage,
    NewContent,
    NewMessage,
    NewReaction,
    ReactionResult,
    ReadMarker,
    ReadUpTo,
)

router = APIRouter(tags=["messages"])


async def _batcher(request: Request) -> Batcher:
    batcher: Batcher = request.app.state.batcher
    return batcher


Revision = Annotated[int, Query(ge=0, le=MAX_ID)]
ChangesLimit = Annotated[int, Query(ge=1, le=MAX_CHANGES)]
CurrentBatcher = Annotated[Batcher, Depends(_batcher)]


@router.get("/messages/{id}")
async def get_messages(
    id: PathId,
    actor: CurrentActor,
    db: Db,
    before: QueryId = None,
    after: QueryId = None,
    around: QueryId = None,
    limit: PageLimit = 30,
) -> MessagePage:
    """Read a page of a chat (`id` is the chat's): before or after a seq, around one, or the newest."""
    return await db.read(page_of, actor, ChatId(id), before=before, after=after, around=around, limit=limit)


@router.get("/messages/{id}/changes")
async def get_changes(
    id: PathId, actor: CurrentActor, db: Db, since: Revision, limit: ChangesLimit = MAX_CHANGES
) -> Changes:
    """Read what changed in a chat (`id` is the chat's) after a revision: each message as it is now."""
    return await db.read(changes_of, actor, ChatId(id), since, limit)


@router.post("/messages/{id}", status_code=201, responses={200: {"model": Duplicate}})
async def post_message(
    id: PathId,
    body: NewMessage,
    actor: CurrentActor,
    batcher: CurrentBatcher,
    limits: CurrentLimits,
    response: Response,
) -> MessageOut | Duplicate:
    """Send a message to a chat (`id` is the chat's). 200 when its nonce was stored before."""
    limits.hit(SENDS, actor.user_id, id)
    answer = await batcher.send(actor, ChatId(id), body)
    if isinstance(answer, Duplicate):
        response.status_code = 200
    return answer


@router.patch("/messages/{id}")
async def patch_message(
    id: PathId, body: NewContent, actor: CurrentActor, batcher: CurrentBatcher
) -> MessageOut:
    """Edit one's own message; the previous version is kept."""
    return await batcher.edit(actor, MessageId(id), body.content)


@router.delete("/messages/{id}", status_code=204)
async def delete_message_route(id: PathId, actor: CurrentActor, batcher: CurrentBatcher) -> None:
    """Delete a message for good, with its versions and reactions."""
    await batcher.delete(actor, MessageId(id))


@router.post("/messages/{id}/reaction")
async def post_reaction(
    id: PathId, body: NewReaction, actor: CurrentActor, batcher: CurrentBatcher
) -> ReactionResult:
    """Add or take back one's reaction."""
    return await batcher.react(actor, MessageId(id), body)


@router.get("/messages/{id}/history")
async def get_history(id: PathId, actor: CurrentActor, db: Db) -> History:
    """Show all that a message ever said, oldest first, the present last."""
    return await db.read(history_of, actor, MessageId(id))


@router.post("/chats/{chat_id}/read")
async def post_read(chat_id: PathId, body: ReadUpTo, actor: CurrentActor, db: Db) -> ReadMarker:
    """Mark a chat as read up to a seq; the marker never goes back."""
    return await db.write(mark_read, actor, ChatId(chat_id), body.seq)
