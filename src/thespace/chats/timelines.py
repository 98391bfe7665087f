"""Many timelines held at once, for a batch of changes: authority, locks, permissions, counters."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select, text

from thespace.accounts.schemas import Person
from thespace.chats.access import ChatAccess, audience_of
from thespace.chats.models import Chat
from thespace.core.actor import Actor
from thespace.core.errors import NotFound
from thespace.core.events import Audience
from thespace.core.ids import ChatId, SpaceId, UserId
from thespace.db.dialects import Dialect
from thespace.db.relation import numbers
from thespace.db.unit_of_work import UnitOfWork
from thespace.spaces.access_many import Granted, ManyAccesses
from thespace.spaces.policy import NO_PERMISSIONS, Permission

MAX_HOMES = 50_000


@dataclass(slots=True)
class _Counters:
    """A locked chat. `last_seq` and `revision` are what they will be after the batch."""

    space_id: SpaceId
    last_seq: int
    revision: int
    is_changed: bool = False


@dataclass(slots=True)
class HeldTimelines:
    """Timelines that nobody else changes until the commit. `busy` are chats whose authority is being
    changed.
    """

    busy: dict[ChatId, SpaceId]
    _chats: dict[ChatId, _Counters]
    _granted: dict[tuple[UserId, SpaceId], Granted]

    def access(self, actor: Actor, chat_id: ChatId, needed: Permission = NO_PERMISSIONS) -> ChatAccess:
        """Return the actor's access to a chat; raises NotFound and Forbidden as `access_chat` does."""
        counters = self.counters(chat_id)
        granted = self._granted.get((actor.user_id, counters.space_id))
        if granted is None:
            raise NotFound
        granted.access.require(needed)
        return ChatAccess(chat_id, granted.access, counters.last_seq, counters.revision)

    def audience(self, chat_id: ChatId) -> Audience:
        """Return who is told what happens in a chat."""
        return audience_of(self.counters(chat_id).space_id)

    def person(self, access: ChatAccess) -> Person:
        """Return who has an access."""
        return self._granted[access.space.user_id, access.space.space_id].person

    def counters(self, chat_id: ChatId) -> _Counters:
        """Return a held chat's counters; raises NotFound when there is no such chat."""
        counters = self._chats.get(chat_id)
        if counters is None:
            raise NotFound
        return counters

    def take(self, chat_id: ChatId, *, messages: int = 0) -> tuple[int, int]:
        """Take a chat's next revision, and its next seq for a new message; return `last_seq, revision`."""
        counters = self.counters(chat_id)
        counters.last_seq += messages
        counters.revision += 1
        counters.is_changed = True
        return counters.last_seq, counters.revision

    def changed(self) -> list[tuple[ChatId, int, int]]:
        """Return the counters that moved, as `chat_id, last_seq, revision`, ascending."""
        return sorted((id_, c.last_seq, c.revision) for id_, c in self._chats.items() if c.is_changed)


class Timelines:
    """Holds and saves timelines in sets. Locks in the one order there is: authority, then chats ascending."""

    def __init__(self, dialect: Dialect) -> None:
        self._accesses = ManyAccesses(dialect)
        self._ids = dialect.relation(id="bigint")
        self._counters = dialect.relation(chat_id="bigint", last_seq="bigint", revision="bigint")
        # A chat never changes its space, so that what was read once stays true.
        self._homes: OrderedDict[ChatId, SpaceId] = OrderedDict()
        asked = Chat.id.in_(numbers(self._ids))
        self._home_statement = select(Chat.id, Chat.space_id).where(asked)
        self._lock_statement = (
            select(Chat.id, Chat.space_id, Chat.last_seq, Chat.revision)
            .where(asked, Chat.deleted_at.is_(None))
            .order_by(Chat.id)
            .with_for_update(key_share=True)
        )
        self._save_statement = text(
            "UPDATE chats SET last_seq = r.last_seq, revision = r.revision "
            f"FROM {self._counters.sql} WHERE chats.id = r.chat_id"
        )

    def home_of(self, chat_id: ChatId) -> SpaceId | None:
        """Return a chat's space if it is known already."""
        return self._homes.get(chat_id)

    async def hold(
        self, uow: UnitOfWork, asked: Sequence[tuple[UserId, ChatId]], *, wait: bool
    ) -> HeldTimelines:
        """Hold the asked chats, and read what the asking people may do there.

        Without `wait`, chats whose authority is being changed are not held but named in `busy`.
        """
        homes = await self._find_homes(uow, {chat_id for _, chat_id in asked})
        refused = await uow.share_authorities(sorted(set(homes.values())), wait=wait)
        busy = {chat_id: space_id for chat_id, space_id in homes.items() if space_id in refused}
        chats = await self._lock(uow, sorted(homes.keys() - busy.keys()))
        # A statement after the locks: one that waited for them saw everything else as it was before.
        granted = await self._accesses.read(
            uow, ((user_id, homes[chat_id]) for user_id, chat_id in asked if chat_id in chats)
        )
        return HeldTimelines(busy, chats, granted)

    async def save(self, uow: UnitOfWork, held: HeldTimelines) -> None:
        """Write the counters that moved."""
        if changed := held.changed():
            await uow.execute(self._save_statement, self._counters.bind(changed))

    async def _find_homes(self, uow: UnitOfWork, chat_ids: Iterable[ChatId]) -> dict[ChatId, SpaceId]:
        wanted = set(chat_ids)
        if unknown := sorted(wanted - self._homes.keys()):
            rows = await uow.rows(self._home_statement, self._ids.bind([(chat_id,) for chat_id in unknown]))
            self._homes.update((row.id, row.space_id) for row in rows)
        homes = {chat_id: self._homes[chat_id] for chat_id in wanted if chat_id in self._homes}
        while len(self._homes) > MAX_HOMES:
            self._homes.popitem(last=False)
        return homes

    async def _lock(self, uow: UnitOfWork, chat_ids: list[ChatId]) -> dict[ChatId, _Counters]:
        if not chat_ids:
            return {}
        rows = await uow.rows(self._lock_statement, self._ids.bind([(chat_id,) for chat_id in chat_ids]))
        return {ChatId(row.id): _Counters(SpaceId(row.space_id), row.last_seq, row.revision) for row in rows}
