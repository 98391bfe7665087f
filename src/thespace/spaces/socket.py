"""What sockets are told about spaces."""

from thespace.realtime.wire import Wire
from thespace.spaces.events import (
    MemberJoined,
    MemberJoinedBody,
    MemberLeft,
    MemberLeftBody,
    SpaceDeleted,
    SpaceDeletedBody,
    SpaceEntered,
    SpaceUpdated,
    SpaceUpdatedBody,
    SyncRequiredBody,
)


def register(wire: Wire) -> None:
    """Name the server events of this domain."""
    wire.server_event("member_joined", MemberJoined, MemberJoinedBody)
    wire.server_event("member_left", MemberLeft, MemberLeftBody)
    wire.server_event("space_updated", SpaceUpdated, SpaceUpdatedBody)
    wire.server_event("space_deleted", SpaceDeleted, SpaceDeletedBody)
    wire.server_event("sync_required", SpaceEntered, SyncRequiredBody)
