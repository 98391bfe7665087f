"""Tables of messages."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from thespace.db.base import Base
from thespace.db.types import NEVER_REUSED, id_column, where


class Message(Base):
    """A message, or the tombstone of one (`deleted_at` is set, the content gone).

    `seq` is its place in the chat, `revision` the chat's revision of its last change. A row keeps the
    metadata of its attachments and mentions, so that a page needs no statement for them.
    """

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("chat_id", "seq"),
        UniqueConstraint("chat_id", "revision"),
        # Nonce first: a lookup of nonces must have no other index to use, or a fresh PostgreSQL reads the
        # whole chat.
        UniqueConstraint("nonce", "author_id", "chat_id"),
        Index(
            None,
            "reply_to_id",
            **where("reply_to_id IS NOT NULL"),
        ),
        NEVER_REUSED,
    )

    id: Mapped[int] = id_column()
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id"))
    seq: Mapped[int]
    revision: Mapped[int]
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    nonce: Mapped[str]
    request_hash: Mapped[str]
    content: Mapped[str | None]
    attachments: Mapped[list[Any]]
    mentions: Mapped[list[Any]]
    reply_to_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]


class MessageVersion(Base):
    """What a message said before an edit, and since when."""

    __tablename__ = "message_versions"
    __table_args__ = (Index(None, "message_id"), NEVER_REUSED)

    id: Mapped[int] = id_column()
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"))
    content: Mapped[str]
    written_at: Mapped[datetime]


class Reaction(Base):
    """One person's emoji under a message; `revision` is the chat's when it was added, and orders them."""

    __tablename__ = "reactions"

    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), primary_key=True)
    emoji: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    revision: Mapped[int]
