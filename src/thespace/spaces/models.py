"""Tables of spaces, their members and their roles."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from thespace.db.base import Base
from thespace.db.types import NEVER_REUSED, id_column, where


class Space(Base):
    """A space. `version` is raised once by each change of its settings, chats, roles or members."""

    __tablename__ = "spaces"
    __table_args__ = (
        CheckConstraint("visibility IN ('public', 'private')", name="visibility"),
        Index(None, "owner_id"),
        Index(
            None,
            "deleted_at",
            **where("deleted_at IS NOT NULL"),
        ),
        NEVER_REUSED,
    )

    id: Mapped[int] = id_column()
    name: Mapped[str]
    name_key: Mapped[str]
    description: Mapped[str]
    visibility: Mapped[str]
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    avatar_url: Mapped[str | None]
    banner_url: Mapped[str | None]
    member_count: Mapped[int]
    version: Mapped[int]
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]


class Member(Base):
    """That a person belongs to a space."""

    __tablename__ = "members"
    __table_args__ = (Index(None, "user_id"),)

    space_id: Mapped[int] = mapped_column(ForeignKey("spaces.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    joined_at: Mapped[datetime]


class Role(Base):
    """A named set of permissions within a space; `tone` is one of 12 hues, or None for plain ink."""

    __tablename__ = "roles"
    __table_args__ = (
        CheckConstraint("tone BETWEEN 0 AND 11", name="tone"),
        Index(None, "space_id"),
        NEVER_REUSED,
    )

    id: Mapped[int] = id_column()
    space_id: Mapped[int] = mapped_column(ForeignKey("spaces.id"))
    name: Mapped[str]
    priority: Mapped[int]
    tone: Mapped[int | None]
    permissions: Mapped[int]
    preset: Mapped[str | None]
    is_default: Mapped[bool]


class MemberRole(Base):
    """That a member holds a role."""

    __tablename__ = "member_roles"
    __table_args__ = (
        ForeignKeyConstraint(["space_id", "user_id"], ["members.space_id", "members.user_id"]),
        Index(None, "role_id"),
    )

    space_id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(primary_key=True)
    role_id: Mapped[int] = mapped_column(ForeignKey("roles.id"), primary_key=True)
