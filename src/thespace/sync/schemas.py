"""Shapes of the snapshot."""

from typing import Annotated

from pydantic import Field

from thespace.accounts.schemas import Me
from thespace.chats.schemas import ChatInfo
from thespace.core.schemas import Input, Output
from thespace.spaces.schemas import RoleCard, SpaceCard


class ChatCard(ChatInfo):
    """A chat as its reader sees it; `unread` stops at 100."""

    read_seq: int
    unread: int


class ChatList(Output):
    items: list[ChatCard]


class SpaceSnapshot(SpaceCard):
    """A space as one of its members sees it."""

    owner_id: int
    chats: list[ChatCard]
    roles: list[RoleCard]
    my_role_ids: list[int]
    my_permissions: list[str]
    my_rank: int


class LimitsCard(Output):
    """What clients should know before they are refused."""

    message_characters: int
    nickname_characters: int
    name_characters: int
    page: int
    reactions_per_message: int
    chats_per_space: int


class Snapshot(Output):
    """All of a person's spaces and chats, as of one moment; `cursor` is where `heartbeat` goes on from."""

    epoch: str
    cursor: str
    limits: LimitsCard
    me: Me
    spaces: list[SpaceSnapshot]


class Config(Output):
    """What anybody may know of this installation."""

    version: str
    registration: str
    limits: LimitsCard


class Heartbeat(Input):
    """`cursor` as `connected`, `/sync` or the previous heartbeat answered it."""

    cursor: Annotated[str, Field(max_length=64)] = ""


class Moved(Output):
    """What may have moved since the cursor: revisions of chats, versions of spaces and of oneself."""

    cursor: str
    chats: dict[int, int]
    spaces: dict[int, int]
    private: dict[int, int]
    me: int | None
