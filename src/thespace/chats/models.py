"""Tables of chats and of what was read."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from thespace.db.base import Base
from thespace.db.types import NEVER_REUSED, id_column, where


class Chat(Base):
    """A chat: a sequence of messages.

    `last_seq` is the number of its messages ever, `revision` the number of changes to its timeline ever.
    """

    __tablename__ = "chats"
    __table_args__ = (
        Index(None, "space_id"),
        Index(
            None,
            "deleted_at",
            **where("deleted_at IS NOT NULL"),
        ),
        NEVER_REUSED,
    )

    id: Mapped[int] = id_column()
    space_id: Mapped[int] = mapped_column(ForeignKey("spaces.id"))
    name: Mapped[str]
    topic: Mapped[str]
    position: Mapped[int]
    last_seq: Mapped[int]
    revision: Mapped[int]
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]


class ReadState(Base):
    """How far a person has read a chat; `n` counts its changes, so that the newest marker wins."""

    __tablename__ = "read_states"
    __table_args__ = (Index(None, "chat_id"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id"), primary_key=True)
    seq: Mapped[int]
    n: Mapped[int]
