"""What happens to spaces and their members."""

from dataclasses import dataclass

from thespace.accounts.schemas import Person
from thespace.core.events import Event, MembershipChanged
from thespace.core.schemas import Output
from thespace.spaces.schemas import SpaceInfo


class MemberJoinedBody(Output):
    space_id: int
    version: int
    user: Person
    role_ids: list[int]
    member_count: int


class MemberLeftBody(Output):
    space_id: int
    version: int
    user_id: int
    member_count: int


class SpaceUpdatedBody(Output):
    space_id: int
    version: int
    space: SpaceInfo


class SpaceDeletedBody(Output):
    space_id: int


class SyncRequiredBody(Output):
    """`scope` says what moved (a space, or `me`), `id` which one."""

    scope: str
    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberJoined(MembershipChanged):
    """Somebody is a member now."""

    body: MemberJoinedBody


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLeft(MembershipChanged):
    """Somebody is no member any more; they hear it themselves, last."""

    body: MemberLeftBody


@dataclass(frozen=True, slots=True, kw_only=True)
class SpaceEntered(Event):
    """Told to a person's own sockets, which know nothing of the space yet and have to fetch it."""

    body: SyncRequiredBody


@dataclass(frozen=True, slots=True, kw_only=True)
class SpaceUpdated(Event):
    """A space's settings changed."""

    body: SpaceUpdatedBody


@dataclass(frozen=True, slots=True, kw_only=True)
class SpaceDeleted(Event):
    """A space is gone, with everything in it."""

    body: SpaceDeletedBody
