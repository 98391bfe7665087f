"""What a database must look like, whatever happened to it."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select

from thespace.chats.models import Chat
from thespace.db.database import Database
from thespace.db.types import AnyRow
from thespace.db.unit_of_work import Reader
from thespace.messages.models import Message, MessageVersion, Reaction


@dataclass(frozen=True)
class Stored:
    """A chat as the database has it, messages by id."""

    last_seq: int
    revision: int
    messages: dict[int, AnyRow]
    versions: Counter[int]

    def by_nonce(self, author_id: int, nonce: str) -> list[AnyRow]:
        """Return the messages with a nonce: at most one, if all is well."""
        return [m for m in self.messages.values() if (m.author_id, m.nonce) == (author_id, nonce)]

    @property
    def contents(self) -> list[str | None]:
        """Return what was said, in order."""
        return [m.content for m in sorted(self.messages.values(), key=lambda m: int(m.seq))]


async def audit(database: Database, chat_id: int) -> Stored:
    """Return a chat after making sure that it is a gapless sequence in which each message stands once."""
    stored = await database.read(_read, chat_id)
    messages = stored.messages.values()
    seqs = sorted(m.seq for m in messages)
    assert seqs == list(range(1, stored.last_seq + 1)), "seq has gaps"
    revisions = [m.revision for m in messages]
    assert len(set(revisions)) == len(revisions), "two messages have one revision"
    assert all(m.seq <= m.revision <= stored.revision for m in messages)
    assert not messages or max(revisions) == stored.revision, "the last change is nowhere"
    nonces = Counter((m.author_id, m.nonce) for m in messages)
    assert not [nonce for nonce, count in nonces.items() if count > 1], "a message is doubled"
    assert all((m.content is None) == (m.deleted_at is not None) for m in messages)
    return stored


async def _read(db: Reader, chat_id: int) -> Stored:
    chat = await db.row(select(Chat.last_seq, Chat.revision).where(Chat.id == chat_id))
    assert chat is not None
    in_chat = select(Message.id).where(Message.chat_id == chat_id)
    messages = await db.rows(select(Message.__table__).where(Message.chat_id == chat_id))
    versions = await db.rows(
        select(MessageVersion.message_id, func.count())
        .where(MessageVersion.message_id.in_(in_chat))
        .group_by(MessageVersion.message_id)
    )
    late = await db.scalar(
        select(func.count())
        .select_from(Reaction)
        .join(Message, Message.id == Reaction.message_id)
        .where(Message.chat_id == chat_id, Reaction.revision > Message.revision)
    )
    assert late == 0, "a reaction is newer than its message"
    counts = Counter({row[0]: row[1] for row in versions})
    return Stored(chat.last_seq, chat.revision, {row.id: row for row in messages}, counts)
