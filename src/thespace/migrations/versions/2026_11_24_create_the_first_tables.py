"""Create the first tables."""

import sqlalchemy as sa
from alembic import op

from thespace.db.types import BigInt, Json, UtcDateTime, where

revision = "20261124_create_first_tables"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "installation",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Text(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_installation_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.create_table(
        "users",
        sa.Column("id", BigInt, sa.Identity(always=False), nullable=False),
        sa.Column("nickname", sa.Text(), nullable=False),
        sa.Column("nickname_key", sa.Text(), nullable=False),
        sa.Column("nickname_skeleton", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("email_key", sa.Text(), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("avatar_url", sa.Text(), nullable=True),
        sa.Column("profile_version", BigInt, server_default="1", nullable=False),
        sa.Column("version", BigInt, server_default="1", nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email_key", name=op.f("uq_users_email_key")),
        sa.UniqueConstraint("nickname_key", name=op.f("uq_users_nickname_key")),
        sa.UniqueConstraint("nickname_skeleton", name=op.f("uq_users_nickname_skeleton")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("user_id", BigInt, nullable=False),
        sa.Column("generation", BigInt, server_default="1", nullable=False),
        sa.Column("rotated_at", UtcDateTime(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_seen_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("user_agent", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_sessions_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
    )
    op.create_index(
        op.f("ix_sessions_user_id_last_seen_at"), "sessions", ["user_id", "last_seen_at"], unique=False
    )
    op.create_table(
        "spaces",
        sa.Column("id", BigInt, sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("visibility", sa.Text(), nullable=False),
        sa.Column("owner_id", BigInt, nullable=False),
        sa.Column("avatar_url", sa.Text(), nullable=True),
        sa.Column("banner_url", sa.Text(), nullable=True),
        sa.Column("member_count", BigInt, nullable=False),
        sa.Column("version", BigInt, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("deleted_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("visibility IN ('public', 'private')", name=op.f("ck_spaces_visibility")),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_spaces_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spaces")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_spaces_deleted_at"),
        "spaces",
        ["deleted_at"],
        unique=False,
        **where("deleted_at IS NOT NULL"),
    )
    op.create_index(op.f("ix_spaces_owner_id"), "spaces", ["owner_id"], unique=False)
    op.create_table(
        "chats",
        sa.Column("id", BigInt, sa.Identity(always=False), nullable=False),
        sa.Column("space_id", BigInt, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("position", BigInt, nullable=False),
        sa.Column("last_seq", BigInt, nullable=False),
        sa.Column("revision", BigInt, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("deleted_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["space_id"], ["spaces.id"], name=op.f("fk_chats_space_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chats")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_chats_deleted_at"),
        "chats",
        ["deleted_at"],
        unique=False,
        **where("deleted_at IS NOT NULL"),
    )
    op.create_index(op.f("ix_chats_space_id"), "chats", ["space_id"], unique=False)
    op.create_table(
        "members",
        sa.Column("space_id", BigInt, nullable=False),
        sa.Column("user_id", BigInt, nullable=False),
        sa.Column("joined_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["space_id"], ["spaces.id"], name=op.f("fk_members_space_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_members_user_id")),
        sa.PrimaryKeyConstraint("space_id", "user_id", name=op.f("pk_members")),
    )
    op.create_index(op.f("ix_members_user_id"), "members", ["user_id"], unique=False)
    op.create_table(
        "roles",
        sa.Column("id", BigInt, sa.Identity(always=False), nullable=False),
        sa.Column("space_id", BigInt, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("priority", BigInt, nullable=False),
        sa.Column("tone", BigInt, nullable=True),
        sa.Column("permissions", BigInt, nullable=False),
        sa.Column("preset", sa.Text(), nullable=True),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.CheckConstraint("tone BETWEEN 0 AND 11", name=op.f("ck_roles_tone")),
        sa.ForeignKeyConstraint(["space_id"], ["spaces.id"], name=op.f("fk_roles_space_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roles")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_roles_space_id"), "roles", ["space_id"], unique=False)
    op.create_table(
        "member_roles",
        sa.Column("space_id", BigInt, nullable=False),
        sa.Column("user_id", BigInt, nullable=False),
        sa.Column("role_id", BigInt, nullable=False),
        sa.ForeignKeyConstraint(["role_id"], ["roles.id"], name=op.f("fk_member_roles_role_id")),
        sa.ForeignKeyConstraint(
            ["space_id", "user_id"],
            ["members.space_id", "members.user_id"],
            name=op.f("fk_member_roles_space_id_user_id"),
        ),
        sa.PrimaryKeyConstraint("space_id", "user_id", "role_id", name=op.f("pk_member_roles")),
    )
    op.create_index(op.f("ix_member_roles_role_id"), "member_roles", ["role_id"], unique=False)
    op.create_table(
        "messages",
        sa.Column("id", BigInt, sa.Identity(always=False), nullable=False),
        sa.Column("chat_id", BigInt, nullable=False),
        sa.Column("seq", BigInt, nullable=False),
        sa.Column("revision", BigInt, nullable=False),
        sa.Column("author_id", BigInt, nullable=False),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("request_hash", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("attachments", Json, nullable=False),
        sa.Column("mentions", Json, nullable=False),
        sa.Column("reply_to_id", BigInt, nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("edited_at", UtcDateTime(), nullable=True),
        sa.Column("deleted_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_messages_author_id")),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name=op.f("fk_messages_chat_id")),
        sa.ForeignKeyConstraint(["reply_to_id"], ["messages.id"], name=op.f("fk_messages_reply_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("chat_id", "revision", name=op.f("uq_messages_chat_id_revision")),
        sa.UniqueConstraint("chat_id", "seq", name=op.f("uq_messages_chat_id_seq")),
        sa.UniqueConstraint(
            "nonce", "author_id", "chat_id", name=op.f("uq_messages_nonce_author_id_chat_id")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_messages_reply_to_id"),
        "messages",
        ["reply_to_id"],
        unique=False,
        **where("reply_to_id IS NOT NULL"),
    )
    op.create_table(
        "read_states",
        sa.Column("user_id", BigInt, nullable=False),
        sa.Column("chat_id", BigInt, nullable=False),
        sa.Column("seq", BigInt, nullable=False),
        sa.Column("n", BigInt, nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name=op.f("fk_read_states_chat_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_read_states_user_id")),
        sa.PrimaryKeyConstraint("user_id", "chat_id", name=op.f("pk_read_states")),
    )
    op.create_index(op.f("ix_read_states_chat_id"), "read_states", ["chat_id"], unique=False)
    op.create_table(
        "message_versions",
        sa.Column("id", BigInt, sa.Identity(always=False), nullable=False),
        sa.Column("message_id", BigInt, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_message_versions_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_versions")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_message_versions_message_id"), "message_versions", ["message_id"], unique=False)
    op.create_table(
        "reactions",
        sa.Column("message_id", BigInt, nullable=False),
        sa.Column("emoji", sa.Text(), nullable=False),
        sa.Column("user_id", BigInt, nullable=False),
        sa.Column("revision", BigInt, nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_reactions_message_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_reactions_user_id")),
        sa.PrimaryKeyConstraint("message_id", "emoji", "user_id", name=op.f("pk_reactions")),
    )
