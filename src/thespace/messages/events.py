"""What happens in a timeline, and to what was read of it."""

from dataclasses import dataclass

from thespace.core.events import ChatChanged, Event
from thespace.messages.schemas import MessageOut, ReactionBody, ReadMarker


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSent(ChatChanged):
    body: MessageOut


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageEdited(ChatChanged):
    body: MessageOut


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDeleted(ChatChanged):
    body: MessageOut


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionAdded(ChatChanged):
    body: ReactionBody


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionRemoved(ChatChanged):
    body: ReactionBody


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMarkerMoved(Event):
    body: ReadMarker
