"""Types of ids, so that a chat's id cannot be passed where a message's is meant."""

from typing import NewType

UserId = NewType("UserId", int)
SpaceId = NewType("SpaceId", int)
RoleId = NewType("RoleId", int)
ChatId = NewType("ChatId", int)
MessageId = NewType("MessageId", int)
SessionId = NewType("SessionId", str)

MAX_ID = 2**53 - 1
"""JavaScript's largest exact integer; every id and seq stays below it."""
