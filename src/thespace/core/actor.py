"""Who is acting."""

from dataclasses import dataclass

from thespace.core.ids import SessionId, UserId


@dataclass(frozen=True, slots=True)
class Actor:
    """A person who proved who they are, by a login session that was alive when the request began."""

    user_id: UserId
    session_id: SessionId
