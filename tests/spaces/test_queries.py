"""Lists of members, and what one may do."""

import base64
from typing import Any

import pytest

from tests.cast import Cast
from tests.problems import faults_in
from tests.spaces.authority import empower
from tests.sync.growth import add_members
from thespace.core.pages import encode_cursor
from thespace.db.database import Database
from thespace.spaces.policy import Permission


def _encoded(text: bytes) -> str:
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


async def _page(cast: Cast, query: str = "") -> dict[str, Any]:
    answer = await cast.bob.get(f"/spaces/{cast.space_id}/participants{query}")
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    return page


async def test_members_are_listed_with_their_roles_and_the_version(cast: Cast) -> None:
    space = (await cast.alice.sync())["spaces"][0]
    owner, member = (role["id"] for role in space["roles"])
    page = await _page(cast)
    assert page == {
        "items": [
            {
                "user": {
                    "id": person.id,
                    "nickname": person.nickname,
                    "display_name": person.nickname,
                    "avatar_url": None,
                    "profile_version": 1,
                },
                "role_ids": [owner, member] if person is cast.alice else [member],
                "joined_at": item["joined_at"],
            }
            for person, item in zip(cast.members, page["items"], strict=True)
        ],
        "next_cursor": None,
        "version": space["version"],
    }
    assert all(item["joined_at"].endswith("Z") for item in page["items"])


@pytest.mark.parametrize("path", ["participants", "my-permissions"])
async def test_who_may_list_members_and_read_their_own_permissions(cast: Cast, path: str) -> None:
    assert await cast.statuses(lambda person: person.get(f"/spaces/{cast.space_id}/{path}")) == {
        "alice": 200,
        "bob": 200,
        "carol": 200,
        "dave": 404,
        "mallory": 404,
    }


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
async def test_pages_add_up_to_everybody_once(cast: Cast, database: Database, limit: int) -> None:
    (role_id,) = (await cast.bob.sync())["spaces"][0]["my_role_ids"]
    guests = await database.write(add_members, cast.space_id, role_id, count=9)
    page = await _page(cast, f"?limit={limit}")
    pages = [page["items"]]
    while cursor := page["next_cursor"]:
        page = await _page(cast, f"?limit={limit}&cursor={cursor}")
        pages.append(page["items"])
    assert [len(items) for items in pages[:-1]] == [limit] * (len(pages) - 1)
    assert 0 < len(pages[-1]) <= limit
    seen = [item["user"]["id"] for items in pages for item in items]
    assert seen == [*(person.id for person in cast.members), *guests]
    assert all(item["role_ids"] for items in pages for item in items)


async def test_who_joins_or_leaves_between_two_pages_is_not_counted_twice(cast: Cast) -> None:
    first = await _page(cast, "?limit=2")
    await cast.bob.post(f"/spaces/{cast.space_id}/leave")
    await cast.mallory.post(f"/spaces/{cast.space_id}/join")
    answer = await cast.carol.get(
        f"/spaces/{cast.space_id}/participants?limit=2&cursor={first['next_cursor']}"
    )
    second = answer.json()
    assert [item["user"]["nickname"] for item in second["items"]] == ["carol", "mallory"]
    assert second["version"] == first["version"] + 2, "which says that the list has changed"


async def test_a_cursor_behind_the_last_member_is_an_empty_page(cast: Cast) -> None:
    for last in (cast.carol.id, 2**53 - 1, 10**16 - 1):
        page = await _page(cast, f"?cursor={encode_cursor(last)}")
        assert (page["items"], page["next_cursor"]) == ([], None)
    assert len((await _page(cast, f"?cursor={encode_cursor(0)}"))["items"]) == 3


async def test_a_cursor_that_is_not_ours_is_refused(cast: Cast) -> None:
    path = f"/spaces/{cast.space_id}/participants"
    for cursor in (
        "",
        "-",
        "====",
        "é",
        "😀",
        "%00",
        "\x00",
        " MQ",
        "MQ==MQ==",
        "M",
        _encoded(b"one"),
        _encoded(b""),
        _encoded(b"-1"),
        _encoded(b"1.5"),
        _encoded(b"+1"),
        _encoded("١".encode()),
        _encoded("²".encode()),
        _encoded(b"1\x00"),
        _encoded(b"\xff\xfe"),
        _encoded(b"1" * 17),
        encode_cursor(1, 2),
        _encoded(b"1; DROP TABLE members"),
    ):
        answer = await cast.bob.get(path, params={"cursor": cursor})
        assert faults_in(answer) == [("/cursor", "cursor")], cursor
    assert faults_in(await cast.bob.get(path, params={"cursor": "M" * 201})) == [
        ("/cursor", "string_too_long")
    ]


@pytest.mark.parametrize(
    ("limit", "code"),
    [("0", "greater_than_equal"), ("101", "less_than_equal"), ("-1", "greater_than_equal")]
    + [(limit, "int_parsing") for limit in ("x", "", "1.5", "%00", "9" * 4400)],
)
async def test_a_page_has_between_1_and_100_members(cast: Cast, limit: str, code: str) -> None:
    answer = await cast.bob.get(f"/spaces/{cast.space_id}/participants?limit={limit}")
    ((pointer, found),) = faults_in(answer)
    assert pointer == "/limit"
    assert found in {code, "int_parsing_size"}


async def test_what_one_may_do_is_the_union_of_ones_roles_and_the_highest_rank(
    cast: Cast, database: Database
) -> None:
    member = ["send_messages", "send_media", "send_stickers", "send_files"]
    member += ["edit_own_messages", "delete_own_messages", "add_reactions"]
    path = f"/spaces/{cast.space_id}/my-permissions"
    assert (await cast.carol.get(path)).json() == {"permissions": member, "rank": 10}
    await empower(database, cast.space_id, cast.carol, Permission.CHANGE_INFO, priority=60)
    await empower(
        database, cast.space_id, cast.carol, Permission.MANAGE_CHATS | Permission.SEND_MESSAGES, priority=40
    )
    assert (await cast.carol.get(path)).json() == {
        "permissions": ["change_info", "manage_chats", *member],
        "rank": 60,
    }
    assert (await cast.bob.get(path)).json() == {"permissions": member, "rank": 10}
    page = await _page(cast)
    assert [len(item["role_ids"]) for item in page["items"]] == [2, 1, 3]
