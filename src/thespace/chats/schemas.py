"""Shapes of chats."""

from typing import Annotated

from pydantic import Field

from thespace.core.schemas import Changes, Id, Input, Output
from thespace.core.text import Name, Storable

Topic = Annotated[str, Field(max_length=1000), Storable]


class NewChat(Input):
    name: Name
    topic: Topic = ""


class ChatChanges(Changes):
    name: Name | None = None
    topic: Topic | None = None


class ChatInfo(Output):
    """What everybody who may read a chat sees alike."""

    id: int
    space_id: int
    name: str
    topic: str
    position: int
    last_seq: int
    revision: int


class ChatRef(Input):
    chat_id: Id
