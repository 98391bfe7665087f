"""What happens in a timeline, and to what was read of it."""

from dataclasses import dataclass

from thespace.core.events import ChatCaughtUp, ChatChanged, Event
from thespace.messages.schemas import MessageOut, MessagesChanged, ReactionBody, ReadMarker


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSent(ChatChanged):
    """A message was appended; told to its author as well."""

    body: MessageOut


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageEdited(ChatChanged):
    """A message says something else now."""

    body: MessageOut


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDeleted(ChatChanged):
    """A message is a tombstone now."""

    body: MessageOut


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionAdded(ChatChanged):
    """Somebody reacted; the body is the whole result."""

    body: ReactionBody


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionRemoved(ChatChanged):
    """Somebody took a reaction back; the body is the whole result."""

    body: ReactionBody


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineCaughtUp(ChatCaughtUp):
    """Events of a chat were lost on their way; instead of them, what their messages are now."""

    body: MessagesChanged


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMarkerMoved(Event):
    """A person read on; told to their own sockets, so that all of their devices agree."""

    body: ReadMarker
