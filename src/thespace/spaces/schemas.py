"""Shapes of spaces, their roles and members."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from thespace.accounts.schemas import Person
from thespace.core.schemas import Changes, Input, Output
from thespace.core.text import Name, Storable


class Visibility(StrEnum):
    """Public spaces show their card to any signed-in person, who may join."""

    PUBLIC = "public"
    PRIVATE = "private"


Description = Annotated[str, Field(max_length=1000), Storable]


class NewSpace(Input):
    name: Name
    description: Description = ""
    visibility: Visibility = Field(Visibility.PRIVATE, strict=False)
    first_chat: Name = "general"


class SpaceChanges(Changes):
    name: Name | None = None
    description: Description | None = None
    visibility: Visibility | None = Field(None, strict=False)


class SpaceInfo(Output):
    """What anybody may see of a space whose card they may see."""

    id: int
    name: str
    description: str
    visibility: Visibility
    avatar_url: str | None
    banner_url: str | None
    member_count: int
    version: int


class SpaceCard(SpaceInfo):
    is_member: bool


class SpaceList(Output):
    items: list[SpaceCard]


class RoleCard(Output):
    id: int
    name: str
    priority: int
    tone: int | None
    permissions: list[str]
    is_default: bool
    preset: str | None


class MyPermissions(Output):
    permissions: list[str]
    rank: int


class Participant(Output):
    user: Person
    role_ids: list[int]
    joined_at: datetime


class ParticipantPage(Output):
    items: list[Participant]
    next_cursor: str | None
    version: int
