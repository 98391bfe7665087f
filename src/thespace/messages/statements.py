"""The set-wise statements of timelines, built once: their texts do not depend on the number of rows."""

from sqlalchemy import TextClause, func, select, text

from thespace.accounts.models import User
from thespace.accounts.queries import person_columns
from thespace.db.dialects import Dialect
from thespace.db.relation import numbers
from thespace.messages.models import Message
from thespace.messages.queries import MESSAGES, reactions_statement
from thespace.messages.schemas import EXCERPT_CHARACTERS


class Statements:
    """Statements, each with the relation that carries its rows."""

    def __init__(self, dialect: Dialect) -> None:
        self.ids = dialect.relation(id="bigint")
        self.readers = dialect.relation(reader_id="bigint")
        self.nonces = dialect.relation(nonce="text", author_id="bigint", chat_id="bigint")
        self.sent = dialect.relation(
            chat_id="bigint",
            seq="bigint",
            revision="bigint",
            author_id="bigint",
            nonce="text",
            request_hash="text",
            content="text",
            reply_to_id="bigint",
            created_at="timestamptz",
        )
        self.read = dialect.relation(user_id="bigint", chat_id="bigint", seq="bigint")
        self.edited = dialect.relation(
            id="bigint", revision="bigint", content="text", edited_at="timestamptz"
        )
        self.versions = dialect.relation(message_id="bigint", content="text", written_at="timestamptz")
        self.deleted = dialect.relation(id="bigint", revision="bigint", deleted_at="timestamptz")
        self.touched = dialect.relation(id="bigint", revision="bigint")
        self.reactions = dialect.relation(
            message_id="bigint", emoji="text", user_id="bigint", revision="bigint"
        )

        asked = Message.id.in_(numbers(self.ids))
        self.find_places = select(Message.id, Message.chat_id).where(asked)
        self.find_messages = MESSAGES.where(asked)
        self.find_reactions = reactions_statement(asked, lambda user_id: user_id.in_(numbers(self.readers)))
        self.find_replied = (
            select(
                Message.id,
                Message.chat_id,
                Message.seq,
                Message.deleted_at,
                func.substr(Message.content, 1, EXCERPT_CHARACTERS).label("excerpt"),
                *person_columns(User, prefix="author_"),
            )
            .join(User, User.id == Message.author_id)
            .where(asked)
        )
        self.find_nonces = _find_nonces(dialect.name, self.nonces.sql)
        self.insert_messages = text(f"""
            INSERT INTO messages (chat_id, seq, revision, author_id, nonce, request_hash, content,
                reply_to_id, created_at, attachments, mentions)
            SELECT chat_id, seq, revision, author_id, nonce, request_hash, content, reply_to_id,
                created_at, '[]', '[]'
            FROM {self.sent.sql}
            RETURNING id, chat_id, seq
        """)
        self.raise_read = text(f"""
            INSERT INTO read_states (user_id, chat_id, seq, n)
            SELECT user_id, chat_id, seq, 1 FROM {self.read.sql} WHERE true
            ON CONFLICT (user_id, chat_id) DO UPDATE SET seq = excluded.seq, n = read_states.n + 1
            WHERE read_states.seq < excluded.seq
            RETURNING user_id, chat_id, seq, n
        """)
        self.insert_versions = text(f"""
            INSERT INTO message_versions (message_id, content, written_at)
            SELECT message_id, content, written_at FROM {self.versions.sql}
        """)
        self.update_edited = text(f"""
            UPDATE messages SET revision = r.revision, content = r.content, edited_at = r.edited_at
            FROM {self.edited.sql} WHERE messages.id = r.id
        """)
        # The hash goes too: it would tell whoever has the database whether a guess of the content is right.
        self.update_deleted = text(f"""
            UPDATE messages SET revision = r.revision, deleted_at = r.deleted_at, content = NULL,
                edited_at = NULL, request_hash = '', reply_to_id = NULL, attachments = '[]', mentions = '[]'
            FROM {self.deleted.sql} WHERE messages.id = r.id
        """)
        self.delete_versions = _delete("message_versions", self.ids.sql)
        self.delete_all_reactions = _delete("reactions", self.ids.sql)
        self.update_touched = text(f"""
            UPDATE messages SET revision = r.revision FROM {self.touched.sql} WHERE messages.id = r.id
        """)
        self.insert_reactions = text(f"""
            INSERT INTO reactions (message_id, emoji, user_id, revision)
            SELECT message_id, emoji, user_id, revision FROM {self.reactions.sql}
        """)
        self.delete_reactions = text(f"""
            DELETE FROM reactions WHERE (message_id, emoji, user_id) IN
            (SELECT message_id, emoji, user_id FROM {self.reactions.sql})
        """)


def _delete(table: str, ids: str) -> TextClause:
    return text(f"DELETE FROM {table} WHERE message_id IN (SELECT id FROM {ids})")


def _find_nonces(dialect: str, nonces: str) -> TextClause:
    """Return the lookup of nonces, which only the index that begins with the nonce can serve.

    `+ 0` and CROSS JOIN keep other indexes out: a plan prepared on the empty table took (chat_id, seq) and
    read the whole chat at each send, until the first autoanalyze.
    """
    columns = (
        "id, chat_id, author_id, nonce, seq, revision, request_hash, deleted_at IS NOT NULL AS is_deleted"
    )
    if dialect == "postgresql":
        found = (
            f"LATERAL (SELECT {columns} FROM messages WHERE nonce = r.nonce AND author_id + 0 = r.author_id"
            " AND chat_id + 0 = r.chat_id LIMIT 1) AS m"
        )
        return text(f"SELECT m.* FROM {nonces} CROSS JOIN {found}")
    return text(
        f"SELECT m.* FROM {nonces} CROSS JOIN (SELECT {columns} FROM messages) AS m"
        " WHERE m.nonce = r.nonce AND +m.author_id = r.author_id AND +m.chat_id = r.chat_id"
    )
