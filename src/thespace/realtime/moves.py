"""What moved since when, for everything this process has sockets for: heartbeats cost no statement."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from thespace.core.events import AudienceKind
from thespace.realtime.wire import Envelope

Position = tuple[int, int, int | None, int | None]
"""A space's id and version, and the id and revision of one of its chats, if it has any."""


@dataclass(slots=True)
class _Mark:
    """A version or revision, and the count of this process when it moved there."""

    number: int
    at: int


@dataclass(slots=True)
class _Space:
    version: _Mark
    chats: dict[int, _Mark] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Moved:
    """Revisions of chats and versions of spaces."""

    chats: dict[int, int]
    spaces: dict[int, int]


class Moves:
    """Counts what this process hears of. A cursor is its boot and its count: opaque to clients."""

    def __init__(self, boot: str) -> None:
        self._boot = boot
        self._count = 0
        self._spaces: dict[int, _Space] = {}

    def cursor(self) -> str:
        """Return where this process is."""
        return f"{self._boot}-{self._count}"

    def hear(self, envelope: Envelope) -> None:
        """Note where an event moved its space or chat."""
        self._count += 1
        space = self._spaces.get(int(envelope.audience.id)) if _is_of_space(envelope) else None
        if space is None:
            return
        if envelope.chat_id is not None and envelope.revision is not None:
            self._raise(space.chats.setdefault(envelope.chat_id, _Mark(0, 0)), envelope.revision)
        if isinstance(version := envelope.data.get("version"), int):
            self._raise(space.version, version)

    def compare(self, positions: Iterable[Position]) -> None:
        """Note what the database says, which covers what was never told; forget all other spaces."""
        self._count += 1
        before, self._spaces = self._spaces, {}
        for space_id, version, chat_id, revision in positions:
            known = before.get(space_id) or _Space(_Mark(0, 0))
            space = self._spaces.setdefault(space_id, _Space(known.version))
            self._raise(space.version, version)
            if chat_id is not None and revision is not None:
                space.chats[chat_id] = known.chats.get(chat_id, _Mark(0, 0))
                self._raise(space.chats[chat_id], revision)

    def since(self, cursor: str, space_ids: Iterable[int]) -> Moved | None:
        """Return what moved in spaces since a cursor of this process, or None when nobody here can tell."""
        boot, _, count = cursor.partition("-")
        spaces = {space_id: self._spaces.get(space_id) for space_id in space_ids}
        if boot != self._boot or not count.isdecimal() or int(count) > self._count or None in spaces.values():
            return None
        known = {space_id: space for space_id, space in spaces.items() if space is not None}
        return Moved(
            chats={
                chat_id: mark.number
                for space in known.values()
                for chat_id, mark in space.chats.items()
                if mark.at > int(count)
            },
            spaces={
                id_: space.version.number for id_, space in known.items() if space.version.at > int(count)
            },
        )

    def _raise(self, mark: _Mark, number: int) -> None:
        if number > mark.number:
            mark.number, mark.at = number, self._count


def _is_of_space(envelope: Envelope) -> bool:
    return envelope.audience.kind is AudienceKind.SPACE
