"""Shapes of chats."""

from typing import Annotated

from pydantic import Field

from thespace.core.schemas import Id, Input, Output
from thespace.core.text import Name, Text

Topic = Annotated[Text, Field(max_length=1000)]


class NewChat(Input):
    name: Name
    topic: Topic = ""


class ChatChanges(Input):
    """What is not given stays as it is."""

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
