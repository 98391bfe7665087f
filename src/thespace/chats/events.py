"""What happens to chats."""

from dataclasses import dataclass

from thespace.chats.schemas import ChatInfo
from thespace.core.events import Event
from thespace.core.schemas import Output


class ChatBody(Output):
    space_id: int
    version: int
    chat: ChatInfo


class ChatDeletedBody(Output):
    space_id: int
    version: int
    chat_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatCreated(Event):
    """A space has a new chat."""

    body: ChatBody


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatUpdated(Event):
    """A chat's name or topic changed."""

    body: ChatBody


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatDeleted(Event):
    """A chat is gone, with everything in it."""

    body: ChatDeletedBody
