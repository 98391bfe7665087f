"""Events: what happened, told after the commit to those who may know it."""

from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel

from thespace.core.ids import ChatId, SessionId, SpaceId, UserId


class AudienceKind(StrEnum):
    SPACE = "space"
    USER = "user"
    SESSION = "session"
    VIEW = "view"
    SOCKET = "socket"


@dataclass(frozen=True, slots=True)
class Audience:
    """A set of people (or of their sockets) that is told of events; `str()` is its room's name."""

    kind: AudienceKind
    id: int | str

    def __str__(self) -> str:
        # Socket.IO puts every socket into a room of its own, named by its id.
        return str(self.id) if self.kind is AudienceKind.SOCKET else f"{self.kind}:{self.id}"

    @classmethod
    def space(cls, space_id: SpaceId) -> "Audience":
        """Everybody who belongs to a space."""
        return cls(AudienceKind.SPACE, space_id)

    @classmethod
    def user(cls, user_id: UserId) -> "Audience":
        """All of a person's own sockets."""
        return cls(AudienceKind.USER, user_id)

    @classmethod
    def session(cls, session_id: SessionId) -> "Audience":
        """The sockets of one login session."""
        return cls(AudienceKind.SESSION, session_id)

    @classmethod
    def view(cls, chat_id: ChatId) -> "Audience":
        """The sockets that look at a chat right now."""
        return cls(AudienceKind.VIEW, chat_id)

    @classmethod
    def socket(cls, socket_id: str) -> "Audience":
        """One socket."""
        return cls(AudienceKind.SOCKET, socket_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that was committed. Subclasses live in `<domain>/events.py` and are named in the past tense.

    `body` is what the audience is told. `closes` names an audience that ceases to be with this event.
    """

    audience: Audience
    body: BaseModel
    closes: Audience | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatChanged(Event):
    """A change of a chat's timeline; a chat's changes reach everybody in the order of their revisions."""

    chat_id: ChatId
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatCaughtUp(Event):
    """The present state of all that changed in a chat after one revision, up to another.

    Told in place of changes that never arrived; a message that changed twice has only its last revision. With
    `has_more` some messages are not yet what they were at `revision`: they come with a later one.
    """

    chat_id: ChatId
    since: int
    revision: int
    has_more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipChanged(Event):
    """That a person now belongs to an audience, or no longer does; their sockets follow at once."""

    user_id: UserId
    joined: bool
