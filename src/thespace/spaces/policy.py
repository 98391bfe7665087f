"""The rules of authority, pure: what permissions there are, and what a member's roles add up to."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntFlag, StrEnum, auto


class Permission(IntFlag):
    """What a role may allow. Stored as a bit mask, spoken as names; new ones are only ever appended."""

    CHANGE_INFO = auto()
    DELETE_SPACE = auto()
    MANAGE_CHATS = auto()
    ADD_MEMBERS = auto()
    KICK_MEMBERS = auto()
    BAN_MEMBERS = auto()
    RESTRICT_MEMBERS = auto()
    PROMOTE_MEMBERS = auto()
    UNTOUCHABLE = auto()
    VIEW_AUDIT_LOG = auto()
    SEND_MESSAGES = auto()
    SEND_MEDIA = auto()
    SEND_STICKERS = auto()
    SEND_FILES = auto()
    EDIT_OWN_MESSAGES = auto()
    DELETE_OWN_MESSAGES = auto()
    DELETE_ANY_MESSAGES = auto()
    PIN_MESSAGES = auto()
    ADD_REACTIONS = auto()
    MENTION_ALL = auto()
    CREATE_INVITES = auto()


ALL_PERMISSIONS = Permission(sum(Permission))
NO_PERMISSIONS = Permission(0)


def names_of(permissions: Permission) -> list[str]:
    """Return the names of permissions as they are spoken, in their fixed order."""
    return [
        permission.name.lower() for permission in Permission if permission in permissions and permission.name
    ]


class Preset(StrEnum):
    """Roles that every space starts with; clients translate their names."""

    OWNER = "owner"
    MEMBER = "member"


OWNER_RANK = 100
MEMBER_RANK = 10

PRESETS: dict[Preset, tuple[str, int, Permission]] = {
    Preset.OWNER: ("Owner", OWNER_RANK, ALL_PERMISSIONS),
    Preset.MEMBER: (
        "Member",
        MEMBER_RANK,
        Permission.SEND_MESSAGES
        | Permission.SEND_MEDIA
        | Permission.SEND_STICKERS
        | Permission.SEND_FILES
        | Permission.EDIT_OWN_MESSAGES
        | Permission.DELETE_OWN_MESSAGES
        | Permission.ADD_REACTIONS,
    ),
}
"""Name, priority and permissions of the roles a new space gets."""


@dataclass(frozen=True, slots=True)
class Authority:
    """What a member may do in a space, and whom they outrank."""

    permissions: Permission
    rank: int


def authority_of(roles: Iterable[tuple[int, int]], *, is_owner: bool) -> Authority:
    """Return what roles, as (permissions, priority), add up to: their union and the highest priority."""
    if is_owner:
        return Authority(ALL_PERMISSIONS, OWNER_RANK)
    permissions, rank = NO_PERMISSIONS, 0
    for bits, priority in roles:
        permissions |= Permission(bits)
        rank = max(rank, priority)
    return Authority(permissions, rank)
