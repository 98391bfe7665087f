"""Shapes of messages, shared by HTTP and Socket.IO."""

from datetime import datetime
from typing import Annotated, Any, Literal

import emoji
from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from thespace.accounts.schemas import Person
from thespace.core.ids import MAX_ID
from thespace.core.schemas import Id, Input, Output
from thespace.core.text import Storable, Visible

MAX_CONTENT_CHARACTERS = 8000
"""Which are never more than 32 KiB."""
EXCERPT_CHARACTERS = 200
MAX_CHANGES = 500


def _own_nonce(nonce: str) -> str:
    if nonce.startswith("~"):
        raise PydanticCustomError("nonce_reserved", "nonces that begin with ~ are the server's")
    return nonce


def _one_emoji(text: str) -> str:
    if not emoji.is_emoji(text):
        raise PydanticCustomError("emoji", "must be one emoji")
    # Many have spellings with and without a variation selector that look alike: they must count together.
    return emoji.emojize(emoji.demojize(text))


Content = Annotated[
    str,
    Field(max_length=MAX_CONTENT_CHARACTERS, description="Markdown source"),
    Storable,
    Visible,
]
Nonce = Annotated[str, Field(min_length=1, max_length=64), Storable, AfterValidator(_own_nonce)]
Emoji = Annotated[str, StringConstraints(max_length=32), AfterValidator(_one_emoji)]
Seq = Annotated[int, Field(ge=0, le=MAX_ID, strict=True)]


class NewMessage(Input):
    """A message to send. With a nonce it may be sent again safely: it is stored once."""

    content: Content
    nonce: Nonce | None = None
    reply_to: Id | None = None


class NewContent(Input):
    content: Content


class NewReaction(Input):
    """`on` says whether the reaction shall be there; without it, it is toggled."""

    emoji: Emoji
    on: bool | None = None


class ReadUpTo(Input):
    seq: Seq


class ReplyRef(Output):
    """What a message answers, joined at reading; an excerpt of up to 200 characters."""

    id: int
    seq: int
    author: Person
    excerpt: str
    is_deleted: bool

    def quoting(self, content: str | None, *, is_deleted: bool) -> "ReplyRef":
        """Return the same with what the message says now."""
        return self.model_copy(update={"excerpt": excerpt_of(content), "is_deleted": is_deleted})


def excerpt_of(content: str | None) -> str:
    """Return the beginning of a content, in one line."""
    return " ".join((content or "")[:EXCERPT_CHARACTERS].split())


class ReactionCount(Output):
    """`user_ids` are the first 20 who reacted; `mine` is only in answers to one reader."""

    emoji: str
    count: int
    user_ids: list[int]
    mine: bool | None = Field(None, exclude_if=lambda mine: mine is None)


class MessageOut(Output):
    """A message as it is now; a tombstone has `deleted_at` and no content."""

    id: int
    chat_id: int
    seq: int
    revision: int
    nonce: str | None
    author: Person
    content: str | None
    reply_to: ReplyRef | None
    attachments: list[Any]
    reactions: list[ReactionCount]
    mentions: list[Any]
    created_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None

    def for_everybody(self) -> "MessageOut":
        """Return what is the same for every reader."""
        reactions = [reaction.model_copy(update={"mine": None}) for reaction in self.reactions]
        return self.model_copy(update={"reactions": reactions})


class Duplicate(Output):
    """Where a message with this nonce was stored before; nothing happened now."""

    id: int
    chat_id: int
    seq: int
    revision: int
    nonce: str
    duplicate: Literal[True] = True


class MessagePage(Output):
    """Messages in ascending order of `seq`, tombstones included, as of the chat's `revision`."""

    messages: list[MessageOut]
    revision: int
    last_seq: int


class Changes(Output):
    """The present state of messages that changed, tombstones too, in the order of their revisions.

    `revision` is the last one's while there is more, and the chat's then.
    """

    changes: list[MessageOut]
    revision: int
    has_more: bool


class MessagesChanged(Output):
    """What changed in a chat after `since`, up to `revision`: to be applied when `since <= known <
    revision`.
    """

    chat_id: int
    since: int
    revision: int
    changes: list[MessageOut]


class Version(Output):
    content: str
    written_at: datetime


class History(Output):
    """All that a message ever said, oldest first, the present last."""

    items: list[Version]


class ReactionBody(Output):
    """All reactions with one emoji under a message, after somebody's change."""

    chat_id: int
    message_id: int
    revision: int
    user_id: int
    emoji: str
    count: int
    user_ids: list[int]


class ReactionResult(ReactionBody):
    """`on` tells whether the actor's reaction is there now."""

    on: bool


class Deleted(Output):
    id: int
    chat_id: int
    revision: int


class ReadMarker(Output):
    """How far the reader has read; the higher `n` wins, `unread` stops at 100."""

    chat_id: int
    seq: int
    n: int
    unread: int
