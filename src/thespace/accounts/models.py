"""Tables of people and of their login sessions."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from thespace.db.base import Base
from thespace.db.types import NEVER_REUSED, id_column


class User(Base):
    """A person."""

    __tablename__ = "users"
    __table_args__ = NEVER_REUSED

    id: Mapped[int] = id_column()
    nickname: Mapped[str]
    nickname_key: Mapped[str] = mapped_column(unique=True)
    """Under which the nickname is found and searched: `search_key`."""
    nickname_skeleton: Mapped[str] = mapped_column(unique=True)
    """What the nickname looks like: `nicknames.skeleton`."""
    display_name: Mapped[str]
    email: Mapped[str | None]
    email_key: Mapped[str | None] = mapped_column(unique=True)
    password_hash: Mapped[str]
    avatar_url: Mapped[str | None]
    profile_version: Mapped[int] = mapped_column(server_default="1")
    """Raised by every change that others see."""
    version: Mapped[int] = mapped_column(server_default="1")
    """Raised by every change of the person's own things: profile, settings, lists."""
    created_at: Mapped[datetime]


class Session(Base):
    """A login on one device. Access tokens name it, refresh tokens carry its generations."""

    __tablename__ = "sessions"

    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    generation: Mapped[int] = mapped_column(server_default="1")
    """The latest generation of refresh tokens handed out."""
    rotated_at: Mapped[datetime]
    """When the latest generation was handed out first."""
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    user_agent: Mapped[str]
    address: Mapped[str]

    __table_args__ = (Index(None, "user_id", "last_seen_at"),)
