"""What a database must look like, whatever happened to it."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

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
    reactions: set[tuple[int, str, int]]

    @cached_property
    def by_nonce(self) -> dict[tuple[int, str], list[AnyRow]]:
        """Return the messages by author and nonce: one each, if all is well."""
        found: dict[tuple[int, str], list[AnyRow]] = {}
        for message in self.messages.values():
            found.setdefault((message.author_id, message.nonce), []).append(message)
        return found

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
    reactions = await db.rows(select(Reaction.__table__).where(Reaction.message_id.in_(in_chat)))
    by_id = {row.id: row for row in messages}
    assert all(each.revision <= by_id[each.message_id].revision for each in reactions)
    assert all(by_id[each.message_id].content is not None for each in reactions), "a tombstone has reactions"
    counts = Counter({row[0]: row[1] for row in versions})
    shown = {(each.message_id, each.emoji, each.user_id) for each in reactions}
    return Stored(chat.last_seq, chat.revision, by_id, counts, shown)
