from hypothesis import given
from hypothesis import strategies as st

from thespace.spaces.policy import (
    ALL_PERMISSIONS,
    NO_PERMISSIONS,
    OWNER_RANK,
    PRESETS,
    Authority,
    Permission,
    Preset,
    authority_of,
    names_of,
)

permissions = st.integers(0, int(ALL_PERMISSIONS))


def test_each_permission_keeps_its_bit_for_good() -> None:
    # Stored as a mask: another order would give people other permissions than they were given.
    assert [int(permission) for permission in Permission] == [2**place for place in range(21)]
    names = "change_info delete_space manage_chats add_members kick_members ban_members restrict_members "
    names += "promote_members untouchable view_audit_log send_messages send_media send_stickers send_files "
    names += "edit_own_messages delete_own_messages delete_any_messages pin_messages add_reactions "
    names += "mention_all create_invites"
    assert names_of(ALL_PERMISSIONS) == names.split()
    assert names_of(NO_PERMISSIONS) == []


def test_no_member_may_do_by_default_what_concerns_others() -> None:
    _, _, member = PRESETS[Preset.MEMBER]
    for permission in Permission:
        is_ones_own = permission.name and permission.name.startswith(
            ("SEND", "EDIT_OWN", "DELETE_OWN", "ADD_R")
        )
        assert (permission in member) == bool(is_ones_own), permission


@given(st.lists(st.tuples(permissions, st.integers(0, 99))))
def test_roles_add_up_in_any_order(roles: list[tuple[int, int]]) -> None:
    authority = authority_of(roles, is_owner=False)
    assert authority == authority_of(reversed(roles), is_owner=False)
    for permission in Permission:
        assert (permission in authority.permissions) == any(mask & permission for mask, _ in roles)
    assert authority.rank == max((priority for _, priority in roles), default=0)


@given(st.lists(st.tuples(permissions, st.integers(0, 99))))
def test_an_owner_may_do_everything_whatever_the_roles(roles: list[tuple[int, int]]) -> None:
    assert authority_of(roles, is_owner=True) == Authority(ALL_PERMISSIONS, OWNER_RANK)
