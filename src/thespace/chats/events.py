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
    body: ChatBody


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatUpdated(Event):
    body: ChatBody


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatDeleted(Event):
    body: ChatDeletedBody
